use jiff::tz::TimeZone;
use kernel::Timestamp;

use super::{eur, image, page, prefix, tr};
use crate::views::*;
use crate::{When, Words};

/// 23 November 2026, 14:48 UTC.
const PLACED: Timestamp = Timestamp(1_795_445_280_000_000);

fn at(words: &Words, locale: &str) -> When {
    When::minute(PLACED, &TimeZone::UTC, words, locale)
}

fn private(locale: &str, title: &str, path: &str) -> Page {
    Page { canonical: String::new(), ..page(locale, title, path) }
}

fn cart_line(locale: &str, slug: &str, name: &str, quantity: u32, cents: i64) -> CartLine {
    CartLine {
        id: format!("cli_{slug}"),
        name: name.into(),
        url: format!("{}/p/{slug}", prefix(locale)),
        meta: tr(locale, "Bag of 6, €3.69 / kg", "Beutel mit 6, 3,69 € / kg"),
        image: Some(image(slug)),
        quantity,
        max_quantity: 20,
        total: eur(locale, cents * i64::from(quantity)),
        was: None,
        each: eur(locale, cents),
        notices: Vec::new(),
    }
}

fn sums(locale: &str) -> Rows {
    let row = |en, de, value: String| Row { label: tr(locale, en, de), value, discount: false };
    Rows {
        rows: vec![
            row("Goods, 6 items", "Waren, 6 Artikel", eur(locale, 1978)),
            Row { label: "AUTUMN10".into(), value: format!("−{}", eur(locale, 198)), discount: true },
            row("Delivery", "Versand", eur(locale, 490)),
        ],
        total: eur(locale, 2270),
        tax_note: tr(locale, "Includes €1.87 VAT", "Enthält 1,87 € MwSt."),
    }
}

/// A cart with every notice a line can have.
pub fn cart(locale: &str) -> Cart {
    let notice = |kind, en, de| Notice { kind, text: tr(locale, en, de) };
    let mut first = cart_line(locale, "pink-lady", "Pink Lady", 2, 399);
    first.was = Some(eur(locale, 998));
    let mut few = cart_line(locale, "passion-fruit", &tr(locale, "Passion Fruit", "Passionsfrucht"), 3, 320);
    few.max_quantity = 3;
    few.notices = vec![notice(
        NoticeKind::Warn,
        "Only 3 left. The quantity was reduced.",
        "Nur noch 3 da. Die Menge wurde angepasst.",
    )];
    let mut dearer = cart_line(locale, "mango", "Mango", 1, 220);
    dearer.notices = vec![notice(
        NoticeKind::Info,
        "The price was €2.00 and is now €2.20.",
        "Der Preis war 2,00 € und ist jetzt 2,20 €.",
    )];
    Cart {
        page: private(locale, &tr(locale, "Cart", "Warenkorb"), "/cart"),
        count: 6,
        lines: vec![first, few, dearer],
        totals: sums(locale),
        notices: vec![notice(
            NoticeKind::Warn,
            "Nectarine is no longer sold and was taken out of your cart.",
            "Nektarine wird nicht mehr verkauft und wurde aus dem Warenkorb genommen.",
        )],
        can_check_out: true,
        suggestions: ["lemon", "plum", "pineapple", "asparagus"].map(|s| super::card(locale, s)).to_vec(),
    }
}

/// Nothing in it.
pub fn cart_empty(locale: &str) -> Cart {
    Cart {
        count: 0,
        lines: Vec::new(),
        notices: Vec::new(),
        totals: Rows::default(),
        can_check_out: false,
        ..cart(locale)
    }
}

fn order_lines(locale: &str) -> Vec<OrderLine> {
    cart(locale)
        .lines
        .into_iter()
        .map(|l| OrderLine {
            name: l.name,
            meta: tr(locale, "Bag of 6", "Beutel mit 6"),
            image: l.image,
            quantity: l.quantity,
            total: l.total,
        })
        .collect()
}

fn field(name: &str, label: String, value: &str, autocomplete: &str) -> Field {
    Field {
        name: name.into(),
        label,
        value: value.into(),
        autocomplete: autocomplete.into(),
        required: true,
        max_length: 200,
        ..Field::default()
    }
}

