//! The form on its page.

use assets::AssetState;
use axum::response::Response;
use catalog::{Product, ProductState};
use kernel::perms::{InventoryRead, InventoryWrite, ProductsRead, ProductsWrite};
use kernel::{ProductId, TextState, VariantId};

use super::read::{Read, read};
use super::{form, list};
use crate::Error;
use crate::admin::categories;
use crate::admin::office::Office;
use crate::admin::own_fields;
use crate::admin::shown;
use crate::admin::views::{
    Choice, Fields, Picture, ProductImage, ProductView, Section, TextLocale, VariantRow,
};
use crate::extract::Path;

/// `GET /admin/products/new`.
pub(super) async fn new(office: Office) -> Result<Response, Error> {
    office.permit::<ProductsWrite>()?;
    let read = read(&office, None).await?;
    office.page(&view(&office, &read, form::empty()).await?)
}

/// `GET /admin/products/{id}`.
pub(super) async fn product(office: Office, Path(id): Path<ProductId>) -> Result<Response, Error> {
    office.permit::<ProductsRead>()?;
    let read = read(&office, Some(id)).await?;
    let form = read.product.as_ref().map_or_else(form::empty, |p| form::of(&office, p, &read));
    office.page(&view(&office, &read, form).await?)
}

/// The page of a form, as it was read or as it was typed.
pub(super) async fn view(office: &Office, read: &Read, mut form: Fields) -> Result<ProductView, Error> {
    form::close_gaps(&mut form);
    form::complete(&mut form, read);
    let product = read.product.as_ref();
    let text = product.and_then(|p| p.text(&office.ctx().locale));
    let state = product.map_or(ProductState::Draft, |p| p.state);
    let store_href = match (product.and_then(|p| main_text(p, read)), state) {
        (Some(text), ProductState::Live) => format!("/p/{}", text.slug),
        _ => String::new(),
    };
    let prices_key =
        if office.ctx().store.prices_include_tax { "shop-prices-incl" } else { "shop-prices-excl" };
    Ok(ProductView {
        shell: office.shell(Section::Products).await?,
        id: product.map(|p| p.id.to_string()),
        title: text.map_or_else(|| office.t("product-new"), |t| t.title.clone()),
        state: list::chip(state),
        store_href,
        statuses: statuses(office),
        categories: categories::choices(&read.tree),
        tax_classes: read.tax_classes.iter().map(|c| Choice::new(c, tax_class(office, c))).collect(),
        locales: locales(office, read, product),
        images: read.images.iter().map(|i| image(office, i)).collect(),
        variants: form::keys(&form).into_iter().map(|key| variant(office, read, &form, key)).collect(),
        option_names: form::option_names(&form),
        custom: read.fields.iter().map(own_fields::shown).collect(),
        variant_custom: read.variant_fields.iter().map(own_fields::shown).collect(),
        pictures: pictures(office, read),
        currency: office.ctx().store.currency.code().to_owned(),
        price_hint: office.t(prices_key),
        can_edit: office.may::<ProductsWrite>(),
        can_stock: office.may::<InventoryWrite>(),
        form,
    })
}

/// In the shop's own language.
fn main_text<'a>(product: &'a Product, read: &Read) -> Option<&'a catalog::ProductText> {
    product.text(read.locales.first().map_or("", String::as_str))
}

fn statuses(office: &Office) -> Vec<Choice> {
    let choice = |s: &ProductState| Choice::new(s.as_str(), office.t(list::chip(*s).key()));
    ProductState::ALL.iter().map(choice).collect()
}

/// "Standard" for `standard`; others as the shop calls them.
pub(in crate::admin) fn tax_class(office: &Office, class: &str) -> String {
    match class {
        "standard" => office.t("tax-class-standard"),
        "reduced" => office.t("tax-class-reduced"),
        "zero" => office.t("tax-class-zero"),
        other => other.to_owned(),
    }
}

