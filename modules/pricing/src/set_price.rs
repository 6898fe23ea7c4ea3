use db::{Tx, params, sql};
use kernel::{Ctx, Denied, Permission, Permit, Timestamp, VariantId, perms::ProductsWrite};
use serde_json::json;

use crate::{Error, MAX_AMOUNT_MINOR};

/// A price of a variant in the store's market.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewPrice {
    /// Of what.
    pub variant: VariantId,
    /// Of a piece, in minor units of the market's currency; with or without tax as the store enters them.
    pub amount_minor: i64,
    /// What it cost before, in minor units.
    pub compare_at_minor: Option<i64>,
    /// From how many pieces on; 1 is the ordinary price.
    pub min_quantity: i64,
    /// From when on; none is always.
    pub starts_at: Option<Timestamp>,
    /// Until when; none is for good.
    pub ends_at: Option<Timestamp>,
}

impl NewPrice {
    /// The ordinary price of a piece, for good.
    pub fn plain(variant: VariantId, amount_minor: i64) -> NewPrice {
        NewPrice {
            variant,
            amount_minor,
            compare_at_minor: None,
            min_quantity: 1,
            starts_at: None,
            ends_at: None,
        }
    }

    fn check(&self) -> Result<(), Error> {
        amount("price", self.amount_minor)?;
        if let Some(before) = self.compare_at_minor {
            amount("compare_at", before)?;
            if before <= self.amount_minor {
                return Err(Error::CompareAt);
            }
        }
        if self.min_quantity < 1 {
            return Err(Error::MinQuantity { min_quantity: self.min_quantity });
        }
        match (self.starts_at, self.ends_at) {
            (Some(from), Some(to)) if to <= from => Err(Error::Dates),
            _ => Ok(()),
        }
    }
}

pub(crate) fn amount(field: &'static str, amount_minor: i64) -> Result<(), Error> {
    if (0..=MAX_AMOUNT_MINOR).contains(&amount_minor) {
        Ok(())
    } else {
        Err(Error::Amount { amount_minor, field })
    }
}

pub(crate) fn in_scope<P: Permission>(ctx: &Ctx, permit: &Permit<P>) -> Result<(), Denied> {
    let reaches = permit.scope().has_store(ctx.store.id);
    if reaches { Ok(()) } else { Err(Denied::Missing { permission: P::NAME }) }
}

type Was = (i64, Option<i64>, Option<i64>, Option<i64>);
type Row = (i64, i64, Option<i64>, Option<i64>, Option<i64>);

/// Sets the price of a variant in the store's market, in place of the one for the same quantity. The same again
/// changes nothing. Shops see it through the change feed.
///
/// # Errors
/// [`Error::Amount`], [`Error::CompareAt`], [`Error::MinQuantity`], [`Error::NoBasePrice`], [`Error::Dates`];
/// [`Error::Denied`] for a store out of the permit's reach.
pub async fn set_price(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<ProductsWrite>,
    new: NewPrice,
) -> Result<(), Error> {
    in_scope(ctx, permit)?;
    new.check()?;
    let rows: Vec<Row> = tx
        .all(
            sql!(
                "select min_quantity, amount_minor, compare_at_minor, starts_at, ends_at from price
                 where variant_id = $1 and market_id = $2 and price_list = '' and min_quantity in (1, $3)"
            ),
            params![new.variant, ctx.store.market, new.min_quantity],
        )
        .await?;
    if new.min_quantity > 1 && !rows.iter().any(|r| r.0 == 1) {
        return Err(Error::NoBasePrice { variant: new.variant });
    }
    let was: Option<Was> = rows.iter().find(|r| r.0 == new.min_quantity).map(|r| (r.1, r.2, r.3, r.4));
    let now: Was =
        (new.amount_minor, new.compare_at_minor, new.starts_at.map(|t| t.0), new.ends_at.map(|t| t.0));
    if was == Some(now) {
        return Ok(());
    }
    tx.exec(
        sql!(
            "insert into price (id, store_id, variant_id, market_id, currency, amount_minor, compare_at_minor,
                 min_quantity, starts_at, ends_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict (variant_id, market_id, price_list, min_quantity) do update set
                 currency = excluded.currency, amount_minor = excluded.amount_minor,
                 compare_at_minor = excluded.compare_at_minor, starts_at = excluded.starts_at,
                 ends_at = excluded.ends_at, updated_at = excluded.updated_at"
        ),
        params![
            ctx.id::<kernel::Price>(),
            ctx.store.id,
            new.variant,
            ctx.store.market,
            ctx.store.currency,
            new.amount_minor,
            new.compare_at_minor,
            new.min_quantity,
            new.starts_at,
            new.ends_at,
            ctx.now()
        ],
    )
    .await?;
    work::touch(tx, ctx, "price", new.variant.uuid()).await?;
    let shown = |w: Was| {
        json!({ "min_quantity": new.min_quantity, "amount_minor": w.0, "compare_at_minor": w.1,
                "starts_at": w.2, "ends_at": w.3, "currency": ctx.store.currency })
    };
    work::audit(
        tx,
        ctx,
        &work::Deed {
            verb: "price.set",
            subject_kind: "variant",
            subject: new.variant.uuid(),
            before: was.map(shown),
            after: Some(shown(now)),
            note: None,
        },
    )
    .await?;
    Ok(())
}

/// Takes a variant's price for a quantity away; with 1, all of its prices: it can then not be bought.
///
/// # Errors
/// [`Error::Denied`] for a store out of the permit's reach.
pub async fn clear_price(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<ProductsWrite>,
    variant: VariantId,
    min_quantity: i64,
) -> Result<(), Error> {
    in_scope(ctx, permit)?;
    let gone = tx
        .exec(
            sql!(
                "delete from price where variant_id = $1 and market_id = $2 and price_list = ''
                 and (min_quantity = $3 or $3 <= 1)"
            ),
            params![variant, ctx.store.market, min_quantity],
        )
        .await?;
    if gone > 0 {
        work::touch(tx, ctx, "price", variant.uuid()).await?;
        let deed = work::Deed {
            verb: "price.clear",
            subject_kind: "variant",
            subject: variant.uuid(),
            before: Some(json!({ "min_quantity": min_quantity, "rows": gone })),
            after: None,
            note: None,
        };
        work::audit(tx, ctx, &deed).await?;
    }
    Ok(())
}
