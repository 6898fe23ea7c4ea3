//! Two locations and a placed order that both of them ship.

use db::{Db, Migrations, Tx, params};
use kernel::{
    Actor, Address, Ctx, FulfilmentLineId, FulfilmentOrderId, Grant, Grants, LocationId, OrderId,
    OrderLineId, Scope, ShipmentId, VariantId,
};
use warehouse::{Error, NewLine, NewShipment};

pub const MIGRATIONS: &[Migrations] = &[
    work::MIGRATIONS,
    inventory::MIGRATIONS,
    orders::MIGRATIONS,
    payments::MIGRATIONS,
    warehouse::MIGRATIONS,
];

#[derive(Clone)]
pub struct World {
    pub db: Db,
    pub ctx: Ctx,
    pub front: LocationId,
    pub barn: LocationId,
    pub order: OrderId,
    pub line: OrderLineId,
    pub variant: VariantId,
    /// Of the front, where three lie.
    pub first: FulfilmentOrderId,
    /// Of the barn, for the two that were missing.
    pub second: FulfilmentOrderId,
}

async fn set_up(tx: &mut Tx, ctx: &Ctx, w: &World) -> Result<(), inventory::Error> {
    inventory::create_location(tx, ctx, w.front, "Shop", &Address::default()).await?;
    inventory::create_location(tx, ctx, w.barn, "Barn", &Address::default()).await?;
    let item = inventory::create_item(tx, ctx, w.variant, true, false).await?;
    let permit = ctx.permit().unwrap();
    for (location, n) in [(w.front, 3), (w.barn, 4)] {
        inventory::adjust(tx, ctx, &permit, item, location, n, inventory::Reason::Initial, "").await?;
    }
    tx.exec(
        "insert into orders (id, store_id, channel_id, market_id, entity_id, number, state, email, email_key, name, locale,
             currency, prices_include_tax, shipping_address, billing_address, payment_method, net_minor, tax_minor,
             total_minor, item_count, secret, created_at, updated_at, placed_at, placed_day)
         values ($1, $2, $2, $2, $2, 1001, 'placed', '', '', '', 'en', 'EUR', true, '{}', '{}', 'test', 0, 0, 0, 5, 's', 1, 1, 1, '')",
        params![w.order, ctx.store.id],
    )
    .await?;
    tx.exec(
        "insert into order_line (id, order_id, position, kind, variant_id, title, quantity, unit_minor, net_minor, tax_minor,
             gross_minor, tax_rate_ppm)
         values ($1, $2, 1, 'item', $3, 'Apple', 5, 0, 0, 0, 0, 0)",
        params![w.line, w.order, w.variant],
    )
    .await?;
    let components = inventory::available_of(tx, &[w.variant]).await?.remove(0).components;
    let wanted = inventory::Wanted { line: w.line, variant: w.variant, quantity: 5, components };
    let taken = inventory::reserve(tx, ctx, w.order, &[wanted]).await?;
    inventory::allocate(tx, ctx, w.order).await?;
    let lines: Vec<NewLine> = inventory::units_taken(&taken)
        .into_iter()
        .map(|(line, location, quantity)| NewLine {
            location,
            line,
            variant: w.variant,
            sku: None,
            title: "Apple".into(),
            quantity,
        })
        .collect();
    warehouse::open(tx, ctx, w.order, &lines).await.unwrap();
    Ok(())
}

impl World {
    pub async fn new(db: &Db) -> World {
        let ctx = testkit::ctx();
        let id = ctx.id();
        let mut w = World {
            db: db.clone(),
            front: ctx.store.location,
            barn: ctx.id(),
            order: ctx.id(),
            line: ctx.id(),
            variant: ctx.id(),
            first: id,
            second: id,
            ctx,
        };
        let (c, given) = (w.ctx.clone(), w.clone());
        db.write("set_up", async move |tx: &mut Tx| set_up(tx, &c, &given).await).await.unwrap();
        let order = w.order;
        let rows = db.read(async |tx: &mut Tx| warehouse::of_order(tx, order).await).await.unwrap();
        let of = |l| rows.iter().find(|r| r.location == l).unwrap().id;
        (w.first, w.second) = (of(w.front), of(w.barn));
        w
    }

    /// The same in the hands of somebody who may do everything, but only at this location.
    pub fn only_at(&self, location: LocationId) -> World {
        let scope = Scope { locations: vec![location], ..Scope::ALL };
        let grants = Grants(vec![Grant { permission: "*".into(), scope }]);
        let ctx = self.ctx.acting(Actor::Key { id: self.ctx.id(), name: "Till".into() }, grants);
        World { ctx, ..self.clone() }
    }

    pub async fn lines(&self) -> Vec<warehouse::FulfilmentLine> {
        let order = self.order;
        self.db.read(async |tx: &mut Tx| warehouse::lines_of(tx, order).await).await.unwrap()
    }

    /// So many of the request's line go with a parcel; off the shelf too.
    pub async fn ship(&self, request: FulfilmentOrderId, n: i64) -> Result<ShipmentId, Error> {
        let line: FulfilmentLineId = self.lines().await.iter().find(|l| l.request == request).unwrap().id;
        let (c, w) = (self.ctx.clone(), self.clone());
        self.db
            .write("ship", async move |tx: &mut Tx| {
                let new = NewShipment {
                    id: c.id(),
                    fulfilment: request,
                    lines: vec![(line, n)],
                    carrier: "PostNL".into(),
                    tracking_number: String::new(),
                    tracking_url: String::new(),
                };
                let row = warehouse::ship(tx, &c, &c.permit().unwrap(), &new).await?;
                inventory::ship(tx, &c, w.order, w.line, w.variant, row.location, n, row.id.uuid())
                    .await
                    .unwrap();
                Ok(row.id)
            })
            .await
    }

    pub async fn state(&self, id: FulfilmentOrderId) -> String {
        self.db.read(async |tx: &mut Tx| warehouse::fulfilment(tx, id).await).await.unwrap().state.to_string()
    }

    /// What was remembered, oldest first.
    pub async fn deeds(&self) -> Vec<String> {
        let rows: Vec<(String,)> = self
            .db
            .read(async |tx: &mut Tx| {
                tx.all("select verb from audit where subject_kind in ('fulfilment_order', 'shipment') order by at, id", &[]).await
            })
            .await
            .unwrap();
        let mut all: Vec<String> = rows.into_iter().map(|(v,)| v).collect();
        all.sort();
        all
    }

    pub async fn lawful(&self) {
        let laws = [warehouse::LAWS, inventory::LAWS].concat();
        let found = self.db.read(async |tx: &mut Tx| db::check(tx, &laws).await).await.unwrap();
        assert!(found.is_empty(), "{found:#?}");
    }
}
