//! The scenarios of the model: how a fleet begins, which faults may happen, and how often.

use daraja_auth_core::manager::Policy;
use stateright::{Model, Property};

use crate::action::Action;
use crate::fleet::{Faults, Fleet};
use crate::member::{Caller, Peer, Stage, policy};
use crate::properties;
use crate::store::Broken;

/// The state in which a fleet begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// There is no token.
    Cold,
    /// All members know T1, which is live.
    Fresh,
    /// All know T1, which another program has ended.
    Killed,
    /// All know T1, which is due for its renewal.
    Due,
    /// All know T1, which is in its last minute.
    Ending,
    /// All know T1, which has ended.
    Ended,
}

/// A model of bounded size.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub start: Start,
    /// The number of callers of each member. Each caller has its own acquisition.
    pub members: Vec<u8>,
    /// How many of the callers call at any time. The others all call at the beginning.
    pub late: u8,
    /// How many of the callers use an API that the app may not call.
    pub lacking: u8,
    pub most: Faults,
    /// How many faults may happen in all.
    pub together: u8,
    /// How many attempts may be slow. This is not a fault.
    pub slow: u8,
    /// How many waits may end early, as the store's watch does it. This is not a fault.
    pub hints: u8,
    pub has_clock: bool,
    pub policy: Policy,
    pub broken: Option<Broken>,
}

impl Scenario {
    /// A fleet of `members` with one caller each, and no faults.
    pub fn new(start: Start, members: u8) -> Self {
        let members = vec![1; members.into()];
        Self {
            start,
            members,
            late: 0,
            lacking: 0,
            most: Faults::default(),
            together: 0,
            slow: 0,
            hints: 0,
            has_clock: true,
            policy: policy(),
            broken: None,
        }
    }

    /// The same with up to `together` faults of any kind.
    pub fn with_any(self, together: u8) -> Self {
        self.with(Faults::each(together), together)
    }

    /// The same with up to `most` faults of each kind, and up to `together` in all.
    pub fn with(self, most: Faults, together: u8) -> Self {
        Self { most, together, ..self }
    }

    /// How many tokens are generated without faults.
    pub fn needed(&self) -> u8 {
        u8::from(self.start != Start::Fresh)
    }

    /// Whether one more of these faults may happen.
    pub fn allows(&self, fleet: &Fleet, kind: fn(&mut Faults) -> &mut u8) -> bool {
        let (mut so_far, mut most) = (fleet.faults, self.most);
        kind(&mut so_far) < kind(&mut most) && fleet.faults.total() < self.together
    }

    /// The instant to which time jumps. None if there is something to do now.
    pub fn passes_to(&self, fleet: &Fleet) -> Option<u64> {
        let mut next: Option<u64> = None;
        let mut at_latest = |due: u64| next = Some(next.map_or(due, |next| next.min(due)));
        for member in &fleet.members {
            if let Some(since) = member.frozen {
                // It may stay frozen until its lease has ended.
                let over = since + policy().lease().0 + 1;
                if over > fleet.time {
                    at_latest(over);
                }
                continue;
            }
            for caller in &member.callers {
                match &caller.stage {
                    Stage::Idle | Stage::Done(_) => {}
                    Stage::Holding(_) => return None,
                    Stage::Running(errand) => match errand.work.due() {
                        Some(due) if due > fleet.time => at_latest(due),
                        _ => return None,
                    },
                }
            }
        }
        next
    }
}

impl Model for Scenario {
    type State = Fleet;
    type Action = Action;

    fn init_states(&self) -> Vec<Fleet> {
        let total = self.members.iter().sum::<u8>();
        let mut number = 0;
        let mut caller = || {
            number += 1;
            let lacks_product = number <= self.lacking;
            Caller { lacks_product, rejected: 0, stage: Stage::Idle }
        };
        let members = self.members.iter().map(|&callers| {
            let callers = (0..callers).map(|_| caller()).collect();
            Peer::new(self.policy.clone(), callers)
        });
        let mut fleet = Fleet::new(members.collect(), self.has_clock);
        if self.start != Start::Cold {
            self.prepare(&mut fleet);
        }
        let callers: Vec<_> = fleet.callers().collect();
        for (at, caller) in callers.into_iter().take((total - self.late).into()) {
            fleet.call(at, caller, None);
        }
        fleet.before = None;
        fleet.sort();
        vec![fleet]
    }

    fn actions(&self, fleet: &Fleet, actions: &mut Vec<Action>) {
        self.offer(fleet, actions);
    }

    fn next_state(&self, fleet: &Fleet, action: Action) -> Option<Fleet> {
        let mut next = fleet.clone();
        self.apply(&mut next, action);
        if !self.allows(&next, |faults| &mut faults.fallbacks) {
            next.before = None;
        }
        next.sort();
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::all()
    }
}

impl Scenario {
    /// All members get T1. Then time passes, or another program ends T1.
    fn prepare(&self, fleet: &mut Fleet) {
        for (at, caller) in fleet.callers().collect::<Vec<_>>() {
            fleet.call(at, caller, None);
            while fleet.members[at].errand(caller).is_some() {
                self.act(fleet, at, caller);
            }
            fleet.member(at).callers[caller].stage = Stage::Idle;
        }
        let ends = fleet.ends[0];
        match self.start {
            Start::Cold | Start::Fresh => {}
            Start::Killed => {
                fleet.issue();
            }
            Start::Due => fleet.time = ends - 163_830,
            Start::Ending => fleet.time = ends - 50_000,
            Start::Ended => fleet.time = ends,
        }
        fleet.granted = 0;
        fleet.answered = 0;
    }
}
