//! A customer's addresses: added, changed, removed, made the main one.

use axum::response::Response;
use customers::{AddressId, CustomerAddress, country};
use db::Tx;
use kernel::{Address, CustomerId, ErrorKind, perms};

use super::id_of;
use crate::Error;
use crate::admin::blame::{blame, same};
use crate::admin::locations::countries;
use crate::admin::office::Office;
use crate::admin::sent::Form;
use crate::admin::views::{AddressField, Choice, CustomerAddressView, Fields, Section};
use crate::extract::Path;

const FIELDS: [&str; 9] =
    ["name", "company", "line1", "line2", "postcode", "city", "region", "country", "phone"];

fn address_id(text: &str) -> Result<AddressId, Error> {
    text.parse().map_err(|_| Error::not_found())
}

/// `GET /admin/customers/{id}/addresses/new`.
pub(super) async fn new(office: Office, Path(id): Path<String>) -> Result<Response, Error> {
    let (name, _) = known(&office, id_of(&id)?, None).await?;
    let form = Fields::new().with("name", name.as_str()).with("country", office.ctx().store.country.as_str());
    let view = view(&office, id_of(&id)?, None, name, form).await?;
    office.page(&view)
}

/// `GET /admin/customers/{id}/addresses/{address}`.
pub(super) async fn edit(
    office: Office,
    Path((id, address)): Path<(String, String)>,
) -> Result<Response, Error> {
    let (id, address) = (id_of(&id)?, address_id(&address)?);
    let (name, stored) = known(&office, id, Some(address)).await?;
    let stored = stored.ok_or_else(Error::not_found)?.address;
    let mut form = Fields::new();
    for field in FIELDS {
        form.set(field, part(&stored, field));
    }
    let view = view(&office, id, Some(address), name, form).await?;
    office.page(&view)
}

async fn known(
    office: &Office,
    id: CustomerId,
    address: Option<AddressId>,
) -> Result<(String, Option<CustomerAddress>), Error> {
    office.permit::<perms::CustomersWrite>()?;
    let store = office.ctx().store.id;
    let (customer, all) = office
        .db()
        .read(async |tx: &mut Tx| {
            let customer = customers::get(tx, store, id).await?;
            Ok::<_, Error>((customer, customers::addresses(tx, id).await?))
        })
        .await?;
    let name = if customer.name.is_empty() { customer.email } else { customer.name };
    Ok((name, all.into_iter().find(|a| Some(a.id) == address)))
}

async fn view(
    office: &Office,
    customer: CustomerId,
    address: Option<AddressId>,
    name: String,
    form: Fields,
) -> Result<CustomerAddressView, Error> {
    let locale = office.locale.tag();
    let format = country::get(form.value("country")).or_else(|| country::get(&office.ctx().store.country));
    let specs = format.map(|f| f.fields(locale)).unwrap_or_default();
    let fields =
        specs.into_iter().filter(|s| !matches!(s.field, country::Field::Country)).map(|s| AddressField {
            name: s.name,
            label: s.label.to_owned(),
            required: s.required,
            choices: s.choices.iter().map(|(code, name)| Choice::new(*code, *name)).collect(),
        });
    let mut fields: Vec<AddressField> = fields.collect();
    if fields.iter().all(|f| f.name != "phone") {
        let label = office.t("customer-phone");
        fields.push(AddressField { name: "phone", label, required: false, choices: vec![] });
    }
    let base = format!("/admin/customers/{customer}");
    Ok(CustomerAddressView {
        shell: office.shell(Section::Customers).await?,
        action: match address {
            Some(address) => format!("{base}/addresses/{address}"),
            None => format!("{base}/addresses"),
        },
        back: base,
        customer: name,
        editing: address.is_some(),
        countries: countries(office),
        fields,
        form,
    })
}

