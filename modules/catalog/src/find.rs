use db::{Tx, params, sql};
use kernel::{
    CategoryId, Ctx, Cursor, Page, PageSize, Permit, ProductId, StoreId, Timestamp, VariantId,
    perms::ProductsRead,
};
use serde::Serialize;

use crate::product::{Product, ProductState};
use crate::{Error, rows};

/// Which products a list shows.
#[derive(Debug, Clone, Default)]
pub struct ListFilter {
    /// Only these.
    pub state: Option<ProductState>,
    /// In this category or below it.
    pub category: Option<CategoryId>,
    /// Words in title, address, vendor or SKU.
    pub search: String,
}

db::row! {
    /// A product in a list of staff.
    #[derive(Debug, Clone, Serialize)]
    pub struct ProductRow {
        /// Its id.
        pub id: ProductId,
        /// Where it stands.
        pub state: ProductState,
        /// Its place in the tree.
        pub category: Option<CategoryId>,
        /// That category's name.
        pub category_name: Option<String>,
        /// What sort of thing it is.
        pub product_type: String,
        /// Its brand.
        pub vendor: String,
        /// Its name in the reader's language, or else in another.
        pub title: String,
        /// Its address.
        pub slug: String,
        /// How many variants it has.
        pub variants: i64,
        /// The first one's SKU.
        pub sku: Option<String>,
        /// Grows with every change.
        pub version: i64,
        /// When it last changed.
        pub updated_at: Timestamp,
    }
}

/// Products for staff, those that changed last first.
///
/// # Errors
/// The database's.
pub async fn list(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<ProductsRead>,
    filter: &ListFilter,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<ProductRow>, Error> {
    if !permit.scope().has_store(ctx.store.id) {
        return Ok(Page { rows: vec![], next: None });
    }
    let words = filter.search.trim().to_lowercase();
    let pattern = (!words.is_empty()).then(|| {
        let escaped = words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        format!("%{escaped}%")
    });
    let rows: Vec<ProductRow> = tx
        .all(
            sql!(
                "select p.id, p.state, p.category_id, (select ct.name from category_text ct
                     where ct.category_id = p.category_id order by (ct.locale = $2) desc, ct.locale limit 1),
                     p.product_type, p.vendor,
                     coalesce((select t.title from product_text t where t.product_id = p.id
                         order by (t.locale = $2) desc, t.locale limit 1), ''),
                     coalesce((select t.slug from product_text t where t.product_id = p.id
                         order by (t.locale = $2) desc, t.locale limit 1), ''),
                     cast((select count(*) from variant v where v.product_id = p.id and v.retired_at is null) as bigint),
                     (select v.sku from variant v where v.product_id = p.id and v.retired_at is null
                         order by v.position limit 1),
                     p.version, p.updated_at
                 from product p
                 where p.store_id = $1
                   and (cast($3 as text) is null or p.state = $3)
                   and (cast($4 as uuid) is null or p.category_id in (
                       with recursive below (id) as (
                           select id from category where id = $4
                           union select c.id from category c join below b on c.parent_id = b.id)
                       select id from below))
                   and (cast($5 as text) is null or lower(p.vendor) like $5 escape '\\'
                       or exists (select 1 from product_text t where t.product_id = p.id
                           and (lower(t.title) like $5 escape '\\' or t.slug like $5 escape '\\'))
                       or exists (select 1 from variant v where v.product_id = p.id
                           and (lower(v.sku) like $5 escape '\\' or v.gtin like $5 escape '\\')))
                   and (cast($6 as bigint) is null or (p.updated_at, p.id) < ($6, $7))
                 order by p.updated_at desc, p.id desc limit $8"
            ),
            params![
                ctx.store.id,
                ctx.locale,
                filter.state,
                filter.category,
                pattern,
                after.map(|c| c.key),
                after.map(|c| c.id),
                size.plus_one()
            ],
        )
        .await?;
    Ok(Page::cut(rows, size, |r| Cursor { key: r.updated_at.0, id: r.id.uuid() }))
}

/// How many products stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct StateCounts {
    /// Seen by staff only.
    pub draft: i64,
    /// For sale.
    pub live: i64,
    /// No longer for sale.
    pub retired: i64,
}

/// Counts for the tabs above the list.
///
/// # Errors
/// The database's.
pub async fn counts(tx: &mut Tx, store: StoreId) -> Result<StateCounts, Error> {
    let rows: Vec<(ProductState, i64)> = tx
        .all(
            sql!("select state, cast(count(*) as bigint) from product where store_id = $1 group by state"),
            params![store],
        )
        .await?;
    let of = |state| rows.iter().find(|(s, _)| *s == state).map_or(0, |(_, n)| *n);
    Ok(StateCounts {
        draft: of(ProductState::Draft),
        live: of(ProductState::Live),
        retired: of(ProductState::Retired),
    })
}

/// A product with everything that belongs to it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(tx: &mut Tx, store: StoreId, id: ProductId) -> Result<Product, Error> {
    rows::load(tx, store, &[id]).await?.into_iter().next().ok_or(Error::NotFound { what: "product" })
}

/// Several whole products, in the order of `ids`; what is not there is left out. Four statements.
///
/// # Errors
/// The database's.
pub async fn models(tx: &mut Tx, store: StoreId, ids: &[ProductId]) -> Result<Vec<Product>, Error> {
    rows::load(tx, store, ids).await
}

/// The ids of products in a state (or in any), in order of id: for building an index batch by batch.
///
/// # Errors
/// The database's.
pub async fn page_of_ids(
    tx: &mut Tx,
    store: StoreId,
    state: Option<ProductState>,
    after: Option<ProductId>,
    limit: u32,
) -> Result<Vec<ProductId>, Error> {
    let rows: Vec<(ProductId,)> = tx
        .all(
            sql!(
                "select id from product
                 where store_id = $1 and (cast($2 as text) is null or state = $2)
                   and (cast($3 as uuid) is null or id > $3)
                 order by id limit $4"
            ),
            params![store, state, after, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whose variant it is.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn product_of_variant(tx: &mut Tx, store: StoreId, variant: VariantId) -> Result<ProductId, Error> {
    let found: Option<(ProductId,)> = tx
        .opt(sql!("select product_id from variant where store_id = $1 and id = $2"), params![store, variant])
        .await?;
    found.map(|(id,)| id).ok_or(Error::NotFound { what: "variant" })
}

/// Where an address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slug {
    /// To this product.
    pub product: ProductId,
    /// It lives at another address now: send the reader there.
    pub moved_to: Option<String>,
}

/// Which product has this address, or had it once.
///
/// # Errors
/// The database's.
pub async fn by_slug(tx: &mut Tx, store: StoreId, locale: &str, slug: &str) -> Result<Option<Slug>, Error> {
    if let Some((_, product)) = rows::slug_owners(tx, store, locale, &[slug]).await?.into_iter().next() {
        return Ok(Some(Slug { product, moved_to: None }));
    }
    let Some((_, subject)) =
        rows::former_owners(tx, store, "product", locale, &[slug]).await?.into_iter().next()
    else {
        return Ok(None);
    };
    let now: Option<(String,)> = tx
        .opt(
            sql!("select slug from product_text where product_id = $1 and locale = $2"),
            params![subject, locale],
        )
        .await?;
    Ok(now.map(|(slug,)| Slug { product: kernel::Id::from_uuid(subject), moved_to: Some(slug) }))
}
