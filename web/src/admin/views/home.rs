//! Home: how the shop does, and what needs attention.

use askama::Template;

use super::{chart::Chart, fields::When, filters, orders::OrderRow, shell::Shell};

/// A figure against the previous period.
#[derive(Clone, Debug)]
pub struct Kpi {
    /// Key of its name.
    pub key: &'static str,
    pub value: String,
    /// "18.4 %", without a sign; `None` where the previous period was empty.
    pub change: Option<String>,
    pub rising: bool,
    /// Whether rising is good news (refunds: no).
    pub rising_is_good: bool,
    pub href: String,
}

impl Kpi {
    fn tone(&self) -> &'static str {
        if self.rising == self.rising_is_good { "up" } else { "down" }
    }
}

/// Something that waits for a person; only made where the count is above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    OrdersToShip,
    PaymentsToCapture,
    PaymentsUnknown,
    PaymentsDue,
    StockBelowZero,
    OutOfStock,
    DeadTasks,
    MailsFailing,
    LawsBroken,
}

impl Attention {
    pub const ALL: [Attention; 9] = {
        use Attention::*;
        [
            OrdersToShip,
            PaymentsToCapture,
            PaymentsUnknown,
            PaymentsDue,
            StockBelowZero,
            OutOfStock,
            DeadTasks,
            MailsFailing,
            LawsBroken,
        ]
    };

    /// Key of its sentence (with `$n`), and its icon.
    pub fn look(self) -> (&'static str, &'static str) {
        match self {
            Attention::OrdersToShip => ("attention-to-ship", "truck"),
            Attention::PaymentsToCapture => ("attention-to-capture", "credit-card"),
            Attention::PaymentsUnknown => ("attention-payments-unknown", "circle-help"),
            Attention::PaymentsDue => ("attention-payments-due", "clock"),
            Attention::StockBelowZero => ("attention-below-zero", "triangle-alert"),
            Attention::OutOfStock => ("attention-out-of-stock", "package-x"),
            Attention::DeadTasks => ("attention-dead-tasks", "skull"),
            Attention::MailsFailing => ("attention-mails", "mail-warning"),
            Attention::LawsBroken => ("attention-laws", "scale"),
        }
    }
}

/// One line of "Needs attention".
#[derive(Clone, Debug)]
pub struct AttentionRow {
    pub what: Attention,
    pub count: u32,
    pub href: String,
}

/// Something out of the ordinary, in its own words; `POST /admin/alerts/resolution` with `key` puts it away.
#[derive(Clone, Debug)]
pub struct HomeAlert {
    pub key: String,
    pub text: String,
    pub when: When,
    pub href: String,
}

/// A step of "Finish setting up"; the card shows while one is open.
#[derive(Clone, Debug)]
pub struct SetupStep {
    /// Key of its name.
    pub key: &'static str,
    pub href: String,
    pub done: bool,
}

/// `GET /admin?days=7|30|90`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/home.html")]
pub struct HomeView {
    pub shell: Shell,
    /// Key of the greeting (with `$x`, the name): `home-morning`, `home-afternoon`, `home-evening`.
    pub greeting: &'static str,
    /// 7, 30 or 90.
    pub days: u32,
    pub kpis: Vec<Kpi>,
    /// Net sales per day; `None`: nothing sold in either period.
    pub chart: Option<Chart>,
    pub attention: Vec<AttentionRow>,
    pub alerts: Vec<HomeAlert>,
    pub steps: Vec<SetupStep>,
    pub recent: Vec<OrderRow>,
    /// Whether figures may be seen at all.
    pub sees_figures: bool,
}

impl HomeView {
    fn first_name(&self) -> &str {
        self.shell.staff_name.split_whitespace().next().unwrap_or_default()
    }

    fn periods(&self) -> [(u32, &'static str); 3] {
        [(7, "home-days-7"), (30, "home-days-30"), (90, "home-days-90")]
    }

    fn steps_done(&self) -> usize {
        self.steps.iter().filter(|s| s.done).count()
    }

    fn steps_open(&self) -> bool {
        self.steps.iter().any(|s| !s.done)
    }
}
