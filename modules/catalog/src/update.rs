use db::{Tx, params, sql};
use kernel::{Ctx, Permit, ProductId, VariantId, perms::ProductsWrite};
use serde_json::{Value, json};

use crate::product::{Facts, Product, ProductState, ProductText, TextInput, Variant, VariantInput};
use crate::{Error, create, product, rows};

/// What an editor changes; what is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ProductChange {
    /// Where it stands.
    pub state: Option<ProductState>,
    /// All of the facts.
    pub facts: Option<Facts>,
    /// These locales' texts; others stay.
    pub texts: Option<Vec<TextInput>>,
    /// Option names and the whole list of variants; those left out are retired.
    pub variants: Option<(Vec<String>, Vec<VariantInput>)>,
}

/// Changes a product; gives its new version. `version` is the one that was read.
///
/// # Errors
/// [`Error::Stale`] when somebody else changed it meanwhile; [`Error::NotFound`], [`Error::Invalid`],
/// [`Error::SlugTaken`], [`Error::SkuTaken`].
pub async fn update_product(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<ProductsWrite>,
    id: ProductId,
    version: i64,
    change: &ProductChange,
) -> Result<i64, Error> {
    let before = read(tx, ctx, id).await?;
    if before.version != version {
        return Err(Error::Stale);
    }
    let mut after = before.clone();
    if let Some(state) = change.state {
        after.state = state;
    }
    if let Some(facts) = &change.facts {
        after.facts = facts.cleaned()?;
        create::check_category(tx, ctx, &after.facts).await?;
    }
    if let Some(texts) = &change.texts {
        for input in texts {
            put_text(tx, ctx, &mut after, input).await?;
        }
    }
    if let Some((options, inputs)) = &change.variants {
        after.options = product::clean_options(options)?;
        let active = create::variants_of(ctx, &after, inputs)?;
        after.variants = with_retired(ctx, &before, active);
        create::check_skus(tx, ctx, &after).await?;
    }
    if after == before {
        return Ok(version);
    }
    after.version = version + 1;
    after.updated_at = ctx.now();
    write(tx, ctx, &before, &after).await?;
    Ok(after.version)
}

/// Texts alone.
///
/// # Errors
/// As [`update_product`].
pub async fn set_texts(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<ProductsWrite>,
    id: ProductId,
    version: i64,
    texts: &[TextInput],
) -> Result<i64, Error> {
    let change = ProductChange { texts: Some(texts.to_vec()), ..ProductChange::default() };
    update_product(tx, ctx, permit, id, version, &change).await
}

/// Options and variants alone; variants left out are retired.
///
/// # Errors
/// As [`update_product`].
pub async fn set_variants(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<ProductsWrite>,
    id: ProductId,
    version: i64,
    options: &[String],
    variants: &[VariantInput],
) -> Result<i64, Error> {
    let change =
        ProductChange { variants: Some((options.to_vec(), variants.to_vec())), ..ProductChange::default() };
    update_product(tx, ctx, permit, id, version, &change).await
}

/// Puts a product on sale, takes it back, or retires it, whatever its version.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn set_state(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<ProductsWrite>,
    id: ProductId,
    state: ProductState,
) -> Result<i64, Error> {
    let version = read(tx, ctx, id).await?.version;
    let change = ProductChange { state: Some(state), ..ProductChange::default() };
    update_product(tx, ctx, permit, id, version, &change).await
}

async fn read(tx: &mut Tx, ctx: &Ctx, id: ProductId) -> Result<Product, Error> {
    let found = rows::load(tx, ctx.store.id, &[id]).await?;
    found.into_iter().next().ok_or(Error::NotFound { what: "product" })
}

