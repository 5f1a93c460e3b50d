//! The counters, and the table of the results.

use std::collections::BTreeMap;
use std::fmt;

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{EventType, TokenEvent};

use crate::faults::FleetFault;

/// A token is renewed about this long after its grant.
const RENEWED_AFTER: f64 = 3_599_000.0 - 285_000.0;

#[derive(Debug, Default)]
pub struct Metrics {
    pub time: u64,
    pub calls: u64,
    /// Calls that needed no acquisition, because the cache was fresh.
    pub at_once: u64,
    pub served: u64,
    /// Calls whose process crashed.
    pub vanished: u64,
    /// Rejections of a token by an API that the app may call.
    pub rejected: u64,
    /// Those of them where it was the caller's second token.
    pub rejected_twice: u64,
    /// Rejections in settled time. They are just after a renewal, and no fault is the reason.
    pub rejected_at_renewal: u64,
    /// Calls of the API whose product is missing.
    pub lacking: u64,
    /// The attempts to generate a token that reports of these calls caused.
    pub forced: u64,
    pub failures: BTreeMap<&'static str, u64>,
    pub longest_wait: u64,
    pub longest_settled_wait: u64,
    /// The number of tokens that Daraja granted to members.
    pub generates: u64,
    /// How many extra tokens faults may have caused, without `timeouts` and `mutilated`.
    pub excused: u64,
    pub timeouts: u64,
    /// Answers whose token was lost on the way.
    pub mutilated: u64,
    pub loads: u32,
    pub swaps: u32,
    pub faults: BTreeMap<String, u64>,
    pub events: BTreeMap<&'static str, u64>,
}

impl Metrics {
    pub fn count_fault(&mut self, fault: FleetFault) {
        *self.faults.entry(format!("{fault:?}").to_lowercase()).or_default() += 1;
        self.excused += match fault {
            FleetFault::Flush | FleetFault::Rollback => 2,
            FleetFault::Supersede | FleetFault::Jump | FleetFault::Outage | FleetFault::Losses => 1,
            // `fail_process` adds 2 if a crash, freeze or sleep hits a member that writes or generates. `timeouts` and
            // `mutilated` count the tokens that errors may cause.
            FleetFault::Crash | FleetFault::Freeze | FleetFault::Sleep | FleetFault::Errors => 0,
        };
    }

    pub fn event(&mut self, event: &TokenEvent) {
        *self.events.entry(event.event_type.as_str()).or_default() += 1;
    }

    pub fn fail(&mut self, code: Code) {
        *self.failures.entry(code.as_str()).or_default() += 1;
    }

    pub fn of(&self, kind: EventType) -> u64 {
        self.events.get(kind.as_str()).copied().unwrap_or_default()
    }

    /// The simulated time, counted in periods from one renewal to the next.
    pub fn renewal_periods(&self) -> f64 {
        self.time as f64 / RENEWED_AFTER
    }

    /// The most tokens that the rules allow: one for each renewal period, two more, those that faults may have caused,
    /// and the forced ones.
    pub fn most_generates(&self) -> u64 {
        self.renewal_periods() as u64 + 2 + self.excused + self.timeouts + self.mutilated + self.forced
    }
}

impl fmt::Display for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |part: u64| 100.0 * part as f64 / self.calls.max(1) as f64;
        let list = |counts: Vec<(&str, u64)>| {
            let shown: Vec<_> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
            if shown.is_empty() { "none".into() } else { shown.join(", ") }
        };
        let failed: u64 = self.failures.values().sum();
        let rows = [
            ("calls", format!("{}, {:.1} % of them without a load", self.calls, share(self.at_once))),
            ("served", format!("{} ({:.3} %)", self.served, share(self.served))),
            (
                "rejected",
                format!(
                    "{} tokens, {} of them after a retry, {} of them at a renewal, without a fault",
                    self.rejected, self.rejected_twice, self.rejected_at_renewal
                ),
            ),
            (
                "failed",
                format!("{failed}: {}", list(self.failures.iter().map(|(name, count)| (*name, *count)).collect())),
            ),
            (
                "product missing",
                format!("{} calls, which caused {} attempts to generate a token", self.lacking, self.forced),
            ),
            ("process crashed", format!("{}", self.vanished)),
            ("longest wait", format!("{} ms, {} ms without a fault", self.longest_wait, self.longest_settled_wait)),
            (
                "generates",
                format!(
                    "{} tokens, at most {} allowed; {:.2} per renewal period, {:.1} periods",
                    self.generates,
                    self.most_generates(),
                    self.generates as f64 / self.renewal_periods(),
                    self.renewal_periods()
                ),
            ),
            ("contention", format!("{} events", self.of(EventType::Contention))),
            ("leases", format!("{} taken, {} lost", self.of(EventType::LeaseTaken), self.of(EventType::LeaseLost))),
            ("store", format!("{} loads, {} writes", self.loads, self.swaps)),
            ("faults", list(self.faults.iter().map(|(name, count)| (name.as_str(), *count)).collect())),
        ];
        rows.iter().try_for_each(|(name, value)| writeln!(f, "  {name:<16} {value}"))
    }
}
