//! The actions that are possible in a state, and their effects.

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::Input;

use crate::fleet::Fleet;
use crate::member::{Caller, Seen, Stage, Work, failed, policy};
use crate::scenario::Scenario;
use crate::store::Broken;

/// An action. Two numbers are those of a member and of its caller. A number alone is that of a member, unless its
/// comment says something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Call(usize, usize),
    /// The output of the acquisition is carried out, and its answer arrives.
    Act(usize, usize),
    /// The caller uses its token.
    Use(usize, usize),
    /// A write is carried out, but its answer is lost.
    LoseAnswer(usize, usize),
    /// An operation does not reach the store.
    LoseQuestion(usize, usize),
    /// A write will reach the store later.
    Delay(usize, usize),
    /// The delayed write with this index in `late` reaches the store.
    Land(usize),
    /// From now on time may pass before the answer to a request for a token.
    Slow(usize, usize),
    /// Daraja grants a token to a request. The answer has not arrived yet.
    Grant(usize, usize),
    /// A request is not answered in time.
    LoseRequest(usize, usize),
    /// A request reaches Daraja after it was not answered in time, or after its process crashed.
    LandRequest,
    /// Daraja is unavailable for an attempt.
    Fail(usize, usize),
    /// A wait ends early.
    Hint(usize, usize),
    Foreign,
    Flush,
    FallBack,
    Crash(usize),
    Freeze(usize),
    Thaw(usize),
    /// Time passes until this instant. Until then no running driver has anything to do.
    Pass(u64),
}

impl Scenario {
    /// All actions that are possible in a state.
    pub fn offer(&self, fleet: &Fleet, actions: &mut Vec<Action>) {
        actions.extend((0..fleet.late.len()).map(Action::Land));
        if fleet.is_over() {
            return;
        }
        for (at, caller) in fleet.callers() {
            let member = &fleet.members[at];
            match &member.callers[caller].stage {
                Stage::Done(_) => {}
                Stage::Idle => actions.push(Action::Call(at, caller)),
                Stage::Holding(_) if member.frozen.is_none() => actions.push(Action::Use(at, caller)),
                Stage::Holding(_) => {}
                Stage::Running(errand) => match errand.work {
                    Work::Load | Work::Swap if member.frozen.is_none() => {
                        self.store_actions(at, caller, fleet, actions);
                    }
                    Work::Generate(_) => self.request_actions(at, caller, fleet, actions),
                    Work::Wait(until) if member.frozen.is_none() && until <= fleet.time => {
                        actions.push(Action::Act(at, caller));
                    }
                    Work::Wait(until) if until > fleet.time && fleet.hints < self.hints => {
                        actions.push(Action::Hint(at, caller));
                    }
                    _ => {}
                },
            }
        }
        if fleet.adrift > 0 {
            actions.push(Action::LandRequest);
        }
        if self.allows(fleet, |faults| &mut faults.foreign) && !fleet.ends.is_empty() {
            actions.push(Action::Foreign);
        }
        if self.allows(fleet, |faults| &mut faults.flushes) && fleet.record.is_some() {
            actions.push(Action::Flush);
        }
        if fleet.before.is_some() {
            actions.push(Action::FallBack);
        }
        for (at, member) in fleet.members.iter().enumerate() {
            if member.frozen.is_some() {
                actions.push(Action::Thaw(at));
                continue;
            }
            // There is no action for a caller that stops waiting, because its acquisition goes on without it.
            let is_at_work = (0..member.callers.len())
                .filter_map(|caller| member.errand(caller))
                .any(|errand| matches!(errand.work, Work::Swap | Work::Generate(_)) || errand.lease.is_some());
            if is_at_work && self.allows(fleet, |faults| &mut faults.crashes) {
                actions.push(Action::Crash(at));
            }
            if is_at_work && self.allows(fleet, |faults| &mut faults.freezes) {
                actions.push(Action::Freeze(at));
            }
        }
        actions.extend(self.passes_to(fleet).map(Action::Pass));
    }

    fn store_actions(&self, at: usize, caller: usize, fleet: &Fleet, actions: &mut Vec<Action>) {
        actions.push(Action::Act(at, caller));
        if self.allows(fleet, |faults| &mut faults.lost) {
            actions.push(Action::LoseQuestion(at, caller));
            let errand = fleet.members[at].errand(caller).unwrap();
            if errand.work == Work::Swap && errand.seen != Seen::Gone {
                actions.push(Action::LoseAnswer(at, caller));
                actions.push(Action::Delay(at, caller));
            }
        }
    }

    fn request_actions(&self, at: usize, caller: usize, fleet: &Fleet, actions: &mut Vec<Action>) {
        let member = &fleet.members[at];
        let Work::Generate(request) = member.errand(caller).unwrap().work else { return };
        let is_over = fleet.time >= request.sent + policy().timeout.0;
        if request.is_lost {
            if is_over && member.frozen.is_none() {
                actions.push(Action::Act(at, caller));
            }
            return;
        }
        if member.frozen.is_none() {
            actions.push(Action::Act(at, caller));
        }
        if request.granted.is_none() {
            if request.is_slow || member.frozen.is_some() {
                actions.push(Action::Grant(at, caller));
            }
            if !request.is_slow && member.frozen.is_none() && fleet.slow < self.slow {
                actions.push(Action::Slow(at, caller));
            }
            if member.frozen.is_none() && self.allows(fleet, |faults| &mut faults.failures) {
                actions.push(Action::Fail(at, caller));
            }
            if self.allows(fleet, |faults| &mut faults.timeouts) {
                actions.push(Action::LoseRequest(at, caller));
            }
        }
    }

