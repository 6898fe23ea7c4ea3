use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use db::{Db, Tx, schema};
use kernel::Timestamp;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::checked::Checked;
use super::manifest::{ASSETS, Carried, FORMAT, Manifest, NAME, THEME, Table};
use super::rows;
use crate::{Exit, Failure};

/// Renditions lie below this; they are made anew when they are asked for.
const MADE: &str = "renditions/";

type Zip = ZipWriter<BufWriter<File>>;

/// Writes the whole shop into a new file: tables as of one moment, then, from the shop's folder, assets (which are only
/// ever added) and the theme. `mercer.toml` stays where it is: it says how a machine runs the shop, and holds
/// passwords. The file has its name only once it is complete and durable.
///
/// # Errors
/// [`Exit::Io`] when the file is there already or cannot be written; the database's; [`Exit::Internal`] when a table
/// holds what a backup cannot carry.
pub async fn write(db: &Db, folder: Option<&Path>, path: &Path, at: Timestamp) -> Result<Manifest, Failure> {
    if path.exists() {
        return Err(Failure::new(
            Exit::Io,
            format!("{} is there already; name another file", path.display()),
        ));
    }
    let part = part_of(path);
    let result = write_part(db, folder, &part, at).await.and_then(|manifest| {
        std::fs::rename(&part, path).and_then(|()| sync_folder(path)).map_err(|e| Failure::io(path, &e))?;
        Ok(manifest)
    });
    if result.is_err() {
        let _ = std::fs::remove_file(&part); // the first error is the one to tell
    }
    result
}

/// The names of the pictures that the shop knows and whose file is not in the backup, because it was not in the shop's
/// folder either.
///
/// # Errors
/// The database's.
pub async fn missing(db: &Db, manifest: &Manifest) -> Result<Vec<String>, Failure> {
    let carried: HashSet<&str> = manifest.assets.iter().map(|file| file.path.as_str()).collect();
    let known =
        db.report(async |tx: &mut Tx| assets::originals(tx).await.map_err(|e| Failure::of(&e))).await?;
    Ok(known.into_iter().filter(|(_, path)| !carried.contains(path.as_str())).map(|(name, _)| name).collect())
}

/// The name it has while it is written.
fn part_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}

/// A new name is durable once its folder is.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let dir = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(dir)?.sync_all()
}

async fn write_part(db: &Db, folder: Option<&Path>, part: &Path, at: Timestamp) -> Result<Manifest, Failure> {
    let file = File::create(part).map_err(|e| Failure::io(part, &e))?;
    let zip = ZipWriter::new(BufWriter::with_capacity(1 << 16, file));
    let migrations = db::applied(db).await?;
    let (mut zip, tables, series) = db.report(async move |tx: &mut Tx| dump(tx, zip).await).await?;
    let (assets, theme) = match folder {
        // pictures are compressed already
        Some(dir) => (
            add_files(&mut zip, dir, ASSETS, CompressionMethod::Stored)?,
            add_files(&mut zip, dir, THEME, CompressionMethod::Deflated)?,
        ),
        None => (vec![], vec![]),
    };
    let manifest = Manifest {
        format: FORMAT,
        mercer: env!("CARGO_PKG_VERSION").to_owned(),
        created_at: at.to_string(),
        engine: db.engine().name().to_owned(),
        migrations,
        tables,
        series,
        with_assets: folder.is_some(),
        assets,
        theme,
    };
    let text =
        serde_json::to_vec_pretty(&manifest).map_err(|e| Failure::new(Exit::Internal, e.to_string()))?;
    let io = |e: std::io::Error| Failure::io(part, &e);
    start(&mut zip, NAME, CompressionMethod::Deflated)?;
    zip.write_all(&text).map_err(io)?;
    let file = zip.finish().map_err(wrong)?.into_inner().map_err(|e| io(e.into_error()))?;
    file.sync_all().map_err(io)?;
    Ok(manifest)
}

async fn dump(tx: &mut Tx, mut zip: Zip) -> Result<(Zip, Vec<Table>, Vec<(String, i64)>), Failure> {
    let mut done = vec![];
    for table in schema::tables(tx).await? {
        let mut entry = Table {
            name: table.name.clone(),
            columns: table.columns.iter().map(|c| (c.name.clone(), c.kind.name().to_owned())).collect(),
            rows: 0,
            sha256: String::new(),
        };
        start(&mut zip, &entry.entry(), CompressionMethod::Deflated)?;
        let mut out = Checked::new(&mut zip);
        let mut failed = None;
        let (count, failed_in) = (&mut entry.rows, &mut failed);
        schema::each_row(tx, &table, |row| {
            let mut line = rows::line(&row);
            line.push('\n');
            if let Err(e) = out.write_all(line.as_bytes()) {
                *failed_in = Some(e);
                return Ok(false);
            }
            *count += 1;
            Ok(true)
        })
        .await?;
        if let Some(e) = failed {
            return Err(Failure::new(Exit::Io, format!("the backup of {}: {e}", table.name)));
        }
        entry.sha256 = out.sum().1;
        done.push(entry);
    }
    let series = schema::series(tx).await?;
    Ok((zip, done, series))
}

fn add_files(
    zip: &mut Zip,
    shop: &Path,
    folder: &str,
    method: CompressionMethod,
) -> Result<Vec<Carried>, Failure> {
    let (mut done, dir) = (vec![], &shop.join(folder));
    for path in files_below(dir)? {
        let io = |e: std::io::Error| Failure::io(&path, &e);
        let Some(name) = path.strip_prefix(dir).ok().and_then(Path::to_str) else {
            let text = format!("{}: its name is not UTF-8, so the backup cannot carry it", path.display());
            return Err(Failure::new(Exit::BadData, text));
        };
        if folder == ASSETS && name.starts_with(MADE) {
            continue;
        }
        let mut carried = Carried { path: name.replace('\\', "/"), bytes: 0, sha256: String::new() };
        let file = match File::open(&path) {
            Ok(file) => file,
            // removed since it was listed
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            Err(e) => return Err(io(e)),
        };
        start(zip, &carried.entry(folder), method)?;
        let mut from = Checked::new(file);
        std::io::copy(&mut from, zip).map_err(io)?;
        (carried.bytes, carried.sha256) = from.sum();
        done.push(carried);
    }
    Ok(done)
}

/// Every file below a folder, sorted; none where there is no folder.
fn files_below(dir: &Path) -> Result<Vec<PathBuf>, Failure> {
    let (mut files, mut folders) = (vec![], vec![dir.to_owned()]);
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            Err(e) => return Err(Failure::io(&folder, &e)),
        };
        for entry in entries {
            let entry = entry.map_err(|e| Failure::io(&folder, &e))?;
            let kind = entry.file_type().map_err(|e| Failure::io(&entry.path(), &e))?;
            if kind.is_dir() { folders.push(entry.path()) } else { files.push(entry.path()) }
        }
    }
    files.sort();
    Ok(files)
}

fn start(zip: &mut Zip, name: &str, method: CompressionMethod) -> Result<(), Failure> {
    // how long it will be is not known yet, so the entry leaves room for more than 4 GiB
    let options = SimpleFileOptions::default().compression_method(method).large_file(true);
    zip.start_file(name, options).map_err(wrong)
}

fn wrong(e: zip::result::ZipError) -> Failure {
    Failure::new(Exit::Io, format!("the backup cannot be written: {e}"))
}
