//! Encrypted connections to PostgreSQL, by rustls: whose certificate will do, and what to say when none does.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use deadpool_postgres::Connect;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio::task::JoinHandle;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::Error;
use crate::address::{Roots, Trust};

/// Makes connections that are protected as an address asks.
pub(crate) struct Caller {
    tls: Option<MakeRustlsConnect>,
    /// Will a plain connection do where an encrypted one cannot be had?
    or_plain: bool,
}

impl Caller {
    /// # Errors
    /// [`Error::Address`] when the certificates that vouch cannot be read.
    pub(crate) fn new(trust: &Trust) -> Result<Caller, Error> {
        let encrypted = |who| connector(who).map(Some);
        let tls = match trust {
            Trust::Plain => None,
            Trust::IfOffered | Trust::Anyone => encrypted(Who::Anyone)?,
            Trust::Vouched(roots) => encrypted(Who::Vouched(vouchers(roots)?, Name::Any))?,
            Trust::Named(roots) => encrypted(Who::Vouched(vouchers(roots)?, Name::AsCalled))?,
        };
        Ok(Caller { tls, or_plain: *trust == Trust::IfOffered })
    }
}

type Connected = Result<(Client, JoinHandle<()>), tokio_postgres::Error>;

impl Connect for Caller {
    fn connect(&self, config: &Config) -> Pin<Box<dyn Future<Output = Connected> + Send + '_>> {
        let config = config.clone();
        Box::pin(async move {
            let Some(tls) = &self.tls else { return open(&config, NoTls).await };
            match open(&config, tls.clone()).await {
                // as libpq does: the server offers TLS that we cannot speak, or lets us in only without
                Err(e) if self.or_plain && (is_tls(&e) || is_turned_away(&e)) => {
                    let mut plain = config;
                    plain.ssl_mode(SslMode::Disable);
                    open(&plain, NoTls).await
                }
                result => result,
            }
        })
    }
}

async fn open<T>(config: &Config, tls: T) -> Connected
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
{
    let (client, connection) = config.connect(tls).await?;
    let task = tokio::spawn(async move {
        if let Err(e) = connection.await {
            tracing::warn!(error = %e, "a connection to PostgreSQL broke");
        }
    });
    Ok((client, task))
}

/// Did the handshake fail? The driver has no other word for it than its text.
fn is_tls(e: &tokio_postgres::Error) -> bool {
    e.to_string().starts_with("error performing TLS handshake")
}

fn is_turned_away(e: &tokio_postgres::Error) -> bool {
    e.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION)
}

/// What to tell whoever set the address: what failed, and what would do.
pub(crate) fn explain(e: &tokio_postgres::Error) -> String {
    let why = std::error::Error::source(e).map(|s| format!(": {s}")).unwrap_or_default();
    let text = format!("{e}{why}");
    if !is_tls(e) {
        return text;
    }
    let certificate = std::error::Error::source(e)
        .and_then(|s| s.downcast_ref::<std::io::Error>())
        .and_then(std::io::Error::get_ref)
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match certificate {
        Some(rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        )) => format!(
            "{text}. The certificate bears another name than the address calls: use the name that it bears, or \
             sslmode=verify-ca, which does not ask for one"
        ),
        Some(rustls::Error::InvalidCertificate(_)) => format!(
            "{text}. The server's certificate is not vouched for: sslrootcert=PATH names the certificate that \
             vouches for it (or the server's own), sslmode=require encrypts without asking who answers"
        ),
        _ if text.contains("does not support TLS") => {
            format!("{text}. Turn it on there (ssl = on in postgresql.conf), or write sslmode=disable")
        }
        _ => text,
    }
}

/// The certificates that vouch for servers.
fn vouchers(roots: &Roots) -> Result<Vec<CertificateDer<'static>>, Error> {
    match roots {
        Roots::Mozilla => Ok(vec![]),
        Roots::System => {
            let found = rustls_native_certs::load_native_certs();
            if found.certs.is_empty() {
                let why = found.errors.first().map(|e| format!(": {e}")).unwrap_or_default();
                return Err(Error::Address(format!("sslrootcert=system: this machine trusts nobody{why}")));
            }
            Ok(found.certs)
        }
        Roots::File(path) => read(path),
    }
}

fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let wrong = |why: String| Error::Address(format!("sslrootcert={}: {why}", path.display()));
    let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|e| wrong(format!("cannot be read: {e}")))?;
    if certificates.is_empty() {
        return Err(wrong("holds no certificate (PEM, 'BEGIN CERTIFICATE')".to_owned()));
    }
    Ok(certificates)
}

/// Whose certificate will do; no vouchers means Mozilla's list.
enum Who {
    Anyone,
    Vouched(Vec<CertificateDer<'static>>, Name),
}

/// Must the certificate bear the name that was called?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Any,
    AsCalled,
}

fn connector(who: Who) -> Result<MakeRustlsConnect, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match who {
        Who::Anyone => Arc::new(Anyone(provider.clone())),
        Who::Vouched(certificates, name) => Arc::new(Vouched::new(certificates, name, provider.clone())?),
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::Connection(e.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// Encrypts, and does not ask who answers: libpq's `prefer` and `require`.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }
    // a signature proves that the other side holds a key that nobody asked for
    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }
    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// A certificate that others vouch for, or one that was named itself: a self-signed one is its own authority.
#[derive(Debug)]
struct Vouched {
    chain: Arc<WebPkiServerVerifier>,
    named: Vec<CertificateDer<'static>>,
    name: Name,
}

impl Vouched {
    fn new(
        named: Vec<CertificateDer<'static>>,
        name: Name,
        provider: Arc<CryptoProvider>,
    ) -> Result<Vouched, Error> {
        let mut roots = RootCertStore::empty();
        if named.is_empty() {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        } else {
            roots.add_parsable_certificates(named.iter().cloned());
        }
        let chain = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|e| Error::Address(format!("sslrootcert: {e}")))?;
        Ok(Vouched { chain, named, name })
    }
}

impl ServerCertVerifier for Vouched {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if self.named.iter().any(|known| known == end_entity) {
            if self.name == Name::AsCalled {
                rustls::client::verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
            }
            return Ok(ServerCertVerified::assertion());
        }
        let answer =
            self.chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match (answer, self.name) {
            // the name is what is looked at last: the chain held
            (
                Err(rustls::Error::InvalidCertificate(
                    CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
                )),
                Name::Any,
            ) => Ok(ServerCertVerified::assertion()),
            (answer, _) => answer,
        }
    }
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chain.verify_tls12_signature(message, cert, dss)
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chain.verify_tls13_signature(message, cert, dss)
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chain.supported_verify_schemes()
    }
}
