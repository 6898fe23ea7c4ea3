//! The course of an import.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use assets::Vault;
use catalog::{Change, CustomField, NewField, NewRun, Progress, Resource};
use db::{Db, Engine, Tx, Unit};
use kernel::{CategoryId, Ctx, ImportRunId, Permit, perms};
use tokio::sync::mpsc;

use super::Error;
use super::batch::{self, Batch, Written};
use super::columns::Column;
use super::parse::{OwnColumn, Parsed, Parser};
use super::pictures::Pictures;
use super::refused::{Refused, Wrong};
use super::report::{FieldColumn, REMARKS, Remark, Report};
use super::scan::{self, Scan};
use super::source::{self, Group};

/// What is asked of an import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Look at everything, count, write nothing.
    pub dry_run: bool,
    /// Begin anew though the same file was cut off before.
    pub restart: bool,
    /// A folder of pictures, found by the name at the end of their address.
    pub images: Option<PathBuf>,
    /// Leave pictures on the web where they are.
    pub no_fetch: bool,
    /// Where refused rows go; beside the file when left out.
    pub error_file: Option<PathBuf>,
    /// The language of the texts; the store's first when left out.
    pub locale: Option<String>,
}

/// How far an import is, for a bar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Step {
    /// Is it still looking at the file? Then only the bytes move.
    pub looking: bool,
    /// Rows done.
    pub rows: u64,
    /// Rows in the file; 0 while looking.
    pub rows_total: u64,
    /// Bytes done (of the current pass).
    pub bytes: u64,
    /// Bytes of the file.
    pub bytes_total: u64,
    /// Products made, changed or found unchanged.
    pub products: u64,
    /// Products refused.
    pub refused: u64,
}

/// What a parsed product and its rows are on their way to the database.
type Read = (Group, Result<Parsed, Wrong>);

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
    let bytes_total = std::fs::metadata(file).map_err(Error::file(file))?.len();
    let locale = locale(db, ctx, options).await?;
    let scan = Arc::new(look(file, bytes_total, progress).await?);
    if scan.columns.has_stock() {
        ctx.permit::<perms::InventoryWrite>()?;
    }
    let (own, fields) = own_columns(db, ctx, &scan, options.dry_run).await?;
    let mut report = Report {
        dry_run: options.dry_run,
        rows: scan.rows,
        fields,
        unused: unused(&scan),
        ..Report::default()
    };
    let stage = Stage { db, ctx, locale, scan, options, vault, file, bytes_total, progress };
    let parser = Parser::new(stage.scan.clone(), ctx.store.currency, own);
    if options.dry_run {
        stage.rehearse(parser, &mut report).await?;
    } else {
        stage.perform(parser, &mut report).await?;
    }
    Ok(report)
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

/// The merchant's own columns that hold anything, with their fields: found or made; in a dry run only found.
async fn own_columns(
    db: &Db,
    ctx: &Ctx,
    scan: &Scan,
    dry_run: bool,
) -> Result<(Vec<OwnColumn>, Vec<FieldColumn>), Error> {
    let mut columns = vec![];
    for (at, meaning) in scan.columns.meanings.iter().enumerate() {
        let (Column::Own { resource, namespace, key, name }, Some(kind)) = (meaning, scan.kinds[at]) else {
            continue;
        };
        let guess = if scan.on_variants[at] { Resource::Variant } else { Resource::Product };
        let resource = resource.unwrap_or(guess);
        let new =
            NewField { resource, namespace: namespace.clone(), key: key.clone(), name: name.clone(), kind };
        columns.push((at, new));
    }
    let wanted: Vec<NewField> = columns.iter().map(|(_, new)| new.clone()).collect();
    let found: Vec<Option<CustomField>> = if dry_run {
        let known = known_fields(db, ctx).await?;
        let same = |f: &CustomField, n: &NewField| {
            f.resource == n.resource && f.namespace == n.namespace && f.key == n.key
        };
        wanted.iter().map(|n| known.iter().find(|f| same(f, n)).cloned()).collect()
    } else {
        let (ctx, wanted) = (ctx.clone(), wanted.clone());
        let made = db
            .write("import_fields", async move |tx: &mut Tx| catalog::ensure_fields(tx, &ctx, &wanted).await)
            .await?;
        made.into_iter().map(Some).collect()
    };
    let mut own = vec![];
    let mut told = vec![];
    for ((at, new), field) in columns.into_iter().zip(found) {
        let kind = match &field {
            Some(f) if f.guessed => f.kind.joined(new.kind),
            Some(f) => f.kind,
            None => new.kind,
        };
        told.push(FieldColumn {
            column: scan.columns.headers[at].clone(),
            resource: new.resource.to_string(),
            field: format!("{}.{}", new.namespace, new.key),
            kind,
        });
        own.push(OwnColumn {
            at,
            id: field.map(|f| f.id),
            kind,
            on_variants: new.resource == Resource::Variant,
        });
    }
    Ok((own, told))
}

