//! Configuration: defaults, then DIR/mercer.toml, then the environment (`MERCER_…`), then flags. Clap reads the last
//! two, so here only what neither of them said is taken from the file.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::logs::Format;
use crate::{Exit, Failure};

/// What every command takes.
#[derive(clap::Args, Debug, Clone)]
pub struct Common {
    /// The shop's folder: database, pictures, search index, configuration (mercer.toml), backups
    #[arg(long, global = true, env = "MERCER_DIR", default_value = "shop", value_name = "DIR")]
    pub dir: PathBuf,
    /// The database: a file, or postgres://user:password@host:port/name [default: DIR/mercer.db]
    #[arg(long, global = true, env = "MERCER_DB", value_name = "URL", hide_env_values = true)]
    pub db: Option<String>,
    /// What is logged: error, warn, info, debug, or by part: info,web=debug
    #[arg(long, global = true, env = "MERCER_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// For people, or one JSON object a line
    #[arg(long, global = true, env = "MERCER_LOG_FORMAT", value_enum, value_name = "FORMAT")]
    pub log_format: Option<Format>,
}

/// What a server takes beside.
#[derive(clap::Args, Debug, Clone, Default)]
pub struct Serving {
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, env = "MERCER_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Listen on this port of 127.0.0.1
    #[arg(long, env = "MERCER_PORT", conflicts_with = "listen")]
    pub port: Option<u16>,
    /// A reverse proxy stands before it, whose X-Forwarded-For names the visitor
    #[arg(long, env = "MERCER_BEHIND_PROXY", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub behind_proxy: Option<bool>,
    #[command(flatten)]
    pub mailing: Mailing,
}

/// What servers and workers share: how mail leaves, what it says of where the shop is, and who takes money.
#[derive(clap::Args, Debug, Clone, Default)]
pub struct Mailing {
    /// Where shoppers reach the shop: links in mails begin with it [default: http:// and the listening address]
    #[arg(long, env = "MERCER_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// The mail server, smtps://user:password@host:465; without one, mail only lies in the mailbox page
    #[arg(long, env = "MERCER_MAIL_URL", value_name = "URL", hide_env_values = true)]
    pub mail_url: Option<String>,
    /// A bank for trying out takes payments, with no money: never in a shop that sells [default: in development only]
    #[arg(long, env = "MERCER_TEST_BANK", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub test_bank: Option<bool>,
}

/// What stands in mercer.toml.
#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields)]
struct File {
    db: Option<String>,
    listen: Option<SocketAddr>,
    public_url: Option<String>,
    behind_proxy: Option<bool>,
    log: Option<String>,
    log_format: Option<Format>,
    test_bank: Option<bool>,
    #[serde(default)]
    mail: MailFile,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields)]
struct MailFile {
    url: Option<String>,
}

/// Every key that mercer.toml may hold.
const KEYS: &[&str] =
    &["db", "listen", "public_url", "behind_proxy", "log", "log_format", "test_bank", "mail.url"];

/// The whole configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// The shop's folder.
    pub dir: PathBuf,
    /// Where the database is.
    pub db: db::Target,
    /// Where to listen.
    pub listen: SocketAddr,
    /// What links in e-mails begin with, without a slash at its end; `None`: the listening address.
    pub public_url: Option<String>,
    /// Is it reached through a reverse proxy that says who visits?
    pub behind_proxy: bool,
    /// What is logged.
    pub log: String,
    /// How.
    pub log_format: Format,
    /// The mail server.
    pub mail_url: Option<String>,
    /// Is there a bank for trying out? `None`: in development.
    pub test_bank: Option<bool>,
}

impl Config {
    /// Puts the four layers together.
    ///
    /// # Errors
    /// [`Exit::Config`] names the file and the key.
    pub fn load(common: &Common, serving: Option<&Serving>) -> Result<Config, Failure> {
        let file = File::read(&common.dir.join("mercer.toml"))?;
        let none = Serving::default();
        let flags = serving.unwrap_or(&none);
        let db = match common.db.clone().or(file.db) {
            Some(text) => text.parse()?,
            None => db::Target::File(common.dir.join("mercer.db")),
        };
        let public_url = flags.mailing.public_url.clone().or(file.public_url);
        if let Some(url) = &public_url
            && !(url.starts_with("http://") || url.starts_with("https://"))
        {
            return Err(Failure::new(
                Exit::Config,
                format!("public_url '{url}' begins with neither http:// nor https://"),
            ));
        }
        let port = flags.port.map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        Ok(Config {
            dir: common.dir.clone(),
            db,
            listen: port.or(flags.listen).or(file.listen).unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080))),
            public_url: public_url.map(|url| url.trim_end_matches('/').to_owned()),
            behind_proxy: flags.behind_proxy.or(file.behind_proxy).unwrap_or(false),
            log: common.log.clone().or(file.log).unwrap_or_else(|| "info".to_owned()),
            log_format: common.log_format.or(file.log_format).unwrap_or_default(),
            mail_url: flags.mailing.mail_url.clone().or(file.mail.url),
            test_bank: flags.mailing.test_bank.or(file.test_bank),
        })
    }
}

