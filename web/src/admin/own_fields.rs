//! The merchant's own fields in forms: `custom.{field}` on a record, `variant.{place}.custom.{field}` on a variant.

use catalog::{CustomField as Field, CustomValue, FieldKind};
use kernel::CustomFieldId;
use uuid::Uuid;

use super::office::Office;
use super::views::{CustomField, Fields};

/// As a screen shows it.
pub(super) fn shown(field: &Field) -> CustomField {
    let kind = match field.kind {
        FieldKind::Text | FieldKind::Decimal => "text",
        FieldKind::LongText | FieldKind::Json => "multiline",
        FieldKind::Integer => "number",
        FieldKind::Boolean => "bool",
        FieldKind::Date => "date",
        FieldKind::Url => "url",
    };
    CustomField { key: field.id.to_string(), label: field.name.clone(), kind }
}

/// The values of one subject, into the form; what was typed stays.
pub(super) fn put(form: &mut Fields, prefix: &str, fields: &[Field], values: &[CustomValue], of: Uuid) {
    for field in fields {
        let name = format!("{prefix}.{}", field.id);
        if form.names().any(|n| n == name) {
            continue;
        }
        let value = value(values, field, of).unwrap_or_default();
        let shown = if field.kind == FieldKind::Boolean && value == "true" { "on" } else { value };
        form.set(&name, shown);
    }
}

/// What was typed, as it is stored; what is wrong is said beside its field.
pub(super) fn typed(
    office: &Office,
    form: &mut Fields,
    prefix: &str,
    fields: &[Field],
    values: &[CustomValue],
    of: Option<Uuid>,
) -> Vec<(CustomFieldId, String)> {
    let mut all = vec![];
    for field in fields {
        let name = format!("{prefix}.{}", field.id);
        if field.kind == FieldKind::Boolean && !form.on(&name) {
            form.set(&name, ""); // an unticked box is not sent; shown again it stays unticked
        }
        let said = of.is_some_and(|of| value(values, field, of).is_some());
        let text = match field.kind {
            FieldKind::Boolean if form.on(&name) => "true".to_owned(),
            // not ticked is 'no' only where something was said before
            FieldKind::Boolean if said => "false".to_owned(),
            FieldKind::Boolean => String::new(),
            FieldKind::Text
            | FieldKind::LongText
            | FieldKind::Integer
            | FieldKind::Decimal
            | FieldKind::Date
            | FieldKind::Url
            | FieldKind::Json => form.value(&name).to_owned(),
        };
        match field.kind.normalise(&text) {
            Ok(value) => all.push((field.id, value)),
            Err(_) => {
                let wanted = office.t(&format!("error-field-{}", slug(field.kind)));
                form.fail(&name, office.txy("error-custom", &field.name, &wanted));
            }
        }
    }
    all
}

fn value<'a>(values: &'a [CustomValue], field: &Field, of: Uuid) -> Option<&'a str> {
    values.iter().find(|v| v.field == field.id && v.subject == of).map(|v| v.value.as_str())
}

/// `long-text`: as in the keys of words.
pub(super) fn slug(kind: FieldKind) -> String {
    kernel::TextState::as_str(kind).replace('_', "-")
}
