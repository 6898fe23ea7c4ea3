//! The merchant's own fields: defined, named, ordered, deleted.

use axum::response::Response;
use catalog::{CustomField, FieldKind, NewField, Resource};
use db::Tx;
use kernel::perms::ProductsWrite;
use kernel::{CustomFieldId, TextState};

use crate::admin::blame::{blame, same};
use crate::admin::office::Office;
use crate::admin::own_fields::slug;
use crate::admin::sent::{Form, Query};
use crate::admin::views::{Choice, FieldGroup, FieldRow, Fields, Section, SettingsFieldsView};
use crate::extract::Path;
use crate::{Auth, Error, Routes};

const PATH: &str = "/admin/settings/fields";
/// What is defined here stands in this namespace; imports bring others.
const NAMESPACE: &str = "custom";

pub(super) fn routes(routes: Routes) -> Routes {
    let write = Auth::Staff("products:write");
    routes
        .get(PATH, write, list)
        .post(PATH, write, create)
        .post("/admin/settings/fields/{id}", write, rename)
        .post("/admin/settings/fields/{id}/place", write, place)
        .post("/admin/settings/fields/{id}/deletion", write, delete)
}

async fn all(office: &Office) -> Result<Vec<CustomField>, Error> {
    let store = office.ctx().store.id;
    office
        .db()
        .read(async |tx: &mut Tx| {
            let mut all = vec![];
            for resource in Resource::ALL {
                all.extend(catalog::fields(tx, store, *resource).await?);
            }
            Ok::<_, Error>(all)
        })
        .await
}

/// `GET /admin/settings/fields?edit={id}`.
async fn list(office: Office, Query(query): Query) -> Result<Response, Error> {
    let view = view(&office, query.value("edit").parse().ok(), None).await?;
    office.page(&view)
}

async fn view(
    office: &Office,
    editing: Option<CustomFieldId>,
    typed: Option<Fields>,
) -> Result<SettingsFieldsView, Error> {
    office.permit::<ProductsWrite>()?;
    let all = all(office).await?;
    let groups = Resource::ALL.iter().map(|r| group(office, *r, &all)).collect();
    let edited = editing.and_then(|id| all.iter().find(|f| f.id == id));
    let stored = || match edited {
        Some(field) => Fields::new().with("name", field.name.as_str()),
        None => {
            Fields::new().with("resource", Resource::Product.as_str()).with("kind", FieldKind::Text.as_str())
        }
    };
    Ok(SettingsFieldsView {
        shell: office.shell(Section::Settings).await?,
        groups,
        form: typed.unwrap_or_else(stored),
        editing: edited.map(|f| row(office, f, true, true)),
        resources: Resource::ALL.iter().map(|r| Choice::new(r.as_str(), resource(office, *r))).collect(),
        kinds: FieldKind::ALL.iter().map(|k| Choice::new(k.as_str(), kind(office, *k))).collect(),
    })
}

fn group(office: &Office, of: Resource, all: &[CustomField]) -> FieldGroup {
    let own: Vec<&CustomField> = all.iter().filter(|f| f.resource == of).collect();
    let last = own.len().saturating_sub(1);
    FieldGroup {
        code: of.to_string(),
        label: resource(office, of),
        rows: own.iter().enumerate().map(|(i, f)| row(office, f, i == 0, i == last)).collect(),
    }
}

fn row(office: &Office, f: &CustomField, first: bool, last: bool) -> FieldRow {
    FieldRow {
        id: f.id.to_string(),
        name: f.name.clone(),
        key: format!("{}.{}", f.namespace, f.key),
        kind: kind(office, f.kind),
        first,
        last,
    }
}

fn resource(office: &Office, of: Resource) -> String {
    office.t(match of {
        Resource::Product => "fields-of-product",
        Resource::Variant => "fields-of-variant",
        Resource::Customer => "fields-of-customer",
        Resource::Order => "fields-of-order",
    })
}

