use std::borrow::Cow;
use std::sync::OnceLock;

/// The most letters of an address.
const SLUG: usize = 100;

/// Is this an address part as it stands: lower-case letters and digits of any script, `-` and `_`, at most 255 bytes?
pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 255
        && text.chars().all(|c| (c.is_alphanumeric() && !c.is_uppercase()) || c == '-' || c == '_')
}

/// An address part made of a title: `Crème brûlée (6)` becomes `creme-brulee-6`, `Grüße` becomes `gruesse`. Letters
/// that have no Latin base stay as they are. Empty when nothing is left.
pub fn slug_of(title: &str) -> String {
    let mut out = String::with_capacity(title.len());
    for c in title.chars().flat_map(char::to_lowercase) {
        if out.chars().count() >= SLUG {
            break;
        }
        match c {
            'a'..='z' | '0'..='9' | '_' => out.push(c),
            'ä' | 'æ' => out.push_str("ae"),
            'ö' | 'ø' | 'œ' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ą' => out.push('a'),
            'ç' | 'ć' | 'č' => out.push('c'),
            'ď' | 'ð' => out.push('d'),
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => out.push('e'),
            'ì' | 'í' | 'î' | 'ï' | 'ī' => out.push('i'),
            'ł' => out.push('l'),
            'ñ' | 'ń' | 'ň' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ō' => out.push('o'),
            'ř' => out.push('r'),
            'ś' | 'š' | 'ş' => out.push('s'),
            'ť' => out.push('t'),
            'þ' => out.push_str("th"),
            'ù' | 'ú' | 'û' | 'ū' | 'ů' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            '\'' | '’' | '®' | '™' | '\u{300}'..='\u{36f}' => {}
            c if c.is_alphanumeric() => out.push(c),
            _ if !out.ends_with('-') && !out.is_empty() => out.push('-'),
            _ => {}
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

/// A description without anything that could run, track or escape its place: no scripts, styles, frames, forms,
/// handlers. Plain text stays as it is.
pub fn sanitise(html: &str) -> Cow<'_, str> {
    static CLEANER: OnceLock<ammonia::Builder<'static>> = OnceLock::new();
    if !html.contains(['<', '&', '>']) {
        return Cow::Borrowed(html);
    }
    let cleaner = CLEANER.get_or_init(|| {
        let mut b = ammonia::Builder::default();
        b.link_rel(Some("noopener noreferrer nofollow"));
        b
    });
    Cow::Owned(cleaner.clean(html).to_string())
}

/// HTML that went through [`sanitise`]: what an import hands over, so that it is done beside the database's writer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CleanHtml(String);

impl CleanHtml {
    /// Sanitises.
    pub fn of(html: &str) -> CleanHtml {
        CleanHtml(sanitise(html.trim()).into_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Has a GTIN (8, 12, 13 or 14 digits) the right check digit? Source: GS1 General Specifications, 7.9.
pub fn gtin_is_sound(gtin: &str) -> bool {
    let digits: Vec<u32> = gtin.chars().filter_map(|c| c.to_digit(10)).collect();
    if digits.len() != gtin.chars().count() || !matches!(digits.len(), 8 | 12 | 13 | 14) {
        return false;
    }
    let sum: u32 =
        digits.iter().rev().skip(1).enumerate().map(|(i, d)| if i % 2 == 0 { d * 3 } else { *d }).sum();
    (10 - sum % 10) % 10 == digits[digits.len() - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_addresses() {
        for (title, slug) in [
            ("Crème brûlée (6)", "creme-brulee-6"),
            ("Grüße  aus Köln!", "gruesse-aus-koeln"),
            ("Men's T-Shirt™", "mens-t-shirt"),
            ("日本 茶", "日本-茶"),
            ("---", ""),
        ] {
            assert_eq!(slug_of(title), slug);
            assert!(slug.is_empty() || is_slug(slug), "{slug}");
        }
        assert!(slug_of(&"x".repeat(500)).len() <= SLUG);
        assert!(!is_slug("A") && !is_slug("a b") && !is_slug("a/b") && is_slug("käse_2"));
    }

    #[test]
    fn takes_out_what_runs() {
        let dirty = "<p onclick=x()>Hi<script>alert(1)</script> <a href=\"javascript:x\">a</a> <b>b</b></p>";
        let clean = sanitise(dirty);
        assert!(!clean.contains("script") && !clean.contains("onclick"), "{clean}");
        assert!(clean.contains("<b>b</b>"));
        assert_eq!(sanitise(&clean), clean, "cleaning twice changes nothing");
        assert!(matches!(sanitise("plain"), Cow::Borrowed(_)));
    }

    #[test]
    fn checks_gtins() {
        assert!(gtin_is_sound("4006381333931") && gtin_is_sound("036000291452") && gtin_is_sound("96385074"));
        assert!(!gtin_is_sound("4006381333932") && !gtin_is_sound("123") && !gtin_is_sound("40063813339 1"));
    }
}
