//! Orders as customers read them, in mails and on pages: sums, addresses, ways to pay.

use kernel::{Address, Currency, Money};
use orders::{LineKind, LineRow, OrderHead};
use site::BankDetails;
use theme::views::{Attribute, Row, Rows};
use theme::{Theme, Words, arg};

/// The language of an order that the theme can write: the order's, its base language, or English.
pub fn locale_of<'a>(theme: &'a Theme, wanted: &str) -> &'a str {
    let base = wanted.split('-').next().unwrap_or(wanted);
    let known = |tag: &str| theme.words().locales().find(|l| *l == tag);
    known(wanted).or_else(|| known(base)).unwrap_or("en")
}

/// Before a path of the storefront in this language: empty for the shop's own, `/de` for another of its languages.
pub fn path_prefix(locales: &[String], locale: &str) -> String {
    let other = locales.iter().skip(1).any(|l| l == locale);
    if other { format!("/{locale}") } else { String::new() }
}

/// A way to pay as customers read it; an unknown code is its own name.
pub fn payment_name(words: &Words, locale: &str, code: &str) -> String {
    let key = match code {
        "test" => "pay-test-card",
        "bank_transfer" => "pay-bank-transfer",
        "cash_on_delivery" => "pay-cash-on-delivery",
        other => return other.to_owned(),
    };
    words.say(locale, key, &[])
}

/// An address line by line, the country last, in the reader's language.
pub fn address_lines(address: &Address, locale: &str) -> Vec<String> {
    let mut lines = address.label();
    if !lines.is_empty() && !address.country.is_empty() {
        lines.push(customers::country::name(&address.country, locale).to_owned());
    }
    lines
}

/// What a customer needs to transfer the money; empty without bank details.
pub fn transfer_details(
    words: &Words,
    locale: &str,
    bank: &BankDetails,
    number: i64,
    amount: Money,
) -> Vec<Attribute> {
    if bank.is_empty() {
        return vec![];
    }
    let iban: Vec<_> = bank.iban.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
    let facts = [
        ("transfer-account", bank.holder.clone()),
        ("transfer-iban", iban.join(" ")),
        ("transfer-bic", bank.bic.clone()),
        ("transfer-bank", bank.bank.clone()),
        ("transfer-reference", number.to_string()),
        ("transfer-amount", amount.shown(locale)),
        ("transfer-note", bank.text.get(locale).to_owned()),
    ];
    facts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| Attribute { label: words.say(locale, key, &[]), value })
        .collect()
}

/// One line's amount as customers read it: with tax where prices are entered so.
pub(super) fn line_amount(head: &OrderHead, line: &LineRow) -> i64 {
    if head.prices_include_tax { line.gross_minor } else { line.net_minor }
}

/// The sums of an order: goods, discounts, delivery, tax where prices are without it, and the total.
pub fn totals(words: &Words, locale: &str, head: &OrderHead, lines: &[LineRow]) -> Rows {
    let money = |minor: i64| shown(minor, head.currency, locale);
    let of = |kind: LineKind| lines.iter().filter(move |l| l.kind == kind);
    let discount: i64 = lines.iter().map(|l| l.discount_minor).sum();
    let goods: i64 = of(LineKind::Item).map(|l| line_amount(head, l) + l.discount_minor).sum();
    let row = |label: String, value: String, discount| Row { label, value, discount };
    let mut rows =
        vec![row(words.say(locale, "sum-goods", &[arg("count", head.item_count)]), money(goods), false)];
    if discount != 0 {
        rows.push(row(words.say(locale, "sum-discount", &[]), money(-discount), true));
    }
    for l in of(LineKind::Shipping) {
        let value = match line_amount(head, l) {
            0 => words.say(locale, "free", &[]),
            minor => money(minor),
        };
        rows.push(row(words.say(locale, "sum-shipping", &[]), value, false));
    }
    if !head.prices_include_tax {
        rows.push(row(words.say(locale, "sum-tax", &[]), money(head.tax_minor), false));
    }
    let inside = head.prices_include_tax && head.tax_minor != 0;
    let tax_note = if inside {
        words.say(locale, "tax-included", &[arg("amount", money(head.tax_minor))])
    } else {
        String::new()
    };
    Rows { rows, total: money(head.total_minor), tax_note }
}

pub(super) fn shown(minor: i64, currency: Currency, locale: &str) -> String {
    Money::new(minor, currency).shown(locale)
}
