//! What the database holds, table by table, as values that belong to neither engine: for backup and restore.

use std::collections::HashSet;

use uuid::Uuid;

use crate::row::Get;
use crate::{Engine, Error, Row, ToVal, Tx, Val, params};

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// BIGINT.
    Int,
    /// TEXT.
    Text,
    /// BYTEA, BLOB.
    Bytes,
    /// BOOLEAN.
    Bool,
    /// UUID.
    Uuid,
}

impl Kind {
    /// Its name in a backup.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Int => "int",
            Kind::Text => "text",
            Kind::Bytes => "bytes",
            Kind::Bool => "bool",
            Kind::Uuid => "uuid",
        }
    }

    /// From the type the column was declared with, in either engine's words.
    fn declared(word: &str) -> Option<Kind> {
        Some(match word {
            "bigint" | "integer" => Kind::Int,
            "text" => Kind::Text,
            "bytea" | "blob" => Kind::Bytes,
            "boolean" => Kind::Bool,
            "uuid" => Kind::Uuid,
            _ => return None,
        })
    }

    fn read(self, row: &Row<'_>, i: usize) -> Result<Cell, Error> {
        Ok(match self {
            Kind::Int => i64::opt(row, i)?.map(Cell::Int),
            Kind::Text => String::opt(row, i)?.map(Cell::Text),
            Kind::Bytes => Vec::<u8>::opt(row, i)?.map(Cell::Bytes),
            Kind::Bool => bool::opt(row, i)?.map(Cell::Bool),
            Kind::Uuid => Uuid::opt(row, i)?.map(Cell::Uuid),
        }
        .unwrap_or(Cell::Null))
    }
}

/// One value of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cell {
    /// NULL.
    Null,
    /// BIGINT.
    Int(i64),
    /// TEXT.
    Text(String),
    /// BYTEA, BLOB.
    Bytes(Vec<u8>),
    /// BOOLEAN.
    Bool(bool),
    /// UUID.
    Uuid(Uuid),
}

impl ToVal for Cell {
    fn to_val(&self) -> Val<'_> {
        match self {
            Cell::Null => Val::Null,
            Cell::Int(v) => Val::Int(*v),
            Cell::Text(v) => Val::Text(v),
            Cell::Bytes(v) => Val::Bytes(v),
            Cell::Bool(v) => Val::Bool(*v),
            Cell::Uuid(v) => Val::Uuid(*v),
        }
    }
}

/// A column that a copy carries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    required: bool,
    /// Where in the primary key, from 1; 0 is outside.
    key: i64,
    /// Numbered by PostgreSQL itself.
    identity: bool,
    /// Points at rows that are loaded later or by the same statement: filled in by [`patch`].
    late: bool,
}

/// A table of the shop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// What a copy carries, in the schema's order.
    pub columns: Vec<Column>,
}

impl Table {
    /// Does it point at itself or at a table loaded later, so that [`patch`] must run?
    pub fn has_late(&self) -> bool {
        self.columns.iter().any(|c| c.late)
    }

    fn list(&self) -> String {
        self.columns.iter().map(|c| quoted(&c.name)).collect::<Vec<_>>().join(", ")
    }

    fn keys(&self) -> Vec<(usize, &Column)> {
        let mut keys: Vec<_> = self.columns.iter().enumerate().filter(|(_, c)| c.key > 0).collect();
        keys.sort_by_key(|(_, c)| c.key);
        keys
    }
}

/// Tables that a copy never carries: the migrations' own record, and SQLite's counters (see [`series`]).
const OWN: [&str; 2] = ["schema_migration", "series"];

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

crate::row! {
    struct Found { table: String, column: String, declared: String, required: bool, key: i64, identity: bool }
}

