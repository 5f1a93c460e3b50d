//! The store, and the questions and answers between it and an acquisition.

use daraja_auth_core::manager::StoreMillis;
use serde_json::Value;

/// A question of an acquisition to the store.
#[derive(Clone, Debug)]
pub enum Question {
    Load,
    /// The expected version, and the new value.
    Swap(Option<u64>, Value),
}

/// The store's answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The stored value with its version.
    Loaded(Option<(Value, u64)>, Option<StoreMillis>),
    /// The written value with its new version, if the write took place.
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
    /// Answers a question of an acquisition.
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
