//! `GET /admin/search`: orders, products and customers for the command palette.

use axum::Json;
use axum::response::{IntoResponse, Response};
use db::Tx;
use http::header;
use kernel::{PageSize, perms};
use serde::Serialize;

use super::office::Office;
use super::sent::Query;
use crate::{Auth, Error, Routes};

/// Of each kind.
const FEW: u32 = 5;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/admin/search", Auth::SignedIn, search)
}

#[derive(Default, Serialize)]
struct Found {
    orders: Vec<Hit>,
    products: Vec<Hit>,
    customers: Vec<Hit>,
}

#[derive(Serialize)]
struct Hit {
    label: String,
    note: String,
    href: String,
}

async fn search(office: Office, Query(query): Query) -> Result<Response, Error> {
    let words = query.value("q").trim();
    let mut found = Found::default();
    if !words.is_empty() {
        found = office.db().read(async |tx: &mut Tx| look(tx, &office, words).await).await?;
    }
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(found)).into_response())
}

/// Whatever the reader may see; the rest is not looked for.
async fn look(tx: &mut Tx, office: &Office, words: &str) -> Result<Found, Error> {
    let (ctx, size) = (office.ctx(), PageSize::new(FEW));
    let mut found = Found::default();
    if let Ok(permit) = office.permit::<perms::OrdersRead>() {
        let filter = orders::Filter { search: words.to_owned(), ..orders::Filter::default() };
        let page = orders::list(tx, ctx, &permit, &filter, None, size).await?;
        found.orders.extend(page.rows.into_iter().map(|o| Hit {
            label: format!("#{}", o.number),
            note: format!("{} · {}", o.name, office.money_in(o.total_minor, o.currency)),
            href: format!("/admin/orders/{}", o.id),
        }));
    }
    if let Ok(permit) = office.permit::<perms::ProductsRead>() {
        let filter = catalog::ListFilter { search: words.to_owned(), ..catalog::ListFilter::default() };
        let page = catalog::list(tx, ctx, &permit, &filter, None, size).await?;
        found.products.extend(page.rows.into_iter().map(|p| Hit {
            label: p.title,
            note: p.sku.unwrap_or_default(),
            href: format!("/admin/products/{}", p.id),
        }));
    }
    if let Ok(permit) = office.permit::<perms::CustomersRead>() {
        let filter = customers::Filter { search: words.to_owned(), ..customers::Filter::default() };
        let page = customers::list(tx, ctx, &permit, &filter, None, size).await?;
        found.customers.extend(page.rows.into_iter().map(|c| Hit {
            label: if c.name.is_empty() { c.email.clone() } else { c.name },
            note: c.email,
            href: format!("/admin/customers/{}", c.id),
        }));
    }
    Ok(found)
}
