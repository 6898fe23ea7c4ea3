//! Small pieces that many screens share.

/// A form's values as text, keyed by field name, and what is wrong with them.
///
/// A handler builds it from the record (first view) or from what was sent (after an error), so nothing
/// typed is ever lost. A field's name is its element's id as well.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    values: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

/// A message for one field; `field` is empty for the form as a whole.
#[derive(Clone, Debug)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

impl Fields {
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps what a form sent, repeated names too.
    pub fn sent<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Fields { values: pairs.into_iter().collect(), errors: Vec::new() }
    }

    /// Sets a field, replacing every earlier value of that name.
    pub fn set(&mut self, name: &str, value: impl Into<String>) -> &mut Self {
        self.values.retain(|(n, _)| n != name);
        self.values.push((name.to_owned(), value.into()));
        self
    }

    /// Adds one more value of a repeated field.
    pub fn add(&mut self, name: &str, value: impl Into<String>) -> &mut Self {
        self.values.push((name.to_owned(), value.into()));
        self
    }

    /// As [`Fields::set`], for building in one expression.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    /// Says what is wrong with a field (`""`: with the form).
    pub fn fail(&mut self, name: &str, message: impl Into<String>) -> &mut Self {
        self.errors.push(FieldError { field: name.to_owned(), message: message.into() });
        self
    }

    /// The first value of that name, or an empty text.
    pub fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }

    /// Every value of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The names that were sent, repeated ones too.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(n, _)| n.as_str())
    }

    /// Whether a box of that name and value is ticked.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.values.iter().any(|(n, v)| n == name && v == value)
    }

    /// Whether a single box is ticked (it sends `on`).
    pub fn on(&self, name: &str) -> bool {
        self.has(name, "on")
    }

    /// What is wrong with a field, if anything.
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|e| e.field == name).map(|e| e.message.as_str())
    }

    /// Everything that is wrong, for the summary.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    pub fn is_ok(&self) -> bool {
        self.errors.is_empty()
    }
}

/// One entry of a list to choose from.
#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Choice { value: value.into(), label: label.into() }
    }
}

/// A moment as shown ("Today 14:23") and as machines read it (RFC 3339).
#[derive(Clone, Debug, Default)]
pub struct When {
    pub label: String,
    pub iso: String,
}

/// A picture; `src` is a URL of about 88 pixels for lists, larger where the screen says so.
#[derive(Clone, Debug)]
pub struct Picture {
    pub src: String,
    pub alt: String,
}

/// A link with its text.
#[derive(Clone, Debug)]
pub struct Link {
    pub href: String,
    pub label: String,
}

/// A tab above a table: one view of it.
#[derive(Clone, Debug)]
pub struct Tab {
    /// Key of its label.
    pub key: &'static str,
    pub href: String,
    pub current: bool,
    pub count: Option<String>,
}

/// Links to the neighbouring pages of a keyset.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    pub previous: Option<String>,
    pub next: Option<String>,
    /// What is shown: "1 to 50 of 1,204"; empty where it is not known.
    pub label: String,
}

/// A label and its amount in a sum; the last one is usually strong.
#[derive(Clone, Debug)]
pub struct SumLine {
    pub label: String,
    /// Beside the label, dimmed ("DHL Parcel", "included").
    pub note: String,
    pub amount: String,
    pub strong: bool,
}

impl SumLine {
    pub fn new(label: impl Into<String>, note: impl Into<String>, amount: impl Into<String>) -> Self {
        SumLine { label: label.into(), note: note.into(), amount: amount.into(), strong: false }
    }

    /// A line that stands out: the total.
    pub fn total(label: impl Into<String>, amount: impl Into<String>) -> Self {
        SumLine { label: label.into(), note: String::new(), amount: amount.into(), strong: true }
    }
}
