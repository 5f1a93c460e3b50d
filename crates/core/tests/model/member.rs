//! A member, its callers, and the driver of their acquisitions. Only this file of the model calls `step`.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::num::NonZeroU64;

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{
    Acquisition, EndpointHash, Failure, HistoryId, Input, Lease, LeaseId, Member, MonotonicMillis, Now, Output, Policy,
    Record, step,
};
use daraja_auth_core::time::{EpochMillis, Millis};
use daraja_auth_core::token::{AccessToken, Token};

/// The wall clock and the store's clock when the model begins.
pub const BEGINNING: u64 = 1_000_000_000;
/// The lifetime of a token, in seconds, as Daraja's answer says.
pub const LIFETIME: u32 = 3_599;

/// The policy of the model. With the random numbers of [`name`], its pauses and margins have no jitter. There are few
/// pauses in a lease, so time has few instants.
pub fn policy() -> Policy {
    let numbers =
        [("firstPauseMs", 8_190), ("longestPauseMs", 8_190), ("renewBeforeMs", 163_830), ("storePatienceMs", 9_000)];
    let policy = numbers.into_iter().fold(Policy::DEFAULT, |policy, (name, number)| policy.with(name, number));
    policy.checked().unwrap()
}

/// The n-th random number. Jitter is the remainder when this number is divided by a span plus one. For each span of the
/// model the remainder is zero.
fn name(n: u8) -> NonZeroU64 {
    NonZeroU64::new((u64::from(n) + 1) * (8_191 << 32)).unwrap()
}

/// A member and its callers. Members are compared by a hash, so that states of the fleet are cheap to compare.
#[derive(Clone, Debug)]
pub struct Peer {
    pub member: Member,
    pub callers: Vec<Caller>,
    /// When its process was frozen, if it is frozen now.
    pub frozen: Option<u64>,
    /// Whether it was frozen once. Then its callers may be late.
    pub was_frozen: bool,
    /// The token that it handed out last.
    pub newest: u8,
    print: u64,
}

/// A caller gets a token and uses it. If the API rejects the token, the caller reports that once, and uses the next
/// token.
#[derive(Clone, Debug, Hash)]
pub struct Caller {
    /// Whether the app lacks the product of the API that it calls. Then the API rejects every token.
    pub lacks_product: bool,
    /// How many of its tokens the API rejected.
    pub rejected: u8,
    pub stage: Stage,
}

#[derive(Clone, Debug, Hash)]
pub enum Stage {
    /// The caller may call at any time.
    Idle,
    Running(Box<Errand>),
    /// The caller has this token, and has not used it yet.
    Holding(u8),
    /// The caller is done: it has used its last token, or got an error.
    Done(Result<u8, Code>),
}

/// An acquisition, and the task of its driver.
#[derive(Clone, Hash)]
pub struct Errand {
    pub run: Acquisition,
    pub work: Work,
    pub seen: Seen,
    /// The identifier of the lease that it tried to take last.
    pub nonce: Option<LeaseId>,
    /// Its lease, as it was in the record that it saw last.
    pub lease: Option<Lease>,
    /// The token that was rejected.
    pub rejected_token: Option<u8>,
    pub began: u64,
    /// The number of its steps since time passed last.
    pub steps: u8,
}

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Work {
    Load,
    Swap,
    Generate(Request),
    /// Waits until that time.
    Wait(u64),
}

/// A request for a token.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub struct Request {
    pub sent: u64,
    /// The token that Daraja granted it.
    pub granted: Option<u8>,
    /// Whether time may pass before its answer.
    pub is_slow: bool,
    /// Whether its answer comes too late or never.
    pub is_lost: bool,
}

/// The version of the record that the driver knows. Versions are compared only for equality. So the model knows only
/// whether that version is still the current one.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Seen {
    Nothing,
    Standing,
    Gone,
}

/// The result of an acquisition that has ended.
pub enum Ended {
    Gave(u8),
    Failed(Code),
}

impl Peer {
    pub fn new(policy: Policy, callers: Vec<Caller>) -> Self {
        let member = Member::new(policy);
        let mut member = Self { member, callers, frozen: None, was_frozen: false, newest: 0, print: 0 };
        member.seal();
        member
    }

    /// Call this before a change.
    pub fn unseal(&mut self) {
        self.print = 0;
    }

    pub fn is_sealed(&self) -> bool {
        self.print != 0
    }

