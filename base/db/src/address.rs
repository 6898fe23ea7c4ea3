//! A PostgreSQL address, and how much its connections are to be trusted: `sslmode` and `sslrootcert` as libpq
//! understands them, since that is what hosters hand out.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use tokio_postgres::config::{Host, SslMode};

use crate::Error;

/// What stands behind `postgres://…`.
#[derive(Debug)]
pub(crate) struct Address {
    /// Whom to call; its own mode says only whether a server without TLS will do.
    pub(crate) config: tokio_postgres::Config,
    /// What is asked of the server's certificate.
    pub(crate) trust: Trust,
}

/// How a connection is protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Not at all: `disable`, and every Unix socket.
    Plain,
    /// Encrypted if the server offers it, whoever it is; else plain: `prefer`, the default.
    IfOffered,
    /// Encrypted, whoever it is: `require`.
    Anyone,
    /// Encrypted, with a certificate that these vouch for, whatever its name: `verify-ca`, and `require` with
    /// `sslrootcert`.
    Vouched(Roots),
    /// The same, and it bears the name that was called: `verify-full`.
    Named(Roots),
}

/// Who vouches for a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Roots {
    /// Mozilla's list, built in.
    Mozilla,
    /// What this machine trusts: `sslrootcert=system`.
    System,
    /// The certificates in this PEM file.
    File(PathBuf),
}

impl Address {
    /// Takes an address apart.
    ///
    /// # Errors
    /// [`Error::Address`] says what can be written instead; it never holds the password.
    pub(crate) fn parse(url: &str) -> Result<Address, Error> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut roots) = (None, None);
        let mut rest: Vec<&str> = vec![];
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = || {
                percent_decode_str(value)
                    .decode_utf8()
                    .map(std::borrow::Cow::into_owned)
                    .map_err(|_| Error::Address(format!("{key} is not UTF-8")))
            };
            match key {
                "sslmode" => mode = Some(value()?),
                "sslrootcert" => roots = Some(value()?),
                _ => rest.push(pair),
            }
        }
        let plain = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        let mut config: tokio_postgres::Config =
            plain.parse().map_err(|e: tokio_postgres::Error| Error::Address(why(&e)))?;
        let sockets_only = !config.get_hosts().is_empty()
            && config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_)));
        let trust = if sockets_only { Trust::Plain } else { Trust::of(mode.as_deref(), roots.as_deref())? };
        config.ssl_mode(match trust {
            Trust::Plain => SslMode::Disable,
            Trust::IfOffered => SslMode::Prefer,
            Trust::Anyone | Trust::Vouched(_) | Trust::Named(_) => SslMode::Require,
        });
        Ok(Address { config, trust })
    }
}

impl Trust {
    fn of(mode: Option<&str>, roots: Option<&str>) -> Result<Trust, Error> {
        let roots = match roots {
            None | Some("") => None,
            Some("system") => Some(Roots::System),
            Some(path) => Some(Roots::File(path.into())),
        };
        let known = roots.clone().unwrap_or(Roots::Mozilla);
        Ok(match (mode, roots) {
            (Some("disable"), _) => Trust::Plain,
            (None | Some("prefer"), _) => Trust::IfOffered,
            (Some("require"), None) => Trust::Anyone,
            (Some("require"), Some(roots)) => Trust::Vouched(roots),
            (Some("verify-ca"), _) => Trust::Vouched(known),
            (Some("verify-full"), _) => Trust::Named(known),
            (Some(other), _) => {
                return Err(Error::Address(format!(
                    "sslmode={other} is none of disable, prefer, require, verify-ca and verify-full"
                )));
            }
        })
    }
}

/// What the driver says of an address, with the option that it does not know.
fn why(e: &tokio_postgres::Error) -> String {
    match std::error::Error::source(e) {
        Some(source) => format!("{e}: {source}"),
        None => e.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn trust(query: &str) -> Trust {
        Address::parse(&format!("postgres://me:secret@db.example:5432/shop{query}")).unwrap().trust
    }

    #[test]
    fn modes_are_those_of_libpq() {
        let file = || Roots::File("/etc/ssl/my ca.pem".into());
        assert_eq!(trust(""), Trust::IfOffered);
        assert_eq!(trust("?sslmode=prefer"), Trust::IfOffered);
        assert_eq!(trust("?sslmode=disable"), Trust::Plain);
        assert_eq!(trust("?sslmode=require"), Trust::Anyone);
        assert_eq!(trust("?sslmode=require&sslrootcert=/etc/ssl/my%20ca.pem"), Trust::Vouched(file()));
        assert_eq!(trust("?sslmode=verify-ca&sslrootcert=system"), Trust::Vouched(Roots::System));
        assert_eq!(trust("?sslmode=verify-full"), Trust::Named(Roots::Mozilla));
        assert_eq!(
            trust("?application_name=x&sslrootcert=/etc/ssl/my%20ca.pem&sslmode=verify-full"),
            Trust::Named(file())
        );
    }

    #[test]
    fn a_socket_is_never_encrypted() {
        let address = Address::parse("postgres://me@%2Frun%2Fpostgresql/shop?sslmode=verify-full").unwrap();
        assert_eq!((address.trust, address.config.get_ssl_mode()), (Trust::Plain, SslMode::Disable));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        let says =
            |query: &str| Address::parse(&format!("postgres://me@h/x?{query}")).unwrap_err().to_string();
        assert!(says("sslmode=full").contains("verify-full"));
        assert!(says("sslcert=x").contains("sslcert"));
    }
}
