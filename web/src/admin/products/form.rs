//! A product as the fields of its form.

use catalog::{Product, ProductState, Variant};
use kernel::{Money, TextState};

use super::read::Read;
use crate::admin::office::Office;
use crate::admin::own_fields;
use crate::admin::views::Fields;

/// The form of a product as it is stored.
pub(super) fn of(office: &Office, product: &Product, read: &Read) -> Fields {
    let mut form = Fields::new();
    form.set("version", product.version.to_string());
    form.set("status", product.state.as_str());
    form.set("category_id", product.facts.category.map(|c| c.to_string()).unwrap_or_default());
    form.set("tax_class", product.facts.tax_category.as_str());
    form.set("product_type", product.facts.product_type.as_str());
    form.set("vendor", product.facts.vendor.as_str());
    form.set("tags", product.facts.tags.join(", "));
    for text in &product.texts {
        let tag = &text.locale;
        form.set(&format!("title.{tag}"), text.title.as_str());
        form.set(&format!("slug.{tag}"), text.slug.as_str());
        form.set(&format!("description.{tag}"), text.description.as_str());
        form.set(&format!("seo_title.{tag}"), text.seo_title.as_str());
        form.set(&format!("seo_description.{tag}"), text.seo_description.as_str());
    }
    let active: Vec<&Variant> = product.active().collect();
    for (i, name) in product.options.iter().enumerate() {
        form.set(&format!("option.{}.name", i + 1), name.as_str());
        form.set(&format!("option.{}.values", i + 1), values(&active, i).join(", "));
    }
    for (key, variant) in active.iter().enumerate() {
        put_variant(office, &mut form, key, variant, read);
    }
    own_fields::put(&mut form, "custom", &read.fields, &read.values, product.id.uuid());
    put_alts(&mut form, read);
    form
}

/// A new product: a draft with one variant.
pub(super) fn empty() -> Fields {
    Fields::new()
        .with("status", ProductState::Draft.as_str())
        .with("tax_class", pricing::STANDARD)
        .with("variant.0.id", "")
}

/// What the pictures show, as it is stored.
pub(super) fn put_alts(form: &mut Fields, read: &Read) {
    for image in &read.images {
        form.set(&format!("alt.{}", image.asset), image.alt.as_str());
    }
}

/// An option's values, each once, in the order of the variants.
fn values<'a>(variants: &[&'a Variant], option: usize) -> Vec<&'a str> {
    let mut all: Vec<&str> = vec![];
    for value in variants.iter().filter_map(|v| v.options[option].as_deref()) {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    all
}

fn put_variant(office: &Office, form: &mut Fields, key: usize, variant: &Variant, read: &Read) {
    let currency = office.ctx().store.currency;
    let plain = |minor: Option<i64>| minor.map(|m| Money::new(m, currency).plain()).unwrap_or_default();
    let price = read.prices.one(variant.id);
    let mut put = |name: &str, value: String| {
        form.add(&format!("variant.{key}.{name}"), value);
    };
    put("id", variant.id.to_string());
    for (i, value) in variant.options.iter().enumerate() {
        put(&format!("option{}", i + 1), value.clone().unwrap_or_default());
    }
    put("sku", variant.sku.clone().unwrap_or_default());
    put("gtin", variant.gtin.clone().unwrap_or_default());
    put("price", plain(price.map(|p| p.amount_minor)));
    put("compare_at", plain(price.and_then(|p| p.compare_at_minor)));
    put("cost", plain(variant.cost_minor));
    put("weight_grams", variant.weight_grams.map(|g| g.to_string()).unwrap_or_default());
    put("unit_grams", variant.unit_grams.map(|g| g.to_string()).unwrap_or_default());
    put("image", variant.image.map(|i| i.to_string()).unwrap_or_default());
    put("more", "on".to_owned());
    for (name, yes) in [("requires_shipping", variant.requires_shipping), ("taxable", variant.taxable)] {
        if yes {
            put(name, "on".to_owned());
        }
    }
    let prefix = format!("variant.{key}.custom");
    own_fields::put(form, &prefix, &read.variant_fields, &read.values, variant.id.uuid());
}

