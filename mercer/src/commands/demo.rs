use std::io::IsTerminal;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use access::BuiltIn;
use kernel::{Clock, SystemClock};

use crate::config::{Common, Config, Serving};
use crate::presence::Presence;
use crate::{Exit, Failure, demo, logs};

use super::serve;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Throw the demo's shop away and make it anew
    #[arg(long)]
    fresh: bool,
    /// Listen on this port of 127.0.0.1, or the next one that is free
    #[arg(long, env = "MERCER_PORT", default_value_t = 8080)]
    port: u16,
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
}

/// Says that a folder is a demo's, and whether it is whole.
const MARK: &str = "demo.txt";
const MAKING: &str = "in the making\n";

/// How the demo runs: in a folder of its own unless one was named.
///
/// # Errors
/// [`Exit::Usage`] when it was sent to a database; [`Exit::Unavailable`] when no port is free.
pub fn settings(mut common: Common, args: &Args) -> Result<Config, Failure> {
    if common.db.is_some() {
        let text = "the demo keeps its own database in its folder; leave --db out and name another --dir";
        return Err(Failure::new(Exit::Usage, text));
    }
    if common.dir == Path::new("shop") {
        common.dir = PathBuf::from("demo-shop"); // a shop in earnest is never a demo
    }
    common.log.get_or_insert_with(|| "warn".to_owned());
    let serving = Serving { port: Some(free_port(args.port)?), ..Serving::default() };
    let config = Config::load(&common, Some(&serving))?;
    logs::start(&config)?;
    Ok(config)
}

fn free_port(first: u16) -> Result<u16, Failure> {
    let free = |port: &u16| TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], *port))).is_ok();
    (first..=first.saturating_add(50)).find(free).ok_or_else(|| {
        Failure::new(Exit::Unavailable, format!("no port from {first} on is free; --port names another"))
    })
}

pub async fn run(config: Config, args: Args) -> Result<Exit, Failure> {
    let address = config.address(config.listen);
    let dir = config.dir.clone();
    let began = SystemClock.now();
    let made = if prepare(&dir, args.fresh)? {
        None
    } else {
        println!("Making a shop in {} …", dir.display());
        let orders = demo::make(&dir, &address, demo::DAYS).await?;
        mark(&dir, &format!("A demo shop of Mercer, made {began}. 'mercer demo --fresh' makes it anew.\n"))?;
        Some((orders, SystemClock.now().since(began)))
    };
    table(&dir, &address, made);
    if !args.no_open && std::io::stdout().is_terminal() {
        tokio::spawn(open_when_up(config.listen, address));
    }
    serve::run(config, serve::Args { serving: Serving::default(), no_worker: false }).await
}

/// Is there a demo's shop in the folder? If not, it is empty afterwards, and marked. What is not a demo's is left alone.
fn prepare(dir: &Path, fresh: bool) -> Result<bool, Failure> {
    let empty = match std::fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_none(),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => true,
        Err(e) => return Err(Failure::io(dir, &e)),
    };
    if !empty {
        let Ok(text) = std::fs::read_to_string(dir.join(MARK)) else {
            let text = format!(
                "{} holds something else than a demo's shop; --dir names another folder",
                dir.display()
            );
            return Err(Failure::new(Exit::Io, text));
        };
        if text != MAKING && !fresh && dir.join("mercer.db").is_file() {
            return Ok(true);
        }
        let _alone = Presence::alone(dir)?;
        std::fs::remove_dir_all(dir).map_err(|e| Failure::io(dir, &e))?;
    }
    std::fs::create_dir_all(dir).map_err(|e| Failure::io(dir, &e))?;
    mark(dir, MAKING)?;
    Ok(false)
}

fn mark(dir: &Path, text: &str) -> Result<(), Failure> {
    let path = dir.join(MARK);
    std::fs::write(&path, text).map_err(|e| Failure::io(&path, &e))
}

fn table(dir: &Path, address: &str, made: Option<(u64, Duration)>) {
    let what = match made {
        Some((orders, took)) => format!(
            "50 products, {orders} orders of {} days, made in {}.{} s",
            demo::DAYS,
            took.as_secs(),
            took.subsec_millis() / 100
        ),
        None => "as you left it".to_owned(),
    };
    println!("\n  Marrow, a grocer in Amsterdam: {what}\n");
    println!("  Storefront    {address}/");
    println!("  In German     {address}/de");
    println!("  Back office   {address}/admin\n");
    println!("  Password      {}   for everybody below", demo::PASSWORD);
    for (i, (name, local, role)) in demo::STAFF.iter().enumerate() {
        let head = if i == 0 { "Sign in as" } else { "" };
        println!("  {head:<12}  {:<26} {:<11} {name}", demo::email(local), BuiltIn::title(*role));
    }
    println!("\n  Folder        {}   ('mercer demo --fresh' makes it anew)", dir.display());
    println!("  End           Ctrl C\n");
}

/// Shows the shop once it answers; a machine without a browser is none the worse.
async fn open_when_up(listen: SocketAddr, address: String) {
    for _ in 0..100 {
        if tokio::net::TcpStream::connect(listen).await.is_ok() {
            let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
            let quiet = std::process::Stdio::null;
            let _ = std::process::Command::new(program)
                .arg(format!("{address}/"))
                .stdout(quiet())
                .stderr(quiet())
                .spawn();
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_demos_folder_is_thrown_away() {
        let dir = tempfile::tempdir().unwrap();
        let mine = dir.path().join("mine");
        std::fs::create_dir(&mine).unwrap();
        std::fs::write(mine.join("mercer.db"), "precious").unwrap();
        assert!(prepare(&mine, true).is_err() && mine.join("mercer.db").is_file());

        let demo = dir.path().join("demo");
        assert!(!prepare(&demo, false).unwrap(), "a new one is to be made");
        assert!(!prepare(&demo, false).unwrap(), "one left half made is made again");
        std::fs::write(demo.join("mercer.db"), "").unwrap();
        mark(&demo, "made").unwrap();
        assert!(prepare(&demo, false).unwrap(), "it is there");
        assert!(!prepare(&demo, true).unwrap() && !demo.join("mercer.db").exists());
    }
}
