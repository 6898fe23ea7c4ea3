//! Numbered, append-only migrations, each module's own; all that are due run in one transaction.

use sha2::{Digest, Sha256};

use crate::tx::Conn;
use crate::{Db, Engine, Error, Tx, Unit, params};

/// A module's migrations, first to last.
#[derive(Clone, Copy, Debug)]
pub struct Migrations {
    /// The module.
    pub module: &'static str,
    /// Name (`0001_orders`) and text, in order.
    pub files: &'static [(&'static str, &'static str)],
}

/// One migration of one module.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// The module.
    pub module: &'static str,
    /// `0001_orders`.
    pub name: &'static str,
    text: &'static str,
}

/// What would be done.
#[derive(Debug)]
pub struct Pending {
    /// In the order they would run.
    pub migrations: Vec<Migration>,
    /// Did this database hold tables of ours before?
    pub fresh: bool,
}

fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

const TABLE: &str = "create table if not exists schema_migration (
    module text not null, name text not null, checksum text not null, applied_at bigint not null,
    primary key (module, name))";

async fn known(tx: &mut Tx) -> Result<Vec<(String, String, String)>, Error> {
    let exists = match tx.engine() {
        Engine::Sqlite => {
            "select cast(count(*) as bigint) from sqlite_master where type = 'table' and name = 'schema_migration'"
        }
        Engine::Postgres => {
            "select cast(count(*) as bigint) from pg_tables where tablename = 'schema_migration' and schemaname = current_schema()"
        }
    };
    if tx.value::<i64>(exists, &[]).await? == 0 {
        return Ok(vec![]);
    }
    tx.all("select module, name, checksum from schema_migration order by module, name", &[]).await
}

fn due(all: &[Migrations], known: &[(String, String, String)]) -> Result<Pending, Error> {
    let mut migrations = vec![];
    for m in all {
        for (name, text) in m.files {
            match known.iter().find(|(module, n, _)| module == m.module && n == name) {
                Some((_, _, sum)) if *sum != checksum(text) => {
                    return Err(Error::Migration(format!(
                        "{}/{name} was changed after it was applied; migrations are append-only: restore its text and add a new one",
                        m.module
                    )));
                }
                Some(_) => {}
                None => migrations.push(Migration { module: m.module, name, text }),
            }
        }
    }
    let stranger = known.iter().find(|(module, name, _)| {
        !all.iter().any(|m| m.module == module && m.files.iter().any(|(n, _)| n == name))
    });
    if let Some((module, name, _)) = stranger {
        return Err(Error::Migration(format!(
            "the database holds {module}/{name}, which this program does not know: it was written by a newer Mercer; run that one"
        )));
    }
    Ok(Pending { migrations, fresh: known.is_empty() })
}

/// What [`migrate`] would do.
///
/// # Errors
/// [`Error::Migration`] when an applied migration was changed, or the database is newer than the program.
pub async fn pending(db: &Db, all: &[Migrations]) -> Result<Pending, Error> {
    let known = db.read(async |tx: &mut Tx| known(tx).await).await?;
    due(all, &known)
}

/// Every applied migration, as module and name.
///
/// # Errors
/// The database's.
pub async fn applied(db: &Db) -> Result<Vec<(String, String)>, Error> {
    let known = db.read(async |tx: &mut Tx| known(tx).await).await?;
    Ok(known.into_iter().map(|(m, n, _)| (m, n)).collect())
}

/// Runs what is due, all in one transaction; how many ran. `at` is in UTC microseconds.
///
/// # Errors
/// As [`pending`]; the engine's, naming the migration.
pub async fn migrate(db: &Db, all: &[Migrations], at: kernel::Timestamp) -> Result<usize, Error> {
    let all: Vec<Migrations> = all.to_vec();
    // read committed: a server that waited for another's migrations must see them
    let unit = Unit::named("migrate").read_committed();
    db.write(unit, async move |tx: &mut Tx| migrate_in(tx, &all, at).await).await
}

/// [`migrate`] inside a transaction that goes on: a restore.
///
/// # Errors
/// As [`migrate`].
pub async fn migrate_in(tx: &mut Tx, all: &[Migrations], at: kernel::Timestamp) -> Result<usize, Error> {
    if tx.engine() == Engine::Postgres {
        // two servers that start at once: the second waits, then finds nothing to do
        tx.script("select pg_advisory_xact_lock(6017300511)").await?;
    }
    tx.script(TABLE).await?;
    let known = known(tx).await?;
    let due = due(all, &known)?.migrations;
    for m in &due {
        let text = tx.engine().migration(m.text);
        tx.script(&text).await.map_err(|e| Error::Migration(format!("{}/{}: {e}", m.module, m.name)))?;
        tx.exec(
            "insert into schema_migration (module, name, checksum, applied_at) values ($1, $2, $3, $4)",
            params![m.module, m.name, checksum(m.text), at],
        )
        .await?;
    }
    if tx.engine() == Engine::Postgres {
        order_as_bytes(tx).await?;
    }
    Ok(due.len())
}

/// Texts are compared byte by byte, as SQLite does: a database with the order of a language would find other
/// beginnings of names, and turn pages elsewhere.
async fn order_as_bytes(tx: &mut Tx) -> Result<(), Error> {
    if tx.value::<bool>("select 'B' < 'a' and 'a b' < 'aa' and 'a' < 'ä' and 'z' < 'ä'", &[]).await? {
        return Ok(());
    }
    let columns: Vec<(String, String)> = tx
        .all(
            "select cast(c.relname as text), cast(a.attname as text) from pg_attribute a
             join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
             join pg_collation o on o.oid = a.attcollation
             where n.nspname = current_schema() and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
                 and a.atttypid = 'text'::regtype and o.collname = 'default'
             order by c.relname, a.attnum",
            &[],
        )
        .await?;
    for some in columns.chunk_by(|a, b| a.0 == b.0) {
        let changes: Vec<String> =
            some.iter().map(|(_, c)| format!("alter column \"{c}\" type text collate \"C\"")).collect();
        tx.script(&format!("alter table \"{}\" {}", some[0].0, changes.join(", "))).await?;
    }
    if let Conn::Pg(conn) = &tx.conn {
        conn.forget_statements();
    }
    Ok(())
}
