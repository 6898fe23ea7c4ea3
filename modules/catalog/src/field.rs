use db::{ToVal, Tx, Val, params, spread, sql, words};
use kernel::{Ctx, CustomFieldId, StoreId, TextState};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Error;

kernel::states! {
    /// What may have the merchant's own fields.
    pub enum Resource {
        /// A product.
        Product = "product",
        /// A variant.
        Variant = "variant",
        /// A customer.
        Customer = "customer",
        /// An order.
        Order = "order",
    }
}

kernel::states! {
    /// What a field holds.
    pub enum FieldKind {
        /// One line.
        Text = "text",
        /// Several lines.
        LongText = "long_text",
        /// A whole number.
        Integer = "integer",
        /// A number with a point.
        Decimal = "decimal",
        /// Yes or no.
        Boolean = "boolean",
        /// A day.
        Date = "date",
        /// An address on the web.
        Url = "url",
        /// A list or a structure.
        Json = "json",
    }
}
words!(Resource, FieldKind);

/// A line of text holds so many letters.
const LINE: usize = 1_000;

impl FieldKind {
    /// The text as it is stored, or what would be right. Empty stays empty: it clears the field.
    ///
    /// # Errors
    /// A sentence for people.
    pub fn normalise(self, text: &str) -> Result<String, String> {
        let t = text.trim();
        if t.is_empty() {
            return Ok(String::new());
        }
        let wrong = |what: &str| Err(format!("'{}' is not {what}", t.chars().take(60).collect::<String>()));
        match self {
            FieldKind::Text if t.chars().count() > LINE || t.contains('\n') => {
                wrong(&format!("one line of at most {LINE} letters"))
            }
            FieldKind::Text | FieldKind::LongText if text.len() <= crate::product::LONG => Ok(t.to_owned()),
            FieldKind::Text | FieldKind::LongText => wrong("short enough"),
            FieldKind::Integer => match t.parse::<i64>() {
                Ok(n) => Ok(n.to_string()),
                Err(_) => wrong("a whole number"),
            },
            FieldKind::Decimal if is_decimal(t) => Ok(t.strip_prefix('+').unwrap_or(t).to_owned()),
            FieldKind::Decimal => wrong("a number, such as 12.5"),
            FieldKind::Boolean => match t.to_lowercase().as_str() {
                "true" | "yes" | "1" => Ok("true".to_owned()),
                "false" | "no" | "0" => Ok("false".to_owned()),
                _ => wrong("true or false"),
            },
            FieldKind::Date => match t.parse::<jiff::civil::Date>() {
                Ok(day) if t.len() == 10 => Ok(day.to_string()),
                _ => wrong("a day, such as 2026-11-23"),
            },
            FieldKind::Url => match url::Url::parse(t) {
                Ok(u) if matches!(u.scheme(), "http" | "https") => Ok(t.to_owned()),
                _ => wrong("an address that begins with https://"),
            },
            FieldKind::Json => match serde_json::from_str::<serde::de::IgnoredAny>(t) {
                Ok(_) => Ok(t.to_owned()),
                Err(_) => wrong("JSON"),
            },
        }
    }

    /// Does the text look so much like this kind that nothing of it would be lost? Stricter than
    /// [`FieldKind::normalise`]: `007` is a code and no number.
    pub fn looks_like(self, text: &str) -> bool {
        let t = text.trim();
        match self {
            FieldKind::Text => self.normalise(t).is_ok(),
            FieldKind::LongText => true,
            FieldKind::Integer => t.parse::<i64>().is_ok_and(|n| n.to_string() == t),
            FieldKind::Decimal => is_decimal(t) && !t.starts_with('+') && !leading_zero(t) && t.len() <= 40,
            FieldKind::Boolean => matches!(t.to_lowercase().as_str(), "true" | "false"),
            FieldKind::Date => self.normalise(t).is_ok(),
            FieldKind::Url => self.normalise(t).is_ok(),
            FieldKind::Json => t.starts_with(['[', '{']) && self.normalise(t).is_ok(),
        }
    }

    /// The narrowest kind that holds what both hold.
    pub fn joined(self, other: FieldKind) -> FieldKind {
        use FieldKind::{Decimal, Integer, LongText, Text};
        match (self, other) {
            (a, b) if a == b => a,
            (Integer, Decimal) | (Decimal, Integer) => Decimal,
            (LongText | FieldKind::Json, _) | (_, LongText | FieldKind::Json) => LongText,
            _ => Text,
        }
    }

