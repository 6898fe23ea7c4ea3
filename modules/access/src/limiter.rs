use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use kernel::Clock;

use crate::Error;
use crate::check::email_key;

/// The program's clock, as governor reads it.
#[derive(Clone)]
struct Time(Arc<dyn Clock>);

impl governor::clock::Clock for Time {
    type Instant = Duration;
    fn now(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.now().micros()).unwrap_or(0))
    }
}

type Keyed<K> = RateLimiter<K, DashMapStateStore<K>, Time, NoOpMiddleware<Duration>>;

/// How often somebody may try to sign in: per account, so that one account's password cannot be tried from many
/// addresses; per address, so that one password cannot be tried on many accounts. One a process.
pub struct Limiter {
    time: Time,
    accounts: Keyed<String>,
    addresses: Keyed<IpAddr>,
    asked: AtomicU32,
}

impl std::fmt::Debug for Limiter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Limiter").finish_non_exhaustive()
    }
}

/// So many at once, then one more every so often.
const ACCOUNT: (u32, Duration) = (8, Duration::from_secs(60));
const ADDRESS: (u32, Duration) = (30, Duration::from_secs(10));

fn quota((burst, every): (u32, Duration)) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(every).unwrap_or_else(|| Quota::per_minute(NonZeroU32::MIN)).allow_burst(burst)
}

impl Limiter {
    /// With the clock of the program.
    pub fn new(clock: Arc<dyn Clock>) -> Limiter {
        let time = Time(clock);
        Limiter {
            accounts: RateLimiter::new(quota(ACCOUNT), DashMapStateStore::default(), time.clone()),
            addresses: RateLimiter::new(quota(ADDRESS), DashMapStateStore::default(), time.clone()),
            asked: AtomicU32::new(0),
            time,
        }
    }

    /// Counts an attempt.
    ///
    /// # Errors
    /// [`Error::TooManyAttempts`] with when to try again.
    pub fn attempt(&self, email: &str, ip: IpAddr) -> Result<(), Error> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % 256 == 255 {
            // keys that have recovered are as good as new: memory stays bounded by the attempts of a few minutes
            self.accounts.retain_recent();
            self.addresses.retain_recent();
        }
        // the address first: who is over its limit cannot use up an account's
        let answer =
            self.addresses.check_key(&network(ip)).and_then(|()| self.accounts.check_key(&email_key(email)));
        answer.map_err(|until| {
            let now = self.time.now();
            let wait = until.wait_time_from(now);
            Error::TooManyAttempts { wait, at: self.time.0.now().plus(wait) }
        })
    }
}

/// One subscriber's addresses: an IPv6 network of 64 bits, an IPv4 address (also one written as IPv6).
fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{FixedClock, Timestamp};

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_account_recovers_one_attempt_a_minute() {
        let clock = Arc::new(FixedClock::new(Timestamp(1_772_445_600_000_000)));
        let limiter = Limiter::new(clock.clone());
        for i in 0..8 {
            limiter.attempt("Ada@example.com", ip(&format!("10.0.0.{i}"))).unwrap();
        }
        let refused = limiter.attempt(" ada@EXAMPLE.com", ip("10.0.0.99")).unwrap_err();
        assert_eq!(refused.retry_after(), Some(Duration::from_secs(60)));
        assert!(refused.to_string().contains("60 seconds"), "{refused}");
        assert!(limiter.attempt("bob@example.com", ip("10.0.0.99")).is_ok());
        clock.advance(Duration::from_secs(60));
        limiter.attempt("ada@example.com", ip("10.0.0.99")).unwrap();
        assert!(limiter.attempt("ada@example.com", ip("10.0.0.99")).is_err());
    }

    #[test]
    fn an_address_is_its_network() {
        let limiter = Limiter::new(Arc::new(FixedClock::new(Timestamp(1_772_445_600_000_000))));
        for i in 0..30 {
            limiter.attempt(&format!("a{i}@example.com"), ip(&format!("2001:db8::{i:x}"))).unwrap();
        }
        assert!(limiter.attempt("z@example.com", ip("2001:db8::ffff")).is_err());
        assert!(limiter.attempt("z@example.com", ip("2001:db8:1::1")).is_ok());
    }

    #[test]
    fn forgotten_keys_leave_memory() {
        let clock = Arc::new(FixedClock::new(Timestamp(1_772_445_600_000_000)));
        let limiter = Limiter::new(clock.clone());
        for i in 0..1000 {
            let _ =
                limiter.attempt(&format!("a{i}@example.com"), ip(&format!("10.1.{}.{}", i / 250, i % 250)));
            clock.advance(Duration::from_secs(30));
        }
        assert!(limiter.accounts.len() < 600, "{}", limiter.accounts.len());
    }
}