    /// Carries out the action.
    pub fn apply(&self, fleet: &mut Fleet, action: Action) {
        match action {
            Action::Call(at, caller) => fleet.call(at, caller, None),
            Action::Act(at, caller) => self.act(fleet, at, caller),
            Action::Use(at, caller) => {
                let Stage::Holding(token) = *fleet.stage(at, caller) else { return };
                self.report(fleet, at, caller, token);
                fleet.use_token(at, caller, token);
            }
            Action::LoseAnswer(at, caller) => {
                let seen = fleet.members[at].errand(caller).unwrap().seen;
                fleet.swap(at, caller, self.broken);
                let errand = fleet.member(at).errand_mut(caller);
                errand.seen = if seen == Seen::Standing { Seen::Gone } else { seen };
                fleet.faults.lost += 1;
                fleet.tell(at, caller, Input::StoreFailed);
            }
            Action::LoseQuestion(at, caller) => {
                fleet.faults.lost += 1;
                fleet.tell(at, caller, Input::StoreFailed);
            }
            Action::Delay(at, caller) => {
                let errand = fleet.members[at].errand(caller).unwrap();
                fleet.late.push((errand.seen, errand.next().clone()));
                fleet.faults.lost += 1;
                fleet.tell(at, caller, Input::StoreFailed);
            }
            Action::Land(index) => {
                let (seen, next) = fleet.late.remove(index);
                if let Some(record) = fleet.what_swaps(seen, next, None) {
                    fleet.write(record);
                }
            }
            Action::Slow(at, caller) => {
                fleet.slow += 1;
                if let Work::Generate(request) = &mut fleet.member(at).errand_mut(caller).work {
                    request.is_slow = true;
                }
            }
            Action::Grant(at, caller) => {
                let token = fleet.issue();
                fleet.granted += 1;
                if let Work::Generate(request) = &mut fleet.member(at).errand_mut(caller).work {
                    request.granted = Some(token);
                }
            }
            Action::LoseRequest(at, caller) => {
                fleet.faults.timeouts += 1;
                fleet.adrift += 1;
                if let Work::Generate(request) = &mut fleet.member(at).errand_mut(caller).work {
                    request.is_lost = true;
                }
            }
            Action::LandRequest => {
                fleet.adrift -= 1;
                fleet.granted += 1;
                fleet.issue();
            }
            Action::Fail(at, caller) => {
                fleet.faults.failures += 1;
                fleet.tell(at, caller, failed(Code::Unavailable));
            }
            Action::Hint(at, caller) => {
                fleet.hints += 1;
                fleet.tell(at, caller, Input::Woke);
            }
            Action::Foreign => {
                fleet.faults.foreign += 1;
                fleet.issue();
            }
            Action::Flush => {
                fleet.faults.flushes += 1;
                fleet.flush();
            }
            Action::FallBack => {
                fleet.faults.fallbacks += 1;
                fleet.fall_back();
            }
            Action::Crash(at) => {
                fleet.faults.crashes += 1;
                let member = fleet.members.remove(at);
                let on_its_way = |caller: &Caller| {
                    matches!(&caller.stage, Stage::Running(errand)
                    if matches!(errand.work, Work::Generate(request) if request.granted.is_none() && !request.is_lost))
                };
                fleet.adrift += member.callers.iter().filter(|caller| on_its_way(caller)).count() as u8;
            }
            Action::Freeze(at) => {
                fleet.faults.freezes += 1;
                fleet.member(at).frozen = Some(fleet.time);
            }
            Action::Thaw(at) => {
                let member = fleet.member(at);
                member.frozen = None;
                member.was_frozen = true;
            }
            Action::Pass(time) => fleet.pass(time),
        }
    }

    /// Carries out the output of an acquisition.
    pub fn act(&self, fleet: &mut Fleet, at: usize, caller: usize) {
        match fleet.members[at].errand(caller).unwrap().work {
            Work::Load => {
                let input = fleet.load(at, caller);
                fleet.tell(at, caller, input);
            }
            Work::Swap => {
                let input = fleet.swap(at, caller, self.broken);
                fleet.tell(at, caller, input);
            }
            Work::Generate(request) if request.is_lost => fleet.tell(at, caller, failed(Code::Timeout)),
            Work::Generate(_) => fleet.answer(at, caller),
            Work::Wait(_) => fleet.tell(at, caller, Input::Woke),
        }
    }

    /// In the variant `BlindInvalidate` a report marks the record's token as dead, and does not read the record first.
    fn report(&self, fleet: &mut Fleet, at: usize, caller: usize, token: u8) {
        let is_rejected = fleet.members[at].callers[caller].lacks_product || usize::from(token) != fleet.ends.len();
        if self.broken == Some(Broken::BlindInvalidate)
            && is_rejected
            && let Some(mut record) = fleet.record.clone()
        {
            record.dead = true;
            fleet.write(record);
        }
    }
}
