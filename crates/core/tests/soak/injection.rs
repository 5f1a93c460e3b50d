//! The effects of the faults on the fleet.

use daraja_auth_core::manager::{Member, Output};

use crate::faults::{FaultPlan, FleetFault};
use crate::fleet::{Fleet, Happening};
use crate::simulation::Driven;

impl Fleet {
    /// Carries out one fault of a storm, and queues the next one.
    pub fn inject(&mut self) {
        let time = self.world.time;
        if let Some(next) = self.fault_plan.next(time, &mut self.rng).filter(|next| *next < self.end) {
            self.at(next, Happening::NextFault);
        }
        if !self.fault_plan.is_storm(time) {
            return;
        }
        let host = self.rng.usize(..self.processes.len());
        let fault = FaultPlan::choose(self.sleeps, self.world.has_clock, &mut self.rng);
        self.metrics.count_fault(fault);
        match fault {
            // Faults do the most damage to a member that generates, so such a member is often chosen.
            FleetFault::Crash | FleetFault::Freeze | FleetFault::Sleep if self.rng.bool() => {
                self.fault_of_generator = Some(fault)
            }
            FleetFault::Crash | FleetFault::Freeze | FleetFault::Sleep => self.fail_process(host, fault),
            FleetFault::Jump => {
                self.world.members[host].wall_skew = self.rng.i64(-7_200_000..7_200_000);
                let span = self.rng.u64(1_000..600_000);
                self.after(span, Happening::SetClock(host));
            }
            FleetFault::Supersede => {
                self.daraja.ask(time, None);
            }
            FleetFault::Flush => self.put(None),
            FleetFault::Rollback if self.past.is_empty() => {}
            FleetFault::Rollback => {
                let past = self.past[self.rng.usize(..self.past.len())].value.clone();
                self.put(past);
            }
            FleetFault::Outage => self.fault_plan.outage_until = time + self.rng.u64(500..30_000),
            FleetFault::Losses => self.fault_plan.losses_until = time + self.rng.u64(1_000..120_000),
            FleetFault::Errors => self.fault_plan.errors_until = time + self.rng.u64(1_000..120_000),
        }
    }

    /// A process crashes or is frozen, or its machine sleeps.
    pub fn fail_process(&mut self, host: usize, fault: FleetFault) {
        let time = self.world.time;
        let is_at_work = |run: &Driven| run.member == host && matches!(run.output, Output::Swap | Output::Generate);
        self.metrics.excused += if self.world.runs.values().any(is_at_work) { 2 } else { 0 };
        if fault == FleetFault::Crash {
            return self.crash(host);
        }
        let span = if fault == FleetFault::Sleep { self.rng.u64(1_000..600_000) } else { self.rng.u64(100..60_000) };
        let process = &mut self.processes[host];
        if process.frozen_until <= time {
            process.frozen_until = time + span;
            self.world.members[host].slept += if fault == FleetFault::Sleep { span } else { 0 };
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
