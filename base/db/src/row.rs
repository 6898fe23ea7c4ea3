use kernel::{Currency, Id, Quantity, Rate, Timestamp};
use rusqlite::types::ValueRef;
use uuid::Uuid;

use crate::Error;

/// A row of either engine, read by position.
pub enum Row<'a> {
    /// From SQLite.
    Lite(&'a rusqlite::Row<'a>),
    /// From PostgreSQL.
    Pg(&'a tokio_postgres::Row),
}

impl Row<'_> {
    /// How many columns it has.
    pub fn width(&self) -> usize {
        match self {
            Row::Lite(r) => r.as_ref().column_count(),
            Row::Pg(r) => r.len(),
        }
    }
}

/// What a column can be read as.
pub trait Get: Sized {
    /// The value, or `None` for NULL.
    ///
    /// # Errors
    /// [`Error::Column`] when it holds something else.
    fn opt(row: &Row<'_>, i: usize) -> Result<Option<Self>, Error>;

    /// The value.
    ///
    /// # Errors
    /// [`Error::Column`] when it is NULL or something else.
    fn get(row: &Row<'_>, i: usize) -> Result<Self, Error> {
        Self::opt(row, i)?.ok_or_else(|| Error::Column { column: i, detail: "it is NULL".to_owned() })
    }
}

fn odd(column: usize, detail: impl std::fmt::Display) -> Error {
    Error::Column { column, detail: detail.to_string() }
}

macro_rules! plain {
    ($t:ty, $($value:pat => $read:expr),+) => {
        impl Get for $t {
            fn opt(row: &Row<'_>, i: usize) -> Result<Option<Self>, Error> {
                match row {
                    Row::Pg(r) => r.try_get(i).map_err(|e| odd(i, e)),
                    Row::Lite(r) => match r.get_ref(i).map_err(|e| odd(i, e))? {
                        ValueRef::Null => Ok(None),
                        $($value => $read(i).map(Some),)+
                        other => Err(odd(i, format!("{} holds {}", stringify!($t), other.data_type()))),
                    },
                }
            }
        }
    };
}

plain!(i64, ValueRef::Integer(v) => |_| Ok(v));
plain!(bool, ValueRef::Integer(v) => |_| Ok(v != 0));
plain!(String, ValueRef::Text(v) => |i| String::from_utf8(v.to_vec()).map_err(|e| odd(i, e)));
plain!(Vec<u8>, ValueRef::Blob(v) => |_| Ok(v.to_vec()));
plain!(Uuid, ValueRef::Blob(v) => |i| Uuid::from_slice(v).map_err(|e| odd(i, e)));

impl<E> Get for Id<E> {
    fn opt(row: &Row<'_>, i: usize) -> Result<Option<Self>, Error> {
        Ok(Uuid::opt(row, i)?.map(Id::from_uuid))
    }
}
impl Get for Timestamp {
    fn opt(row: &Row<'_>, i: usize) -> Result<Option<Self>, Error> {
        Ok(i64::opt(row, i)?.map(Timestamp))
    }
}
impl Get for Quantity {
    fn opt(row: &Row<'_>, i: usize) -> Result<Option<Self>, Error> {
        Ok(i64::opt(row, i)?.map(Quantity))
    }
}
impl Get for Rate {
    fn opt(row: &Row<'_>, i: usize) -> Result<Option<Self>, Error> {
        Ok(i64::opt(row, i)?.map(Rate::ppm))
    }
}
impl Get for Currency {
    fn opt(row: &Row<'_>, i: usize) -> Result<Option<Self>, Error> {
        String::opt(row, i)?.map(|c| Currency::new(&c).map_err(|e| odd(i, e))).transpose()
    }
}
impl<T: Get> Get for Option<T> {
    fn opt(row: &Row<'_>, i: usize) -> Result<Option<Self>, Error> {
        Ok(Some(T::opt(row, i)?))
    }
}

/// What a whole row can be read as: a tuple, or a struct declared with [`row!`](crate::row).
pub trait FromRow: Sized {
    /// By position.
    ///
    /// # Errors
    /// [`Error::Column`].
    fn from_row(row: &Row<'_>) -> Result<Self, Error>;
}

macro_rules! tuples { ($(($($t:ident $i:tt),+))+) => { $(
    impl<$($t: Get),+> FromRow for ($($t,)+) {
        fn from_row(row: &Row<'_>) -> Result<Self, Error> { Ok(($($t::get(row, $i)?,)+)) }
    } )+ } }
tuples! {
    (A 0) (A 0, B 1) (A 0, B 1, C 2) (A 0, B 1, C 2, D 3) (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5) (A 0, B 1, C 2, D 3, E 4, F 5, G 6) (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8) (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10) (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11)
}

/// Declares a struct that is read from a row by position, in the order of its fields:
/// `row! { pub struct Level { pub item: InventoryItemId, pub on_hand: Quantity } }`.
#[macro_export]
macro_rules! row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$fmeta:meta])* $fvis:vis $field:ident : $ty:ty),* $(,)? }) => {
        $(#[$meta])* $vis struct $name { $($(#[$fmeta])* $fvis $field: $ty),* }
        impl $crate::FromRow for $name {
            #[allow(unused_assignments)]
            fn from_row(row: &$crate::Row<'_>) -> Result<Self, $crate::Error> {
                let mut i = 0;
                $(let $field = <$ty as $crate::Get>::get(row, i)?; i += 1;)*
                Ok($name { $($field),* })
            }
        }
    };
}

/// Lets enums made by `kernel::states!` stand in parameters and rows: `words!(OrderState, PaymentState)`.
#[macro_export]
macro_rules! words {
    ($($name:ty),* $(,)?) => { $(
        impl $crate::ToVal for $name {
            fn to_val(&self) -> $crate::Val<'_> { $crate::Val::Text(kernel::TextState::as_str(*self)) }
        }
        impl $crate::Get for $name {
            fn opt(row: &$crate::Row<'_>, i: usize) -> Result<Option<Self>, $crate::Error> {
                <String as $crate::Get>::opt(row, i)?
                    .map(|w| kernel::TextState::parse(&w).ok_or_else(|| $crate::Error::Column {
                        column: i, detail: format!("'{w}' is no {}", stringify!($name)),
                    }))
                    .transpose()
            }
        }
    )* };
}
