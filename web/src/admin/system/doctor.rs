//! The law book, asked on the live database, as `mercer doctor` asks it.

use axum::response::Response;
use db::{Tx, Violation};
use kernel::perms::SystemRead;

use crate::Error;
use crate::admin::office::Office;
use crate::admin::shown;
use crate::admin::views::{Chip, DoctorView, LawRow, Section, When};

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

/// `POST /admin/system/doctor`: asks every module's laws and the audit chain at one moment, and writes nothing.
pub(super) async fn run(office: Office) -> Result<Response, Error> {
    office.permit::<SystemRead>()?;
    let began = office.ctx().now();
    let laws = office.state.laws().to_vec();
    let asked = laws.clone();
    let found = office
        .db()
        .report(async move |tx: &mut Tx| {
            let mut found = db::check(tx, &asked).await?;
            found.extend(work::audit::verify(tx).await?);
            Ok::<_, Error>(found)
        })
        .await?;
    let took = office.ctx().now().since(began);
    let asked = laws.iter().map(|law| (law.name, law.says));
    let all = asked.chain([(work::audit::CHAIN, work::audit::CHAIN_SAYS)]);
    let rows: Vec<LawRow> = all.map(|(name, says)| row(name, says, &found)).collect();
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

fn row(name: &str, says: &str, found: &[Violation]) -> LawRow {
    let mine: Vec<&Violation> = found.iter().filter(|v| v.law == name).collect();
    let line = |v: &&Violation| match v.subject {
        Some(subject) => format!("{subject}: {}", v.found),
        None => v.found.clone(),
    };
    LawRow {
        module: name.split('.').next().unwrap_or_default().to_owned(),
        law: says.to_owned(),
        state: if mine.is_empty() { Chip::LawHolds } else { Chip::LawBroken },
        violations: mine.iter().take(SHOWN).map(line).collect(),
        more: u32::try_from(mine.len().saturating_sub(SHOWN)).unwrap_or_default(),
    }
}
