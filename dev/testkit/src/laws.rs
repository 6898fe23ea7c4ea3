use db::{Db, Law, Tx};

/// A law that no test has seen broken may be one that cannot be: `seen` is what a module's tests of its laws have seen.
///
/// # Panics
/// When a law is missing, a new one for instance.
pub fn every_law_was_broken(laws: &[Law], seen: &[&str]) {
    for law in laws {
        assert!(seen.contains(&law.name), "{} is broken by no test of this module's laws", law.name);
    }
}

/// What a unit that must fail has seen.
struct Seen(Vec<&'static str>);

impl From<db::Error> for Seen {
    fn from(e: db::Error) -> Seen {
        panic!("{e}")
    }
}

/// Breaks each law by its statement and looks, inside one unit, which then fails: nothing stays.
///
/// # Panics
/// When a law does not speak, or one is broken by none of the statements.
pub async fn break_each(db: &Db, laws: &'static [Law], breaks: &'static [(&'static str, &'static str)]) {
    for (law, text) in breaks {
        let seen: Result<(), Seen> = db
            .write("break", async move |tx: &mut Tx| {
                tx.script(text).await?;
                Err(Seen(db::check(tx, laws).await?.into_iter().map(|v| v.law).collect()))
            })
            .await;
        let Err(Seen(seen)) = seen else { panic!("the unit must fail") };
        assert!(seen.contains(law), "{law}: {text}: {seen:?}");
    }
    every_law_was_broken(laws, &breaks.iter().map(|(law, _)| *law).collect::<Vec<_>>());
}