    /// The narrowest kind for all values of a column: those that are still possible are in `open`, narrowest first.
    pub const GUESSES: [FieldKind; 8] = [
        FieldKind::Boolean,
        FieldKind::Integer,
        FieldKind::Decimal,
        FieldKind::Date,
        FieldKind::Url,
        FieldKind::Json,
        FieldKind::Text,
        FieldKind::LongText,
    ];
}

fn is_decimal(t: &str) -> bool {
    let digits = t.strip_prefix(['-', '+']).unwrap_or(t);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    !whole.is_empty() && !part.is_empty() && whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit())
}

fn leading_zero(t: &str) -> bool {
    let digits = t.strip_prefix('-').unwrap_or(t).as_bytes();
    digits.len() > 1 && digits[0] == b'0' && digits[1] != b'.'
}

db::row! {
    /// A merchant's own field.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct CustomField {
        /// Its id.
        pub id: CustomFieldId,
        /// On what.
        pub resource: Resource,
        /// `custom`.
        pub namespace: String,
        /// `material`.
        pub key: String,
        /// For people: `Material`.
        pub name: String,
        /// What it holds.
        pub kind: FieldKind,
        /// Made by an import, which may widen its kind.
        pub guessed: bool,
    }
}

db::row! {
    /// A field's value on one subject.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct CustomValue {
        /// Whose: a product's, variant's, customer's, order's id.
        pub subject: Uuid,
        /// The field.
        pub field: CustomFieldId,
        /// `custom`.
        pub namespace: String,
        /// `material`.
        pub key: String,
        /// `Material`.
        pub name: String,
        /// What it holds.
        pub kind: FieldKind,
        /// The value as text.
        pub value: String,
    }
}

/// A field as it is defined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewField {
    /// On what.
    pub resource: Resource,
    /// `custom`.
    pub namespace: String,
    /// `material`.
    pub key: String,
    /// `Material`.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
}

impl NewField {
    fn check(&self) -> Result<(), Error> {
        let word = |t: &str| {
            !t.is_empty()
                && t.chars().count() <= 100
                && t.chars()
                    .all(|c| (c.is_alphanumeric() && !c.is_uppercase()) || matches!(c, '_' | '-' | '$' | ':'))
        };
        if !word(&self.namespace) || !word(&self.key) {
            return Err(Error::invalid("key", "lower-case letters, digits, _ and - only"));
        }
        if self.name.trim().is_empty() || self.name.chars().count() > crate::product::SHORT {
            return Err(Error::invalid("name", "a field needs a name of at most 255 letters"));
        }
        Ok(())
    }
}

/// Defines a field.
///
/// # Errors
/// [`Error::FieldTaken`], [`Error::Invalid`].
pub async fn define_field(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &kernel::Permit<kernel::perms::ProductsWrite>,
    new: &NewField,
) -> Result<CustomFieldId, Error> {
    new.check()?;
    let id = insert(tx, ctx, new, false)
        .await?
        .ok_or_else(|| Error::FieldTaken { namespace: new.namespace.clone(), key: new.key.clone() })?;
    deed(tx, ctx, "field.define", id, None, serde_json::to_value(new).ok()).await?;
    Ok(id)
}

async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    new: &NewField,
    guessed: bool,
) -> Result<Option<CustomFieldId>, Error> {
    let id: CustomFieldId = ctx.id();
    let done = tx
        .exec(
            sql!(
                "insert into custom_field (id, store_id, resource, namespace, key, name, kind, guessed, created_at, position)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9,
                     (select coalesce(max(position), 0) + 1 from custom_field where store_id = $2 and resource = $3))
                 on conflict (store_id, resource, namespace, key) do nothing"
            ),
            params![
                id,
                ctx.store.id,
                new.resource,
                new.namespace,
                new.key,
                new.name.trim(),
                new.kind,
                guessed,
                ctx.now()
            ],
        )
        .await?;
    Ok((done == 1).then_some(id))
}

async fn deed(
    tx: &mut Tx,
    ctx: &Ctx,
    verb: &'static str,
    id: CustomFieldId,
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
) -> Result<(), Error> {
    let deed =
        work::Deed { verb, subject_kind: "custom_field", subject: id.uuid(), before, after, note: None };
    Ok(work::audit(tx, ctx, &deed).await?)
}

/// The fields of a resource, in the order that staff gave them.
///
/// # Errors
/// The database's.
pub async fn fields(tx: &mut Tx, store: StoreId, resource: Resource) -> Result<Vec<CustomField>, Error> {
    Ok(tx
        .all(
            sql!(
                "select id, resource, namespace, key, name, kind, guessed from custom_field
                 where store_id = $1 and resource = $2 order by position, name, id"
            ),
            params![store, resource],
        )
        .await?)
}

