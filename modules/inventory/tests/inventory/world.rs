//! A shop with two locations, and what is done in it.

use db::{Db, Migrations, Tx, Unit};
use inventory::{Error, Reason, Taken, Wanted};
use kernel::{
    Actor, Address, Ctx, Grant, Grants, InventoryItemId, LocationId, OrderId, OrderLineId, Scope, VariantId,
};

pub const MIGRATIONS: &[Migrations] = &[work::MIGRATIONS, inventory::MIGRATIONS];

#[derive(Clone)]
pub struct Shop {
    pub db: Db,
    pub ctx: Ctx,
    /// First in line.
    pub front: LocationId,
    /// Second.
    pub barn: LocationId,
}

/// An order's line and what it took.
#[derive(Debug, Clone)]
pub struct Sale {
    pub order: OrderId,
    pub line: OrderLineId,
    pub variant: VariantId,
    pub taken: Vec<Taken>,
}

impl Sale {
    /// Sold units by location.
    pub fn parts(&self) -> Vec<(LocationId, i64)> {
        inventory::units_taken(&self.taken).into_iter().map(|(_, l, n)| (l, n)).collect()
    }
}

impl Shop {
    pub async fn open(db: &Db) -> Shop {
        let ctx = testkit::ctx();
        let (c, front, barn) = (ctx.clone(), ctx.store.location, ctx.id());
        db.write("shop", async move |tx: &mut Tx| {
            inventory::create_location(tx, &c, front, "Shop", &Address::default()).await?;
            inventory::create_location(tx, &c, barn, "Barn", &Address::default()).await
        })
        .await
        .unwrap();
        Shop { db: db.clone(), ctx, front, barn }
    }

    /// The same shop seen by another request: ids of its own.
    pub fn again(&self, seed: u64) -> Shop {
        Shop { ctx: testkit::ctx_at(testkit::clock(), seed), ..self.clone() }
    }

    /// The same shop in the hands of somebody who may do everything, but only at this location.
    pub fn only_at(&self, location: LocationId) -> Shop {
        let scope = Scope { locations: vec![location], ..Scope::ALL };
        let grants = Grants(vec![Grant { permission: "*".into(), scope }]);
        let ctx = self.ctx.acting(Actor::Key { id: self.ctx.id(), name: "Till".into() }, grants);
        Shop { ctx, ..self.clone() }
    }

    /// A counted item, sold singly, with so many at the front and in the barn.
    pub async fn good(&self, front: i64, barn: i64) -> (VariantId, InventoryItemId) {
        let (c, variant): (Ctx, VariantId) = (self.ctx.clone(), self.ctx.id());
        let item = self
            .db
            .write("good", async move |tx: &mut Tx| {
                inventory::create_item(tx, &c, variant, true, false).await
            })
            .await
            .unwrap();
        for (location, n) in [(self.front, front), (self.barn, barn)] {
            if n != 0 {
                self.put(item, location, n).await.unwrap();
            }
        }
        (variant, item)
    }

    /// A variant that takes of these items.
    pub async fn made_of(&self, parts: &[(InventoryItemId, i64)]) -> VariantId {
        let (variant, parts): (VariantId, _) = (self.ctx.id(), parts.to_vec());
        self.db
            .write("kit", async move |tx: &mut Tx| {
                for (item, factor) in &parts {
                    inventory::attach(tx, variant, *item, *factor).await?;
                }
                Ok::<_, Error>(())
            })
            .await
            .unwrap();
        variant
    }

    pub async fn put(&self, item: InventoryItemId, location: LocationId, n: i64) -> Result<i64, Error> {
        let c = self.ctx.clone();
        self.db
            .write("put", async move |tx: &mut Tx| {
                let permit = c.permit().unwrap();
                inventory::adjust(tx, &c, &permit, item, location, n, Reason::Received, "").await
            })
            .await
    }