/// Every table, those pointed at before those that point.
///
/// # Errors
/// [`Error::Schema`] when a column's type is not one of ours, or tables point at each other in a ring whose columns
/// are required.
pub async fn tables(tx: &mut Tx) -> Result<Vec<Table>, Error> {
    let (columns, pointers) = match tx.engine() {
        Engine::Sqlite => (
            "select m.name, i.name, lower(i.type), i.\"notnull\", i.pk, 0 from sqlite_master m
             join pragma_table_info(m.name) i where m.type = 'table' and substr(m.name, 1, 7) <> 'sqlite_'
             order by m.name, i.cid",
            "select m.name, f.\"from\", f.\"table\" from sqlite_master m join pragma_foreign_key_list(m.name) f
             where m.type = 'table'",
        ),
        Engine::Postgres => (
            "select cast(c.relname as text), cast(a.attname as text), format_type(a.atttypid, a.atttypmod), a.attnotnull,
                 cast(coalesce((select array_position(cast(i.indkey as int2[]), a.attnum) + 1 from pg_index i
                     where i.indrelid = c.oid and i.indisprimary), 0) as bigint),
                 a.attidentity <> ''
             from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
             where c.relkind = 'r' and c.relnamespace = cast(cast(current_schema() as text) as regnamespace)
             order by c.relname, a.attnum",
            "select cast(c.relname as text), cast(a.attname as text), cast(p.relname as text) from pg_constraint f
             join pg_class c on c.oid = f.conrelid join pg_class p on p.oid = f.confrelid
             join pg_attribute a on a.attrelid = c.oid and a.attnum = any (f.conkey)
             where f.contype = 'f' and c.relnamespace = cast(cast(current_schema() as text) as regnamespace)",
        ),
    };
    let columns: Vec<Found> = tx.all(columns, &[]).await?;
    let pointers: Vec<(String, String, String)> = tx.all(pointers, &[]).await?;
    let mut all: Vec<Table> = vec![];
    for found in columns {
        // which transaction wrote a row is the engine's own knowledge: a copy is written by a new one
        if OWN.contains(&found.table.as_str()) || found.column == "xid" {
            continue;
        }
        let Some(kind) = Kind::declared(&found.declared) else {
            let (table, column, word) = (&found.table, &found.column, &found.declared);
            return Err(Error::Schema(format!("{table}.{column} is '{word}', which no backup can carry")));
        };
        let Found { column: name, required, key, identity, .. } = found;
        let column = Column { name, kind, required, key, identity, late: false };
        match all.last_mut() {
            Some(table) if table.name == found.table => table.columns.push(column),
            _ => all.push(Table { name: found.table, columns: vec![column] }),
        }
    }
    ordered(all, &pointers)
}

/// Sorts tables so that rows can be loaded one table after the other. Where a ring leaves no such order, the first
/// table whose pointing columns may be empty goes first and those columns are late.
fn ordered(mut rest: Vec<Table>, pointers: &[(String, String, String)]) -> Result<Vec<Table>, Error> {
    let (mut out, mut done) = (vec![], HashSet::new());
    for table in &mut rest {
        for column in &mut table.columns {
            column.late =
                pointers.iter().any(|(t, c, to)| *t == table.name && *c == column.name && *to == table.name);
        }
    }
    while !rest.is_empty() {
        let open = |table: &Table, column: &Column| {
            !column.late
                && pointers
                    .iter()
                    .any(|(t, c, to)| *t == table.name && *c == column.name && !done.contains(to.as_str()))
        };
        let free = rest.iter().position(|t| !t.columns.iter().any(|c| open(t, c)));
        let loose = || rest.iter().position(|t| t.columns.iter().all(|c| !open(t, c) || !c.required));
        let Some(next) = free.or_else(loose) else {
            let names: Vec<&str> = rest.iter().map(|t| t.name.as_str()).collect();
            return Err(Error::Schema(format!("tables point at each other in a ring: {}", names.join(", "))));
        };
        let marks: Vec<bool> = rest[next].columns.iter().map(|c| open(&rest[next], c)).collect();
        let mut table = rest.remove(next);
        for (column, open) in table.columns.iter_mut().zip(marks) {
            column.late |= open;
            if column.late && column.required {
                return Err(Error::Schema(format!(
                    "{}.{} points at its own table and is required",
                    table.name, column.name
                )));
            }
        }
        done.insert(table.name.clone());
        out.push(table);
    }
    Ok(out)
}

