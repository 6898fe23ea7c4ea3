//! Files through the module's shop window: the vault, renditions, fetching, usages, laws.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use assets::*;
use async_trait::async_trait;
use bytes::Bytes;
use db::{Db, Tx};
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use kernel::{AssetId, Ctx, Permit, perms};
use uuid::Uuid;

const M: &[db::Migrations] = &[work::MIGRATIONS, assets::MIGRATIONS];

fn permit(ctx: &Ctx) -> Permit<perms::ProductsWrite> {
    ctx.permit().unwrap()
}

fn bytes_of(picture: &DynamicImage, format: ImageFormat) -> Bytes {
    let mut out = Cursor::new(vec![]);
    picture.write_to(&mut out, format).unwrap();
    out.into_inner().into()
}

/// A photo-like picture: smooth colours with some noise, so that JPEG wins.
fn photo(width: u32, height: u32) -> DynamicImage {
    let noise = |x: u32, y: u32| ((x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) >> 13) as u8 % 32;
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        Rgb([200 + noise(x, y), 40 + noise(y, x), (x * 60 / width) as u8 + noise(x, x ^ y)])
    }))
}

fn vault() -> (tempfile::TempDir, Vault) {
    let dir = tempfile::tempdir().unwrap();
    let vault = Vault::open(&dir.path().join("files")).unwrap();
    (dir, vault)
}

async fn ready(db: &Db, ctx: &Ctx, stored: Stored) -> Asset {
    let ctx = ctx.clone();
    db.write("add", async move |tx: &mut Tx| {
        let id = add(tx, &ctx, &permit(&ctx), &stored, "a.jpg").await?;
        get(tx, ctx.store.id, id).await
    })
    .await
    .unwrap()
}

async fn clean(db: &Db) {
    let broken = db.snapshot(async |tx: &mut Tx| db::check(tx, assets::LAWS).await).await.unwrap();
    assert!(broken.is_empty(), "{broken:#?}");
}

/// A picture server that is slow of answer in a way the test chooses.
struct Server(Result<Bytes, FetchError>, AtomicUsize);

#[async_trait]
impl Fetcher for Server {
    async fn fetch(&self, _: &str) -> Result<Fetched, FetchError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.clone().map(|bytes| Fetched { bytes })
    }
}

async fn sources(db: &Db, ctx: &Ctx, url: &'static str) -> AssetId {
    let c = ctx.clone();
    db.write("ask", async move |tx: &mut Tx| ask(tx, &c, url.to_owned()).await).await.unwrap()
}

async fn ask(tx: &mut Tx, ctx: &Ctx, url: String) -> Result<AssetId, Error> {
    Ok(ensure_sources(tx, ctx, &[&url, &url]).await?[1])
}

async fn look(db: &Db, ctx: &Ctx, id: AssetId) -> Asset {
    let store = ctx.store.id;
    db.read(async move |tx: &mut Tx| get(tx, store, id).await).await.unwrap()
}

fn runner(db: &Db, ctx: &Ctx, vault: &Vault, server: &Arc<Server>) -> work::Runner {
    let fetch = Fetch { db: db.clone(), vault: vault.clone(), fetcher: server.clone() };
    work::Runner::new(db.clone(), ctx.clone(), vec![(FETCH, Arc::new(fetch))], vec![])
}

