use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use uuid::Uuid;

/// Something that has ids; the prefix is shown before each.
pub trait Entity: 'static {
    /// Lower-case letters: `ord`.
    const PREFIX: &'static str;
}

/// The id of an `E`: a UUIDv7 (16 bytes in the database), shown as a TypeID (`ord_01h…`).
pub struct Id<E>(Uuid, PhantomData<fn() -> E>);

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is not an id of this kind; it begins with '{prefix}_'")]
pub struct IdError {
    /// What was given.
    pub text: String,
    /// What such ids begin with.
    pub prefix: &'static str,
}

impl<E> Id<E> {
    /// From its bytes, as the database holds them.
    pub const fn from_uuid(uuid: Uuid) -> Id<E> {
        Id(uuid, PhantomData)
    }

    /// Its bytes.
    pub const fn uuid(self) -> Uuid {
        self.0
    }

    /// A UUIDv7 made of a moment (microseconds; the millisecond and 12 further bits are kept) and random bytes.
    pub fn compose(micros: i64, random: [u8; 8]) -> Id<E> {
        let micros = u64::try_from(micros).unwrap_or(0);
        let (millis, rest) = (micros / 1000, micros % 1000);
        let mut b = [0u8; 16];
        b[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
        let fraction = rest * 4096 / 1000; // RFC 9562, method 3: the sub-millisecond part keeps ids in order
        b[6] = 0x70 | (fraction >> 8) as u8;
        b[7] = fraction as u8;
        b[8..].copy_from_slice(&random);
        b[8] = 0x80 | (b[8] & 0x3f);
        Id::from_uuid(Uuid::from_bytes(b))
    }
}

impl<E> Clone for Id<E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for Id<E> {}
impl<E> PartialEq for Id<E> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<E> Eq for Id<E> {}
impl<E> PartialOrd for Id<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<E> Ord for Id<E> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<E> Hash for Id<E> {
    fn hash<H: Hasher>(&self, h: &mut H) {
        self.0.hash(h);
    }
}

impl<E: Entity> fmt::Display for Id<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", E::PREFIX, encode(self.0.as_u128()))
    }
}
impl<E: Entity> fmt::Debug for Id<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<E: Entity> FromStr for Id<E> {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let wrong = || IdError { text: text.to_owned(), prefix: E::PREFIX };
        let rest = text.strip_prefix(E::PREFIX).and_then(|r| r.strip_prefix('_')).ok_or_else(wrong)?;
        decode(rest).map(|n| Id::from_uuid(Uuid::from_u128(n))).ok_or_else(wrong)
    }
}

impl<E: Entity> Serialize for Id<E> {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de, E: Entity> Deserialize<'de> for Id<E> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

// Crockford's base32 in lower case, 26 digits, the first at most 7. Source: the TypeID specification.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn encode(mut n: u128) -> String {
    let mut out = [b'0'; 26];
    for slot in out.iter_mut().rev() {
        *slot = DIGITS[(n & 31) as usize];
        n >>= 5;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn decode(text: &str) -> Option<u128> {
    if text.len() != 26 || text.as_bytes()[0] > b'7' {
        return None;
    }
    text.bytes().try_fold(0u128, |n, c| {
        let digit = DIGITS.iter().position(|d| *d == c)?;
        Some(n << 5 | digit as u128)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Prefix;
    impl Entity for Prefix {
        const PREFIX: &'static str = "prefix";
    }

    #[test]
    fn matches_the_specification() {
        // from the TypeID specification's valid.yml
        for (shown, uuid) in [
            ("prefix_0123456789abcdefghjkmnpqrs", "0110c853-1d09-52d8-d73e-1194e95b5f19"),
            ("prefix_01h455vb4pex5vsknk084sn02q", "01890a5d-ac96-774b-bcce-b302099a8057"),
        ] {
            let id: Id<Prefix> = shown.parse().unwrap();
            assert_eq!(id.uuid().to_string(), uuid);
            assert_eq!(id.to_string(), shown);
        }
        for wrong in [
            "prefix_8zzzzzzzzzzzzzzzzzzzzzzzzz",
            "prefix_",
            "ord_01h455vb4pex5vsknk084sn02q",
            "prefix_01H455VB4PEX5VSKNK084SN02Q",
        ] {
            assert!(wrong.parse::<Id<Prefix>>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn is_a_uuid_v7_in_order_of_time() {
        let a = Id::<Prefix>::compose(1_700_000_000_000_100, [255; 8]);
        let b = Id::<Prefix>::compose(1_700_000_000_000_900, [0; 8]);
        assert!(a < b);
        assert_eq!(a.uuid().get_version_num(), 7);
        assert_eq!(a.uuid().get_variant(), uuid::Variant::RFC4122);
    }
}
