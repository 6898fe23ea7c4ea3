use db::{Tx, params};
use kernel::{
    Address, ChannelId, Ctx, Currency, Entropy, Id, LegalEntityId, LocationId, MarketId, Store, StoreId,
    Timestamp,
};
use work::Deed;

use crate::{Error, check};

/// The ids of a store that is about to be: its context needs them before its rows are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ids {
    /// The store.
    pub store: StoreId,
    /// Its online channel.
    pub channel: ChannelId,
    /// Its market.
    pub market: MarketId,
    /// Who invoices.
    pub entity: LegalEntityId,
    /// Its first location; `inventory::create_location` makes the row.
    pub location: LocationId,
}

impl Ids {
    /// New ones.
    pub fn fresh(at: Timestamp, entropy: &dyn Entropy) -> Ids {
        fn id<E>(at: Timestamp, entropy: &dyn Entropy) -> Id<E> {
            let mut random = [0; 8];
            entropy.fill(&mut random);
            Id::compose(at.micros(), random)
        }
        Ids {
            store: id(at, entropy),
            channel: id(at, entropy),
            market: id(at, entropy),
            entity: id(at, entropy),
            location: id(at, entropy),
        }
    }
}

/// What first-run set-up asks.
#[derive(Debug, Clone)]
pub struct NewStore {
    /// From [`Ids::fresh`].
    pub ids: Ids,
    /// As shoppers read it.
    pub name: String,
    /// Who invoices; empty takes the store's name.
    pub legal_name: String,
    /// Where who invoices sits.
    pub legal_address: Address,
    /// Or empty.
    pub vat_number: String,
    /// Where shoppers write to, and whom orders' mail comes from until set otherwise; or empty.
    pub email: String,
    /// The market's; it stays.
    pub currency: Currency,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// IANA.
    pub time_zone: String,
    /// Are prices entered with tax?
    pub prices_include_tax: bool,
    /// The languages it speaks, the first by default.
    pub locales: Vec<String>,
}

impl NewStore {
    /// As contexts hold it: `Ctx::with(Arc::new(new.store()), clock, entropy)` is what [`set_up`] wants.
    pub fn store(&self) -> Store {
        Store {
            id: self.ids.store,
            channel: self.ids.channel,
            market: self.ids.market,
            entity: self.ids.entity,
            location: self.ids.location,
            currency: self.currency,
            time_zone: self.time_zone.trim().to_owned(),
            prices_include_tax: self.prices_include_tax,
            country: self.country.trim().to_ascii_uppercase(),
        }
    }
}

/// Makes the store, its channel, market and legal entity. Serializable: of two at once, one wins.
///
/// # Errors
/// [`Error::AlreadySetUp`]; [`Error::Invalid`] names the field.
pub async fn set_up(tx: &mut Tx, ctx: &Ctx, new: &NewStore) -> Result<Store, Error> {
    if tx.value::<i64>(db::sql!("select cast(count(*) as bigint) from store"), &[]).await? > 0 {
        return Err(Error::AlreadySetUp);
    }
    let name = check::text("name", &new.name, "The shop's name", 120)?;
    let legal_name = check::optional("legal_name", &new.legal_name, "The company's name", 200)?;
    let legal_name = if legal_name.is_empty() { name.clone() } else { legal_name };
    let vat_number = check::optional("vat_number", &new.vat_number, "The VAT number", 40)?;
    let email = check::email("email", &new.email)?;
    let time_zone = check::time_zone(&new.time_zone)?;
    let country = check::country(&new.country)?;
    let locales = crate::locales::checked(&new.locales)?;
    let address = address_json(&new.legal_address)?;
    let (ids, now) = (new.ids, ctx.now());
    tx.exec(
        db::sql!(
            "insert into legal_entity (id, name, address, vat_number, email, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $6)"
        ),
        params![ids.entity, legal_name, address, vat_number, email, now],
    )
    .await?;
    tx.exec(
        db::sql!(
            "insert into store (id, name, legal_entity_id, default_location_id, time_zone, country, default_locale,
                 created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $8)"
        ),
        params![ids.store, name, ids.entity, ids.location, time_zone, country, locales[0], now],
    )
    .await?;
    tx.exec(
        db::sql!(
            "insert into channel (id, store_id, kind, name, created_at) values ($1, $2, 'online', $3, $4)"
        ),
        params![ids.channel, ids.store, "Online store", now],
    )
    .await?;
    tx.exec(
        db::sql!(
            "insert into market (id, store_id, name, currency, country, prices_include_tax, created_at)
             values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![ids.market, ids.store, country, new.currency, country, new.prices_include_tax, now],
    )
    .await?;
    crate::locales::write(tx, ids.store, &locales).await?;
    let after = serde_json::json!({
        "name": name, "currency": new.currency, "country": country, "time_zone": time_zone, "locales": locales,
        "prices_include_tax": new.prices_include_tax,
    });
    let deed = Deed {
        verb: "store.set_up",
        subject_kind: "store",
        subject: ids.store.uuid(),
        before: None,
        after: Some(after),
        note: None,
    };
    work::audit(tx, ctx, &deed).await?;
    work::touch(tx, ctx, "site", ids.store.uuid()).await?;
    find_store(tx).await?.ok_or(Error::NotSetUp)
}

pub(crate) fn address_json(address: &Address) -> Result<String, Error> {
    serde_json::to_string(address).map_err(|e| Error::invalid("legal_address", e.to_string()))
}

db::row! {
    struct Found {
        id: StoreId,
        channel: ChannelId,
        market: MarketId,
        entity: LegalEntityId,
        location: LocationId,
        currency: Currency,
        time_zone: String,
        prices_include_tax: bool,
        country: String,
    }
}

/// The store of this shop; `None` before set-up.
///
/// # Errors
/// The database's.
pub async fn find_store(tx: &mut Tx) -> Result<Option<Store>, Error> {
    let found: Option<Found> = tx
        .opt(
            db::sql!(
                "select s.id, c.id, m.id, s.legal_entity_id, s.default_location_id, m.currency, s.time_zone,
                        m.prices_include_tax, s.country
                 from store s join channel c on c.store_id = s.id and c.kind = 'online' join market m on m.store_id = s.id
                 order by s.created_at, s.id, c.id, m.id limit 1"
            ),
            &[],
        )
        .await?;
    Ok(found.map(|f| Store {
        id: f.id,
        channel: f.channel,
        market: f.market,
        entity: f.entity,
        location: f.location,
        currency: f.currency,
        time_zone: f.time_zone,
        prices_include_tax: f.prices_include_tax,
        country: f.country,
    }))
}
