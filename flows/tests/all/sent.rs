//! Files that were sent: a task brings them in, whatever becomes of the process that began.

use std::sync::Arc;
use std::time::Duration;

use assets::Vault;
use catalog::{ImportRun, RunState};
use db::Tx;
use flows::import::{self, Incoming, Report, Wish};
use kernel::{Actor, Ctx, Grant, Grants, ImportRunId, PageSize, Scope, StaffId};
use testkit::Engine;
use work::Runner;

use crate::world::World;

/// A shop with a vault, and a worker that brings in what was sent.
struct Post {
    world: World,
    dir: tempfile::TempDir,
}

impl Post {
    async fn new(engine: Engine) -> Option<Post> {
        Some(Post { world: World::new(engine).await?, dir: tempfile::tempdir().unwrap() })
    }

    fn vault(&self) -> Vault {
        Vault::open(&self.dir.path().join("files")).unwrap()
    }

    async fn send_as(&self, ctx: &Ctx, text: &str, wish: &Wish) -> ImportRunId {
        let (db, vault) = (&self.world.db, self.vault());
        let mut incoming = Incoming::begin(ctx, &vault).await.unwrap();
        for part in text.as_bytes().chunks(1_000) {
            incoming.add(part.to_vec().into()).await.unwrap();
        }
        assert_eq!(incoming.bytes(), text.len() as u64);
        incoming.queue(db, ctx, &vault, &ctx.permit().unwrap(), "goods.csv", wish, None).await.unwrap()
    }

    async fn send(&self, text: &str) -> ImportRunId {
        self.send_as(&self.world.ctx, text, &Wish::default()).await
    }

    fn staff(&self, permissions: &[&str]) -> Ctx {
        let grant = |p: &&str| Grant { permission: (*p).to_owned(), scope: Scope::ALL };
        let actor = Actor::Staff { id: StaffId::from_uuid(uuid::Uuid::from_u128(7)), name: "Grace".into() };
        self.world.ctx.acting(actor, Grants(permissions.iter().map(grant).collect()))
    }

    async fn work(&self, twice: bool) -> Result<usize, work::Error> {
        let task = import::RunTask { db: self.world.db.clone(), vault: self.vault() };
        let expire = import::ExpireTask(self.vault());
        let handlers: Vec<(&'static str, Arc<dyn work::Handler>)> =
            vec![(import::RUN, Arc::new(task)), (import::EXPIRE, Arc::new(expire))];
        let runner = Runner::new(self.world.db.clone(), self.world.ctx.clone(), handlers, vec![]);
        let runner = if twice { runner.twice() } else { runner };
        runner.run_due().await
    }

    async fn run(&self, id: ImportRunId) -> ImportRun {
        let store = self.world.ctx.store.id;
        self.world.db.read(async |tx: &mut Tx| catalog::get_run(tx, store, id).await).await.unwrap()
    }

    async fn runs(&self) -> usize {
        let store = self.world.ctx.store.id;
        let page = self
            .world
            .db
            .read(async |tx: &mut Tx| catalog::list_runs(tx, store, None, PageSize::default()).await)
            .await
            .unwrap();
        page.rows.len()
    }

    async fn refused(&self, run: &ImportRun) -> String {
        let (mut text, mut at) = (vec![], 0);
        while let Some((part, end)) = import::refused_rows(&self.vault(), run, at).await.unwrap() {
            text.extend_from_slice(&part);
            at = end;
        }
        String::from_utf8(text).unwrap()
    }

    fn files(&self) -> Vec<String> {
        fn walk(dir: &std::path::Path, out: &mut Vec<String>) {
            for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    walk(&entry.path(), out);
                } else {
                    out.push(entry.file_name().to_string_lossy().into_owned());
                }
            }
        }
        let mut out = vec![];
        walk(&self.dir.path().join("files/deposits"), &mut out);
        out.sort();
        out
    }
}