/// Gives a field another name for people.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`].
pub async fn rename_field(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &kernel::Permit<kernel::perms::ProductsWrite>,
    id: CustomFieldId,
    name: &str,
) -> Result<(), Error> {
    if name.trim().is_empty() || name.chars().count() > crate::product::SHORT {
        return Err(Error::invalid("name", "a field needs a name of at most 255 letters"));
    }
    let done = tx
        .exec(
            sql!("update custom_field set name = $3 where id = $1 and store_id = $2"),
            params![id, ctx.store.id, name.trim()],
        )
        .await?;
    if done == 0 {
        return Err(Error::NotFound { what: "field" });
    }
    work::touch(tx, ctx, "site", ctx.store.id.uuid()).await?;
    deed(tx, ctx, "field.rename", id, None, Some(serde_json::json!({ "name": name.trim() }))).await
}

/// Puts a field at a place among those of its resource, the first being 0; beyond the last is the last.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn move_field(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &kernel::Permit<kernel::perms::ProductsWrite>,
    id: CustomFieldId,
    place: usize,
) -> Result<(), Error> {
    let found: Option<(Resource,)> = tx
        .opt(
            sql!("select resource from custom_field where id = $1 and store_id = $2"),
            params![id, ctx.store.id],
        )
        .await?;
    let (resource,) = found.ok_or(Error::NotFound { what: "field" })?;
    let mut order: Vec<CustomFieldId> =
        fields(tx, ctx.store.id, resource).await?.into_iter().map(|f| f.id).collect();
    let was = order.iter().position(|f| *f == id);
    order.retain(|f| *f != id);
    let place = place.min(order.len());
    order.insert(place, id);
    for (position, field) in (1_i64..).zip(&order) {
        tx.exec(sql!("update custom_field set position = $2 where id = $1"), params![*field, position])
            .await?;
    }
    let shown = |n: Option<usize>| n.map(|n| serde_json::json!({ "place": n + 1 }));
    deed(tx, ctx, "field.move", id, shown(was), shown(Some(place))).await
}

/// Deletes a field and all its values.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete_field(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &kernel::Permit<kernel::perms::ProductsWrite>,
    id: CustomFieldId,
) -> Result<(), Error> {
    tx.exec(sql!("delete from custom_value where field_id = $1"), params![id]).await?;
    let done = tx
        .exec(sql!("delete from custom_field where id = $1 and store_id = $2"), params![id, ctx.store.id])
        .await?;
    if done == 0 {
        return Err(Error::NotFound { what: "field" });
    }
    work::touch(tx, ctx, "site", ctx.store.id.uuid()).await?;
    deed(tx, ctx, "field.delete", id, None, None).await
}

/// The fields of an import: found, or made as guesses; a guess of an earlier import is widened where it is too narrow.
/// In the order asked for. Whoever calls holds the permission.
///
/// # Errors
/// [`Error::Invalid`].
pub async fn ensure_fields(tx: &mut Tx, ctx: &Ctx, wanted: &[NewField]) -> Result<Vec<CustomField>, Error> {
    let mut out = Vec::with_capacity(wanted.len());
    for new in wanted {
        new.check()?;
        insert(tx, ctx, new, true).await?;
        let mut field: CustomField = tx
            .one(
                sql!(
                    "select id, resource, namespace, key, name, kind, guessed from custom_field
                     where store_id = $1 and resource = $2 and namespace = $3 and key = $4"
                ),
                params![ctx.store.id, new.resource, new.namespace, new.key],
            )
            .await?;
        let wide = field.kind.joined(new.kind);
        if field.guessed && wide != field.kind {
            tx.exec(sql!("update custom_field set kind = $2 where id = $1"), params![field.id, wide]).await?;
            field.kind = wide;
        }
        out.push(field);
    }
    Ok(out)
}