async fn put_text(tx: &mut Tx, ctx: &Ctx, product: &mut Product, input: &TextInput) -> Result<(), Error> {
    let mut text = input.cleaned()?;
    let old = product.texts.iter().position(|t| t.locale == text.locale);
    if text.slug.is_empty()
        && let Some(at) = old
    {
        text.slug.clone_from(&product.texts[at].slug); // an address changes only when it is asked for
    }
    let text = create::with_free_slug(tx, ctx, product.id, text).await?;
    match old {
        Some(at) => product.texts[at] = text,
        None => {
            product.texts.push(text);
            product.texts.sort_by(|a, b| a.locale.cmp(&b.locale));
        }
    }
    Ok(())
}

/// The new list of variants, and behind it those that left the assortment.
fn with_retired(ctx: &Ctx, before: &Product, active: Vec<Variant>) -> Vec<Variant> {
    let now = ctx.now();
    let gone = before
        .variants
        .iter()
        .filter(|v| active.iter().all(|a| a.id != v.id))
        .map(|v| Variant { retired_at: v.retired_at.or(Some(now)), ..v.clone() });
    let gone: Vec<Variant> = gone.collect();
    active.into_iter().chain(gone).collect()
}

async fn write(tx: &mut Tx, ctx: &Ctx, before: &Product, after: &Product) -> Result<(), Error> {
    let claimed = tx
        .exec(
            sql!("update product set version = $3 where id = $1 and version = $2"),
            params![after.id, before.version, after.version],
        )
        .await?;
    if claimed == 0 {
        return Err(Error::Stale);
    }
    rows::put_products(tx, &[after]).await?;
    let texts: Vec<(ProductId, &ProductText)> =
        after.texts.iter().filter(|t| !before.texts.contains(t)).map(|t| (after.id, t)).collect();
    if !texts.is_empty() {
        rows::put_texts(tx, ctx.store.id, &texts).await?;
        for (_, new) in &texts {
            if let Some(old) = before.texts.iter().find(|t| t.locale == new.locale && t.slug != new.slug) {
                rows::moved(tx, ctx, "product", &new.locale, after.id.uuid(), &old.slug, &new.slug).await?;
            }
        }
    }
    if after.options != before.options {
        rows::put_options(tx, &[(after, false)]).await?;
    }
    let changed: Vec<&Variant> = after.variants.iter().filter(|v| !before.variants.contains(v)).collect();
    rows::put_variants(tx, ctx, ctx.store.id, &changed, &loosened(before, &changed)).await?;
    work::touch(tx, ctx, "product", after.id.uuid()).await?;
    let (was, is) = difference(&picture(before), &picture(after));
    work::audit(
        tx,
        ctx,
        &work::Deed {
            verb: "product.update",
            subject_kind: "product",
            subject: after.id.uuid(),
            before: Some(was),
            after: Some(is),
            note: None,
        },
    )
    .await?;
    Ok(())
}

/// Those among `changed` that exist and get another SKU.
pub(crate) fn loosened(before: &Product, changed: &[&Variant]) -> Vec<VariantId> {
    let old = |v: &Variant| before.variants.iter().find(|b| b.id == v.id);
    changed
        .iter()
        .filter(|v| old(v).is_some_and(|o| o.sku.is_some() && o.sku != v.sku))
        .map(|v| v.id)
        .collect()
}

/// What the audit row shows of a product.
pub(crate) fn picture(p: &Product) -> Value {
    json!({ "state": p.state, "facts": p.facts, "texts": p.texts, "options": p.options, "variants": p.variants })
}

/// Only the parts that differ.
fn difference(a: &Value, b: &Value) -> (Value, Value) {
    let (mut was, mut is) = (serde_json::Map::new(), serde_json::Map::new());
    if let (Value::Object(a), Value::Object(b)) = (a, b) {
        for (key, value) in b {
            if a.get(key) != Some(value) {
                was.insert(key.clone(), a.get(key).cloned().unwrap_or_default());
                is.insert(key.clone(), value.clone());
            }
        }
    }
    (Value::Object(was), Value::Object(is))
}
