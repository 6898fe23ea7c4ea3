//! Customers.

use customers::{AddressId, Change, Customer, CustomerAddress, CustomerRow, Filter, NewCustomer};
use db::Tx;
use kernel::CustomerId;
use kernel::perms::{CustomersRead, CustomersWrite};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::answer::{Done, List, Made, One};
use crate::api::ask::{At, Body, Params, page_of};
use crate::api::once::Sent;
use crate::api::types::{Address, at};
use crate::error::FieldError;
use crate::{Caller, Error, State};

/// A customer in the list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerRow)]
pub(super) struct Row {
    #[schema(example = "cus_01h455vb4pex5vsknk084sn02q")]
    id: String,
    email: String,
    name: String,
    accepts_marketing: bool,
    created_at: String,
    /// The default one.
    address: Option<Address>,
}

/// A customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Customer)]
pub(super) struct View {
    id: String,
    email: String,
    name: String,
    phone: String,
    locale: String,
    accepts_marketing: bool,
    /// The shop's own.
    note: String,
    tags: Vec<String>,
    created_at: String,
    updated_at: String,
}

impl From<Customer> for View {
    fn from(c: Customer) -> View {
        View {
            tags: c.tag_list(),
            id: c.id.to_string(),
            email: c.email,
            name: c.name,
            phone: c.phone,
            locale: c.locale,
            accepts_marketing: c.accepts_marketing,
            note: c.note,
            created_at: at(c.created_at),
            updated_at: at(c.updated_at),
        }
    }
}

/// Which customers.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct Which {
    /// In e-mails and names.
    search: Option<String>,
    /// Only those who may, or may not, be written to.
    accepts_marketing: Option<bool>,
    /// `next` of the page before.
    after: Option<String>,
    /// How many rows at most, 1 to 100.
    limit: Option<u32>,
}

pub(super) async fn list(
    state: State,
    caller: Caller,
    Params(which): Params<Which>,
) -> Result<List<Row>, Error> {
    let permit = caller.permit::<CustomersRead>()?;
    let (after, size) = page_of(which.after.as_deref(), which.limit)?;
    let filter = Filter {
        search: which.search.unwrap_or_default(),
        accepts_marketing: which.accepts_marketing,
        ..Filter::default()
    };
    let ctx = caller.ctx;
    let page = state
        .db()
        .read(async |tx: &mut Tx| customers::list(tx, &ctx, &permit, &filter, after.as_ref(), size).await)
        .await?;
    Ok(List::page(page, |c: CustomerRow| Row {
        id: c.id.to_string(),
        email: c.email,
        name: c.name,
        accepts_marketing: c.accepts_marketing,
        created_at: at(c.created_at),
        address: c.address.map(Address::from),
    }))
}

/// A customer to be remembered.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Remembered {
    email: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    /// The shop's first language by default.
    locale: Option<String>,
    #[serde(default)]
    accepts_marketing: bool,
    address: Option<Address>,
}

/// Every wrong field of an address.
fn told(e: customers::Error) -> Error {
    match e {
        customers::Error::Address(wrong) => {
            let field = |w: &customers::FieldError| FieldError {
                field: Some(format!("address.{}", w.field)),
                code: "invalid".to_owned(),
                detail: w.message.clone(),
            };
            let errors = wrong.iter().map(field).collect();
            Error { errors, ..customers::Error::Address(wrong).into() }
        }
        e => e.into(),
    }
}

pub(super) async fn create(
    state: State,
    caller: Caller,
    Sent(new, once): Sent<Remembered>,
) -> Result<Made<View>, Error> {
    let permit = caller.permit::<CustomersWrite>()?;
    let ctx = caller.ctx;
    let checked = |a: Address| customers::country::check(&a.into(), &ctx.locale);
    let address = new.address.map(checked).transpose();
    let address = address.map_err(|wrong| told(customers::Error::Address(wrong)))?;
    let new = NewCustomer {
        email: new.email,
        name: new.name,
        phone: new.phone,
        locale: new.locale.unwrap_or_else(|| state.default_locale().to_string()),
        accepts_marketing: new.accepts_marketing,
        consent: None,
        address,
    };
    let made = state
        .db()
        .write("customer_remember", async move |tx: &mut Tx| {
            let make = async |tx: &mut Tx| customers::create(tx, &ctx, &permit, &new).await.map_err(told);
            let id = once.make(tx, &ctx, make).await?;
            Ok::<_, Error>(customers::get(tx, ctx.store.id, id).await?)
        })
        .await?;
    Ok(Made::new(format!("/admin/customers/{}", made.id), made.into()))
}

pub(super) async fn get(state: State, caller: Caller, At(id): At<CustomerId>) -> Result<One<View>, Error> {
    caller.permit::<CustomersRead>()?;
    let store = caller.ctx.store.id;
    let found = state.db().read(async |tx: &mut Tx| customers::get(tx, store, id).await).await?;
    Ok(One::new(found.into()))
}