/// The checkout as it opens.
pub fn checkout(locale: &str) -> Checkout {
    let countries = [("DE", "Germany", "Deutschland"), ("NL", "Netherlands", "Niederlande")];
    let ship = |id: &str, en, de, detail: (&str, &str), price: String| ShippingChoice {
        id: id.into(),
        name: tr(locale, en, de),
        detail: tr(locale, detail.0, detail.1),
        price,
        selected: id == "shm_parcel",
    };
    let pay = |id: &str, kind, en, de, detail: (&str, &str)| PaymentChoice {
        id: id.into(),
        kind,
        name: tr(locale, en, de),
        detail: tr(locale, detail.0, detail.1),
        price: String::new(),
        selected: id == "test",
        token: String::new(),
        error: None,
        tokens: if id == "test" {
            [
                ("tok_ok", "The card is charged", "Die Karte wird belastet"),
                ("tok_decline", "The bank declines", "Die Bank lehnt ab"),
            ]
            .map(|(token, en, de)| TestToken { token: token.into(), meaning: tr(locale, en, de) })
            .to_vec()
        } else {
            Vec::new()
        },
    };
    Checkout {
        page: private(locale, &tr(locale, "Checkout", "Kasse"), "/checkout"),
        idempotency_key: "01jd8y3mv6".into(),
        cart_version: 7,
        seen_total: 4_280,
        errors: Vec::new(),
        notices: Vec::new(),
        email: Field {
            kind: FieldKind::Email,
            hint: tr(
                locale,
                "For the confirmation and news of this order.",
                "Für die Bestätigung und Neues zu dieser Bestellung.",
            ),
            ..field("email", tr(locale, "E-mail", "E-Mail"), "ada.lindqvist@example.com", "email")
        },
        country: Field {
            kind: FieldKind::Select,
            choices: countries
                .map(|(value, en, de)| Choice {
                    value: value.into(),
                    label: tr(locale, en, de),
                    selected: value == "NL",
                })
                .to_vec(),
            ..field("country", tr(locale, "Country", "Land"), "NL", "country")
        },
        name: field("name", tr(locale, "Full name", "Vor- und Nachname"), "Ada Lindqvist", "name"),
        address: vec![
            field(
                "address1",
                tr(locale, "Street and number", "Straße und Hausnummer"),
                "Prinsengracht 214",
                "address-line1",
            ),
            Field {
                required: false,
                ..field(
                    "address2",
                    tr(locale, "Apartment, floor, company", "Adresszusatz"),
                    "",
                    "address-line2",
                )
            },
            Field {
                narrow: true,
                ..field("postcode", tr(locale, "Postcode", "Postleitzahl"), "1016 DL", "postal-code")
            },
            field("city", tr(locale, "Town or city", "Ort"), "Amsterdam", "address-level2"),
        ],
        phone: Field {
            kind: FieldKind::Tel,
            required: false,
            hint: tr(locale, "Only for questions about the delivery.", "Nur für Fragen zur Lieferung."),
            ..field("phone", tr(locale, "Phone", "Telefon"), "", "tel")
        },
        billing_other: Tick {
            name: "billing".into(),
            label: tr(locale, "Invoice to another address", "Rechnung an eine andere Adresse"),
            checked: false,
        },
        billing: vec![
            Field {
                kind: FieldKind::Select,
                choices: vec![Choice { value: "NL".into(), label: "Nederland".into(), selected: true }],
                ..field("billing_country", tr(locale, "Country", "Land"), "NL", "billing country")
            },
            field("billing_name", tr(locale, "Full name", "Vor- und Nachname"), "", "billing name"),
        ],
        note: Field {
            kind: FieldKind::Area,
            required: false,
            hint: tr(
                locale,
                "About the delivery, or this order.",
                "Zur Lieferung oder zu dieser Bestellung.",
            ),
            ..field("note", tr(locale, "A word to us", "Ein Wort an uns"), "", "off")
        },
        news: Tick {
            name: "news".into(),
            label: tr(locale, "Tell me about news by e-mail.", "Berichten Sie mir per E-Mail von Neuem."),
            checked: false,
        },
        shipping: vec![
            ship(
                "shm_parcel",
                "Parcel",
                "Paket",
                ("2 to 3 working days", "2 bis 3 Werktage"),
                eur(locale, 490),
            ),
            ship(
                "shm_collect",
                "Collect from the shop",
                "Im Laden abholen",
                ("From 10:00", "Ab 10 Uhr"),
                tr(locale, "Free", "Kostenlos"),
            ),
        ],
        shipping_note: String::new(),
        shipping_error: None,
        payments: vec![
            pay(
                "test",
                PaymentKind::TestCard,
                "Test card",
                "Testkarte",
                ("A card of the built-in test bank", "Eine Karte der eingebauten Testbank"),
            ),
            pay(
                "transfer",
                PaymentKind::BankTransfer,
                "Bank transfer",
                "Überweisung",
                ("We ship when the money has arrived", "Wir versenden, wenn das Geld da ist"),
            ),
            pay(
                "cod",
                PaymentKind::CashOnDelivery,
                "Cash on delivery",
                "Nachnahme",
                ("Pay when it arrives", "Bezahlen bei der Lieferung"),
            ),
        ],
        payment_error: None,
        lines: order_lines(locale),
        count: 6,
        totals: sums(locale),
    }
}

