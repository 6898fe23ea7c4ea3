//! PostgreSQL over TCP as Debian sets it up, with a certificate that it signed itself, and as hosters do, with one
//! that an authority vouches for: each `sslmode` does what libpq's does.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::path::Path;
use std::time::Duration;

use db::{Db, Target, Tx};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use testkit::{Certificate, Postgres};

/// Is the connection of this address encrypted? Or why is there none.
async fn encrypted(url: String) -> Result<bool, String> {
    let db = Db::open(&url.parse::<Target>().unwrap()).await.map_err(|e| e.to_string())?;
    let text = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
    let answer =
        db.read(async |tx: &mut Tx| tx.value::<bool>(text, &[]).await).await.map_err(|e| e.to_string());
    db.close();
    answer
}

/// Reloads its settings, which takes a moment to be felt, and waits until an address answers like this.
async fn until(pg: &Postgres, url: String, like: Result<bool, &str>) {
    pg.run("select pg_reload_conf()");
    let mut last = Ok(false);
    for _ in 0..100 {
        last = encrypted(url.clone()).await;
        let there = match (&last, like) {
            (Ok(one), Ok(other)) => *one == other,
            (Err(text), Err(part)) => text.contains(part),
            _ => false,
        };
        if there {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{url}: {last:?}, not {like:?}");
}

#[track_caller]
fn refused(answer: Result<bool, String>, parts: &[&str]) {
    let text = answer.unwrap_err();
    for part in parts {
        assert!(text.contains(part), "'{part}' is not in: {text}");
    }
}

fn query(mode: &str, roots: &Path) -> String {
    format!("?sslmode={mode}&sslrootcert={}", roots.display())
}

#[tokio::test]
async fn a_certificate_signed_by_itself() {
    let key = KeyPair::generate().unwrap();
    // as `openssl req -x509` makes them: an authority that serves
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let own = params.self_signed(&key).unwrap();
    let (certificate, private) = (own.pem(), key.serialize_pem());
    let Some(pg) = testkit::postgres_with_tls(Certificate { certificate: &certificate, key: &private })
    else {
        return testkit::skipped("a_certificate_signed_by_itself");
    };
    let at = |query: &str| pg.tcp_url("127.0.0.1", query);
    assert_eq!(encrypted(at("")).await, Ok(true));
    assert_eq!(encrypted(at("?sslmode=prefer")).await, Ok(true));
    assert_eq!(encrypted(at("?sslmode=require")).await, Ok(true));
    assert_eq!(encrypted(at("?sslmode=disable")).await, Ok(false));
    refused(encrypted(at("?sslmode=verify-full")).await, &["sslrootcert=PATH", "sslmode=require"]);
    refused(encrypted(at("?sslmode=verify-ca")).await, &["sslrootcert=PATH"]);

    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("server.pem");
    std::fs::write(&file, &certificate).unwrap();
    assert_eq!(encrypted(at(&query("require", &file))).await, Ok(true));
    assert_eq!(encrypted(at(&query("verify-ca", &file))).await, Ok(true));
    refused(encrypted(at(&query("verify-full", &file))).await, &["another name", "sslmode=verify-ca"]);
    assert_eq!(encrypted(pg.tcp_url("localhost", &query("verify-full", &file))).await, Ok(true));

    let stranger = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let other = dir.path().join("other.pem");
    std::fs::write(&other, stranger.cert.pem()).unwrap();
    for mode in ["require", "verify-ca", "verify-full"] {
        refused(encrypted(pg.tcp_url("localhost", &query(mode, &other))).await, &["not vouched for"]);
    }
    refused(
        encrypted(at(&query("verify-ca", &dir.path().join("none.pem")))).await,
        &["none.pem", "cannot be read"],
    );
    std::fs::write(&other, "nothing").unwrap();
    refused(encrypted(at(&query("verify-ca", &other))).await, &["holds no certificate"]);

    // let in only without encryption: `prefer` goes on plain, `require` does not
    pg.lets_in("hostnossl all all 127.0.0.1/32 trust");
    until(&pg, at("?sslmode=require"), Err("pg_hba.conf")).await;
    assert_eq!(encrypted(at("")).await, Ok(false));
    pg.lets_in("host all all 127.0.0.1/32 trust");
    until(&pg, at(""), Ok(true)).await;
    // no encryption to be had
    pg.run("alter system set ssl = off");
    until(&pg, at(""), Ok(false)).await;
    assert_eq!(encrypted(at("?sslmode=prefer")).await, Ok(false));
    refused(encrypted(at("?sslmode=require")).await, &["does not support TLS", "ssl = on"]);
}

#[tokio::test]
async fn a_certificate_that_an_authority_vouches_for() {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(["localhost".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let (certificate, private) = (leaf.pem(), key.serialize_pem());
    let Some(pg) = testkit::postgres_with_tls(Certificate { certificate: &certificate, key: &private })
    else {
        return testkit::skipped("a_certificate_that_an_authority_vouches_for");
    };
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("authority.pem");
    std::fs::write(&file, authority.pem()).unwrap();
    for mode in ["require", "verify-ca"] {
        assert_eq!(encrypted(pg.tcp_url("127.0.0.1", &query(mode, &file))).await, Ok(true), "{mode}");
    }
    refused(encrypted(pg.tcp_url("127.0.0.1", &query("verify-full", &file))).await, &["another name"]);
    assert_eq!(encrypted(pg.tcp_url("localhost", &query("verify-full", &file))).await, Ok(true));
    refused(encrypted(pg.tcp_url("localhost", "?sslmode=verify-full")).await, &["not vouched for"]);
    // a password goes well with it: SCRAM is bound to the certificate
    pg.run("create role clerk login password 'a b&c'");
    pg.lets_in("hostssl all clerk 127.0.0.1/32 scram-sha-256");
    pg.run("select pg_reload_conf()");
    let clerk =
        pg.tcp_url("localhost", &query("verify-full", &file)).replace("postgres@", "clerk:a%20b%26c@");
    until(&pg, clerk, Ok(true)).await;
}