fn kind(office: &Office, kind: FieldKind) -> String {
    office.t(&format!("field-kind-{}", slug(kind)))
}

/// `POST /admin/settings/fields`: `resource`, `name`, `key` (made of the name when left empty), `kind`.
async fn create(office: Office, Form(mut form): Form) -> Result<Response, Error> {
    let permit = office.permit::<ProductsWrite>()?;
    let value = |name: &str| form.value(name).trim().to_owned();
    let key = match value("key") {
        key if key.is_empty() => catalog::slug_of(&value("name")).replace('-', "_"),
        key => key,
    };
    let new = NewField {
        resource: Resource::parse(form.value("resource")).unwrap_or(Resource::Product),
        namespace: NAMESPACE.to_owned(),
        key,
        name: value("name"),
        kind: FieldKind::parse(form.value("kind")).unwrap_or(FieldKind::Text),
    };
    if new.name.is_empty() {
        form.fail("name", office.t("form-missing"));
        return office.refused(&view(&office, None, Some(form)).await?);
    }
    let ctx = office.ctx().clone();
    let made = office
        .db()
        .write("define_field", async move |tx: &mut Tx| catalog::define_field(tx, &ctx, &permit, &new).await)
        .await;
    match made {
        Ok(_) => Ok(office.done(PATH, office.t("form-saved"))),
        Err(e) => {
            blame(&office, &mut form, e, same)?;
            office.refused(&view(&office, None, Some(form)).await?)
        }
    }
}

/// `POST /admin/settings/fields/{id}`: `name`.
async fn rename(
    office: Office,
    Path(id): Path<CustomFieldId>,
    Form(mut form): Form,
) -> Result<Response, Error> {
    let permit = office.permit::<ProductsWrite>()?;
    let (ctx, name) = (office.ctx().clone(), form.value("name").trim().to_owned());
    if name.is_empty() {
        form.fail("name", office.t("form-missing"));
        return office.refused(&view(&office, Some(id), Some(form)).await?);
    }
    let done = office
        .db()
        .write("rename_field", async move |tx: &mut Tx| {
            catalog::rename_field(tx, &ctx, &permit, id, &name).await
        })
        .await;
    match done {
        Ok(()) => Ok(office.done(PATH, office.t("form-saved"))),
        Err(e) => {
            blame(&office, &mut form, e, same)?;
            office.refused(&view(&office, Some(id), Some(form)).await?)
        }
    }
}

/// `POST /admin/settings/fields/{id}/place`: `to` is `up` or `down`, one place.
async fn place(office: Office, Path(id): Path<CustomFieldId>, Form(form): Form) -> Result<Response, Error> {
    let permit = office.permit::<ProductsWrite>()?;
    let (ctx, up) = (office.ctx().clone(), form.value("to") == "up");
    office
        .db()
        .write("move_field", async move |tx: &mut Tx| {
            let mut found = None;
            for resource in Resource::ALL {
                let fields = catalog::fields(tx, ctx.store.id, *resource).await?;
                found = found.or_else(|| fields.iter().position(|f| f.id == id));
            }
            let at = found.unwrap_or_default();
            let to = if up { at.saturating_sub(1) } else { at + 1 };
            catalog::move_field(tx, &ctx, &permit, id, to).await
        })
        .await?;
    Ok(office.done(PATH, office.t("fields-moved")))
}

/// `POST /admin/settings/fields/{id}/deletion`.
async fn delete(office: Office, Path(id): Path<CustomFieldId>) -> Result<Response, Error> {
    let permit = office.permit::<ProductsWrite>()?;
    let ctx = office.ctx().clone();
    office
        .db()
        .write("delete_field", async move |tx: &mut Tx| catalog::delete_field(tx, &ctx, &permit, id).await)
        .await?;
    Ok(office.done(PATH, office.t("form-deleted")))
}
