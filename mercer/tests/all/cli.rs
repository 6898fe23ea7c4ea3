//! The program as it is typed.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use db::{Db, Target};

use crate::filled::{break_a_law, fill};

fn mercer(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mercer"));
    command.args(args).env("MERCER_DIR", dir).stdin(Stdio::null());
    command
}

fn run(dir: &Path, args: &[&str]) -> Output {
    mercer(dir, args).output().unwrap()
}

#[track_caller]
fn says(output: &Output, code: i32, text: &str) {
    let all =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{all}");
    assert!(all.contains(text), "'{text}' is not in: {all}");
}

async fn a_shop(dir: &Path) -> Db {
    let db = Db::open_relaxed(&Target::File(dir.join("mercer.db"))).await.unwrap();
    db::migrate(&db, &mercer::migrations(), kernel::Timestamp(0)).await.unwrap();
    fill(&db).await;
    db
}

#[test]
fn what_is_not_there_is_said_kindly() {
    let dir = tempfile::tempdir().unwrap();
    says(&run(dir.path(), &["doctor"]), 74, "there is no shop");
    assert!(!dir.path().join("mercer.db").exists(), "asking makes no database");
    says(&run(dir.path(), &["restore", "nothing.zip"]), 74, "nothing.zip");
    says(&run(dir.path(), &["docter"]), 2, "doctor");
    says(&run(dir.path(), &["--version"]), 0, "mercer");
    says(&run(dir.path(), &["--db", "mysql://x", "doctor"]), 78, "mysql://x");
    says(&run(dir.path(), &["--db", "postgres://me:secret@127.0.0.1:1/x", "doctor"]), 69, "no connection");
    let leaked = run(dir.path(), &["--db", "postgres://me:secret@127.0.0.1:1/x", "doctor"]);
    assert!(!String::from_utf8_lossy(&leaked.stderr).contains("secret"));
}

#[test]
fn an_unknown_setting_names_the_nearest() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("mercer.toml"), "listn = '127.0.0.1:1'").unwrap();
    says(&run(dir.path(), &["doctor"]), 78, "did you mean 'listen'?");
}

#[test]
fn migrations_are_listed_and_run() {
    let dir = tempfile::tempdir().unwrap();
    says(&run(dir.path(), &["migrate", "--check"]), 1, "work/0001_work");
    says(&run(dir.path(), &["doctor"]), 1, "is empty");
    says(&run(dir.path(), &["migrate"]), 0, "up to date");
    says(&run(dir.path(), &["migrate", "--check"]), 0, "0 pending");
    assert!(!dir.path().join("backups").exists(), "an empty database needs no backup");
    says(&run(dir.path(), &["doctor"]), 0, "laws hold");
    says(&run(dir.path(), &["staff", "list"]), 1, "not set up");
}

#[tokio::test]
async fn the_doctor_finds_a_broken_law() {
    let dir = tempfile::tempdir().unwrap();
    let db = a_shop(dir.path()).await;
    says(&run(dir.path(), &["doctor"]), 0, "laws hold");
    break_a_law(&db).await;
    says(&run(dir.path(), &["doctor"]), 1, "BROKEN work.done_tasks_have_no_lease");
    let json: serde_json::Value =
        serde_json::from_slice(&run(dir.path(), &["doctor", "--json"]).stdout).unwrap();
    assert_eq!(json["well"], false);
    assert_eq!(json["violations"][0]["law"], "work.done_tasks_have_no_lease");
}

#[tokio::test]
async fn staff_and_keys_come_and_go() {
    let dir = tempfile::tempdir().unwrap();
    a_shop(dir.path()).await;
    let add = ["staff", "add", "kim@example.com", "--name", "Kim", "--role", "fulfilment"];
    says(&run(dir.path(), &add), 0, "shown this once");
    says(&run(dir.path(), &add), 2, "works here already");
    says(
        &run(dir.path(), &["staff", "add", "x@example.com", "--name", "X", "--role", "boss"]),
        2,
        "there are: ",
    );
    says(&run(dir.path(), &["staff", "disable", "kim@example.com"]), 0, "disabled");
    says(&run(dir.path(), &["staff", "list"]), 0, "kim@example.com\tKim\tFulfilment\tdisabled");
    says(&run(dir.path(), &["staff", "reset-password", "nobody@example.com"]), 2, "member of staff");
    let made = run(dir.path(), &["key", "create", "Till", "--permission", "orders:read"]);
    says(&made, 0, "mercer_");
    let id = String::from_utf8_lossy(&made.stdout).lines().next().unwrap().to_owned();
    says(&run(dir.path(), &["key", "create", "Till", "--permission", "orders:eat"]), 2, "not a permission");
    says(&run(dir.path(), &["key", "revoke", &id]), 0, "opens nothing");
    says(&run(dir.path(), &["key", "list"]), 0, "revoked");
    says(&run(dir.path(), &["doctor"]), 0, "laws hold");
}

