//! A throw-away PostgreSQL: found where Debian or the PATH has it, started on a socket of its own, as an ordinary
//! user when the tests run as root, gone when the test process ends however it ends. A test of encrypted connections
//! starts one more that listens on this machine.

use std::io::Write as _;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Whom PostgreSQL runs as when the tests run as root: nobody.
const NOBODY: u32 = 65_534;

/// A running instance.
pub struct Postgres {
    dir: PathBuf,
    bin: PathBuf,
    /// Ends the instance when it closes, also when this process is killed.
    _supervisor: Child,
    made: AtomicU64,
    port: Option<u16>,
}

/// What a server shows to those who call it over TCP, both as PEM.
#[derive(Clone, Copy, Debug)]
pub struct Certificate<'a> {
    /// The certificate.
    pub certificate: &'a str,
    /// Its key.
    pub key: &'a str,
}

/// This process's instance; `None`, loudly, where PostgreSQL is not installed.
///
/// # Panics
/// Under CI, where a missing PostgreSQL is a failure; and when it is there but does not start.
pub fn postgres() -> Option<&'static Postgres> {
    static ONE: OnceLock<Option<Postgres>> = OnceLock::new();
    ONE.get_or_init(|| installed().map(|bin| Postgres::start(bin, None))).as_ref()
}

/// An instance of the caller's own that also listens on 127.0.0.1 with `ssl = on`, gone with its value.
///
/// # Panics
/// As [`postgres`].
pub fn postgres_with_tls(shows: Certificate<'_>) -> Option<Postgres> {
    installed().map(|bin| Postgres::start(bin, Some(shows)))
}

fn installed() -> Option<PathBuf> {
    let bin = programs();
    assert!(
        bin.is_some() || std::env::var_os("CI").is_none(),
        "PostgreSQL is not installed: under CI its tests must run (apt-get install postgresql, or set PG_BIN)"
    );
    bin
}

/// Says loudly that a test did not run, and counts it for `cargo xtask test`.
pub fn skipped(test: &str) {
    eprintln!("SKIPPED {test}: PostgreSQL is not installed (apt-get install postgresql, or set PG_BIN)");
    if let Some(path) = std::env::var_os("MERCER_SKIPPED")
        && let Ok(mut file) = std::fs::OpenOptions::new().create(true).append(true).open(path)
    {
        let _ = writeln!(file, "{test}");
    }
}

