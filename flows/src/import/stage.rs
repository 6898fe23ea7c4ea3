//! An import at work: the same in a rehearsal as in earnest, but for the writing.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use assets::Vault;
use catalog::{Change, Progress};
use db::{Db, Tx, Unit};
use kernel::{Ctx, ImportRunId, Permit, perms};

use super::Error;
use super::batch::{self, Batch, Written};
use super::categories::Categories;
use super::options::{Options, Step};
use super::pace::Pace;
use super::parse::{Parsed, Parser};
use super::pictures::Pictures;
use super::reader::{Read, Reader};
use super::refused::{Place, Refused, Wrong};
use super::report::{Report, signed, unsigned};
use super::run::Run;
use super::scan::Scan;
use super::source::Group;

/// A rehearsal looks at so many products at once.
const LOOKED_AT: usize = 200;

/// Everything that stays the same throughout.
pub(super) struct Stage<'a> {
    pub db: &'a Db,
    pub ctx: &'a Ctx,
    pub locale: String,
    pub scan: Arc<Scan>,
    pub options: &'a Options,
    pub vault: &'a Vault,
    pub file: &'a Path,
    pub bytes_total: u64,
    pub progress: &'a (dyn Fn(Step) + Send + Sync),
}

/// The products of a batch that can be tried, with their rows, and those that cannot.
#[derive(Default)]
struct Sorted {
    groups: Vec<Group>,
    good: Vec<Parsed>,
    wrong: Vec<(Group, Wrong)>,
    end_row: u64,
    end_byte: u64,
}

impl Sorted {
    fn of(batch: Vec<Read>) -> Sorted {
        let mut sorted = Sorted::default();
        for (group, result) in batch {
            (sorted.end_row, sorted.end_byte) = (group.end_row, group.end_byte);
            match result {
                Ok(parsed) => {
                    sorted.groups.push(group);
                    sorted.good.push(parsed);
                }
                Err(wrong) => sorted.wrong.push((group, wrong)),
            }
        }
        sorted
    }
}

impl Stage<'_> {
    fn tell(&self, report: &Report, at: &Sorted) {
        (self.progress)(Step {
            looking: false,
            rows: at.end_row,
            rows_total: self.scan.rows,
            bytes: at.end_byte,
            bytes_total: self.bytes_total,
            products: report.products(),
            refused: report.refused,
        });
    }

    /// Everything but writing; a run that was sent is told how far it is.
    pub async fn rehearse(
        &self,
        parser: Parser,
        mut report: Report,
        run: Option<ImportRunId>,
    ) -> Result<Report, Error> {
        report.run = run;
        let mut categories = Categories::load(self.db, self.ctx, &self.locale).await?;
        let mut reader = Reader::begin(self.file, parser, 0);
        loop {
            let batch = reader.next(LOOKED_AT).await;
            if batch.is_empty() {
                break;
            }
            let mut batch = Sorted::of(batch);
            for parsed in &mut batch.good {
                report.categories += categories.rehearse(parsed);
                parsed.notes.iter().for_each(|n| report.note(*n));
            }
            for (group, wrong) in &batch.wrong {
                report.refuse(group, wrong);
            }
            let (locale, scan, ctx, good) = (&self.locale, &*self.scan, self.ctx, &batch.good);
            let found =
                self.db.read(async |tx: &mut Tx| batch::look(tx, ctx, locale, scan, good).await).await?;
            for (group, result) in batch.groups.iter().zip(found) {
                match result {
                    Ok(Change::Created) => report.created += 1,
                    Ok(Change::Updated) => report.updated += 1,
                    Ok(Change::Unchanged) => report.unchanged += 1,
                    Err(wrong) => report.refuse(group, &wrong),
                }
            }
            self.tell(&report, &batch);
            if let Some(run) = run {
                self.tally(run, batch.end_row, batch.end_byte, &report).await?;
            }
        }
        reader.end().await?;
        if let Some(run) = run {
            self.tally(run, self.scan.rows, self.bytes_total, &report).await?;
            let (ctx, text) = (self.ctx.clone(), report.text());
            self.db
                .write("import_end", async move |tx: &mut Tx| {
                    catalog::finish_run(tx, &ctx, run, None, Some(&text)).await
                })
                .await?;
        }
        Ok(report)
    }

    async fn tally(&self, run: ImportRunId, row: u64, byte: u64, report: &Report) -> Result<(), Error> {
        let ctx = self.ctx.clone();
        let at = Progress {
            row_position: signed(row),
            byte_position: signed(byte.min(self.bytes_total)),
            error_bytes: 0,
            created: signed(report.created),
            updated: signed(report.updated),
            unchanged: signed(report.unchanged),
            refused: signed(report.refused),
            refused_rows: signed(report.refused_rows),
        };
        let unit = Unit::named("import_tally").read_committed();
        self.db.write(unit, async move |tx: &mut Tx| catalog::tally_run(tx, &ctx, run, &at).await).await?;
        Ok(())
    }

    /// In earnest, from where the run is.
    pub async fn perform(
        &self,
        parser: Parser,
        mut report: Report,
        run: Run,
        place: Place,
    ) -> Result<Report, Error> {
        if let Some(said) = &run.said {
            // what columns come to was just found anew; what was said about rows behind us was said
            let Report { fields, unused, rows, .. } = report;
            report = Report { fields, unused, rows, resumed_at: run.row, ..said.clone() };
        }
        report.run = Some(run.id);
        let pictures =
            Pictures::new(self.options.images.as_deref(), !self.options.no_fetch, self.vault.clone())?;
        let refused = Refused::open(place, &self.scan.columns, run.error_bytes)?;
        let stock = if self.scan.columns.has_stock() { Some(self.ctx.permit()?) } else { None };
        let pace = Pace::of(self.db.engine());
        let mut categories = Categories::load(self.db, self.ctx, &self.locale).await?;
        let mut reader = Reader::begin(self.file, parser, run.row);
        let from_row = run.row;
        let mut writing = Writing { stage: self, run, pictures, refused, stock, pace, from_row, report };
        loop {
            let batch = reader.next(writing.pace.size).await;
            if batch.is_empty() {
                break;
            }
            let mut batch = Sorted::of(batch);
            writing.report.categories +=
                categories.ensure(self.db, self.ctx, &self.locale, &mut batch.good).await?;
            writing.commit(&mut batch).await?;
            self.tell(&writing.report, &batch);
        }
        reader.end().await?;
        writing.end().await
    }
}

