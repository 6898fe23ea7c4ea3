//! Many products at once, as a file gives them: first a plan, which only reads, then its statements.

use std::collections::{HashMap, HashSet};

use db::Tx;
use kernel::{AssetId, CategoryId, Ctx, CustomFieldId, ProductId, VariantId};
use uuid::Uuid;

use crate::product::{Facts, Product, ProductState, ProductText, TextInput, Variant};
use crate::{CleanHtml, Error, field, product, rows, update};

/// A product as a file gives it. `None`: the file does not say, what is stored stays. Present but empty: cleared.
#[derive(Debug, Clone, Default)]
pub struct WantedProduct {
    /// Its address: what it is known by.
    pub handle: String,
    /// Its name; a new product needs one.
    pub title: Option<String>,
    /// What it says of itself.
    pub description: Option<CleanHtml>,
    /// For search engines.
    pub seo_title: Option<String>,
    /// For search engines.
    pub seo_description: Option<String>,
    /// Where it stands; new ones without a word are live.
    pub state: Option<ProductState>,
    /// Its place in the tree.
    pub category: Option<Option<CategoryId>>,
    /// Its place in the tree if it has none yet.
    pub category_if_none: Option<CategoryId>,
    /// What sort of thing it is.
    pub product_type: Option<String>,
    /// Its brand.
    pub vendor: Option<String>,
    /// Free words.
    pub tags: Option<Vec<String>>,
    /// Option names, when the file has them: then `variants` is the whole list, and those left out are retired.
    pub options: Option<Vec<String>>,
    /// Its variants; none when the file says nothing of variants (a new product gets a plain one).
    pub variants: Vec<WantedVariant>,
    /// Custom values, fit for their fields.
    pub values: Vec<(CustomFieldId, String)>,
}

/// A variant as a file gives it.
#[derive(Debug, Clone, Default)]
pub struct WantedVariant {
    /// Values of the options.
    pub options: [Option<String>; 3],
    /// The merchant's code.
    pub sku: Option<Option<String>>,
    /// The barcode.
    pub gtin: Option<Option<String>>,
    /// In grams, packed.
    pub weight_grams: Option<Option<i64>>,
    /// Content in grams.
    pub unit_grams: Option<Option<i64>>,
    /// In minor units of the store's currency.
    pub cost_minor: Option<Option<i64>>,
    /// Does it need a parcel?
    pub requires_shipping: Option<bool>,
    /// Is tax due on it?
    pub taxable: Option<bool>,
    /// Its own picture.
    pub image: Option<Option<AssetId>>,
    /// Custom values, fit for their fields.
    pub values: Vec<(CustomFieldId, String)>,
}

/// What a plan would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A new product.
    Created,
    /// Something of it changes.
    Updated,
    /// It is as the file says.
    Unchanged,
}

/// Why a product of a file is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which of its variants, from 0; none for the product itself.
    pub variant: Option<usize>,
    /// A sentence for people.
    pub reason: String,
}

impl Refusal {
    fn product(reason: impl Into<String>) -> Refusal {
        Refusal { variant: None, reason: reason.into() }
    }
}

/// What is to be written of one product.
#[derive(Debug, Clone)]
pub struct Plan {
    /// As it will be.
    after: Product,
    before: Option<Product>,
    values: Vec<(CustomFieldId, Uuid, String)>,
    /// The variant of each wanted variant.
    variants: Vec<VariantId>,
}

/// A product of a file and its variants, in the file's order.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The product.
    pub product: ProductId,
    /// The variant of each wanted variant.
    pub variants: Vec<VariantId>,
    /// What was done.
    pub change: Change,
}

impl Plan {
    /// What it would do.
    pub fn change(&self) -> Change {
        match &self.before {
            None => Change::Created,
            Some(before) if *before == self.after && self.values.is_empty() => Change::Unchanged,
            Some(_) => Change::Updated,
        }
    }

    /// Which product and variants it is about.
    pub fn imported(&self) -> Imported {
        Imported { product: self.after.id, variants: self.variants.clone(), change: self.change() }
    }
}

