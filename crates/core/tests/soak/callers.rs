//! The callers. Each gets a token, uses it, and reports it once if the API rejects it.

use std::collections::HashMap;

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{Acquisition, EndpointHash, Output};

use crate::fleet::{Fleet, Happening, SKEW, Side};

/// The number of the API whose product the app lacks. The other APIs have smaller numbers.
const LACKING: u64 = 9;
/// A grant explains the rejections of the previous token for this long: ten seconds until every member has loaded the
/// record again, the difference of two wall clocks, and five seconds for waits and delays.
const EXPLAINED: u64 = 10_000 + 2 * SKEW as u64 + 5_000;
/// The time in which a member is called twice, on average.
const INTERVAL: u64 = 40_000;

pub struct Caller {
    pub host: usize,
    since: u64,
    /// The end of its wait.
    until: u64,
    endpoint: u64,
    /// The number of acquisitions that it has begun or joined. A token from the cache needs none.
    turn: u8,
    /// The token that was rejected.
    rejected_token: Option<String>,
    /// The token that it has got and is about to use.
    token: Option<String>,
}

#[derive(Default)]
pub struct Callers {
    all: HashMap<u64, Caller>,
    last: u64,
}

impl Callers {
    pub fn get(&self, caller: u64) -> Option<&Caller> {
        self.all.get(&caller)
    }

    /// Removes the callers of a process that crashed. Gives their number.
    pub fn forget(&mut self, host: usize) -> u64 {
        let before = self.all.len();
        self.all.retain(|_, caller| caller.host != host);
        (before - self.all.len()) as u64
    }
}

impl Fleet {
    pub fn arrive(&mut self, host: usize) {
        let time = self.world.time;
        if time < self.end {
            let pause = self.rng.u64(..INTERVAL);
            self.after(pause, Happening::Arrive(host));
        }
        let is_lacking = self.fault_plan.is_storm(time) && self.rng.u32(..500) == 0;
        let endpoint = if is_lacking { LACKING } else { self.rng.u64(1..LACKING) };
        self.metrics.calls += 1;
        self.metrics.lacking += u64::from(is_lacking);
        self.callers.last += 1;
        let caller = self.callers.last;
        self.callers.all.insert(
            caller,
            Caller { host, since: time, until: 0, endpoint, turn: 0, rejected_token: None, token: None },
        );
        let now = self.world.now(host);
        let member = &self.world.members[host].member;
        if member.fresh_until().is_some_and(|fresh| !fresh.has_passed(&now))
            && let Some(token) = member.live(&now)
        {
            self.metrics.at_once += 1;
            return self.give(caller, token.access_token.as_str().into());
        }
        self.call(caller);
    }

    /// A caller begins an acquisition, or joins one with the same purpose.
    fn call(&mut self, caller: u64) {
        let who = self.callers.all.get_mut(&caller).unwrap();
        who.until = self.world.time + self.world.policy.deadline.0;
        who.turn += 1;
        let (host, until, turn) = (who.host, who.until, who.turn);
        let asked = who.rejected_token.clone().map(|rejected_token| (rejected_token, who.endpoint));
        let deadline = self.world.deadline(host);
        self.at(until, Happening::Deadline(caller));
        if asked.is_none() && self.shares {
            self.after(self.world.policy.renewal_wait.0, Happening::RenewalWaitOver(caller));
        }
        let same = self.processes[host].runs.iter().find(|(_, other)| *other == asked).map(|(run, _)| *run);
        if let Some(run) = same.filter(|_| self.shares) {
            self.world.runs.get_mut(&run).unwrap().run.join(deadline);
            self.sides.get_mut(&run).unwrap().callers.push((caller, turn));
            self.sides.get_mut(&run).unwrap().began = self.world.time;
            return;
        }
        let run = match &asked {
            Some((rejected_token, endpoint)) => {
                Acquisition::report(rejected_token.as_str().into(), EndpointHash::new(*endpoint), deadline)
            }
            None => Acquisition::get(deadline),
        };
        self.begin(host, run, asked, vec![(caller, turn)]);
    }

    fn begin(&mut self, host: usize, run: Acquisition, asked: Option<(String, u64)>, callers: Vec<(u64, u8)>) {
        let run = self.world.begin(host, run);
        self.sides.insert(run, Side { began: self.world.time, callers, ..Side::default() });
        self.processes[host].runs.push((run, asked));
        self.carry_on(run);
    }

    /// Whether an acquisition reports a token for the API whose product is missing.
    pub fn is_lacking(&self, host: usize, run: u32) -> bool {
        let is_so = |(other, asked): &(u32, Option<(String, u64)>)| {
            *other == run && asked.as_ref().is_some_and(|(_, endpoint)| *endpoint == LACKING)
        };
        self.processes[host].runs.iter().any(is_so)
    }

