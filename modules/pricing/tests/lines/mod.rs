//! The arithmetic of lines under random input.

use kernel::Rate;
use pricing::{Line, line, split_discount};
use proptest::prelude::*;

prop_compose! {
    fn any_line()(entered in 0i64..=1_000_000_000, quantity in 1i64..=999, discount in 0i64..=2_000_000_000, ppm in 0i64..=1_000_000, incl: bool) -> Line {
        line(entered, quantity, discount, Rate::ppm(ppm), incl).unwrap()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn gross_is_net_and_tax(entered in 0i64..=pricing::MAX_AMOUNT_MINOR, quantity in 1i64..=999, discount in 0i64..=1_000_000, ppm in 0i64..=1_000_000, incl: bool) {
        let got = line(entered, quantity, discount, Rate::ppm(ppm), incl).unwrap();
        prop_assert_eq!(got.gross_minor, got.net_minor + got.tax_minor);
        prop_assert!(got.net_minor >= 0 && got.tax_minor >= 0);
        let kept = if incl { got.gross_minor } else { got.net_minor };
        prop_assert_eq!(kept, (entered * quantity - discount).max(0));
    }

    #[test]
    fn the_tax_is_off_by_half_a_unit_at_most(net in 0i64..=1_000_000_000, ppm in 0i64..=1_000_000) {
        let got = line(net, 1, 0, Rate::ppm(ppm), false).unwrap();
        let twice_off = (i128::from(got.tax_minor) * 1_000_000 - i128::from(net) * i128::from(ppm)).abs() * 2;
        prop_assert!(twice_off <= 1_000_000);
    }

    #[test]
    fn both_sides_agree(net in 0i64..=1_000_000_000_000, ppm in 0i64..=1_000_000) {
        let rate = Rate::ppm(ppm);
        let on_top = line(net, 1, 0, rate, false).unwrap();
        prop_assert_eq!(line(on_top.gross_minor, 1, 0, rate, true).unwrap(), on_top);
    }

    #[test]
    fn any_rate_keeps_the_gross_of_prices_with_tax(entered in 0i64..=1_000_000_000, quantity in 1i64..=999, a in 0i64..=1_000_000, b in 0i64..=1_000_000) {
        let at = |ppm| line(entered, quantity, 0, Rate::ppm(ppm), true).unwrap().gross_minor;
        prop_assert_eq!(at(a), at(b));
    }

    #[test]
    fn a_discount_is_split_without_loss(discount in 0i64..=10_000_000, lines in prop::collection::vec(0i64..=1_000_000, 1..30)) {
        let parts = split_discount(discount, &lines);
        prop_assert_eq!(parts.iter().sum::<i64>(), discount.min(lines.iter().sum()));
        prop_assert!(parts.iter().zip(&lines).all(|(p, l)| (0..=*l).contains(p)));
    }

    #[test]
    fn a_line_is_split_without_loss(whole in any_line(), weights in prop::collection::vec(0i64..=999, 1..20)) {
        let parts = whole.split(&weights);
        let sum = parts.iter().try_fold(Line::default(), |a, b| a.plus(*b)).unwrap();
        prop_assert_eq!(sum, whole);
        for p in &parts {
            prop_assert_eq!(p.gross_minor, p.net_minor + p.tax_minor);
            prop_assert!(p.net_minor >= 0 && p.tax_minor >= 0);
        }
        // what goes back is exactly what came
        let back = (-whole).split(&weights);
        prop_assert!(parts.iter().zip(&back).all(|(a, b)| -*a == *b));
    }
}
