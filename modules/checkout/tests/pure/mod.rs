//! The calculation without a database: examples to the cent, and laws under random carts.

use catalog::{ProductState, SaleVariant};
use checkout::{Calculation, Cart, CartLine, CartState, Facts, Problem, Terms, compute};
use inventory::{Availability, Component, Place};
use kernel::{Address, Currency, Id, Rate, Timestamp, VariantId};
use pricing::{Price, Prices, TaxRate, TaxTable};
use proptest::prelude::*;
use shipping::{Method, NewMethod, Offers};

fn id<E>(n: u64) -> Id<E> {
    Id::from_uuid(uuid::Uuid::from_u64_pair(0x0195_0000_0000_7000, 0x8000_0000_0000_0000 | n))
}

/// What a random shop sells of one variant, and what the cart wants of it.
#[derive(Clone, Debug)]
struct Want {
    unit_minor: i64,
    quantity: i64,
    food: bool,
    taxable: bool,
    ships: bool,
    grams: i64,
}

const WANT: Want =
    Want { unit_minor: 1_000, quantity: 1, food: false, taxable: true, ships: true, grams: 500 };

fn cart(wants: &[Want]) -> Cart {
    Cart {
        id: id(1),
        channel: id(2),
        market: id(3),
        currency: Currency::EUR,
        locale: "en".into(),
        secret: "s".repeat(26),
        version: 4,
        state: CartState::Open,
        email: "ada@example.com".into(),
        address: Some(Address {
            name: "Ada".into(),
            line1: "Dam 1".into(),
            postcode: "1012 JS".into(),
            city: "Amsterdam".into(),
            country: "NL".into(),
            ..Address::default()
        }),
        billing_address: None,
        shipping_method: Some(id(70)),
        payment_method: Some("test".into()),
        note: String::new(),
        consent: String::new(),
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
        lines: wants
            .iter()
            .zip(0u32..)
            .map(|(w, i)| CartLine {
                id: id(1_000 + u64::from(i)),
                variant: id(u64::from(i) + 100),
                quantity: w.quantity,
                seen_price_minor: Some(w.unit_minor),
                position: i64::from(i),
            })
            .collect(),
    }
}

fn rate(tax_category: &str, rate: Rate) -> TaxRate {
    TaxRate {
        id: id(80),
        country: "NL".into(),
        region: String::new(),
        tax_category: tax_category.into(),
        name: format!("VAT {rate} %"),
        rate,
    }
}

fn facts(wants: &[Want], rates: [Rate; 2], shipping_minor: i64) -> Facts {
    let variant = |i: u32| -> VariantId { id(u64::from(i) + 100) };
    let sale = |(w, i): (&Want, u32)| SaleVariant {
        variant: variant(i),
        product: id(u64::from(i) + 500),
        sku: Some(format!("S{i}")),
        title: format!("Thing {i}"),
        variant_title: String::new(),
        slug: format!("thing-{i}"),
        requires_shipping: w.ships,
        weight_grams: w.grams,
        tax_category: if w.food { "food" } else { "standard" }.into(),
        taxable: w.taxable,
        image_id: None,
        for_sale: true,
        state: ProductState::Live,
    };
    let price = |(w, i): (&Want, u32)| Price {
        variant: variant(i),
        currency: Currency::EUR,
        amount_minor: w.unit_minor,
        compare_at_minor: None,
        min_quantity: 1,
    };
    let method = Method {
        id: id(70),
        zone: id(71),
        currency: Currency::EUR,
        is: NewMethod { free_from_minor: Some(1_000_000), ..NewMethod::flat("Parcel", shipping_minor) },
    };
    Facts {
        sale: wants.iter().zip(0..).map(sale).collect(),
        prices: Prices::new(wants.iter().zip(0..).map(price).collect()),
        stock: vec![],
        offers: Offers::new(vec![method]),
        taxes: TaxTable::new(vec![rate("standard", rates[0]), rate("food", rates[1])]),
    }
}

fn terms(prices_include_tax: bool) -> Terms {
    Terms { prices_include_tax, home: "NL".into(), locale: "en".into(), now: Timestamp(7), discount_minor: 0 }
}

const NL: [Rate; 2] = [Rate::percent(21), Rate::percent(9)];

fn counted(variant: u64, item: u64, factor: i64, available: i64) -> Availability {
    counted_at(variant, item, factor, &[available])
}

