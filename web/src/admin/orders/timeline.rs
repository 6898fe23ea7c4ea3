//! What happened to an order, day by day, newest first.

use flows::OrderPage;
use kernel::Timestamp;

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
                text: n.text.clone(),
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
