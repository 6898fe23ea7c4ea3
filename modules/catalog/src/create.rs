use db::{Tx, params, sql};
use kernel::{Ctx, Permit, ProductId, perms::ProductsWrite};

use crate::product::{Facts, Product, ProductState, ProductText, TextInput, Variant, VariantInput};
use crate::{Error, product, rows};

/// A product as it is first given.
#[derive(Debug, Clone)]
pub struct NewProduct {
    /// Draft or live.
    pub state: ProductState,
    /// The same in every language.
    pub facts: Facts,
    /// One per locale, at least one.
    pub texts: Vec<TextInput>,
    /// Names of up to three options.
    pub options: Vec<String>,
    /// At least one.
    pub variants: Vec<VariantInput>,
}

/// Makes a product. A slug that was left out is made of the title, with a number if need be.
///
/// # Errors
/// [`Error::Invalid`], [`Error::SlugTaken`], [`Error::SkuTaken`].
pub async fn create_product(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<ProductsWrite>,
    new: &NewProduct,
) -> Result<ProductId, Error> {
    let id: ProductId = ctx.id();
    let now = ctx.now();
    let mut product = Product {
        id,
        store: ctx.store.id,
        state: new.state,
        facts: new.facts.cleaned()?,
        version: 1,
        created_at: now,
        updated_at: now,
        texts: vec![],
        options: product::clean_options(&new.options)?,
        variants: vec![],
    };
    if new.texts.is_empty() {
        return Err(Error::invalid("title", "a product needs a title"));
    }
    check_category(tx, ctx, &product.facts).await?;
    for input in &new.texts {
        let text = with_free_slug(tx, ctx, id, input.cleaned()?).await?;
        product.texts.push(text);
    }
    product.variants = variants_of(ctx, &product, &new.variants)?;
    check_skus(tx, ctx, &product).await?;

    rows::put_products(tx, &[&product]).await?;
    let texts: Vec<_> = product.texts.iter().map(|t| (id, t)).collect();
    rows::put_texts(tx, ctx.store.id, &texts).await?;
    rows::put_options(tx, &[(&product, true)]).await?;
    rows::put_variants(tx, ctx, ctx.store.id, &product.variants.iter().collect::<Vec<_>>(), &[]).await?;
    work::touch(tx, ctx, "product", id.uuid()).await?;
    let after = Some(crate::update::picture(&product));
    work::audit(
        tx,
        ctx,
        &work::Deed {
            verb: "product.create",
            subject_kind: "product",
            subject: id.uuid(),
            before: None,
            after,
            note: None,
        },
    )
    .await?;
    Ok(id)
}

/// The category must be this store's.
pub(crate) async fn check_category(tx: &mut Tx, ctx: &Ctx, facts: &Facts) -> Result<(), Error> {
    if let Some(category) = facts.category {
        let known: i64 = tx
            .value(
                sql!("select cast(count(*) as bigint) from category where id = $1 and store_id = $2"),
                params![category, ctx.store.id],
            )
            .await?;
        if known == 0 {
            return Err(Error::invalid("category", "there is no such category"));
        }
    }
    Ok(())
}

/// A given slug must be free; a missing one is made.
pub(crate) async fn with_free_slug(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ProductId,
    mut text: ProductText,
) -> Result<ProductText, Error> {
    let store = ctx.store.id;
    let free = |owners: &[(String, ProductId)]| owners.iter().all(|(_, owner)| *owner == id);
    if !text.slug.is_empty() {
        let owners = rows::slug_owners(tx, store, &text.locale, &[&text.slug]).await?;
        return if free(&owners) { Ok(text) } else { Err(Error::SlugTaken { slug: text.slug }) };
    }
    let base = match crate::slug_of(&text.title) {
        made if made.is_empty() => "product".to_owned(),
        made => made,
    };
    for n in 1..1_000 {
        let slug = if n == 1 { base.clone() } else { format!("{base}-{n}") };
        let owners = rows::slug_owners(tx, store, &text.locale, &[&slug]).await?;
        if free(&owners) {
            text.slug = slug;
            return Ok(text);
        }
    }
    Err(Error::SlugTaken { slug: base })
}

fn filled(text: Option<&String>) -> Option<String> {
    text.map(|t| t.trim()).filter(|t| !t.is_empty()).map(str::to_owned)
}

/// The variants that the inputs describe, checked against the product's options. Those with an id must exist.
pub(crate) fn variants_of(
    ctx: &Ctx,
    product: &Product,
    inputs: &[VariantInput],
) -> Result<Vec<Variant>, Error> {
    let mut out = Vec::with_capacity(inputs.len());
    for (position, input) in (1i64..).zip(inputs) {
        let id = match input.id {
            Some(id) if product.variants.iter().all(|v| v.id != id) => {
                return Err(Error::NotFound { what: "variant" });
            }
            Some(id) => id,
            None => ctx.id(),
        };
        out.push(Variant {
            id,
            product: product.id,
            position,
            sku: filled(input.sku.as_ref()),
            gtin: filled(input.gtin.as_ref()),
            options: [0, 1, 2].map(|i| filled(input.options[i].as_ref())),
            weight_grams: input.weight_grams,
            unit_grams: input.unit_grams,
            cost_minor: input.cost_minor,
            requires_shipping: input.requires_shipping,
            taxable: input.taxable,
            image: input.image,
            retired_at: None,
        });
    }
    product::check_variants(&product.options, &out)?;
    Ok(out)
}

/// No active variant of another product may have one of these SKUs.
pub(crate) async fn check_skus(tx: &mut Tx, ctx: &Ctx, product: &Product) -> Result<(), Error> {
    let skus: Vec<&str> = product.active().filter_map(|v| v.sku.as_deref()).collect();
    let owners = rows::sku_owners(tx, ctx.store.id, &skus).await?;
    match owners.into_iter().find(|(_, _, owner)| *owner != product.id) {
        Some((sku, _, _)) => Err(Error::SkuTaken { sku }),
        None => Ok(()),
    }
}