fn counted_at(variant: u64, item: u64, factor: i64, there: &[i64]) -> Availability {
    let place = |(l, n): (u64, &i64)| Place { position: 1, location: id(l), available: *n };
    let places = (800..).zip(there).map(place).collect();
    let component = Component { item: id(item), factor, tracked: true, oversell: false, places };
    Availability { variant: id(variant), components: vec![component] }
}

#[test]
fn what_lies_apart_is_not_put_together() {
    // ten pieces at two locations: a case of six is not among them, a single and a case share what is
    let wants = [WANT, Want { quantity: 3, ..WANT }, WANT];
    let mut f = facts(&wants, NL, 490);
    f.stock = vec![
        counted_at(100, 900, 6, &[5, 5]),
        counted_at(101, 901, 1, &[8, 2]),
        counted_at(102, 901, 6, &[8, 2]),
    ];
    let c = compute(&cart(&wants), &f, &terms(true)).unwrap();
    assert_eq!(c.lines.iter().map(|l| l.max_quantity).collect::<Vec<_>>(), [0, 10, 0]);
}

#[test]
fn a_basket_to_the_cent() {
    let wants = [
        Want { unit_minor: 399, quantity: 3, food: true, ..WANT },
        Want { unit_minor: 1_250, quantity: 1, ..WANT },
    ];
    let c = compute(&cart(&wants), &facts(&wants, NL, 490), &terms(true)).unwrap();
    assert_eq!((c.lines[0].net_minor, c.lines[0].tax_minor, c.lines[0].gross_minor), (1_098, 99, 1_197));
    assert_eq!((c.lines[1].net_minor, c.lines[1].tax_minor, c.lines[1].gross_minor), (1_033, 217, 1_250));
    let s = c.shipping.as_ref().unwrap();
    assert_eq!((s.net_minor, s.tax_minor, s.gross_minor, s.tax_name.as_str()), (405, 85, 490, "VAT 21 %"));
    assert_eq!((c.goods_gross_minor, c.tax_minor, c.total_minor), (2_447, 401, 2_937));
    let taxes: Vec<_> = c.taxes.iter().map(|t| (t.name.as_str(), t.net_minor, t.tax_minor)).collect();
    assert_eq!(taxes, [("VAT 21 %", 1_438, 302), ("VAT 9 %", 1_098, 99)]);
    assert!(c.can_place() && c.problems.is_empty());
    assert_eq!((c.version, c.expires_at), (4, Timestamp(7).plus(checkout::VALID)));

    let c = compute(&cart(&wants), &facts(&wants, NL, 490), &terms(false)).unwrap();
    assert_eq!((c.goods_net_minor, c.tax_minor, c.total_minor), (2_447, 108 + 263 + 103, 2_937 + 474));
}

#[test]
fn abroad_the_gross_is_kept_and_the_net_is_not() {
    let home = compute(&cart(&[WANT]), &facts(&[WANT], NL, 490), &terms(true)).unwrap();
    let there = compute(&cart(&[WANT]), &facts(&[WANT], [Rate::percent(19); 2], 490), &terms(true)).unwrap();
    let nowhere = compute(&cart(&[WANT]), &facts(&[WANT], [Rate::ZERO; 2], 490), &terms(true)).unwrap();
    assert_eq!([home.total_minor, there.total_minor, nowhere.total_minor], [1_490; 3]);
    assert_eq!((nowhere.tax_minor, home.tax_minor > there.tax_minor), (0, true));
}

#[test]
fn what_is_missing_is_named() {
    let bare = Cart {
        email: String::new(),
        address: None,
        shipping_method: None,
        payment_method: None,
        ..cart(&[WANT])
    };
    let c = compute(&bare, &facts(&[WANT], NL, 490), &terms(true)).unwrap();
    assert_eq!(
        c.problems,
        [Problem::EmailMissing, Problem::AddressMissing, Problem::ShippingMissing, Problem::PaymentMissing]
    );
    assert!(c.can_check_out() && !c.can_place());
    assert_eq!((c.country.as_str(), c.quotes.len(), c.shipping.is_none()), ("NL", 1, true));

    let other = Cart { shipping_method: Some(id(9)), ..cart(&[WANT]) };
    assert_eq!(
        compute(&other, &facts(&[WANT], NL, 490), &terms(true)).unwrap().problems,
        [Problem::ShippingGone]
    );
    let facts_nowhere = Facts { offers: Offers::default(), ..facts(&[WANT], NL, 490) };
    let c = compute(&cart(&[WANT]), &facts_nowhere, &terms(true)).unwrap();
    assert_eq!(c.problems, [Problem::NotShippedThere { country: "NL".into() }]);
    let c = compute(&cart(&[]), &facts(&[], NL, 490), &terms(true)).unwrap();
    assert_eq!((c.problems.as_slice(), c.total_minor, c.can_check_out()), (&[Problem::Empty][..], 0, false));

    let download = [Want { ships: false, ..WANT }];
    let c =
        compute(&Cart { shipping_method: None, ..cart(&download) }, &facts(&download, NL, 490), &terms(true))
            .unwrap();
    assert_eq!((c.total_minor, c.quotes.len(), c.can_place()), (1_000, 0, true));
}