async fn known_fields(db: &Db, ctx: &Ctx) -> Result<Vec<CustomField>, Error> {
    let store = ctx.store.id;
    db.read(async move |tx: &mut Tx| {
        let mut all = catalog::fields(tx, store, Resource::Product).await?;
        all.extend(catalog::fields(tx, store, Resource::Variant).await?);
        Ok(all)
    })
    .await
}

/// Columns that say nothing to us, but for those that are empty anyway.
fn unused(scan: &Scan) -> Vec<String> {
    let columns = scan.columns.headers.iter().zip(&scan.columns.meanings);
    columns.filter(|(h, m)| **m == Column::Unused && !h.is_empty()).map(|(h, _)| h.clone()).collect()
}

/// Everything that stays the same throughout.
struct Stage<'a> {
    db: &'a Db,
    ctx: &'a Ctx,
    locale: String,
    scan: Arc<Scan>,
    options: &'a Options,
    vault: &'a Vault,
    file: &'a Path,
    bytes_total: u64,
    progress: &'a (dyn Fn(Step) + Send + Sync),
}

/// So many products are read ahead of the database.
const AHEAD: usize = 512;

/// Reads and understands the file's products on a thread of their own, from behind `row` on.
fn reader(
    file: &Path,
    parser: Parser,
    row: u64,
) -> (mpsc::Receiver<Read>, tokio::task::JoinHandle<Result<(), Error>>) {
    let (send, receive) = mpsc::channel::<Read>(AHEAD);
    let file = file.to_owned();
    let thread = tokio::task::spawn_blocking(move || {
        let mut source = source::open(&file, |f| f)?;
        while let Some(group) = source.group()? {
            if group.end_row <= row {
                continue;
            }
            let parsed = parser.product(&group);
            if send.blocking_send((group, parsed)).is_err() {
                break; // the import was dropped
            }
        }
        Ok(())
    });
    (receive, thread)
}

/// Up to `size` products, or those that are left.
async fn next(receive: &mut mpsc::Receiver<Read>, size: usize) -> Vec<Read> {
    let mut batch = Vec::with_capacity(size);
    while batch.len() < size {
        let room = size - batch.len();
        if receive.recv_many(&mut batch, room).await == 0 {
            break;
        }
    }
    batch
}