testkit::on_both! {
    migrations = M;

    async fn every_sql_text_is_understood(db) {
        for text in db::texts() {
            db.prepare(text).await.unwrap_or_else(|e| panic!("{e}: {text}"));
        }
    }

    async fn renditions_are_small_turned_and_made_once(db) {
        let ctx = testkit::ctx();
        let (dir, vault) = vault();
        let bytes = bytes_of(&photo(1000, 500), ImageFormat::Jpeg);
        let stored = vault.store(bytes.clone()).await.unwrap();
        assert_eq!((stored.width, stored.height, stored.media_type), (1000, 500, MediaType::Jpeg));
        assert!(stored.hue.is_some_and(|h| (10..50).contains(&h)), "red: {:?}", stored.hue);
        let asset = ready(&db, &ctx, stored.clone()).await;
        assert_eq!(ready(&db, &ctx, vault.store(bytes).await.unwrap()).await.id, asset.id, "the same content is one asset");
        let (a, b) = tokio::join!(vault.rendition(&asset, 320, Format::Jpeg), vault.rendition(&asset, 200, Format::Jpeg));
        let (a, b) = (a.unwrap(), b.unwrap());
        assert_eq!(a.bytes, b.bytes, "widths are rounded up to the next that there is");
        let made = image::load_from_memory(&a.bytes).unwrap();
        assert_eq!((made.dimensions(), a.media_type), ((320, 160), MediaType::Jpeg));
        let webp = vault.rendition(&asset, 320, Format::Webp).await.unwrap();
        assert!(webp.bytes.len() <= a.bytes.len(), "never larger than JPEG");
        let big = vault.rendition(&asset, 1920, Format::Jpeg).await.unwrap();
        assert_eq!(image::load_from_memory(&big.bytes).unwrap().width(), 1000, "never larger than the picture");
        // kept: another vault on the same folder finds it though the original is gone
        std::fs::remove_dir_all(dir.path().join("files/originals")).unwrap();
        let again = Vault::open(&dir.path().join("files")).unwrap();
        assert_eq!(again.rendition(&asset, 320, Format::Jpeg).await.unwrap().bytes, a.bytes);
        clean(&db).await;
    }

    async fn flat_and_holed_pictures_keep_their_kind(db) {
        let ctx = testkit::ctx();
        let (_dir, vault) = vault();
        let holed = DynamicImage::ImageRgba8(RgbaImage::from_fn(400, 400, |x, y| Rgba([0, 90, 200, if (x / 50 + y / 50) % 2 == 0 { 0 } else { 255 }])));
        let asset = ready(&db, &ctx, vault.store(bytes_of(&holed, ImageFormat::Png)).await.unwrap()).await;
        let jpeg = vault.rendition(&asset, 160, Format::Jpeg).await.unwrap();
        assert_eq!(jpeg.media_type, MediaType::Png, "JPEG has no holes");
        let opaque = DynamicImage::ImageRgba8(RgbaImage::from_pixel(400, 400, Rgba([128, 128, 128, 255])));
        let stored = vault.store(bytes_of(&opaque, ImageFormat::Png)).await.unwrap();
        assert_eq!(stored.hue, None, "grey has no hue");
        let asset = ready(&db, &ctx, stored).await;
        assert_eq!(vault.rendition(&asset, 160, Format::Jpeg).await.unwrap().media_type, MediaType::Jpeg);
        assert_eq!(vault.rendition(&asset, 160, Format::Webp).await.unwrap().media_type, MediaType::Webp, "flat colour is smaller so");
    }

    async fn pictures_are_fetched_by_tasks(db) {
        let ctx = testkit::ctx();
        let (_dir, vault) = vault();
        let server = Arc::new(Server(Ok(bytes_of(&photo(64, 64), ImageFormat::Png)), AtomicUsize::new(0)));
        let id = sources(&db, &ctx, "https://example.com/a/b.png?v=1").await;
        assert_eq!(sources(&db, &ctx, "https://example.com/a/b.png?v=1").await, id);
        let asset = look(&db, &ctx, id).await;
        assert_eq!((asset.state, asset.file_name.as_str()), (AssetState::Fetching, "b.png"));
        assert!(matches!(vault.rendition(&asset, 160, Format::Jpeg).await, Err(Error::NotReady)));
        let (c, subject) = (ctx.clone(), Uuid::from_u128(9));
        db.write("show", async move |tx: &mut Tx| attach(tx, &c, &permit(&c), Subject::Product, subject, id, " A ").await).await.unwrap();
        clean(&db).await;
        runner(&db, &ctx, &vault, &server).twice().run_due().await.unwrap();
        let asset = look(&db, &ctx, id).await;
        assert_eq!((asset.state, asset.width), (AssetState::Ready, Some(64)));
        assert!(vault.rendition(&asset, 160, Format::Jpeg).await.is_ok());
        let told: i64 = db.read(async |tx: &mut Tx| tx.value("select cast(count(*) as bigint) from change where subject = 'product'", &[]).await).await.unwrap();
        assert_eq!(told, 2, "shown, and then here");
        clean(&db).await;
    }

    async fn what_cannot_be_had_says_why_and_is_tried_again(db) {
        let clock = testkit::clock();
        let ctx = testkit::ctx_at(clock.clone(), 1);
        let (_dir, vault) = vault();
        let down = Arc::new(Server(Err(FetchError::Unreachable("no answer".into())), AtomicUsize::new(0)));
        let id = sources(&db, &ctx, "https://example.com/x.jpg").await;
        for _ in 0..20 {
            runner(&db, &ctx, &vault, &down).run_due().await.unwrap();
            clock.advance(std::time::Duration::from_secs(3_600));
        }
        assert_eq!(down.1.load(Ordering::SeqCst), 6);
        let asset = look(&db, &ctx, id).await;
        assert_eq!((asset.state, asset.error.as_deref()), (AssetState::Failed, Some("no answer")));
        clean(&db).await;
        let html = Arc::new(Server(Ok(Bytes::from_static(b"<html>not found</html>")), AtomicUsize::new(0)));
        assert_eq!(sources(&db, &ctx, "https://example.com/x.jpg").await, id, "asked for again");
        runner(&db, &ctx, &vault, &html).run_due().await.unwrap();
        assert!(look(&db, &ctx, id).await.error.unwrap().contains("no JPEG"));
        let store = ctx.store.id;
        let c = db.read(async move |tx: &mut Tx| counts(tx, store).await).await.unwrap();
        assert_eq!((c.fetching, c.ready, c.failed), (0, 0, 1));
        clean(&db).await;
    }

    async fn usages_are_shown_sorted_and_replaced(db) {
        let ctx = testkit::ctx();
        let (_dir, vault) = vault();
        let mut ids = vec![];
        for n in 1..=3 {
            ids.push(ready(&db, &ctx, vault.store(bytes_of(&photo(20 * n, 20), ImageFormat::Png)).await.unwrap()).await.id);
        }
        let (c, subject) = (ctx.clone(), Uuid::from_u128(9));
        db.write("show", async move |tx: &mut Tx| {
            let (kind, p) = (Subject::Product, permit(&c));
            for id in &ids { attach(tx, &c, &p, kind, subject, *id, "").await?; }
            sort(tx, &c, &p, kind, subject, &[ids[2], ids[0]]).await?;
            set_alt(tx, &c, &p, kind, subject, ids[0], "Front").await?;
            let shown: Vec<AssetId> = images_of(tx, kind, &[subject]).await?.iter().map(|i| i.asset).collect();
            assert_eq!(shown, [ids[2], ids[0], ids[1]]);
            detach(tx, &c, &p, kind, subject, ids[2]).await?;
            assert!(matches!(detach(tx, &c, &p, kind, subject, ids[2]).await, Err(Error::NotFound)));
            let new = |asset, alt: Option<&str>| NewImage { asset, alt: alt.map(str::to_owned) };
            let wanted = vec![(subject, vec![new(ids[2], Some("Back")), new(ids[0], None), new(ids[2], None)])];
            assert_eq!(set_images(tx, kind, &wanted).await?, [subject]);
            assert!(set_images(tx, kind, &wanted).await?.is_empty(), "once more changes nothing");
            let shown: Vec<(AssetId, i64, String)> = images_of(tx, kind, &[subject]).await?.into_iter().map(|i| (i.asset, i.position, i.alt)).collect();
            assert_eq!(shown, [(ids[2], 1, "Back".to_owned()), (ids[0], 2, "Front".to_owned())]);
            assert_eq!(set_images(tx, kind, &[(subject, vec![])]).await?, [subject]);
            Ok::<_, Error>(())
        }).await.unwrap();
        clean(&db).await;
    }

    async fn each_law_can_be_broken(db) {
        let ctx = testkit::ctx();
        let (_dir, vault) = vault();
        let stored = vault.store(bytes_of(&photo(20, 20), ImageFormat::Png)).await.unwrap();
        let id = ready(&db, &ctx, stored).await.id;
        sources(&db, &ctx, "https://example.com/x.jpg").await;
        let (c, subject) = (ctx.clone(), Uuid::from_u128(9));
        db.write("show", async move |tx: &mut Tx| attach(tx, &c, &permit(&c), Subject::Product, subject, id, "").await).await.unwrap();
        clean(&db).await;
        let breakers = [
            ("assets.ready_ones_are_known", "update asset set sha256 = null where state = 'ready'"),
            ("assets.fetching_ones_have_a_task", "update task set state = 'done'"),
            ("assets.failed_ones_say_why", "update asset set state = 'failed' where state = 'fetching'"),
            ("assets.places_differ", "insert into asset_usage (asset_id, subject_kind, subject_id, position) select a.id, 'product', u.subject_id, 1 from asset a, asset_usage u where a.state <> 'ready'"),
        ];
        assert_eq!(breakers.len(), assets::LAWS.len());
        for (law, text) in breakers {
            let found = db.write("break", async move |tx: &mut Tx| broken(tx, text.to_owned()).await).await;
            let Err(Undone(found)) = found else { panic!("it is undone") };
            assert!(found.iter().any(|v| v == law), "{law}: {found:?}");
        }
        clean(&db).await;
    }
}

