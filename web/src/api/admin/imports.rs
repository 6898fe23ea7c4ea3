//! Imports of product files.

use std::time::Duration;

use catalog::ImportRun;
use db::Tx;
use flows::import;
use kernel::ImportRunId;
use kernel::perms::{ProductsRead, ProductsWrite};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::answer::{List, One};
use crate::api::ask::{At, Paging, Params, Upload};
use crate::api::types::at;
use crate::{Caller, Error, State};

/// A run of an import.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Import {
    #[schema(example = "imp_01h455vb4pex5vsknk084sn02q")]
    id: String,
    file_name: String,
    /// `running`, `done` or `failed`.
    state: String,
    rows_total: i64,
    /// So many rows are behind it.
    row_position: i64,
    /// Products.
    created: i64,
    updated: i64,
    unchanged: i64,
    refused: i64,
    /// Rows of refused products.
    refused_rows: i64,
    /// Why it ended before its end.
    error: Option<String>,
    started_by: String,
    created_at: String,
    finished_at: Option<String>,
}

impl From<ImportRun> for Import {
    fn from(r: ImportRun) -> Import {
        Import {
            id: r.id.to_string(),
            file_name: r.file_name,
            state: r.state.to_string(),
            rows_total: r.rows_total,
            row_position: r.row_position,
            created: r.created,
            updated: r.updated,
            unchanged: r.unchanged,
            refused: r.refused,
            refused_rows: r.refused_rows,
            error: r.error,
            started_by: r.started_by,
            created_at: at(r.created_at),
            finished_at: r.finished_at.map(at),
        }
    }
}

pub(super) async fn list(
    state: State,
    caller: Caller,
    Params(paging): Params<Paging>,
) -> Result<List<Import>, Error> {
    caller.permit::<ProductsRead>()?;
    let (after, size) = paging.read()?;
    let store = caller.ctx.store.id;
    let page = state
        .db()
        .read(async |tx: &mut Tx| catalog::list_runs(tx, store, after.as_ref(), size).await)
        .await?;
    Ok(List::page(page, Import::from))
}

pub(super) async fn get(state: State, caller: Caller, At(id): At<ImportRunId>) -> Result<One<Import>, Error> {
    caller.permit::<ProductsRead>()?;
    let store = caller.ctx.store.id;
    let run = state.db().read(async |tx: &mut Tx| catalog::get_run(tx, store, id).await).await?;
    Ok(One::new(run.into()))
}

/// How a file is imported.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct How {
    /// As the merchant knows it.
    file_name: String,
    /// Look at everything, write nothing.
    dry_run: bool,
    /// The language of its texts; the shop's first by default.
    locale: Option<String>,
}

/// A row that was refused, or oddly written.
#[derive(Debug, Serialize, ToSchema)]
struct ImportRemark {
    row: u64,
    reason: String,
}

/// What an import did.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct ImportReport {
    /// False: it goes on by itself; look at the imports. If the server ends meanwhile, send the same file again: it
    /// goes on where it was.
    finished: bool,
    dry_run: bool,
    /// The import, for later.
    import: Option<String>,
    rows: u64,
    /// Where an earlier try of the same file had come to.
    resumed_at: u64,
    created: u64,
    updated: u64,
    unchanged: u64,
    refused: u64,
    refused_rows: u64,
    /// The first of what was wrong.
    remarks: Vec<ImportRemark>,
    /// The refused rows with their reasons, to be mended and sent again; left out when there are very many.
    refused_csv: Option<String>,
    /// Columns that nothing was made of.
    unused_columns: Vec<String>,
    /// Fetched one after the other.
    pictures_to_fetch: u64,
}

impl ImportReport {
    fn new(r: import::Report, refused_csv: Option<String>) -> ImportReport {
        let remark = |r: import::Remark| ImportRemark { row: r.row, reason: r.reason };
        ImportReport {
            finished: true,
            dry_run: r.dry_run,
            import: r.run.map(|id| id.to_string()),
            rows: r.rows,
            resumed_at: r.resumed_at,
            created: r.created,
            updated: r.updated,
            unchanged: r.unchanged,
            refused: r.refused,
            refused_rows: r.refused_rows,
            remarks: r.remarks.into_iter().map(remark).collect(),
            refused_csv,
            unused_columns: r.unused,
            pictures_to_fetch: r.pictures_to_fetch,
        }
    }
}

/// A request waits so long for its import.
const PATIENCE: Duration = Duration::from_secs(25);
/// Refused rows of more bytes are not sent back.
const MOST_REFUSED: u64 = 1 << 20;

pub(super) async fn create(
    state: State,
    caller: Caller,
    Params(how): Params<How>,
    upload: Upload,
) -> Result<One<ImportReport>, Error> {
    let permit = caller.permit::<ProductsWrite>()?;
    let folder = tempfile::tempdir().map_err(Error::internal)?;
    let (file, refused) = (folder.path().join(file_name(&how.file_name)), folder.path().join("refused.csv"));
    upload.save(&file).await?;
    let options = import::Options {
        dry_run: how.dry_run,
        error_file: Some(refused.clone()),
        locale: how.locale,
        ..import::Options::default()
    };
    let ctx = caller.ctx;
    let running = tokio::spawn(async move {
        let done = import::products(state.db(), &ctx, state.vault(), &permit, &file, &options, &|_| ()).await;
        if let Err(e) = &done {
            tracing::warn!(error = %e, "an import that was sent ended before its end");
        }
        let small = std::fs::metadata(&refused).is_ok_and(|m| m.len() <= MOST_REFUSED);
        let rows = if small { std::fs::read_to_string(&refused).ok() } else { None };
        drop(folder); // only now: the import reads from it
        done.map(|report| ImportReport::new(report, rows))
    });
    match tokio::time::timeout(PATIENCE, running).await {
        Ok(Ok(done)) => Ok(One::new(done?)),
        Ok(Err(e)) => Err(Error::internal(e)),
        Err(_) => Ok(One::new(ImportReport { dry_run: how.dry_run, ..ImportReport::default() })),
    }
}

/// Nothing that leads out of the folder.
fn file_name(told: &str) -> String {
    let good = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ');
    let name: String = told.chars().filter(good).take(100).collect();
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() || name == "refused.csv" { "products.csv".to_owned() } else { name.to_owned() }
}