impl Stage<'_> {
    /// Everything but writing.
    async fn rehearse(&self, parser: Parser, report: &mut Report) -> Result<(), Error> {
        let mut categories = Categories::load(self.db, self.ctx, &self.locale).await?;
        let (mut receive, thread) = reader(self.file, parser, 0);
        let mut step = self.step();
        loop {
            let batch = next(&mut receive, 200).await;
            let Some((last, _)) = batch.last() else { break };
            (step.rows, step.bytes) = (last.end_row, last.end_byte);
            let (mut groups, mut parsed) = (vec![], vec![]);
            for (group, result) in batch {
                match result {
                    Ok(mut p) => {
                        report.categories += categories.rehearse(&mut p);
                        self.note(report, &p.notes);
                        groups.push(group);
                        parsed.push(p);
                    }
                    Err(wrong) => count(report, &group, &wrong),
                }
            }
            let (locale, scan, ctx) = (&self.locale, &*self.scan, self.ctx);
            let found =
                self.db.read(async |tx: &mut Tx| batch::look(tx, ctx, locale, scan, &parsed).await).await?;
            for (group, result) in groups.iter().zip(found) {
                match result {
                    Ok(Change::Created) => report.created += 1,
                    Ok(Change::Updated) => report.updated += 1,
                    Ok(Change::Unchanged) => report.unchanged += 1,
                    Err(wrong) => count(report, group, &wrong),
                }
            }
            step.products = report.created + report.updated + report.unchanged;
            step.refused = report.refused;
            (self.progress)(step);
        }
        thread.await.map_err(|e| Error::Reader(e.to_string()))?
    }

    async fn perform(&self, parser: Parser, report: &mut Report) -> Result<(), Error> {
        let error_path = self.options.error_file.clone().unwrap_or_else(|| beside(self.file));
        let start = self.begin(&error_path, report).await?;
        report.run = Some(start.run);
        report.resumed_at = start.row;
        let mut refused = Refused::open(Some(&error_path), &self.scan.columns, start.error_bytes)?;
        let pictures =
            Pictures::new(self.options.images.as_deref(), !self.options.no_fetch, self.vault.clone())?;
        let stock = if self.scan.columns.has_stock() { Some(self.ctx.permit()?) } else { None };
        let mut categories = Categories::load(self.db, self.ctx, &self.locale).await?;
        let (mut receive, thread) = reader(self.file, parser, start.row);
        let mut step = self.step();
        step.products = report.created + report.updated + report.unchanged;
        let mut from_row = start.row;
        let mut pace = Pace::of(self.db.engine());
        loop {
            let batch = next(&mut receive, pace.size).await;
            let Some((last, _)) = batch.last() else { break };
            let end = (last.end_row, last.end_byte);
            let (mut groups, mut good) = (vec![], vec![]);
            let mut wrong = vec![];
            for (group, result) in batch {
                match result {
                    Ok(parsed) => {
                        groups.push(group);
                        good.push(parsed);
                    }
                    Err(w) => wrong.push((group, w)),
                }
            }
            report.categories += categories.ensure(self.db, self.ctx, &self.locale, &mut good).await?;
            let done = self
                .commit(
                    &mut refused,
                    &pictures,
                    stock.as_ref(),
                    &start,
                    from_row,
                    end,
                    groups,
                    good,
                    wrong,
                    report,
                    &mut pace,
                )
                .await?;
            report.created += unsigned(done.created);
            report.updated += unsigned(done.updated);
            report.unchanged += unsigned(done.unchanged);
            from_row = end.0;
            (step.rows, step.bytes) = end;
            step.products = report.created + report.updated + report.unchanged;
            step.refused = report.refused;
            (self.progress)(step);
        }
        thread.await.map_err(|e| Error::Reader(e.to_string()))??;
        report.error_file = refused.path();
        let store = self.ctx.store.id;
        let counts = self.db.read(async move |tx: &mut Tx| assets::counts(tx, store).await).await?;
        report.pictures_to_fetch = unsigned(counts.fetching);
        self.finish(&start, from_row, report).await
    }

    /// One batch, until it stands: what the database refuses goes to the error file, and the rest is tried again.
    #[expect(clippy::too_many_arguments, reason = "the one place where a batch meets everything")]
    async fn commit(
        &self,
        refused: &mut Refused,
        pictures: &Pictures,
        stock: Option<&Permit<perms::InventoryRead>>,
        start: &Start,
        from_row: u64,
        end: (u64, u64),
        mut groups: Vec<Group>,
        mut good: Vec<Parsed>,
        wrong: Vec<(Group, Wrong)>,
        report: &mut Report,
        pace: &mut Pace,
    ) -> Result<Progress, Error> {
        let mut notes = vec![];
        let gallery = pictures.gather(&good.iter().collect::<Vec<_>>(), &mut |n| notes.push(n)).await?;
        for note in notes {
            remark(report, note);
        }
        refused.add(&wrong.iter().map(|(g, w)| (g, w)).collect::<Vec<_>>())?;
        let mut lost = Progress::default();
        for (group, w) in &wrong {
            count(report, group, w);
            (lost.refused, lost.refused_rows) =
                (lost.refused + 1, lost.refused_rows + signed(group.rows.len() as u64));
        }
        let mut tries = 0;
        loop {
            let progress = Progress {
                row_position: signed(end.0),
                byte_position: signed(end.1.min(self.bytes_total)),
                error_bytes: signed(refused.bytes()),
                ..lost
            };
            let batch = Arc::new(Batch {
                ctx: self.ctx.clone(),
                locale: self.locale.clone(),
                scan: self.scan.clone(),
                products: good.clone(),
                gallery: gallery.clone(),
                stock: stock.cloned(),
                run: start.run,
                from_row: signed(from_row),
                progress,
            });
            let unit = Unit::named("import").bulk();
            match self.db.write(unit, async move |tx: &mut Tx| whole(tx, &batch).await).await {
                Ok((progress, took)) => {
                    for parsed in &good {
                        self.note(report, &parsed.notes);
                    }
                    pace.took(took, good.len());
                    return Ok(progress);
                }
                Err(Stop::Refused(list)) => {
                    for (i, w) in list.iter().rev() {
                        good.remove(*i);
                        let group = groups.remove(*i);
                        refused.add(&[(&group, w)])?;
                        count(report, &group, w);
                        let rows = signed(group.rows.len() as u64);
                        (lost.refused, lost.refused_rows) = (lost.refused + 1, lost.refused_rows + rows);
                    }
                }
                Err(Stop::Broken(e)) if e.is_race() && tries < 3 => tries += 1,
                Err(Stop::Broken(e)) => return Err(e),
            }
        }
    }

    fn step(&self) -> Step {
        Step { rows_total: self.scan.rows, bytes_total: self.bytes_total, ..Step::default() }
    }

    fn note(&self, report: &mut Report, notes: &[&'static str]) {
        for note in notes {
            remark(report, (*note).to_owned());
        }
    }

    /// Goes on with a run of the same file that was cut off, or begins one.
    async fn begin(&self, error_path: &Path, report: &mut Report) -> Result<Start, Error> {
        let new = NewRun {
            file_name: self.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
            file_sha256: self.scan.sha256,
            file_bytes: signed(self.bytes_total),
            options: serde_json::json!({
                "locale": self.locale, "images": self.options.images, "fetch": !self.options.no_fetch,
            })
            .to_string(),
            error_file: Some(error_path.display().to_string()),
            rows_total: signed(self.scan.rows),
            report: serde_json::to_string(report).unwrap_or_else(|_| "{}".to_owned()),
        };
        let (ctx, restart) = (self.ctx.clone(), self.options.restart);
        let start = self
            .db
            .write("import_begin", async move |tx: &mut Tx| begin(tx, &ctx, &new, restart).await)
            .await?;
        if let Some(run) = &start.earlier {
            (report.created, report.updated) = (unsigned(run.created), unsigned(run.updated));
            (report.unchanged, report.refused) = (unsigned(run.unchanged), unsigned(run.refused));
            report.refused_rows = unsigned(run.refused_rows);
        }
        Ok(start)
    }

    async fn finish(&self, start: &Start, from_row: u64, report: &Report) -> Result<(), Error> {
        let (ctx, run) = (self.ctx.clone(), start.run);
        let text = serde_json::to_string(report).unwrap_or_else(|_| "{}".to_owned());
        // rows at the end that belong to nobody are behind us too
        let rest = (from_row < self.scan.rows).then(|| {
            (
                signed(from_row),
                Progress {
                    row_position: signed(self.scan.rows),
                    byte_position: signed(self.bytes_total),
                    error_bytes: start.error_bytes_now(report),
                    ..Progress::default()
                },
            )
        });
        self.db
            .write("import_end", async move |tx: &mut Tx| {
                if let Some((from, progress)) = &rest {
                    catalog::advance_run(tx, &ctx, run, *from, progress).await?;
                }
                catalog::finish_run(tx, &ctx, run, None, Some(&text)).await
            })
            .await?;
        Ok(())
    }
}

