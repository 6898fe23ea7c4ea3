//! Products from a file: sent here, brought in while a page shows how far it is.

use std::path::{Path as FilePath, PathBuf};
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Multipart};
use axum::handler::Handler as _;
use axum::response::{IntoResponse, Response};
use catalog::{ImportRun, RunState};
use db::Tx;
use flows::import::{self, Report};
use http::{HeaderValue, header};
use kernel::perms::ProductsWrite;
use kernel::{ErrorKind, ImportRunId, PageSize};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;

use super::office::Office;
use super::sent::Query;
use super::views::{Chip, Fields, ImportError, ImportRow, ImportView, ImportsView, Section};
use super::walk::Walk;
use crate::extract::Path;
use crate::{Auth, Error, Routes};

const PATH: &str = "/admin/imports";
/// A file has at most so many bytes.
const MOST: usize = 100_000_000;
/// A request waits so long for its import to begin (or, of a dry run, to end).
const PATIENCE: Duration = Duration::from_secs(40);

pub(super) fn routes(routes: Routes) -> Routes {
    let write = Auth::Staff("products:write");
    routes
        .get(PATH, write, list)
        .post(PATH, write, start.layer(DefaultBodyLimit::max(MOST + (1 << 20))))
        .get("/admin/imports/{id}", write, show)
        .get("/admin/imports/{id}/errors.csv", write, errors)
}

/// `GET /admin/imports`.
async fn list(office: Office, Query(query): Query) -> Result<Response, Error> {
    let view = view(&office, &query, Fields::new()).await?;
    office.page(&view)
}

async fn view(office: &Office, query: &Fields, form: Fields) -> Result<ImportsView, Error> {
    office.permit::<ProductsWrite>()?;
    let walk = Walk::of(PATH, query, &[]);
    let store = office.ctx().store.id;
    let page = office
        .db()
        .read(async |tx: &mut Tx| {
            let after = walk.after();
            catalog::list_runs(tx, store, after.as_ref(), PageSize::default()).await
        })
        .await?;
    let rows = page.rows.iter().map(|r| ImportRow {
        id: r.id.to_string(),
        file: r.file_name.clone(),
        started: office.when(r.created_at),
        actor: r.started_by.clone(),
        state: chip(r),
        products: whole(r.created + r.updated + r.unchanged),
        errors: whole(r.refused),
    });
    Ok(ImportsView {
        shell: office.shell(Section::Imports).await?,
        form,
        rows: rows.collect(),
        pager: walk.pager(page.next),
        limit: format!("{} MB", MOST / 1_000_000),
    })
}

