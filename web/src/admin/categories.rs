//! The category tree: create, rename, move, delete when empty.

use assets::{NewImage, Subject};
use axum::extract::{DefaultBodyLimit, Multipart};
use axum::handler::Handler as _;
use axum::response::Response;
use catalog::{Category, CategoryText, NewCategory};
use db::Tx;
use kernel::perms::{ProductsRead, ProductsWrite};
use kernel::{CategoryId, Ctx, ErrorKind};

use super::blame::{blame, same};
use super::office::Office;
use super::products::language;
use super::sent::{Form, Query};
use super::views::{CategoriesView, CategoryEdit, CategoryRow, Choice, Fields, Section, TextLocale};
use super::{shown, upload};
use crate::extract::Path;
use crate::{Auth, Error, Routes};

const PATH: &str = "/admin/categories";
/// So many bytes of a picture are taken.
const UPLOAD: usize = 32 << 20;

pub(super) fn routes(routes: Routes) -> Routes {
    let (read, write) = (Auth::Staff("products:read"), Auth::Staff("products:write"));
    routes
        .get(PATH, read, list)
        .post(PATH, write, create)
        .post("/admin/categories/{id}", write, update)
        .post("/admin/categories/{id}/deletion", write, delete)
        .post("/admin/categories/{id}/image", write, set_image.layer(DefaultBodyLimit::max(UPLOAD)))
        .post("/admin/categories/{id}/image/deletion", write, remove_image)
}

/// Every category by its path: "Fruit › Citrus".
pub(super) fn choices(tree: &[Category]) -> Vec<Choice> {
    let mut path: Vec<&str> = vec![];
    tree.iter()
        .map(|c| {
            path.truncate(c.depth);
            path.push(&c.name);
            Choice::new(c.id.to_string(), path.join(" › "))
        })
        .collect()
}

/// `GET /admin/categories?edit={id}`.
async fn list(office: Office, Query(query): Query) -> Result<Response, Error> {
    office.permit::<ProductsRead>()?;
    let id: Option<CategoryId> = query.value("edit").parse().ok();
    let view = view(&office, Fields::new(), id.map(|id| (id, None))).await?;
    office.page(&view)
}

/// `edit` is the category being changed, and what was typed, if anything was.
async fn view(
    office: &Office,
    form: Fields,
    edit: Option<(CategoryId, Option<Fields>)>,
) -> Result<CategoriesView, Error> {
    let ctx = office.ctx();
    let id = edit.as_ref().map(|(id, _)| *id);
    let (tree, texts, images, locales) = office
        .db()
        .read(async |tx: &mut Tx| {
            let tree = catalog::category_tree(tx, ctx.store.id, &ctx.locale).await?;
            let texts = match id {
                Some(id) => catalog::category_texts(tx, ctx.store.id, id).await?,
                None => vec![],
            };
            let of: Vec<uuid::Uuid> = id.iter().map(|id| id.uuid()).collect();
            let images = assets::images_of(tx, Subject::Category, &of).await?;
            Ok::<_, Error>((tree, texts, images, site::locales(tx, ctx.store.id).await?))
        })
        .await?;
    let rows = tree.iter().map(|c| CategoryRow {
        id: c.id.to_string(),
        name: c.name.clone(),
        slug: c.slug.clone(),
        depth: u32::try_from(c.depth).unwrap_or_default(),
        products: u32::try_from(c.products).unwrap_or_default(),
        has_children: has_children(&tree, c.id),
    });
    let found = edit.and_then(|(id, typed)| Some((tree.iter().find(|c| c.id == id)?, typed)));
    let edit = found.map(|(c, typed)| CategoryEdit {
        id: c.id.to_string(),
        name: c.name.clone(),
        picture: images.first().and_then(|i| shown::picture(i, 320, &c.name)),
        form: typed.unwrap_or_else(|| stored(&tree, c, &texts)),
        can_delete: c.products == 0 && !has_children(&tree, c.id),
    });
    // a category cannot lie in itself, nor in one below it
    let inside = id.map(|id| below(&tree, id)).unwrap_or_default();
    let parents = choices(&tree).into_iter().zip(&tree).filter(|(_, c)| !inside.contains(&c.id));
    Ok(CategoriesView {
        shell: office.shell(Section::Categories).await?,
        rows: rows.collect(),
        parents: parents.map(|(choice, _)| choice).collect(),
        locales: named(office, &locales),
        form,
        edit,
        can_edit: office.may::<ProductsWrite>(),
    })
}