#[tokio::test]
async fn a_backup_moves_a_shop_to_another_folder() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    a_shop(from.path()).await;
    let file = from.path().join("shop.zip");
    let file = file.to_str().unwrap();
    says(&run(from.path(), &["backup", file]), 0, "tables");
    says(&run(from.path(), &["backup", file]), 74, "is there already");
    says(&run(from.path(), &["backup"]), 0, "backups/mercer-");
    says(&run(to.path(), &["restore", file]), 0, "laws hold");
    says(&run(to.path(), &["staff", "list"]), 0, "owner@example.com");
    says(&run(to.path(), &["restore", file]), 2, "--force");
    says(&run(to.path(), &["restore", "--force", file]), 0, "what was there: ");
    assert!(std::fs::read_dir(to.path().join("backups")).unwrap().count() == 1);
}

#[tokio::test]
async fn a_backup_names_the_pictures_whose_file_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open_relaxed(&Target::File(dir.path().join("mercer.db"))).await.unwrap();
    db::migrate(&db, &mercer::migrations(), kernel::Timestamp(0)).await.unwrap();
    let ctx = fill(&db).await;
    let vault = |digit: u8| assets::Stored {
        sha256: [digit; 32],
        media_type: assets::MediaType::Jpeg,
        byte_size: 3,
        width: 1,
        height: 1,
        hue: None,
    };
    let files = vec![(vault(0x11), "kept.jpg".to_owned()), (vault(0x22), "lost.jpg".to_owned())];
    db.write("assets", async move |tx: &mut db::Tx| assets::ensure_stored(tx, &ctx, &files).await)
        .await
        .unwrap();
    let kept = dir.path().join("assets/originals/11");
    std::fs::create_dir_all(&kept).unwrap();
    std::fs::write(kept.join("11".repeat(32)), "jpg").unwrap();
    let told = run(dir.path(), &["backup"]);
    says(&told, 1, "not in the backup: 1 (lost.jpg)");
    says(&told, 1, "backups/mercer-");
}

#[tokio::test]
async fn a_worker_ends_when_it_is_told_to() {
    let dir = tempfile::tempdir().unwrap();
    let db = a_shop(dir.path()).await;
    let mut worker =
        mercer(dir.path(), &["--log-format", "json", "worker"]).stderr(Stdio::piped()).spawn().unwrap();
    // the schedule seals the audit rows that it finds
    let sealed = async || -> i64 {
        let text = "select cast(count(*) as bigint) from task where kind = 'work.seal' and state = 'done'";
        db.read(async |tx: &mut db::Tx| tx.value(text, &[]).await).await.unwrap()
    };
    for _ in 0..200 {
        if sealed().await > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(sealed().await, 1);
    Command::new("kill").arg(worker.id().to_string()).status().unwrap();
    let output = tokio::task::spawn_blocking(move || {
        worker.wait().unwrap();
        worker.wait_with_output().unwrap()
    })
    .await
    .unwrap();
    let logged = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{logged}");
    for line in logged.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        assert!(line["level"].is_string(), "{line}");
    }
}

#[tokio::test]
async fn a_product_file_becomes_products_once() {
    let dir = tempfile::tempdir().unwrap();
    a_shop(dir.path()).await;
    let file = dir.path().join("products.csv");
    std::fs::write(
        &file,
        "Handle,Title,Body (HTML),Option1 Name,Option1 Value,Variant SKU,Variant Price,Status\n\
         apple,Apple,<p>Crisp</p>,Size,Single,APL-1,0.45,active\n\
         apple,,,,Kilo,APL-K,2.95,\n\
         pear,Pear,,Title,Default Title,PER-1,cheap,active\n",
    )
    .unwrap();
    let import = ["import", "products", file.to_str().unwrap()];
    let dry = run(dir.path(), &[&import[..], &["--dry-run"]].concat());
    says(&dry, 1, "1 products would be made");
    says(&dry, 1, "cheap");
    says(&run(dir.path(), &import), 1, "1 products made, 0 changed, 0 as they were, 1 refused");
    says(&run(dir.path(), &import), 1, "0 products made, 0 changed, 1 as they were, 1 refused");
    let json = run(dir.path(), &[&import[..], &["--json"]].concat());
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&json.stdout).unwrap()["unchanged"], 1);
    std::fs::write(&file, "Name,Colour\nx,y\n").unwrap();
    says(&run(dir.path(), &import), 65, "no product file");
    says(&run(dir.path(), &["import", "products", "nowhere.csv"]), 74, "nowhere.csv");
    says(&run(dir.path(), &["doctor"]), 0, "laws hold");
}

