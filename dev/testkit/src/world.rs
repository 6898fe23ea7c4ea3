use std::sync::Arc;

use kernel::{Ctx, Currency, FixedClock, Id, SeededEntropy, Store, Timestamp};

/// 2026-03-02 10:00:00 UTC, a Monday: when tests begin.
const START: i64 = 1_772_445_600_000_000;

/// A store whose ids are the same in every test.
pub fn store() -> Arc<Store> {
    Arc::new(Store {
        id: Id::from_uuid(uuid::Uuid::from_u128(0x0195_0000_0000_7000_8000_0000_0000_0001)),
        channel: Id::from_uuid(uuid::Uuid::from_u128(0x0195_0000_0000_7000_8000_0000_0000_0002)),
        market: Id::from_uuid(uuid::Uuid::from_u128(0x0195_0000_0000_7000_8000_0000_0000_0003)),
        entity: Id::from_uuid(uuid::Uuid::from_u128(0x0195_0000_0000_7000_8000_0000_0000_0004)),
        location: Id::from_uuid(uuid::Uuid::from_u128(0x0195_0000_0000_7000_8000_0000_0000_0005)),
        currency: Currency::EUR,
        time_zone: "Europe/Amsterdam".to_owned(),
        prices_include_tax: true,
        country: "NL".to_owned(),
    })
}

/// A clock that stands at the tests' beginning.
pub fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::new(Timestamp(START)))
}

/// The system's context with a clock that stands and seeded entropy.
pub fn ctx() -> Ctx {
    ctx_at(clock(), 1)
}

/// The system's context with this clock and seed.
pub fn ctx_at(clock: Arc<FixedClock>, seed: u64) -> Ctx {
    Ctx::with(store(), clock, Arc::new(SeededEntropy::new(seed)))
}