/// What each product would need, found by address, else by a former address, else by the first SKU; nothing is
/// written. `is_in_file` says whether an address is another product of the same file: such a product is never taken
/// for this one.
///
/// # Errors
/// The database's. What is wrong with one product is its own answer.
pub async fn plan<F: Fn(&str) -> bool + Send + Sync>(
    tx: &mut Tx,
    ctx: &Ctx,
    locale: &str,
    wanted: &[WantedProduct],
    is_in_file: &F,
) -> Result<Vec<Result<Plan, Refusal>>, Error> {
    let found = Known::read(tx, ctx, locale, wanted, is_in_file).await?;
    let mut taken = HashSet::new();
    let mut skus = HashSet::new();
    let mut out = Vec::with_capacity(wanted.len());
    for w in wanted {
        let before = found.product_of(w);
        let result = match before {
            Some(b) if !taken.insert(b.id) => {
                let title = b.text(locale).map_or("", |t| t.slug.as_str());
                Err(Refusal::product(format!(
                    "it would be the same product as another of this file ('{title}')"
                )))
            }
            _ => one(ctx, locale, w, before, &found).and_then(|plan| {
                let double = w.variants.iter().position(|v| {
                    v.sku.as_ref().is_some_and(|s| s.as_ref().is_some_and(|s| !skus.insert(s.clone())))
                });
                match double {
                    Some(i) => Err(Refusal {
                        variant: Some(i),
                        reason: "its SKU stands at another variant of this file".to_owned(),
                    }),
                    None => Ok(plan),
                }
            }),
        };
        out.push(result);
    }
    Ok(out)
}

/// What the database knows of a batch.
struct Known {
    products: HashMap<ProductId, Product>,
    by_handle: HashMap<String, ProductId>,
    /// Matches by former address or SKU.
    by_rest: HashMap<String, ProductId>,
    skus: HashMap<String, ProductId>,
    values: HashMap<(CustomFieldId, Uuid), String>,
}

impl Known {
    fn product_of(&self, w: &WantedProduct) -> Option<&Product> {
        let id = self.by_handle.get(&w.handle).or_else(|| self.by_rest.get(&w.handle))?;
        self.products.get(id)
    }

    async fn read<F: Fn(&str) -> bool>(
        tx: &mut Tx,
        ctx: &Ctx,
        locale: &str,
        wanted: &[WantedProduct],
        is_in_file: &F,
    ) -> Result<Known, Error> {
        let store = ctx.store.id;
        let handles: Vec<&str> = wanted.iter().map(|w| w.handle.as_str()).collect();
        let by_handle: HashMap<String, ProductId> =
            rows::slug_owners(tx, store, locale, &handles).await?.into_iter().collect();
        let skus: Vec<&str> =
            wanted.iter().flat_map(|w| &w.variants).filter_map(|v| v.sku.as_ref()?.as_deref()).collect();
        let skus: HashMap<String, ProductId> = rows::sku_owners(tx, store, &skus)
            .await?
            .into_iter()
            .map(|(sku, _, product)| (sku, product))
            .collect();
        let missing: Vec<&str> = handles.into_iter().filter(|h| !by_handle.contains_key(*h)).collect();
        let former: HashMap<String, Uuid> =
            rows::former_owners(tx, store, "product", locale, &missing).await?.into_iter().collect();

        let mut rest: HashMap<String, Vec<ProductId>> = HashMap::new();
        for w in wanted.iter().filter(|w| !by_handle.contains_key(&w.handle)) {
            let old = former.get(&w.handle).map(|id| ProductId::from_uuid(*id));
            let first = w.variants.iter().find_map(|v| v.sku.as_ref()?.as_deref());
            let by_sku = first.and_then(|sku| skus.get(sku)).copied();
            rest.insert(w.handle.clone(), old.into_iter().chain(by_sku).collect());
        }
        let mut ids: Vec<ProductId> =
            by_handle.values().copied().chain(rest.values().flatten().copied()).collect();
        ids.sort_unstable();
        ids.dedup();
        let products: HashMap<ProductId, Product> =
            rows::load(tx, store, &ids).await?.into_iter().map(|p| (p.id, p)).collect();
        let free = |id: &ProductId| {
            products
                .get(id)
                .is_some_and(|p| p.texts.iter().all(|t| t.locale != locale || !is_in_file(&t.slug)))
        };
        let by_rest = rest
            .into_iter()
            .filter_map(|(handle, ids)| ids.into_iter().find(|id| free(id)).map(|id| (handle, id)))
            .collect();
        let any_values =
            wanted.iter().any(|w| !w.values.is_empty() || w.variants.iter().any(|v| !v.values.is_empty()));
        let subjects: Vec<Uuid> = if any_values {
            products
                .values()
                .flat_map(|p| std::iter::once(p.id.uuid()).chain(p.variants.iter().map(|v| v.id.uuid())))
                .collect()
        } else {
            vec![]
        };
        let values = field::values_of(tx, &subjects)
            .await?
            .into_iter()
            .map(|v| ((v.field, v.subject), v.value))
            .collect();
        Ok(Known { products, by_handle, by_rest, skus, values })
    }
}

