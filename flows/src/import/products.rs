//! The course of an import.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use assets::Vault;
use catalog::{ImportRun, NewRun};
use db::{Db, Tx};
use kernel::{Ctx, Permit, perms};
use tokio::sync::mpsc;

use super::options::{Options, Step};
use super::parse::Parser;
use super::refused::Place;
use super::report::{Report, signed};
use super::run::Run;
use super::scan::{self, Scan};
use super::stage::Stage;
use super::{Error, own};

/// How an import is written down.
pub(super) enum Books {
    /// Nowhere: a dry run at the command line.
    Nowhere,
    /// As a run of its own, or as that of the same file if it was cut off.
    ByFile,
    /// As the one that waited for it.
    Sent(Box<ImportRun>),
}

/// Brings a product file into the shop: products, categories, fields, prices, stock at the store's location, pictures.
/// Good products go in; the rows of wrong ones go to the error file with their reasons. The same file again changes
/// nothing; one that was cut off goes on behind its last committed batch.
///
/// # Errors
/// [`Error`], for what concerns the file as a whole, the shop or the database; what was committed stays.
pub async fn products(
    db: &Db,
    ctx: &Ctx,
    vault: &Vault,
    _: &Permit<perms::ProductsWrite>,
    file: &Path,
    options: &Options,
    progress: &(dyn Fn(Step) + Send + Sync),
) -> Result<Report, Error> {
    let books = if options.dry_run { Books::Nowhere } else { Books::ByFile };
    bring(db, ctx, vault, file, options, books, progress).await
}

/// The same, for whoever holds the permission.
pub(super) async fn bring(
    db: &Db,
    ctx: &Ctx,
    vault: &Vault,
    file: &Path,
    options: &Options,
    books: Books,
    progress: &(dyn Fn(Step) + Send + Sync),
) -> Result<Report, Error> {
    let bytes_total = std::fs::metadata(file).map_err(Error::file(file))?.len();
    let locale = locale(db, ctx, options).await?;
    let scan = Arc::new(look(file, bytes_total, progress).await?);
    if scan.columns.has_stock() {
        ctx.permit::<perms::InventoryWrite>()?;
    }
    let (own, fields) = own::own_columns(db, ctx, &scan, options.dry_run).await?;
    let report = Report {
        dry_run: options.dry_run,
        rows: scan.rows,
        fields,
        unused: own::unused(&scan),
        ..Report::default()
    };
    let stage = Stage { db, ctx, locale, scan, options, vault, file, bytes_total, progress };
    let parser = Parser::new(stage.scan.clone(), ctx.store.currency, own);
    match books {
        Books::Nowhere => stage.rehearse(parser, report, None).await,
        Books::ByFile => {
            let errors = options.error_file.clone().unwrap_or_else(|| beside(file));
            let run = Run::begin(db, ctx, stage.new_run(&errors, &report), options.restart).await?;
            stage.perform(parser, report, run, Place::File(errors)).await
        }
        Books::Sent(run) => {
            let (id, rows) = (run.id, signed(stage.scan.rows));
            if run.rows_total != rows {
                let (ctx, text) = (ctx.clone(), report.text());
                db.write("import_looked", async move |tx: &mut Tx| {
                    catalog::describe_run(tx, &ctx, id, rows, &text).await
                })
                .await?;
            }
            if run.dry_run {
                stage.rehearse(parser, report, Some(id)).await
            } else {
                stage.perform(parser, report, Run::known(&run), Place::Vault(vault.clone(), id)).await
            }
        }
    }
}

impl Stage<'_> {
    fn new_run(&self, errors: &Path, report: &Report) -> NewRun {
        NewRun {
            file_name: self.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
            file_sha256: self.scan.sha256,
            file_bytes: signed(self.bytes_total),
            options: serde_json::json!({
                "locale": self.locale, "images": self.options.images, "fetch": !self.options.no_fetch,
            })
            .to_string(),
            error_file: Some(errors.display().to_string()),
            rows_total: signed(self.scan.rows),
            report: report.text(),
            sent: false,
            dry_run: false,
        }
    }
}

async fn locale(db: &Db, ctx: &Ctx, options: &Options) -> Result<String, Error> {
    if let Some(locale) = &options.locale {
        return Ok(locale.clone());
    }
    let store = ctx.store.id;
    let all = db.read(async move |tx: &mut Tx| site::locales(tx, store).await).await?;
    all.into_iter().next().ok_or(Error::NoLocale)
}

async fn look(file: &Path, bytes_total: u64, progress: &(dyn Fn(Step) + Send + Sync)) -> Result<Scan, Error> {
    let (tell, mut told) = mpsc::unbounded_channel();
    let path = file.to_owned();
    let looking = tokio::task::spawn_blocking(move || {
        scan::scan(&path, &|bytes| {
            let _ = tell.send(bytes); // nobody listens any more: the import was dropped
        })
    });
    while let Some(bytes) = told.recv().await {
        progress(Step { looking: true, bytes, bytes_total, ..Step::default() });
    }
    looking.await.map_err(|e| Error::Reader(e.to_string()))?
}

/// `products.csv` has its errors in `products.errors.csv`.
fn beside(file: &Path) -> PathBuf {
    file.with_extension("errors.csv")
}
