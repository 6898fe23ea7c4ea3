//! The program under measure, as its users start it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::http::Client;

/// A running `mercer serve`, ended with its value.
pub struct Server {
    /// Its process.
    pub child: Child,
    /// Where it listens.
    pub port: u16,
    /// From the start of the process to its first answer.
    pub first_answer: Duration,
}

/// The release build of the program, beside this one.
///
/// # Errors
/// When it was not built.
pub fn program() -> anyhow::Result<PathBuf> {
    let me = std::env::current_exe()?;
    let mercer = me.parent().context("a folder")?.join("mercer");
    if !mercer.is_file() {
        bail!("{} is not there: run `cargo xtask bench`, which builds it", mercer.display());
    }
    Ok(mercer)
}

/// A port nobody uses.
///
/// # Errors
/// When there is none.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Runs a command of the program to its end.
///
/// # Errors
/// When it fails, with what it said.
pub async fn run(args: &[&str]) -> anyhow::Result<Duration> {
    let began = Instant::now();
    let out = Command::new(program()?).args(args).stdin(Stdio::null()).output().await?;
    if !out.status.success() {
        bail!(
            "mercer {}: {}{}",
            args.join(" "),
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr)
        );
    }
    Ok(began.elapsed())
}

impl Server {
    /// Starts it on a shop's folder; `log` keeps what it writes.
    ///
    /// # Errors
    /// When it does not answer within 20 s.
    pub async fn start(dir: &Path, log: Option<&Path>, filter: &str) -> anyhow::Result<Server> {
        let port = free_port()?;
        let stderr = match log {
            Some(path) => Stdio::from(std::fs::File::create(path)?),
            None => Stdio::null(),
        };
        let began = Instant::now();
        let child = Command::new(program()?)
            .args(["serve", "--dir"])
            .arg(dir)
            .args(["--port", &port.to_string(), "--log-format", "json"])
            .env("RUST_LOG", filter)
            .env("MERCER_LOG", filter)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            .kill_on_drop(true)
            .spawn()?;
        loop {
            if let Ok(mut c) = Client::connect(port).await
                && let Ok(a) = c.send("GET", "/healthz", &[], b"").await
                && a.status == 200
            {
                break;
            }
            if began.elapsed() > Duration::from_secs(20) {
                bail!("mercer serve did not answer within 20 s");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(Server { child, port, first_answer: began.elapsed() })
    }

    /// Its process's number.
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap_or(0)
    }

    /// Anonymous memory in use, in MB. Source: proc(5), `status`, RssAnon.
    ///
    /// # Errors
    /// When it is gone.
    pub fn memory_mb(&self) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()))?;
        let line = status.lines().find(|l| l.starts_with("RssAnon:")).context("RssAnon")?;
        let kb: f64 = line.split_whitespace().nth(1).context("a number")?.parse()?;
        Ok(kb / 1024.0)
    }
}

/// A bare server for `body`; its port and process.
///
/// # Errors
/// When it does not start.
pub async fn bare(dir: &Path, body: &[u8], kind: &str) -> anyhow::Result<(Child, u16)> {
    let file = dir.join("body");
    std::fs::write(&file, body)?;
    let mut child = Command::new(std::env::current_exe()?)
        .args(["bare", "--kind", kind, "--body"])
        .arg(&file)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let out = child.stdout.take().context("its output")?;
    let line = BufReader::new(out).lines().next_line().await?.context("its port")?;
    Ok((child, line.trim().parse()?))
}
