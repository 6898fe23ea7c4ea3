use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use assets::{FetchError, Fetched, Fetcher, MAX_BYTES};
use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, LOCATION};
use reqwest::{Client, Response, StatusCode, redirect};
use url::{Host, Url};

use super::is_public;

/// How often it follows.
const REDIRECTS: usize = 5;
/// For everything together.
const TIME: Duration = Duration::from_secs(30);

/// Mozilla's certificates, with the one crypto library that the program holds.
fn tls() -> Result<rustls::ClientConfig, FetchError> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| FetchError::Refused(e.to_string()))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// Fetches over HTTP(S), from public addresses and the ports 80 and 443 only, at most [`MAX_BYTES`] in 30 seconds.
/// A name is resolved once, what it resolves to is checked, and the connection goes to exactly that; each redirect
/// anew. Proxies of the environment are not used: they would resolve names by themselves.
pub struct HttpFetcher {
    client: Client,
    allowed: Arc<[SocketAddr]>,
}

impl HttpFetcher {
    /// Ready to fetch.
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub fn new() -> Result<HttpFetcher, FetchError> {
        HttpFetcher::allowing(vec![])
    }

    /// Ready to fetch, from these too although they are private: a picture server in one's own network, or a test's.
    ///
    /// # Errors
    /// As [`HttpFetcher::new`].
    pub fn allowing(addresses: Vec<SocketAddr>) -> Result<HttpFetcher, FetchError> {
        let allowed: Arc<[SocketAddr]> = addresses.into();
        let client = Client::builder()
            .tls_backend_preconfigured(tls()?)
            .user_agent(concat!("Mercer/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Guarded)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(Duration::from_secs(10))
            .timeout(TIME)
            .pool_idle_timeout(Duration::from_secs(10))
            .build()
            .map_err(|e| FetchError::Refused(e.to_string()))?;
        Ok(HttpFetcher { client, allowed })
    }

    /// What can be seen of an address before a connection: its scheme, port, and host where that is no name.
    fn check(&self, url: &Url) -> Result<(), FetchError> {
        let refuse = |why: &str| Err(FetchError::Refused(format!("{why}: {url}")));
        if !matches!(url.scheme(), "http" | "https") {
            return refuse("only http and https addresses are fetched");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("an address with a password is not fetched");
        }
        let port = url.port_or_known_default().unwrap_or(0);
        let ip: Option<IpAddr> = match url.host() {
            Some(Host::Ipv4(ip)) => Some(ip.into()),
            Some(Host::Ipv6(ip)) => Some(ip.into()),
            Some(Host::Domain(_)) => None,
            None => return refuse("the address names no server"),
        };
        if ip.is_some_and(|ip| self.allowed.contains(&SocketAddr::new(ip, port))) {
            return Ok(());
        }
        if ip.is_some_and(|ip| !is_public(ip)) {
            return refuse("a private address is not fetched");
        }
        if !matches!(port, 80 | 443) {
            return refuse("only the ports 80 and 443 are fetched from");
        }
        Ok(())
    }

    async fn follow(&self, url: &str) -> Result<Fetched, FetchError> {
        let mut url =
            Url::parse(url).map_err(|e| FetchError::Refused(format!("'{url}' is no address: {e}")))?;
        for _ in 0..=REDIRECTS {
            self.check(&url)?;
            let answer =
                self.client.get(url.clone()).header(ACCEPT, "image/*").send().await.map_err(sorted)?;
            let status = answer.status();
            if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
                let next = answer.headers().get(LOCATION).and_then(|l| l.to_str().ok());
                let next =
                    next.ok_or_else(|| FetchError::Refused("the server redirects to nowhere".to_owned()))?;
                url =
                    url.join(next).map_err(|e| FetchError::Refused(format!("redirect to '{next}': {e}")))?;
                continue;
            }
            if !status.is_success() {
                let why = format!("the server answers {status}");
                let passing = status.is_server_error()
                    || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
                return Err(if passing { FetchError::Unreachable(why) } else { FetchError::Refused(why) });
            }
            return read(answer).await;
        }
        Err(FetchError::Refused(format!("more than {REDIRECTS} redirects")))
    }
}

#[async_trait]
impl Fetcher for HttpFetcher {
    async fn fetch(&self, url: &str) -> Result<Fetched, FetchError> {
        match tokio::time::timeout(TIME, self.follow(url)).await {
            Ok(result) => result,
            Err(_) => Err(FetchError::Unreachable(format!("no answer within {} seconds", TIME.as_secs()))),
        }
    }
}

/// The content, as far as the limit.
async fn read(mut answer: Response) -> Result<Fetched, FetchError> {
    let too_large = || FetchError::Refused(format!("larger than {} MB", MAX_BYTES / 1_000_000));
    let said = answer.content_length().unwrap_or(0);
    if said > MAX_BYTES as u64 {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(said).unwrap_or(0));
    while let Some(chunk) = answer.chunk().await.map_err(sorted)? {
        if bytes.len() + chunk.len() > MAX_BYTES {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Fetched { bytes: bytes.into() })
}

/// A name that leads to a private address.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' leads to a private address, which is not fetched")]
struct Private(String);

/// Ours is final; everything else may pass.
fn sorted(e: reqwest::Error) -> FetchError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&e);
    let mut last = e.to_string();
    while let Some(this) = cause {
        if let Some(private) = this.downcast_ref::<Private>() {
            return FetchError::Refused(private.to_string());
        }
        last = this.to_string();
        cause = this.source();
    }
    FetchError::Unreachable(if e.is_timeout() { "no answer in time".to_owned() } else { last })
}