    pub async fn want(&self, variant: VariantId, quantity: i64) -> Result<Sale, Error> {
        let (order, line, c): (OrderId, OrderLineId, Ctx) = (self.ctx.id(), self.ctx.id(), self.ctx.clone());
        let found =
            self.db.read(async |tx: &mut Tx| inventory::available_of(tx, &[variant]).await).await.unwrap();
        let components = found.first().map(|a| a.components.clone()).unwrap_or_default();
        let wanted = vec![Wanted { line, variant, quantity, components }];
        let taken = self
            .db
            .write(Unit::named("want").read_committed(), async move |tx: &mut Tx| {
                inventory::reserve(tx, &c, order, &wanted).await
            })
            .await?;
        Ok(Sale { order, line, variant, taken })
    }

    /// Sold and paid.
    pub async fn sell(&self, variant: VariantId, quantity: i64) -> Sale {
        let sale = self.want(variant, quantity).await.unwrap();
        self.allocate(&sale).await;
        sale
    }

    pub async fn allocate(&self, sale: &Sale) {
        let (c, order) = (self.ctx.clone(), sale.order);
        self.db
            .write(Unit::named("allocate").read_committed(), async move |tx: &mut Tx| {
                inventory::allocate(tx, &c, order).await
            })
            .await
            .unwrap();
    }

    pub async fn ship(&self, sale: &Sale, location: LocationId, n: i64) -> Result<(), Error> {
        let (c, s) = (self.ctx.clone(), sale.clone());
        self.db
            .write("ship", async move |tx: &mut Tx| {
                inventory::ship(tx, &c, s.order, s.line, s.variant, location, n, s.order.uuid()).await
            })
            .await
    }

    pub async fn release(&self, sale: &Sale) {
        let (c, order) = (self.ctx.clone(), sale.order);
        self.db
            .write("release", async move |tx: &mut Tx| inventory::release(tx, &c, order).await)
            .await
            .unwrap();
    }

    pub async fn release_line(&self, sale: &Sale, location: LocationId, n: i64) -> Result<(), Error> {
        let (c, s) = (self.ctx.clone(), sale.clone());
        self.db
            .write("release_line", async move |tx: &mut Tx| {
                inventory::release_line(tx, &c, s.order, s.line, location, n).await
            })
            .await
    }

    pub async fn restock(&self, sale: &Sale, location: LocationId, n: i64) {
        let (c, s) = (self.ctx.clone(), sale.clone());
        self.db
            .write("restock", async move |tx: &mut Tx| {
                inventory::restock(tx, &c, s.order, s.line, s.variant, location, n, s.order.uuid()).await
            })
            .await
            .unwrap();
    }

    pub async fn policy(&self, item: InventoryItemId, tracked: bool, oversell: bool) -> Result<(), Error> {
        let c = self.ctx.clone();
        self.db
            .write("policy", async move |tx: &mut Tx| {
                inventory::set_policy(tx, &c, &c.permit().unwrap(), item, tracked, oversell).await
            })
            .await
    }

    pub async fn sellable(&self, variant: VariantId) -> Option<i64> {
        self.db.read(async |tx: &mut Tx| inventory::available_of(tx, &[variant]).await).await.unwrap()[0]
            .sellable()
    }

    /// On hand, reserved, allocated.
    pub async fn level(&self, item: InventoryItemId, location: LocationId) -> (i64, i64, i64) {
        let found: Option<(i64, i64, i64)> = self
            .db
            .read(async |tx: &mut Tx| {
                tx.opt(
                    "select on_hand, reserved, allocated from stock_level where item_id = $1 and location_id = $2",
                    db::params![item, location],
                )
                .await
            })
            .await
            .unwrap();
        found.unwrap_or_default()
    }

    pub async fn count(&self, text: &'static str) -> i64 {
        self.db.read(async |tx: &mut Tx| tx.value(text, &[]).await).await.unwrap()
    }

    pub async fn alerts(&self) -> Vec<String> {
        let open = self.db.read(async |tx: &mut Tx| work::alerts::open(tx).await).await.unwrap();
        open.into_iter().map(|a| a.text).collect()
    }

    pub async fn broken(&self) -> Vec<&'static str> {
        self.db
            .read(async |tx: &mut Tx| db::check(tx, inventory::LAWS).await)
            .await
            .unwrap()
            .into_iter()
            .map(|v| v.law)
            .collect()
    }

    pub async fn lawful(&self) {
        assert_eq!(self.broken().await, Vec::<&str>::new());
    }
}
