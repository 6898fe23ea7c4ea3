use db::{Db, Tx, Violation};

use crate::config::Config;
use crate::shop::Shop;
use crate::{Exit, Failure, wiring};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// What the doctor found.
#[derive(Debug)]
pub struct Findings {
    /// Every law that was asked.
    pub laws: Vec<&'static str>,
    /// What breaks one; at most 100 each.
    pub violations: Vec<Violation>,
}

pub async fn run(config: Config, args: Args) -> Result<Exit, Failure> {
    let shop = Shop::open(config).await?;
    report(&examine(&shop.db).await?, args.json)
}

/// Asks every law of one moment's view of the database.
///
/// # Errors
/// The database's.
pub async fn examine(db: &Db) -> Result<Findings, Failure> {
    let laws = wiring::laws();
    let mut names: Vec<&str> = laws.iter().map(|l| l.name).collect();
    names.push(work::audit::CHAIN);
    let violations = db
        .report(async move |tx: &mut Tx| {
            let mut found = vec![];
            for law in &laws {
                let broken = db::check(tx, std::slice::from_ref(law)).await;
                found.extend(broken.map_err(|e| Failure::from(e).while_doing(law.name))?);
            }
            found.extend(work::audit::verify(tx).await?.into_iter().take(100));
            Ok::<_, Failure>(found)
        })
        .await?;
    Ok(Findings { laws: names, violations })
}

/// Prints them, law by law.
///
/// # Errors
/// None of its own; so that commands can end with it.
pub fn report(found: &Findings, json: bool) -> Result<Exit, Failure> {
    let well = found.violations.is_empty();
    if json {
        let broken: Vec<_> = found
            .violations
            .iter()
            .map(|v| serde_json::json!({ "law": v.law, "says": v.says, "subject": v.subject, "found": v.found }))
            .collect();
        println!("{}", serde_json::json!({ "well": well, "laws": found.laws, "violations": broken }));
    } else {
        for law in &found.laws {
            let mut broken = found.violations.iter().filter(|v| v.law == *law).peekable();
            if let Some(first) = broken.peek() {
                println!("BROKEN {law}: {}", first.says);
            }
            for violation in broken {
                let subject = violation.subject.map(|s| format!("{s}: ")).unwrap_or_default();
                println!("  {subject}{}", violation.found);
            }
        }
        match found.violations.len() {
            0 => println!("{} laws hold", found.laws.len()),
            n => println!("{n} violations of {} laws", found.laws.len()),
        }
    }
    Ok(if well { Exit::Ok } else { Exit::Problems })
}
