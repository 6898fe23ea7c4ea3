/// The postcode as its country writes it, from however it was typed: `1012ab` is `1012 AB`, `D-10115` is `10115`,
/// `1010` in Latvia is `LV-1010`. `None` when it is none. `code` is the country's.
pub(super) fn tidy(masks: &str, code: &str, typed: &str) -> Option<String> {
    let plain: String =
        typed.to_uppercase().chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.')).collect();
    let digits = plain.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let prefix = &plain[..plain.len() - digits.len()];
    let bare =
        (!prefix.is_empty() && code.starts_with(prefix) || prefix == "FIN" && code == "FI").then_some(digits);
    masks.split('|').find_map(|mask| fill(mask, &plain).or_else(|| bare.and_then(|bare| fill(mask, bare))))
}

fn fill(mask: &str, plain: &str) -> Option<String> {
    let mut rest = plain.chars().peekable();
    let mut out = String::with_capacity(mask.len());
    for m in mask.chars() {
        let fits: fn(&char) -> bool = match m {
            '#' => char::is_ascii_digit,
            '@' => char::is_ascii_uppercase,
            '*' => char::is_ascii_alphanumeric,
            '0'..='9' => {
                out.push(rest.next_if_eq(&m)?);
                continue;
            }
            _ => {
                // letters and signs of the mask itself may be left out
                rest.next_if_eq(&m);
                out.push(m);
                continue;
            }
        };
        out.push(rest.next_if(fits)?);
    }
    rest.next().is_none().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::super::data::COUNTRIES;
    use super::tidy;

    #[test]
    fn every_example_is_a_postcode_as_written() {
        for c in COUNTRIES.iter().filter(|c| !c.masks.is_empty()) {
            assert_eq!(tidy(c.masks, c.code, c.example).as_deref(), Some(c.example), "{}", c.code);
        }
    }

    #[test]
    fn however_it_was_typed() {
        for (code, typed, want) in [
            ("NL", "1012ab", Some("1012 AB")),
            ("NL", " 1012 - AB ", Some("1012 AB")),
            ("NL", "1012", None),
            ("DE", "D-10115", Some("10115")),
            ("DE", "1011", None),
            ("DE", "A-10115", None),
            ("GB", "sw1a1aa", Some("SW1A 1AA")),
            ("GB", "m1 1ae", Some("M1 1AE")),
            ("GB", "12345", None),
            ("US", "100011234", Some("10001-1234")),
            ("CA", "k1a0b1", Some("K1A 0B1")),
            ("LV", "1010", Some("LV-1010")),
            ("LV", "lv1010", Some("LV-1010")),
            ("PL", "00001", Some("00-001")),
            ("SE", "11122", Some("111 22")),
            ("IE", "d6wxy00", Some("D6W XY00")),
            ("JP", "1000001", Some("100-0001")),
            ("MC", "75001", None),
            ("FI", "FIN-00100", Some("00100")),
            ("DE", "１０１１５", None),
        ] {
            let c = COUNTRIES.iter().find(|c| c.code == code).unwrap();
            assert_eq!(tidy(c.masks, code, typed).as_deref(), want, "{code} {typed}");
        }
    }
}
