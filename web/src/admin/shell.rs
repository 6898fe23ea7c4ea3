//! The frame: what may be seen, with counts of what waits.

use db::Tx;
use kernel::Permission as _;
use kernel::{Ctx, perms};
use orders::OrderState;

use super::office::Office;
use super::views::{Section, SettingsPage, Shell, nav};
use crate::{Error, static_version};

/// Counting stops there.
const MANY: i64 = 1_000;

/// May the reader see this part of the back office?
pub(super) fn allowed(ctx: &Ctx, section: Section) -> bool {
    match section {
        Section::Home => true,
        Section::Orders => ctx.may(perms::OrdersRead::NAME),
        Section::Fulfilment => ctx.may(perms::OrdersFulfil::NAME),
        Section::Customers => ctx.may(perms::CustomersRead::NAME),
        Section::Products | Section::Categories => ctx.may(perms::ProductsRead::NAME),
        Section::Imports => ctx.may(perms::ProductsWrite::NAME),
        Section::Inventory | Section::Locations => ctx.may(perms::InventoryRead::NAME),
        Section::Mails | Section::System => ctx.may(perms::SystemRead::NAME),
        Section::Settings => !settings(ctx).is_empty(),
    }
}

/// Which pages of the settings the reader may see.
pub(super) fn settings(ctx: &Ctx) -> Vec<SettingsPage> {
    let may = |page: &SettingsPage| match page {
        SettingsPage::Staff | SettingsPage::Roles | SettingsPage::Keys => ctx.may(perms::AccessWrite::NAME),
        SettingsPage::Fields => ctx.may(perms::ProductsWrite::NAME),
        SettingsPage::Shop
        | SettingsPage::Redirects
        | SettingsPage::Taxes
        | SettingsPage::Shipping
        | SettingsPage::Payments
        | SettingsPage::Theme => ctx.may(perms::SettingsWrite::NAME),
    };
    SettingsPage::ALL.into_iter().filter(may).collect()
}

impl Office {
    /// The frame of a screen.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn shell(&self, section: Section) -> Result<Shell, Error> {
        let ctx = self.ctx();
        let sees = |section| allowed(ctx, section);
        let (name, orders, to_ship, alerts) = self
            .db()
            .read(async |tx: &mut Tx| {
                let name = site::details(tx, ctx.store.id).await?.name;
                let orders = if sees(Section::Orders) {
                    orders::count_open(tx, ctx, OrderState::Placed).await?
                } else {
                    0
                };
                let to_ship =
                    if sees(Section::Fulfilment) { warehouse::count_open(tx, ctx).await? } else { 0 };
                let alerts = if sees(Section::System) { work::alerts::open(tx).await?.len() } else { 0 };
                Ok::<_, Error>((name, orders, to_ship, alerts))
            })
            .await?;
        self.state.keep_name(&name);
        let count = |section| match section {
            Section::Orders => self.count(orders),
            Section::Fulfilment => self.count(to_ship),
            Section::System => self.count(i64::try_from(alerts).unwrap_or(MANY)),
            _ => None,
        };
        let staff = &self.caller.staff()?.staff;
        Ok(Shell {
            locale: self.locale,
            theme: self.theme,
            store_name: name,
            store_url: "/".to_owned(),
            staff_name: staff.name.clone(),
            staff_email: staff.email.clone(),
            nav: nav(section, sees, count),
            settings: settings(ctx),
            flash: self.flash.clone(),
            version: static_version().to_owned(),
        })
    }

    /// "12", "1,000+"; nothing for none.
    pub(crate) fn count(&self, n: i64) -> Option<String> {
        match n {
            ..=0 => None,
            MANY.. => Some(format!("{}+", self.number(MANY))),
            n => Some(self.number(n)),
        }
    }
}
