//! What the form sent becomes a product.

use assets::NewImage;
use axum::response::Response;
use catalog::{Facts, ProductState, TextInput, Variant, VariantInput};
use flows::{SaveProduct, SaveVariant};
use http::StatusCode;
use kernel::perms::{InventoryWrite, ProductsWrite};
use kernel::{AssetId, ErrorKind, ProductId, TextState, VariantId};

use super::read::{Read, read};
use super::{form, options, show};
use crate::Error;
use crate::admin::blame::{blame, count, filled};
use crate::admin::office::Office;
use crate::admin::own_fields;
use crate::admin::sent::{Form, amount};
use crate::admin::views::Fields;
use crate::extract::Path;

/// `POST /admin/products/new`.
pub(super) async fn create(office: Office, Form(form): Form) -> Result<Response, Error> {
    save(office, None, form).await
}

/// `POST /admin/products/{id}`.
pub(super) async fn update(
    office: Office,
    Path(id): Path<ProductId>,
    Form(form): Form,
) -> Result<Response, Error> {
    save(office, Some(id), form).await
}

async fn save(office: Office, id: Option<ProductId>, mut form: Fields) -> Result<Response, Error> {
    let permit = office.permit::<ProductsWrite>()?;
    let read = read(&office, id).await?;
    match form.value("action") {
        "options" => options::make(&office, &mut form),
        "add_variant" => options::add_row(&office, &mut form),
        _ => {
            form::close_gaps(&mut form);
            let keys = kept(&form);
            let input = input(&office, &read, &mut form, &keys);
            if form.is_ok() {
                let stock = office.permit::<InventoryWrite>().ok();
                let saved =
                    flows::save_product(office.state.shop(), office.ctx(), &permit, stock.as_ref(), input);
                match saved.await {
                    Ok((id, _)) => {
                        let text = office.t("product-saved");
                        return Ok(office.done(&format!("/admin/products/{id}"), text));
                    }
                    Err(e) => return not_saved(&office, &read, form, &keys, e.into()).await,
                }
            }
            return office.refused(&show::view(&office, &read, form).await?);
        }
    }
    let view = show::view(&office, &read, form).await?;
    if view.form.is_ok() { office.page(&view) } else { office.refused(&view) }
}

/// Says what is wrong, beside its field. A change of somebody else's is no loss: saving again puts this one over it.
async fn not_saved(
    office: &Office,
    read: &Read,
    mut form: Fields,
    keys: &[String],
    e: Error,
) -> Result<Response, Error> {
    let status = if e.kind == ErrorKind::Conflict { StatusCode::CONFLICT } else { e.status() };
    if e.code == "stale_version"
        && let Some(now) = &read.product
    {
        form.set("version", now.version.to_string());
    }
    let main = read.locales.first().cloned().unwrap_or_default();
    let taken = (e.code == "sku_taken").then(|| {
        let quoted = |key: &&String| {
            let sku = form.value(&format!("variant.{key}.sku")).trim();
            !sku.is_empty() && e.text.contains(&format!("'{sku}'"))
        };
        keys.iter().find(quoted).map_or_else(String::new, |key| format!("variant.{key}.sku"))
    });
    blame(office, &mut form, e, |field| taken.clone().unwrap_or_else(|| named(field, keys, &main)))?;
    office.page_as(status, &show::view(office, read, form).await?)
}

/// The form's name of a module's field.
fn named(field: &str, keys: &[String], main: &str) -> String {
    if let Some(rest) = field.strip_prefix("variants.")
        && let Some((place, name)) = rest.split_once('.')
        && let Some(key) = place.parse::<usize>().ok().and_then(|n| keys.get(n))
    {
        let name = match name {
            "cost_minor" => "cost",
            "option" => "option1",
            other => other,
        };
        return format!("variant.{key}.{name}");
    }
    match field {
        "title" | "slug" | "description" | "seo_title" | "seo_description" => format!("{field}.{main}"),
        "category" => "category_id".to_owned(),
        "tax_category" => "tax_class".to_owned(),
        "options" => "option.1.name".to_owned(),
        other => other.to_owned(),
    }
}

/// The places of the variants that are to stay.
fn kept(form: &Fields) -> Vec<String> {
    form::keys(form).into_iter().filter(|key| !form.on(&format!("variant.{key}.remove"))).collect()
}

fn input(office: &Office, read: &Read, form: &mut Fields, keys: &[String]) -> SaveProduct {
    let product = read.product.as_ref();
    let version = form.value("version").parse().unwrap_or_default();
    let options = form::option_names(form);
    if keys.is_empty() {
        form.fail("", office.t("error-variant-missing"));
    }
    SaveProduct {
        product: product.map(|p| (p.id, version)),
        state: ProductState::parse(form.value("status")).unwrap_or(ProductState::Draft),
        facts: Facts {
            category: form.value("category_id").parse().ok(),
            product_type: form.value("product_type").to_owned(),
            vendor: form.value("vendor").to_owned(),
            tags: form.value("tags").split(',').map(str::to_owned).collect(),
            tax_category: form.value("tax_class").to_owned(),
        },
        texts: texts(office, read, form),
        variants: keys.iter().map(|key| variant(office, read, form, key, options.len())).collect(),
        options,
        custom: {
            let of = product.map(|p| p.id.uuid());
            own_fields::typed(office, form, "custom", &read.fields, &read.values, of)
        },
        images: product.map(|_| images(read, form)),
    }
}