/// Sets or (with an empty text) clears values of one subject; pages of a product show them anew. The outer verb holds
/// the permission that fits the resource.
///
/// # Errors
/// [`Error::Invalid`], its field the custom field's key; [`Error::NotFound`] for a field of another resource or store.
pub async fn set_values(
    tx: &mut Tx,
    ctx: &Ctx,
    resource: Resource,
    subject: Uuid,
    values: &[(CustomFieldId, String)],
) -> Result<(), Error> {
    let known = fields(tx, ctx.store.id, resource).await?;
    let kept: Vec<(CustomFieldId, String)> = tx
        .all(sql!("select field_id, value from custom_value where subject_id = $1"), params![subject])
        .await?;
    let (mut changes, mut was, mut is) = (vec![], serde_json::Map::new(), serde_json::Map::new());
    for (id, text) in values {
        let field = known.iter().find(|f| f.id == *id).ok_or(Error::NotFound { what: "field" })?;
        let value =
            field.kind.normalise(text).map_err(|e| Error::invalid(format!("custom.{}", field.key), e))?;
        let before =
            kept.iter().find(|(of, _)| of == id).map(|(_, value)| value.as_str()).unwrap_or_default();
        if before == value {
            continue;
        }
        was.insert(id.to_string(), before.into());
        is.insert(id.to_string(), value.clone().into());
        changes.push((*id, subject, value));
    }
    if changes.is_empty() {
        return Ok(());
    }
    let deed = work::Deed::new("custom_values.set", resource.as_str(), subject).was(was.into()).is(is.into());
    work::audit(tx, ctx, &deed).await?;
    put(tx, &changes).await?;
    if resource == Resource::Product {
        work::touch(tx, ctx, "product", subject).await?;
    }
    Ok(())
}

/// Writes values that are known to fit; empty ones are taken away.
pub(crate) async fn put(tx: &mut Tx, changes: &[(CustomFieldId, Uuid, String)]) -> Result<(), Error> {
    let mut values: Vec<Val<'_>> = Vec::with_capacity(changes.len() * 3);
    for (field, subject, value) in changes {
        if value.is_empty() {
            tx.exec(
                sql!("delete from custom_value where field_id = $1 and subject_id = $2"),
                params![*field, *subject],
            )
            .await?;
        } else {
            values.extend_from_slice(params![*field, *subject, *value]);
        }
    }
    if !values.is_empty() {
        tx.insert(
            "insert into custom_value (field_id, subject_id, value) values",
            3,
            &values,
            "on conflict (field_id, subject_id) do update set value = excluded.value",
        )
        .await?;
    }
    Ok(())
}

/// All values of these subjects, in the order of the fields.
///
/// # Errors
/// The database's.
pub async fn values_of(tx: &mut Tx, subjects: &[Uuid]) -> Result<Vec<CustomValue>, Error> {
    if subjects.is_empty() {
        return Ok(vec![]);
    }
    let (text, p) = spread(
        sql!(
            "select v.subject_id, v.field_id, f.namespace, f.key, f.name, f.kind, v.value
             from custom_value v join custom_field f on f.id = v.field_id
             where v.subject_id in ($1) order by v.subject_id, f.position, f.name, f.id"
        ),
        &[],
        subjects.iter().map(ToVal::to_val),
    );
    Ok(tx.all(&text, &p).await?)
}

/// Only kinds that the database knows: for reading forms.
impl std::str::FromStr for FieldKind {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        FieldKind::parse(text).ok_or_else(|| Error::invalid("kind", format!("'{text}' is no kind of field")))
    }
}

#[cfg(test)]
mod tests {
    use super::FieldKind as K;

    #[test]
    fn kinds_hold_what_they_say() {
        assert_eq!(K::Boolean.normalise("TRUE"), Ok("true".to_owned()));
        assert_eq!(K::Integer.normalise(" 12 "), Ok("12".to_owned()));
        assert!(K::Integer.normalise("1.5").is_err());
        assert!(K::Decimal.normalise("1.5").is_ok() && K::Decimal.normalise("1,5").is_err());
        assert!(K::Date.normalise("2026-02-30").is_err() && K::Date.normalise("2026-02-28").is_ok());
        assert!(
            K::Url.normalise("javascript:alert(1)").is_err() && K::Url.normalise("https://a.b/c").is_ok()
        );
        assert!(K::Json.normalise("[1").is_err() && K::Json.normalise("[1]").is_ok());
        for kind in K::GUESSES {
            assert_eq!(kind.normalise(""), Ok(String::new()), "empty clears");
        }
    }

    #[test]
    fn codes_are_no_numbers() {
        assert!(
            !K::Integer.looks_like("007") && !K::Decimal.looks_like("007") && K::Integer.looks_like("-7")
        );
        assert!(K::Decimal.looks_like("0.5") && !K::Json.looks_like("12"));
        assert_eq!(K::Integer.joined(K::Decimal), K::Decimal);
        assert_eq!(K::Integer.joined(K::Date), K::Text);
    }
}
