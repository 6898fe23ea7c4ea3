//! A backup of either engine is the same shop in either.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use db::Engine;
use kernel::Timestamp;
use mercer::{Exit, backup};

use crate::filled::{Everything, everything, fill, same};

const NOW: Timestamp = Timestamp(1_772_445_700_000_000);

fn some_assets(dir: &Path) {
    std::fs::create_dir_all(dir.join("ab/cd")).unwrap();
    std::fs::write(dir.join("ab/cd/apple.jpg"), [0u8, 255, 10, 13].repeat(1_000)).unwrap();
    std::fs::write(dir.join("empty"), "").unwrap();
    std::fs::create_dir_all(dir.join("renditions")).unwrap();
    std::fs::write(dir.join("renditions/small.jpg"), "made anew when asked for").unwrap();
}

fn a_theme(dir: &Path, home: &str) {
    std::fs::create_dir_all(dir.join("pages")).unwrap();
    std::fs::write(dir.join("pages/home.html"), home).unwrap();
    std::fs::write(dir.join("pages/home.css"), "body {}").unwrap();
}

testkit::on_both! {
    migrations = &mercer::migrations();

    async fn comes_back_whole_on_either_engine(db) {
        fill(&db).await;
        let before = everything(&db).await;
        let dir = tempfile::tempdir().unwrap();
        some_assets(&dir.path().join("assets"));
        a_theme(&dir.path().join("theme"), "of the shop");
        let file = dir.path().join("shop.zip");
        let written = backup::write(&db, Some(dir.path()), &file, NOW).await.unwrap();
        assert!(written.rows() > 1_300 && written.assets.len() == 2);
        for engine in [Engine::Sqlite, Engine::Postgres] {
            // where PostgreSQL is missing, this test's other half is counted as skipped
            let Some(target) = testkit::fresh(engine, &[]).await else { continue };
            let assets = target.dir().join("assets");
            a_theme(&target.dir().join("theme"), "of the shop before");
            std::fs::write(target.dir().join("theme/old.html"), "").unwrap();
            backup::restore(&target.db, target.dir(), &file, false, NOW).await.unwrap();
            let after = everything(&target.db).await;
            same_but_told(&before, after);
            assert_eq!(std::fs::read(assets.join("ab/cd/apple.jpg")).unwrap(), [0u8, 255, 10, 13].repeat(1_000));
            assert!(assets.join("empty").is_file() && !assets.join("renditions").exists());
            let theme = |below: &str| std::fs::read_to_string(target.dir().join(below).join("pages/home.html")).unwrap();
            assert_eq!(theme("theme"), "of the shop");
            assert!(!target.dir().join("theme/old.html").exists() && target.dir().join("theme/pages/home.css").exists());
            assert_eq!(theme("backups/theme-before-restore-20260302-100140"), "of the shop before");
            assert!(mercer::examine(&target.db).await.unwrap().violations.is_empty());
            goes_on(&target.db).await;
        }
    }

    async fn a_shop_is_not_overwritten_unasked(db) {
        fill(&db).await;
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("shop.zip");
        backup::write(&db, None, &file, NOW).await.unwrap();
        let before = everything(&db).await;
        let refused = backup::restore(&db, dir.path(), &file, false, NOW).await.unwrap_err();
        assert_eq!(refused.exit, Exit::Usage, "{refused}");
        assert_eq!(backup::write(&db, None, &file, NOW).await.unwrap_err().exit, Exit::Io, "a backup is not overwritten");
        backup::restore(&db, dir.path(), &file, true, NOW).await.unwrap();
        same_but_told(&before, everything(&db).await);
    }
}

/// The same rows, and one more in the change feed: every process on the database is told to begin anew.
#[track_caller]
fn same_but_told(before: &Everything, mut after: Everything) {
    let feed = after.0.get_mut("change").unwrap();
    assert_eq!(feed.len(), before.0["change"].len() + 1);
    feed.pop();
    same(before, &after);
}

