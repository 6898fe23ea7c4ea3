use db::{Tx, params};
use kernel::{Ctx, CustomerId, OrderId, Permit, perms};
use serde_json::json;
use work::{Deed, News};

use crate::{Action, Error, NewOrder, OrderState, Placed};

/// Writes an order that awaits its payment, with its lines: three statements.
///
/// # Errors
/// A unique violation ([`db::Error::is_unique`]) when this version of the cart was ordered before.
pub async fn insert(tx: &mut Tx, ctx: &Ctx, order: &NewOrder) -> Result<Placed, Error> {
    let number = db::next_in_series(tx, "order_number").await?;
    let secret = ctx.secret();
    let (net, tax, total) = order.totals();
    let items: i64 = order.lines.iter().filter(|l| l.kind == crate::LineKind::Item).map(|l| l.quantity).sum();
    let json = |a: &kernel::Address| serde_json::to_string(a).map_err(work::Error::from);
    let (cart, version) = (order.cart.map(|c| c.0), order.cart.map(|c| c.1));
    let (method, method_name) = match &order.shipping_method {
        Some((id, name)) => (Some(*id), name.as_str()),
        None => (None, ""),
    };
    tx.exec(
        db::sql!(
            "insert into orders (id, store_id, channel_id, market_id, entity_id, number, state, cart_id, cart_version,
                 email, email_key, name, locale, currency, prices_include_tax, shipping_address, billing_address,
                 shipping_method_id, shipping_method, payment_method, net_minor, tax_minor, total_minor, item_count,
                 secret, note, created_at, held_until, updated_at, consent)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                 $22, $23, $24, $25, $26, $27, $28, $27, $29)"
        ),
        params![
            order.id,
            ctx.store.id,
            ctx.store.channel,
            ctx.store.market,
            ctx.store.entity,
            number,
            OrderState::AwaitingPayment,
            cart,
            version,
            order.email,
            order.email.trim().to_lowercase(),
            order.shipping_address.name,
            order.locale,
            order.currency,
            order.prices_include_tax,
            json(&order.shipping_address)?,
            json(&order.billing_address)?,
            method,
            method_name,
            order.payment_method,
            net,
            tax,
            total,
            items,
            secret,
            order.note,
            ctx.now(),
            order.held_until,
            order.consent
        ],
    )
    .await?;
    let positions: Vec<i64> = (1..).take(order.lines.len()).collect();
    let mut values = Vec::with_capacity(order.lines.len() * 22);
    for (position, l) in positions.iter().zip(&order.lines) {
        values.extend_from_slice(params![
            l.id,
            order.id,
            *position,
            l.kind,
            l.variant,
            l.product,
            l.sku,
            l.title,
            l.variant_title,
            l.slug,
            l.image,
            l.quantity,
            l.unit_minor,
            l.discount_minor,
            l.net_minor,
            l.tax_minor,
            l.gross_minor,
            l.tax_name,
            l.rate,
            l.requires_shipping,
            l.weight_grams
        ]);
    }
    tx.insert(
        "insert into order_line (id, order_id, position, kind, variant_id, product_id, sku, title, variant_title, slug,
            image_id, quantity, unit_minor, discount_minor, net_minor, tax_minor, gross_minor, tax_name, tax_rate_ppm,
            requires_shipping, weight_grams) values",
        21,
        &values,
        "",
    )
    .await?;
    Ok(Placed { id: order.id, number, secret })
}