/// The main language always, others where something was typed or is stored.
fn texts(office: &Office, read: &Read, form: &mut Fields) -> Vec<TextInput> {
    let mut all = vec![];
    let stored = read.product.iter().flat_map(|p| p.texts.iter().map(|t| t.locale.clone()));
    let mut locales = read.locales.clone();
    locales.extend(stored.filter(|l| !read.locales.contains(l)));
    for (i, tag) in locales.iter().enumerate() {
        let value = |name: &str| form.value(&format!("{name}.{tag}")).to_owned();
        let text = TextInput {
            locale: tag.clone(),
            title: value("title"),
            slug: filled(&value("slug")),
            description: value("description"),
            seo_title: value("seo_title"),
            seo_description: value("seo_description"),
        };
        let rest = [&text.description, &text.seo_title, &text.seo_description];
        let typed = text.slug.is_some() || rest.iter().any(|t| !t.trim().is_empty());
        if !text.title.trim().is_empty() {
            all.push(text);
        } else if i == 0 || typed {
            form.fail(&format!("title.{tag}"), office.t("error-title-missing"));
        }
    }
    all
}

fn variant(office: &Office, read: &Read, form: &mut Fields, key: &str, options: usize) -> SaveVariant {
    let currency = office.ctx().store.currency;
    let name = |field: &str| format!("variant.{key}.{field}");
    let amounts = ["price", "compare_at", "cost"].map(|field| amount(form, &name(field), currency));
    for (field, minor) in ["price", "compare_at", "cost"].into_iter().zip(amounts) {
        if minor.is_some_and(|m| m < 0) {
            form.fail(&name(field), office.t("error-negative"));
        }
    }
    let [price, before, cost] = amounts;
    if let Some(before) = before
        && form.error(&name("price")).is_none()
        && price.is_none_or(|p| before <= p)
    {
        form.fail(&name("compare_at"), office.t("error-compare-at-too-low"));
    }
    let [weight_grams, unit_grams] = ["weight_grams", "unit_grams"].map(|f| count(office, form, &name(f)));
    let on_hand = count(office, form, &name("on_hand"));
    let id: Option<VariantId> = form.value(&name("id")).parse().ok();
    let stored = stored(read, id);
    let like = stored.or_else(|| read.product.as_ref().and_then(|p| p.active().next()));
    let default = VariantInput::default();
    // a row that was sent without these fields (made here, or by a smaller form) is like its sisters
    let whole = form.on(&name("more"));
    let flag = |field: &str, like: Option<bool>, otherwise: bool| {
        if whole { form.on(&name(field)) } else { like.unwrap_or(otherwise) }
    };
    let requires_shipping =
        flag("requires_shipping", like.map(|v| v.requires_shipping), default.requires_shipping);
    let taxable = flag("taxable", like.map(|v| v.taxable), default.taxable);
    let image = match form.value(&name("image")).parse::<AssetId>() {
        Ok(asset) => read.images.iter().map(|i| i.asset).find(|a| *a == asset),
        Err(_) if whole => None,
        Err(_) => stored.and_then(|v| v.image),
    };
    let unit_grams = if whole { unit_grams } else { stored.and_then(|v| v.unit_grams) };
    let value = |field: &str| filled(form.value(&name(field)));
    let is = VariantInput {
        id,
        sku: value("sku"),
        gtin: value("gtin"),
        options: [1, 2, 3].map(|n| if n <= options { value(&format!("option{n}")) } else { None }),
        weight_grams,
        unit_grams,
        cost_minor: cost,
        image,
        requires_shipping,
        taxable,
    };
    let custom = if whole {
        let prefix = name("custom");
        let of = id.map(|id| id.uuid());
        own_fields::typed(office, form, &prefix, &read.variant_fields, &read.values, of)
    } else {
        vec![]
    };
    SaveVariant { is, custom, amount_minor: price, compare_at_minor: before, on_hand }
}

fn stored(read: &Read, id: Option<VariantId>) -> Option<&Variant> {
    read.product.as_ref()?.variants.iter().find(|v| Some(v.id) == id)
}

/// In the order of the form; one that was added meanwhile stays, behind them.
fn images(read: &Read, form: &Fields) -> Vec<NewImage> {
    let order: Vec<AssetId> = form.all("image_id").filter_map(|id| id.parse().ok()).collect();
    let gone: Vec<AssetId> = form.all("remove_image").filter_map(|id| id.parse().ok()).collect();
    let known = |id: &AssetId| read.images.iter().any(|i| i.asset == *id);
    let late = read.images.iter().map(|i| i.asset).filter(|id| !order.contains(id));
    let all = order.iter().copied().filter(known).chain(late);
    all.filter(|id| !gone.contains(id))
        .map(|asset| {
            let name = format!("alt.{asset}");
            let alt = form.names().any(|n| n == name).then(|| form.value(&name).trim().to_owned());
            NewImage { asset, alt }
        })
        .collect()
}