/// The shop's languages, the main one first.
pub(super) fn named(office: &Office, locales: &[String]) -> Vec<TextLocale> {
    let named = |(i, tag): (usize, &String)| TextLocale {
        tag: tag.clone(),
        name: language(office, tag),
        main: i == 0,
    };
    locales.iter().enumerate().map(named).collect()
}

fn has_children(tree: &[Category], id: CategoryId) -> bool {
    tree.iter().any(|c| c.parent == Some(id))
}

/// The category and all below it; parents stand before their children.
fn below(tree: &[Category], id: CategoryId) -> Vec<CategoryId> {
    let mut all = vec![id];
    for c in tree {
        if c.parent.is_some_and(|p| all.contains(&p)) {
            all.push(c.id);
        }
    }
    all
}

fn stored(tree: &[Category], category: &Category, texts: &[CategoryText]) -> Fields {
    let mut form = Fields::new();
    for text in texts {
        form.set(&format!("name.{}", text.locale), text.name.as_str());
        form.set(&format!("slug.{}", text.locale), text.slug.as_str());
        form.set(&format!("description.{}", text.locale), text.description.as_str());
    }
    form.set("parent_id", category.parent.map(|p| p.to_string()).unwrap_or_default());
    let place = tree.iter().filter(|c| c.parent == category.parent).position(|c| c.id == category.id);
    form.set("position", (place.unwrap_or_default() + 1).to_string());
    form
}

/// `POST /admin/categories`: `name`, `slug`, `parent_id`.
async fn create(office: Office, Form(mut form): Form) -> Result<Response, Error> {
    let permit = office.permit::<ProductsWrite>()?;
    let text = CategoryText {
        locale: office.state.default_locale().to_string(),
        name: form.value("name").to_owned(),
        slug: form.value("slug").to_owned(),
        description: String::new(),
    };
    let new = NewCategory { parent: form.value("parent_id").parse().ok(), texts: vec![text] };
    let ctx = office.ctx().clone();
    let made = office
        .db()
        .write("create_category", async move |tx: &mut Tx| {
            catalog::create_category(tx, &ctx, &permit, &new).await
        })
        .await;
    match made {
        Ok(_) => Ok(office.done(PATH, office.tx("categories-created", form.value("name").trim()))),
        Err(e) => {
            blame(&office, &mut form, e, parent_field)?;
            office.refused(&view(&office, form, None).await?)
        }
    }
}

fn parent_field(field: &str) -> String {
    if field == "parent" { "parent_id".to_owned() } else { field.to_owned() }
}

/// `POST /admin/categories/{id}`: `name.{tag}`, `slug.{tag}`, `description.{tag}`, `parent_id`, `position`.
async fn update(office: Office, Path(id): Path<CategoryId>, Form(mut form): Form) -> Result<Response, Error> {
    let permit = office.permit::<ProductsWrite>()?;
    let ctx = office.ctx().clone();
    let locales = office.db().read(async |tx: &mut Tx| site::locales(tx, ctx.store.id).await).await?;
    let value = |name: &str, tag: &str| form.value(&format!("{name}.{tag}")).to_owned();
    let texts: Vec<CategoryText> = (0..)
        .zip(&locales)
        .map(|(i, tag)| (i, tag, value("name", tag)))
        // the main language needs a name, another only gets one where something was typed
        .filter(|(i, tag, name)| *i == 0 || !format!("{name}{}", value("description", tag)).trim().is_empty())
        .map(|(_, tag, name)| CategoryText {
            locale: tag.clone(),
            name,
            slug: value("slug", tag),
            description: value("description", tag),
        })
        .collect();
    let parent: Option<CategoryId> = form.value("parent_id").parse().ok();
    let place = form.value("position").trim().parse::<usize>().unwrap_or(usize::MAX).saturating_sub(1);
    let saved = office
        .db()
        .write("update_category", async move |tx: &mut Tx| {
            catalog::set_category_texts(tx, &ctx, &permit, id, &texts).await?;
            let tree = catalog::category_tree(tx, ctx.store.id, &ctx.locale).await?;
            let now = tree.iter().find(|c| c.id == id);
            let stands = tree.iter().filter(|c| c.parent == parent).position(|c| c.id == id);
            if now.is_none_or(|c| c.parent != parent) || stands != Some(place) {
                catalog::move_category(tx, &ctx, &permit, id, parent, place).await?;
            }
            Ok::<_, catalog::Error>(())
        })
        .await;
    match saved {
        Ok(()) => Ok(office.done(PATH, office.t("form-saved"))),
        Err(e) => {
            let main = locales.first().cloned().unwrap_or_default();
            blame(&office, &mut form, e, |field| match field {
                "name" | "slug" => format!("{field}.{main}"),
                other => parent_field(other),
            })?;
            office.refused(&view(&office, Fields::new(), Some((id, Some(form)))).await?)
        }
    }
}

