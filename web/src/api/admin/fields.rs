//! The shop's own fields, and their values on products.

use catalog::{FieldKind, NewField, Resource};
use db::Tx;
use kernel::perms::{ProductsRead, ProductsWrite};
use kernel::{Ctx, CustomFieldId, ProductId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::product_views::own_field;
use crate::api::answer::{Done, List, Made};
use crate::api::ask::{At, Body, Params, word};
use crate::api::once::Sent;
use crate::api::types::OwnField;
use crate::{Caller, Error, State};

/// A field.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FieldDefinition {
    #[schema(example = "fld_01h455vb4pex5vsknk084sn02q")]
    id: String,
    /// `product`, `variant`, `customer` or `order`.
    resource: String,
    namespace: String,
    key: String,
    name: String,
    /// `text`, `long_text`, `integer`, `decimal`, `boolean`, `date`, `url`, `json`.
    kind: String,
}

impl From<catalog::CustomField> for FieldDefinition {
    fn from(f: catalog::CustomField) -> FieldDefinition {
        FieldDefinition {
            id: f.id.to_string(),
            resource: f.resource.to_string(),
            namespace: f.namespace,
            key: f.key,
            name: f.name,
            kind: f.kind.to_string(),
        }
    }
}

/// Of what.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct Of {
    /// `product` (by default), `variant`, `customer` or `order`.
    resource: Option<String>,
}

pub(super) async fn list(
    state: State,
    caller: Caller,
    Params(of): Params<Of>,
) -> Result<List<FieldDefinition>, Error> {
    caller.permit::<ProductsRead>()?;
    let resource = of.resource.as_deref().map_or(Ok(Resource::Product), |r| word("resource", r))?;
    let store = caller.ctx.store.id;
    let fields = state.db().read(async |tx: &mut Tx| catalog::fields(tx, store, resource).await).await?;
    Ok(List::whole(fields.into_iter().map(FieldDefinition::from).collect()))
}

/// A field to be defined.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldInput {
    #[schema(value_type = String)]
    resource: Resource,
    namespace: String,
    key: String,
    name: String,
    #[schema(value_type = String)]
    kind: FieldKind,
}

pub(super) async fn create(
    state: State,
    caller: Caller,
    Sent(new, once): Sent<FieldInput>,
) -> Result<Made<FieldDefinition>, Error> {
    let permit = caller.permit::<ProductsWrite>()?;
    let ctx = caller.ctx;
    let shown = FieldDefinition {
        id: String::new(),
        resource: new.resource.to_string(),
        namespace: new.namespace.clone(),
        key: new.key.clone(),
        name: new.name.clone(),
        kind: new.kind.to_string(),
    };
    let FieldInput { resource, namespace, key, name, kind } = new;
    let new = NewField { resource, namespace, key, name, kind };
    let id = state
        .db()
        .write("field_define", async move |tx: &mut Tx| {
            let make = async |tx: &mut Tx| Ok(catalog::define_field(tx, &ctx, &permit, &new).await?);
            once.make(tx, &ctx, make).await
        })
        .await?;
    Ok(Made::new(format!("/admin/fields/{id}"), FieldDefinition { id: id.to_string(), ..shown }))
}

/// A field's new name.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldName {
    name: String,
}

pub(super) async fn rename(
    state: State,
    caller: Caller,
    At(id): At<CustomFieldId>,
    Body(change): Body<FieldName>,
) -> Result<Done, Error> {
    let permit = caller.permit::<ProductsWrite>()?;
    let ctx = caller.ctx;
    state
        .db()
        .write("field_rename", async move |tx: &mut Tx| {
            catalog::rename_field(tx, &ctx, &permit, id, &change.name).await
        })
        .await?;
    Ok(Done)
}

pub(super) async fn remove(state: State, caller: Caller, At(id): At<CustomFieldId>) -> Result<Done, Error> {
    let permit = caller.permit::<ProductsWrite>()?;
    let ctx = caller.ctx;
    state
        .db()
        .write("field_delete", async move |tx: &mut Tx| catalog::delete_field(tx, &ctx, &permit, id).await)
        .await?;
    Ok(Done)
}

async fn shown(tx: &mut Tx, ctx: &Ctx, product: ProductId) -> Result<List<OwnField>, Error> {
    catalog::get(tx, ctx.store.id, product).await?;
    let values = catalog::values_of(tx, &[product.uuid()]).await?;
    Ok(List::whole(values.iter().map(own_field).collect()))
}

pub(super) async fn values(
    state: State,
    caller: Caller,
    At(product): At<ProductId>,
) -> Result<List<OwnField>, Error> {
    caller.permit::<ProductsRead>()?;
    state.db().read(async |tx: &mut Tx| shown(tx, &caller.ctx, product).await).await
}

/// A value to be set.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldValue {
    #[schema(value_type = String)]
    pub(super) field: CustomFieldId,
    /// As text; empty takes it away.
    pub(super) value: String,
}

/// Values to be set; others stay.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldValues {
    values: Vec<FieldValue>,
}

pub(super) async fn set_values(
    state: State,
    caller: Caller,
    At(product): At<ProductId>,
    Body(input): Body<FieldValues>,
) -> Result<List<OwnField>, Error> {
    caller.permit::<ProductsWrite>()?;
    let ctx = caller.ctx;
    state
        .db()
        .write("field_values", async move |tx: &mut Tx| {
            let values: Vec<_> = input.values.iter().map(|v| (v.field, v.value.clone())).collect();
            catalog::get(tx, ctx.store.id, product).await?;
            catalog::set_values(tx, &ctx, Resource::Product, product.uuid(), &values).await?;
            shown(tx, &ctx, product).await
        })
        .await
}