fn one(
    ctx: &Ctx,
    locale: &str,
    w: &WantedProduct,
    before: Option<&Product>,
    known: &Known,
) -> Result<Plan, Refusal> {
    let now = ctx.now();
    let mut after = before.cloned().unwrap_or_else(|| Product {
        id: ctx.id(),
        store: ctx.store.id,
        state: ProductState::Live,
        facts: Facts::default(),
        version: 0,
        created_at: now,
        updated_at: now,
        texts: vec![],
        options: vec![],
        variants: vec![],
    });
    if let Some(state) = w.state {
        after.state = state;
    }
    after.facts = facts(w, &after.facts)?;
    text(w, locale, &mut after)?;
    let variants = variants(ctx, w, before, &mut after)?;
    let owner = |v: &WantedVariant| {
        let sku = v.sku.as_ref()?.as_deref()?;
        let product = known.skus.get(sku).filter(|p| **p != after.id)?;
        let title = known.products.get(product).and_then(|p| p.text(locale)).map(|t| t.slug.clone());
        Some((sku.to_owned(), title))
    };
    if let Some((i, (sku, title))) = w.variants.iter().enumerate().find_map(|(i, v)| Some((i, owner(v)?))) {
        let of = title.map(|t| format!(" ('{t}')")).unwrap_or_default();
        return Err(Refusal {
            variant: Some(i),
            reason: format!("the SKU '{sku}' belongs to another product{of}"),
        });
    }
    let values = values(w, &after, &variants, known);
    if before.is_none_or(|b| *b != after || !values.is_empty()) {
        after.version += 1;
        after.updated_at = now;
    }
    Ok(Plan { after, before: before.cloned(), values, variants })
}

fn refused(e: Error) -> Refusal {
    let Error::Invalid { field, message } = e else { return Refusal::product(e.to_string()) };
    let variant =
        field.strip_prefix("variants.").and_then(|f| f.split('.').next()).and_then(|n| n.parse().ok());
    Refusal { variant, reason: if variant.is_some() { message } else { format!("{field}: {message}") } }
}

fn facts(w: &WantedProduct, old: &Facts) -> Result<Facts, Refusal> {
    Facts {
        category: w.category.unwrap_or(old.category).or(w.category_if_none),
        product_type: w.product_type.clone().unwrap_or_else(|| old.product_type.clone()),
        vendor: w.vendor.clone().unwrap_or_else(|| old.vendor.clone()),
        tags: w.tags.clone().unwrap_or_else(|| old.tags.clone()),
        tax_category: old.tax_category.clone(),
    }
    .cleaned()
    .map_err(refused)
}

fn text(w: &WantedProduct, locale: &str, after: &mut Product) -> Result<(), Refusal> {
    let at = after.texts.iter().position(|t| t.locale == locale);
    let blank = ProductText {
        locale: locale.to_owned(),
        title: String::new(),
        slug: String::new(),
        description: String::new(),
        seo_title: String::new(),
        seo_description: String::new(),
    };
    let old = at.map_or(&blank, |at| &after.texts[at]);
    let description = w.description.as_ref().map_or(old.description.as_str(), CleanHtml::as_str).to_owned();
    if description.len() > product::LONG {
        return Err(Refusal::product(format!("the description is longer than {} bytes", product::LONG)));
    }
    let input = TextInput {
        locale: locale.to_owned(),
        title: w.title.clone().unwrap_or_else(|| old.title.clone()),
        slug: Some(w.handle.clone()),
        description: String::new(), // clean already
        seo_title: w.seo_title.clone().unwrap_or_else(|| old.seo_title.clone()),
        seo_description: w.seo_description.clone().unwrap_or_else(|| old.seo_description.clone()),
    };
    let mut text = input.cleaned().map_err(refused)?;
    text.description = description;
    match at {
        Some(at) => after.texts[at] = text,
        None => {
            after.texts.push(text);
            after.texts.sort_by(|a, b| a.locale.cmp(&b.locale));
        }
    }
    Ok(())
}

