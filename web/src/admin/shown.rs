//! Numbers and moments as a reader of the back office expects them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::{Ctx, Timestamp};

use super::views::{Picture, When};
use super::words::{self, Locale};

const ENGLISH: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const GERMAN: [&str; 12] =
    ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sep.", "Okt.", "Nov.", "Dez."];

/// A whole number with its thousands set apart.
pub(crate) fn number(n: i64, locale: Locale) -> String {
    let digits = n.unsigned_abs().to_string();
    let mark = match locale {
        Locale::En => ',',
        Locale::De => '.',
    };
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    if n < 0 {
        out.push('−');
    }
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(c);
    }
    out
}

/// "+12", "−1".
pub(crate) fn signed(n: i64, locale: Locale) -> String {
    if n > 0 { format!("+{}", number(n, locale)) } else { number(n, locale) }
}

/// "12 Nov", "12 Nov 2025" when that is another year than now's.
pub(crate) fn day(day: Date, today: Date, locale: Locale) -> String {
    let month = usize::try_from(day.month()).unwrap_or(1) - 1;
    let year = if day.year() == today.year() { String::new() } else { format!(" {}", day.year()) };
    match locale {
        Locale::En => format!("{} {}{year}", day.day(), ENGLISH[month]),
        Locale::De => format!("{}. {}{year}", day.day(), GERMAN[month]),
    }
}

/// A moment in the store's time zone: "Today 14:23", "Yesterday 9:05", "12 Nov 14:23", "12 Nov 2025".
pub(crate) fn when(at: Timestamp, ctx: &Ctx, locale: Locale) -> When {
    let zone = TimeZone::get(&ctx.store.time_zone).unwrap_or(TimeZone::UTC);
    let (local, now) = (at.jiff().to_zoned(zone.clone()), ctx.now().jiff().to_zoned(zone));
    let (date, today) = (local.date(), now.date());
    let time = format!("{}:{:02}", local.hour(), local.minute());
    let label = if date == today {
        words::tx(locale, "when-today", &time)
    } else if date.tomorrow().is_ok_and(|next| next == today) {
        words::tx(locale, "when-yesterday", &time)
    } else if date.year() == today.year() {
        format!("{} {time}", day(date, today, locale))
    } else {
        day(date, today, locale)
    };
    When { label, iso: at.jiff().to_string() }
}

/// As [`when`], or "–".
pub(crate) fn when_if(at: Option<Timestamp>, ctx: &Ctx, locale: Locale) -> When {
    at.map_or_else(|| When { label: "–".to_owned(), iso: String::new() }, |at| when(at, ctx, locale))
}

/// A picture at about this width; none while it is not here. Without words of its own it says `fallback`.
pub(crate) fn picture(image: &assets::Image, width: u32, fallback: &str) -> Option<Picture> {
    let alt = if image.alt.is_empty() { fallback } else { &image.alt };
    let src = format!("/img/{}/{width}.webp", image.asset);
    (image.state == assets::AssetState::Ready).then(|| Picture { src, alt: alt.to_owned() })
}

/// At most so many letters, with a sign where some were left out.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// A span for people: "4 s", "3 min", "2 h", "5 d".
pub(crate) fn span(seconds: u64) -> String {
    match seconds {
        0..=99 => format!("{seconds} s"),
        100..=5_999 => format!("{} min", seconds / 60),
        6_000..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        let en = [0, 12, 1_204, -1_000_000].map(|n| number(n, Locale::En));
        assert_eq!(en, ["0", "12", "1,204", "−1,000,000"]);
        assert_eq!(
            (number(12_345, Locale::De), signed(5, Locale::De)),
            ("12.345".to_owned(), "+5".to_owned())
        );
    }

    #[test]
    fn spans_are_short() {
        assert_eq!([5, 99, 120, 7_200, 200_000].map(span), ["5 s", "99 s", "2 min", "2 h", "2 d"]);
    }
}