/// Writes an import's batches, one after the other.
struct Writing<'a> {
    stage: &'a Stage<'a>,
    run: Run,
    pictures: Pictures,
    refused: Refused,
    stock: Option<Permit<perms::InventoryRead>>,
    pace: Pace,
    from_row: u64,
    report: Report,
}

impl Writing<'_> {
    /// One batch, until it stands: what the database refuses goes to the error file, and the rest is tried again.
    async fn commit(&mut self, batch: &mut Sorted) -> Result<(), Error> {
        let before = self.report.clone();
        let mut notes = vec![];
        let found = batch.good.iter().collect::<Vec<_>>();
        let gallery = self.pictures.gather(&found, &mut |n| notes.push(n)).await?;
        notes.into_iter().for_each(|n| self.report.note(n));
        let wrong: Vec<(&Group, &Wrong)> = batch.wrong.iter().map(|(g, w)| (g, w)).collect();
        self.refuse(&wrong).await?;
        let mut tries = 0;
        loop {
            let mut told = self.report.clone();
            batch.good.iter().flat_map(|p| &p.notes).for_each(|n| told.note(*n));
            let write = Arc::new(Batch {
                ctx: self.stage.ctx.clone(),
                locale: self.stage.locale.clone(),
                scan: self.stage.scan.clone(),
                products: batch.good.clone(),
                gallery: gallery.clone(),
                stock: self.stock.clone(),
                run: self.run.id,
                from_row: signed(self.from_row),
                progress: Progress {
                    refused: signed(told.refused - before.refused),
                    refused_rows: signed(told.refused_rows - before.refused_rows),
                    ..self.at(batch.end_row, batch.end_byte)
                },
                report: told.says_more_than(&before).then(|| told.text()),
            });
            let unit = Unit::named("import").bulk();
            match self.stage.db.write(unit, async move |tx: &mut Tx| whole(tx, &write).await).await {
                Ok((done, took)) => {
                    self.report = told;
                    self.report.created += unsigned(done.created);
                    self.report.updated += unsigned(done.updated);
                    self.report.unchanged += unsigned(done.unchanged);
                    self.pace.took(took, batch.good.len());
                    self.from_row = batch.end_row;
                    return Ok(());
                }
                Err(Stop::Refused(list)) => {
                    for (i, wrong) in list.iter().rev() {
                        batch.good.remove(*i);
                        let group = batch.groups.remove(*i);
                        self.refuse(&[(&group, wrong)]).await?;
                    }
                }
                Err(Stop::Broken(e)) if e.is_race() && tries < 3 => tries += 1,
                Err(Stop::Broken(e)) => return Err(e),
            }
        }
    }

    async fn refuse(&mut self, groups: &[(&Group, &Wrong)]) -> Result<(), Error> {
        self.refused.add(groups).await?;
        for (group, wrong) in groups {
            self.report.refuse(group, wrong);
        }
        Ok(())
    }

    /// A position with the error file as it is.
    fn at(&self, row: u64, byte: u64) -> Progress {
        Progress {
            row_position: signed(row),
            byte_position: signed(byte.min(self.stage.bytes_total)),
            error_bytes: signed(self.refused.bytes()),
            ..Progress::default()
        }
    }

    async fn end(mut self) -> Result<Report, Error> {
        let Stage { db, ctx, scan, bytes_total, .. } = self.stage;
        self.report.error_file = self.refused.path();
        let store = ctx.store.id;
        let counts = db.read(async move |tx: &mut Tx| assets::counts(tx, store).await).await?;
        self.report.pictures_to_fetch = unsigned(counts.fetching);
        let end = self.at(scan.rows, *bytes_total);
        self.run.finish(db, ctx, self.from_row, end, &self.report).await?;
        Ok(self.report)
    }
}

/// Why a batch does not stand.
enum Stop {
    /// These products are wrong; nothing was written.
    Refused(Vec<(usize, Wrong)>),
    Broken(Error),
}

impl From<db::Error> for Stop {
    fn from(e: db::Error) -> Stop {
        Stop::Broken(e.into())
    }
}

async fn whole(tx: &mut Tx, batch: &Batch) -> Result<(Progress, Duration), Stop> {
    match batch::write(tx, batch).await.map_err(Stop::Broken)? {
        Written::Done { progress, took } => Ok((progress, took)),
        Written::Refused(list) => Err(Stop::Refused(list)), // an error, so that the unit is rolled back
    }
}
