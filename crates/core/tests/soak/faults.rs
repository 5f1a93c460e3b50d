//! The faults. They come in storms. Between two storms there are none, and the fleet must recover.

use daraja_auth_core::time::Millis;
use daraja_auth_simulator::{Fault, Kind};
use fastrand::Rng;

const MINUTE: u64 = 60_000;
/// The time from the beginning of a storm to that of the next. It leaves enough settled time for a renewal.
const CYCLE: u64 = 180 * MINUTE;
const STORM: u64 = 45 * MINUTE;
/// The time after a storm until its effects have ended. A sleep, a wrong wall clock and the cooldown of an endpoint
/// last up to ten minutes each.
const SETTLING: u64 = 25 * MINUTE;

/// What happens to one operation of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
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

/// A fault of the fleet. The simulator has faults of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FleetFault {
    Crash,
    Freeze,
    /// The machine sleeps, and its monotonic clock stands still.
    Sleep,
    /// The wall clock is set to another time.
    Jump,
    /// Another program generates a token.
    Supersede,
    /// The store loses the record.
    Flush,
    /// The store goes back to its state before one of the last few writes.
    Rollback,
    /// The store does not answer for a while.
    Outage,
    /// For a while the store loses some operations or answers, carries some out twice, or is slow, and some loads give
    /// an old record.
    Losses,
    /// Daraja fails for a while.
    Errors,
}

pub struct FaultPlan {
    is_calm: bool,
    pub outage_until: u64,
    pub losses_until: u64,
    pub errors_until: u64,
}

impl FaultPlan {
    pub fn new(is_calm: bool) -> Self {
        Self { is_calm, outage_until: 0, losses_until: 0, errors_until: 0 }
    }

    pub fn is_storm(&self, time: u64) -> bool {
        !self.is_calm && time % CYCLE < STORM
    }

    /// Whether the effects of the last storm have ended.
    pub fn is_settled(&self, time: u64) -> bool {
        self.is_calm || time % CYCLE >= STORM + SETTLING
    }

    /// Whether the effects of the last storm had ended, both at `since` and at `time`. No wait is long enough for a
    /// whole storm in between.
    pub fn is_settled_since(&self, since: u64, time: u64) -> bool {
        self.is_settled(since) && self.is_settled(time)
    }

    /// When the next fault of this storm, or of the next storm, may come.
    pub fn next(&self, time: u64, rng: &mut Rng) -> Option<u64> {
        let next = time + rng.u64(1_000..60_000);
        let begins = (time / CYCLE + 1) * CYCLE;
        (!self.is_calm).then(|| if self.is_storm(next) { next } else { begins })
    }

    /// Chooses a fault. If one clock stands still and the other is set, a member cannot know the time. So wall clocks
    /// are set only in a fleet whose machines stay awake and whose store has a clock.
    pub fn choose(sleeps: bool, has_clock: bool, rng: &mut Rng) -> FleetFault {
        match rng.u32(..16) {
            0..3 => FleetFault::Crash,
            3..6 => FleetFault::Freeze,
            6 if sleeps => FleetFault::Sleep,
            6 if has_clock => FleetFault::Jump,
            6..9 => FleetFault::Supersede,
            9 => FleetFault::Flush,
            10 => FleetFault::Rollback,
            11 => FleetFault::Outage,
            12..14 => FleetFault::Losses,
            _ => FleetFault::Errors,
        }
    }

    /// How long an operation takes to reach the store, or its answer to come back.
    pub fn store_delay(&self, time: u64, rng: &mut Rng) -> u64 {
        if time < self.losses_until && rng.u32(..10) == 0 { rng.u64(..4_000) } else { rng.u64(1..10) }
    }

    pub fn delivery(&self, time: u64, rng: &mut Rng) -> Delivery {
        if time < self.outage_until {
            return Delivery::Dropped;
        }
        match rng.u32(..20) {
            0 if time < self.losses_until => Delivery::Dropped,
            1 if time < self.losses_until => Delivery::Unanswered,
            2 if time < self.losses_until => Delivery::Doubled,
            3 if time < self.losses_until => Delivery::Stale,
            _ => Delivery::Done,
        }
    }

    /// How long a request for a token takes to reach Daraja. While Daraja fails, it may be longer than the time limit of
    /// an attempt.
    pub fn way_to_daraja(&self, time: u64, rng: &mut Rng) -> u64 {
        if time < self.errors_until && rng.u32(..10) == 0 { rng.u64(5_000..25_000) } else { rng.u64(20..150) }
    }

    /// What happens to a request for a token. None if it is answered as usual.
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
        if time >= self.errors_until || rng.bool() {
            return None;
        }
        let kind = kinds[rng.usize(..kinds.len())];
        let delay = (kind == Kind::Latency).then(|| Millis(rng.u64(..20_000)));
        let retry_after_seconds = (kind == Kind::RateLimited).then(|| rng.u32(1..120));
        Some(Fault { delay, retry_after_seconds, ..Fault::once(kind) })
    }
}