fn part(a: &Address, field: &str) -> String {
    match field {
        "name" => a.name.clone(),
        "company" => a.company.clone(),
        "line1" => a.line1.clone(),
        "line2" => a.line2.clone(),
        "postcode" => a.postcode.clone(),
        "city" => a.city.clone(),
        "region" => a.region.clone(),
        "country" => a.country.clone(),
        _ => a.phone.clone(),
    }
}

fn typed(form: &Fields) -> Address {
    let value = |name: &str| form.value(name).trim().to_owned();
    Address {
        name: value("name"),
        company: value("company"),
        line1: value("line1"),
        line2: value("line2"),
        postcode: value("postcode"),
        city: value("city"),
        region: value("region"),
        country: value("country"),
        phone: value("phone"),
    }
}

/// `POST /admin/customers/{id}/addresses`: the fields of the country; `action` is `save` or `country`, which shows the
/// form of another country.
pub(super) async fn add(office: Office, Path(id): Path<String>, Form(form): Form) -> Result<Response, Error> {
    save(office, id_of(&id)?, None, form).await
}

/// `POST /admin/customers/{id}/addresses/{address}`.
pub(super) async fn update(
    office: Office,
    Path((id, address)): Path<(String, String)>,
    Form(form): Form,
) -> Result<Response, Error> {
    save(office, id_of(&id)?, Some(address_id(&address)?), form).await
}

async fn save(
    office: Office,
    id: CustomerId,
    address: Option<AddressId>,
    mut form: Fields,
) -> Result<Response, Error> {
    let permit = office.permit::<perms::CustomersWrite>()?;
    let (name, _) = known(&office, id, None).await?;
    if form.value("action") == "country" {
        let view = view(&office, id, address, name, form).await?;
        return office.page(&view);
    }
    // errors come in the reader's language
    let (ctx, new) = (office.ctx().in_locale(office.locale.tag()), typed(&form));
    let done = office
        .db()
        .write("customer_address", async move |tx: &mut Tx| match address {
            Some(address) => customers::update_address(tx, &ctx, &permit, id, address, &new).await,
            None => customers::add_address(tx, &ctx, &permit, id, &new).await,
        })
        .await;
    match done {
        Ok(()) => Ok(office.done(&format!("/admin/customers/{id}"), office.t("form-saved"))),
        Err(customers::Error::Address(wrong)) => {
            for e in wrong {
                form.fail(e.field, e.message);
            }
            office.refused(&view(&office, id, address, name, form).await?)
        }
        Err(e) => {
            blame(&office, &mut form, e, same)?;
            office.refused(&view(&office, id, address, name, form).await?)
        }
    }
}

/// `POST /admin/customers/{id}/addresses/{address}/main`.
pub(super) async fn main(
    office: Office,
    Path((id, address)): Path<(String, String)>,
) -> Result<Response, Error> {
    let permit = office.permit::<perms::CustomersWrite>()?;
    let (id, address, ctx) = (id_of(&id)?, address_id(&address)?, office.ctx().clone());
    office
        .db()
        .write("customer_address", async move |tx: &mut Tx| {
            customers::set_default_address(tx, &ctx, &permit, id, address).await
        })
        .await?;
    Ok(office.done(&format!("/admin/customers/{id}"), office.t("form-saved")))
}

/// `POST /admin/customers/{id}/addresses/{address}/deletion`.
pub(super) async fn remove(
    office: Office,
    Path((id, address)): Path<(String, String)>,
) -> Result<Response, Error> {
    let permit = office.permit::<perms::CustomersWrite>()?;
    let (id, address, ctx) = (id_of(&id)?, address_id(&address)?, office.ctx().clone());
    let to = format!("/admin/customers/{id}");
    let gone = office
        .db()
        .write("customer_address", async move |tx: &mut Tx| {
            customers::remove_address(tx, &ctx, &permit, id, address).await
        })
        .await
        .map_err(Error::from);
    match gone {
        Ok(()) => Ok(office.done(&to, office.t("form-deleted"))),
        Err(e) if e.kind == ErrorKind::Conflict => office.failed(&to, e),
        Err(e) => Err(e),
    }
}