/// Every row of a table, in the order of its key; `false` stops.
///
/// # Errors
/// The database's, naming the table; [`Error::Column`] when a value is not what its column says.
pub async fn each_row(
    tx: &mut Tx,
    table: &Table,
    mut f: impl FnMut(Vec<Cell>) -> Result<bool, Error> + Send,
) -> Result<(), Error> {
    let keys: Vec<String> = table.keys().iter().map(|(_, c)| quoted(&c.name)).collect();
    let order = if keys.is_empty() { String::new() } else { format!(" order by {}", keys.join(", ")) };
    let text = format!("select {} from {}{order}", table.list(), quoted(&table.name));
    let read = tx.each(&text, &[], |row| {
        let cells = table.columns.iter().enumerate().map(|(i, c)| {
            c.kind.read(row, i).map_err(|e| Error::Schema(format!("{}.{}: {e}", table.name, c.name)))
        });
        f(cells.collect::<Result<_, _>>()?)
    });
    read.await
}

/// Writes rows as they are, keys and all; late columns stay empty until [`patch`].
///
/// # Errors
/// The database's.
pub async fn put_rows(tx: &mut Tx, table: &Table, rows: &[Vec<Cell>]) -> Result<(), Error> {
    let overriding = table.columns.iter().any(|c| c.identity) && tx.engine() == Engine::Postgres;
    let head = format!(
        "insert into {} ({}){} values",
        quoted(&table.name),
        table.list(),
        if overriding { " overriding system value" } else { "" }
    );
    let values: Vec<Val<'_>> = rows
        .iter()
        .flat_map(|row| {
            row.iter().zip(&table.columns).map(|(cell, c)| if c.late { Val::Null } else { cell.to_val() })
        })
        .collect();
    tx.insert(&head, table.columns.len(), &values, "").await?;
    Ok(())
}

/// Fills in a row's late columns, once every row they may point at is there.
///
/// # Errors
/// The database's.
pub async fn patch(tx: &mut Tx, table: &Table, row: &[Cell]) -> Result<(), Error> {
    let late: Vec<(usize, &Column)> =
        table.columns.iter().enumerate().filter(|(i, c)| c.late && row[*i] != Cell::Null).collect();
    if late.is_empty() {
        return Ok(());
    }
    let mut values = vec![];
    let mut equals = |(i, c): &(usize, &Column)| {
        values.push(row[*i].to_val());
        format!("{} = ${}", quoted(&c.name), values.len())
    };
    let set = late.iter().map(&mut equals).collect::<Vec<_>>().join(", ");
    let key = table.keys().iter().map(&mut equals).collect::<Vec<_>>().join(" and ");
    let text = format!("update {} set {set} where {key}", quoted(&table.name));
    tx.exec(&text, &values).await?;
    Ok(())
}

/// Lets numbers that the engine gives out go on after those that were loaded.
///
/// # Errors
/// The database's.
pub async fn renumber(tx: &mut Tx, table: &Table) -> Result<(), Error> {
    if tx.engine() == Engine::Sqlite {
        return Ok(()); // autoincrement follows what is inserted
    }
    for column in table.columns.iter().filter(|c| c.identity) {
        let (name, field) = (quoted(&table.name), quoted(&column.name));
        let text = format!(
            "select setval(cast(pg_get_serial_sequence($1, $2) as regclass), (select coalesce(max({field}), 0) + 1 from {name}), false)"
        );
        tx.value::<i64>(&text, params![name, column.name]).await?;
    }
    Ok(())
}

