//! The checkout's page.

use checkout::Calculation;
use customers::country;
use kernel::{Address, Ctx, ShippingMethodId};
use theme::arg;
use theme::views::{
    Checkout, CheckoutError, Choice, Field, FieldKind, Notice, OrderLine, PaymentChoice, PaymentKind, Rows,
    ShippingChoice, TestToken, Tick,
};

use super::super::frame::Frame;
use super::typed::{BILLING, NOTE, Typed, Wrong};

/// What the page shows.
pub(super) struct Shown<'a> {
    pub(super) typed: &'a Typed,
    pub(super) calculation: &'a Calculation,
    /// Of the cart, or of the order that waits for its payment.
    pub(super) lines: Vec<OrderLine>,
    pub(super) totals: Rows,
    pub(super) seen: i64,
    pub(super) wrong: &'a [Wrong],
    pub(super) notices: Vec<Notice>,
    /// Codes of the providers that are offered.
    pub(super) ways: &'a [String],
    /// Countries that something goes to.
    pub(super) countries: &'a [String],
}

pub(super) fn view(ctx: &Ctx, frame: &Frame, shown: Shown<'_>) -> Checkout {
    let Shown { typed, calculation, lines, totals, seen, wrong, notices, ways, countries } = shown;
    let error = |field: &str| wrong.iter().find(|w| w.field == field).map(|w| w.text.clone());
    let field = |f: Field| Field { error: error(&f.name), ..f };
    let offered = shipping(frame, typed, calculation);
    // of a list of choices the first is where a link to the error leads
    let errors = wrong.iter().map(|w| CheckoutError {
        field: if w.field.is_empty() { String::new() } else { Field::id(&w.field) },
        text: w.text.clone(),
    });
    Checkout {
        page: frame.private_page("/checkout", &frame.say("checkout", &[])),
        idempotency_key: ctx.secret(),
        cart_version: seen,
        seen_total: calculation.total().minor,
        errors: errors.collect(),
        notices,
        email: field(Field {
            name: "email".to_owned(),
            label: frame.say("field-email", &[]),
            value: typed.email.clone(),
            kind: FieldKind::Email,
            hint: frame.say("field-email-hint", &[]),
            autocomplete: "email".to_owned(),
            inputmode: "email".to_owned(),
            required: true,
            max_length: 254,
            ..Field::default()
        }),
        country: field(country_field(frame, &typed.address, |code| served(countries, code))),
        name: field(name_field(frame, &typed.address)),
        address: address(frame, &typed.address).into_iter().map(field).collect(),
        billing_other: Tick {
            name: "billing".to_owned(),
            label: frame.say("checkout-billing-other", &[]),
            checked: typed.elsewhere,
        },
        billing: billing(ctx, frame, typed).into_iter().map(field).collect(),
        note: field(Field {
            name: "note".to_owned(),
            label: frame.say("checkout-note", &[]),
            value: typed.note.clone(),
            kind: FieldKind::Area,
            hint: frame.say("checkout-note-hint", &[]),
            max_length: u32::try_from(NOTE).unwrap_or_default(),
            ..Field::default()
        }),
        news: Tick { name: "news".to_owned(), label: news(frame), checked: typed.news },
        phone: field(Field {
            name: "phone".to_owned(),
            label: frame.say("field-phone", &[]),
            value: typed.address.phone.clone(),
            kind: FieldKind::Tel,
            hint: frame.say("field-phone-hint", &[]),
            autocomplete: "tel".to_owned(),
            inputmode: "tel".to_owned(),
            max_length: 40,
            ..Field::default()
        }),
        shipping_note: match (calculation.requires_shipping, offered.is_empty()) {
            (false, _) => frame.say("shipping-digital", &[]),
            (true, true) => frame.say("shipping-none", &[]),
            (true, false) => String::new(),
        },
        shipping: offered,
        shipping_error: error("shipping_method"),
        payments: ways.iter().map(|w| payment(frame, typed, w, ways, error("test_token"))).collect(),
        payment_error: error("payment"),
        count: lines.iter().map(|l| u64::from(l.quantity)).sum(),
        lines,
        totals,
    }
}

