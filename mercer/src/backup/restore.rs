use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use db::schema::{self, Cell, Kind};
use db::{Db, Migrations, Tx, Unit};
use kernel::Timestamp;
use zip::ZipArchive;

use super::checked::Checked;
use super::manifest::{ASSETS, Carried, Manifest, NAME, THEME, Table};
use super::rows;
use crate::{Exit, Failure, wiring};

type Zip = ZipArchive<BufReader<File>>;

/// So many rows one statement's worth of memory holds.
const BATCH: usize = 500;

/// What a restore is told.
struct Plan {
    path: PathBuf,
    manifest: Manifest,
    migrations: Vec<Migrations>,
    at: Timestamp,
    force: bool,
}

/// Checks the file, then writes it into `db` and the shop's folder: the database in one transaction, so that it is the
/// whole backup or what it was before. A theme that was there is put aside.
///
/// # Errors
/// [`Exit::BadData`] when the file is not whole or was written by a newer Mercer; [`Exit::Usage`] when the database
/// holds a shop and `force` does not say to replace it; the database's.
pub async fn restore(
    db: &Db,
    folder: &Path,
    path: &Path,
    force: bool,
    at: Timestamp,
) -> Result<Manifest, Failure> {
    let mut zip = open(path)?;
    let manifest = check(&mut zip).map_err(|e| e.while_doing(path.display()))?;
    let migrations = migrations_of(&manifest)?;
    let held = db.read(async |tx: &mut Tx| schema::tables(tx).await).await?;
    if !held.is_empty() && !force {
        let text = "the database holds a shop already; nothing was done (--force replaces it)";
        return Err(Failure::new(Exit::Usage, text));
    }
    // assets first: a file that no row names yet does no harm
    for asset in &manifest.assets {
        put(&mut zip, ASSETS, &folder.join(ASSETS), asset)?;
    }
    let beside = folder.join("theme.part");
    if beside.exists() {
        std::fs::remove_dir_all(&beside).map_err(|e| Failure::io(&beside, &e))?; // of a restore that was cut off
    }
    for file in &manifest.theme {
        put(&mut zip, THEME, &beside, file)?;
    }
    drop(zip);
    let plan = Arc::new(Plan { path: path.to_owned(), manifest: manifest.clone(), migrations, at, force });
    db.write(Unit::named("restore").read_committed(), async move |tx: &mut Tx| load(tx, &plan).await).await?;
    if manifest.with_assets {
        change_theme(folder, &beside, at)?;
    }
    Ok(manifest)
}

/// The shop's theme is the backup's from here on, or none; what was there lies among the backups.
fn change_theme(folder: &Path, new: &Path, at: Timestamp) -> Result<(), Failure> {
    let theme = folder.join(THEME);
    let moved = |from: &Path, to: &Path| std::fs::rename(from, to).map_err(|e| Failure::io(from, &e));
    if theme.exists() {
        let backups = folder.join("backups");
        std::fs::create_dir_all(&backups).map_err(|e| Failure::io(&backups, &e))?;
        moved(&theme, &backups.join(format!("theme-before-restore-{}", super::stamp(at))))?;
    }
    if new.exists() { moved(new, &theme) } else { Ok(()) }
}

fn open(path: &Path) -> Result<Zip, Failure> {
    let file = File::open(path).map_err(|e| Failure::io(path, &e))?;
    ZipArchive::new(BufReader::with_capacity(1 << 16, file)).map_err(|e| unread(path, &e))
}

fn unread(path: &Path, e: &zip::result::ZipError) -> Failure {
    match e {
        zip::result::ZipError::Io(e) => Failure::io(path, e),
        e => Failure::new(Exit::BadData, format!("{} is no backup: {e}", path.display())),
    }
}

fn bad(text: impl Into<String>) -> Failure {
    Failure::new(Exit::BadData, text)
}

