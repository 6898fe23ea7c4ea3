//! Passwords: argon2id, off the async threads, a few at a time (each takes 19 MiB), never inside a transaction.

use std::fmt;
use std::sync::OnceLock;

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use kernel::Ctx;
use tokio::sync::Semaphore;

use crate::Error;

/// Characters that a password has at least.
pub const MIN_PASSWORD: usize = 10;
/// Bytes that it has at most: longer ones only cost time.
const MAX_PASSWORD: usize = 1024;

/// How many are computed at once: bounds memory (19 MiB each) and leaves processors for the shop.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// A password as the database may keep it: what [`hash_password`] gives and verbs take. Never the password itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Hashed(String);

impl Hashed {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hashed(…)")
    }
}

/// Checks a new password and hashes it (argon2id, 19 MiB, two passes, as OWASP advises). Call it before the
/// transaction that stores it.
///
/// # Errors
/// [`Error::Invalid`] with what is wrong with it.
pub async fn hash_password(ctx: &Ctx, password: &str) -> Result<Hashed, Error> {
    strong(password)?;
    let (salt, password) = (ctx.random::<16>(), password.to_owned());
    off_thread(move || hash_now(&password, &salt)).await?.map(Hashed)
}

fn hash_now(password: &str, salt: &[u8]) -> Result<String, Error> {
    let hash: PasswordHash = Argon2::default()
        .hash_password_with_salt(password.as_bytes(), salt)
        .map_err(|e| Error::Hash(e.to_string()))?;
    Ok(hash.to_string())
}

/// Does the password fit the hash? `None` stands for somebody unknown: it takes as long, and never fits.
pub(crate) async fn fits(password: &str, hash: Option<String>) -> Result<bool, Error> {
    if password.len() > MAX_PASSWORD {
        return Ok(false);
    }
    let password = password.to_owned();
    off_thread(move || {
        let known = hash.is_some();
        let hash = match hash {
            Some(hash) => hash,
            None => nobody()?.to_owned(),
        };
        let parsed = PasswordHash::new(&hash).map_err(|e| Error::Hash(e.to_string()))?;
        let fits = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
        Ok(fits && known)
    })
    .await?
}

/// A hash of the same cost that no account has.
fn nobody() -> Result<&'static str, Error> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    if let Some(hash) = NOBODY.get() {
        return Ok(hash);
    }
    let hash = hash_now("nobody has this password", b"a salt for nobody")?;
    Ok(NOBODY.get_or_init(|| hash))
}

/// Was it hashed with other parameters than today's?
pub(crate) fn outdated(hash: &str) -> bool {
    let today = argon2::Params::default();
    let wanted = format!("m={},t={},p={}", today.m_cost(), today.t_cost(), today.p_cost());
    !hash.starts_with("$argon2id$v=19$") || !hash.contains(&wanted)
}

async fn off_thread<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let turn = AT_ONCE.acquire().await.map_err(|e| Error::Hash(e.to_string()))?;
    let working = tokio::task::spawn_blocking(move || {
        // held by the work itself: a request that is dropped ends no thread
        let _turn = turn;
        f()
    });
    working.await.map_err(|e| Error::Hash(e.to_string()))
}

/// Long enough, and none that every list of guesses begins with. Length counts, not odd characters (NIST SP 800-63B).
fn strong(password: &str) -> Result<(), Error> {
    let wrong = |message: String| Err(Error::invalid("password", message));
    if password.chars().count() < MIN_PASSWORD {
        return wrong(format!("the password needs at least {MIN_PASSWORD} characters; a few words are good"));
    }
    if password.len() > MAX_PASSWORD {
        return wrong(format!("the password is longer than {MAX_PASSWORD} bytes"));
    }
    let plain = password.to_lowercase();
    let mut letters: Vec<char> = plain.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    if letters.len() < 4
        || COMMON
            .iter()
            .any(|c| plain == *c || plain.trim_end_matches(|c: char| c.is_ascii_digit() || c == '!') == *c)
    {
        return wrong("this password is among the first that are tried; take another".to_owned());
    }
    Ok(())
}

/// Of ten characters or more, or words that numbers are hung on: from published lists of leaked passwords.
const COMMON: &[&str] = &[
    "password",
    "passwort",
    "1234567890",
    "0123456789",
    "12345678910",
    "123456789a",
    "qwertyuiop",
    "qwerty",
    "qwertz",
    "qwertzuiop",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "q1w2e3r4t5",
    "iloveyou",
    "letmein",
    "welcome",
    "admin",
    "administrator",
    "changeme",
    "password1",
    "passw0rd",
    "abcdefghij",
    "asdfghjkl",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "superman",
    "trustno1",
    "monkey",
    "dragon",
    "master",
    "mercer",
    "hallo",
    "schatz",
    "zxcvbnm",
    "abc123",
    "abcd1234",
    "correcthorsebatterystaple",
    "correct horse battery staple",
    "qwerty123456",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused() {
        for weak in [
            "",
            "short",
            "1234567890",
            "aaaaaaaaaaaa",
            "Password123!",
            "qwertyuiop",
            "ababababab",
            "Passwort2026",
        ] {
            assert!(strong(weak).is_err(), "{weak}");
        }
        for good in ["a rainy tuesday", "Zwölf Äpfel", "kf8-Lw02_xQ"] {
            assert!(strong(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn todays_hashes_are_not_outdated() {
        let hash = hash_now("a rainy tuesday", b"0123456789abcdef").unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(!outdated(&hash));
        assert!(outdated(&hash.replace("t=2", "t=1")));
    }
}
