//! One customer: what they ordered, where they live, what they agreed to, what staff keep about them.

use axum::response::Response;
use catalog::{CustomField, CustomValue, Resource};
use customers::{Change, Channel, Consent, Customer, CustomerAddress};
use db::Tx;
use flows::mails::address_lines;
use http::StatusCode;
use kernel::{CustomerId, TextState, perms};
use orders::CustomerTotals;

use super::id_of;
use crate::Error;
use crate::admin::blame::{blame, same};
use crate::admin::office::Office;
use crate::admin::orders::row;
use crate::admin::own_fields;
use crate::admin::sent::Form;
use crate::admin::views::{
    AddressCard, Choice, ConsentRow, ConsentState, CustomerView, Fields, OrderRow, Pager, Section, When,
};
use crate::admin::words::Locale;
use crate::extract::Path;

pub(super) struct Read {
    customer: Customer,
    addresses: Vec<CustomerAddress>,
    consents: Vec<Consent>,
    orders: Vec<OrderRow>,
    totals: Option<CustomerTotals>,
    fields: Vec<CustomField>,
    values: Vec<CustomValue>,
}

async fn read(office: &Office, id: CustomerId) -> Result<Read, Error> {
    office.permit::<perms::CustomersRead>()?;
    let sees_orders = office.permit::<perms::OrdersRead>().ok();
    office
        .db()
        .snapshot(async |tx: &mut Tx| {
            let ctx = office.ctx();
            let customer = customers::get(tx, ctx.store.id, id).await?;
            let addresses = customers::addresses(tx, id).await?;
            let consents = customers::consents(tx, id).await?;
            let (mut orders, mut totals) = (vec![], vec![]);
            if let Some(permit) = &sees_orders {
                let mut heads = orders::heads_of_customer(tx, permit, id).await?;
                heads.retain(|h| permit.scope().has_channel(h.channel));
                orders = row::rows(tx, office, &heads).await?;
                totals = orders::totals_of_customers(tx, ctx, permit, &[id]).await?;
            }
            let orders = orders.into_iter().map(|r| r.row).collect();
            let fields = catalog::fields(tx, ctx.store.id, Resource::Customer).await?;
            let values = catalog::values_of(tx, &[id.uuid()]).await?;
            let totals = totals.into_iter().next();
            Ok::<_, Error>(Read { customer, addresses, consents, orders, totals, fields, values })
        })
        .await
}

/// `GET /admin/customers/{id}`.
pub(super) async fn show(office: Office, Path(id): Path<String>) -> Result<Response, Error> {
    let read = read(&office, id_of(&id)?).await?;
    page(&office, &read, Fields::new(), StatusCode::OK).await
}

/// The page; also after a form on it was refused, with what was typed.
async fn page(office: &Office, read: &Read, mut form: Fields, status: StatusCode) -> Result<Response, Error> {
    let (c, totals) = (&read.customer, read.totals.as_ref());
    let stored = [
        ("note", c.note.clone()),
        ("name", c.name.clone()),
        ("email", c.email.clone()),
        ("phone", c.phone.clone()),
        ("locale", c.locale.clone()),
        ("tags", c.tag_list().join(", ")),
        ("seen", c.updated_at.micros().to_string()),
    ];
    let editing = form.error("email").or(form.error("phone")).or(form.error("tags")).is_some()
        || form.all("seen").next().is_some();
    for (name, value) in stored {
        if form.all(name).next().is_none() {
            form.set(name, value);
        }
    }
    own_fields::put(&mut form, "custom", &read.fields, &read.values, c.id.uuid());
    let mut locales: Vec<String> = office.state.theme().words().locales().map(str::to_owned).collect();
    if !locales.contains(&c.locale) {
        locales.push(c.locale.clone());
    }
    let view = CustomerView {
        shell: office.shell(Section::Customers).await?,
        id: c.id.to_string(),
        name: if c.name.is_empty() { c.email.clone() } else { c.name.clone() },
        email: c.email.clone(),
        phone: c.phone.clone(),
        since: When { label: office.day(c.created_at), ..office.when(c.created_at) },
        orders_count: u32::try_from(totals.map_or(0, |t| t.orders)).unwrap_or(u32::MAX),
        spent: office.money(totals.map_or(0, |t| t.total_minor)),
        average: totals
            .and_then(CustomerTotals::average_minor)
            .map_or_else(|| "–".to_owned(), |minor| office.money(minor)),
        language: language(&c.locale),
        locales: locales.iter().map(|tag| Choice::new(tag.clone(), language(tag))).collect(),
        tags: c.tag_list(),
        orders: read.orders.clone(),
        pager: Pager::default(),
        addresses: read
            .addresses
            .iter()
            .map(|a| AddressCard {
                id: a.id.to_string(),
                lines: address_lines(&a.address, office.locale.tag()),
                phone: a.address.phone.clone(),
                main: a.is_default,
            })
            .collect(),
        standing: Channel::ALL.iter().map(|c| standing(office, *c, &read.consents)).collect(),
        history: read.consents.iter().map(|c| row_of(office, c)).collect(),
        custom: read.fields.iter().map(own_fields::shown).collect(),
        can_edit: office.may::<perms::CustomersWrite>(),
        editing,
        form,
    };
    if status == StatusCode::OK { office.page(&view) } else { office.refused(&view) }
}