/// What of a customer is changed; what is not named stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct CustomerChange {
    email: Option<String>,
    name: Option<String>,
    phone: Option<String>,
    locale: Option<String>,
    accepts_marketing: Option<bool>,
    note: Option<String>,
    tags: Option<Vec<String>>,
}

pub(super) async fn update(
    state: State,
    caller: Caller,
    At(id): At<CustomerId>,
    Body(c): Body<CustomerChange>,
) -> Result<One<View>, Error> {
    let permit = caller.permit::<CustomersWrite>()?;
    let ctx = caller.ctx;
    let change = Change {
        email: c.email,
        name: c.name,
        phone: c.phone,
        locale: c.locale,
        accepts_marketing: c.accepts_marketing,
        note: c.note,
        tags: c.tags,
        seen_at: None,
    };
    let changed = state
        .db()
        .write("customer_update", async move |tx: &mut Tx| {
            customers::update(tx, &ctx, &permit, id, &change).await
        })
        .await?;
    Ok(One::new(changed.into()))
}

/// One of a customer's addresses.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KnownAddress {
    id: String,
    is_default: bool,
    address: Address,
}

impl From<CustomerAddress> for KnownAddress {
    fn from(a: CustomerAddress) -> KnownAddress {
        KnownAddress { id: a.id.to_string(), is_default: a.is_default, address: a.address.into() }
    }
}

pub(super) async fn addresses(
    state: State,
    caller: Caller,
    At(id): At<CustomerId>,
) -> Result<List<KnownAddress>, Error> {
    caller.permit::<CustomersRead>()?;
    let store = caller.ctx.store.id;
    let all = state
        .db()
        .read(async |tx: &mut Tx| {
            customers::get(tx, store, id).await?;
            customers::addresses(tx, id).await
        })
        .await?;
    Ok(List::whole(all.into_iter().map(KnownAddress::from).collect()))
}

pub(super) async fn add_address(
    state: State,
    caller: Caller,
    At(id): At<CustomerId>,
    Sent(address, once): Sent<Address>,
) -> Result<List<KnownAddress>, Error> {
    let permit = caller.permit::<CustomersWrite>()?;
    let (ctx, address) = (caller.ctx, kernel::Address::from(address));
    let all = state
        .db()
        .write("address_add", async move |tx: &mut Tx| {
            customers::get(tx, ctx.store.id, id).await?;
            let make = async |tx: &mut Tx| {
                customers::add_address(tx, &ctx, &permit, id, &address).await.map_err(told)?;
                Ok(id)
            };
            once.make(tx, &ctx, make).await?;
            Ok::<_, Error>(customers::addresses(tx, id).await?)
        })
        .await?;
    Ok(List::whole(all.into_iter().map(KnownAddress::from).collect()))
}

pub(super) async fn update_address(
    state: State,
    caller: Caller,
    At((id, address)): At<(CustomerId, AddressId)>,
    Body(new): Body<Address>,
) -> Result<List<KnownAddress>, Error> {
    let permit = caller.permit::<CustomersWrite>()?;
    let (ctx, new) = (caller.ctx, kernel::Address::from(new));
    let all = state
        .db()
        .write("address_update", async move |tx: &mut Tx| {
            customers::update_address(tx, &ctx, &permit, id, address, &new).await?;
            customers::addresses(tx, id).await
        })
        .await
        .map_err(told)?;
    Ok(List::whole(all.into_iter().map(KnownAddress::from).collect()))
}

/// Which address forms begin with.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DefaultAddress {
    #[schema(value_type = String)]
    address: AddressId,
}

pub(super) async fn set_default_address(
    state: State,
    caller: Caller,
    At(id): At<CustomerId>,
    Body(new): Body<DefaultAddress>,
) -> Result<List<KnownAddress>, Error> {
    let permit = caller.permit::<CustomersWrite>()?;
    let ctx = caller.ctx;
    let all = state
        .db()
        .write("address_default", async move |tx: &mut Tx| {
            customers::set_default_address(tx, &ctx, &permit, id, new.address).await?;
            customers::addresses(tx, id).await
        })
        .await?;
    Ok(List::whole(all.into_iter().map(KnownAddress::from).collect()))
}

pub(super) async fn remove_address(
    state: State,
    caller: Caller,
    At((id, address)): At<(CustomerId, AddressId)>,
) -> Result<Done, Error> {
    let permit = caller.permit::<CustomersWrite>()?;
    let ctx = caller.ctx;
    state
        .db()
        .write("address_remove", async move |tx: &mut Tx| {
            customers::remove_address(tx, &ctx, &permit, id, address).await
        })
        .await?;
    Ok(Done)
}
