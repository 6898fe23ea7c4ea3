//! Chromium through ChromeDriver, each started for one journey and ended with it.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::shop::get;

const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
];

/// The two programs, if both are installed.
pub struct Programs {
    chromium: PathBuf,
    driver: PathBuf,
}

impl Programs {
    pub fn found() -> Option<Programs> {
        Some(Programs { chromium: on_path("chromium")?, driver: on_path("chromedriver")? })
    }
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|p| p.is_file())
}

/// A browser with a profile of its own.
pub struct Browser {
    pub client: Client,
    driver: Child,
    port: u16,
    _profile: tempfile::TempDir,
}

impl Browser {
    pub async fn start(programs: &Programs, scripts: bool) -> Browser {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let driver = Command::new(&programs.driver)
            .arg(format!("--port={port}"))
            .args(["--silent"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let began = Instant::now();
        while get(port, "/status").await.is_none() {
            assert!(began.elapsed() < Duration::from_secs(30), "chromedriver does not answer within 30 s");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let profile = tempfile::tempdir().unwrap();
        let capabilities = capabilities(&programs.chromium, profile.path(), scripts);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities.as_object().unwrap().clone());
        let url = format!("http://127.0.0.1:{port}");
        match builder.connect(&url).await {
            Ok(client) => Browser { client, driver, port, _profile: profile },
            Err(e) => {
                end(driver, port);
                panic!("no browser: {e}");
            }
        }
    }

    /// A command of the DevTools protocol.
    pub async fn devtools(&self, command: &'static str, parameters: Value) -> Value {
        self.client.issue_cmd(DevTools { command, parameters }).await.unwrap()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Ok(None) = self.driver.try_wait() {
            shut_down(self.port);
        }
        let _ = self.driver.kill(); // it may have ended by itself
        let _ = self.driver.wait();
    }
}

fn end(mut driver: Child, port: u16) {
    shut_down(port);
    let _ = driver.kill(); // it may have ended by itself
    let _ = driver.wait();
}

/// Asks the driver to end, and its browser with it.
fn shut_down(port: u16) {
    let Ok(mut s) = std::net::TcpStream::connect(("127.0.0.1", port)) else { return };
    let _ = s.set_read_timeout(Some(Duration::from_secs(5)));
    let ask = format!("GET /shutdown HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n\r\n");
    if s.write_all(ask.as_bytes()).is_ok() {
        let _ = s.read_to_end(&mut vec![]); // whatever it says, it ends
    }
}

fn capabilities(chromium: &Path, profile: &Path, scripts: bool) -> Value {
    let mut flags: Vec<String> = FLAGS.iter().map(|f| (*f).to_owned()).collect();
    flags.push(format!("--user-data-dir={}", profile.display()));
    let mut options = json!({ "binary": chromium, "args": flags });
    if !scripts {
        options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
    }
    json!({ "browserName": "chrome", "goog:chromeOptions": options })
}

#[derive(Debug)]
struct DevTools {
    command: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        let body = json!({ "cmd": self.command, "params": self.parameters });
        (http::Method::POST, Some(body.to_string()))
    }
}
