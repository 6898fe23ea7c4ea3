use db::{Tx, params, sql, words};
use kernel::{Ctx, Cursor, ImportRunId, Page, PageSize, StoreId, Timestamp};
use serde::Serialize;

use crate::Error;

kernel::states! {
    /// Where an import stands.
    pub enum RunState {
        /// At work, or cut off: running the same file again goes on.
        Running = "running",
        /// Through.
        Done = "done",
        /// Given up; the error says why.
        Failed = "failed",
    }
}
words!(RunState);

db::row! {
    /// One run of an import.
    #[derive(Debug, Clone, Serialize)]
    pub struct ImportRun {
        /// Its id.
        pub id: ImportRunId,
        /// The file's name, for people.
        pub file_name: String,
        /// Its size in bytes.
        pub file_bytes: i64,
        /// What was asked for, as JSON.
        pub options: String,
        /// Where it stands.
        pub state: RunState,
        /// So many records of the file are behind it, committed.
        pub row_position: i64,
        /// And so many of its bytes.
        pub byte_position: i64,
        /// Where refused rows are written.
        pub error_file: Option<String>,
        /// How much of that file belongs to what is committed.
        pub error_bytes: i64,
        /// Records in the file.
        pub rows_total: i64,
        /// Products made.
        pub created: i64,
        /// Products changed.
        pub updated: i64,
        /// Products that were as the file says.
        pub unchanged: i64,
        /// Products refused.
        pub refused: i64,
        /// Rows of refused products.
        pub refused_rows: i64,
        /// Columns and remarks, as JSON.
        pub report: String,
        /// Why it was given up.
        pub error: Option<String>,
        /// Who began it.
        pub started_by: String,
        /// When.
        pub created_at: Timestamp,
        /// When it last got on.
        pub updated_at: Timestamp,
        /// When it ended.
        pub finished_at: Option<Timestamp>,
        /// Was its file sent, so that a task brings it in? Else whoever began it reads it where it lies.
        pub sent: bool,
        /// Does it only look and count?
        pub dry_run: bool,
    }
}

/// A run as it begins.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// The file's name, for people.
    pub file_name: String,
    /// Its fingerprint.
    pub file_sha256: [u8; 32],
    /// Its size.
    pub file_bytes: i64,
    /// What was asked for, as JSON.
    pub options: String,
    /// Where refused rows are written.
    pub error_file: Option<String>,
    /// Records in the file; 0 while nobody has looked.
    pub rows_total: i64,
    /// Columns and remarks, as JSON.
    pub report: String,
    /// Was the file sent?
    pub sent: bool,
    /// Look and count only.
    pub dry_run: bool,
}

/// How far a run got with one batch: positions as they are now, counts as they grew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Records behind it.
    pub row_position: i64,
    /// Bytes behind it.
    pub byte_position: i64,
    /// Length of the error file.
    pub error_bytes: i64,
    /// Products made.
    pub created: i64,
    /// Products changed.
    pub updated: i64,
    /// Products that were as the file says.
    pub unchanged: i64,
    /// Products refused.
    pub refused: i64,
    /// Rows of refused products.
    pub refused_rows: i64,
}

/// Begins a run.
///
/// # Errors
/// The database's.
pub async fn begin_run(tx: &mut Tx, ctx: &Ctx, id: ImportRunId, new: &NewRun) -> Result<(), Error> {
    tx.exec(
        sql!(
            "insert into import_run (id, store_id, kind, file_name, file_sha256, file_bytes, options, state, error_file,
                 rows_total, report, started_by, created_at, updated_at, sent, dry_run)
             values ($1, $2, 'products', $3, $4, $5, $6, 'running', $7, $8, $9, $10, $11, $11, $12, $13)"
        ),
        params![
            id,
            ctx.store.id,
            new.file_name,
            new.file_sha256,
            new.file_bytes,
            new.options,
            new.error_file,
            new.rows_total,
            new.report,
            ctx.actor.name(),
            ctx.now(),
            new.sent,
            new.dry_run
        ],
    )
    .await?;
    Ok(())
}

/// What the first look at a sent file found.
///
/// # Errors
/// The database's.
pub async fn describe_run(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ImportRunId,
    rows_total: i64,
    report: &str,
) -> Result<(), Error> {
    tx.exec(
        sql!(
            "update import_run set rows_total = $2, report = $3, updated_at = $4 where id = $1 and state = 'running'"
        ),
        params![id, rows_total, report, ctx.now()],
    )
    .await?;
    Ok(())
}

/// How far a dry run is: counts as they are, not as they grew, since it begins anew wherever it was cut off.
///
/// # Errors
/// [`Error::RunTaken`] when it has ended.
pub async fn tally_run(tx: &mut Tx, ctx: &Ctx, id: ImportRunId, at: &Progress) -> Result<(), Error> {
    let done = tx
        .exec(
            sql!(
                "update import_run set row_position = $2, byte_position = $3, error_bytes = $4, created = $5,
                     updated = $6, unchanged = $7, refused = $8, refused_rows = $9, updated_at = $10
                 where id = $1 and dry_run and state = 'running'"
            ),
            params![
                id,
                at.row_position,
                at.byte_position,
                at.error_bytes,
                at.created,
                at.updated,
                at.unchanged,
                at.refused,
                at.refused_rows,
                ctx.now()
            ],
        )
        .await?;
    if done == 1 { Ok(()) } else { Err(Error::RunTaken) }
}