/// Is something sent there?
fn served(countries: &[String], code: &str) -> bool {
    countries.iter().any(|c| c == shipping::EVERYWHERE || c == code)
}

/// The words beside the box for news: kept as the proof of what was agreed to.
pub(super) fn news(frame: &Frame) -> String {
    frame.say("checkout-news", &[arg("store", frame.store().to_owned())])
}

/// The invoice's own address: the country, then its fields. An invoice goes anywhere.
fn billing(ctx: &Ctx, frame: &Frame, typed: &Typed) -> Vec<Field> {
    let mut address_of = typed.billing.clone();
    if address_of.country.is_empty() {
        let home = if typed.address.country.is_empty() { &ctx.store.country } else { &typed.address.country };
        address_of.country.clone_from(home);
    }
    let fields = [country_field(frame, &address_of, |_| true), name_field(frame, &address_of)];
    let all = fields.into_iter().chain(address(frame, &address_of));
    let elsewhere = |f: Field| Field {
        name: format!("{BILLING}{}", f.name),
        autocomplete: format!("billing {}", f.autocomplete),
        ..f
    };
    all.map(elsewhere).collect()
}

fn name_field(frame: &Frame, address: &Address) -> Field {
    Field {
        name: "name".to_owned(),
        label: frame.say("field-name", &[]),
        value: address.name.clone(),
        autocomplete: "name".to_owned(),
        required: true,
        max_length: 120,
        ..Field::default()
    }
}

fn country_field(frame: &Frame, address: &Address, served: impl Fn(&str) -> bool) -> Field {
    let chosen = address.country.as_str();
    let known = country::options(&frame.locale);
    let mut choices: Vec<Choice> = known
        .into_iter()
        .filter(|(code, _)| served(code))
        .map(|(code, name)| Choice {
            value: code.to_owned(),
            label: name.to_owned(),
            selected: code == chosen,
        })
        .collect();
    if !choices.iter().any(|c| c.selected) {
        let label = frame.say("choose", &[]);
        choices.insert(0, Choice { value: String::new(), label, selected: true });
    }
    Field {
        name: "country".to_owned(),
        label: frame.say("field-country", &[]),
        value: chosen.to_owned(),
        kind: FieldKind::Select,
        choices,
        autocomplete: "country".to_owned(),
        required: true,
        ..Field::default()
    }
}

/// The fields of the chosen country, name, country and phone excepted, which stand beside.
fn address(frame: &Frame, address: &Address) -> Vec<Field> {
    let Some(format) = country::get(&address.country) else { return vec![] };
    let mut fields = vec![];
    for row in format.rows(&frame.locale) {
        let row: Vec<_> = row.into_iter().filter(|s| s.field != country::Field::Name).collect();
        let shared = row.len() > 1;
        for spec in row {
            let value = match spec.field {
                country::Field::Company => &address.company,
                country::Field::Line1 => &address.line1,
                country::Field::Line2 => &address.line2,
                country::Field::Postcode => &address.postcode,
                country::Field::City => &address.city,
                country::Field::Region => &address.region,
                country::Field::Name | country::Field::Country | country::Field::Phone => continue,
            };
            let mut choices: Vec<Choice> = spec
                .choices
                .iter()
                .map(|(code, name)| Choice {
                    value: (*code).to_owned(),
                    label: (*name).to_owned(),
                    selected: code == value,
                })
                .collect();
            if !choices.is_empty() && !choices.iter().any(|c| c.selected) {
                let label = frame.say("choose", &[]);
                choices.insert(0, Choice { value: String::new(), label, selected: true });
            }
            fields.push(Field {
                name: spec.name.to_owned(),
                label: spec.label.to_owned(),
                value: value.clone(),
                kind: if choices.is_empty() { FieldKind::Text } else { FieldKind::Select },
                choices,
                autocomplete: spec.autocomplete.to_owned(),
                required: spec.required,
                narrow: shared && spec.field == country::Field::Postcode,
                max_length: if spec.field == country::Field::Postcode { 20 } else { 120 },
                ..Field::default()
            });
        }
    }
    fields
}