/// The checkout after much went wrong.
pub fn checkout_errors(locale: &str) -> Checkout {
    let mut view = checkout(locale);
    let postcode = tr(
        locale,
        "This is not a postcode of the Netherlands; an example: 1016 DL.",
        "Das ist keine Postleitzahl der Niederlande; ein Beispiel: 1016 DL.",
    );
    let declined = tr(
        locale,
        "The bank declined this payment. Nothing was charged. Try another card or another way to pay.",
        "Die Bank hat die Zahlung abgelehnt. Es wurde nichts abgebucht.",
    );
    let missing = tr(locale, "Please fill in: Full name.", "Bitte ausfüllen: Vor- und Nachname.");
    let shipping = tr(locale, "Choose how we deliver.", "Wählen Sie eine Versandart.");
    view.name.value.clear();
    view.name.error = Some(missing.clone());
    view.address[2].value = "1016".into();
    view.address[2].error = Some(postcode.clone());
    view.shipping.iter_mut().for_each(|s| s.selected = false);
    view.shipping_error = Some(shipping.clone());
    view.payments[0].token = "tok_decline".into();
    view.payments[0].error = Some(declined.clone());
    let error = |name: &str, text: String| CheckoutError { field: Field::id(name), text };
    view.errors = vec![
        error("name", missing),
        error("postcode", postcode),
        error("shipping_method", shipping),
        error("test_token", declined),
    ];
    view.notices = vec![Notice {
        kind: NoticeKind::Warn,
        text: tr(locale, "The price of Mango changed to €2.20.", "Der Preis von Mango ist jetzt 2,20 €."),
    }];
    view
}

fn order(locale: &str, words: &Words, sent: bool) -> Order {
    let step = |state, en, de, detail: String| Step { state, label: tr(locale, en, de), detail };
    let when = at(words, locale);
    let after = |done: bool| if done { StepState::Done } else { StepState::Todo };
    Order {
        number: "10481".into(),
        url: format!("{}/orders/4f1c9a7be2", prefix(locale)),
        placed: when.clone(),
        email: "ada.lindqvist@example.com".into(),
        lines: order_lines(locale),
        count: 6,
        totals: sums(locale),
        steps: vec![
            step(StepState::Done, "Paid", "Bezahlt", when.text),
            step(if sent { StepState::Done } else { StepState::Now }, "Packed", "Gepackt", String::new()),
            step(
                if sent { StepState::Now } else { StepState::Todo },
                "On the way",
                "Unterwegs",
                String::new(),
            ),
            step(after(false), "Delivered", "Zugestellt", String::new()),
        ],
        address: vec![
            "Ada Lindqvist".into(),
            "Prinsengracht 214".into(),
            "1016 DL Amsterdam".into(),
            tr(locale, "Netherlands", "Niederlande"),
        ],
        billing: lines_of(&["Lindqvist AB", "Kungsgatan 4", "111 43 Stockholm"]),
        shipping_method: tr(locale, "Parcel", "Paket"),
        payments: vec![Payment {
            method: tr(locale, "Test card", "Testkarte"),
            state: tr(locale, "Paid", "Bezahlt"),
            amount: eur(locale, 2270),
        }],
        instructions: Vec::new(),
        pay: None,
        pay_by_form: false,
    }
}

