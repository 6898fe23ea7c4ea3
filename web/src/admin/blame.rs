//! Errors of modules beside the fields of a form, in the reader's words where there are some.

use kernel::ErrorKind;

use super::office::Office;
use super::sent;
use super::views::Fields;
use super::words;
use crate::Error;

/// Puts an error beside its field; `field` turns the module's name of the field into the form's.
///
/// # Errors
/// What no change of the form would mend.
pub(super) fn blame(
    office: &Office,
    form: &mut Fields,
    e: impl Into<Error>,
    field: impl Fn(&str) -> String,
) -> Result<(), Error> {
    let mut e = e.into();
    if e.code == "beyond_your_rights" {
        e.kind = ErrorKind::Conflict; // another choice in the form mends it
    }
    if let Some(own) = in_words(office, &e) {
        e.text = own;
    }
    e.field = e.field.as_deref().map(field);
    sent::beside(form, e)
}

/// The reader's words for an error: by its code, and where that says no more than *invalid*, by its field too.
fn in_words(office: &Office, e: &Error) -> Option<String> {
    let code = e.code.replace('_', "-");
    let of_field = e.field.as_deref().map(|f| format!("error-{code}-{}", f.replace(['_', '.'], "-")));
    let keys = of_field.into_iter().chain([format!("error-{code}")]);
    keys.into_iter().find_map(|key| words::find(office.locale, &key, None))
}

/// The field's name in the form is the module's.
pub(super) fn same(field: &str) -> String {
    field.to_owned()
}

/// Trimmed, or nothing.
pub(super) fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A whole number from zero on; nothing typed is `None`, and what is none is said beside the field.
pub(super) fn count(office: &Office, form: &mut Fields, name: &str) -> Option<i64> {
    let text = filled(form.value(name))?;
    match text.parse::<i64>() {
        Ok(n) if n >= 0 => Some(n),
        _ => {
            form.fail(name, office.tx("error-not-a-number", &text));
            None
        }
    }
}