/// `POST /admin/categories/{id}/deletion`.
async fn delete(office: Office, Path(id): Path<CategoryId>) -> Result<Response, Error> {
    let permit = office.permit::<ProductsWrite>()?;
    let ctx = office.ctx().clone();
    let gone = office
        .db()
        .write("delete_category", async move |tx: &mut Tx| {
            catalog::delete_category(tx, &ctx, &permit, id).await
        })
        .await
        .map_err(Error::from);
    match gone {
        Ok(()) => Ok(office.done(PATH, office.t("form-deleted"))),
        Err(e) if e.kind == ErrorKind::Conflict => office.failed(PATH, e),
        Err(e) => Err(e),
    }
}

/// `POST /admin/categories/{id}/image` (multipart, `image`): its picture, in place of the one before.
async fn set_image(office: Office, Path(id): Path<CategoryId>, files: Multipart) -> Result<Response, Error> {
    let permit = office.permit::<ProductsWrite>()?;
    let stored = match upload::one(&office, files, "image").await {
        Ok(stored) => stored,
        Err(e) if e.kind == ErrorKind::Invalid => {
            let mut said = Fields::new();
            blame(&office, &mut said, Error { field: Some("image".to_owned()), ..e }, same)?;
            let mut view = view(&office, Fields::new(), Some((id, None))).await?;
            if let Some(edit) = &mut view.edit {
                for error in said.errors() {
                    edit.form.fail(&error.field, error.message.clone());
                }
            }
            return office.refused(&view);
        }
        Err(e) => return Err(e),
    };
    let ctx = office.ctx().clone();
    office
        .db()
        .write("category_image", async move |tx: &mut Tx| {
            catalog::category_texts(tx, ctx.store.id, id).await?;
            let asset = assets::add(tx, &ctx, &permit, &stored.0, &stored.1).await?;
            put_images(tx, &ctx, id, vec![NewImage { asset, alt: None }]).await
        })
        .await?;
    Ok(office.done(&format!("{PATH}?edit={id}#edit"), office.t("form-saved")))
}

/// `POST /admin/categories/{id}/image/deletion`: shown is what lies in it.
async fn remove_image(office: Office, Path(id): Path<CategoryId>) -> Result<Response, Error> {
    office.permit::<ProductsWrite>()?;
    let ctx = office.ctx().clone();
    office
        .db()
        .write("category_image", async move |tx: &mut Tx| {
            catalog::category_texts(tx, ctx.store.id, id).await?;
            put_images(tx, &ctx, id, vec![]).await
        })
        .await?;
    Ok(office.done(&format!("{PATH}?edit={id}#edit"), office.t("form-saved")))
}

async fn put_images(tx: &mut Tx, ctx: &Ctx, id: CategoryId, images: Vec<NewImage>) -> Result<(), Error> {
    let shown: Vec<String> = images.iter().map(|i| i.asset.to_string()).collect();
    if assets::set_images(tx, Subject::Category, &[(id.uuid(), images)]).await?.is_empty() {
        return Ok(());
    }
    let deed = work::Deed {
        verb: "category.images",
        subject_kind: "category",
        subject: id.uuid(),
        before: None,
        after: Some(serde_json::json!(shown)),
        note: None,
    };
    work::audit(tx, ctx, &deed).await?;
    work::touch(tx, ctx, "category", id.uuid()).await?;
    Ok(())
}
