use jiff::tz::TimeZone;
use kernel::Timestamp;
use serde::Serialize;

use crate::words::{Words, arg};

/// A moment as a page shows it: the reader's words beside the machine's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct When {
    /// RFC 3339 in UTC, for `<time datetime>`.
    pub iso: String,
    /// In words of the locale and the store's time zone.
    pub text: String,
}

impl When {
    /// The day: “23 November 2026”.
    pub fn day(at: Timestamp, zone: &TimeZone, words: &Words, locale: &str) -> When {
        let local = at.jiff().to_zoned(zone.clone());
        let month = words.say(locale, &format!("month-{}", local.month()), &[]);
        let args =
            [arg("day", i64::from(local.day())), arg("month", month), arg("year", local.year().to_string())];
        When { iso: at.jiff().to_string(), text: words.say(locale, "date-long", &args) }
    }

    /// The day and the minute: “23 November 2026, 15:48”.
    pub fn minute(at: Timestamp, zone: &TimeZone, words: &Words, locale: &str) -> When {
        let local = at.jiff().to_zoned(zone.clone());
        let day = When::day(at, zone, words, locale);
        let time = format!("{:02}:{:02}", local.hour(), local.minute());
        When { text: words.say(locale, "date-minute", &[arg("date", day.text), arg("time", time)]), ..day }
    }
}
