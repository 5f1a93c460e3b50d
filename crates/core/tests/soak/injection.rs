//! The effects of the faults on the fleet.

use daraja_auth_core::manager::{Member, Output};

use crate::faults::{FaultPlan, Strike};
use crate::fleet::{Fleet, Happening};
use crate::simulation::Driven;

impl Fleet {
    /// Carries out one fault of a storm, and queues the next one.
    pub fn strike(&mut self) {
        let time = self.world.time;
        if let Some(next) = self.fault_plan.next(time, &mut self.rng).filter(|next| *next < self.end) {
            self.at(next, Happening::Strike);
        }
        if !self.fault_plan.is_storm(time) {
            return;
        }
        let host = self.rng.usize(..self.processes.len());
        let strike = FaultPlan::strike(self.sleeps, self.world.has_clock, &mut self.rng);
        self.metrics.strike(strike);
        match strike {
            // Faults do the most damage to a member that generates, so such a member is often chosen.
            Strike::Crash | Strike::Freeze | Strike::Sleep if self.rng.bool() => self.ambush = Some(strike),
            Strike::Crash | Strike::Freeze | Strike::Sleep => self.hit(host, strike),
            Strike::Jump => {
                self.world.members[host].wall_skew = self.rng.i64(-7_200_000..7_200_000);
                let span = self.rng.u64(1_000..600_000);
                self.after(span, Happening::SetClock(host));
            }
            Strike::Foreign => {
                self.daraja.ask(time, None);
            }
            Strike::Flush => self.put(None),
            Strike::FallBack if self.past.is_empty() => {}
            Strike::FallBack => {
                let past = self.past[self.rng.usize(..self.past.len())].value.clone();
                self.put(past);
            }
            Strike::Outage => self.fault_plan.outage_until = time + self.rng.u64(500..30_000),
            Strike::Flaky => self.fault_plan.flaky_until = time + self.rng.u64(1_000..120_000),
            Strike::Trouble => self.fault_plan.trouble_until = time + self.rng.u64(1_000..120_000),
        }
    }

    /// A process crashes or is frozen, or its machine sleeps.
    pub fn hit(&mut self, host: usize, strike: Strike) {
        let time = self.world.time;
        let is_at_work = |run: &Driven| run.member == host && matches!(run.effect, Output::Swap | Output::Generate);
        self.metrics.excused += if self.world.runs.values().any(is_at_work) { 2 } else { 0 };
        if strike == Strike::Crash {
            return self.crash(host);
        }
        let span = if strike == Strike::Sleep { self.rng.u64(1_000..600_000) } else { self.rng.u64(100..60_000) };
        let process = &mut self.processes[host];
        if process.frozen_until <= time {
            process.frozen_until = time + span;
            self.world.members[host].slept += if strike == Strike::Sleep { span } else { 0 };
        }
    }

    /// Puts an earlier record, or none, into the store.
    fn put(&mut self, value: Option<serde_json::Value>) {
        self.world.store.value = value;
        self.world.store.version += 1;
    }

    /// A process crashes with all its acquisitions, and another process takes its place.
    fn crash(&mut self, host: usize) {
        self.processes[host].runs.clear();
        self.processes[host].frozen_until = 0;
        let of_host = |(id, run): (&u32, &Driven)| (run.member == host).then_some(*id);
        let runs: Vec<_> = self.world.runs.iter().filter_map(of_host).collect();
        for run in runs {
            self.world.runs.remove(&run);
            self.sides.remove(&run);
        }
        self.metrics.vanished += self.callers.forget(host);
        self.world.members[host].member = Member::new(self.world.policy.clone());
        self.world.members[host].slept = 0;
    }
}