/// Reads all of it once: nothing is written of a file that is not whole.
fn check(zip: &mut Zip) -> Result<Manifest, Failure> {
    let mut text = vec![];
    entry(zip, NAME)?.read_to_end(&mut text).map_err(|e| bad(format!("{NAME}: {e}")))?;
    let manifest = Manifest::parse(&text)?;
    for table in &manifest.tables {
        let name = table.entry();
        let mut from = Checked::new(entry(zip, &name)?);
        let rows = count_lines(&mut from).map_err(|e| bad(format!("{name}: {e}")))?;
        if from.sum().1 != table.sha256 {
            return Err(bad(format!("{name} is not what the manifest says it is (its checksum differs)")));
        }
        if rows != table.rows {
            return Err(bad(format!("{name} holds {rows} rows, the manifest says {}", table.rows)));
        }
    }
    for (folder, file) in manifest.files() {
        let name = file.entry(folder);
        if !file.is_tame() {
            return Err(bad(format!("{name} would be written outside the shop's folder")));
        }
        let mut from = Checked::new(entry(zip, &name)?);
        std::io::copy(&mut from, &mut std::io::sink()).map_err(|e| bad(format!("{name}: {e}")))?;
        if from.sum() != (file.bytes, file.sha256.clone()) {
            return Err(bad(format!("{name} is not what the manifest says it is (its checksum differs)")));
        }
    }
    Ok(manifest)
}

fn entry<'a>(zip: &'a mut Zip, name: &str) -> Result<impl Read + use<'a>, Failure> {
    zip.by_name(name).map_err(|e| bad(format!("{name} cannot be read: {e}")))
}

fn count_lines(from: &mut impl Read) -> std::io::Result<u64> {
    let (mut buffer, mut lines) = (vec![0; 1 << 16], 0);
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(lines),
            n => lines += buffer[..n].iter().filter(|b| **b == b'\n').count() as u64,
        }
    }
}

/// This program's migrations up to where the backup's schema stood.
fn migrations_of(manifest: &Manifest) -> Result<Vec<Migrations>, Failure> {
    let all = wiring::migrations();
    let applied =
        |module: &str, name: &str| manifest.migrations.iter().any(|(m, n)| m == module && n == name);
    for (module, name) in &manifest.migrations {
        if !all.iter().any(|m| m.module == module && m.files.iter().any(|(n, _)| n == name)) {
            return Err(bad(format!(
                "the backup was written by Mercer {} with {module}/{name}, which this program does not know; restore it with that one",
                manifest.mercer
            )));
        }
    }
    Ok(all
        .into_iter()
        .map(|m| {
            let n = m.files.iter().take_while(|(name, _)| applied(m.module, name)).count();
            Migrations { files: &m.files[..n], ..m }
        })
        .filter(|m| !m.files.is_empty())
        .collect())
}

async fn load(tx: &mut Tx, plan: &Plan) -> Result<(), Failure> {
    if plan.force {
        schema::drop_everything(tx).await?;
    }
    db::migrate_in(tx, &plan.migrations, plan.at).await?;
    let tables = schema::tables(tx).await?;
    schema::empty(tx, &tables).await?; // migrations may have made rows; the backup has them too
    let mut pairs = vec![];
    for table in &tables {
        pairs.push((table, matching(table, &plan.manifest)?));
    }
    if let Some(extra) = plan.manifest.tables.iter().find(|t| !tables.iter().any(|have| have.name == t.name))
    {
        return Err(bad(format!(
            "the backup holds the table {}, which its migrations do not make",
            extra.name
        )));
    }
    let mut zip = open(&plan.path)?;
    for (table, source) in &pairs {
        load_table(tx, &mut zip, table, source)
            .await
            .map_err(|e| e.while_doing(format!("table {}", table.name)))?;
    }
    for (table, source) in pairs.iter().filter(|(table, _)| table.has_late()) {
        let mut lines = Lines::open(&mut zip, source, table)?;
        while let Some(row) = lines.next()? {
            schema::patch(tx, table, &row).await?;
        }
    }
    for table in &tables {
        schema::renumber(tx, table).await?;
    }
    for (name, last) in &plan.manifest.series {
        schema::set_series(tx, name, *last)
            .await
            .map_err(|e| Failure::from(e).while_doing(format!("series {name}")))?;
    }
    // servers on other machines that share this database begin anew
    work::replaced(tx, plan.at).await.map_err(|e| Failure::of(&e))
}

