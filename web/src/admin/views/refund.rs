//! Giving money back.

use askama::Template;

use super::{
    fields::{Choice, Fields, Picture, SumLine},
    filters,
    shell::Shell,
};

/// A line that may be refunded. Fields: `quantity.{line_id}`, `restock.{line_id}`.
#[derive(Clone, Debug)]
pub struct RefundLine {
    pub line_id: String,
    pub picture: Option<Picture>,
    pub title: String,
    pub sku: String,
    pub unit_price: String,
    /// How many may still be refunded.
    pub left: u32,
    /// What the chosen quantity comes to.
    pub amount: String,
    /// Whether it has stock to go back to.
    pub stocked: bool,
}

/// `GET|POST /admin/orders/{id}/refunds`: per line as above, and `location_id`, `shipping`, `custom`,
/// `reason`, `note`, `notify`, hidden `idempotency_key`; `action=update` only recalculates.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/refund.html")]
pub struct RefundView {
    pub shell: Shell,
    pub id: String,
    pub number: String,
    pub currency: String,
    pub lines: Vec<RefundLine>,
    pub form: Fields,
    pub locations: Vec<Choice>,
    pub reasons: Vec<Choice>,
    /// What of the shipping may still be refunded; empty: nothing.
    pub shipping_left: String,
    /// What of the whole payment may still be refunded.
    pub money_left: String,
    /// Items, shipping, custom, total: as the server calculates it from the form.
    pub sums: Vec<SumLine>,
    /// "€12.40", on the button; empty: nothing chosen yet.
    pub total: String,
    /// "to Test card ending 4242".
    pub method: String,
    pub can_comment: bool,
}

impl RefundView {
    /// Selectors of the lines' amounts, which a preview replaces beside the total.
    fn amounts(&self) -> String {
        let each: Vec<_> = self.lines.iter().map(|line| format!("#amount_{}", line.line_id)).collect();
        each.join(",")
    }
}
