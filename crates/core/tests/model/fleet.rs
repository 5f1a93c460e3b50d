//! The state of the model: a fleet, its store, Daraja, and the history so far.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use daraja_auth_core::manager::{Input, Record, StoreMillis};

use crate::member::{BEGINNING, Caller, Ended, LIFETIME, Peer, Seen, Stage, Work, granted};

/// How often each fault happened, or may happen.
#[derive(Clone, Copy, Debug, Default, Hash, PartialEq, Eq)]
pub struct Faults {
    /// A process crashes while its acquisition writes, generates or has the lease.
    pub crashes: u8,
    /// A process is frozen for any time, while its acquisition writes, generates or has the lease.
    pub freezes: u8,
    /// A program without the store generates a token.
    pub foreign: u8,
    /// An attempt times out. Its request may reach Daraja at any time, or never.
    pub timeouts: u8,
    /// Daraja is unavailable for an attempt.
    pub failures: u8,
    /// An operation of the store is not carried out, or its answer is lost, or a write is carried out later.
    pub lost: u8,
    /// The store forgets everything.
    pub flushes: u8,
    /// The store forgets its last write, as an old replica does after a failover.
    pub fallbacks: u8,
}

impl Faults {
    /// The same number of each kind.
    pub fn each(most: u8) -> Self {
        let [crashes, freezes, foreign, timeouts, failures, lost, flushes, fallbacks] = [most; 8];
        Self { crashes, freezes, foreign, timeouts, failures, lost, flushes, fallbacks }
    }

    pub fn total(self) -> u8 {
        let Self { crashes, freezes, foreign, timeouts, failures, lost, flushes, fallbacks } = self;
        crashes + freezes + foreign + timeouts + failures + lost + flushes + fallbacks
    }
}

/// The violations of the rules.
#[derive(Clone, Copy, Debug, Default, Hash, PartialEq, Eq)]
pub struct Wrongs {
    /// The record went back to an older token.
    pub fell_back: bool,
    /// Two acquisitions generated at the same time, each under a lease that had not ended.
    pub overlapped: bool,
    /// A member handed out an older token than before.
    pub gave_older: bool,
    /// A token was handed out after its end.
    pub gave_ended: bool,
    /// A token was handed out to the caller that reported it.
    pub gave_rejected: bool,
    /// An acquisition takes more than 20 steps while no time passes.
    pub spins: bool,
    /// An API that accepts live tokens rejected two tokens of one caller.
    pub rejected_twice: bool,
}

/// The state.
#[derive(Clone, Debug)]
pub struct Fleet {
    pub time: u64,
    /// Whether the store has a clock.
    pub has_clock: bool,
    pub record: Option<Record>,
    /// The store before the last write, if it may fall back.
    pub before: Option<Option<Record>>,
    /// The members in the order of their hashes. So states that differ only in the order of members are one state.
    pub members: Vec<Arc<Peer>>,
    /// Writes that the store will carry out later, if the version that they name is still the current one.
    pub late: Vec<(Seen, Record)>,
    /// The number of requests that may still reach Daraja, although no acquisition can get their answers.
    pub adrift: u8,
    /// How many attempts were slow.
    pub slow: u8,
    /// How many waits ended early.
    pub hints: u8,
    /// When each token that Daraja granted ends. Only the last one is live.
    pub ends: Vec<u64>,
    /// How many requests of the fleet were granted a token.
    pub granted: u8,
    /// How many of these answers arrived.
    pub answered: u8,
    pub faults: Faults,
    pub wrongs: Wrongs,
    /// The newest token that the record had since it was flushed or fell back.
    pub newest: u8,
    /// How many random numbers identify a lease or a history.
    names: u8,
}

impl Fleet {
    pub fn new(members: Vec<Peer>, has_clock: bool) -> Self {
        Self {
            time: 0,
            has_clock,
            record: None,
            before: None,
            members: members.into_iter().map(Arc::new).collect(),
            late: Vec::new(),
            adrift: 0,
            slow: 0,
            hints: 0,
            ends: Vec::new(),
            granted: 0,
            answered: 0,
            faults: Faults::default(),
            wrongs: Wrongs::default(),
            newest: 0,
            names: 0,
        }
    }

    /// Changes a member.
    pub fn member(&mut self, at: usize) -> &mut Peer {
        let member = Arc::make_mut(&mut self.members[at]);
        member.unseal();
        member
    }

    /// Every caller of every member.
    pub fn callers(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.members
            .iter()
            .enumerate()
            .flat_map(|(at, member)| (0..member.callers.len()).map(move |caller| (at, caller)))
    }

    pub fn stage(&self, at: usize, caller: usize) -> &Stage {
        &self.members[at].callers[caller].stage
    }

    pub fn is_over(&self) -> bool {
        self.callers().all(|(at, caller)| matches!(self.stage(at, caller), Stage::Done(_)))
    }

