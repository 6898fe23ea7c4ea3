//! Walking through a list page by page, by keyset. The address holds the cursors that were passed, so that one can go
//! back without the list being read in both directions.

use kernel::Cursor;

use super::views::{Fields, Pager};

/// Where a list stands.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
    path: String,
    keep: Vec<(String, String)>,
    after: Option<String>,
    back: Vec<String>,
}

/// So many pages back; an address must not grow for ever.
const BACK: usize = 40;
/// The first page has no cursor.
const FIRST: &str = "-";

impl Walk {
    /// From the address: the list's path, and which of its fields (filters) go along.
    pub(crate) fn of(path: impl Into<String>, query: &Fields, keep: &[&str]) -> Walk {
        let keep = keep
            .iter()
            .map(|name| ((*name).to_owned(), query.value(name).trim().to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let after = Some(query.value("after").trim()).filter(|c| Cursor::decode(c).is_ok());
        let back = query.value("back").split(',').filter(|c| *c == FIRST || Cursor::decode(c).is_ok());
        let back: Vec<String> = if after.is_some() { back.map(str::to_owned).collect() } else { vec![] };
        Walk { path: path.into(), keep, after: after.map(str::to_owned), back }
    }

    /// After which row the page begins.
    pub(crate) fn after(&self) -> Option<Cursor> {
        self.after.as_deref().and_then(|c| Cursor::decode(c).ok())
    }

    /// Links to the neighbours.
    pub(crate) fn pager(&self, next: Option<String>) -> Pager {
        let previous = self.after.is_some().then(|| match self.back.split_last() {
            Some((last, rest)) if last != FIRST => self.href(Some(last), rest),
            _ => self.href(None, &[]),
        });
        let next = next.map(|cursor| {
            let mut back = self.back.clone();
            back.push(self.after.clone().unwrap_or_else(|| FIRST.to_owned()));
            let from = back.len().saturating_sub(BACK);
            self.href(Some(&cursor), &back[from..])
        });
        Pager { previous, next, label: String::new() }
    }

    /// The list's address with one field changed and from its first page: for tabs.
    pub(crate) fn with(&self, name: &str, value: &str) -> String {
        let mut other = self.clone();
        other.keep.retain(|(n, _)| n != name);
        if !value.is_empty() {
            other.keep.push((name.to_owned(), value.to_owned()));
        }
        other.href(None, &[])
    }

    fn href(&self, after: Option<&str>, back: &[String]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.keep);
        if let Some(after) = after {
            query.append_pair("after", after);
            if !back.is_empty() {
                query.append_pair("back", &back.join(","));
            }
        }
        let query = query.finish();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(href: &str) -> Fields {
        let query = href.split_once('?').map_or("", |(_, q)| q);
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        Fields::sent(pairs.map(|(k, v)| (k.into_owned(), v.into_owned())))
    }

    fn cursor(n: u128) -> String {
        Cursor { key: 7, id: uuid::Uuid::from_u128(n) }.encode()
    }

    #[test]
    fn one_comes_back_by_the_way_one_went() {
        let list = |href: &str| Walk::of("/admin/orders", &fields(href), &["q"]);
        let first = list("/admin/orders?q=ada+l");
        assert!(first.after().is_none() && first.pager(None).previous.is_none());
        let second = list(&first.pager(Some(cursor(1))).next.unwrap());
        let third = list(&second.pager(Some(cursor(2))).next.unwrap());
        assert_eq!(third.after(), Cursor::decode(&cursor(2)).ok());
        let again = list(&third.pager(None).previous.unwrap());
        assert_eq!(again.after(), Cursor::decode(&cursor(1)).ok());
        assert_eq!(again.pager(None).previous.as_deref(), Some("/admin/orders?q=ada+l"));
        assert_eq!(again.with("view", "closed"), "/admin/orders?q=ada+l&view=closed");
    }

    #[test]
    fn what_is_no_cursor_is_the_first_page() {
        let walk = Walk::of("/x", &Fields::new().with("after", "../etc").with("back", "y"), &[]);
        assert!(walk.after().is_none());
        assert_eq!(walk.pager(None).previous, None);
    }
}
