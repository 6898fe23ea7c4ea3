use serde::{Deserialize, Serialize};

/// How many rows at most: 1 to 100. Everything has a limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PageSize(u32);

impl PageSize {
    /// The largest page.
    pub const MAX: PageSize = PageSize(100);

    /// Clamped into 1..=100.
    pub fn new(wanted: u32) -> PageSize {
        PageSize(wanted.clamp(1, 100))
    }

    /// As the parameter of a `limit`, with one row more to see whether another page follows.
    pub fn plus_one(self) -> i64 {
        i64::from(self.0) + 1
    }

    /// The number of rows.
    pub fn get(self) -> usize {
        self.0 as usize
    }
}

impl Default for PageSize {
    fn default() -> Self {
        PageSize(50)
    }
}

/// Where a page begins: after a row's sort value and id (keyset; an offset would skip and repeat).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Cursor {
    /// The sort value of the last row seen.
    pub key: i64,
    /// Its id, which breaks ties.
    pub id: uuid::Uuid,
}

/// A cursor that Mercer did not make.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a cursor; take 'next' of the page before, as it is")]
pub struct CursorError(pub String);

impl Cursor {
    /// As it stands in an address.
    pub fn encode(&self) -> String {
        format!("{:x}.{}", self.key, self.id.simple())
    }

    /// Back from an address.
    ///
    /// # Errors
    /// [`CursorError`] when it is none.
    pub fn decode(text: &str) -> Result<Cursor, CursorError> {
        let wrong = || CursorError(text.to_owned());
        let (key, id) = text.split_once('.').ok_or_else(wrong)?;
        let key = u64::from_str_radix(key, 16).map_err(|_| wrong())?.cast_signed();
        let id = uuid::Uuid::try_parse(id).map_err(|_| wrong())?;
        Ok(Cursor { key, id })
    }
}

/// Some rows of a list, and where the next begin.
#[derive(Clone, Debug, Serialize)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// The cursor of the next page; none on the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// From up to `size + 1` rows: the surplus row only says that another page follows.
    pub fn cut(mut rows: Vec<T>, size: PageSize, cursor: impl Fn(&T) -> Cursor) -> Page<T> {
        let more = rows.len() > size.get();
        rows.truncate(size.get());
        let next = if more { rows.last().map(|r| cursor(r).encode()) } else { None };
        Page { rows, next }
    }

    /// The same page with each row changed.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { rows: self.rows.into_iter().map(f).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursor_round_trips() {
        let c = Cursor { key: -5, id: uuid::Uuid::from_u128(7) };
        assert_eq!(Cursor::decode(&c.encode()), Ok(c));
        assert!(Cursor::decode("x").is_err());
    }
}
