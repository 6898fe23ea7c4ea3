//! The law book, asked on the live database.

use axum::response::Response;
use db::{Law, Tx, Violation};
use kernel::perms::SystemRead;

use crate::Error;
use crate::admin::office::Office;
use crate::admin::shown;
use crate::admin::views::{Chip, DoctorView, LawRow, Section, When};

/// Every module's laws, in the order in which they build on each other.
const BOOK: [&[Law]; 14] = [
    work::LAWS,
    site::LAWS,
    access::LAWS,
    customers::LAWS,
    catalog::LAWS,
    assets::LAWS,
    pricing::LAWS,
    inventory::LAWS,
    shipping::LAWS,
    checkout::LAWS,
    orders::LAWS,
    payments::LAWS,
    warehouse::LAWS,
    analytics::LAWS,
];

/// Violations of a law that are shown.
const SHOWN: usize = 10;

/// `GET /admin/system/doctor`: before it ran.
pub(super) async fn page(office: Office) -> Result<Response, Error> {
    office.permit::<SystemRead>()?;
    office.page(&DoctorView {
        shell: office.shell(Section::System).await?,
        ran: When::default(),
        took: String::new(),
        broken: 0,
        rows: vec![],
    })
}

/// `POST /admin/system/doctor`: asks all of them at one moment, and writes nothing.
pub(super) async fn run(office: Office) -> Result<Response, Error> {
    office.permit::<SystemRead>()?;
    let began = office.ctx().now();
    let laws: Vec<Law> = BOOK.concat();
    let asked = laws.clone();
    let found = office.db().report(async move |tx: &mut Tx| db::check(tx, &asked).await).await?;
    let took = office.ctx().now().since(began);
    let rows: Vec<LawRow> = laws.iter().map(|law| row(law, &found)).collect();
    let broken = rows.iter().filter(|r| r.state == Chip::LawBroken).count();
    office.page(&DoctorView {
        shell: office.shell(Section::System).await?,
        ran: office.when(began),
        took: if took.as_secs() == 0 {
            format!("{} ms", took.as_millis())
        } else {
            shown::span(took.as_secs())
        },
        broken: u32::try_from(broken).unwrap_or_default(),
        rows,
    })
}

fn row(law: &Law, found: &[Violation]) -> LawRow {
    let mine: Vec<&Violation> = found.iter().filter(|v| v.law == law.name).collect();
    let line = |v: &&Violation| match v.subject {
        Some(subject) => format!("{subject}: {}", v.found),
        None => v.found.clone(),
    };
    LawRow {
        module: law.name.split('.').next().unwrap_or_default().to_owned(),
        law: law.says.to_owned(),
        state: if mine.is_empty() { Chip::LawHolds } else { Chip::LawBroken },
        violations: mine.iter().take(SHOWN).map(line).collect(),
        more: u32::try_from(mine.len().saturating_sub(SHOWN)).unwrap_or_default(),
    }
}