/// Records a batch in the transaction that wrote it. `from_row` is where the batch began; `report` replaces the run's
/// where it has more to say.
///
/// # Errors
/// [`Error::RunTaken`] when another process has moved the run, or it has ended: nothing of the batch may stand.
pub async fn advance_run(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ImportRunId,
    from_row: i64,
    by: &Progress,
    report: Option<&str>,
) -> Result<(), Error> {
    let done = tx
        .exec(
            sql!(
                "update import_run set row_position = $3, byte_position = $4, error_bytes = $5, created = created + $6,
                     updated = updated + $7, unchanged = unchanged + $8, refused = refused + $9,
                     refused_rows = refused_rows + $10, updated_at = $11, report = coalesce($12, report)
                 where id = $1 and row_position = $2 and state = 'running'"
            ),
            params![
                id,
                from_row,
                by.row_position,
                by.byte_position,
                by.error_bytes,
                by.created,
                by.updated,
                by.unchanged,
                by.refused,
                by.refused_rows,
                ctx.now(),
                report
            ],
        )
        .await?;
    if done == 1 { Ok(()) } else { Err(Error::RunTaken) }
}

/// Ends a run: done, or failed with the reason. One that has ended stays as it is.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn finish_run(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ImportRunId,
    error: Option<&str>,
    report: Option<&str>,
) -> Result<(), Error> {
    let state = if error.is_some() { RunState::Failed } else { RunState::Done };
    let ended = tx
        .exec(
            sql!(
            "update import_run set state = $2, error = $3, report = coalesce($4, report), updated_at = $5,
                 finished_at = $5
             where id = $1 and state = 'running'"
        ),
            params![id, state, error, report, ctx.now()],
        )
        .await?;
    if ended == 0 {
        return Ok(());
    }
    let run = get_run(tx, ctx.store.id, id).await?;
    let deed = work::Deed {
        verb: "products.import",
        subject_kind: "import_run",
        subject: id.uuid(),
        before: None,
        after: Some(serde_json::json!({
            "file": run.file_name, "created": run.created, "updated": run.updated, "unchanged": run.unchanged,
            "refused": run.refused, "error": error,
        })),
        note: None,
    };
    Ok(work::audit(tx, ctx, &deed).await?)
}

/// The newest run of a file with this fingerprint, of those that were sent or of those that were not.
///
/// # Errors
/// The database's.
pub async fn latest_run(
    tx: &mut Tx,
    store: StoreId,
    sha256: &[u8; 32],
    sent: bool,
) -> Result<Option<ImportRun>, Error> {
    Ok(tx
        .opt(
            sql!(
                "select id, file_name, file_bytes, options, state, row_position, byte_position, error_file, error_bytes,
                     rows_total, created, updated, unchanged, refused, refused_rows, report, error, started_by,
                     created_at, updated_at, finished_at, sent, dry_run
                 from import_run where store_id = $1 and file_sha256 = $2 and sent = $3
                 order by created_at desc, id desc limit 1"
            ),
            params![store, *sha256, sent],
        )
        .await?)
}

/// One run.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get_run(tx: &mut Tx, store: StoreId, id: ImportRunId) -> Result<ImportRun, Error> {
    tx.opt(
        sql!(
            "select id, file_name, file_bytes, options, state, row_position, byte_position, error_file, error_bytes,
                 rows_total, created, updated, unchanged, refused, refused_rows, report, error, started_by,
                 created_at, updated_at, finished_at, sent, dry_run
             from import_run where store_id = $1 and id = $2"
        ),
        params![store, id],
    )
    .await?
    .ok_or(Error::NotFound { what: "import" })
}

/// Runs, newest first.
///
/// # Errors
/// The database's.
pub async fn list_runs(
    tx: &mut Tx,
    store: StoreId,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<ImportRun>, Error> {
    let rows: Vec<ImportRun> = tx
        .all(
            sql!(
                "select id, file_name, file_bytes, options, state, row_position, byte_position, error_file, error_bytes,
                     rows_total, created, updated, unchanged, refused, refused_rows, report, error, started_by,
                     created_at, updated_at, finished_at, sent, dry_run
                 from import_run
                 where store_id = $1 and (cast($2 as bigint) is null or (created_at, id) < ($2, $3))
                 order by created_at desc, id desc limit $4"
            ),
            params![store, after.map(|c| c.key), after.map(|c| c.id), size.plus_one()],
        )
        .await?;
    Ok(Page::cut(rows, size, |r| Cursor { key: r.created_at.0, id: r.id.uuid() }))
}