/// `count` products, every fifth with a wrong price.
fn many(count: usize) -> String {
    let mut text =
        "Handle,Title,Variant SKU,Variant Price,Variant Inventory Tracker,Variant Inventory Qty\n".to_owned();
    for i in 0..count {
        let price = if i % 5 == 3 { "free".to_owned() } else { format!("{i}.50") };
        text += &format!("product-{i},Product {i},P{i},{price},shopify,3\n");
    }
    text
}

macro_rules! on_both { ($($(#[$m:meta])* async fn $name:ident($post:ident) $body:block)*) => { $(
    mod $name {
        use super::*;
        async fn body(engine: Engine) {
            #[allow(unused_mut)]
            let Some(mut $post) = Post::new(engine).await else {
                testkit::skipped(std::thread::current().name().unwrap_or("a test"));
                return;
            };
            $body
            $post.world.lawful().await;
        }
        $(#[$m])*
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn sqlite() { body(Engine::Sqlite).await; }
        $(#[$m])*
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn postgres() { body(Engine::Postgres).await; }
    }
)* } }

on_both! {
    async fn a_file_that_was_sent_is_brought_in_by_a_task(post) {
        let ctx = post.staff(&["products:write", "inventory:read", "inventory:write"]);
        let id = post.send_as(&ctx, &many(20), &Wish::default()).await;
        assert_eq!(post.run(id).await.state, RunState::Running);
        assert_eq!(post.send_as(&ctx, &many(20), &Wish::default()).await, id, "the same file is on its way already");
        assert_eq!(post.files(), ["sent.csv"]);
        assert_eq!(post.work(true).await.unwrap(), 1, "a task that runs twice does it once");
        let run = post.run(id).await;
        assert_eq!((run.state, run.created, run.refused, run.rows_total, run.row_position), (RunState::Done, 16, 4, 20, 20));
        assert_eq!((run.started_by.as_str(), run.file_name.as_str()), ("Grace", "goods.csv"));
        let report = Report::of(&run);
        assert_eq!((report.remarks.len(), report.remarks[0].row, report.created), (4, 4, 16));
        let refused = post.refused(&run).await;
        assert_eq!(refused.lines().count(), 5, "{refused}");
        assert!(refused.starts_with("Handle,Title,") && refused.contains("'free' is not an amount"), "{refused}");
        assert_eq!(post.world.count("select cast(count(*) as bigint) from audit where verb = 'products.import' and actor_name = 'Grace'").await, 1);
        // mended and sent again, it goes in
        let again = post.send(&refused.replace(",free,", ",9.99,")).await;
        post.work(false).await.unwrap();
        assert_eq!(post.run(again).await.created, 4);
        // the file goes with the end of its run, the refused rows when their time is over
        assert_eq!(post.files(), ["00000000000000000000.csv"]);
        let expire = import::ExpireTask(post.vault());
        let job = work::Handler::run(&expire, &at(&post, import::KEPT / 2), &job(&post).await).await;
        assert!(matches!(job.unwrap(), work::Outcome::Done));
        assert_eq!(post.files().len(), 1);
        work::Handler::run(&expire, &at(&post, import::KEPT * 2), &self::job(&post).await).await.unwrap();
        assert!(post.files().is_empty());
        let gone = import::refused_rows(&post.vault(), &run, 0).await;
        assert!(matches!(gone, Err(import::Error::Gone)));
    }

    async fn what_cannot_be_imported_says_why(post) {
        let ctx = post.staff(&["products:write"]);
        let strange = post.send_as(&ctx, "Email,Phone\na@b.c,1\n", &Wish::default()).await;
        let stock = post.send_as(&ctx, &many(3), &Wish::default()).await;
        post.work(false).await.unwrap();
        let run = post.run(strange).await;
        assert_eq!(run.state, RunState::Failed);
        assert!(run.error.unwrap().contains("no product file"));
        let run = post.run(stock).await;
        assert_eq!((run.state, run.created), (RunState::Failed, 0), "a file sets no stock for whoever may not");
        assert!(run.error.unwrap().contains("inventory:write"));
        assert!(post.files().is_empty());
        assert_eq!(post.world.count("select cast(count(*) as bigint) from alert").await, 0, "it is not ours to mend");
    }

    async fn a_dry_run_looks_and_counts(post) {
        let wish = Wish { dry_run: true, ..Wish::default() };
        let dry = post.send_as(&post.world.ctx, &many(20), &wish).await;
        let real = post.send(&many(20)).await;
        assert_ne!(dry, real);
        let products = "select cast(count(*) as bigint) from product";
        let before = post.world.count(products).await;
        post.world.db.write("later", async move |tx: &mut Tx| {
            tx.exec("update task set due_at = due_at + 60000000 where subject_id = $1", db::params![real]).await
        }).await.unwrap();
        post.work(true).await.unwrap();
        assert_eq!(post.world.count(products).await, before);
        let run = post.run(dry).await;
        assert_eq!((run.state, run.created, run.refused, run.row_position), (RunState::Done, 16, 4, 20));
        assert_eq!(Report::of(&run).remarks.len(), 4);
        post.world.clock.advance(Duration::from_secs(61));
        post.work(false).await.unwrap();
        assert_eq!(post.run(real).await.created, 16);
    }
}

fn at(post: &Post, later: Duration) -> Ctx {
    // the vault's files bear the machine's time
    let now = kernel::Clock::now(&kernel::SystemClock);
    let clock = Arc::new(kernel::FixedClock::new(now.plus(later)));
    Ctx::with(post.world.ctx.store.clone(), clock, Arc::new(kernel::OsEntropy))
}

async fn job(post: &Post) -> work::Job {
    let ctx = post.world.ctx.clone();
    let task = work::NewTask {
        kind: import::EXPIRE,
        key: ctx.secret(),
        mode: work::Mode::Match,
        subject: None,
        payload: serde_json::json!({}),
        due_at: ctx.now(),
    };
    let lease = Duration::from_secs(60);
    post.world
        .db
        .write("job", async move |tx: &mut Tx| {
            let job = work::enqueue_leased(tx, &ctx, &task, lease).await?;
            work::finish(tx, &ctx, &job).await?;
            Ok::<_, work::Error>(job)
        })
        .await
        .unwrap()
}

/// Cut off at every fault point, in earnest and dry: whoever comes next goes on, and every row counts once.
async fn cut_off(engine: Engine, dry_run: bool) {
    for fuse in 0.. {
        let Some(mut post) = Post::new(engine).await else {
            return testkit::skipped(std::thread::current().name().unwrap_or("a test"));
        };
        let wish = Wish { dry_run, ..Wish::default() };
        let id = post.send_as(&post.world.ctx, &many(60), &wish).await;
        post.world.db.faults().arm(fuse);
        let _ = post.work(false).await; // an error, where the fuse was short enough
        let died = post.world.db.faults().is_dead();
        post.world.restart().await;
        post.world.clock.advance(Duration::from_secs(61)); // the lease of the dead runs out
        post.work(false).await.unwrap();
        let run = post.run(id).await;
        let counts = (run.state, run.created, run.updated, run.unchanged, run.refused, run.row_position);
        assert_eq!(counts, (RunState::Done, 48, 0, 0, 12, 60), "fuse {fuse}: {run:#?}");
        let report = Report::of(&run);
        assert_eq!(report.remarks.len(), 12, "fuse {fuse}: what was said before the cut stays said");
        if !dry_run {
            assert_eq!(
                post.refused(&run).await.lines().count(),
                1 + 12,
                "fuse {fuse}: every refused row once"
            );
        }
        let products = if dry_run { 1 } else { 49 };
        assert_eq!(post.world.count("select cast(count(*) as bigint) from product").await, products);
        assert_eq!(post.runs().await, 1);
        post.world.lawful().await;
        if !died {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_off_anywhere_it_goes_on() {
    cut_off(Engine::Sqlite, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_off_anywhere_it_goes_on_with_postgres() {
    cut_off(Engine::Postgres, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_cut_off_anywhere_begins_anew() {
    cut_off(Engine::Sqlite, true).await;
}