/// Where a run begins.
struct Start {
    run: ImportRunId,
    row: u64,
    error_bytes: u64,
    earlier: Option<catalog::ImportRun>,
}

impl Start {
    fn error_bytes_now(&self, report: &Report) -> i64 {
        let file = report.error_file.as_ref().and_then(|p| std::fs::metadata(p).ok());
        signed(file.map_or(self.error_bytes, |m| m.len()))
    }
}

async fn begin(tx: &mut Tx, ctx: &Ctx, new: &NewRun, restart: bool) -> Result<Start, Error> {
    let earlier = catalog::latest_run(tx, ctx.store.id, &new.file_sha256).await?;
    if let Some(run) = earlier.filter(|r| r.state == catalog::RunState::Running) {
        if !restart && run.error_file == new.error_file && run.options == new.options {
            let (id, row, error_bytes) = (run.id, unsigned(run.row_position), unsigned(run.error_bytes));
            return Ok(Start { run: id, row, error_bytes, earlier: Some(run) });
        }
        catalog::finish_run(tx, ctx, run.id, Some("begun anew"), None).await?;
    }
    let run = catalog::begin_run(tx, ctx, new).await?;
    Ok(Start { run, row: 0, error_bytes: 0, earlier: None })
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

/// How large batches are: so that one holds the database for a few milliseconds, and shoppers beside it wait no longer.
struct Pace {
    size: usize,
    goal: Duration,
}

impl Pace {
    fn of(engine: Engine) -> Pace {
        match engine {
            Engine::Sqlite => Pace { size: 20, goal: Duration::from_millis(8) },
            Engine::Postgres => Pace { size: 40, goal: Duration::from_millis(60) },
        }
    }

    fn took(&mut self, took: Duration, products: usize) {
        let micros = |d: Duration| usize::try_from(d.as_micros()).unwrap_or(usize::MAX).max(1);
        if products == 0 {
            return;
        }
        let fit = products.saturating_mul(micros(self.goal)) / micros(took);
        // half way to what would fit: one slow batch is no rule
        self.size = ((self.size + fit.min(self.size * 4)) / 2).clamp(4, 250);
    }
}

/// Paths of categories that are known, with their ids.
struct Categories {
    known: HashMap<Vec<String>, CategoryId>,
}

fn folded(path: &[String]) -> Vec<String> {
    path.iter().map(|n| n.to_lowercase()).collect()
}

impl Categories {
    async fn load(db: &Db, ctx: &Ctx, locale: &str) -> Result<Categories, Error> {
        let (store, locale) = (ctx.store.id, locale.to_owned());
        let tree = db.read(async move |tx: &mut Tx| catalog::category_tree(tx, store, &locale).await).await?;
        let mut known = HashMap::new();
        let mut above: Vec<String> = vec![];
        for c in tree {
            above.truncate(c.depth);
            above.push(c.name.to_lowercase());
            known.insert(above.clone(), c.id);
        }
        Ok(Categories { known })
    }

    /// Gives the products of a batch their categories; how many were made.
    async fn ensure(&mut self, db: &Db, ctx: &Ctx, locale: &str, batch: &mut [Parsed]) -> Result<u64, Error> {
        let mut new: Vec<Vec<String>> = vec![];
        for path in batch.iter().flat_map(paths) {
            if !self.known.contains_key(&folded(path)) && !new.contains(path) {
                new.push(path.clone());
            }
        }
        let mut made = 0;
        if !new.is_empty() {
            let before = self.known.len();
            let (c, paths, words) = (ctx.clone(), new, locale.to_owned());
            db.write("import_categories", async move |tx: &mut Tx| {
                catalog::ensure_categories(tx, &c, &words, &paths).await.map(drop)
            })
            .await?;
            *self = Categories::load(db, ctx, locale).await?;
            made = self.known.len().saturating_sub(before) as u64;
        }
        for parsed in batch {
            let id = |path: &Vec<String>| self.known.get(&folded(path)).copied();
            parsed.wanted.category = parsed.category.as_ref().map(|path| path.as_ref().and_then(id));
            parsed.wanted.category_if_none = parsed.category_if_none.as_ref().and_then(id);
        }
        Ok(made)
    }

    /// The same without writing: a category that would be made is counted once.
    fn rehearse(&mut self, parsed: &mut Parsed) -> u64 {
        let mut made = 0;
        for path in paths(parsed) {
            let path = folded(path);
            for depth in 1..=path.len() {
                if !self.known.contains_key(&path[..depth]) {
                    // nothing is written, so that any id does: it only has to differ from the present one
                    self.known.insert(path[..depth].to_vec(), CategoryId::from_uuid(uuid::Uuid::nil()));
                    made += 1;
                }
            }
        }
        let id = |path: &Vec<String>| self.known.get(&folded(path)).copied();
        parsed.wanted.category = parsed.category.as_ref().map(|path| path.as_ref().and_then(id));
        parsed.wanted.category_if_none = parsed.category_if_none.as_ref().and_then(id);
        made
    }
}

fn paths(parsed: &Parsed) -> impl Iterator<Item = &Vec<String>> {
    parsed.category.iter().flatten().chain(&parsed.category_if_none)
}

/// `products.csv` has its errors in `products.errors.csv`.
fn beside(file: &Path) -> PathBuf {
    file.with_extension("errors.csv")
}

/// Keeps a note with how often it was made; a file with a thousand broken pictures names a hundred.
fn remark(report: &mut Report, note: String) {
    if report.notes.len() < 100 || report.notes.contains_key(&note) {
        *report.notes.entry(note).or_default() += 1;
    }
}

fn count(report: &mut Report, group: &Group, wrong: &Wrong) {
    report.refused += 1;
    report.refused_rows += group.rows.len() as u64;
    if report.remarks.len() < REMARKS {
        let row = wrong.row.and_then(|n| group.rows.get(n)).or(group.rows.first()).map_or(0, |r| r.number);
        report.remarks.push(Remark { row, reason: wrong.reason.clone() });
    }
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}
