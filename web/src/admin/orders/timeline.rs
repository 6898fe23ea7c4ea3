//! What happened to an order, day by day, newest first, in the reader's language.

use flows::OrderPage;
use kernel::{Currency, Timestamp};
use orders::NoteRow;
use serde_json::Value;

use crate::admin::office::Office;
use crate::admin::views::{TimelineDay, TimelineEntry};

/// The timeline: what was written down, and which parcels arrived.
pub(super) fn days(office: &Office, order: &OrderPage) -> Vec<TimelineDay> {
    let mut all: Vec<(Timestamp, TimelineEntry)> = order
        .notes
        .iter()
        .map(|n| {
            let actor = match n.actor_kind.as_str() {
                "shopper" => office.tx("timeline-customer", &order.head.name),
                _ => n.actor_name.clone(),
            };
            let entry = TimelineEntry {
                text: sentence(office, n).unwrap_or_else(|| n.text.clone()),
                actor,
                when: office.when(n.at),
                comment: n.kind == "comment",
                hot: matches!(
                    n.kind.as_str(),
                    "placed" | "paid" | "captured" | "shipped" | "refunded" | "voided"
                ),
                bad: n.kind.ends_with("_failed")
                    || matches!(n.kind.as_str(), "payment_unknown" | "payment_late"),
            };
            (n.at, entry)
        })
        .collect();
    for (place, shipment) in order.shipments.iter().enumerate() {
        let Some(at) = shipment.delivered_at else { continue };
        let number = format!("#{}-{}", order.head.number, place + 1);
        let entry = TimelineEntry {
            text: office.tx("timeline-delivered", &number),
            actor: shipment.carrier.clone(),
            when: office.when(at),
            comment: false,
            hot: true,
            bad: false,
        };
        all.push((at, entry));
    }
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at)); // stable: what happened at once stays as it was written
    let mut days: Vec<TimelineDay> = vec![];
    for (at, entry) in all {
        let label = office.day(at);
        match days.last_mut().filter(|d| d.label == label) {
            Some(day) => day.entries.push(entry),
            None => days.push(TimelineDay { label, entries: vec![entry] }),
        }
    }
    days
}

/// The sentence of a row in the reader's language, from its kind and what its data carries; none for a kind that is not
/// known here, or a row of before, which lacks the data: then its own text stands.
fn sentence(office: &Office, n: &NoteRow) -> Option<String> {
    let data: Value = serde_json::from_str(&n.data).ok()?;
    let text = |key: &str| data.get(key).and_then(Value::as_str).map(str::trim).unwrap_or_default();
    let amount = || {
        let minor = data.get("amount_minor")?.as_i64()?;
        let currency: Currency = serde_json::from_value(data.get("currency")?.clone()).ok()?;
        Some(office.money_in(minor, currency))
    };
    let with_why = |said: String, why: &str| if why.is_empty() { said } else { format!("{said}: {why}") };
    let of_amount = |key: &str| Some(office.tx(key, &amount()?));
    Some(match n.kind.as_str() {
        "placed" if data.get("due")?.as_bool()? => of_amount("timeline-placed-due")?,
        "placed" => of_amount("timeline-placed")?,
        "paid" => of_amount("timeline-paid")?,
        "captured" => of_amount("timeline-captured")?,
        "voided" => of_amount("timeline-voided")?,
        "capture_failed" => with_why(of_amount("timeline-capture-failed")?, text("why")),
        "void_failed" => with_why(of_amount("timeline-void-failed")?, text("why")),
        "refund_failed" => with_why(of_amount("timeline-refund-failed")?, text("why")),
        "refunded" => {
            let said = match data.get("pieces")?.as_i64()? {
                0 => of_amount("timeline-refunded")?,
                n => office.txy("timeline-refunded-for", &amount()?, &office.tn("shipment-pieces-of", n)),
            };
            with_why(said, text("reason"))
        }
        "shipped" => {
            let said = office.tn("timeline-shipped", data.get("pieces")?.as_i64()?);
            let by: Vec<&str> =
                [text("carrier"), text("number")].into_iter().filter(|t| !t.is_empty()).collect();
            with_why(said, &by.join(", "))
        }
        "payment_failed" => match data.get("why")?.as_str()? {
            "" => office.t("timeline-payment-never-asked"),
            why => office.tx("timeline-payment-failed", why),
        },
        "payment_unknown" => office.t("timeline-payment-unknown"),
        "payment_late" => office.t("timeline-payment-late"),
        "cancelled" if data.get("reason").is_some() => {
            with_why(office.t("timeline-cancelled"), text("reason"))
        }
        "closed" => office.t("timeline-closed"),
        "hold" => match data.get("reason")? {
            Value::Null => office.t("order-released"),
            why => office.tx("order-on-hold", why.as_str()?),
        },
        "mail" => {
            let about = crate::admin::words::find(
                office.locale,
                &format!("timeline-mail-{}", text("about").replace('_', "-")),
                None,
            )?;
            office.txy("timeline-mail", &about, text("to"))
        }
        _ => return None,
    })
}
