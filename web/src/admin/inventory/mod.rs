//! Stock: the table of what lies where, and each item's ledger.

mod adjust;
mod grid;
mod item;
mod list;

use inventory::Reason;

use super::office::Office;
use super::views::Choice;
use crate::{Auth, Routes};

pub(super) fn routes(routes: Routes) -> Routes {
    let (read, write) = (Auth::Staff("inventory:read"), Auth::Staff("inventory:write"));
    routes
        .get("/admin/inventory", read, list::list)
        .post("/admin/inventory/adjustments", write, grid::save)
        .get("/admin/inventory/{id}", read, item::item)
        .post("/admin/inventory/{id}/adjustments", write, adjust::adjust)
        .post("/admin/inventory/{id}/policy", write, adjust::policy)
}

/// Why a person changes stock; the others are the shop's own doing.
const BY_HAND: [Reason; 7] = [
    Reason::Counted,
    Reason::Received,
    Reason::Damaged,
    Reason::Lost,
    Reason::Found,
    Reason::Used,
    Reason::Correction,
];

fn reasons(office: &Office) -> Vec<Choice> {
    BY_HAND.iter().map(|r| Choice::new(r.to_string(), reason(office, *r))).collect()
}

/// A reason in words.
fn reason(office: &Office, reason: Reason) -> String {
    office.t(match reason {
        Reason::Initial => "adjust-initial",
        Reason::Import => "adjust-import",
        Reason::Received => "adjust-received",
        Reason::Counted => "adjust-counted",
        Reason::Damaged => "adjust-damaged",
        Reason::Lost => "adjust-lost",
        Reason::Found => "adjust-found",
        Reason::Used => "adjust-used",
        Reason::Correction => "adjust-correction",
        Reason::Shipped => "adjust-shipped",
        Reason::HandedOver => "adjust-handed-over",
        Reason::Returned => "adjust-returned",
        Reason::Quarantine => "adjust-quarantine",
    })
}

/// One that a person may give, or else *correction*.
fn reason_of(text: &str) -> Reason {
    BY_HAND.into_iter().find(|r| r.to_string() == text).unwrap_or(Reason::Correction)
}