/// What was found; an error, so that the break is rolled back.
struct Undone(Vec<String>);
impl From<db::Error> for Undone {
    fn from(e: db::Error) -> Undone {
        Undone(vec![e.to_string()])
    }
}

async fn broken(tx: &mut Tx, text: String) -> Result<(), Undone> {
    tx.script(&text).await?;
    let found = db::check(tx, assets::LAWS).await?;
    Err(Undone(found.into_iter().map(|v| v.law.to_owned()).collect()))
}

#[tokio::test]
async fn strange_files_are_refused() {
    let (_dir, vault) = vault();
    let refused = async |bytes: &[u8]| vault.store(Bytes::copy_from_slice(bytes)).await.unwrap_err();
    assert!(matches!(refused(b"<svg onload='x'/>").await, Error::NotAPicture));
    assert!(matches!(refused(b"").await, Error::NotAPicture));
    assert!(matches!(refused(&vec![0xff; MAX_BYTES + 1]).await, Error::TooLarge));
    let jpeg = bytes_of(&photo(200, 200), ImageFormat::Jpeg);
    let png = bytes_of(&photo(200, 200), ImageFormat::Png);
    assert!(matches!(refused(&png[..png.len() / 2]).await, Error::Damaged(_)), "cut off");
    assert!(matches!(refused(&jpeg[..20]).await, Error::Damaged(_)));
}

