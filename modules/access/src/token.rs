use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::Ctx;
use sha2::{Digest, Sha256};

/// A secret as its bearer holds it; the database keeps only its SHA-256 hash, which is enough since it is 256 random
/// bits: nothing to guess. Not printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What API keys begin with, so that scanners of leaked secrets know them.
pub(crate) const KEY_PREFIX: &str = "mercer_";

impl Secret {
    /// 256 random bits after `prefix`.
    pub(crate) fn fresh(ctx: &Ctx, prefix: &str) -> Secret {
        Secret(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(ctx.random::<32>())))
    }

    /// To be shown to its bearer, this once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        hash_of(&self.0)
    }

    /// Enough to tell keys apart, too little to use: `mercer_Ab3d…x9Yz`.
    pub(crate) fn hint(&self) -> String {
        let body = self.0.strip_prefix(KEY_PREFIX).unwrap_or(&self.0);
        let ends = body.get(..4).zip(body.get(body.len().saturating_sub(4)..));
        ends.map_or_else(String::new, |(a, z)| format!("{KEY_PREFIX}{a}…{z}"))
    }
}

/// What the database keeps of a secret.
pub(crate) fn hash_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
