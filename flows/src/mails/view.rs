//! The theme's views, filled.

use kernel::Money;
use orders::{LineKind, LineRow};
use payments::PaymentState;
use theme::views::{MailFrom, MailLine, MailOrder, OrderCancelled, OrderPlaced, OrderRefunded, OrderShipped};
use theme::{RenderedMail, ThemeError};
use warehouse::FulfilmentLine;

use super::gather::Gathered;
use super::shown::{self, address_lines, line_amount, locale_of, payment_name, transfer_details};
use super::{About, path_prefix};
use crate::Shop;

/// Renders the mail.
pub(super) fn render(shop: &Shop, about: About, all: &Gathered) -> Result<RenderedMail, ThemeError> {
    let locale = locale_of(&shop.theme, &all.head.locale);
    let v = Viewed { shop, all, locale };
    match about {
        About::Placed => shop.theme.mail(&v.placed()),
        About::Shipped => shop.theme.mail(&v.shipped()),
        About::Refunded => shop.theme.mail(&v.refunded()),
        About::Cancelled => shop.theme.mail(&v.cancelled()),
    }
}

struct Viewed<'a> {
    shop: &'a Shop,
    all: &'a Gathered,
    locale: &'a str,
}

impl Viewed<'_> {
    fn money(&self, minor: i64) -> String {
        shown::shown(minor, self.all.head.currency, self.locale)
    }

    fn url(&self, path: &str) -> String {
        let prefix = path_prefix(&self.all.details.locales, &self.all.head.locale);
        format!("{}{prefix}{path}", self.shop.public_url)
    }

    fn from(&self) -> MailFrom {
        let d = &self.all.details;
        let sits = Some(d.legal_address.label().join(", ")).filter(|l| !l.is_empty());
        let company = Some(d.legal_name.clone()).filter(|n| *n != d.name);
        let footer = [company, sits, Some(d.email.clone()), Some(d.vat_number.clone())];
        let look = serde_json::Value::Object(self.all.look.0.clone());
        let settings: theme::Settings = serde_json::from_value(look).unwrap_or_default();
        MailFrom {
            locale: self.locale.to_owned(),
            store: d.name.clone(),
            url: self.url("/"),
            footer: footer.into_iter().flatten().filter(|l| !l.is_empty()).collect(),
            accent: settings.accent_hex(),
        }
    }

    fn order(&self, lines: Vec<MailLine>) -> MailOrder {
        let head = &self.all.head;
        MailOrder {
            number: head.number.to_string(),
            url: self.url(&format!("/orders/{}", head.secret)),
            name: head.name.clone(),
            lines,
        }
    }

    fn line(line: &LineRow, quantity: i64, total: String) -> MailLine {
        MailLine {
            name: line.title.clone(),
            meta: line.variant_title.clone(),
            quantity: u32::try_from(quantity).unwrap_or(0),
            total,
        }
    }

    /// Every line of goods.
    fn goods(&self) -> Vec<MailLine> {
        let goods = self.all.lines.iter().filter(|l| l.kind == LineKind::Item);
        goods.map(|l| Self::line(l, l.quantity, self.money(line_amount(&self.all.head, l)))).collect()
    }

    fn of_line(&self, id: kernel::OrderLineId) -> Option<&LineRow> {
        self.all.lines.iter().find(|l| l.id == id)
    }

    fn placed(&self) -> OrderPlaced {
        let (head, words) = (&self.all.head, self.shop.theme.words());
        let due = self.all.payments.iter().rev().find(|p| p.state == PaymentState::Due);
        let instructions = match due {
            Some(p) if p.provider == "bank_transfer" => {
                let amount = Money::new(p.open_minor(), p.currency);
                transfer_details(words, self.locale, &self.all.bank, head.number, amount)
            }
            _ => vec![],
        };
        OrderPlaced {
            from: self.from(),
            order: self.order(self.goods()),
            totals: shown::totals(words, self.locale, head, &self.all.lines),
            address: address_lines(&head.ship_to(), self.locale),
            shipping_method: head.shipping_method.clone(),
            payment_method: payment_name(words, self.locale, &head.payment_method),
            instructions,
        }
    }

    fn shipped(&self) -> OrderShipped {
        let parcel = self.all.shipment.as_ref();
        let text = |f: fn(&warehouse::ShipmentRow) -> &String| parcel.map(f).cloned().unwrap_or_default();
        let lines = self.all.shipment_lines.iter().filter_map(|s| {
            let line = self.of_line(s.line)?;
            Some(Self::line(line, s.quantity, String::new()))
        });
        OrderShipped {
            from: self.from(),
            order: self.order(lines.collect()),
            carrier: text(|s| &s.carrier),
            tracking: text(|s| &s.tracking_number),
            tracking_url: Some(text(|s| &s.tracking_url)).filter(|u| !u.is_empty()),
            address: address_lines(&self.all.head.ship_to(), self.locale),
            partial: self.all.to_ship.iter().map(FulfilmentLine::left).sum::<i64>() > 0,
        }
    }

    fn refunded(&self) -> OrderRefunded {
        let lines = self.all.refund_lines.iter().filter_map(|r| {
            let line = self.of_line(r.line)?;
            Some(Self::line(line, r.quantity, self.money(r.gross_minor)))
        });
        let refund = self.all.refund.as_ref();
        let payment = refund.and_then(|r| self.all.payments.iter().find(|p| p.id == r.payment));
        let code = payment.map_or(self.all.head.payment_method.as_str(), |p| p.provider.as_str());
        OrderRefunded {
            from: self.from(),
            order: self.order(lines.collect()),
            amount: self.money(refund.map_or(0, |r| r.amount_minor)),
            method: payment_name(self.shop.theme.words(), self.locale, code),
            reason: refund.map(|r| r.reason.clone()).unwrap_or_default(),
            taken: refund.is_none_or(|r| r.from_captured_minor > 0),
        }
    }

    fn cancelled(&self) -> OrderCancelled {
        let back: i64 =
            self.all.refunds.iter().filter(|r| r.state != "failed").map(|r| r.from_captured_minor).sum();
        OrderCancelled {
            from: self.from(),
            order: self.order(self.goods()),
            reason: self.all.head.cancel_reason.clone().unwrap_or_default(),
            refunded: if back > 0 { self.money(back) } else { String::new() },
        }
    }
}