    /// An acquisition is complete. Its callers get the result, and the other acquisitions of its member are woken.
    pub fn complete(&mut self, run: u32) {
        let side = self.sides.remove(&run).unwrap();
        let host = self.world.runs[&run].member;
        self.processes[host].runs.retain(|(other, _)| *other != run);
        let result = self.world.result(run);
        for (other, _) in self.processes[host].runs.clone() {
            if matches!(self.world.runs[&other].output, Output::Wait(_)) {
                self.after(0, Happening::Wake(other, self.sides[&other].serial));
            }
        }
        for (caller, turn) in side.callers {
            // A caller that got the old token during a renewal does not wait any more.
            if self.callers.get(caller).is_none_or(|who| who.turn != turn || who.token.is_some()) {
                continue;
            }
            match &result {
                Ok(token) => self.give(caller, token.access_token.as_str().into()),
                Err(error) => self.settle(caller, Err(error.code)),
            }
        }
    }

    /// Gives a caller that has waited long enough for a renewal the old token.
    pub fn give_old_token(&mut self, caller: u64) {
        let Some(Caller { host, rejected_token: None, token: None, .. }) = self.callers.all.get(&caller) else {
            return;
        };
        if let Some(token) = self.world.token_during_renewal(*host) {
            self.give(caller, token.access_token.as_str().into());
        }
    }

    /// A caller gets a token, and uses it within half a second.
    fn give(&mut self, caller: u64, token: String) {
        let time = self.world.time;
        let Some(who) = self.callers.all.get_mut(&caller) else { return };
        assert!(who.rejected_token.as_ref() != Some(&token), "the rejected token is given again");
        // If the store has no clock, the wall clocks count, and they may differ.
        let slack = if self.world.has_clock { 0 } else { 2 * SKEW as u64 };
        let end = self.daraja.end_of(&token);
        assert!(end + slack > time, "a token that ended {} ms ago is given out", time - end);
        let is_awake = self.processes[who.host].frozen_until <= who.since;
        let waited = if is_awake { time - who.since } else { 0 };
        self.metrics.longest_wait = self.metrics.longest_wait.max(waited);
        if self.fault_plan.is_settled_since(who.since, time) {
            self.metrics.longest_settled_wait = self.metrics.longest_settled_wait.max(waited);
        }
        who.token = Some(token);
        let pause = self.rng.u64(1..500);
        self.after(pause, Happening::Use(caller));
    }

    pub fn use_token(&mut self, caller: u64) {
        let Some(who) = self.callers.all.get_mut(&caller) else { return };
        let token = who.token.take().unwrap();
        let time = self.world.time;
        if who.endpoint != LACKING && self.daraja.accepts(&token, time) {
            let (host, endpoint) = (who.host, who.endpoint);
            self.settle(caller, Ok(()));
            let endpoint = EndpointHash::new(endpoint).unwrap();
            let member = &self.world.members[host].member;
            if member.tracks_rejections() && member.is_accepted_after_rejection(&token, endpoint) {
                let deadline = self.world.deadline(host);
                self.begin(host, Acquisition::accept(token.into(), endpoint, deadline), None, Vec::new());
            }
            return;
        }
        let is_sound = who.endpoint != LACKING;
        let is_first = who.rejected_token.is_none();
        if is_sound {
            self.metrics.rejected += 1;
            if self.fault_plan.is_settled_since(who.since, time) {
                let is_explained = self.granted_at.is_some_and(|granted| time - granted < EXPLAINED);
                assert!(is_first && is_explained, "a token is rejected without a reason");
                self.metrics.rejected_at_renewal += 1;
            }
        }
        if is_first {
            who.rejected_token = Some(token);
            return self.call(caller);
        }
        self.metrics.rejected_twice += u64::from(is_sound);
        self.settle(caller, Err(Code::TokenRejected));
    }

    /// A caller stops its wait, unless it has a token already or has begun another wait.
    pub fn give_up(&mut self, caller: u64) {
        let is_late = |who: &Caller| who.token.is_none() && self.world.time >= who.until;
        if self.callers.all.get(&caller).is_some_and(is_late) {
            self.settle(caller, Err(Code::Timeout));
        }
    }

    /// Notes the result of a caller that is done.
    pub fn settle(&mut self, caller: u64, result: Result<(), Code>) {
        let Some(who) = self.callers.all.remove(&caller) else { return };
        match result {
            Ok(()) => self.metrics.served += 1,
            Err(_) if who.endpoint == LACKING => {}
            Err(code) => {
                assert!(!self.fault_plan.is_settled_since(who.since, self.world.time), "{code:?} without a reason");
                self.metrics.fail(code);
            }
        }
    }
}
