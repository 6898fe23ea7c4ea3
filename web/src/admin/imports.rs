//! Products from a file: sent here, brought in while a page shows how far it is.

use axum::extract::{DefaultBodyLimit, Multipart};
use axum::handler::Handler as _;
use axum::response::{IntoResponse, Response};
use catalog::{ImportRun, RunState};
use db::Tx;
use flows::import::{self, Incoming, Report, Wish};
use futures::StreamExt as _;
use http::{HeaderValue, header};
use kernel::perms::ProductsWrite;
use kernel::{ErrorKind, ImportRunId, PageSize};

use super::office::Office;
use super::sent::Query;
use super::views::{Chip, Fields, ImportError, ImportRow, ImportView, ImportsView, Section};
use super::walk::Walk;
use crate::extract::Path;
use crate::{Auth, Error, Routes, State};

const PATH: &str = "/admin/imports";
/// A file has at most so many bytes.
const MOST: usize = 100_000_000;

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

/// `POST /admin/imports` (multipart): `file`, `dry_run`. A task brings it in, and the page shows how far that is.
async fn start(office: Office, parts: Multipart) -> Result<Response, Error> {
    office.permit::<ProductsWrite>()?;
    match take(&office, parts).await {
        Ok(run) => Ok(office.done(&format!("{PATH}/{run}"), office.t("imports-begun"))),
        Err(e) if e.kind == ErrorKind::Invalid => {
            let mut form = Fields::new();
            form.fail("file", e.text);
            office.refused(&view(&office, &Fields::new(), form).await?)
        }
        Err(e) => Err(e),
    }
}

/// Puts the file away as it comes, and asks for its import.
async fn take(office: &Office, mut parts: Multipart) -> Result<ImportRunId, Error> {
    let wrong = |key: &str| Error::new(ErrorKind::Invalid, "upload", office.t(key));
    let unread = |_| wrong("error-upload-unread");
    let vault = office.state.vault();
    let (mut sent, mut wish) = (None, Wish::default());
    while let Some(mut part) = parts.next_field().await.map_err(unread)? {
        match part.name() {
            Some("dry_run") => wish.dry_run = true,
            Some("file") if sent.is_none() => {
                let name = file_name(part.file_name().unwrap_or_default());
                let mut incoming = Incoming::begin(office.ctx(), vault).await?;
                while let Some(bytes) = part.chunk().await.map_err(unread)? {
                    incoming.add(bytes).await?;
                    if incoming.bytes() > MOST as u64 {
                        incoming.abort().await;
                        return Err(wrong("error-file-too-large"));
                    }
                }
                if incoming.bytes() > 0 {
                    sent = Some((incoming, name));
                } else {
                    incoming.abort().await;
                }
            }
            _ => {}
        }
    }
    let (incoming, name) = sent.ok_or_else(|| wrong("error-file-missing"))?;
    let permit = office.permit::<ProductsWrite>()?;
    Ok(incoming.queue(office.db(), office.ctx(), vault, &permit, &name, &wish, None).await?)
}

/// A name that any system can keep.
pub(crate) fn file_name(told: &str) -> String {
    let good = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ');
    let name: String = told.chars().filter(good).take(100).collect();
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() { "products.csv".to_owned() } else { name.to_owned() }
}

async fn run(office: &Office, id: ImportRunId) -> Result<ImportRun, Error> {
    office.permit::<ProductsWrite>()?;
    let store = office.ctx().store.id;
    Ok(office.db().read(async |tx: &mut Tx| catalog::get_run(tx, store, id).await).await?)
}

/// `GET /admin/imports/{id}`: fetches itself again while it runs.
async fn show(office: Office, Path(id): Path<ImportRunId>) -> Result<Response, Error> {
    let r = run(&office, id).await?;
    let report = Report::of(&r);
    let took = r.finished_at.map(|end| super::shown::span(end.since(r.created_at).as_secs()));
    let percent =
        if r.rows_total > 0 { r.row_position.clamp(0, r.rows_total) * 100 / r.rows_total } else { 0 };
    let error =
        |r: import::Remark| ImportError { line: u32::try_from(r.row).unwrap_or(u32::MAX), message: r.reason };
    let kept = import::refused_until(&r);
    office.page(&ImportView {
        shell: office.shell(Section::Imports).await?,
        id: r.id.to_string(),
        file: r.file_name.clone(),
        state: chip(&r),
        dry_run: r.dry_run,
        started: office.when(r.created_at),
        took: took.unwrap_or_default(),
        running: r.state == RunState::Running,
        percent: whole(percent),
        progress: if r.rows_total > 0 {
            office.txy("imports-progress", &office.number(r.row_position), &office.number(r.rows_total))
        } else {
            office.t("imports-waiting")
        },
        products_created: whole(r.created),
        products_updated: whole(r.updated),
        products_unchanged: whole(r.unchanged),
        error_count: whole(r.refused),
        errors: report.remarks.into_iter().map(error).collect(),
        kept_until: kept.filter(|until| *until > office.ctx().now()).map(|until| office.day(until)),
        custom_columns: report.fields.into_iter().map(|f| f.column).collect(),
        failure: r.error.clone().unwrap_or_default(),
    })
}

/// `GET /admin/imports/{id}/errors.csv`: the refused rows with their reasons, to be mended and sent again. An import by
/// the command line keeps its error file where it was told to: that is not ours to send.
async fn errors(office: Office, Path(id): Path<ImportRunId>) -> Result<Response, Error> {
    let r = run(&office, id).await?;
    refused_csv(&office.state, r).await
}

/// A run's refused rows as a file; its parts are read as they are sent.
pub(crate) async fn refused_csv(state: &State, run: ImportRun) -> Result<Response, Error> {
    let vault = state.vault().clone();
    let first = if run.sent { import::refused_rows(&vault, &run, 0).await? } else { None };
    let (first, next) = first.ok_or_else(Error::not_found)?;
    let rest = futures::stream::try_unfold((vault, run, next), async |(vault, run, at)| {
        let part = import::refused_rows(&vault, &run, at).await?;
        Ok::<_, import::Error>(part.map(|(bytes, end)| (bytes, (vault, run, end))))
    });
    let whole = futures::stream::once(async { Ok(first) }).chain(rest);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"errors.csv\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, axum::body::Body::from_stream(whole)).into_response())
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_stay_in_their_folder() {
        let made = ["../../etc/passwd", "errors.csv", "", "My products (1).csv"].map(super::file_name);
        assert_eq!(made, ["etcpasswd", "errors.csv", "products.csv", "My products 1.csv"]);
    }
}
