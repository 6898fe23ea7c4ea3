use std::collections::HashMap;

use db::{Tx, params};
use kernel::{Ctx, Cursor, EventId, Id, Page, PageSize, Permit, Timestamp, perms};
use uuid::Uuid;

use crate::{Error, Waker};

/// Something happened; told in the transaction in which it did.
#[derive(Debug, Clone)]
pub struct News {
    /// `OrderPlaced`.
    pub kind: &'static str,
    /// What it happened to.
    pub subject: Uuid,
    /// Ids and numbers; never personal data.
    pub data: serde_json::Value,
}

/// How a subscriber hears of an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Once for each event: mail, webhook.
    Tell,
    /// Once for each subject, computed from what is current; repeats collapse: analytics, marketplace stock.
    Match,
}

/// Who hears of what; the program hangs its table on the database.
#[derive(Debug, Default)]
pub struct Subscribers(HashMap<&'static str, Vec<(&'static str, Mode)>>);

impl Subscribers {
    /// From rows of event, task kind and mode.
    pub fn new(rows: &[(&'static str, &'static str, Mode)]) -> Subscribers {
        let mut table: HashMap<_, Vec<_>> = HashMap::new();
        for (event, task, mode) in rows {
            table.entry(*event).or_default().push((*task, *mode));
        }
        Subscribers(table)
    }

    fn of(&self, event: &str) -> &[(&'static str, Mode)] {
        self.0.get(event).map_or(&[], Vec::as_slice)
    }
}

/// Tells everybody who subscribed: one event row, one task a subscriber, in two statements.
///
/// # Errors
/// The database's.
pub async fn tell(tx: &mut Tx, ctx: &Ctx, news: &News) -> Result<EventId, Error> {
    let id: EventId = ctx.id();
    let subscribers = tx.extension::<Subscribers>().unwrap_or_default();
    let table = subscribers.of(news.kind);
    let told = table.iter().filter(|(_, mode)| *mode == Mode::Tell).count();
    let now = ctx.now();
    tx.exec(
        db::sql!(
            "insert into event (id, store_id, channel_id, kind, subject_id, data, actor_kind, actor_id, told, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        params![
            id,
            ctx.store.id,
            ctx.store.channel,
            news.kind,
            news.subject,
            news.data.to_string(),
            ctx.actor.kind(),
            ctx.actor.id(),
            i64::try_from(told).unwrap_or(0),
            now
        ],
    )
    .await?;
    if table.is_empty() {
        return Ok(id);
    }
    let rows: Vec<(Uuid, &str, String, &str, Option<EventId>)> = table
        .iter()
        .map(|(kind, mode)| match mode {
            Mode::Tell => (ctx.id::<()>().uuid(), *kind, id.to_string(), "tell", Some(id)),
            Mode::Match => (ctx.id::<()>().uuid(), *kind, news.subject.simple().to_string(), "match", None),
        })
        .collect();
    let mut values = Vec::with_capacity(rows.len() * 10);
    for (task, kind, key, mode, tells) in &rows {
        values.extend_from_slice(params![
            *task,
            *kind,
            *key,
            *mode,
            news.subject,
            *tells,
            "{}",
            "due",
            now,
            now
        ]);
    }
    tx.insert(
        "insert into task (id, kind, key, mode, subject_id, event_id, payload, state, due_at, created_at) values",
        10,
        &values,
        crate::task::REARM,
    )
    .await?;
    Waker::wake_after(tx);
    Ok(id)
}

db::row! {
    /// An event as it was told.
    #[derive(Debug, Clone)]
    pub struct EventRow {
        /// Its id.
        pub id: EventId,
        /// `OrderPlaced`.
        pub kind: String,
        /// What it happened to.
        pub subject: Uuid,
        /// JSON.
        pub data: String,
        /// When.
        pub at: Timestamp,
    }
}

/// What happened to a subject, newest first.
///
/// # Errors
/// The database's.
pub async fn events_of(tx: &mut Tx, subject: Uuid) -> Result<Vec<EventRow>, Error> {
    Ok(tx
        .all(
            db::sql!("select id, kind, subject_id, data, at from event where subject_id = $1 order by at desc, id desc limit 200"),
            params![subject],
        )
        .await?)
}

db::row! {
    /// An event in the list of staff.
    #[derive(Debug, Clone)]
    pub struct EventLine {
        /// Its id.
        pub id: EventId,
        /// `OrderPlaced`.
        pub kind: String,
        /// What it happened to.
        pub subject: Uuid,
        /// Who: `staff`, `shopper`, `key`, `system`.
        pub actor_kind: String,
        /// How many were to be told of it.
        pub told: i64,
        /// When.
        pub at: Timestamp,
    }
}

/// Events, the newest first: those whose kind has these letters, or that happened to this subject.
///
/// # Errors
/// The database's.
pub async fn recent_events(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::SystemRead>,
    kind: &str,
    subject: Option<Uuid>,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<EventLine>, Error> {
    let words = kind.trim().to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let pattern = (!words.is_empty()).then(|| format!("%{words}%"));
    let rows: Vec<EventLine> = tx
        .all(
            db::sql!(
                "select id, kind, subject_id, actor_kind, told, at from event
                 where store_id = $1 and (cast($2 as text) is null or lower(kind) like $2 escape '\\')
                   and (cast($3 as uuid) is null or subject_id = $3)
                   and (cast($4 as bigint) is null or (at, id) < ($4, $5))
                 order by at desc, id desc limit $6"
            ),
            params![
                ctx.store.id,
                pattern,
                subject,
                after.map(|c| c.key),
                after.map(|c| c.id),
                size.plus_one()
            ],
        )
        .await?;
    Ok(Page::cut(rows, size, |r| Cursor { key: r.at.0, id: r.id.uuid() }))
}

impl EventRow {
    /// One event.
    ///
    /// # Errors
    /// The database's; [`db::Error::NoRow`] when it expired.
    pub async fn get(tx: &mut Tx, id: Id<kernel::Event>) -> Result<EventRow, Error> {
        Ok(tx
            .one(db::sql!("select id, kind, subject_id, data, at from event where id = $1"), params![id])
            .await?)
    }
}