    /// Brings the members into the order of their hashes.
    pub fn sort(&mut self) {
        for member in self.members.iter_mut().filter(|member| !member.is_sealed()) {
            Arc::make_mut(member).seal();
        }
        self.members.sort_by_key(|member| member.print());
        self.late.sort_by_key(|(_, record)| record.lease.map(|lease| lease.nonce.0));
    }

    pub fn call(&mut self, at: usize, caller: usize, rejected_token: Option<u8>) {
        let (time, mut names) = (self.time, self.names);
        let ended = self.member(at).call(caller, rejected_token, time, &mut names);
        self.names = names;
        self.note(at, caller, ended);
    }

    /// Gives an input to an acquisition.
    pub fn tell(&mut self, at: usize, caller: usize, input: Input) {
        let (time, mut names) = (self.time, self.names);
        let ended = self.member(at).tell(caller, input, time, &mut names);
        self.names = names;
        self.note(at, caller, ended);
    }

    fn note(&mut self, at: usize, caller: usize, ended: Option<Ended>) {
        let rejected_token = self.members[at].errand(caller).and_then(|errand| errand.rejected_token);
        match ended {
            None => {
                self.wrongs.spins |= self.members[at].errand(caller).is_some_and(|errand| errand.steps > 20);
                if matches!(self.members[at].errand(caller).unwrap().work, Work::Generate(_)) {
                    self.wrongs.overlapped |= self.others_at_work(at, caller);
                }
            }
            Some(Ended::Gave(token)) => {
                self.wrongs.gave_ended |= self.ends[usize::from(token) - 1] <= self.time;
                self.wrongs.gave_rejected |= rejected_token == Some(token);
                // A store that lost the record begins another history.
                self.wrongs.gave_older |= token < self.members[at].newest && self.faults.flushes == 0;
                self.member(at).newest = token;
                self.member(at).callers[caller].stage = Stage::Holding(token);
            }
            Some(Ended::Failed(code)) => self.member(at).callers[caller].stage = Stage::Done(Err(code)),
        }
    }

    /// Whether another acquisition generates under a lease that has not ended.
    fn others_at_work(&self, at: usize, caller: usize) -> bool {
        let now = StoreMillis(BEGINNING + self.time);
        self.callers().filter(|other| *other != (at, caller)).any(|(at, caller)| {
            let errand = self.members[at].errand(caller);
            errand.is_some_and(|errand| {
                matches!(errand.work, Work::Generate(_)) && errand.lease.is_some_and(|lease| lease.until > now)
            })
        })
    }

    /// The caller uses its token on an API.
    pub fn use_token(&mut self, at: usize, caller: usize, token: u8) {
        let is_alive = usize::from(token) == self.ends.len() && self.ends[usize::from(token) - 1] > self.time;
        let who = &mut self.member(at).callers[caller];
        if is_alive && !who.lacks_product {
            who.stage = Stage::Done(Ok(token));
            return;
        }
        who.rejected += 1;
        if who.rejected == 1 {
            self.call(at, caller, Some(token));
        } else {
            who.stage = Stage::Done(Ok(token));
            self.wrongs.rejected_twice |= !who.lacks_product;
        }
    }

    /// Daraja grants a token, which ends the previous one.
    pub fn issue(&mut self) -> u8 {
        self.ends.push(self.time + u64::from(LIFETIME) * 1000);
        self.ends.len() as u8
    }

    /// The answer to a request arrives. If Daraja has not granted its token yet, it does so now.
    pub fn answer(&mut self, at: usize, caller: usize) {
        let Work::Generate(request) = self.members[at].errand(caller).unwrap().work else { panic!("no request") };
        let token = request.granted.unwrap_or_else(|| {
            self.granted += 1;
            self.issue()
        });
        self.answered += 1;
        self.tell(at, caller, granted(token, request.sent));
    }

    /// Time passes.
    pub fn pass(&mut self, time: u64) {
        self.time = time;
        for (at, caller) in self.callers().collect::<Vec<_>>() {
            if self.members[at].errand(caller).is_some_and(|errand| errand.steps > 0) {
                self.member(at).errand_mut(caller).steps = 0;
            }
        }
    }

    /// The callers whose API accepts live tokens.
    pub fn callers_with_product(&self) -> impl Iterator<Item = &Caller> {
        self.members.iter().flat_map(|member| &member.callers).filter(|caller| !caller.lacks_product)
    }
}

impl Hash for Fleet {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (
            self.time,
            &self.record,
            &self.before,
            &self.late,
            self.adrift,
            self.slow,
            self.hints,
            &self.ends,
            self.newest,
            self.names,
        )
            .hash(state);
        (self.granted, self.answered, self.faults, self.wrongs).hash(state);
        self.members.iter().for_each(|member| member.print().hash(state));
    }
}

impl PartialEq for Fleet {
    fn eq(&self, other: &Self) -> bool {
        let prints = |fleet: &Self| fleet.members.iter().map(|member| member.print()).collect::<Vec<_>>();
        self.time == other.time && self.record == other.record && prints(self) == prints(other)
    }
}
