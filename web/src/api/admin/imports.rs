//! Imports of product files.

use catalog::ImportRun;
use db::Tx;
use kernel::ImportRunId;
use kernel::perms::ProductsRead;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::answer::{List, One};
use crate::api::ask::{At, Paging, Params};
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