    /// Call this after a change: it computes the hash.
    pub fn seal(&mut self) {
        let mut hasher = DefaultHasher::new();
        (&self.member, &self.callers, self.frozen, self.was_frozen, self.newest).hash(&mut hasher);
        self.print = hasher.finish();
    }

    pub fn print(&self) -> u64 {
        self.print
    }

    pub fn errand(&self, caller: usize) -> Option<&Errand> {
        match &self.callers[caller].stage {
            Stage::Running(errand) => Some(errand),
            _ => None,
        }
    }

    pub fn errand_mut(&mut self, caller: usize) -> &mut Errand {
        match &mut self.callers[caller].stage {
            Stage::Running(errand) => errand,
            stage => panic!("{stage:?}"),
        }
    }

    /// A caller asks for a token, or reports one.
    pub fn call(&mut self, caller: usize, rejected_token: Option<u8>, time: u64, names: &mut u8) -> Option<Ended> {
        let deadline = MonotonicMillis(time).after(self.member.policy().deadline);
        let endpoint = EndpointHash::new(if self.callers[caller].lacks_product { 7 } else { 5 });
        let run = match rejected_token {
            Some(rejected_token) => Acquisition::report(token(rejected_token), endpoint, deadline),
            None => Acquisition::get(deadline),
        };
        let (nonce, lease) = (None, None);
        let errand =
            Errand { run, work: Work::Load, seen: Seen::Nothing, nonce, lease, rejected_token, began: time, steps: 0 };
        self.callers[caller].stage = Stage::Running(Box::new(errand));
        self.tell(caller, Input::Begun, time, names)
    }

    /// Gives an input to the acquisition of a caller, and notes its next output.
    pub fn tell(&mut self, caller: usize, input: Input, time: u64, names: &mut u8) -> Option<Ended> {
        let now = Now { wall: EpochMillis(BEGINNING + time), monotonic: MonotonicMillis(time), random: name(*names) };
        let Stage::Running(errand) = &mut self.callers[caller].stage else { panic!("the caller has no acquisition") };
        errand.steps = errand.steps.saturating_add(1);
        let output = step(&mut self.member, &mut errand.run, input, &now);
        self.member.take_events();
        errand.work = match output {
            Output::Load => Work::Load,
            Output::Swap => {
                // Each random number identifies one lease or history at most.
                let next = errand.run.next();
                let nonce = next.lease.map(|lease| lease.nonce);
                let is_used = nonce == Some(LeaseId(now.random)) || next.history == Some(HistoryId(now.random));
                *names += u8::from(is_used);
                errand.nonce = nonce.or(errand.nonce);
                Work::Swap
            }
            Output::Generate => Work::Generate(Request { sent: time, granted: None, is_slow: false, is_lost: false }),
            Output::Wait(Millis(span)) => Work::Wait(time + span),
            Output::Complete(Ok(token)) => return Some(Ended::Gave(number(Some(&token.access_token)))),
            Output::Complete(Err(failure)) => return Some(Ended::Failed(failure.code)),
        };
        None
    }
}

impl Errand {
    /// The record that its next write stores.
    pub fn next(&self) -> &Record {
        self.run.next()
    }

    /// Notes the record that it has seen.
    pub fn sees(&mut self, record: Option<&Record>) {
        let lease = record.and_then(|record| record.lease);
        self.lease = lease.filter(|lease| Some(lease.nonce) == self.nonce);
    }
}

impl Work {
    /// When its driver has something to do next. None means at once.
    pub fn due(&self) -> Option<u64> {
        match *self {
            Self::Wait(until) => Some(until),
            Self::Generate(request) if request.is_slow || request.is_lost => Some(request.sent + policy().timeout.0),
            _ => None,
        }
    }
}

/// The input of a grant.
pub fn granted(number: u8, sent: u64) -> Input {
    let expires_at = EpochMillis(BEGINNING + sent + u64::from(LIFETIME) * 1000);
    let token = Token { access_token: token(number), expires_in: LIFETIME, expires_at };
    Input::Granted { token, sent: MonotonicMillis(sent) }
}

/// The input of an attempt that failed.
pub fn failed(code: Code) -> Input {
    Input::Failed(Failure::attempt(code, None))
}

/// The token of that number.
fn token(number: u8) -> AccessToken {
    number.to_string().into()
}

/// The number of a token. 0 means none.
pub fn number(token: Option<&AccessToken>) -> u8 {
    token.map_or(0, |token| token.as_str().parse().unwrap())
}

impl std::fmt::Debug for Errand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.work)
    }
}