/// Its payment was given: sold. `false` when it was not awaiting payment (any more).
///
/// # Errors
/// The database's.
pub async fn mark_placed(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<bool, Error> {
    let n = tx
        .exec(
            db::sql!(
                "update orders set state = 'placed', placed_at = $2, placed_day = $3, held_until = null, updated_at = $2
                 where id = $1 and state = 'awaiting_payment'"
            ),
            params![id, ctx.now(), ctx.today()],
        )
        .await?;
    Ok(n == 1)
}

/// Another attempt to pay begins: its stock is kept longer.
///
/// # Errors
/// [`Error::NotAllowed`] when it does not await payment (any more).
pub async fn hold_again(
    tx: &mut Tx,
    ctx: &Ctx,
    id: OrderId,
    payment_method: &str,
    until: kernel::Timestamp,
) -> Result<(), Error> {
    let n = tx
        .exec(
            db::sql!(
                "update orders set held_until = $2, payment_method = $3, updated_at = $4
                 where id = $1 and state = 'awaiting_payment'"
            ),
            params![id, until, payment_method, ctx.now()],
        )
        .await?;
    if n == 0 {
        let state = crate::head(tx, id).await?.state;
        return Err(Error::NotAllowed { state, action: Action::Place });
    }
    Ok(())
}

/// It awaits payment past its time, and cannot be called off yet: it is looked at again then. Nobody else's longer
/// time is cut.
///
/// # Errors
/// The database's.
pub async fn keep_longer(tx: &mut Tx, id: OrderId, until: kernel::Timestamp) -> Result<(), Error> {
    tx.exec(
        db::sql!(
            "update orders set held_until = $2 where id = $1 and state = 'awaiting_payment' and held_until < $2"
        ),
        params![id, until],
    )
    .await?;
    Ok(())
}

/// Ties the order to its customer.
///
/// # Errors
/// The database's.
pub async fn remember_customer(tx: &mut Tx, id: OrderId, customer: CustomerId) -> Result<(), Error> {
    tx.exec(db::sql!("update orders set customer_id = $2 where id = $1"), params![id, customer]).await?;
    Ok(())
}

/// Puts the order on hold with a reason, or lets it go on.
///
/// # Errors
/// [`Error::NotFound`], also outside the permit's scope; [`Error::DoneWith`].
pub async fn set_hold(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersWrite>,
    id: OrderId,
    reason: Option<&str>,
) -> Result<(), Error> {
    let head = crate::head_within(tx, permit, id).await?;
    if matches!(head.state, OrderState::Closed | OrderState::Cancelled) {
        return Err(Error::DoneWith { state: head.state });
    }
    tx.exec(
        db::sql!("update orders set hold = $2, updated_at = $3 where id = $1"),
        params![id, reason, ctx.now()],
    )
    .await?;
    let deed = Deed::new("order.hold", "order", id.uuid())
        .was(json!({ "hold": head.hold.is_some() }))
        .is(json!({ "hold": reason.is_some() }))
        .because(reason.unwrap_or_default());
    work::audit(tx, ctx, &deed).await?;
    let text = match reason {
        Some(why) => format!("Put on hold: {why}"),
        None => "Let go on".to_owned(),
    };
    crate::note(tx, ctx, id, "hold", &text, &serde_json::json!({ "reason": reason })).await?;
    if reason.is_none() {
        // what waited for it may be done now: to close an order of which everything was shipped and settled
        let news = News { kind: "OrderReleased", subject: id.uuid(), data: serde_json::json!({}) };
        work::tell(tx, ctx, &news).await?;
    }
    Ok(())
}

/// A placed order must not go on for a reason that the shop itself found; one on hold keeps its own reason. Inner verb.
///
/// # Errors
/// The database's.
pub async fn hold_back(tx: &mut Tx, ctx: &Ctx, id: OrderId, reason: &str) -> Result<(), Error> {
    let n = tx
        .exec(
            db::sql!(
                "update orders set hold = $2, updated_at = $3 where id = $1 and state = 'placed' and hold is null"
            ),
            params![id, reason, ctx.now()],
        )
        .await?;
    if n == 1 {
        let deed = Deed::new("order.hold", "order", id.uuid())
            .was(json!({ "hold": false }))
            .is(json!({ "hold": true }))
            .because(reason);
        work::audit(tx, ctx, &deed).await?;
        crate::note(tx, ctx, id, "hold", &format!("Put on hold: {reason}"), &json!({ "reason": reason }))
            .await?;
    }
    Ok(())
}

/// The note and the tags that staff keep on it; the customer's own words stay.
///
/// # Errors
/// [`Error::NotFound`], also outside the permit's scope; [`Error::Invalid`].
pub async fn set_note_and_tags(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersWrite>,
    id: OrderId,
    note: &str,
    tags: &[String],
) -> Result<(), Error> {
    if note.chars().count() > 5_000 || tags.len() > 50 || tags.iter().any(|t| t.chars().count() > 60) {
        let message = "At most 5,000 letters of note and 50 tags of 60 letters.".to_owned();
        return Err(Error::Invalid { field: "note", message });
    }
    let was = crate::head_within(tx, permit, id).await?;
    // the note's words are the order's, and may be about people: that they changed is what is remembered
    let deed = Deed::new("order.note_and_tags", "order", id.uuid())
        .was(json!({ "tags": was.tag_list() }))
        .is(json!({ "tags": tags, "note_changed": was.staff_note != note }));
    work::audit(tx, ctx, &deed).await?;
    let tags = serde_json::to_string(tags).map_err(work::Error::from)?;
    let n = tx
        .exec(
            db::sql!("update orders set staff_note = $2, tags = $3, updated_at = $4 where id = $1"),
            params![id, note, tags, ctx.now()],
        )
        .await?;
    if n == 0 { Err(Error::NotFound) } else { Ok(()) }
}