/// What was last said of a channel.
fn standing(office: &Office, channel: Channel, all: &[Consent]) -> ConsentState {
    let last = all.iter().find(|c| c.channel == channel);
    ConsentState {
        code: channel.to_string(),
        label: channel_name(office, channel),
        granted: last.map(|c| c.granted),
        since: office.when_ever(last.map(|c| c.at)),
    }
}

fn row_of(office: &Office, c: &Consent) -> ConsentRow {
    let source = office.t(&format!("consent-source-{}", c.source.as_str()));
    ConsentRow {
        channel: channel_name(office, c.channel),
        granted: c.granted,
        proof: c.proof.clone(),
        by: if c.actor_kind == "staff" || c.actor_kind == "key" {
            format!("{source}: {}", c.actor_name)
        } else {
            source
        },
        when: office.when(c.at),
    }
}

fn channel_name(office: &Office, channel: Channel) -> String {
    office.t(match channel {
        Channel::Email => "consent-email",
        Channel::Sms => "consent-sms",
        Channel::Phone => "consent-phone",
        Channel::Post => "consent-post",
    })
}

/// A language by its own name, or its tag.
fn language(tag: &str) -> String {
    match tag.split('-').next().unwrap_or_default() {
        "en" | "de" => Locale::from_tag(tag).name().to_owned(),
        _ => tag.to_owned(),
    }
}

/// `POST /admin/customers/{id}`: `name`, `email`, `phone`, `locale`, `tags` (separated by commas), `seen`.
pub(super) async fn change(
    office: Office,
    Path(id): Path<String>,
    Form(form): Form,
) -> Result<Response, Error> {
    let text = |name: &str| Some(form.value(name).trim().to_owned());
    let change = Change {
        email: text("email"),
        name: text("name"),
        phone: text("phone"),
        locale: text("locale").filter(|l| !l.is_empty()),
        accepts_marketing: None,
        note: None,
        tags: Some(form.value("tags").split(',').map(|t| t.trim().to_owned()).collect()),
        seen_at: form.value("seen").parse().ok().map(kernel::Timestamp),
    };
    write(office, &id, form, change).await
}

/// `POST /admin/customers/{id}/notes`: `note`.
pub(super) async fn note(
    office: Office,
    Path(id): Path<String>,
    Form(form): Form,
) -> Result<Response, Error> {
    let change = Change { note: Some(form.value("note").to_owned()), ..Change::default() };
    write(office, &id, form, change).await
}

async fn write(office: Office, id: &str, form: Fields, change: Change) -> Result<Response, Error> {
    let (permit, id) = (office.permit::<perms::CustomersWrite>()?, id_of(id)?);
    let ctx = office.ctx().clone();
    let done = office
        .db()
        .write("customer", async move |tx: &mut Tx| {
            customers::update(tx, &ctx, &permit, id, &change).await.map(|_| ())
        })
        .await;
    told(&office, id, form, done).await
}

/// `POST /admin/customers/{id}/consents`: `channel`, `granted` (`yes`, `no`), `reason`.
pub(super) async fn consent(
    office: Office,
    Path(id): Path<String>,
    Form(form): Form,
) -> Result<Response, Error> {
    let (permit, id) = (office.permit::<perms::CustomersWrite>()?, id_of(&id)?);
    let channel = Channel::parse(form.value("channel")).unwrap_or(Channel::Email);
    let (granted, reason) = (form.value("granted") == "yes", form.value("reason").to_owned());
    let ctx = office.ctx().clone();
    let done = office
        .db()
        .write("customer_consent", async move |tx: &mut Tx| {
            customers::set_consent(tx, &ctx, &permit, id, channel, granted, &reason).await
        })
        .await;
    told(&office, id, form, done).await
}

/// `POST /admin/customers/{id}/fields`: `custom.{field}`.
pub(super) async fn fields(
    office: Office,
    Path(id): Path<String>,
    Form(mut form): Form,
) -> Result<Response, Error> {
    let (permit, id) = (office.permit::<perms::CustomersWrite>()?, id_of(&id)?);
    let now = read(&office, id).await?;
    let values = own_fields::typed(&office, &mut form, "custom", &now.fields, &now.values, Some(id.uuid()));
    if !form.is_ok() {
        return page(&office, &now, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let done = flows::set_customer_fields(office.state.shop(), office.ctx(), &permit, id, values).await;
    told(&office, id, form, done).await
}

/// Back to the page, or the page again with what is wrong.
pub(super) async fn told<E: Into<Error>>(
    office: &Office,
    id: CustomerId,
    mut form: Fields,
    outcome: Result<(), E>,
) -> Result<Response, Error> {
    match outcome {
        Ok(()) => Ok(office.done(&format!("/admin/customers/{id}"), office.t("form-saved"))),
        Err(e) => {
            blame(office, &mut form, e, same)?;
            let read = read(office, id).await?;
            page(office, &read, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
