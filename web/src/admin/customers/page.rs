//! One customer: what they ordered, where they live, what staff keep about them.

use axum::response::Response;
use customers::{Change, Customer, CustomerAddress};
use db::Tx;
use flows::mails::address_lines;
use http::StatusCode;
use kernel::{CustomerId, perms};
use orders::CustomerTotals;

use crate::Error;
use crate::admin::office::Office;
use crate::admin::orders::row;
use crate::admin::sent::{Form, beside};
use crate::admin::views::{AddressCard, Choice, CustomerView, Fields, OrderRow, Pager, Section, When};
use crate::admin::words::Locale;
use crate::extract::Path;

fn id_of(text: &str) -> Result<CustomerId, Error> {
    text.parse().map_err(|_| Error::not_found())
}

struct Read {
    customer: Customer,
    addresses: Vec<CustomerAddress>,
    orders: Vec<OrderRow>,
    totals: Option<CustomerTotals>,
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
            let (mut orders, mut totals) = (vec![], vec![]);
            if let Some(permit) = &sees_orders {
                let mut heads = orders::heads_of_customer(tx, permit, id).await?;
                heads.retain(|h| permit.scope().has_channel(h.channel));
                orders = row::rows(tx, office, &heads).await?;
                totals = orders::totals_of_customers(tx, ctx, permit, &[id]).await?;
            }
            let orders = orders.into_iter().map(|r| r.row).collect();
            Ok::<_, Error>(Read { customer, addresses, orders, totals: totals.into_iter().next() })
        })
        .await
}

/// `GET /admin/customers/{id}`.
pub(super) async fn show(office: Office, Path(id): Path<String>) -> Result<Response, Error> {
    let read = read(&office, id_of(&id)?).await?;
    page(&office, &read, Fields::new(), StatusCode::OK).await
}

async fn page(office: &Office, read: &Read, mut form: Fields, status: StatusCode) -> Result<Response, Error> {
    let (c, totals) = (&read.customer, read.totals.as_ref());
    let stored = [
        ("note", c.note.clone()),
        ("name", c.name.clone()),
        ("email", c.email.clone()),
        ("phone", c.phone.clone()),
        ("locale", c.locale.clone()),
        ("seen", c.updated_at.micros().to_string()),
    ];
    let typed = form.all("email").next().is_some();
    for (name, value) in stored {
        if form.all(name).next().is_none() {
            form.set(name, value);
        }
    }
    if !typed && c.accepts_marketing {
        form.set("accepts_marketing", "on");
    }
    let orders = totals.map_or(0, |t| t.orders);
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
        orders_count: u32::try_from(orders).unwrap_or(u32::MAX),
        spent: office.money(totals.map_or(0, |t| t.total_minor)),
        average: if orders > 0 {
            office.money(totals.map_or(0, |t| t.total_minor) / orders)
        } else {
            "–".to_owned()
        },
        language: language(&c.locale),
        locales: locales.iter().map(|tag| Choice::new(tag.clone(), language(tag))).collect(),
        orders: read.orders.clone(),
        pager: Pager::default(),
        addresses: read
            .addresses
            .iter()
            .map(|a| AddressCard {
                lines: address_lines(&a.address, office.locale.tag()),
                main: a.is_default,
            })
            .collect(),
        can_edit: office.may::<perms::CustomersWrite>(),
        form,
    };
    if status == StatusCode::OK { office.page(&view) } else { office.refused(&view) }
}

/// A language by its own name, or its tag.
fn language(tag: &str) -> String {
    match tag.split('-').next().unwrap_or_default() {
        "en" | "de" => Locale::from_tag(tag).name().to_owned(),
        _ => tag.to_owned(),
    }
}

/// `POST /admin/customers/{id}`: `name`, `email`, `phone`, `locale`, `accepts_marketing`, `seen`.
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
        accepts_marketing: Some(form.on("accepts_marketing")),
        note: None,
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

async fn write(office: Office, id: &str, mut form: Fields, change: Change) -> Result<Response, Error> {
    let (permit, id) = (office.permit::<perms::CustomersWrite>()?, id_of(id)?);
    let ctx = office.ctx().clone();
    let done = office
        .db()
        .write("customer", async move |tx: &mut Tx| customers::update(tx, &ctx, &permit, id, &change).await)
        .await;
    match done {
        Ok(_) => Ok(office.done(&format!("/admin/customers/{id}"), office.t("form-saved"))),
        Err(e) => {
            beside(&mut form, e)?;
            let read = read(&office, id).await?;
            page(&office, &read, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
