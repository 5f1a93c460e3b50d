//! The faults. They come in storms. Between two storms there are none, and the fleet must recover.

use daraja_auth_core::time::Millis;
use daraja_auth_simulator::{Fault, Kind};
use fastrand::Rng;

const MINUTE: u64 = 60_000;
/// The time between two storms. It is long enough for a renewal.
const CYCLE: u64 = 180 * MINUTE;
const STORM: u64 = 45 * MINUTE;
/// The time after a storm until its effects have ended: back-offs of ten minutes, and a sleep of ten minutes.
const SETTLING: u64 = 25 * MINUTE;

/// The fate of one operation of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Done,
    /// The operation does not reach the store.
    Dropped,
    /// The operation is carried out, but its answer is lost.
    Unanswered,
    /// The client sends the operation twice. It is carried out twice, and the second answer counts.
    Doubled,
    /// A replica with an old record answers a load.
    Stale,
}

/// The next fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strike {
    Crash,
    Freeze,
    /// The machine sleeps, and its monotonic clock stands still.
    Sleep,
    /// The wall clock is set to another time.
    Jump,
    Foreign,
    Flush,
    /// The store goes back to its state before the last few writes.
    FallBack,
    /// The store does not answer for a while.
    Outage,
    /// The store loses many operations for a while.
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

    /// Whether the effects of the last storm have ended.
    pub fn is_settled(&self, time: u64) -> bool {
        self.is_calm || time % CYCLE >= STORM + SETTLING
    }

    /// Whether the effects of all storms had ended for this whole time.
    pub fn is_settled_since(&self, since: u64, time: u64) -> bool {
        self.is_settled(since) && self.is_settled(time)
    }

    /// When the next fault of this storm, or of the next storm, may come.
    pub fn next(&self, time: u64, rng: &mut Rng) -> Option<u64> {
        let next = time + rng.u64(1_000..60_000);
        let begins = (time / CYCLE + 1) * CYCLE;
        (!self.is_calm).then(|| if self.is_storm(next) { next } else { begins })
    }

    /// Chooses a fault. If one clock stands still and the other is set, a member cannot know the time. So in a fleet
    /// either machines sleep, or wall clocks are set.
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

    /// How long an operation takes to reach the store. Its answer takes as long to come back.
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