/// The growing numbers (`{series:order:1001}` in a migration) with the last that was given out.
///
/// # Errors
/// The database's.
pub async fn series(tx: &mut Tx) -> Result<Vec<(String, i64)>, Error> {
    match tx.engine() {
        Engine::Sqlite => {
            let there = "select cast(count(*) as bigint) from sqlite_master where type = 'table' and name = 'series'";
            if tx.value::<i64>(there, &[]).await? == 0 {
                return Ok(vec![]);
            }
            tx.all("select name, last from series order by name", &[]).await
        }
        Engine::Postgres => {
            tx.all(
                "select substr(cast(sequencename as text), 8), coalesce(last_value, start_value - 1) from pg_sequences
                 where schemaname = current_schema() and starts_with(cast(sequencename as text), 'series_')
                 order by sequencename",
                &[],
            )
            .await
        }
    }
}

/// Lets a series go on after `last`.
///
/// # Errors
/// The database's; [`Error::NoRow`] when there is no such series.
pub async fn set_series(tx: &mut Tx, name: &str, last: i64) -> Result<(), Error> {
    match tx.engine() {
        Engine::Sqlite => {
            match tx.exec("update series set last = $2 where name = $1", params![name, last]).await? {
                0 => Err(Error::NoRow),
                _ => Ok(()),
            }
        }
        Engine::Postgres => {
            let sequence = quoted(&format!("series_{name}"));
            // a sequence cannot stand at 0; one that gave out nothing stands before its first
            let text = "select setval(cast(cast($1 as text) as regclass), $2, $3)";
            tx.value::<i64>(text, params![sequence, last.max(1), last >= 1]).await?;
            Ok(())
        }
    }
}

/// Removes every row, as migrations may have made some.
///
/// # Errors
/// The database's.
pub async fn empty(tx: &mut Tx, tables: &[Table]) -> Result<(), Error> {
    for table in tables.iter().rev() {
        tx.exec(&format!("delete from {}", quoted(&table.name)), &[]).await?;
    }
    Ok(())
}

/// Removes every table and series, the migrations' record too: what a forced restore begins with.
///
/// # Errors
/// The database's.
pub async fn drop_everything(tx: &mut Tx) -> Result<(), Error> {
    let tables = tables(tx).await?;
    empty(tx, &tables).await?;
    let names = tables.iter().rev().map(|t| t.name.as_str());
    let mut text: String =
        names.chain(OWN).map(|n| format!("drop table if exists {};\n", quoted(n))).collect();
    if tx.engine() == Engine::Postgres {
        for (name, _) in series(tx).await? {
            text.push_str(&format!("drop sequence {};\n", quoted(&format!("series_{name}"))));
        }
    }
    tx.script(&text).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, columns: &[(&str, bool)]) -> Table {
        let column = |(name, required): &(&str, bool)| Column {
            name: (*name).to_owned(),
            kind: Kind::Uuid,
            required: *required,
            key: 0,
            identity: false,
            late: false,
        };
        Table { name: name.to_owned(), columns: columns.iter().map(column).collect() }
    }

    fn points(all: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
        all.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect()
    }

    #[test]
    fn tables_pointed_at_come_first() {
        let tables = vec![
            table("a", &[("b", true)]),
            table("b", &[("c", true), ("b", false)]),
            table("c", &[("id", true)]),
        ];
        let sorted = ordered(tables, &points(&[("a", "b", "b"), ("b", "c", "c"), ("b", "b", "b")])).unwrap();
        assert_eq!(sorted.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["c", "b", "a"]);
        assert!(sorted[1].has_late() && !sorted[2].has_late());
    }

    #[test]
    fn a_ring_is_opened_where_it_may_be_empty() {
        let ring = points(&[("a", "b", "b"), ("b", "a", "a")]);
        let sorted = ordered(vec![table("a", &[("b", true)]), table("b", &[("a", false)])], &ring).unwrap();
        assert_eq!(sorted[0].name, "b");
        assert!(sorted[0].has_late());
        let closed = ordered(vec![table("a", &[("b", true)]), table("b", &[("a", true)])], &ring);
        assert!(matches!(closed, Err(Error::Schema(_))));
    }
}
