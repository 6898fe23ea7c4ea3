//! Imports of product files.

use axum::response::{IntoResponse, Response};
use catalog::ImportRun;
use db::Tx;
use flows::import::{self, FieldColumn, Incoming, Remark, Report, Wish};
use kernel::ImportRunId;
use kernel::perms::{ProductsRead, ProductsWrite};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::admin::imports::{file_name, refused_csv};
use crate::api::answer::{List, Made, One};
use crate::api::ask::{At, Paging, Params, Upload};
use crate::api::describe::{Op, Says};
use crate::api::once::Repeat;
use crate::api::types::at;
use crate::{Caller, Error, State};

/// A run of an import.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Import {
    #[schema(example = "imp_01h455vb4pex5vsknk084sn02q")]
    id: String,
    file_name: String,
    /// `running` (or waiting for its turn), `done` or `failed`.
    state: String,
    /// Only looked and counted.
    dry_run: bool,
    /// 0 until somebody has looked at the file.
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
    /// The first of what was wrong.
    remarks: Vec<ImportRemark>,
    /// Until when all refused rows can be fetched; none: there are none here.
    refused_rows_until: Option<String>,
    /// Columns that became fields of the shop's own.
    fields: Vec<ImportField>,
    /// Columns that nothing was made of.
    unused_columns: Vec<String>,
    /// What was read otherwise than it stands.
    notes: Vec<ImportNote>,
    /// Of the shop, fetched one after the other.
    pictures_to_fetch: u64,
    /// Why it ended before its end.
    error: Option<String>,
    started_by: String,
    created_at: String,
    finished_at: Option<String>,
}

/// A row that was refused.
#[derive(Debug, Serialize, ToSchema)]
struct ImportRemark {
    /// From 1, not counting the header.
    row: u64,
    reason: String,
}

/// A column and its field.
#[derive(Debug, Serialize, ToSchema)]
struct ImportField {
    column: String,
    /// `product` or `variant`.
    resource: String,
    /// `custom.material`.
    field: String,
    kind: String,
}

/// Something that was read otherwise than it stands, and how often.
#[derive(Debug, Serialize, ToSchema)]
struct ImportNote {
    text: String,
    times: u64,
}

impl From<ImportRun> for Import {
    fn from(r: ImportRun) -> Import {
        let report = Report::of(&r);
        let remark = |r: Remark| ImportRemark { row: r.row, reason: r.reason };
        let field = |f: FieldColumn| ImportField {
            column: f.column,
            resource: f.resource,
            field: f.field,
            kind: f.kind.to_string(),
        };
        Import {
            id: r.id.to_string(),
            state: r.state.to_string(),
            dry_run: r.dry_run,
            rows_total: r.rows_total,
            row_position: r.row_position,
            created: r.created,
            updated: r.updated,
            unchanged: r.unchanged,
            refused: r.refused,
            refused_rows: r.refused_rows,
            remarks: report.remarks.into_iter().map(remark).collect(),
            refused_rows_until: import::refused_until(&r).map(at),
            fields: report.fields.into_iter().map(field).collect(),
            unused_columns: report.unused,
            notes: report.notes.into_iter().map(|(text, times)| ImportNote { text, times }).collect(),
            pictures_to_fetch: report.pictures_to_fetch,
            file_name: r.file_name,
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

async fn known(state: &State, caller: &Caller, id: ImportRunId) -> Result<ImportRun, Error> {
    let store = caller.ctx.store.id;
    Ok(state.db().read(async |tx: &mut Tx| catalog::get_run(tx, store, id).await).await?)
}

pub(super) async fn get(state: State, caller: Caller, At(id): At<ImportRunId>) -> Result<One<Import>, Error> {
    caller.permit::<ProductsRead>()?;
    Ok(One::new(known(&state, &caller, id).await?.into()))
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

pub(super) async fn create(
    state: State,
    caller: Caller,
    Params(how): Params<How>,
    once: Repeat,
    upload: Upload,
) -> Result<Made<Import>, Error> {
    let permit = caller.permit::<ProductsWrite>()?;
    let (db, vault, ctx) = (state.db(), state.vault(), &caller.ctx);
    let wish = Wish { dry_run: how.dry_run, locale: how.locale };
    let mut incoming = Incoming::begin(ctx, vault).await?;
    if let Err(e) = upload.into(&mut incoming).await {
        incoming.abort().await;
        return Err(e);
    }
    let name = file_name(&how.file_name);
    let id = incoming.queue(db, ctx, vault, &permit, &name, &wish, once.key()).await?;
    Ok(Made::new(format!("/admin/imports/{id}"), known(&state, &caller, id).await?.into()))
}

/// A CSV file.
#[derive(Debug)]
pub(super) struct Csv(Response);

impl IntoResponse for Csv {
    fn into_response(self) -> Response {
        self.0
    }
}

impl Says for Csv {
    fn say(op: &mut Op) {
        op.text(200, "text/csv", "The rows as they stood, each with its reason, to be mended and sent again");
    }
}

pub(super) async fn refused_rows(
    state: State,
    caller: Caller,
    At(id): At<ImportRunId>,
) -> Result<Csv, Error> {
    caller.permit::<ProductsRead>()?;
    let run = known(&state, &caller, id).await?;
    Ok(Csv(refused_csv(&state, run).await?))
}