#[test]
fn an_email_that_cannot_be_one_is_told() {
    for (email, fine) in [
        ("ada@example.com", true),
        ("ada.l+x@sub.example.co", true),
        ("ada@", false),
        ("ada", false),
        ("@example.com", false),
        ("ada@example", false),
        ("ada@exa..com", false),
        ("a da@example.com", false),
        ("ada@b@example.com", false),
        ("<ada@example.com>", false),
    ] {
        let c =
            compute(&Cart { email: email.into(), ..cart(&[WANT]) }, &facts(&[WANT], NL, 490), &terms(true))
                .unwrap();
        assert_eq!(c.can_place(), fine, "{email}");
        assert_eq!(c.problems.first().and_then(Problem::field), (!fine).then_some("email"));
    }
}

#[test]
fn an_address_is_wrong_field_by_field() {
    let mut c = cart(&[WANT]);
    if let Some(address) = &mut c.address {
        address.postcode = "12".into();
        address.city = String::new();
    }
    c.billing_address = Some(Address { name: "Ada".into(), country: "NL".into(), ..Address::default() });
    let got = compute(&c, &facts(&[WANT], NL, 490), &terms(true)).unwrap();
    let fields: Vec<_> = got.problems.iter().filter_map(Problem::field).collect();
    assert_eq!(fields, ["postcode", "city", "billing_line1", "billing_postcode", "billing_city"]);
    assert!(got.can_check_out() && !got.can_place());
}

#[test]
fn prices_that_changed_are_told() {
    let mut seen = cart(&[WANT, WANT, WANT]);
    seen.lines[0].seen_price_minor = Some(900);
    seen.lines[1].seen_price_minor = Some(1_100);
    seen.lines[2].seen_price_minor = None;
    let c = compute(&seen, &facts(&[WANT, WANT, WANT], NL, 490), &terms(true)).unwrap();
    let told: Vec<String> = c.problems.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["The price is now €10.00; it was €9.00", "The price is now €10.00; it was €11.00"]);
    assert_eq!(c.problems.iter().map(Problem::stops_order).collect::<Vec<_>>(), [true, false]);
    assert!(c.can_check_out());
}

#[test]
fn what_is_not_sold_counts_for_nothing() {
    let wants = [WANT, WANT, WANT, WANT];
    let mut f = facts(&wants, NL, 490);
    f.sale[0].for_sale = false;
    f.sale.remove(1);
    let mut prices: Vec<Price> =
        wants.iter().zip(0..).flat_map(|(_, i)| f.prices.tiers(id(100 + i))).collect();
    prices[2].currency = Currency::new("USD").unwrap();
    f.prices = Prices::new(prices);
    let c = compute(&cart(&wants), &f, &terms(true)).unwrap();
    assert_eq!((c.lines.len(), c.gone.len(), c.total_minor), (1, 3, 1_490));
    assert_eq!(c.gone.iter().map(|g| g.title.as_str()).collect::<Vec<_>>(), ["Thing 0", "", "Thing 2"]);
    assert!(!c.can_check_out());
}

#[test]
fn lines_share_the_stock_of_an_item() {
    // six pieces are left; a case takes six of the same item
    let wants = [Want { quantity: 4, ..WANT }, WANT, WANT];
    let mut f = facts(&wants, NL, 490);
    f.stock = vec![counted(100, 900, 1, 6), counted(101, 900, 6, 6), counted(102, 901, 1, 0)];
    let c = compute(&cart(&wants), &f, &terms(true)).unwrap();
    assert_eq!(c.lines.iter().map(|l| l.max_quantity).collect::<Vec<_>>(), [6, 0, 0]);
    assert_eq!(c.problems, [Problem::SoldOut { line: id(1_001) }, Problem::SoldOut { line: id(1_002) }]);
    let wants = [Want { quantity: 9, ..WANT }];
    f.sale.truncate(1);
    let c = compute(&cart(&wants), &f, &terms(true)).unwrap();
    assert_eq!(c.problems[0].to_string(), "Only 6 left");
    f.stock[0].components[0].oversell = true;
    assert!(compute(&cart(&wants), &f, &terms(true)).unwrap().can_place());
}

