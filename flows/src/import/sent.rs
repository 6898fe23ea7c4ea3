//! A file that was sent, through the back office or by a program: it is put where every process of the shop reaches it,
//! and a task brings it in. Whatever process dies, another goes on behind the last committed batch.

use std::time::Duration;

use assets::{Deposit, Vault};
use async_trait::async_trait;
use bytes::Bytes;
use catalog::{ImportRun, NewRun, RunState};
use db::{Db, Tx, Unit};
use kernel::{Actor, Ctx, ErrorKind, Fault as _, Grant, Grants, Id, ImportRunId, Permit, Timestamp, perms};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use work::{Handler, Job, Mode, NewTask, Outcome, TaskError};

use super::Error;
use super::options::Options;
use super::products::{Books, bring};
use super::refused::read_part;
use super::report::{signed, unsigned};
use crate::Once;

/// The kind of task that brings in a file that was sent.
pub const RUN: &str = "import.run";
/// The kind of task that removes files which are past their time.
pub const EXPIRE: &str = "import.expire";
/// Refused rows of a file that was sent can be fetched so long.
pub const KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);
/// A task keeps itself this long while it works; after a process died, another takes it when this is over.
const LEASE: Duration = Duration::from_secs(30);

const FOLDER: &str = "imports";

/// Where all files of a run lie in the vault.
pub(super) fn folder(run: ImportRunId) -> String {
    format!("{FOLDER}/{run}")
}

fn file_of(run: ImportRunId) -> String {
    format!("{}/sent.csv", folder(run))
}

/// How a file that is sent is to be imported.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Look and count only.
    pub dry_run: bool,
    /// The language of its texts; the store's first by default.
    pub locale: Option<String>,
}

/// A file on its way in.
#[derive(Debug)]
pub struct Incoming {
    run: ImportRunId,
    deposit: Deposit,
    hash: Sha256,
    bytes: u64,
}

impl Incoming {
    /// Opens a place for it.
    ///
    /// # Errors
    /// The vault's.
    pub async fn begin(ctx: &Ctx, vault: &Vault) -> Result<Incoming, Error> {
        let run: ImportRunId = ctx.id();
        let deposit = vault.deposit(&file_of(run)).await?;
        Ok(Incoming { run, deposit, hash: Sha256::new(), bytes: 0 })
    }

    /// The next bytes.
    ///
    /// # Errors
    /// The vault's.
    pub async fn add(&mut self, bytes: Bytes) -> Result<(), Error> {
        self.hash.update(&bytes);
        self.bytes += bytes.len() as u64;
        Ok(self.deposit.write(bytes).await?)
    }

    /// So many bytes came.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// It is not wanted after all.
    pub async fn abort(self) {
        self.deposit.abort().await;
    }

    /// It is whole: a task will bring it in. The run, or that of the very same file if one is still at work, or that which
    /// an earlier request with the key (and whoever chose it) made.
    ///
    /// # Errors
    /// The vault's, the database's.
    pub async fn queue(
        self,
        db: &Db,
        ctx: &Ctx,
        vault: &Vault,
        permit: &Permit<perms::ProductsWrite>,
        file_name: &str,
        wish: &Wish,
        key: Option<&str>,
    ) -> Result<ImportRunId, Error> {
        let Incoming { run, deposit, hash, bytes } = self;
        deposit.finish().await?;
        let new = NewRun {
            file_name: file_name.to_owned(),
            file_sha256: hash.finalize().into(),
            file_bytes: signed(bytes),
            options: serde_json::to_string(wish).unwrap_or_default(),
            error_file: None,
            rows_total: 0,
            report: "{}".to_owned(),
            sent: true,
            dry_run: wish.dry_run,
        };
        let asked = format!("{:?} {}", new.file_sha256, new.options);
        let once = key.map(|key| Once::new("import", "", key, &asked));
        let (c, permit) = (ctx.clone(), permit.clone());
        let queued = db
            .write("import_sent", async move |tx: &mut Tx| {
                queue(tx, &c, &permit, run, &new, once.as_ref()).await
            })
            .await?;
        if queued != run {
            vault.discard(&file_of(run)).await?;
        }
        Ok(queued)
    }
}

async fn queue(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::ProductsWrite>,
    id: ImportRunId,
    new: &NewRun,
    once: Option<&Once>,
) -> Result<ImportRunId, Error> {
    if let Some(made) = Once::found(once, tx).await? {
        return Ok(Id::from_uuid(made));
    }
    let same = catalog::latest_run(tx, ctx.store.id, &new.file_sha256, true).await?;
    if let Some(run) = same.filter(|r| r.state == RunState::Running && r.options == new.options) {
        Once::keep(once, tx, ctx, run.id.uuid()).await?;
        return Ok(run.id);
    }
    Once::keep(once, tx, ctx, id.uuid()).await?;
    catalog::begin_run(tx, ctx, id, new).await?;
    let task = NewTask {
        kind: RUN,
        key: id.to_string(),
        mode: Mode::Match,
        subject: Some(id.uuid()),
        payload: serde_json::to_value(Sender::of(ctx)).unwrap_or_default(),
        due_at: ctx.now(),
    };
    work::enqueue(tx, ctx, &task).await?;
    Ok(id)
}

/// Whose file it is: the task acts for them, with what they might do when they sent it and no more.
#[derive(Debug, Serialize, Deserialize)]
struct Sender {
    kind: String,
    id: Option<uuid::Uuid>,
    grants: Vec<Grant>,
}

/// All that an import may need.
const RIGHTS: [&str; 3] = ["products:write", "inventory:read", "inventory:write"];

