//! Zones, and the ways to ship in them.

use std::collections::BTreeMap;

use db::Tx;
use kernel::perms::SettingsWrite;
use kernel::{Currency, ShippingMethodId, ShippingZoneId};
use serde::{Deserialize, Serialize};
use shipping::{Band, Kind, Method, NewMethod, NewZone, Words};
use utoipa::ToSchema;

use crate::api::answer::{Done, List, Made, One};
use crate::api::ask::{At, Body};
use crate::api::once::Sent;
use crate::api::types::{Amount, read_some};
use crate::{Caller, Error, State};

/// Countries that ship alike.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Zone {
    #[schema(example = "szn_01h455vb4pex5vsknk084sn02q")]
    id: String,
    name: String,
    /// ISO 3166-1 alpha-2; `*` is everywhere else.
    countries: Vec<String>,
    methods: Vec<MethodView>,
}

impl From<shipping::Zone> for Zone {
    fn from(z: shipping::Zone) -> Zone {
        let methods = z.methods.iter().map(MethodView::from).collect();
        Zone { id: z.id.to_string(), name: z.name, countries: z.countries, methods }
    }
}

/// A way to ship.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShippingMethod)]
pub(super) struct MethodView {
    #[schema(example = "shm_01h455vb4pex5vsknk084sn02q")]
    id: String,
    zone: String,
    /// By language.
    name: BTreeMap<String, String>,
    description: BTreeMap<String, String>,
    position: i64,
    /// `flat` or `weight`.
    kind: String,
    price: Amount,
    /// By weight.
    bands: Vec<WeightBand>,
    /// From so much of goods on it costs nothing.
    free_from: Option<Amount>,
    min_days: Option<i64>,
    max_days: Option<i64>,
    tax_category: String,
    active: bool,
}

/// Up to a weight.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WeightBand {
    up_to_grams: i64,
    price: Amount,
}

impl From<&Method> for MethodView {
    fn from(m: &Method) -> MethodView {
        let amount = |minor: i64| Amount::of(minor, m.currency);
        let is = &m.is;
        let band = |b: &Band| WeightBand { up_to_grams: b.up_to_grams, price: amount(b.amount_minor) };
        MethodView {
            id: m.id.to_string(),
            zone: m.zone.to_string(),
            name: is.name.0.clone(),
            description: is.description.0.clone(),
            position: is.position,
            kind: is.kind.to_string(),
            price: amount(is.amount_minor),
            bands: is.bands.iter().map(band).collect(),
            free_from: is.free_from_minor.map(amount),
            min_days: is.min_days,
            max_days: is.max_days,
            tax_category: is.tax_category.clone(),
            active: is.active,
        }
    }
}

pub(super) async fn zones(state: State, caller: Caller) -> Result<List<Zone>, Error> {
    caller.permit::<SettingsWrite>()?;
    let all = state.db().read(async |tx: &mut Tx| shipping::zones(tx, &caller.ctx).await).await?;
    Ok(List::whole(all.into_iter().map(Zone::from).collect()))
}

/// A zone as it shall be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ZoneInput {
    name: String,
    /// ISO 3166-1 alpha-2; `*` is everywhere else.
    countries: Vec<String>,
}

impl From<ZoneInput> for NewZone {
    fn from(z: ZoneInput) -> NewZone {
        NewZone { name: z.name, countries: z.countries }
    }
}

pub(super) async fn create_zone(
    state: State,
    caller: Caller,
    Sent(input, once): Sent<ZoneInput>,
) -> Result<Made<Zone>, Error> {
    let permit = caller.permit::<SettingsWrite>()?;
    let ctx = caller.ctx;
    let made = state
        .db()
        .write("zone_create", async move |tx: &mut Tx| {
            let new = NewZone::from(input.clone());
            let make = async |tx: &mut Tx| Ok(shipping::create_zone(tx, &ctx, &permit, new).await?);
            let id = once.make(tx, &ctx, make).await?;
            Ok::<_, Error>(shipping::zone(tx, &ctx, id).await?)
        })
        .await?;
    Ok(Made::new("/admin/shipping-zones", made.into()))
}