/// What is written after a restore takes new numbers, also where the engine gives them out.
async fn goes_on(db: &db::Db) {
    let ctx = testkit::ctx();
    let (last, next): (i64, i64) = db
        .write("touch", async move |tx: &mut db::Tx| {
            let last = tx.value("select max(seq) from change", &[]).await?;
            work::touch(tx, &ctx, "product", uuid::Uuid::from_u128(5)).await?;
            let next = tx.value("select max(seq) from change", &[]).await?;
            Ok::<_, work::Error>((last, next))
        })
        .await
        .unwrap();
    assert!(next > last);
}

/// A file that lost a byte, or gained one, or was cut short, is told from a whole one before anything is written.
#[tokio::test]
async fn a_broken_file_changes_nothing() {
    let source = testkit::fresh(Engine::Sqlite, &mercer::migrations()).await.unwrap();
    fill(&source.db).await;
    some_assets(&source.dir().join("assets"));
    let file = source.dir().join("shop.zip");
    backup::write(&source.db, Some(source.dir()), &file, NOW).await.unwrap();
    let whole = std::fs::read(&file).unwrap();
    let target = testkit::fresh(Engine::Sqlite, &[]).await.unwrap();
    let broken = source.dir().join("broken.zip");
    let try_it = async |bytes: &[u8]| {
        std::fs::write(&broken, bytes).unwrap();
        backup::restore(&target.db, target.dir(), &broken, false, NOW).await
    };
    for cut in [0, 10, whole.len() / 2, whole.len() - 1] {
        assert_eq!(try_it(&whole[..cut]).await.unwrap_err().exit, Exit::BadData, "cut at {cut}");
    }
    // inside the stored picture, where no compression notices
    let place = whole.windows(8).position(|w| w == [0, 255, 10, 13, 0, 255, 10, 13]).unwrap();
    let mut bent = whole.clone();
    bent[place] ^= 1;
    assert_eq!(try_it(&bent).await.unwrap_err().exit, Exit::BadData);
    assert!(everything(&target.db).await.0.is_empty() && !target.dir().join("assets").exists());
    try_it(&whole).await.unwrap();
}

/// The manifest decides: rows that are not what it says, or a schema from the future, are refused.
#[tokio::test]
async fn a_false_manifest_is_refused() {
    let source = testkit::fresh(Engine::Sqlite, &mercer::migrations()).await.unwrap();
    fill(&source.db).await;
    let file = source.dir().join("shop.zip");
    backup::write(&source.db, None, &file, NOW).await.unwrap();
    let target = testkit::fresh(Engine::Sqlite, &[]).await.unwrap();
    let changes: [(&str, &str); 3] =
        [("\"0001_work\"", "\"0999_work\""), ("\"format\": 1", "\"format\": 2"), ("\"store\"", "\"stork\"")];
    for (from, to) in changes {
        let other = source.dir().join("other.zip");
        with_manifest(&file, &other, |text| text.replacen(from, to, 1));
        let refused = backup::restore(&target.db, target.dir(), &other, false, NOW).await.unwrap_err();
        assert_eq!(refused.exit, Exit::BadData, "{from}: {refused}");
        assert!(everything(&target.db).await.0.is_empty(), "{from}");
    }
}

fn with_manifest(from: &Path, to: &Path, change: impl Fn(String) -> String) {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(from).unwrap()).unwrap();
    let mut out = zip::ZipWriter::new(std::fs::File::create(to).unwrap());
    for i in 0..zip.len() {
        let mut entry = zip.by_index(i).unwrap();
        let name = String::from_utf8(entry.name_raw().to_vec()).unwrap();
        let mut bytes = vec![];
        entry.read_to_end(&mut bytes).unwrap();
        if name == "manifest.json" {
            let text = String::from_utf8(bytes).unwrap();
            let changed = change(text.clone());
            assert_ne!(text, changed);
            bytes = changed.into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&bytes).unwrap();
    }
    out.finish().unwrap().seek(SeekFrom::Start(0)).unwrap();
}
