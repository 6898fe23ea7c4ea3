//! The tree of categories.

use catalog::NewCategory;
use db::Tx;
use kernel::perms::{ProductsRead, ProductsWrite};
use kernel::{CategoryId, Ctx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::answer::{Done, List, Made, One};
use crate::api::ask::{At, Body};
use crate::api::once::Sent;
use crate::api::types::given;
use crate::{Caller, Error, State};

/// A category in the tree.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CategoryRow {
    #[schema(example = "cat_01h455vb4pex5vsknk084sn02q")]
    id: String,
    parent: Option<String>,
    /// How far below the top.
    depth: usize,
    position: i64,
    name: String,
    slug: String,
    /// Products that lie in it.
    product_count: i64,
}

/// A category in every language.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdminCategory)]
pub(super) struct CategoryView {
    id: String,
    parent: Option<String>,
    position: i64,
    product_count: i64,
    texts: Vec<CategoryText>,
}

/// A category's texts in one language.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CategoryText {
    locale: String,
    name: String,
    /// Its address; made from the name when empty.
    #[serde(default)]
    slug: String,
    /// HTML; what is not harmless is taken out.
    #[serde(default)]
    description: String,
}

impl From<CategoryText> for catalog::CategoryText {
    fn from(t: CategoryText) -> catalog::CategoryText {
        let CategoryText { locale, name, slug, description } = t;
        catalog::CategoryText { locale, name, slug, description }
    }
}

pub(super) async fn list(state: State, caller: Caller) -> Result<List<CategoryRow>, Error> {
    caller.permit::<ProductsRead>()?;
    let (store, locale) = (caller.ctx.store.id, caller.ctx.locale);
    let tree = state.db().read(async |tx: &mut Tx| catalog::category_tree(tx, store, &locale).await).await?;
    let row = |c: catalog::Category| CategoryRow {
        id: c.id.to_string(),
        parent: c.parent.map(|p| p.to_string()),
        depth: c.depth,
        position: c.position,
        name: c.name,
        slug: c.slug,
        product_count: c.products,
    };
    Ok(List::whole(tree.into_iter().map(row).collect()))
}

async fn shown(tx: &mut Tx, ctx: &Ctx, id: CategoryId) -> Result<CategoryView, Error> {
    let tree = catalog::category_tree(tx, ctx.store.id, &ctx.locale).await?;
    let found = tree.into_iter().find(|c| c.id == id);
    let c = found.ok_or(catalog::Error::NotFound { what: "category" })?;
    let texts = catalog::category_texts(tx, ctx.store.id, id).await?;
    let text = |t: catalog::CategoryText| CategoryText {
        locale: t.locale,
        name: t.name,
        slug: t.slug,
        description: t.description,
    };
    Ok(CategoryView {
        id: id.to_string(),
        parent: c.parent.map(|p| p.to_string()),
        position: c.position,
        product_count: c.products,
        texts: texts.into_iter().map(text).collect(),
    })
}

pub(super) async fn get(
    state: State,
    caller: Caller,
    At(id): At<CategoryId>,
) -> Result<One<CategoryView>, Error> {
    caller.permit::<ProductsRead>()?;
    let view = state.db().read(async |tx: &mut Tx| shown(tx, &caller.ctx, id).await).await?;
    Ok(One::new(view))
}

/// A category to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CategoryInput {
    /// Missing: at the top.
    #[schema(value_type = Option<String>)]
    parent: Option<CategoryId>,
    texts: Vec<CategoryText>,
}

pub(super) async fn create(
    state: State,
    caller: Caller,
    Sent(new, once): Sent<CategoryInput>,
) -> Result<Made<CategoryView>, Error> {
    let permit = caller.permit::<ProductsWrite>()?;
    let ctx = caller.ctx;
    let new = NewCategory { parent: new.parent, texts: new.texts.into_iter().map(Into::into).collect() };
    let view = state
        .db()
        .write("category_create", async move |tx: &mut Tx| {
            let make = async |tx: &mut Tx| Ok(catalog::create_category(tx, &ctx, &permit, &new).await?);
            let id = once.make(tx, &ctx, make).await?;
            shown(tx, &ctx, id).await
        })
        .await?;
    Ok(Made::new(format!("/admin/categories/{}", view.id), view))
}

/// What of a category is changed; what is not named stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct CategoryChange {
    texts: Option<Vec<CategoryText>>,
    /// Null: to the top. With `place`, or as the last.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    parent: Option<Option<CategoryId>>,
    /// Among its siblings, from 0.
    place: Option<usize>,
}

pub(super) async fn update(
    state: State,
    caller: Caller,
    At(id): At<CategoryId>,
    Body(change): Body<CategoryChange>,
) -> Result<One<CategoryView>, Error> {
    let permit = caller.permit::<ProductsWrite>()?;
    let ctx = caller.ctx;
    let view = state
        .db()
        .write("category_update", async move |tx: &mut Tx| {
            let now = shown(tx, &ctx, id).await?;
            if let Some(texts) = &change.texts {
                let texts: Vec<_> = texts.iter().cloned().map(Into::into).collect();
                catalog::set_category_texts(tx, &ctx, &permit, id, &texts).await?;
            }
            if change.parent.is_some() || change.place.is_some() {
                let stays = now.parent.as_deref().and_then(|p| p.parse().ok());
                let parent = change.parent.unwrap_or(stays);
                let place = change.place.unwrap_or(usize::MAX);
                catalog::move_category(tx, &ctx, &permit, id, parent, place).await?;
            }
            shown(tx, &ctx, id).await
        })
        .await?;
    Ok(One::new(view))
}

pub(super) async fn remove(state: State, caller: Caller, At(id): At<CategoryId>) -> Result<Done, Error> {
    let permit = caller.permit::<ProductsWrite>()?;
    let ctx = caller.ctx;
    state
        .db()
        .write("category_delete", async move |tx: &mut Tx| {
            catalog::delete_category(tx, &ctx, &permit, id).await
        })
        .await?;
    Ok(Done)
}
