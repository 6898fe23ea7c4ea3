use kernel::{Currency, Id, Quantity, Rate, Timestamp};
use postgres_types::{IsNull, ToSql as PgToSql, Type, private::BytesMut, to_sql_checked};
use rusqlite::types::{ToSqlOutput, ValueRef};
use uuid::Uuid;

/// A parameter on its way into a statement.
#[derive(Debug, Clone, Copy)]
pub enum Val<'a> {
    /// BIGINT.
    Int(i64),
    /// TEXT.
    Text(&'a str),
    /// BYTEA, BLOB.
    Bytes(&'a [u8]),
    /// BOOLEAN.
    Bool(bool),
    /// UUID.
    Uuid(Uuid),
    /// NULL.
    Null,
}

/// What may stand in [`params!`](crate::params).
pub trait ToVal {
    /// As a parameter.
    fn to_val(&self) -> Val<'_>;
}

/// The parameters of a statement, `$1` first: `params![id, name, at]`.
#[macro_export]
macro_rules! params {
    ($($e:expr),* $(,)?) => { &[$($crate::ToVal::to_val(&$e)),*] };
}

macro_rules! ints { ($($t:ty),*) => { $(impl ToVal for $t { fn to_val(&self) -> Val<'_> { Val::Int(i64::from(*self)) } })* } }
ints!(i64, i32, u32, u16, u8);

impl ToVal for bool {
    fn to_val(&self) -> Val<'_> {
        Val::Bool(*self)
    }
}
impl ToVal for str {
    fn to_val(&self) -> Val<'_> {
        Val::Text(self)
    }
}
impl ToVal for String {
    fn to_val(&self) -> Val<'_> {
        Val::Text(self)
    }
}
impl ToVal for Vec<u8> {
    fn to_val(&self) -> Val<'_> {
        Val::Bytes(self)
    }
}
impl ToVal for [u8] {
    fn to_val(&self) -> Val<'_> {
        Val::Bytes(self)
    }
}
impl<const N: usize> ToVal for [u8; N] {
    fn to_val(&self) -> Val<'_> {
        Val::Bytes(self)
    }
}
impl ToVal for Uuid {
    fn to_val(&self) -> Val<'_> {
        Val::Uuid(*self)
    }
}
impl<E> ToVal for Id<E> {
    fn to_val(&self) -> Val<'_> {
        Val::Uuid(self.uuid())
    }
}
impl ToVal for Timestamp {
    fn to_val(&self) -> Val<'_> {
        Val::Int(self.0)
    }
}
impl ToVal for Quantity {
    fn to_val(&self) -> Val<'_> {
        Val::Int(self.0)
    }
}
impl ToVal for Rate {
    fn to_val(&self) -> Val<'_> {
        Val::Int(self.as_ppm())
    }
}
impl ToVal for Currency {
    fn to_val(&self) -> Val<'_> {
        Val::Text(self.code())
    }
}
impl ToVal for std::sync::Arc<str> {
    fn to_val(&self) -> Val<'_> {
        Val::Text(self)
    }
}
impl ToVal for Val<'_> {
    fn to_val(&self) -> Val<'_> {
        *self
    }
}
impl<T: ToVal> ToVal for Option<T> {
    fn to_val(&self) -> Val<'_> {
        self.as_ref().map_or(Val::Null, ToVal::to_val)
    }
}
impl<T: ToVal + ?Sized> ToVal for &T {
    fn to_val(&self) -> Val<'_> {
        (**self).to_val()
    }
}

impl rusqlite::ToSql for Val<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Val::Int(i) => ToSqlOutput::Borrowed(ValueRef::Integer(*i)),
            Val::Text(s) => ToSqlOutput::Borrowed(ValueRef::Text(s.as_bytes())),
            Val::Bytes(b) => ToSqlOutput::Borrowed(ValueRef::Blob(b)),
            Val::Bool(b) => ToSqlOutput::Borrowed(ValueRef::Integer(i64::from(*b))),
            Val::Uuid(u) => ToSqlOutput::Borrowed(ValueRef::Blob(u.as_bytes())),
            Val::Null => ToSqlOutput::Borrowed(ValueRef::Null),
        })
    }
}

impl PgToSql for Val<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match (self, ty) {
            (Val::Int(i), &Type::INT8) => i.to_sql(ty, out),
            (Val::Int(i), &Type::INT4) => i32::try_from(*i)?.to_sql(ty, out),
            (Val::Text(s), &Type::TEXT | &Type::VARCHAR | &Type::NAME | &Type::UNKNOWN) => s.to_sql(ty, out),
            (Val::Bytes(b), &Type::BYTEA) => b.to_sql(ty, out),
            (Val::Bool(b), &Type::BOOL) => b.to_sql(ty, out),
            (Val::Uuid(u), &Type::UUID) => u.to_sql(ty, out),
            (Val::Null, _) => Ok(IsNull::Yes),
            (val, ty) => Err(format!("{val:?} was given where PostgreSQL wants {ty}").into()),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    to_sql_checked!();
}