fn whole(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn chip(r: &ImportRun) -> Chip {
    match r.state {
        RunState::Running => Chip::ImportRunning,
        RunState::Done if r.refused > 0 => Chip::ImportDoneWithErrors,
        RunState::Done => Chip::ImportDone,
        RunState::Failed => Chip::ImportFailed,
    }
}

/// What was sent.
struct File {
    path: PathBuf,
    sha256: [u8; 32],
    dry_run: bool,
}

/// `POST /admin/imports` (multipart): `file`, `dry_run`.
async fn start(office: Office, parts: Multipart) -> Result<Response, Error> {
    let permit = office.permit::<ProductsWrite>()?;
    let mut form = Fields::new();
    let file = match save(&office, parts).await {
        Ok(file) => file,
        Err(e) if e.kind == ErrorKind::Invalid => {
            form.fail("file", e.text);
            return office.refused(&view(&office, &Fields::new(), form).await?);
        }
        Err(e) => return Err(e),
    };
    let (state, ctx, began) = (office.state.clone(), office.ctx().clone(), office.ctx().now());
    let options = import::Options {
        dry_run: file.dry_run,
        error_file: Some(file.path.with_file_name("errors.csv")),
        ..import::Options::default()
    };
    let (path, store) = (file.path.clone(), ctx.store.id);
    let mut running = tokio::spawn(async move {
        let done = import::products(state.db(), &ctx, state.vault(), &permit, &path, &options, &|_| ()).await;
        if let Err(e) = &done {
            tracing::warn!(error = %e, "an import that was sent ended before its end");
        }
        done
    });
    let until = tokio::time::Instant::now() + PATIENCE;
    loop {
        let turn = tokio::time::sleep(Duration::from_millis(100));
        tokio::select! {
            done = &mut running => {
                return match done.map_err(Error::internal)? {
                    Ok(report) => told(&office, &file, report).await,
                    Err(e) => {
                        let e = Error::from(e);
                        if e.kind == ErrorKind::Internal {
                            return Err(e);
                        }
                        form.fail("file", super::sent::sentence(&e.text));
                        office.refused(&view(&office, &Fields::new(), form).await?)
                    }
                };
            }
            () = turn => {
                let sha256 = file.sha256;
                let run = office
                    .db()
                    .read(async |tx: &mut Tx| catalog::latest_run(tx, store, &sha256).await)
                    .await?;
                // one that was cut off goes on under its old id
                if let Some(run) = run.filter(|r| r.created_at >= began || r.state == RunState::Running) {
                    return Ok(office.done(&format!("{PATH}/{}", run.id), office.t("imports-begun")));
                }
                if tokio::time::Instant::now() > until {
                    return Ok(office.done(PATH, office.t("imports-begun")));
                }
            }
        }
    }
}

/// It is through: to its page, or (a dry run leaves no trace) as a page of its own.
async fn told(office: &Office, file: &File, report: Report) -> Result<Response, Error> {
    if let Some(id) = report.run {
        return Ok(office.done(&format!("{PATH}/{id}"), office.t("imports-through")));
    }
    let name = file.path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
    let whole = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    office.page(&ImportView {
        shell: office.shell(Section::Imports).await?,
        id: String::new(),
        file: name,
        state: if report.refused > 0 { Chip::ImportDoneWithErrors } else { Chip::ImportDone },
        dry_run: true,
        started: office.when(office.ctx().now()),
        took: String::new(),
        running: false,
        percent: 100,
        progress: String::new(),
        products_created: whole(report.created),
        products_updated: whole(report.updated),
        products_unchanged: whole(report.unchanged),
        error_count: whole(report.refused),
        errors: report
            .remarks
            .into_iter()
            .map(|r| ImportError { line: whole(r.row), message: r.reason })
            .collect(),
        custom_columns: report.fields.into_iter().map(|f| f.column).collect(),
        failure: String::new(),
    })
}

/// Writes the file into the shop's folder as it comes, under its own name.
async fn save(office: &Office, mut parts: Multipart) -> Result<File, Error> {
    let wrong = |key: &str| Error::new(ErrorKind::Invalid, "upload", office.t(key));
    let unread = |_| wrong("error-upload-unread");
    let folder = office.state.imports_dir().join(office.ctx().secret());
    let (mut saved, mut dry_run) = (None, false);
    while let Some(mut part) = parts.next_field().await.map_err(unread)? {
        match part.name() {
            Some("dry_run") => dry_run = true,
            Some("file") if saved.is_none() => {
                let name = file_name(part.file_name().unwrap_or_default());
                tokio::fs::create_dir_all(&folder).await.map_err(Error::internal)?;
                let path = folder.join(name);
                let mut file = tokio::fs::File::create(&path).await.map_err(Error::internal)?;
                let (mut hash, mut size) = (Sha256::new(), 0);
                while let Some(bytes) = part.chunk().await.map_err(unread)? {
                    size += bytes.len();
                    if size > MOST {
                        return Err(wrong("error-file-too-large"));
                    }
                    hash.update(&bytes);
                    file.write_all(&bytes).await.map_err(Error::internal)?;
                }
                file.flush().await.map_err(Error::internal)?;
                if size > 0 {
                    saved = Some((path, hash.finalize().into()));
                }
            }
            _ => {}
        }
    }
    let (path, sha256) = saved.ok_or_else(|| wrong("error-file-missing"))?;
    Ok(File { path, sha256, dry_run })
}

/// Nothing that leads out of the folder, and never the name of the error file.
fn file_name(told: &str) -> String {
    let good = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ');
    let name: String = told.chars().filter(good).take(100).collect();
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() || name == "errors.csv" { "products.csv".to_owned() } else { name.to_owned() }
}

async fn run(office: &Office, id: ImportRunId) -> Result<ImportRun, Error> {
    office.permit::<ProductsWrite>()?;
    let store = office.ctx().store.id;
    Ok(office.db().read(async |tx: &mut Tx| catalog::get_run(tx, store, id).await).await?)
}

/// `GET /admin/imports/{id}`: fetches itself again while it runs.
async fn show(office: Office, Path(id): Path<ImportRunId>) -> Result<Response, Error> {
    let r = run(&office, id).await?;
    let report: serde_json::Value = serde_json::from_str(&r.report).unwrap_or_default();
    let listed = |name: &str| report.get(name).and_then(|v| v.as_array()).cloned().unwrap_or_default();
    let error = |v: &serde_json::Value| {
        let line = v.get("row")?.as_u64()?;
        Some(ImportError {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            message: v.get("reason")?.as_str()?.to_owned(),
        })
    };
    let column = |v: &serde_json::Value| Some(v.get("column")?.as_str()?.to_owned());
    let took = r.finished_at.map(|end| super::shown::span(end.since(r.created_at).as_secs()));
    let running = r.state == RunState::Running;
    let percent =
        if r.rows_total > 0 { r.row_position.clamp(0, r.rows_total) * 100 / r.rows_total } else { 0 };
    office.page(&ImportView {
        shell: office.shell(Section::Imports).await?,
        id: r.id.to_string(),
        file: r.file_name.clone(),
        state: chip(&r),
        dry_run: false,
        started: office.when(r.created_at),
        took: took.unwrap_or_default(),
        running,
        percent: whole(percent),
        progress: office.txy(
            "imports-progress",
            &office.number(r.row_position),
            &office.number(r.rows_total),
        ),
        products_created: whole(r.created),
        products_updated: whole(r.updated),
        products_unchanged: whole(r.unchanged),
        error_count: whole(r.refused),
        errors: listed("remarks").iter().filter_map(error).collect(),
        custom_columns: listed("fields").iter().filter_map(column).collect(),
        failure: r.error.clone().unwrap_or_default(),
    })
}

/// `GET /admin/imports/{id}/errors.csv`: the refused rows with their reasons, to be mended and sent again.
async fn errors(office: Office, Path(id): Path<ImportRunId>) -> Result<Response, Error> {
    let r = run(&office, id).await?;
    let path = r.error_file.map(PathBuf::from).ok_or_else(Error::not_found)?;
    // an import by the command line keeps its error file where it was told to: that is not ours to send
    if !path.starts_with(office.state.imports_dir()) || !is_file(&path) {
        return Err(Error::not_found());
    }
    let mut bytes = tokio::fs::read(&path).await.map_err(Error::internal)?;
    bytes.truncate(usize::try_from(r.error_bytes).unwrap_or(usize::MAX));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"errors.csv\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, bytes).into_response())
}

fn is_file(path: &FilePath) -> bool {
    std::fs::metadata(path).is_ok_and(|m| m.is_file())
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_stay_in_their_folder() {
        let made = ["../../etc/passwd", "errors.csv", "", "My products (1).csv"].map(super::file_name);
        assert_eq!(made, ["etcpasswd", "products.csv", "products.csv", "My products 1.csv"]);
    }
}
