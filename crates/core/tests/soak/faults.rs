//! What goes wrong: storms of faults, and calm between them, in which all must heal.

use daraja_auth_core::time::Millis;
use daraja_auth_simulator::{Fault, Kind};
use fastrand::Rng;

const MINUTE: u64 = 60_000;
/// From one storm to the next: time enough for a token to be renewed in between.
const CYCLE: u64 = 180 * MINUTE;
const STORM: u64 = 45 * MINUTE;
/// After a storm whatever is remembered of it is over: gaps of ten minutes, a sleep of ten.
const SETTLING: u64 = 25 * MINUTE;

/// What happens to one operation of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Done,
    /// It does not get there.
    Dropped,
    /// It is carried out, and the answer gets lost.
    Unanswered,
    /// A client that resends by itself: it is carried out twice, and the second answer counts.
    Doubled,
    /// A replica that is behind answers a load.
    Stale,
}

/// What strikes next.
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
    /// It does, now and then.
    Flaky,
    /// Daraja has trouble for a while.
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

    /// Whether the last storm is long over.
    pub fn is_settled(&self, time: u64) -> bool {
        self.is_calm || time % CYCLE >= STORM + SETTLING
    }

    /// The same, for all that time.
    pub fn is_settled_since(&self, since: u64, time: u64) -> bool {
        self.is_settled(since) && self.is_settled(time)
    }

    /// When the storm that rages, or the next one, may strike next.
    pub fn next(&self, time: u64, rng: &mut Rng) -> Option<u64> {
        let next = time + rng.u64(1_000..60_000);
        let begins = (time / CYCLE + 1) * CYCLE;
        (!self.is_calm).then(|| if self.is_storm(next) { next } else { begins })
    }

    /// Which fault strikes. Where one clock stands still and another is set, nobody can know the time: a fleet has one or
    /// the other.
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

    /// How long an operation of the store takes to get there, or back.
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

    /// How long a request for a token takes to get there: in times of trouble so long that nobody waits for it any more.
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