/// Gives rows that came without what is folded away (they were just made) what they have, or what their sisters have.
pub(super) fn complete(form: &mut Fields, read: &Read) {
    for key in keys(form) {
        let name = |field: &str| format!("variant.{key}.{field}");
        if form.on(&name("more")) {
            continue;
        }
        let product = read.product.as_ref();
        let id = form.value(&name("id")).to_owned();
        let stored = product.and_then(|p| p.variants.iter().find(|v| v.id.to_string() == id));
        let like = stored.or_else(|| product.and_then(|p| p.active().next()));
        let ticks = [
            ("requires_shipping", like.is_none_or(|v| v.requires_shipping)),
            ("taxable", like.is_none_or(|v| v.taxable)),
        ];
        for (field, yes) in ticks {
            form.set(&name(field), if yes { "on" } else { "" });
        }
        form.set(&name("more"), "on");
        let Some(stored) = stored else { continue };
        form.set(&name("unit_grams"), stored.unit_grams.map(|g| g.to_string()).unwrap_or_default());
        form.set(&name("image"), stored.image.map(|i| i.to_string()).unwrap_or_default());
        own_fields::put(form, &name("custom"), &read.variant_fields, &read.values, stored.id.uuid());
    }
}

/// The places of the variants in the form, in its order: "0", "3", "1".
pub(super) fn keys(form: &Fields) -> Vec<String> {
    let keys = form.names().filter_map(|name| name.strip_prefix("variant.")?.strip_suffix(".id"));
    let mut all: Vec<String> = vec![];
    for key in keys.filter(|k| k.len() <= 6 && k.bytes().all(|b| b.is_ascii_digit())) {
        if !all.iter().any(|k| k == key) {
            all.push(key.to_owned());
        }
    }
    all
}

/// Names of the options in use, in their order.
pub(super) fn option_names(form: &Fields) -> Vec<String> {
    let names = (1..=3).map(|n| form.value(&format!("option.{n}.name")).trim().to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

/// Moves options up over empty ones before them, with their variants' values, so that the columns of the table are the
/// options that have a name.
pub(super) fn close_gaps(form: &mut Fields) {
    let used: Vec<usize> =
        (1..=3).filter(|n| !form.value(&format!("option.{n}.name")).trim().is_empty()).collect();
    if used.iter().enumerate().all(|(i, n)| i + 1 == *n) {
        return;
    }
    let keys = keys(form);
    for to in 1..=3 {
        let from = used.get(to - 1).copied();
        let mut shift = |name: &dyn Fn(usize) -> String| {
            let value = from.map(|f| form.value(&name(f)).to_owned()).unwrap_or_default();
            form.set(&name(to), value);
        };
        shift(&|n| format!("option.{n}.name"));
        shift(&|n| format!("option.{n}.values"));
        for key in &keys {
            shift(&|n| format!("variant.{key}.option{n}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_close_their_gaps() {
        let mut form = Fields::new()
            .with("option.1.name", " ")
            .with("option.2.name", "Size")
            .with("option.2.values", "S, M")
            .with("variant.0.id", "")
            .with("variant.0.option1", "Red")
            .with("variant.0.option2", "S");
        close_gaps(&mut form);
        assert_eq!(option_names(&form), ["Size"]);
        assert_eq!((form.value("variant.0.option1"), form.value("variant.0.option2")), ("S", ""));
    }

    #[test]
    fn rows_are_found_in_order_and_strange_ones_are_not() {
        let form = Fields::sent(
            ["variant.2.id", "variant.0.id", "variant.x.id", "variant.2.id", "variant.1.sku"]
                .map(|n| (n.to_owned(), String::new())),
        );
        assert_eq!(keys(&form), ["2", "0"]);
    }
}