/// The ways to deliver; with one there is nothing to choose, so it is chosen.
fn shipping(frame: &Frame, typed: &Typed, calculation: &Calculation) -> Vec<ShippingChoice> {
    let chosen = chosen(typed, calculation);
    let choice = |q: &::shipping::Quote| ShippingChoice {
        id: q.method.to_string(),
        name: q.name.clone(),
        detail: if q.description.is_empty() { days(frame, q) } else { q.description.clone() },
        price: if q.amount_minor == 0 { frame.say("free", &[]) } else { frame.money(q.amount_minor) },
        selected: chosen == Some(q.method),
    };
    calculation.quotes.iter().map(choice).collect()
}

/// The way that is chosen, or the first: one that was never looked at is better than none.
pub(super) fn chosen(typed: &Typed, calculation: &Calculation) -> Option<ShippingMethodId> {
    let typed = typed.shipping_method.parse::<ShippingMethodId>().ok();
    let offered = typed.filter(|t| calculation.quotes.iter().any(|q| q.method == *t));
    offered.or_else(|| calculation.quotes.first().map(|q| q.method))
}

fn days(frame: &Frame, q: &::shipping::Quote) -> String {
    match (q.min_days, q.max_days) {
        (Some(min), Some(max)) if min != max => {
            frame.say("shipping-days-range", &[arg("min", min), arg("max", max)])
        }
        (Some(days), _) | (None, Some(days)) => frame.say("shipping-days", &[arg("min", days)]),
        (None, None) => String::new(),
    }
}

fn payment(frame: &Frame, typed: &Typed, way: &str, ways: &[String], error: Option<String>) -> PaymentChoice {
    let (kind, name, detail) = match way {
        "test" => {
            (PaymentKind::TestCard, frame.say("pay-test-card", &[]), frame.say("pay-test-card-detail", &[]))
        }
        "bank_transfer" => (
            PaymentKind::BankTransfer,
            frame.say("pay-bank-transfer", &[]),
            frame.say("pay-bank-transfer-detail", &[]),
        ),
        "cash_on_delivery" => (
            PaymentKind::CashOnDelivery,
            frame.say("pay-cash-on-delivery", &[]),
            frame.say("pay-cash-on-delivery-detail", &[]),
        ),
        other => (PaymentKind::Redirect, other.to_owned(), String::new()),
    };
    let test = kind == PaymentKind::TestCard;
    let fallback = ways.first().map(String::as_str);
    let chosen = if ways.contains(&typed.payment) { Some(typed.payment.as_str()) } else { fallback };
    PaymentChoice {
        id: way.to_owned(),
        kind,
        name,
        detail,
        price: String::new(),
        selected: chosen == Some(way),
        token: if test { typed.token.clone() } else { String::new() },
        error: error.filter(|_| test),
        tokens: if test { tokens(frame) } else { vec![] },
    }
}

/// What the test bank knows, as it documents it.
fn tokens(frame: &Frame) -> Vec<TestToken> {
    let known = [
        ("tok_success", "token-success"),
        ("tok_decline", "token-decline"),
        ("tok_challenge", "token-challenge"),
        ("tok_timeout_charged", "token-timeout-charged"),
        ("tok_timeout", "token-timeout"),
        ("tok_late", "token-late"),
        ("tok_duplicate", "token-duplicate"),
        ("tok_no_refund", "token-no-refund"),
        ("tok_stuck", "token-stuck"),
    ];
    known.map(|(token, key)| TestToken { token: token.to_owned(), meaning: frame.say(key, &[]) }).into()
}

/// What a way to pay is called.
pub(in super::super) fn way_name(frame: &Frame, way: &str) -> String {
    match way {
        "test" => frame.say("pay-test-card", &[]),
        "bank_transfer" => frame.say("pay-bank-transfer", &[]),
        "cash_on_delivery" => frame.say("pay-cash-on-delivery", &[]),
        other => other.to_owned(),
    }
}
