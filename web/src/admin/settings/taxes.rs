//! Rates by country and category.

use axum::response::Response;
use db::Tx;
use kernel::perms::SettingsWrite;
use kernel::{Rate, TaxRateId};
use pricing::{NewTaxRate, TaxRate};

use crate::admin::blame::blame;
use crate::admin::locations::countries;
use crate::admin::office::Office;
use crate::admin::products::tax_class;
use crate::admin::sent::{Form, Query};
use crate::admin::views::{Choice, Fields, Section, SettingsTaxesView, TaxRow};
use crate::extract::Path;
use crate::{Auth, Error, Routes};

const PATH: &str = "/admin/settings/taxes";

pub(super) fn routes(routes: Routes) -> Routes {
    let write = Auth::Staff("settings:write");
    routes
        .get(PATH, write, list)
        .post(PATH, write, create)
        .post("/admin/settings/taxes/{id}", write, update)
        .post("/admin/settings/taxes/{id}/deletion", write, delete)
}

/// `GET /admin/settings/taxes?edit={id}`.
async fn list(office: Office, Query(query): Query) -> Result<Response, Error> {
    let view = view(&office, query.value("edit").parse().ok(), None).await?;
    office.page(&view)
}

async fn view(
    office: &Office,
    editing: Option<TaxRateId>,
    typed: Option<Fields>,
) -> Result<SettingsTaxesView, Error> {
    office.permit::<SettingsWrite>()?;
    let ctx = office.ctx();
    let rates = office.db().read(async |tx: &mut Tx| pricing::tax_rates(tx, ctx).await).await?;
    let edited = editing.and_then(|id| rates.iter().find(|r| r.id == id));
    let fresh = || Fields::new().with("country", ctx.store.country.as_str()).with("class", pricing::STANDARD);
    let mut classes = vec!["standard".to_owned(), "reduced".to_owned(), "zero".to_owned()];
    for rate in &rates {
        if !classes.contains(&rate.tax_category) {
            classes.push(rate.tax_category.clone());
        }
    }
    Ok(SettingsTaxesView {
        shell: office.shell(Section::Settings).await?,
        rows: rates.iter().map(|r| row(office, r)).collect(),
        form: typed.unwrap_or_else(|| edited.map_or_else(fresh, stored)),
        editing: edited.map(|r| r.id.to_string()),
        countries: countries(office),
        classes: classes.into_iter().map(|c| Choice::new(c.clone(), tax_class(office, &c))).collect(),
        can_edit: true,
    })
}

fn row(office: &Office, r: &TaxRate) -> TaxRow {
    let country = customers::country::name(&r.country, office.locale.tag());
    let region = if r.region.is_empty() { String::new() } else { format!(", {}", r.region) };
    TaxRow {
        id: r.id.to_string(),
        country: format!("{country}{region}"),
        class: tax_class(office, &r.tax_category),
        name: r.name.clone(),
        rate: format!("{} %", percent(office, r.rate)),
    }
}

/// "5.5", in German "5,5".
fn percent(office: &Office, rate: Rate) -> String {
    match office.locale {
        crate::admin::words::Locale::En => rate.to_string(),
        crate::admin::words::Locale::De => rate.to_string().replace('.', ","),
    }
}

fn stored(r: &TaxRate) -> Fields {
    Fields::new()
        .with("country", r.country.as_str())
        .with("region", r.region.as_str())
        .with("class", r.tax_category.as_str())
        .with("name", r.name.as_str())
        .with("rate", r.rate.to_string())
}

/// What was typed; `None` was said beside the field.
fn typed(office: &Office, form: &mut Fields) -> Option<NewTaxRate> {
    let value = |name: &str| form.value(name).trim().to_owned();
    let new = |rate| NewTaxRate {
        country: value("country"),
        region: value("region"),
        tax_category: value("class"),
        name: value("name"),
        rate,
    };
    let read = Rate::parse_percent(form.value("rate")).map(new);
    if read.is_none() {
        form.fail("rate", office.t("error-not-a-rate"));
    }
    read
}

fn named(field: &str) -> String {
    if field == "tax_category" { "class".to_owned() } else { field.to_owned() }
}

/// `POST /admin/settings/taxes`: `country`, `region`, `class`, `name`, `rate`.
async fn create(office: Office, Form(mut form): Form) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    if let Some(new) = typed(&office, &mut form) {
        let ctx = office.ctx().clone();
        let made = office
            .db()
            .write("create_tax_rate", async move |tx: &mut Tx| {
                pricing::create_tax_rate(tx, &ctx, &permit, new.clone()).await
            })
            .await;
        match made {
            Ok(_) => return Ok(office.done(PATH, office.t("form-saved"))),
            Err(e) => blame(&office, &mut form, e, named)?,
        }
    }
    office.refused(&view(&office, None, Some(form)).await?)
}

/// `POST /admin/settings/taxes/{id}`.
async fn update(office: Office, Path(id): Path<TaxRateId>, Form(mut form): Form) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    if let Some(new) = typed(&office, &mut form) {
        let ctx = office.ctx().clone();
        let saved = office
            .db()
            .write("update_tax_rate", async move |tx: &mut Tx| {
                pricing::update_tax_rate(tx, &ctx, &permit, id, new.clone()).await
            })
            .await;
        match saved {
            Ok(()) => return Ok(office.done(PATH, office.t("form-saved"))),
            Err(e) => blame(&office, &mut form, e, named)?,
        }
    }
    office.refused(&view(&office, Some(id), Some(form)).await?)
}

/// `POST /admin/settings/taxes/{id}/deletion`.
async fn delete(office: Office, Path(id): Path<TaxRateId>) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    let ctx = office.ctx().clone();
    office
        .db()
        .write("delete_tax_rate", async move |tx: &mut Tx| {
            pricing::delete_tax_rate(tx, &ctx, &permit, id).await
        })
        .await?;
    Ok(office.done(PATH, office.t("form-deleted")))
}
