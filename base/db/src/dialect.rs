/// Which database it is. Outside this crate only backup, import and the doctor's report may ask.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    /// One file.
    Sqlite,
    /// A server.
    Postgres,
}

impl Engine {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }

    /// Ends a `select` that claims rows for itself: concurrent claimers pass over each other's rows. SQLite has
    /// one writer, so it needs nothing.
    pub fn skip_locked(self) -> &'static str {
        match self {
            Engine::Sqlite => "",
            Engine::Postgres => " for update skip locked",
        }
    }

    /// Turns a migration's own words into the engine's: `{serial}` is a growing number as primary key, `{xid}` the
    /// column that says which transaction wrote a row, `{bytes}` raw bytes.
    pub(crate) fn migration(self, text: &str) -> String {
        let (serial, xid, bytes) = match self {
            Engine::Sqlite => ("integer primary key autoincrement", "bigint not null default 0", "blob"),
            Engine::Postgres => (
                "bigint generated always as identity primary key",
                "bigint not null default (pg_current_xact_id()::text::bigint)",
                "bytea",
            ),
        };
        text.replace("{serial}", serial).replace("{xid}", xid).replace("{bytes}", bytes)
    }

    /// Rewrites `$1` for the driver: rusqlite would number `$n` by first appearance.
    pub(crate) fn sqlite_text(text: &str) -> String {
        text.replace('$', "?")
    }
}
