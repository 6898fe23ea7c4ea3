use std::collections::HashMap;

use db::{Tx, params, sql};
use kernel::{CategoryId, Ctx, Permit, StoreId, perms::ProductsWrite};
use serde::{Deserialize, Serialize};

use crate::{Error, rows};

/// How deep the tree may grow.
const DEPTH: usize = 10;

/// A category's texts in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryText {
    /// `en`.
    pub locale: String,
    /// Its name.
    pub name: String,
    /// Its address; made of the name when empty.
    pub slug: String,
    /// Sanitised HTML.
    pub description: String,
}

/// A category as it is first given.
#[derive(Debug, Clone)]
pub struct NewCategory {
    /// Below which; none for the top.
    pub parent: Option<CategoryId>,
    /// One per locale, at least one.
    pub texts: Vec<CategoryText>,
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// Below which.
    pub parent: Option<CategoryId>,
    /// Its place among its siblings.
    pub position: i64,
    /// 0 at the top.
    pub depth: usize,
    /// Its name in the reader's language, or else in another.
    pub name: String,
    /// Its address in that language.
    pub slug: String,
    /// Sanitised HTML.
    pub description: String,
    /// How many products lie directly in it, in any state.
    pub products: i64,
}

db::row! {
    struct Node {
        id: CategoryId, parent: Option<CategoryId>, position: i64, name: Option<String>, slug: Option<String>,
        description: Option<String>, other_name: Option<String>, other_slug: Option<String>, products: i64,
    }
}

/// The whole tree, every parent before its children, siblings in their order.
///
/// # Errors
/// The database's.
pub async fn category_tree(tx: &mut Tx, store: StoreId, locale: &str) -> Result<Vec<Category>, Error> {
    let nodes: Vec<Node> = tx
        .all(
            sql!(
                "select c.id, c.parent_id, c.position, t.name, t.slug, t.description,
                     (select o.name from category_text o where o.category_id = c.id order by o.locale limit 1),
                     (select o.slug from category_text o where o.category_id = c.id order by o.locale limit 1),
                     cast((select count(*) from product p where p.category_id = c.id) as bigint)
                 from category c left join category_text t on t.category_id = c.id and t.locale = $2
                 where c.store_id = $1 order by c.position, c.id"
            ),
            params![store, locale],
        )
        .await?;
    let mut below: HashMap<Option<CategoryId>, Vec<Node>> = HashMap::new();
    for node in nodes {
        below.entry(node.parent).or_default().push(node);
    }
    let mut out = vec![];
    descend(&mut below, None, 0, &mut out);
    Ok(out)
}

fn descend(
    below: &mut HashMap<Option<CategoryId>, Vec<Node>>,
    parent: Option<CategoryId>,
    depth: usize,
    out: &mut Vec<Category>,
) {
    for n in below.remove(&parent).unwrap_or_default() {
        let id = n.id;
        out.push(Category {
            id,
            parent,
            position: n.position,
            depth,
            name: n.name.or(n.other_name).unwrap_or_default(),
            slug: n.slug.or(n.other_slug).unwrap_or_default(),
            description: n.description.unwrap_or_default(),
            products: n.products,
        });
        descend(below, Some(id), depth + 1, out);
    }
}

/// A category's texts in every language.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn category_texts(tx: &mut Tx, store: StoreId, id: CategoryId) -> Result<Vec<CategoryText>, Error> {
    let rows: Vec<(String, String, String, String)> = tx
        .all(
            sql!(
                "select locale, name, slug, description from category_text
                 where store_id = $1 and category_id = $2 order by locale"
            ),
            params![store, id],
        )
        .await?;
    if rows.is_empty() {
        return Err(Error::NotFound { what: "category" });
    }
    Ok(rows
        .into_iter()
        .map(|(locale, name, slug, description)| CategoryText { locale, name, slug, description })
        .collect())
}

