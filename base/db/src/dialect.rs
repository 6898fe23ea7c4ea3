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

    /// Ends a `select` whose rows are held against other writers until the unit ends. SQLite has one writer, so it
    /// needs nothing.
    pub fn hold_rows(self) -> &'static str {
        match self {
            Engine::Sqlite => "",
            Engine::Postgres => " for update",
        }
    }

    /// Turns a migration's own words into the engine's: `{serial}` is a growing number as primary key, `{xid}` the
    /// column that says which transaction wrote a row, `{bytes}` raw bytes, `{series:name:first}` a growing number.
    pub(crate) fn migration(self, text: &str) -> String {
        let (serial, xid, bytes) = match self {
            Engine::Sqlite => ("integer primary key autoincrement", "bigint not null default 0", "blob"),
            Engine::Postgres => (
                "bigint generated always as identity primary key",
                "bigint not null default (pg_current_xact_id()::text::bigint)",
                "bytea",
            ),
        };
        let text = text.replace("{serial}", serial).replace("{xid}", xid).replace("{bytes}", bytes);
        self.series(&text)
    }

    /// `{series:order:1001}`: a growing number named `order` that begins at 1001.
    fn series(self, text: &str) -> String {
        let Some((before, rest)) = text.split_once("{series:") else { return text.to_owned() };
        let (inside, after) = rest.split_once('}').unwrap_or((rest, ""));
        let (name, first) = inside.split_once(':').unwrap_or((inside, "1"));
        let made = match self {
            Engine::Sqlite => format!(
                "create table if not exists series (name text primary key, last bigint not null); \
                 insert into series (name, last) values ('{name}', {first} - 1)"
            ),
            Engine::Postgres => format!("create sequence series_{name} start {first}"),
        };
        format!("{before}{made}{}", self.series(after))
    }

    /// Rewrites `$1` for the driver: rusqlite would number `$n` by first appearance.
    pub(crate) fn sqlite_text(text: &str) -> String {
        text.replace('$', "?")
    }
}