impl Config {
    /// Can only those at this machine reach a server that listens at `bound`? A name of its own or a proxy before it
    /// say that others do.
    pub fn is_private(&self, bound: SocketAddr) -> bool {
        bound.ip().is_loopback() && self.public_url.is_none() && !self.behind_proxy
    }

    /// Is there a bank for trying out: where it is said, else in development?
    pub fn test_bank(&self, bound: SocketAddr) -> bool {
        self.test_bank.unwrap_or_else(|| self.is_private(bound))
    }

    /// Where the shop is reached, when it listens at `bound`.
    pub fn address(&self, bound: SocketAddr) -> String {
        let local = if bound.ip().is_unspecified() {
            format!("localhost:{}", bound.port())
        } else {
            bound.to_string()
        };
        self.public_url.clone().unwrap_or_else(|| format!("http://{local}"))
    }
}

impl File {
    fn read(path: &Path) -> Result<File, Failure> {
        match std::fs::read_to_string(path) {
            Ok(text) => File::parse(&text)
                .map_err(|why| Failure::new(Exit::Config, format!("{}: {why}", path.display()))),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
            Err(e) => Err(Failure::io(path, &e)),
        }
    }

    fn parse(text: &str) -> Result<File, String> {
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| e.to_string())?;
        if let Some(unknown) = keys(&table, "").into_iter().find(|k| !KEYS.contains(&k.as_str())) {
            let near = KEYS.iter().max_by(|a, b| {
                strsim::jaro_winkler(a, &unknown).total_cmp(&strsim::jaro_winkler(b, &unknown))
            });
            let near = near.map(|n| format!("; did you mean '{n}'?")).unwrap_or_default();
            return Err(format!("'{unknown}' is no setting{near}"));
        }
        toml::from_str(text).map_err(|e| e.to_string())
    }
}

/// The keys of a table and of those inside it: `mail.url`.
fn keys(table: &toml::Table, before: &str) -> Vec<String> {
    let mut all = vec![];
    for (key, value) in table {
        match value {
            toml::Value::Table(inner) => all.extend(keys(inner, &format!("{before}{key}."))),
            _ => all.push(format!("{before}{key}")),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = "db = 'postgres://me@db/shop'\nlisten = '0.0.0.0:80'\npublic_url = 'https://shop.example/'\n\
                        behind_proxy = true\nlog = 'debug'\nlog_format = 'json'\ntest_bank = true\n[mail]\nurl = 'smtp://localhost'\n";

    fn common(dir: &Path) -> Common {
        Common { dir: dir.to_owned(), db: None, log: None, log_format: None }
    }

    #[test]
    fn every_key_is_known_and_read() {
        let table: toml::Table = FULL.parse().unwrap();
        let (mut found, mut known) = (keys(&table, ""), KEYS.to_vec());
        found.sort();
        known.sort_unstable();
        assert_eq!(found, known);
        assert!(File::parse(FULL).is_ok());
    }

    #[test]
    fn an_unknown_key_names_the_nearest() {
        assert_eq!(
            File::parse("lissten = 'x'").unwrap_err(),
            "'lissten' is no setting; did you mean 'listen'?"
        );
        assert_eq!(
            File::parse("[mail]\nurI = 'x'").unwrap_err(),
            "'mail.urI' is no setting; did you mean 'mail.url'?"
        );
    }

    #[test]
    fn only_a_loopback_address_without_a_name_or_proxy_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let bare = Config::load(&common(dir.path()), None).unwrap();
        let (here, all) = ("127.0.0.1:80".parse().unwrap(), "0.0.0.0:80".parse().unwrap());
        assert!(bare.is_private(here) && !bare.is_private(all));
        assert!(!Config { public_url: Some("https://shop.example".into()), ..bare.clone() }.is_private(here));
        assert!(!Config { behind_proxy: true, ..bare }.is_private(here));
    }

    #[test]
    fn flags_pass_before_the_file_and_the_file_before_defaults() {
        let dir = tempfile::tempdir().unwrap();
        let bare = Config::load(&common(dir.path()), None).unwrap();
        assert_eq!(bare.db, db::Target::File(dir.path().join("mercer.db")));
        assert_eq!(bare.listen.to_string(), "127.0.0.1:8080");
        std::fs::write(dir.path().join("mercer.toml"), FULL).unwrap();
        let file = Config::load(&common(dir.path()), None).unwrap();
        assert_eq!((file.log.as_str(), file.log_format), ("debug", Format::Json));
        assert_eq!(file.public_url.as_deref(), Some("https://shop.example"));
        let flags = Serving { port: Some(9), ..Serving::default() };
        let all = Config::load(&Common { log: Some("warn".to_owned()), ..common(dir.path()) }, Some(&flags))
            .unwrap();
        assert!(bare.test_bank(bare.listen), "in development");
        let sells = Config { public_url: Some("https://shop.example".to_owned()), ..bare };
        assert!(!sells.test_bank(sells.listen), "not where a shop is reached by others");
        assert!(file.test_bank(file.listen), "where it is said");
        assert_eq!((all.log.as_str(), all.listen.to_string().as_str()), ("warn", "127.0.0.1:9"));
    }
}
