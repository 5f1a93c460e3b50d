//! Runs the cases of tests/corpus with the step function. The README there has the format.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod simulation;

use std::collections::BTreeMap;

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{Budget, HistoryId, Member, Output, Policy, Record, StoreMillis};
use daraja_auth_core::time::Millis;
use serde::Deserialize;
use serde_json::Value;
use simulation::{BEGINNING, World};

const LIFETIME: u64 = 3_599_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    given: String,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Step {
    get_token: Option<String>,
    report: Option<String>,
    accept: Option<String>,
    token: Option<String>,
    #[serde(default)]
    endpoint: String,
    #[serde(default)]
    #[serde(rename = "instance")]
    member: usize,
    store: Option<String>,
    does: Option<String>,
    daraja: Option<String>,
    grants: Option<String>,
    refuses: Option<String>,
    retry_after_ms: Option<u64>,
    advance: Option<u64>,
    sleep: Option<u64>,
    flush: Option<bool>,
    crash: Option<String>,
    #[serde(default)]
    then: BTreeMap<String, String>,
    record: Option<serde_json::Map<String, Value>>,
    events: Option<Vec<String>>,
}

/// The record at the beginning of a case.
fn given(what: &str) -> Option<Record> {
    let left = match what {
        "none" => return None,
        "fresh" | "dead" => LIFETIME,
        "due" => 290_000,
        "ending" => 50_000,
        // It ended a second ago.
        "expired" => 0,
        _ => panic!("given {what}?"),
    };
    let expires = if what == "expired" { BEGINNING - 1_000 } else { BEGINNING + left };
    Some(Record {
        history: HistoryId::new(1),
        epoch: 1,
        token: Some("T1".into()),
        obtained_at: StoreMillis(expires - LIFETIME),
        expires_at: StoreMillis(expires),
        renew_at: StoreMillis(expires - 299_916),
        dead: what == "dead",
        budget: Budget { left: 10, refilled_at: StoreMillis(BEGINNING) },
        ..Record::default()
    })
}

struct Run {
    world: World,
    calls: BTreeMap<String, u32>,
}

impl Run {
    fn take(&mut self, step: &Step) {
        let world = &mut self.world;
        let endpoint = step.endpoint.bytes().fold(0, |hash, byte| hash * 31 + u64::from(byte));
        let token = step.token.clone().unwrap_or_default();
        if let Some(call) = &step.get_token {
            self.calls.insert(call.clone(), world.get(step.member));
        } else if let Some(call) = &step.report {
            self.calls.insert(call.clone(), world.report(step.member, &token, endpoint));
        } else if let Some(call) = &step.accept {
            self.calls.insert(call.clone(), world.accept(step.member, &token, endpoint).unwrap());
        } else if let Some(call) = &step.store {
            let id = self.calls[call];
            match step.does.as_deref() {
                Some("answer") => world.carry(id),
                Some("lose answer") => world.lose_answer(id),
                Some("lose question") => world.lose_question(id),
                other => panic!("the store does {other:?}?"),
            }
        } else if let Some(call) = &step.daraja {
            let id = self.calls[call];
            if let Some(token) = &step.grants {
                assert_eq!(world.grant(id), *token);
            } else {
                let code = code(step.refuses.as_deref().unwrap());
                world.fail_attempt_with(id, code, step.retry_after_ms.map(Millis));
            }
        } else if let Some(span) = step.advance {
            world.advance(span);
        } else if let Some(span) = step.sleep {
            (0..world.members.len()).for_each(|member| world.members[member].slept += span);
            world.time += span;
        } else if step.flush == Some(true) {
            world.store.value = None;
        } else if let Some(call) = &step.crash {
            let crashed = world.runs.remove(&self.calls[call]).unwrap();
            world.members[crashed.member].member = Member::new(Policy::DEFAULT);
        } else {
            panic!("a step that does nothing");
        }
    }

    /// The current output of a call, in the words of the corpus.
    fn doing(&self, call: &str) -> String {
        match &self.world.runs[&self.calls[call]].output {
            Output::Load => "load".into(),
            Output::Swap => "swap".into(),
            Output::Generate => "generate".into(),
            Output::Wait(_) => "wait".into(),
            Output::Complete(Ok(token)) => format!("give {}", token.access_token.as_str()),
            Output::Complete(Err(error)) => match error.retry_after {
                Some(Millis(wait)) => format!("fail {} {wait}", error.code.as_str()),
                None => format!("fail {}", error.code.as_str()),
            },
        }
    }
}

fn code(text: &str) -> Code {
    let codes = [
        Code::InvalidCredentials,
        Code::Blocked,
        Code::RateLimited,
        Code::Unavailable,
        Code::Refused,
        Code::Timeout,
        Code::Network,
    ];
    codes.into_iter().find(|code| code.as_str() == text).unwrap_or_else(|| panic!("a code {text}?"))
}

fn play(case: Case) {
    let mut world = World::new(Policy::DEFAULT, 2);
    if let Some(record) = given(&case.given) {
        world.put(&record);
    }
    // The record has T1, so Daraja grants T2 next.
    world.generate_elsewhere(3599);
    let mut run = Run { world, calls: BTreeMap::new() };
    for (at, step) in case.steps.iter().enumerate() {
        let at = format!("{}, step {}", case.name, at + 1);
        run.take(step);
        for (call, expected) in &step.then {
            assert_eq!(run.doing(call), *expected, "{at}, call {call}");
        }
        for (name, expected) in step.record.iter().flatten() {
            assert_eq!(run.world.store.value.as_ref().unwrap()[name], *expected, "{at}, {name}");
        }
        if let Some(expected) = &step.events {
            assert_eq!(run.world.take_event_types(), *expected, "{at}");
        }
    }
}

#[test]
fn each_case_of_the_corpus_holds() {
    for file in [
        include_str!("../../../tests/corpus/single.json"),
        include_str!("../../../tests/corpus/reports.json"),
        include_str!("../../../tests/corpus/fleet.json"),
    ] {
        let cases: Vec<Case> = serde_json::from_str(file).unwrap();
        cases.into_iter().for_each(play);
    }
}
