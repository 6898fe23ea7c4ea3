//! How often one may ask: so many at once, then so many more a second. Programs are told in `RateLimit` headers
//! (draft-ietf-httpapi-ratelimit-headers).

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use http::{HeaderMap, HeaderValue};
use kernel::{Clock, ErrorKind};
use uuid::Uuid;

use crate::Error;

/// The program's clock, as governor reads it.
#[derive(Clone)]
struct Time(Arc<dyn Clock>);

impl governor::clock::Clock for Time {
    type Instant = Duration;
    fn now(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.now().micros()).unwrap_or(0))
    }
}

/// Who is counted.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Asker {
    /// A key or a member of staff.
    Known(Uuid),
    /// An address; a whole network of IPv6.
    Address(IpAddr),
}

/// As many at once, and as many within a minute.
const WINDOW: Duration = Duration::from_secs(60);

/// The limits of this process.
pub(crate) struct Limits {
    /// Of programs, and of what outside services send us.
    pub(crate) api: Limit,
    /// Of what shoppers do: carts, checkouts. Far more than anybody can type.
    pub(crate) shoppers: Limit,
    /// Of searches, which cost more than kept pages.
    pub(crate) searches: Limit,
}

impl Limits {
    pub(crate) fn new(clock: &Arc<dyn Clock>) -> Limits {
        let limit = |burst: u32| Limit::new(clock.clone(), NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN));
        Limits { api: limit(1_200), shoppers: limit(120), searches: limit(600) }
    }
}

/// Who is counted by address: a whole network of IPv6. The machine itself is not: its own programs, and a proxy that
/// does not say for whom it asks.
pub(crate) fn by_address(ip: IpAddr) -> Option<Asker> {
    match ip.to_canonical() {
        ip if ip.is_loopback() => None,
        IpAddr::V6(v6) => Some(Asker::Address(IpAddr::V6(Ipv6Addr::from(u128::from(v6) >> 64 << 64)))),
        v4 => Some(Asker::Address(v4)),
    }
}

type Keyed = RateLimiter<Asker, DashMapStateStore<Asker>, Time, StateInformationMiddleware>;

/// One limit.
pub(crate) struct Limit {
    burst: NonZeroU32,
    time: Time,
    askers: Keyed,
    asked: AtomicU32,
}

/// What the headers say.
pub(crate) struct Left {
    burst: u32,
    remaining: u32,
    /// Seconds until everything is there again, or until the next one is.
    reset: u64,
}

impl Limit {
    fn new(clock: Arc<dyn Clock>, burst: NonZeroU32) -> Limit {
        let time = Time(clock);
        let quota = Quota::with_period(WINDOW / burst.get()).unwrap_or_else(|| Quota::per_minute(burst));
        let store = DashMapStateStore::default();
        let askers = RateLimiter::new(quota.allow_burst(burst), store, time.clone());
        Limit { burst, time, askers, asked: AtomicU32::new(0) }
    }

    /// Counts a request.
    pub(crate) fn ask(&self, asker: &Asker) -> Result<Left, Box<(Error, Left)>> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % 4096 == 4095 {
            self.askers.retain_recent(); // those who have recovered are as good as new
        }
        let burst = self.burst.get();
        match self.askers.check_key(asker) {
            Ok(snapshot) => {
                let remaining = snapshot.remaining_burst_capacity();
                let gone = u64::from(burst.saturating_sub(remaining));
                let reset = (gone * WINDOW.as_secs()).div_ceil(u64::from(burst));
                Ok(Left { burst, remaining, reset })
            }
            Err(until) => {
                let wait = until.wait_time_from(self.time.now()).as_millis().div_ceil(1000).max(1) as u64;
                let text = format!("Too many requests; ask again in {wait} s.");
                let mut error = Error::new(ErrorKind::TooMany, "too_many_requests", text);
                error.retry_after = Some(wait);
                Err(Box::new((error, Left { burst, remaining: 0, reset: wait })))
            }
        }
    }
}

impl Left {
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        let policy = format!("\"default\";q={};w={}", self.burst, WINDOW.as_secs());
        let left = format!("\"default\";r={};t={}", self.remaining, self.reset);
        for (name, text) in [("ratelimit-policy", policy), ("ratelimit", left)] {
            if let Ok(value) = HeaderValue::try_from(text) {
                headers.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{FixedClock, Timestamp};

    #[test]
    fn counts_each_for_itself_and_forgives() {
        let clock = Arc::new(FixedClock::new(Timestamp(1_000_000_000_000)));
        let limit = Limits::new(&(clock.clone() as Arc<dyn Clock>)).api;
        let (a, b) = (Asker::Known(Uuid::from_u128(1)), Asker::Known(Uuid::from_u128(2)));
        for _ in 0..1_200 {
            assert!(limit.ask(&a).is_ok());
        }
        let (error, left) = *limit.ask(&a).err().unwrap();
        assert_eq!((error.status().as_u16(), left.remaining, error.retry_after), (429, 0, Some(1)));
        assert!(limit.ask(&b).is_ok());
        // people behind one IPv4 address that comes as IPv6 are not the whole of IPv4
        let of = |ip: &str| by_address(ip.parse().unwrap());
        assert_ne!(of("::ffff:192.0.2.1"), of("::ffff:192.0.2.2"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::2"));
        assert_eq!(of("::1"), None);
        clock.advance(Duration::from_secs(1));
        assert!(limit.ask(&a).is_ok());
    }
}