prop_compose! {
    fn want()(unit_minor in 0i64..=500_000, quantity in 1i64..=999, food: bool, taxable: bool, ships: bool, grams in 0i64..5_000) -> Want {
        Want { unit_minor, quantity, food, taxable, ships, grams }
    }
}

fn adds_up(c: &Calculation) -> Result<(), TestCaseError> {
    for l in &c.lines {
        prop_assert_eq!(l.gross_minor, l.net_minor + l.tax_minor);
        prop_assert!(l.net_minor >= 0 && l.tax_minor >= 0);
        let entered = if c.prices_include_tax { l.gross_minor } else { l.net_minor };
        prop_assert_eq!(entered, l.unit_minor * l.quantity - l.discount_minor);
    }
    let (ship_net, ship_tax, ship_gross) =
        c.shipping.as_ref().map_or((0, 0, 0), |s| (s.net_minor, s.tax_minor, s.gross_minor));
    prop_assert_eq!(ship_gross, ship_net + ship_tax);
    prop_assert_eq!(c.goods_gross_minor, c.lines.iter().map(|l| l.gross_minor).sum::<i64>());
    prop_assert_eq!(c.goods_net_minor, c.lines.iter().map(|l| l.net_minor).sum::<i64>());
    prop_assert_eq!(c.total_minor, c.goods_gross_minor + ship_gross);
    prop_assert_eq!(c.tax_minor, c.lines.iter().map(|l| l.tax_minor).sum::<i64>() + ship_tax);
    prop_assert_eq!(c.tax_minor, c.taxes.iter().map(|t| t.tax_minor).sum::<i64>());
    prop_assert_eq!(c.total_minor, c.taxes.iter().map(|t| t.tax_minor + t.net_minor).sum::<i64>());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn no_cent_is_lost(
        wants in prop::collection::vec(want(), 0..20), standard in 0i64..=500_000, food in 0i64..=500_000,
        shipping in 0i64..100_000, incl: bool, discount_minor in 0i64..=5_000_000,
    ) {
        let f = facts(&wants, [Rate::ppm(standard), Rate::ppm(food)], shipping);
        let t = Terms { discount_minor, ..terms(incl) };
        let c = compute(&cart(&wants), &f, &t).unwrap();
        adds_up(&c)?;
        let entered: i64 = wants.iter().map(|w| w.unit_minor * w.quantity).sum();
        prop_assert_eq!(c.discount_minor, discount_minor.min(entered));
        prop_assert_eq!(&c, &compute(&cart(&wants), &f, &t).unwrap(), "the same again");
    }

    #[test]
    fn both_sides_agree(unit in 0i64..=1_000_000, ppm in 0i64..=1_000_000, shipping in 0i64..100_000) {
        // what a shop without tax in its prices grosses to, entered with tax
        let rates = [Rate::ppm(ppm); 2];
        let (without, free) = ([Want { unit_minor: unit, ..WANT }], Rate::ppm(ppm));
        let a = compute(&cart(&without), &facts(&without, rates, shipping), &terms(false)).unwrap();
        let with = [Want { unit_minor: unit + free.of(unit), ..WANT }];
        let b = compute(&cart(&with), &facts(&with, rates, shipping + free.of(shipping)), &terms(true)).unwrap();
        prop_assert_eq!(a.goods_net_minor, b.goods_net_minor);
        prop_assert_eq!(a.goods_gross_minor, b.goods_gross_minor);
        if a.shipping.as_ref().map(|s| s.gross_minor == 0) == b.shipping.as_ref().map(|s| s.gross_minor == 0) {
            prop_assert_eq!((a.tax_minor, a.total_minor), (b.tax_minor, b.total_minor));
        }
    }

    #[test]
    fn the_country_does_not_change_a_total_with_tax(wants in prop::collection::vec(want(), 1..10), here in 0i64..=500_000, there in 0i64..=500_000) {
        let total = |ppm| compute(&cart(&wants), &facts(&wants, [Rate::ppm(ppm); 2], 490), &terms(true)).unwrap().total_minor;
        prop_assert_eq!(total(here), total(there));
    }
}