/// Which category has this address; the second is where it lives now, when it moved.
///
/// # Errors
/// The database's.
pub async fn category_by_slug(
    tx: &mut Tx,
    store: StoreId,
    locale: &str,
    slug: &str,
) -> Result<Option<(CategoryId, Option<String>)>, Error> {
    if let Some(id) = owner(tx, store, locale, slug).await? {
        return Ok(Some((id, None)));
    }
    let Some((_, subject)) =
        rows::former_owners(tx, store, "category", locale, &[slug]).await?.into_iter().next()
    else {
        return Ok(None);
    };
    let now: Option<(String,)> = tx
        .opt(
            sql!("select slug from category_text where category_id = $1 and locale = $2"),
            params![subject, locale],
        )
        .await?;
    Ok(now.map(|(slug,)| (kernel::Id::from_uuid(subject), Some(slug))))
}

async fn owner(tx: &mut Tx, store: StoreId, locale: &str, slug: &str) -> Result<Option<CategoryId>, Error> {
    let found: Option<(CategoryId,)> = tx
        .opt(
            sql!("select category_id from category_text where store_id = $1 and locale = $2 and slug = $3"),
            params![store, locale, slug],
        )
        .await?;
    Ok(found.map(|(id,)| id))
}

/// Makes a category, last among its siblings.
///
/// # Errors
/// [`Error::Invalid`], [`Error::SlugTaken`]; [`Error::NotFound`] for the parent.
pub async fn create_category(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<ProductsWrite>,
    new: &NewCategory,
) -> Result<CategoryId, Error> {
    let id = insert(tx, ctx, new, "").await?;
    deed(
        tx,
        ctx,
        "category.create",
        id,
        None,
        Some(serde_json::json!({ "parent": new.parent, "texts": new.texts })),
    )
    .await?;
    Ok(id)
}

async fn insert(tx: &mut Tx, ctx: &Ctx, new: &NewCategory, prefix: &str) -> Result<CategoryId, Error> {
    if new.texts.is_empty() {
        return Err(Error::invalid("name", "a category needs a name"));
    }
    if let Some(parent) = new.parent
        && ancestors(tx, ctx.store.id, parent).await?.len() + 1 > DEPTH
    {
        return Err(Error::invalid("parent", format!("at most {DEPTH} levels")));
    }
    let id: CategoryId = ctx.id();
    let last: i64 = tx
        .value(
            sql!(
                "select coalesce(max(position), 0) from category
                 where store_id = $1 and (parent_id = $2 or (parent_id is null and cast($2 as uuid) is null))"
            ),
            params![ctx.store.id, new.parent],
        )
        .await?;
    tx.exec(
        sql!(
            "insert into category (id, store_id, parent_id, position, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $5)"
        ),
        params![id, ctx.store.id, new.parent, last + 1, ctx.now()],
    )
    .await?;
    for text in &new.texts {
        put_text(tx, ctx, id, text, prefix).await?;
    }
    work::touch(tx, ctx, "category", id.uuid()).await?;
    Ok(id)
}

/// The category itself and everything above it.
async fn ancestors(tx: &mut Tx, store: StoreId, id: CategoryId) -> Result<Vec<CategoryId>, Error> {
    let rows: Vec<(CategoryId,)> = tx
        .all(
            sql!(
                "with recursive above (id, parent_id) as (
                     select id, parent_id from category where store_id = $1 and id = $2
                     union select c.id, c.parent_id from category c join above a on c.id = a.parent_id)
                 select id from above"
            ),
            params![store, id],
        )
        .await?;
    if rows.is_empty() {
        return Err(Error::NotFound { what: "category" });
    }
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

