use crate::{Error, Tx};

/// An invariant, as a query that returns what breaks it. A module's `laws.rs` holds its own.
#[derive(Clone, Copy, Debug)]
pub struct Law {
    /// `inventory.ledger_is_level`.
    pub name: &'static str,
    /// What must hold, as a sentence.
    pub says: &'static str,
    /// Returns (uuid or null, text) for each violation: whose it is and what is wrong. Made with [`sql!`](crate::sql).
    pub sql: &'static str,
}

/// One thing that breaks a law.
#[derive(Clone, Debug)]
pub struct Violation {
    /// The law's name.
    pub law: &'static str,
    /// What should hold.
    pub says: &'static str,
    /// The row, where there is one.
    pub subject: Option<uuid::Uuid>,
    /// What was found.
    pub found: String,
}

/// Asks every law; at most 100 violations each.
///
/// # Errors
/// The database's, naming the law.
pub async fn check(tx: &mut Tx, laws: &[Law]) -> Result<Vec<Violation>, Error> {
    let mut all = vec![];
    for law in laws {
        let mut found = 0;
        let (name, says) = (law.name, law.says);
        let out = &mut all;
        tx.each(law.sql, &[], |row| {
            out.push(Violation {
                law: name,
                says,
                subject: crate::Get::get(row, 0)?,
                found: crate::Get::get(row, 1)?,
            });
            found += 1;
            Ok(found < 100)
        })
        .await?;
    }
    Ok(all)
}