/// A bomb: 30,000 × 30,000 pixels said by a header of a few bytes.
#[tokio::test]
async fn bombs_are_refused_before_they_unpack() {
    let (_dir, vault) = vault();
    let mut png = bytes_of(&photo(1, 1), ImageFormat::Png).to_vec();
    for (at, side) in [(16, 29_000u32), (20, 29_000u32)] {
        png[at..at + 4].copy_from_slice(&side.to_be_bytes());
    }
    let crc = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    let began = std::time::Instant::now();
    let e = vault.store(png.into()).await.unwrap_err();
    assert!(matches!(e, Error::TooManyPixels { width: 29_000, .. } | Error::Damaged(_)), "{e}");
    assert!(began.elapsed().as_millis() < 500);
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, b| {
        (0..8).fold(crc ^ u32::from(*b), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xEDB8_8320 } else { c >> 1 })
    })
}

/// A camera held upright says so in EXIF; what is made of it stands upright and says nothing any more.
#[tokio::test]
async fn pictures_are_turned_and_stripped() {
    let (_dir, vault) = vault();
    let jpeg = bytes_of(&photo(400, 200), ImageFormat::Jpeg);
    // APP1: EXIF, big-endian, one entry: orientation (0x0112) = 6, turned by 90°
    let tiff: &[u8] = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let mut exif = vec![0xff, 0xe1, 0, (tiff.len() + 8) as u8];
    exif.extend_from_slice(b"Exif\0\0");
    exif.extend_from_slice(tiff);
    let turned: Vec<u8> = [&jpeg[..2], &exif, &jpeg[2..]].concat();
    let stored = vault.store(turned.into()).await.unwrap();
    assert_eq!((stored.width, stored.height), (200, 400));
    let asset = Asset {
        id: kernel::Id::from_uuid(Uuid::nil()),
        sha256: Some(stored.sha256.to_vec()),
        media_type: Some(stored.media_type),
        byte_size: Some(1),
        width: Some(200),
        height: Some(400),
        hue: None,
        file_name: String::new(),
        source_url: None,
        state: AssetState::Ready,
        error: None,
        created_at: kernel::Timestamp(0),
    };
    let made = vault.rendition(&asset, 160, Format::Jpeg).await.unwrap();
    assert_eq!(image::load_from_memory(&made.bytes).unwrap().dimensions(), (160, 320));
    assert!(!made.bytes.windows(4).any(|w| w == b"Exif"));
}