impl Sender {
    fn of(ctx: &Ctx) -> Sender {
        let grant = |p: &str| Some(Grant { permission: p.to_owned(), scope: ctx.grants.scope_of(p)? });
        let grants = RIGHTS.into_iter().filter_map(grant).collect();
        Sender { kind: ctx.actor.kind().to_owned(), id: ctx.actor.id(), grants }
    }

    fn ctx(self, system: &Ctx, name: &str) -> Ctx {
        let name = name.to_owned();
        let actor = match (self.kind.as_str(), self.id) {
            ("staff", Some(id)) => Actor::Staff { id: Id::from_uuid(id), name },
            ("key", Some(id)) => Actor::Key { id: Id::from_uuid(id), name },
            ("system", None) => Actor::System,
            // whoever it was, nothing is theirs to do
            _ => Actor::Shopper { customer: None },
        };
        system.acting(actor, Grants(self.grants))
    }
}

/// Does `import.run`.
pub struct RunTask {
    /// Where runs and products stand.
    pub db: Db,
    /// Where the file lies.
    pub vault: Vault,
}

#[async_trait]
impl Handler for RunTask {
    async fn run(&self, ctx: &Ctx, job: &Job) -> Result<Outcome, TaskError> {
        tokio::select! {
            done = self.bring(ctx, job) => done,
            // another runner has it, and goes on with it
            () = work::hold(&self.db, ctx, job, LEASE) => Ok(Outcome::Recorded),
        }
    }

    /// A file takes as long as it takes.
    fn patience(&self) -> Duration {
        Duration::from_secs(24 * 3_600)
    }
}

impl RunTask {
    async fn bring(&self, ctx: &Ctx, job: &Job) -> Result<Outcome, TaskError> {
        let Some(id) = job.subject else {
            return Ok(Outcome::Fail { why: "the task names no import".to_owned() });
        };
        let (id, store): (ImportRunId, _) = (Id::from_uuid(id), ctx.store.id);
        let run = match self.db.read(async |tx: &mut Tx| catalog::get_run(tx, store, id).await).await {
            Ok(run) => run,
            Err(catalog::Error::NotFound { .. }) => return Ok(Outcome::Done),
            Err(e) => return Err(e.into()),
        };
        if run.state == RunState::Running {
            let sender: Sender = serde_json::from_value(job.payload.clone())?;
            let ctx = sender.ctx(ctx, &run.started_by);
            match self.products(&ctx, run).await {
                Ok(()) => {}
                // another process moved it: whichever holds the task goes on
                Err(Error::Catalog(catalog::Error::RunTaken)) => return Ok(Outcome::Recorded),
                Err(e) if ours(&e) => return Err(e.into()),
                Err(e) => self.give_up(&ctx, id, &e.to_string()).await?,
            }
        }
        self.vault.discard(&file_of(id)).await?;
        Ok(Outcome::Done)
    }

    async fn products(&self, ctx: &Ctx, run: ImportRun) -> Result<(), Error> {
        let wish: Wish = serde_json::from_str(&run.options).unwrap_or_default();
        let folder = tempfile::tempdir().map_err(Error::file(std::path::Path::new("a temporary folder")))?;
        let file = folder.path().join("sent.csv");
        if !self.vault.fetch_deposit(&file_of(run.id), &file).await? {
            return Err(Error::Gone);
        }
        ctx.permit::<perms::ProductsWrite>()?;
        let options = Options { dry_run: wish.dry_run, locale: wish.locale, ..Options::default() };
        bring(&self.db, ctx, &self.vault, &file, &options, Books::Sent(Box::new(run)), &|_| ()).await?;
        Ok(())
    }

    async fn give_up(&self, ctx: &Ctx, id: ImportRunId, why: &str) -> Result<(), Error> {
        let (ctx, why) = (ctx.clone(), why.to_owned());
        self.db
            .write(Unit::named("import_failed"), async move |tx: &mut Tx| {
                catalog::finish_run(tx, &ctx, id, Some(&why), None).await
            })
            .await?;
        Ok(())
    }
}

/// Is it no fault of the file's or its sender's, so that trying again may help?
fn ours(e: &Error) -> bool {
    match e.kind() {
        ErrorKind::Internal | ErrorKind::Unavailable | ErrorKind::TooMany | ErrorKind::Conflict => true,
        ErrorKind::Invalid | ErrorKind::Unauthenticated | ErrorKind::Denied | ErrorKind::NotFound => false,
    }
}

/// Does `import.expire`.
pub struct ExpireTask(pub Vault);

#[async_trait]
impl Handler for ExpireTask {
    async fn run(&self, ctx: &Ctx, _: &Job) -> Result<Outcome, TaskError> {
        self.0.discard_before(FOLDER, ctx.now().minus(KEPT)).await?;
        Ok(Outcome::Done)
    }
}

/// Until when the refused rows of a run can be fetched; none where it has none, or they are not ours to keep.
pub fn refused_until(run: &ImportRun) -> Option<Timestamp> {
    (run.sent && run.error_bytes > 0).then(|| run.finished_at.unwrap_or(run.updated_at).plus(KEPT))
}

/// The refused rows of a run with their reasons, as CSV to be mended and sent again, part by part from `at` on (0 at
/// first); the end of the part is where the next begins. None at the end.
///
/// # Errors
/// [`Error::Gone`] past their time; the vault's.
pub async fn refused_rows(vault: &Vault, run: &ImportRun, at: u64) -> Result<Option<(Bytes, u64)>, Error> {
    if at >= unsigned(run.error_bytes) {
        return Ok(None);
    }
    let part = read_part(vault, run.id, at).await?.filter(|part| !part.is_empty()).ok_or(Error::Gone)?;
    let end = at + part.len() as u64;
    Ok(Some((part, end)))
}