fn programs() -> Option<PathBuf> {
    if let Some(dir) = std::env::var_os("PG_BIN") {
        return Some(dir.into());
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut dirs: Vec<PathBuf> = versions.map(|e| e.path().join("bin")).collect();
    dirs.sort_by_key(|d| std::cmp::Reverse(version(d)));
    dirs.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    dirs.into_iter().find(|d| d.join("initdb").is_file() && d.join("postgres").is_file())
}

fn free_port() -> u16 {
    let held = std::net::TcpListener::bind("127.0.0.1:0").expect("this machine has a port left");
    held.local_addr().expect("a bound socket has an address").port()
}

fn version(bin: &Path) -> u32 {
    bin.parent()
        .and_then(|p| p.file_name())
        .and_then(|n| n.to_str())
        .and_then(|n| n.parse().ok())
        .unwrap_or(0)
}

impl Postgres {
    fn start(bin: PathBuf, shows: Option<Certificate<'_>>) -> Postgres {
        static STARTED: AtomicU64 = AtomicU64::new(0);
        let nth = STARTED.fetch_add(1, Ordering::SeqCst);
        let dir = std::env::temp_dir().join(format!("mercer-pg-{}-{nth}", std::process::id()));
        std::fs::create_dir_all(&dir).expect("a temporary folder can be made");
        let root = std::fs::metadata("/proc/self").is_ok_and(|m| m.uid() == 0);
        if root {
            chown(&dir, Some(NOBODY), Some(NOBODY)).expect("root may give a folder away");
        }
        let command = |program: &Path| {
            let mut c = Command::new(program);
            if root {
                c.uid(NOBODY).gid(NOBODY);
            }
            c.env("LC_ALL", "C").current_dir(&dir);
            c
        };
        let made = command(&bin.join("initdb"))
            .args(["-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"])
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port = shows.map(|shows| {
            std::fs::write(dir.join("data/server.crt"), shows.certificate).expect("the folder is ours");
            let key = dir.join("data/server.key");
            std::fs::write(&key, shows.key).expect("the folder is ours");
            std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).expect("the file is ours");
            if root {
                chown(&key, Some(NOBODY), Some(NOBODY)).expect("root may give a file away");
            }
            // in the file rather than on the command line, so that a test can turn it off
            let config = std::fs::OpenOptions::new().append(true).open(dir.join("data/postgresql.conf"));
            config.and_then(|mut f| f.write_all(b"ssl = on\n")).expect("the folder is ours");
            free_port()
        });
        let listen = match port {
            Some(port) => format!("-c listen_addresses=127.0.0.1 -c port={port}"),
            None => "-c listen_addresses=".to_owned(),
        };
        // the shell waits on our pipe: it closes when this process ends, however it ends
        let script = format!(
            "'{}' -D data -k '{dir}' {listen} -c fsync=off -c synchronous_commit=off \
             -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB -c log_min_messages=panic & \
             pid=$!; read -r _; kill -QUIT $pid; wait $pid; rm -rf '{dir}'",
            bin.join("postgres").display(),
            dir = dir.display(),
        );
        let supervisor = command(Path::new("/bin/sh"))
            .args(["-c", &script])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell runs");
        let pg = Postgres { dir, bin, _supervisor: supervisor, made: AtomicU64::new(0), port };
        for _ in 0..500 {
            if pg.psql("postgres", "select 1") {
                return pg;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("PostgreSQL did not start within 10 s in {}", pg.dir.display());
    }

    fn psql(&self, database: &str, text: &str) -> bool {
        Command::new(self.bin.join("psql"))
            .args([
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                &self.dir.display().to_string(),
                "-p",
                &self.port.unwrap_or(5432).to_string(),
                "-U",
                "postgres",
                "-d",
                database,
                "-c",
                text,
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|s| s.success())
    }

    /// The address of a database of this instance.
    pub fn url(&self, database: &str) -> String {
        let socket = self.dir.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{socket}/{database}?sslmode=disable")
    }

    /// The address over TCP, as this host name: `localhost` or `127.0.0.1`. Of an instance with a certificate only.
    ///
    /// # Panics
    /// Of one that does not listen.
    pub fn tcp_url(&self, host: &str, query: &str) -> String {
        let port = self.port.expect("this instance does not listen");
        format!("postgres://postgres@{host}:{port}/postgres{query}")
    }

    /// Runs a statement as its owner, over the socket: settings.
    ///
    /// # Panics
    /// When PostgreSQL refuses.
    pub fn run(&self, text: &str) {
        assert!(self.psql("postgres", text), "{text}");
    }

    /// Who may connect how, in the words of `pg_hba.conf`; the socket stays open. To be followed by `pg_reload_conf`.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn lets_in(&self, lines: &str) {
        let text = format!("local all all trust\n{lines}\n");
        std::fs::write(self.dir.join("data/pg_hba.conf"), text).expect("the folder is ours");
    }

    /// Makes a database, from a template if one is named; its address.
    ///
    /// # Panics
    /// When PostgreSQL refuses.
    pub fn database(&self, template: Option<&str>) -> String {
        let name = format!("t{}", self.made.fetch_add(1, Ordering::SeqCst));
        let from = template.map(|t| format!(" template {t} strategy file_copy")).unwrap_or_default();
        assert!(
            self.psql("postgres", &format!("create database {name}{from}")),
            "create database {name}{from}"
        );
        self.url(&name)
    }

    /// Removes a database made by [`Postgres::database`].
    pub fn drop_database(&self, url: &str) {
        if let Some(name) = url.rsplit('/').next().and_then(|n| n.split('?').next()) {
            self.psql("postgres", &format!("drop database if exists {name} with (force)"));
        }
    }
}

impl Postgres {
    /// Is nobody connected to this database?
    pub(crate) fn is_idle(&self, database: &str) -> bool {
        self.psql(
            "postgres",
            &format!("do $$ begin if exists (select 1 from pg_stat_activity where datname = '{database}') then raise 'busy'; end if; end $$"),
        )
    }
}
