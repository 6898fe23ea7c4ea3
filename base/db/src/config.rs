use std::path::PathBuf;
use std::str::FromStr;

use crate::Error;
use crate::address::Address;

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL address: `postgres://user:password@host:port/name?sslmode=require`, `sslrootcert` beside it.
    Postgres(String),
}

impl FromStr for Target {
    type Err = Error;
    fn from_str(text: &str) -> Result<Target, Error> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Address::parse(text).map_err(|e| {
                let why = if let Error::Address(why) = e { why } else { e.to_string() };
                Error::Address(format!(
                    "'{}': {why}; write postgres://user@host:port/name",
                    without_password(text)
                ))
            })?;
            return Ok(Target::Postgres(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text);
        if path.is_empty() || path.contains("://") {
            return Err(Error::Address(format!("'{text}' is neither a file nor postgres://…")));
        }
        Ok(Target::File(path.into()))
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Target::File(path) => write!(f, "{}", path.display()),
            Target::Postgres(url) => f.write_str(&without_password(url)),
        }
    }
}

/// An address fit for logs.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.split_once('@') {
        Some((user, host)) => format!("{scheme}://{}:…@{host}", user.split(':').next().unwrap_or_default()),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!("shop/mercer.db".parse::<Target>().unwrap(), Target::File("shop/mercer.db".into()));
        let pg: Target = "postgres://me:secret@localhost:5432/shop".parse().unwrap();
        assert_eq!(pg.to_string(), "postgres://me:…@localhost:5432/shop");
        assert!("mysql://x".parse::<Target>().is_err());
    }
}