/// A server on a port of its own, and the address it printed.
fn serve(dir: &Path) -> (std::process::Child, String) {
    use std::io::BufRead;
    let mut server = mercer(dir, &["serve", "--port", "0"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.split_whitespace().next().unwrap_or_default().trim_start_matches("http://").to_owned();
    (server, address)
}

fn get(address: &str, path: &str) -> String {
    use std::io::{Read, Write};
    let mut socket = std::net::TcpStream::connect(address).unwrap();
    write!(socket, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_server_starts_from_nothing_and_ends_when_told() {
    let dir = tempfile::tempdir().unwrap();
    let (mut server, address) = serve(dir.path());
    assert!(get(&address, "/healthz").starts_with("HTTP/1.1 200"));
    assert!(get(&address, "/readyz").contains("ready to be set up"));
    // an open connection that asks nothing must not hold up the end
    let idle = std::net::TcpStream::connect(&address).unwrap();
    let began = std::time::Instant::now();
    Command::new("kill").arg(server.id().to_string()).status().unwrap();
    assert_eq!(server.wait().unwrap().code(), Some(0));
    assert!(began.elapsed() < std::time::Duration::from_secs(12));
    drop(idle);
    says(&run(dir.path(), &["doctor"]), 0, "laws hold");
}

/// A form sent as a browser does, to a server that is called by another name.
fn post(address: &str, host: &str, path: &str, body: &str) -> String {
    use std::io::{Read, Write};
    let mut socket = std::net::TcpStream::connect(address).unwrap();
    write!(
        socket,
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: https://{host}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_shop_that_others_reach_is_set_up_by_who_knows_the_code() {
    use std::io::BufRead;
    let dir = tempfile::tempdir().unwrap();
    let args = ["serve", "--listen", "127.0.0.1:0", "--public-url", "https://shop.example", "--log", "info"];
    let mut command = mercer(dir.path(), &args);
    command.env("MERCER_LOG_FORMAT", "json").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut server = command.spawn().unwrap();
    // where it listens stands in the log, as its name is another
    let mut log = std::io::BufReader::new(server.stderr.take().unwrap()).lines();
    let serving = log.find_map(|line| line.ok().filter(|l| l.contains("\"serving\""))).unwrap();
    let serving: serde_json::Value = serde_json::from_str(&serving).unwrap();
    let address = serving.pointer("/fields/address").or(serving.get("address")).unwrap().as_str().unwrap();
    let mut printed = std::io::BufReader::new(server.stdout.take().unwrap()).lines();
    assert_eq!(printed.next().unwrap().unwrap(), "https://shop.example waits to be set up");
    let link = printed.next().unwrap().unwrap();
    let (_, code) = link.split_once("https://shop.example/admin/setup?code=").unwrap();
    assert_eq!(code.len(), 32);
    assert!(get(address, "/admin/setup").contains("name=\"code\""));
    assert!(get(address, &format!("/admin/setup?code={code}")).contains(&format!("value=\"{code}\"")));
    let form = "store_name=Mine&legal_name=&country=NL&currency=EUR&time_zone=Europe%2FAmsterdam&locale=en\
                &owner_name=Me&email=me%40example.com&password=a+long+enough+password";
    for wrong in ["", "&code=", "&code=0", &format!("&code={}", &code[1..])] {
        let refused = post(address, "shop.example", "/admin/setup", &format!("{form}{wrong}"));
        assert!(refused.starts_with("HTTP/1.1 422"), "{wrong}: {refused}");
        assert!(refused.contains("not the code"), "{wrong}");
    }
    let done = post(address, "shop.example", "/admin/setup", &format!("{form}&code={code}"));
    assert!(done.starts_with("HTTP/1.1 303"), "{done}");
    server.kill().unwrap();
    server.wait().unwrap();
    says(&run(dir.path(), &["staff", "list"]), 0, "me@example.com");
}

#[tokio::test]
async fn a_taken_port_is_said() {
    let dir = tempfile::tempdir().unwrap();
    a_shop(dir.path()).await;
    let (mut server, address) = serve(dir.path());
    assert!(get(&address, "/readyz").contains("ready\n"));
    let port = address.rsplit(':').next().unwrap();
    says(&run(dir.path(), &["serve", "--port", port]), 69, "--port names another");
    server.kill().unwrap();
    server.wait().unwrap();
}
