//! The driver of the acquisitions. It carries out each output of the step function, and reports the result.

use daraja_auth_core::error::Result;
use daraja_auth_core::manager::{Failure, Input, Output};
use daraja_auth_core::time::Millis;
use daraja_auth_core::token::Token;

use crate::faults::Delivery;
use crate::fleet::{Fleet, Happening, SKEW};
use crate::simulation::{Answer, Driven, Question, Store};

impl Fleet {
    pub fn waits(&self, run: u32, serial: u64) -> bool {
        self.world.runs.contains_key(&run) && self.sides[&run].serial == serial
    }

    pub fn tell(&mut self, run: u32, input: Input) {
        self.world.tell(run, input);
        self.carry_on(run);
    }

    /// Carries out the output of an acquisition.
    pub fn carry_on(&mut self, run: u32) {
        for (_, event) in std::mem::take(&mut self.world.events) {
            self.metrics.event(&event);
        }
        let Driven { ref output, member, .. } = self.world.runs[&run];
        self.serial += 1;
        let serial = self.serial;
        let side = self.sides.get_mut(&run).unwrap();
        side.serial = serial;
        let began = side.began;
        match *output {
            Output::Load | Output::Swap => {
                let question = self.world.question(run);
                let delivery = self.fault_plan.delivery(self.world.time, &mut self.rng);
                let delay = self.fault_plan.store_delay(self.world.time, &mut self.rng);
                self.after(delay, Happening::AtStore(run, serial, question, delivery));
                self.after(self.world.policy.store_timeout.0, Happening::StoreTimeout(run, serial));
            }
            Output::Generate => {
                let now = self.world.now(member);
                self.sides.get_mut(&run).unwrap().sent = (now.wall, now.monotonic);
                self.metrics.forced += u64::from(self.is_lacking(member, run));
                if let Some(fault) =
                    self.fault_of_generator.take().filter(|_| self.fault_plan.is_storm(self.world.time))
                {
                    let delay = self.rng.u64(..900);
                    self.after(delay, Happening::MemberFault(member, fault));
                }
                let delay = self.fault_plan.way_to_daraja(self.world.time, &mut self.rng);
                self.after(delay, Happening::AtDaraja(run, serial));
                self.after(self.world.policy.timeout.0, Happening::DarajaTimeout(run, serial));
            }
            Output::Wait(Millis(span)) => self.after(span, Happening::Wake(run, serial)),
            Output::Complete(_) => {
                let took = self.world.time - began;
                // The limit is the deadline, and the steps that an acquisition with the lease may begin just before it.
                let longest = self.world.policy.deadline.0 + 2 * self.world.policy.lease().0;
                let was_frozen = self.processes[member].frozen_until > began;
                assert!(took <= longest || was_frozen, "acquisition {run} took {took} ms");
                self.complete(run);
            }
        }
    }

    pub fn at_store(&mut self, run: u32, serial: u64, question: Question, delivery: Delivery) {
        let question = match question {
            Question::Swap(_, value) if self.is_blind => {
                Question::Swap(self.world.store.value.as_ref().map(|_| self.world.store.version), value)
            }
            question => question,
        };
        let is_write = matches!(question, Question::Swap(..));
        let before = is_write.then(|| self.world.store.clone());
        let answer = match delivery {
            // Some clients report a broken connection at once.
            Delivery::Dropped if self.rng.bool() => return self.after(5, Happening::StoreTimeout(run, serial)),
            Delivery::Dropped => return,
            Delivery::Stale if !is_write && !self.past.is_empty() => {
                let past = &self.past[self.rng.usize(..self.past.len())];
                Answer::Loaded(past.value.clone().map(|value| (value, past.version)), self.world.store_now())
            }
            Delivery::Doubled => {
                self.world.answer(question.clone());
                self.world.answer(question)
            }
            _ => self.world.answer(question),
        };
        if let Some(before) = before.filter(|before| before.version != self.world.store.version) {
            self.note_write(before);
        }
        if delivery != Delivery::Unanswered {
            let delay = self.fault_plan.store_delay(self.world.time, &mut self.rng);
            self.after(delay, Happening::FromStore(run, serial, answer));
        }
    }

    /// The record has changed. Checks that it is not older than before, and wakes the members that watch it.
    fn note_write(&mut self, before: Store) {
        let epoch =
            |store: &Store| store.value.as_ref().map(|value| (value["history"].clone(), value["epoch"].as_u64()));
        if let (Some((before, was)), Some((after, is))) = (epoch(&before), epoch(&self.world.store)) {
            assert!(before != after || is >= was || was.is_none(), "the record went from epoch {was:?} back to {is:?}");
        }
        self.past.push_back(before);
        if self.past.len() > 4 {
            self.past.pop_front();
        }
        if self.watches {
            let is_waiting = |(_, run): &(&u32, &Driven)| matches!(run.output, Output::Wait(_));
            let waiting: Vec<_> = self.world.runs.iter().filter(is_waiting).map(|(run, _)| *run).collect();
            for run in waiting {
                self.after(3, Happening::Wake(run, self.sides[&run].serial));
            }
        }
    }

    pub fn at_daraja(&mut self, run: u32, serial: u64) {
        let fault = self.fault_plan.fault(self.world.time, &mut self.rng);
        let reply = self.daraja.ask(self.world.time, fault);
        if reply.grants {
            self.metrics.generates += 1;
            self.metrics.mutilated += u64::from(!matches!(reply.result, Some(Ok(_))));
            self.note_grant();
        }
        if let Some(result) = reply.result {
            let delay = reply.delay + self.rng.u64(50..600);
            self.after(delay, Happening::FromDaraja(run, serial, Box::new(result)));
        }
    }

    /// Checks that a token is generated only if the previous one is due, unless a fault may be the reason.
    fn note_grant(&mut self) {
        let time = self.world.time;
        if let Some(before) = self.granted_at.replace(time)
            && self.fault_plan.is_settled(time)
        {
            let least = 3_599_000 - 300_000 - 15_000 - 2 * SKEW as u64;
            assert!(time - before >= least, "a token is replaced after {} ms without a reason", time - before);
        }
    }

    pub fn judge(&mut self, run: u32, result: Result<Token>) {
        let (wall, sent) = self.sides[&run].sent;
        let input = match result {
            Ok(token) => {
                let expires_at = wall.after(Millis::from_secs(token.expires_in));
                Input::Granted { token: Token { expires_at, ..token }, sent }
            }
            Err(error) => Input::Failed(Failure::attempt(error.code, error.retry_after)),
        };
        self.tell(run, input);
    }
}