/// Gives only public addresses to connect to.
struct Guarded;

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let public: Vec<SocketAddr> = found.iter().copied().filter(|a| is_public(a.ip())).collect();
            // one private address among public ones is a trick: none of them is used
            if public.len() < found.len() || public.is_empty() {
                return Err(Private(name.as_str().to_owned()).into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    /// A server that gives each path its answer.
    async fn server(answer: impl Fn(&str, SocketAddr) -> Vec<u8> + Send + 'static) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut head = vec![0; 4096];
                let n = socket.read(&mut head).await.unwrap_or(0);
                let head = String::from_utf8_lossy(&head[..n]).into_owned();
                let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
                let _ = socket.write_all(&answer(&path, at)).await;
            }
        });
        at
    }

    fn http(status: &str, more: &str, body: &str) -> Vec<u8> {
        format!(
            "HTTP/1.1 {status}\r\nconnection: close\r\n{more}content-length: {}\r\n\r\n{body}",
            body.len()
        )
        .into()
    }

    fn refused(result: Result<Fetched, FetchError>) -> String {
        match result {
            Err(FetchError::Refused(why)) => why,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn fetches_follows_and_knows_what_may_pass() {
        let at = server(|path, at| match path {
            "/a" => http("200 OK", "", "content"),
            "/moved" => http("302 Found", "location: /a\r\n", ""),
            "/loop" => http("301 Moved", &format!("location: http://{at}/loop\r\n"), ""),
            "/busy" => http("503 Busy", "", ""),
            "/large" => b"HTTP/1.1 200 OK\r\ncontent-length: 99000000\r\n\r\n".to_vec(),
            "/inside" => http("302 Found", "location: http://169.254.169.254/latest/meta-data\r\n", ""),
            "/name" => http("302 Found", "location: http://localhost/\r\n", ""),
            "/file" => http("302 Found", "location: file:///etc/passwd\r\n", ""),
            _ => http("404 Not Found", "", ""),
        })
        .await;
        let fetcher = HttpFetcher::allowing(vec![at]).unwrap();
        let get = async |path: &str| fetcher.fetch(&format!("http://{at}{path}")).await;
        assert_eq!(&get("/a").await.unwrap().bytes[..], b"content");
        assert_eq!(&get("/moved").await.unwrap().bytes[..], b"content");
        assert!(matches!(get("/busy").await, Err(FetchError::Unreachable(_))));
        assert!(refused(get("/nothing").await).contains("404"));
        assert!(refused(get("/loop").await).contains("redirects"));
        assert!(refused(get("/large").await).contains("20 MB"));
        for path in ["/inside", "/name"] {
            assert!(refused(get(path).await).contains("private"), "{path}");
        }
        assert!(refused(get("/file").await).contains("only http"));
    }

    #[tokio::test]
    async fn strangers_lead_nowhere_inside() {
        let at = server(|_, _| http("200 OK", "", "secret")).await;
        let fetcher = HttpFetcher::new().unwrap();
        for url in [
            format!("http://{at}/"),
            format!("http://localhost:{}/", at.port()),
            "http://localhost/".to_owned(),
            "http://[::1]/".to_owned(),
            "http://[::ffff:127.0.0.1]/".to_owned(),
            "http://0x7f000001/".to_owned(),
            "http://2130706433/".to_owned(),
            "http://10.0.0.1/".to_owned(),
            "http://user:pass@example.com/".to_owned(),
            "https://example.com:22/".to_owned(),
            "ftp://example.com/".to_owned(),
            "data:image/png;base64,AAAA".to_owned(),
            "not an address".to_owned(),
        ] {
            refused(fetcher.fetch(&url).await);
        }
    }
}
