//! The store, and what passes between it and a run.

use daraja_auth_core::manager::StoreMillis;
use serde_json::Value;

/// What a run asks of the store.
#[derive(Clone, Debug)]
pub enum Question {
    Load,
    /// The version that is expected, and what is to stand in its place.
    Swap(Option<u64>, Value),
}

/// What the store answers.
#[derive(Clone, Debug)]
pub enum Answer {
    /// What stands there, with its version.
    Loaded(Option<(Value, u64)>, Option<StoreMillis>),
    /// The new version, where the write took place, with what was written.
    Swapped(Option<(Value, u64)>, Option<StoreMillis>),
}

/// The store, with one key. A version is never used twice.
#[derive(Clone, Debug, Default)]
pub struct Store {
    pub value: Option<Value>,
    pub version: u64,
    pub loads: u32,
    pub swaps: u32,
}

impl Store {
    /// Carries out what a run asks of it.
    pub fn answer(&mut self, question: Question, now: Option<StoreMillis>) -> Answer {
        match question {
            Question::Load => {
                self.loads += 1;
                Answer::Loaded(self.value.clone().map(|value| (value, self.version)), now)
            }
            Question::Swap(expected, value) => {
                self.swaps += 1;
                if expected != self.value.is_some().then_some(self.version) {
                    return Answer::Swapped(None, now);
                }
                self.version += 1;
                self.value = Some(value.clone());
                Answer::Swapped(Some((value, self.version)), now)
            }
        }
    }
}