pub(super) async fn update_zone(
    state: State,
    caller: Caller,
    At(id): At<ShippingZoneId>,
    Body(input): Body<ZoneInput>,
) -> Result<One<Zone>, Error> {
    let permit = caller.permit::<SettingsWrite>()?;
    let ctx = caller.ctx;
    let changed = state
        .db()
        .write("zone_update", async move |tx: &mut Tx| {
            shipping::update_zone(tx, &ctx, &permit, id, input.clone().into()).await?;
            shipping::zone(tx, &ctx, id).await
        })
        .await?;
    Ok(One::new(changed.into()))
}

pub(super) async fn delete_zone(
    state: State,
    caller: Caller,
    At(id): At<ShippingZoneId>,
) -> Result<Done, Error> {
    let permit = caller.permit::<SettingsWrite>()?;
    let ctx = caller.ctx;
    state
        .db()
        .write("zone_delete", async move |tx: &mut Tx| shipping::delete_zone(tx, &ctx, &permit, id).await)
        .await?;
    Ok(Done)
}

/// A way to ship as it shall be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MethodInput {
    /// By language.
    name: BTreeMap<String, String>,
    #[serde(default)]
    description: BTreeMap<String, String>,
    #[serde(default)]
    position: i64,
    /// `flat` or `weight`.
    #[schema(value_type = String)]
    kind: Kind,
    price: Amount,
    /// By weight.
    #[serde(default)]
    bands: Vec<WeightBand>,
    free_from: Option<Amount>,
    min_days: Option<i64>,
    max_days: Option<i64>,
    tax_category: Option<String>,
    #[serde(default = "yes")]
    active: bool,
}

fn yes() -> bool {
    true
}

impl MethodInput {
    fn read(self, currency: Currency) -> Result<NewMethod, Error> {
        let mut bands = vec![];
        for (n, b) in self.bands.iter().enumerate() {
            let amount_minor = b.price.read(currency, &format!("bands[{n}].price"))?;
            bands.push(Band { up_to_grams: b.up_to_grams, amount_minor });
        }
        Ok(NewMethod {
            amount_minor: self.price.read(currency, "price")?,
            free_from_minor: read_some(self.free_from.as_ref(), currency, "free_from")?,
            name: Words(self.name),
            description: Words(self.description),
            position: self.position,
            kind: self.kind,
            bands,
            min_days: self.min_days,
            max_days: self.max_days,
            tax_category: self.tax_category.unwrap_or_else(|| "standard".to_owned()),
            active: self.active,
        })
    }
}

pub(super) async fn create_method(
    state: State,
    caller: Caller,
    At(zone): At<ShippingZoneId>,
    Sent(input, once): Sent<MethodInput>,
) -> Result<Made<MethodView>, Error> {
    let permit = caller.permit::<SettingsWrite>()?;
    let ctx = caller.ctx;
    let new = input.read(ctx.store.currency)?;
    let made = state
        .db()
        .write("method_create", async move |tx: &mut Tx| {
            let new = new.clone();
            let make = async |tx: &mut Tx| Ok(shipping::create_method(tx, &ctx, &permit, zone, new).await?);
            let id = once.make(tx, &ctx, make).await?;
            Ok::<_, Error>(shipping::method(tx, &ctx, id).await?)
        })
        .await?;
    Ok(Made::new("/admin/shipping-zones", MethodView::from(&made)))
}

pub(super) async fn update_method(
    state: State,
    caller: Caller,
    At(id): At<ShippingMethodId>,
    Body(input): Body<MethodInput>,
) -> Result<One<MethodView>, Error> {
    let permit = caller.permit::<SettingsWrite>()?;
    let ctx = caller.ctx;
    let new = input.read(ctx.store.currency)?;
    let changed = state
        .db()
        .write("method_update", async move |tx: &mut Tx| {
            shipping::update_method(tx, &ctx, &permit, id, new.clone()).await?;
            shipping::method(tx, &ctx, id).await
        })
        .await?;
    Ok(One::new(MethodView::from(&changed)))
}

pub(super) async fn delete_method(
    state: State,
    caller: Caller,
    At(id): At<ShippingMethodId>,
) -> Result<Done, Error> {
    let permit = caller.permit::<SettingsWrite>()?;
    let ctx = caller.ctx;
    state
        .db()
        .write("method_delete", async move |tx: &mut Tx| shipping::delete_method(tx, &ctx, &permit, id).await)
        .await?;
    Ok(Done)
}
