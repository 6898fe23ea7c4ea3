//! The run that an import is written down as: where it begins, how far it is, how it ended.

use catalog::{ImportRun, NewRun, Progress, RunState};
use db::{Db, Tx};
use kernel::{Ctx, ImportRunId};

use super::Error;
use super::report::{Report, signed, unsigned};

/// A run as an import goes on with it.
pub(super) struct Run {
    pub id: ImportRunId,
    /// So many rows are behind it.
    pub row: u64,
    /// And so much of the error file.
    pub error_bytes: u64,
    /// What it had said when it was cut off.
    pub said: Option<Report>,
}

impl Run {
    /// A run that was there already.
    pub fn known(run: &ImportRun) -> Run {
        let (row, error_bytes) = (unsigned(run.row_position), unsigned(run.error_bytes));
        Run { id: run.id, row, error_bytes, said: Some(Report::of(run)) }
    }

    /// Goes on with a run of the same file that was cut off, or begins one.
    pub async fn begin(db: &Db, ctx: &Ctx, new: NewRun, restart: bool) -> Result<Run, Error> {
        let ctx = ctx.clone();
        db.write("import_begin", async move |tx: &mut Tx| begin(tx, &ctx, &new, restart).await).await
    }

    /// The run's end, as the report tells it. `from_row` is where the last batch ended: rows at the end that belong to
    /// nobody are behind us too.
    pub async fn finish(
        &self,
        db: &Db,
        ctx: &Ctx,
        from_row: u64,
        end: Progress,
        report: &Report,
    ) -> Result<(), Error> {
        let (ctx, id, text) = (ctx.clone(), self.id, report.text());
        let from = signed(from_row);
        db.write("import_end", async move |tx: &mut Tx| {
            if from < end.row_position {
                catalog::advance_run(tx, &ctx, id, from, &end, None).await?;
            }
            catalog::finish_run(tx, &ctx, id, None, Some(&text)).await
        })
        .await?;
        Ok(())
    }
}

async fn begin(tx: &mut Tx, ctx: &Ctx, new: &NewRun, restart: bool) -> Result<Run, Error> {
    let earlier = catalog::latest_run(tx, ctx.store.id, &new.file_sha256, false).await?;
    if let Some(run) = earlier.filter(|r| r.state == RunState::Running) {
        if !restart && run.error_file == new.error_file && run.options == new.options {
            return Ok(Run::known(&run));
        }
        catalog::finish_run(tx, ctx, run.id, Some("begun anew"), None).await?;
    }
    let id = ctx.id();
    catalog::begin_run(tx, ctx, id, new).await?;
    Ok(Run { id, row: 0, error_bytes: 0, said: None })
}