async fn put_text(
    tx: &mut Tx,
    ctx: &Ctx,
    id: CategoryId,
    text: &CategoryText,
    prefix: &str,
) -> Result<(), Error> {
    let (store, name) = (ctx.store.id, text.name.trim());
    if name.is_empty() || name.chars().count() > crate::product::SHORT {
        return Err(Error::invalid("name", "a category needs a name of at most 255 letters"));
    }
    let given = text.slug.trim();
    if !given.is_empty() && !crate::is_slug(given) {
        return Err(Error::invalid("slug", "only lower-case letters, digits, - and _"));
    }
    let old: Option<(String,)> = tx
        .opt(
            sql!("select slug from category_text where category_id = $1 and locale = $2"),
            params![id, text.locale],
        )
        .await?;
    let old = old.map(|(slug,)| slug);
    let slug = match (given, &old) {
        ("", Some(old)) => old.clone(),
        ("", None) => free_slug(tx, ctx, id, &text.locale, name, prefix).await?,
        (given, _) => {
            if owner(tx, store, &text.locale, given).await?.is_some_and(|o| o != id) {
                return Err(Error::SlugTaken { slug: given.to_owned() });
            }
            given.to_owned()
        }
    };
    tx.insert(
        "insert into category_text (category_id, store_id, locale, name, slug, description) values",
        6,
        params![id, store, text.locale, name, slug, crate::sanitise(&text.description).as_ref()],
        "on conflict (category_id, locale) do update set name = excluded.name, slug = excluded.slug,
             description = excluded.description",
    )
    .await?;
    if let Some(old) = old.filter(|old| *old != slug) {
        rows::moved(tx, ctx, "category", &text.locale, id.uuid(), &old, &slug).await?;
    }
    Ok(())
}

/// `shirts`, else with what stands above it: `men-shirts`, else with a number.
async fn free_slug(
    tx: &mut Tx,
    ctx: &Ctx,
    id: CategoryId,
    locale: &str,
    name: &str,
    prefix: &str,
) -> Result<String, Error> {
    let base = match crate::slug_of(name) {
        made if made.is_empty() => "category".to_owned(),
        made => made,
    };
    let long = if prefix.is_empty() { base.clone() } else { format!("{prefix}-{base}") };
    for n in 0..1_000 {
        let slug = match n {
            0 => base.clone(),
            1 => long.clone(),
            n => format!("{long}-{n}"),
        };
        if owner(tx, ctx.store.id, locale, &slug).await?.is_none_or(|o| o == id) {
            return Ok(slug);
        }
    }
    Err(Error::SlugTaken { slug: base })
}

/// Renames, describes or re-addresses a category; locales left out stay.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`], [`Error::SlugTaken`].
pub async fn set_category_texts(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<ProductsWrite>,
    id: CategoryId,
    texts: &[CategoryText],
) -> Result<(), Error> {
    let before = category_texts(tx, ctx.store.id, id).await?;
    for text in texts {
        put_text(tx, ctx, id, text, "").await?;
    }
    let after = category_texts(tx, ctx.store.id, id).await?;
    if before != after {
        work::touch(tx, ctx, "category", id.uuid()).await?;
        let (before, after) = (serde_json::json!({ "texts": before }), serde_json::json!({ "texts": after }));
        deed(tx, ctx, "category.update", id, Some(before), Some(after)).await?;
    }
    Ok(())
}

/// Puts a category below another (or at the top), before the sibling that stands at `place` now (0 is first).
///
/// # Errors
/// [`Error::Loop`] into itself; [`Error::NotFound`].
pub async fn move_category(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<ProductsWrite>,
    id: CategoryId,
    parent: Option<CategoryId>,
    place: usize,
) -> Result<(), Error> {
    let store = ctx.store.id;
    let was = ancestors(tx, store, id).await?.get(1).copied();
    if let Some(parent) = parent {
        let above = ancestors(tx, store, parent).await?;
        if above.contains(&id) {
            return Err(Error::Loop);
        }
        if above.len() + 1 > DEPTH {
            return Err(Error::invalid("parent", format!("at most {DEPTH} levels")));
        }
    }
    let siblings: Vec<(CategoryId,)> = tx
        .all(
            sql!(
                "select id from category
                 where store_id = $1 and id <> $3
                   and (parent_id = $2 or (parent_id is null and cast($2 as uuid) is null))
                 order by position, id"
            ),
            params![store, parent, id],
        )
        .await?;
    let mut order: Vec<CategoryId> = siblings.into_iter().map(|(id,)| id).collect();
    order.insert(place.min(order.len()), id);
    for (position, node) in (1i64..).zip(&order) {
        tx.exec(
            sql!("update category set parent_id = $2, position = $3, updated_at = $4 where id = $1"),
            params![*node, parent, position, ctx.now()],
        )
        .await?;
    }
    work::touch(tx, ctx, "category", id.uuid()).await?;
    let (before, after) =
        (serde_json::json!({ "parent": was }), serde_json::json!({ "parent": parent, "place": place }));
    deed(tx, ctx, "category.move", id, Some(before), Some(after)).await
}