/// Which stored variant each wanted one is: by option values, then by SKU, then the only one there is.
fn matches(w: &WantedProduct, before: &Product) -> Vec<Option<usize>> {
    let full = w.options.is_some();
    let key = |o: &[Option<String>; 3]| o.clone().map(|v| v.map(|v| v.to_lowercase()));
    let mut free: Vec<bool> = vec![true; before.variants.len()];
    let mut out: Vec<Option<usize>> = vec![None; w.variants.len()];
    // active ones come before retired ones with the same values
    for retired in [false, true] {
        let same: HashMap<_, usize> = before
            .variants
            .iter()
            .enumerate()
            .filter(|(_, v)| v.retired_at.is_some() == retired)
            .map(|(i, v)| (key(&v.options), i))
            .collect();
        for (slot, v) in out.iter_mut().zip(&w.variants).filter(|_| full) {
            if slot.is_none()
                && let Some(i) = same.get(&key(&v.options))
                && free[*i]
            {
                (*slot, free[*i]) = (Some(*i), false);
            }
        }
    }
    for (slot, v) in out.iter_mut().zip(&w.variants) {
        if slot.is_none()
            && let Some(Some(sku)) = &v.sku
            && let Some(i) =
                before.variants.iter().position(|b| b.retired_at.is_none() && b.sku.as_ref() == Some(sku))
            && free[i]
        {
            (*slot, free[i]) = (Some(i), false);
        }
    }
    if let [slot @ None] = out.as_mut_slice() {
        let mut active = before.variants.iter().enumerate().filter(|(_, v)| v.retired_at.is_none());
        if let (Some((i, _)), None) = (active.next(), active.next()) {
            *slot = Some(i);
        }
    }
    out
}

fn variants(
    ctx: &Ctx,
    w: &WantedProduct,
    before: Option<&Product>,
    after: &mut Product,
) -> Result<Vec<VariantId>, Refusal> {
    if let Some(options) = &w.options {
        after.options = product::clean_options(options).map_err(refused)?;
    }
    let stored: &[Variant] = before.map_or(&[], |b| &b.variants);
    let matched = before.map_or_else(|| vec![None; w.variants.len()], |b| matches(w, b));
    let mut ids = Vec::with_capacity(w.variants.len());
    let mut active = Vec::with_capacity(w.variants.len());
    for (i, (v, at)) in w.variants.iter().zip(&matched).enumerate() {
        let old = at.map(|at| &stored[at]);
        if old.is_none() && w.options.is_none() && (before.is_some() || w.variants.len() > 1) {
            let reason = "which variant is meant cannot be told: the file has no option columns, and no variant of \
                          this product has this SKU";
            return Err(Refusal { variant: Some(i), reason: reason.to_owned() });
        }
        let new = merged(ctx, v, old, after.id, i64::try_from(i).unwrap_or(0) + 1, w.options.is_some());
        ids.push(new.id);
        active.push(new);
    }
    if before.is_none() && active.is_empty() {
        active.push(merged(ctx, &WantedVariant::default(), None, after.id, 1, true));
    }
    if w.options.is_some() || before.is_none() {
        product::check_variants(&after.options, &active).map_err(refused)?;
        let gone = stored
            .iter()
            .filter(|s| !ids.contains(&s.id))
            .map(|s| Variant { retired_at: s.retired_at.or(Some(ctx.now())), ..s.clone() });
        active.extend(gone);
        // the stored order, so that nothing seems to change when nothing does
        active.sort_by_key(|v| (v.position, v.id));
        after.variants = active;
    } else {
        for new in active {
            if let Some(slot) = after.variants.iter_mut().find(|v| v.id == new.id) {
                *slot = new;
            }
        }
        let active: Vec<Variant> = after.active().cloned().collect();
        product::check_variants(&after.options, &active).map_err(refused)?;
    }
    Ok(ids)
}

