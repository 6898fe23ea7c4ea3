//! A client that costs little, so that the server is what is measured: HTTP/1.1 over one connection that is kept.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection, with its cookies.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Sent with every request.
    pub cookies: BTreeMap<String, String>,
    port: u16,
}

/// An answer.
pub struct Answer {
    /// 200, 303, …
    pub status: u16,
    /// Lower-case names.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's first value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is none.
    pub fn json(&self) -> anyhow::Result<serde_json::Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("{}: {}", self.status, self.text()))
    }
}

impl Client {
    /// Connects to a server on this machine.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn connect(port: u16) -> anyhow::Result<Client> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Client { stream, buffer: Vec::with_capacity(64 * 1024), cookies: BTreeMap::new(), port })
    }

    /// Sends a request whose bytes are ready, and reads the answer: for loops that measure.
    ///
    /// # Errors
    /// When the connection breaks or the answer is no HTTP.
    pub async fn raw(&mut self, request: &[u8]) -> anyhow::Result<(u16, usize)> {
        self.stream.write_all(request).await?;
        let (head, length) = self.read_head().await?;
        let status = status_of(&self.buffer)?;
        self.read_body(head, length).await?;
        self.buffer.drain(..head + length);
        Ok((status, length))
    }

    /// Sends a request.
    ///
    /// # Errors
    /// As [`Client::raw`].
    pub async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> anyhow::Result<Answer> {
        let mut text = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\n", self.port);
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.cookies.is_empty() {
            let all: Vec<String> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
            text.push_str(&format!("cookie: {}\r\n", all.join("; ")));
        }
        if !body.is_empty() || method != "GET" {
            text.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(body);
        self.stream.write_all(&bytes).await?;
        let (head, length) = self.read_head().await?;
        self.read_body(head, length).await?;
        let status = status_of(&self.buffer)?;
        let lines = String::from_utf8_lossy(&self.buffer[..head]).into_owned();
        let headers: Vec<(String, String)> = lines
            .lines()
            .skip(1)
            .filter_map(|l| l.split_once(':'))
            .map(|(n, v)| (n.trim().to_ascii_lowercase(), v.trim().to_owned()))
            .collect();
        let body = self.buffer[head..head + length].to_vec();
        self.buffer.drain(..head + length);
        for (_, cookie) in headers.iter().filter(|(n, _)| n == "set-cookie") {
            if let Some((name, value)) = cookie.split(';').next().and_then(|c| c.split_once('=')) {
                self.cookies.insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
        Ok(Answer { status, headers, body })
    }

    async fn read_head(&mut self) -> anyhow::Result<(usize, usize)> {
        loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                let head = end + 4;
                let text = String::from_utf8_lossy(&self.buffer[..head]).to_ascii_lowercase();
                let length = text
                    .lines()
                    .find_map(|l| l.strip_prefix("content-length:"))
                    .map(|v| v.trim().parse::<usize>())
                    .transpose()?;
                if let Some(length) = length {
                    return Ok((head, length));
                }
                if text.contains("transfer-encoding: chunked") {
                    return self.dechunk(head).await;
                }
                return Ok((head, 0));
            }
            self.more().await?;
        }
    }

    /// Joins a chunked body in place, so that what follows sees a plain one.
    async fn dechunk(&mut self, head: usize) -> anyhow::Result<(usize, usize)> {
        let (mut at, mut body) = (head, vec![]);
        loop {
            let line = loop {
                match find(&self.buffer[at..], b"\r\n") {
                    Some(i) => break i,
                    None => self.more().await?,
                }
            };
            let size =
                std::str::from_utf8(&self.buffer[at..at + line])?.split(';').next().unwrap_or("0").trim();
            let size = usize::from_str_radix(size, 16).context("a chunk's size")?;
            let start = at + line + 2;
            while self.buffer.len() < start + size + 2 {
                self.more().await?;
            }
            body.extend_from_slice(&self.buffer[start..start + size]);
            at = start + size + 2;
            if size == 0 {
                break;
            }
        }
        let length = body.len();
        self.buffer.splice(head..at, body);
        Ok((head, length))
    }

    async fn read_body(&mut self, head: usize, length: usize) -> anyhow::Result<()> {
        while self.buffer.len() < head + length {
            self.more().await?;
        }
        Ok(())
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        let n = self.stream.read_buf(&mut self.buffer).await?;
        if n == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

fn status_of(buffer: &[u8]) -> anyhow::Result<u16> {
    let text = buffer.get(9..12).context("no status line")?;
    Ok(std::str::from_utf8(text)?.parse()?)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}