/// Deletes a category that holds nothing.
///
/// # Errors
/// [`Error::NotEmpty`], [`Error::NotFound`].
pub async fn delete_category(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<ProductsWrite>,
    id: CategoryId,
) -> Result<(), Error> {
    let texts = category_texts(tx, ctx.store.id, id).await?;
    let (products, children): (i64, i64) = tx
        .one(
            sql!(
                "select cast((select count(*) from product where category_id = $1) as bigint),
                     cast((select count(*) from category where parent_id = $1) as bigint)"
            ),
            params![id],
        )
        .await?;
    if products + children > 0 {
        return Err(Error::NotEmpty { products, children });
    }
    tx.exec(sql!("delete from category_text where category_id = $1"), params![id]).await?;
    tx.exec(sql!("delete from slug_history where kind = 'category' and subject_id = $1"), params![id])
        .await?;
    tx.exec(sql!("delete from category where id = $1"), params![id]).await?;
    work::touch(tx, ctx, "category", id.uuid()).await?;
    deed(tx, ctx, "category.delete", id, Some(serde_json::json!({ "texts": texts })), None).await
}

async fn deed(
    tx: &mut Tx,
    ctx: &Ctx,
    verb: &'static str,
    id: CategoryId,
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
) -> Result<(), Error> {
    let deed = work::Deed { verb, subject_kind: "category", subject: id.uuid(), before, after, note: None };
    Ok(work::audit(tx, ctx, &deed).await?)
}

/// The categories at the ends of these paths of names, each made with all above it where it is missing. Names are
/// compared without regard to case. For imports: whoever calls holds the permission.
///
/// # Errors
/// [`Error::Invalid`] for an empty path, an empty name, or too many levels.
pub async fn ensure_categories(
    tx: &mut Tx,
    ctx: &Ctx,
    locale: &str,
    paths: &[Vec<String>],
) -> Result<Vec<CategoryId>, Error> {
    let tree = category_tree(tx, ctx.store.id, locale).await?;
    let mut known: HashMap<(Option<CategoryId>, String), (CategoryId, String)> =
        tree.into_iter().map(|c| ((c.parent, c.name.to_lowercase()), (c.id, c.slug))).collect();
    let mut out = Vec::with_capacity(paths.len());
    for path in paths {
        let mut at: Option<(CategoryId, String)> = None;
        for name in path {
            let parent = at.as_ref().map(|(id, _)| *id);
            let key = (parent, name.trim().to_lowercase());
            if let Some(found) = known.get(&key) {
                at = Some(found.clone());
                continue;
            }
            let text =
                CategoryText { locale: locale.to_owned(), name: name.clone(), ..CategoryText::default() };
            let prefix = at.map(|(_, slug)| slug).unwrap_or_default();
            let id = insert(tx, ctx, &NewCategory { parent, texts: vec![text] }, &prefix).await?;
            let texts = category_texts(tx, ctx.store.id, id).await?;
            let made = (id, texts.into_iter().next().map(|t| t.slug).unwrap_or_default());
            known.insert(key, made.clone());
            at = Some(made);
        }
        out.push(at.ok_or_else(|| Error::invalid("category", "the path is empty"))?.0);
    }
    Ok(out)
}