fn transfer(locale: &str) -> Vec<Attribute> {
    let fact = |en, de, value: &str| Attribute { label: tr(locale, en, de), value: value.into() };
    vec![
        fact("Account holder", "Kontoinhaber", "Marrow Greengrocers"),
        fact("IBAN", "IBAN", "NL02 ABNA 0123 4567 89"),
        fact("Reference", "Verwendungszweck", "10481"),
        fact("Amount", "Betrag", &eur(locale, 2270)),
    ]
}

/// Just placed, to be paid by bank transfer.
pub fn confirmation(locale: &str, words: &Words) -> Confirmation {
    let mut order = order(locale, words, false);
    order.steps[0] = Step {
        state: StepState::Now,
        label: tr(locale, "Payment due", "Zahlung offen"),
        detail: String::new(),
    };
    order.steps[1].state = StepState::Todo;
    order.payments = vec![Payment {
        method: tr(locale, "Bank transfer", "Überweisung"),
        state: tr(locale, "Due", "Offen"),
        amount: eur(locale, 2270),
    }];
    order.instructions = transfer(locale);
    Confirmation {
        page: private(locale, &tr(locale, "Thank you", "Danke"), "/orders/4f1c9a7be2"),
        order,
        next: tr(
            locale,
            "We pack it as soon as your transfer has arrived.",
            "Wir packen sie, sobald Ihre Überweisung da ist.",
        ),
    }
}

/// Under way, a part refunded.
pub fn order_status(locale: &str, words: &Words) -> OrderStatus {
    let when = at(words, locale);
    OrderStatus {
        page: private(locale, &tr(locale, "Order 10481", "Bestellung 10481"), "/orders/4f1c9a7be2"),
        order: order(locale, words, true),
        headline: tr(locale, "Your order is on its way", "Ihre Bestellung ist unterwegs"),
        detail: tr(
            locale,
            "The parcel left our warehouse today.",
            "Das Paket hat heute unser Lager verlassen.",
        ),
        notices: vec![Notice {
            kind: NoticeKind::Info,
            text: tr(locale, "Mango follows in another parcel.", "Mango folgt in einem weiteren Paket."),
        }],
        shipments: vec![Shipment {
            carrier: "DHL".into(),
            tracking: "JVGL 0612 3456 7890".into(),
            tracking_url: Some("https://carrier.example/track/JVGL".into()),
            at: when.clone(),
            contents: vec![tr(locale, "2 × Pink Lady, bag of 6", "2 × Pink Lady, Beutel mit 6")],
        }],
        refunds: vec![Refund {
            amount: eur(locale, 220),
            at: when.clone(),
            state: tr(locale, "Refunded", "Erstattet"),
            reason: tr(locale, "Bruised", "Druckstelle"),
        }],
        events: vec![
            OrderEvent { at: when.clone(), text: tr(locale, "A parcel left", "Ein Paket ging auf den Weg") },
            OrderEvent { at: when, text: tr(locale, "You placed the order", "Sie haben bestellt") },
        ],
    }
}

/// The test bank asks.
pub fn challenge(locale: &str) -> Challenge {
    Challenge {
        page: private(locale, &tr(locale, "Test bank", "Testbank"), "/bank/challenge"),
        bank: tr(locale, "Test bank", "Testbank"),
        merchant: "Marrow".into(),
        amount: eur(locale, 2270),
        reference: "10481".into(),
        action_url: "/bank/challenge/pay_01jd8y3m".into(),
        hidden: vec![("back".into(), "/orders/4f1c9a7be2".into())],
    }
}

/// For one parcel.
pub fn packing_slip(locale: &str, words: &Words) -> PackingSlip {
    let line = |sku: &str, name: &str, quantity, ordered| SlipLine {
        sku: sku.into(),
        name: name.into(),
        meta: tr(locale, "Bag of 6", "Beutel mit 6"),
        quantity,
        ordered,
    };
    PackingSlip {
        locale: locale.into(),
        store: "Marrow".into(),
        sender: vec!["Marrow Greengrocers".into(), "Elandsgracht 60".into(), "1016 TX Amsterdam".into()],
        order_number: "10481".into(),
        number: "10481-1".into(),
        placed: at(words, locale),
        address: order(locale, words, false).address,
        shipping_method: tr(locale, "Parcel", "Paket"),
        lines: vec![line("APPLE-2", "Pink Lady", 2, 2), line("PASSION-4", "Passion Fruit", 1, 3)],
        note: tr(locale, "Please ring twice.", "Bitte zweimal klingeln."),
    }
}

