//! A small grocer on disk, and its server as a process.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

pub const OWNER: (&str, &str) = ("owner@example.com", "a password for journeys");

/// A shop with a few products, its server running; both end with it.
pub struct Shop {
    dir: tempfile::TempDir,
    server: Child,
    port: u16,
}

impl Shop {
    pub async fn open() -> Shop {
        let dir = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = std::fs::File::create(dir.path().join("server.log")).unwrap();
        let serve = ["serve", "--port", &port.to_string()];
        let server = mercer(&dir, &serve).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let mut shop = Shop { dir, server, port };
        shop.answers("/healthz").await;
        shop.set_up().await;
        let pictures = shop.dir.path().join("pictures");
        draw(&pictures);
        let file = shop.dir.path().join("things.csv");
        std::fs::write(&file, THINGS).unwrap();
        let import = ["import", "products", path(&file), "--images", path(&pictures), "--no-fetch"];
        let out = mercer(&shop.dir, &import).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        shop.answers("/p/plum").await;
        shop
    }

    /// First-run set-up, as its form sends it.
    async fn set_up(&self) {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("store_name", "Corner Grocer"),
                ("legal_name", "Corner Grocer B.V."),
                ("country", "NL"),
                ("time_zone", "Europe/Amsterdam"),
                ("currency", "EUR"),
                ("locale", "en"),
                ("prices_include_tax", "on"),
                ("owner_name", "Robin Owner"),
                ("email", OWNER.0),
                ("password", OWNER.1),
            ])
            .finish();
        let head = format!(
            "POST /admin/setup HTTP/1.1\r\nhost: 127.0.0.1:{0}\r\norigin: http://127.0.0.1:{0}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {1}\r\n\r\n",
            self.port,
            form.len()
        );
        let answer = ask(self.port, &(head + &form), Duration::from_secs(60)).await;
        assert!(answer.as_ref().is_some_and(|a| a.contains(" 303")), "{answer:?}\n{}", self.log());
    }

    /// Waits until a page is there.
    async fn answers(&mut self, path: &str) {
        let began = Instant::now();
        while get(self.port, path).await.is_none_or(|answer| !answer.contains(" 200")) {
            let dead = self.server.try_wait().unwrap();
            assert!(dead.is_none(), "the server ended: {dead:?}\n{}", self.log());
            assert!(began.elapsed() < Duration::from_secs(60), "no {path} within 60 s\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// What the server said so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("server.log")).unwrap_or_default()
    }

    /// The doctor finds nothing.
    pub fn is_healthy(&self) {
        let out = mercer(&self.dir, &["doctor"]).output().unwrap();
        let said = |bytes| String::from_utf8_lossy(bytes).into_owned();
        assert!(out.status.success(), "{}{}", said(&out.stdout), said(&out.stderr));
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = self.server.kill(); // it may have ended by itself
        let _ = self.server.wait();
    }
}

/// The first line of the answer to a GET, if anybody answers. Whoever asks asks again.
pub async fn get(port: u16, path: &str) -> Option<String> {
    let request = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n\r\n");
    ask(port, &request, Duration::from_secs(5)).await
}

async fn ask(port: u16, request: &str, patience: Duration) -> Option<String> {
    let asked = async {
        let mut s = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok()?;
        s.write_all(request.as_bytes()).await.ok()?;
        let mut line = String::new();
        BufReader::new(s).read_line(&mut line).await.ok()?;
        (!line.is_empty()).then_some(line)
    };
    tokio::time::timeout(patience, asked).await.ok()?
}

/// The program, for the shop in this folder.
fn mercer(dir: &tempfile::TempDir, args: &[&str]) -> Command {
    let mut c = Command::new(env!("CARGO_BIN_EXE_journeys-mercer"));
    c.args(args).arg("--dir").arg(dir.path()).stdin(Stdio::null());
    c
}

fn path(p: &Path) -> &str {
    p.to_str().unwrap()
}

/// Three pictures, one of them nearly white.
fn draw(dir: &Path) {
    std::fs::create_dir_all(dir).unwrap();
    for (name, [r, g, b]) in
        [("apple", [180u8, 40, 50]), ("orange", [240, 150, 30]), ("tea", [235, 240, 230])]
    {
        let picture = image::RgbImage::from_fn(600, 500, |x, y| {
            let shade = u8::try_from((x + y) * 20 / 1100).unwrap_or(0);
            image::Rgb([r.saturating_sub(shade), g.saturating_sub(shade), b.saturating_sub(shade)])
        });
        let file: PathBuf = dir.join(format!("{name}.jpg"));
        picture.save(file).unwrap();
    }
}

/// One variant, one option, two options, almost sold out, sold out.
const THINGS: &str = "\
Handle,Title,Body (HTML),Vendor,Product Category,Type,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,\
Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,\
Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Image Src,Image Position,Image Alt Text,Status
apple,Apple,<p>Crisp and <b>sweet</b>.</p>,Orchard Hill,Fruit > Apples,Fruit,TRUE,Title,Default Title,,,APPLE-1,150,shopify,50,deny,0.79,,TRUE,TRUE,https://example.com/apple.jpg,1,A red apple,active
orange,Orange,<p>From Valencia.</p>,Sol,Fruit > Citrus,Fruit,TRUE,Size,Single,,,ORANGE-1,200,shopify,40,deny,0.89,0.99,TRUE,TRUE,https://example.com/orange.jpg,1,An orange,active
orange,,,,,,,,Kilo,,,ORANGE-K,1000,shopify,30,deny,3.49,,TRUE,TRUE,,,,
tea,Green tea,<p>Leaves and bags.</p>,Leaf & Co,Pantry > Tea,Tea,TRUE,Size,Small,Pack,Bags,TEA-SB,100,shopify,20,deny,2.99,,TRUE,TRUE,https://example.com/tea.jpg,1,A box of tea,active
tea,,,,,,,,Small,,Leaves,TEA-SL,100,shopify,3,deny,4.99,,TRUE,TRUE,,,,
tea,,,,,,,,Large,,Bags,TEA-LB,250,shopify,12,deny,6.99,,TRUE,TRUE,,,,
plum,Plum,<p>Late in the year.</p>,Orchard Hill,Fruit,Fruit,TRUE,Title,Default Title,,,PLUM-1,80,shopify,0,deny,0.59,,TRUE,TRUE,,,,active
";