/// The backup's table of the same name and the same columns.
fn matching<'m>(table: &schema::Table, manifest: &'m Manifest) -> Result<&'m Table, Failure> {
    let name = &table.name;
    let Some(source) = manifest.tables.iter().find(|t| t.name == *name) else {
        return Err(bad(format!("the backup lacks the table {name}")));
    };
    let mut here: Vec<_> = table.columns.iter().map(|c| (c.name.as_str(), c.kind.name())).collect();
    let mut there: Vec<_> =
        source.columns.iter().map(|(name, kind)| (name.as_str(), kind.as_str())).collect();
    here.sort_unstable();
    there.sort_unstable();
    if here != there {
        return Err(bad(format!(
            "the backup's columns of {name} are {there:?}; its migrations make {here:?}"
        )));
    }
    Ok(source)
}

async fn load_table(
    tx: &mut Tx,
    zip: &mut Zip,
    table: &schema::Table,
    source: &Table,
) -> Result<(), Failure> {
    let mut lines = Lines::open(zip, source, table)?;
    loop {
        let mut rows = Vec::with_capacity(BATCH);
        while rows.len() < BATCH
            && let Some(row) = lines.next()?
        {
            rows.push(row);
        }
        if rows.is_empty() {
            return Ok(());
        }
        schema::put_rows(tx, table, &rows).await?;
    }
}

/// The rows of a table in the file, with their values in the order of the database's columns.
struct Lines<R> {
    from: BufReader<R>,
    name: String,
    kinds: Vec<Kind>,
    /// Where in a line each of the database's columns stands.
    places: Vec<usize>,
    text: String,
    number: u64,
}

impl Lines<()> {
    fn open<'z>(
        zip: &'z mut Zip,
        source: &Table,
        table: &schema::Table,
    ) -> Result<Lines<impl Read + use<'z>>, Failure> {
        let kind = |name: &str| table.columns.iter().find(|c| c.name == name).map(|c| c.kind);
        let place = |name: &str| source.columns.iter().position(|(n, _)| n == name);
        Ok(Lines {
            from: BufReader::new(entry(zip, &source.entry())?),
            name: source.entry(),
            kinds: source.columns.iter().filter_map(|(name, _)| kind(name)).collect(),
            places: table.columns.iter().filter_map(|c| place(&c.name)).collect(),
            text: String::new(),
            number: 0,
        })
    }
}

impl<R: Read> Lines<R> {
    fn next(&mut self) -> Result<Option<Vec<Cell>>, Failure> {
        self.text.clear();
        self.number += 1;
        let wrong = |why: String| bad(format!("{}, line {}: {why}", self.name, self.number));
        if self.from.read_line(&mut self.text).map_err(|e| wrong(e.to_string()))? == 0 {
            return Ok(None);
        }
        let mut row = rows::row(self.text.trim_end_matches('\n'), &self.kinds).map_err(wrong)?;
        let mut take = |i: &usize| std::mem::replace(&mut row[*i], Cell::Null);
        Ok(Some(self.places.iter().map(&mut take).collect()))
    }
}

fn put(zip: &mut Zip, folder: &str, dir: &Path, carried: &Carried) -> Result<(), Failure> {
    let path = dir.join(&carried.path);
    let io = |e: std::io::Error| Failure::io(&path, &e);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(io)?;
    }
    let mut part = path.clone().into_os_string();
    part.push(".part"); // added to the name: two files of a theme may differ in what follows the dot
    let part = PathBuf::from(part);
    let mut file = File::create(&part).map_err(io)?;
    std::io::copy(&mut entry(zip, &carried.entry(folder))?, &mut file).map_err(io)?;
    file.flush().and_then(|()| file.sync_all()).map_err(io)?;
    std::fs::rename(&part, &path).map_err(io)
}
