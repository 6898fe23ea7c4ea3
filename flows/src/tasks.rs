//! Which code does which kind of task of the flows, who hears of which event, what runs by itself.

use std::sync::Arc;
use std::time::Duration;

use kernel::TextState;
use work::{Handler, Mode, Schedule};

use crate::errand::{self, ErrandTask};
use crate::mails::{About, MailTask};
use crate::scan::{Scan, ScanTask};
use crate::{Shop, ask, authorise, capture, close, figures, hold, remember};

/// The handlers of the flows' tasks.
pub fn handlers(shop: &Shop) -> Vec<(&'static str, Arc<dyn Handler>)> {
    let mails = About::ALL.iter().map(|about| {
        let task = MailTask { shop: shop.clone(), about: *about };
        (about.task(), Arc::new(task) as Arc<dyn Handler>)
    });
    let mut all: Vec<(&'static str, Arc<dyn Handler>)> = vec![
        (authorise::KIND, Arc::new(authorise::AuthoriseTask(shop.clone()))),
        (ask::KIND, Arc::new(ask::AskTask(shop.clone()))),
        (errand::CAPTURE, Arc::new(ErrandTask(shop.clone()))),
        (errand::REFUND, Arc::new(ErrandTask(shop.clone()))),
        (capture::AT_ONCE, Arc::new(capture::AtOnceTask(shop.clone()))),
        (hold::KIND, Arc::new(hold::ExpireHoldsTask(shop.clone()))),
        (close::KIND, Arc::new(close::CloseTask(shop.clone()))),
        (remember::KIND, Arc::new(remember::RememberTask(shop.clone()))),
        (figures::KIND, Arc::new(figures::FiguresTask(shop.clone()))),
    ];
    all.extend(mails);
    all.extend(Scan::ALL.map(|scan| {
        let task = ScanTask { shop: shop.clone(), scan };
        (scan.kind(), Arc::new(task) as Arc<dyn Handler>)
    }));
    all
}

/// Who hears of the flows' events.
pub const SUBSCRIBERS: &[(&str, &str, Mode)] = &[
    ("OrderPlaced", About::Placed.task(), Mode::Tell),
    ("OrderShipped", About::Shipped.task(), Mode::Tell),
    ("OrderRefunded", About::Refunded.task(), Mode::Tell),
    ("OrderCancelled", About::Cancelled.task(), Mode::Tell),
    ("OrderPlaced", remember::KIND, Mode::Match),
    ("OrderPlaced", capture::AT_ONCE, Mode::Match),
    ("OrderPaymentChanged", close::KIND, Mode::Match),
    ("OrderShipped", close::KIND, Mode::Match),
    ("OrderShippedQuietly", close::KIND, Mode::Match),
    ("OrderRefunded", close::KIND, Mode::Match),
    ("OrderRefundFailed", close::KIND, Mode::Match),
    ("OrderReleased", close::KIND, Mode::Match),
    ("OrderRefundedQuietly", close::KIND, Mode::Match),
    ("OrderPlaced", figures::KIND, Mode::Match),
    ("OrderRefunded", figures::KIND, Mode::Match),
    ("OrderRefundedQuietly", figures::KIND, Mode::Match),
    ("OrderCancelled", figures::KIND, Mode::Match),
    ("OrderDropped", figures::KIND, Mode::Match),
];

const HOUR: Duration = Duration::from_secs(3_600);

/// What runs by itself.
pub const SCHEDULES: &[Schedule] = &[
    Schedule { kind: ask::KIND, every: Duration::from_secs(5) },
    Schedule { kind: hold::KIND, every: Duration::from_secs(60) },
    Schedule { kind: Scan::Figures.kind(), every: HOUR },
    Schedule { kind: Scan::Customers.kind(), every: HOUR },
    Schedule { kind: Scan::Close.kind(), every: HOUR },
];
