//! The faults: they come in storms. In the calm between two storms the fleet must heal.

use daraja_auth_core::time::Millis;
use daraja_auth_simulator::{Fault, Kind};
use fastrand::Rng;

const MINUTE: u64 = 60_000;
/// The time between two storms: long enough to renew a token.
const CYCLE: u64 = 180 * MINUTE;
const STORM: u64 = 45 * MINUTE;
/// The time after a storm until its effects are over: back-offs of ten minutes, and a sleep of ten.
const SETTLING: u64 = 25 * MINUTE;

/// What happens to one operation of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Done,
    /// It does not reach the store.
    Dropped,
    /// It is carried out, and the answer gets lost.
    Unanswered,
    /// A client that sends it again by itself: it is carried out twice, and the second answer counts.
    Doubled,
    /// A replica that is behind answers a load.
    Stale,
}

/// The next fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strike {
    Crash,
    Freeze,
    /// The machine sleeps, and its monotonic clock with it.
    Sleep,
    /// The wall clock is set.
    Jump,
    Foreign,
    Flush,
    /// The store goes back to what it was a few writes ago.
    FallBack,
    /// The store does not answer for a while.
    Outage,
    /// The store answers only now and then.
    Flaky,
    /// Daraja fails for a while.
    Trouble,
}

pub struct FaultPlan {
    is_calm: bool,
    pub outage_until: u64,
    pub flaky_until: u64,
    pub trouble_until: u64,
}

impl FaultPlan {
    pub fn new(is_calm: bool) -> Self {
        Self { is_calm, outage_until: 0, flaky_until: 0, trouble_until: 0 }
    }

    pub fn is_storm(&self, time: u64) -> bool {
        !self.is_calm && time % CYCLE < STORM
    }

    /// Whether the effects of the last storm are over.
    pub fn is_settled(&self, time: u64) -> bool {
        self.is_calm || time % CYCLE >= STORM + SETTLING
    }

    /// Whether they were over for the whole time.
    pub fn is_settled_since(&self, since: u64, time: u64) -> bool {
        self.is_settled(since) && self.is_settled(time)
    }

    /// When the next fault of the present storm, or of the next one, may come.
    pub fn next(&self, time: u64, rng: &mut Rng) -> Option<u64> {
        let next = time + rng.u64(1_000..60_000);
        let begins = (time / CYCLE + 1) * CYCLE;
        (!self.is_calm).then(|| if self.is_storm(next) { next } else { begins })
    }

    /// Chooses a fault. With one clock that stands still and another one that is set, the time cannot be known. So a
    /// fleet has only one of the two.
    pub fn strike(sleeps: bool, has_clock: bool, rng: &mut Rng) -> Strike {
        match rng.u32(..16) {
            0..3 => Strike::Crash,
            3..6 => Strike::Freeze,
            6 if sleeps => Strike::Sleep,
            6 if has_clock => Strike::Jump,
            6..9 => Strike::Foreign,
            9 => Strike::Flush,
            10 => Strike::FallBack,
            11 => Strike::Outage,
            12..14 => Strike::Flaky,
            _ => Strike::Trouble,
        }
    }

    /// How long an operation takes to reach the store, or its answer to come back.
    pub fn store_delay(&self, time: u64, rng: &mut Rng) -> u64 {
        if time < self.flaky_until && rng.u32(..10) == 0 { rng.u64(..4_000) } else { rng.u64(1..10) }
    }

    pub fn fate(&self, time: u64, rng: &mut Rng) -> Fate {
        if time < self.outage_until {
            return Fate::Dropped;
        }
        match rng.u32(..20) {
            0 if time < self.flaky_until => Fate::Dropped,
            1 if time < self.flaky_until => Fate::Unanswered,
            2 if time < self.flaky_until => Fate::Doubled,
            3 if time < self.flaky_until => Fate::Stale,
            _ => Fate::Done,
        }
    }

    /// How long a request for a token takes to reach Daraja. While Daraja fails, it may be longer than any time limit.
    pub fn way_to_daraja(&self, time: u64, rng: &mut Rng) -> u64 {
        if time < self.trouble_until && rng.u32(..10) == 0 { rng.u64(5_000..25_000) } else { rng.u64(20..150) }
    }

    /// What happens to a request for a token.
    pub fn fault(&self, time: u64, rng: &mut Rng) -> Option<Fault> {
        let kinds = [
            Kind::Hang,
            Kind::Cut,
            Kind::Truncated,
            Kind::Unavailable,
            Kind::Busy,
            Kind::SpikeArrest,
            Kind::RateLimited,
            Kind::Blocked403,
            Kind::Latency,
        ];
        if time >= self.trouble_until || rng.bool() {
            return None;
        }
        let kind = kinds[rng.usize(..kinds.len())];
        let delay = (kind == Kind::Latency).then(|| Millis(rng.u64(..20_000)));
        let retry_after_seconds = (kind == Kind::RateLimited).then(|| rng.u32(1..120));
        Some(Fault { delay, retry_after_seconds, ..Fault::once(kind) })
    }
}
