//! The list of customers.

use std::collections::HashMap;

use axum::response::Response;
use customers::{CustomerRow as Customer, Filter};
use db::Tx;
use kernel::{CustomerId, PageSize, perms};
use orders::CustomerTotals;

use crate::Error;
use crate::admin::office::Office;
use crate::admin::sent::Query;
use crate::admin::views::{Choice, CustomerRow, CustomersView, Section};
use crate::admin::walk::Walk;

/// `GET /admin/customers?q=&consent=&tag=`.
pub(super) async fn list(office: Office, Query(filter): Query) -> Result<Response, Error> {
    let permit = office.permit::<perms::CustomersRead>()?;
    let sees_orders = office.permit::<perms::OrdersRead>().ok();
    let walk = Walk::of("/admin/customers", &filter, &["q", "consent", "tag"]);
    let wanted = Filter {
        search: filter.value("q").trim().to_owned(),
        accepts_marketing: match filter.value("consent") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        tag: filter.value("tag").to_owned(),
    };
    let (page, totals, tags) = office
        .db()
        .read(async |tx: &mut Tx| {
            let (ctx, after) = (office.ctx(), walk.after());
            let page =
                customers::list(tx, ctx, &permit, &wanted, after.as_ref(), PageSize::default()).await?;
            let ids: Vec<CustomerId> = page.rows.iter().map(|c| c.id).collect();
            let totals = match &sees_orders {
                Some(permit) => orders::totals_of_customers(tx, ctx, permit, &ids).await?,
                None => vec![],
            };
            Ok::<_, Error>((page, totals, customers::tags(tx, ctx, &permit).await?))
        })
        .await?;
    let totals: HashMap<CustomerId, CustomerTotals> = totals.into_iter().map(|t| (t.customer, t)).collect();
    let view = CustomersView {
        shell: office.shell(Section::Customers).await?,
        filtered: !wanted.search.is_empty() || wanted.accepts_marketing.is_some() || !wanted.tag.is_empty(),
        consents: vec![
            Choice::new("yes", office.t("customers-consent-yes")),
            Choice::new("no", office.t("customers-consent-no")),
        ],
        tags: tags.into_iter().map(|t| Choice::new(t.clone(), t)).collect(),
        rows: page.rows.iter().map(|c| row(&office, c, totals.get(&c.id))).collect(),
        pager: walk.pager(page.next),
        filter,
    };
    office.page(&view)
}

fn row(office: &Office, c: &Customer, totals: Option<&CustomerTotals>) -> CustomerRow {
    let place = c.address.as_ref().map(|a| match (a.city.as_str(), a.country.as_str()) {
        ("", country) => country.to_owned(),
        (city, country) => format!("{city}, {country}"),
    });
    CustomerRow {
        id: c.id.to_string(),
        name: if c.name.is_empty() { c.email.clone() } else { c.name.clone() },
        email: c.email.clone(),
        place: place.unwrap_or_default(),
        orders: u32::try_from(totals.map_or(0, |t| t.orders)).unwrap_or(u32::MAX),
        spent: office.money(totals.map_or(0, |t| t.total_minor)),
        last_order: office.when_ever(totals.map(|t| t.last_at)),
    }
}