fn merged(
    ctx: &Ctx,
    w: &WantedVariant,
    old: Option<&Variant>,
    product: ProductId,
    position: i64,
    full: bool,
) -> Variant {
    let or = |new: &Option<Option<String>>, old: Option<&Option<String>>| match new {
        Some(v) => v.clone(),
        None => old.cloned().flatten(),
    };
    Variant {
        id: old.map_or_else(|| ctx.id(), |o| o.id),
        product,
        position: if full { position } else { old.map_or(position, |o| o.position) },
        sku: or(&w.sku, old.map(|o| &o.sku)),
        gtin: or(&w.gtin, old.map(|o| &o.gtin)),
        options: match old {
            Some(o) if !full => o.options.clone(),
            _ => w.options.clone(),
        },
        weight_grams: w.weight_grams.unwrap_or_else(|| old.and_then(|o| o.weight_grams)),
        unit_grams: w.unit_grams.unwrap_or_else(|| old.and_then(|o| o.unit_grams)),
        cost_minor: w.cost_minor.unwrap_or_else(|| old.and_then(|o| o.cost_minor)),
        requires_shipping: w.requires_shipping.unwrap_or_else(|| old.is_none_or(|o| o.requires_shipping)),
        taxable: w.taxable.unwrap_or_else(|| old.is_none_or(|o| o.taxable)),
        image: w.image.unwrap_or_else(|| old.and_then(|o| o.image)),
        retired_at: None,
    }
}

/// Only what differs from what is stored.
fn values(
    w: &WantedProduct,
    after: &Product,
    variants: &[VariantId],
    known: &Known,
) -> Vec<(CustomFieldId, Uuid, String)> {
    let own = w.values.iter().map(|(f, v)| (*f, after.id.uuid(), v));
    let theirs =
        w.variants.iter().zip(variants).flat_map(|(v, id)| v.values.iter().map(|(f, v)| (*f, id.uuid(), v)));
    own.chain(theirs)
        .filter(|(f, subject, v)| known.values.get(&(*f, *subject)).map_or("", String::as_str) != v.as_str())
        .map(|(f, subject, v)| (f, subject, v.clone()))
        .collect()
}

/// Writes plans that were made in this same transaction; those that change nothing cost nothing. The caller touches
/// the change feed, once for everything that it writes of a product.
///
/// # Errors
/// The database's; a unique violation when another writer was quicker: plan again.
pub async fn apply(tx: &mut Tx, ctx: &Ctx, plans: &[&Plan]) -> Result<(), Error> {
    let changed: Vec<&Plan> = plans.iter().copied().filter(|p| p.change() != Change::Unchanged).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let store = ctx.store.id;
    let products: Vec<&Product> = changed.iter().map(|p| &p.after).collect();
    rows::put_products(tx, &products).await?;

    let (mut texts, mut options, mut variants, mut loosened, mut values) =
        (vec![], vec![], vec![], vec![], vec![]);
    let mut moved = vec![];
    for plan in &changed {
        let (before, after) = (plan.before.as_ref(), &plan.after);
        let old_texts = before.map_or(&[][..], |b| &b.texts);
        for t in after.texts.iter().filter(|t| !old_texts.contains(t)) {
            texts.push((after.id, t));
            if let Some(old) = old_texts.iter().find(|o| o.locale == t.locale && o.slug != t.slug) {
                moved.push((after.id, old, t));
            }
        }
        if before.map_or(&[][..], |b| &b.options) != after.options {
            options.push((after, before.is_none()));
        }
        let old_variants = before.map_or(&[][..], |b| &b.variants);
        let new: Vec<&Variant> = after.variants.iter().filter(|v| !old_variants.contains(v)).collect();
        if let Some(before) = before {
            loosened.extend(update::loosened(before, &new));
        }
        variants.extend(new);
        values.extend(plan.values.iter().cloned());
    }
    rows::put_texts(tx, store, &texts).await?;
    for (id, old, new) in moved {
        rows::moved(tx, ctx, "product", &new.locale, id.uuid(), &old.slug, &new.slug).await?;
    }
    rows::put_options(tx, &options).await?;
    // those that leave first, so that their SKUs are free for those that come
    let (gone, here): (Vec<&Variant>, Vec<&Variant>) =
        variants.into_iter().partition(|v| v.retired_at.is_some());
    rows::put_variants(tx, ctx, store, &gone, &loosened).await?;
    rows::put_variants(tx, ctx, store, &here, &[]).await?;
    field::put(tx, &values).await
}