/// The shop's languages, the main one first, and those that the product has beyond them.
fn locales(office: &Office, read: &Read, product: Option<&Product>) -> Vec<TextLocale> {
    let own = product.iter().flat_map(|p| p.texts.iter().map(|t| &t.locale));
    let more: Vec<&String> = own.filter(|l| !read.locales.contains(l)).collect();
    let all = read.locales.iter().chain(more);
    all.enumerate()
        .map(|(i, tag)| TextLocale { tag: tag.clone(), name: language(office, tag), main: i == 0 })
        .collect()
}

/// A language by its name, where there is one.
pub(in crate::admin) fn language(office: &Office, tag: &str) -> String {
    let key = format!("language-{}", tag.split('-').next().unwrap_or(tag));
    let name = crate::admin::words::find(office.locale, &key, None);
    match (name, tag.contains('-')) {
        (Some(name), false) => name,
        (Some(name), true) => format!("{name} ({tag})"),
        (None, _) => tag.to_owned(),
    }
}

fn image(office: &Office, image: &assets::Image) -> ProductImage {
    let note = match image.state {
        AssetState::Ready => String::new(),
        AssetState::Fetching => office.t("product-image-fetching"),
        AssetState::Failed => office.t("product-image-failed"),
    };
    let picture = shown::picture(image, 320, &image.file_name);
    ProductImage {
        id: image.asset.to_string(),
        picture: picture.unwrap_or(Picture { src: String::new(), alt: note }),
    }
}

/// The product's pictures to choose a variant's own from.
fn pictures(office: &Office, read: &Read) -> Vec<Choice> {
    let label = |(i, image): (usize, &assets::Image)| {
        let what = if image.alt.is_empty() { &image.file_name } else { &image.alt };
        Choice::new(
            image.asset.to_string(),
            office.txy("product-image-nth", &(i + 1).to_string(), &crate::admin::shown::cut(what, 40)),
        )
    };
    read.images.iter().enumerate().map(label).collect()
}

fn variant(office: &Office, read: &Read, form: &Fields, key: String) -> VariantRow {
    let value = |name: &str| form.value(&format!("variant.{key}.{name}")).trim().to_owned();
    let title: Vec<String> =
        (1..=3).map(|n| value(&format!("option{n}"))).filter(|v| !v.is_empty()).collect();
    let stock = value("id").parse::<VariantId>().ok().and_then(|id| read.stock.get(&id));
    let shown = stock.map(|s| match s.in_stock() {
        Some(n) => office.tx("product-available", &office.number(n)),
        None => office.t("product-not-counted"),
    });
    let item = stock.and_then(|s| s.components.first()).map(|c| c.item);
    let policy = stock.map(|s| office.t(policy(s)));
    let stock_href = item.filter(|_| office.may::<InventoryRead>()).map(|i| format!("/admin/inventory/{i}"));
    VariantRow {
        title: title.join(" / "),
        stock: shown.unwrap_or_default(),
        policy: policy.unwrap_or_default(),
        stock_href: stock_href.unwrap_or_default(),
        open: more_is_wrong(form, &key),
        key,
    }
}

/// Key of what happens when it runs out.
fn policy(stock: &inventory::Availability) -> &'static str {
    if stock.components.iter().all(|c| !c.tracked) {
        "product-policy-uncounted"
    } else if stock.components.iter().all(|c| !c.tracked || c.oversell) {
        "product-policy-oversell"
    } else {
        "product-policy-stops"
    }
}

/// Is something wrong with a field that is folded away?
fn more_is_wrong(form: &Fields, key: &str) -> bool {
    let prefix = format!("variant.{key}.");
    let folded = |name: &str| {
        name.starts_with("custom.")
            || matches!(name, "unit_grams" | "image" | "requires_shipping" | "taxable")
    };
    form.errors().iter().any(|e| e.field.strip_prefix(&prefix).is_some_and(folded))
}