/// For two orders.
pub fn pick_list(locale: &str, words: &Words) -> PickList {
    let line = |bin: &str, sku: &str, gtin: &str, name: &str, quantity, order: &str| PickLine {
        bin: bin.into(),
        sku: sku.into(),
        gtin: gtin.into(),
        name: name.into(),
        meta: tr(locale, "Bag of 6", "Beutel mit 6"),
        quantity,
        order_number: order.into(),
    };
    PickList {
        locale: locale.into(),
        store: "Marrow".into(),
        location: tr(locale, "Main warehouse", "Hauptlager"),
        printed: at(words, locale),
        orders: vec!["10481".into(), "10482".into()],
        lines: vec![
            line("A-01-2", "APPLE-2", "8710000000017", "Pink Lady", 2, "10481"),
            line("A-01-2", "APPLE-2", "8710000000017", "Pink Lady", 1, "10482"),
            line("", "PASSION-4", "", "Passion Fruit", 3, "10481"),
        ],
    }
}

fn from(locale: &str) -> MailFrom {
    MailFrom {
        locale: locale.into(),
        store: "Marrow".into(),
        url: format!("https://marrow.example{}/", prefix(locale)),
        footer: vec!["Marrow Greengrocers, Elandsgracht 60, Amsterdam".into(), "hello@marrow.example".into()],
        accent: "#1f4fb0".into(),
    }
}

fn mail_order(locale: &str) -> MailOrder {
    MailOrder {
        number: "10481".into(),
        url: format!("https://marrow.example{}/orders/4f1c9a7be2", prefix(locale)),
        name: "Ada Lindqvist".into(),
        lines: order_lines(locale)
            .into_iter()
            .map(|l| MailLine { name: l.name, meta: l.meta, quantity: l.quantity, total: l.total })
            .collect(),
    }
}

fn lines_of(address: &[&str]) -> Vec<String> {
    address.iter().map(|l| (*l).to_owned()).collect()
}

/// The confirmation by mail.
pub fn mail_placed(locale: &str) -> OrderPlaced {
    OrderPlaced {
        from: from(locale),
        order: mail_order(locale),
        totals: sums(locale),
        address: lines_of(&["Ada Lindqvist", "Prinsengracht 214", "1016 DL Amsterdam"]),
        shipping_method: tr(locale, "Parcel", "Paket"),
        payment_method: tr(locale, "Bank transfer", "Überweisung"),
        instructions: transfer(locale),
    }
}

/// Something left.
pub fn mail_shipped(locale: &str) -> OrderShipped {
    OrderShipped {
        from: from(locale),
        order: mail_order(locale),
        carrier: "DHL".into(),
        tracking: "JVGL06123456".into(),
        tracking_url: Some("https://carrier.example/track/JVGL".into()),
        address: lines_of(&["Ada Lindqvist", "Prinsengracht 214", "1016 DL Amsterdam"]),
        partial: true,
    }
}

/// Money goes back.
pub fn mail_refunded(locale: &str) -> OrderRefunded {
    OrderRefunded {
        from: from(locale),
        order: mail_order(locale),
        amount: eur(locale, 220),
        method: tr(locale, "Test card", "Testkarte"),
        reason: tr(locale, "Bruised", "Druckstelle"),
        taken: true,
    }
}

/// Less to pay, since the money was not taken yet.
pub fn mail_refunded_open(locale: &str) -> OrderRefunded {
    OrderRefunded { taken: false, ..mail_refunded(locale) }
}

/// Called off.
pub fn mail_cancelled(locale: &str) -> OrderCancelled {
    OrderCancelled {
        from: from(locale),
        order: mail_order(locale),
        reason: tr(locale, "You asked us to", "Auf Ihren Wunsch"),
        refunded: eur(locale, 2270),
    }
}
