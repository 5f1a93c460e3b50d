//! How the question of an acquisition reaches the store, and the answer comes back. A test can carry out each half by
//! itself, or lose one of them.

use daraja_auth_core::manager::{Input, Output};

use super::{Answer, Question, World, record_in, value_of};

impl World {
    /// Carries out the operation that an acquisition asks the store for, and gives the acquisition the answer.
    pub fn carry(&mut self, id: u32) {
        let question = self.question(id);
        let answer = self.answer(question);
        self.receive(id, answer);
    }

    /// Carries out the operation, but loses the answer.
    pub fn lose_answer(&mut self, id: u32) {
        let question = self.question(id);
        self.answer(question);
        self.tell(id, Input::StoreFailed);
    }

    /// Loses the question before it reaches the store.
    pub fn lose_question(&mut self, id: u32) {
        self.tell(id, Input::StoreFailed);
    }

    /// The operation that an acquisition asks the store for.
    pub fn question(&self, id: u32) -> Question {
        let driven = &self.runs[&id];
        match driven.output {
            Output::Load => Question::Load,
            Output::Swap => Question::Swap(driven.seen.1, value_of(driven.run.next(), driven.seen.0.as_ref())),
            ref output => panic!("acquisition {id} asks nothing of the store: {output:?}"),
        }
    }

    /// The store carries out the operation.
    pub fn answer(&mut self, question: Question) -> Answer {
        let now = self.store_now();
        self.store.answer(question, now)
    }

    /// Gives an acquisition the store's answer.
    pub fn receive(&mut self, id: u32, answer: Answer) {
        let driven = self.runs.get_mut(&id).unwrap();
        let input = match answer {
            Answer::Loaded(found, store) => {
                driven.seen = found.unzip();
                match driven.seen.0.as_ref().map(record_in) {
                    Some(None) => Input::Unreadable,
                    Some(Some(record)) => Input::Loaded { found: Some(Box::new(record)), store },
                    None => Input::Loaded { found: None, store },
                }
            }
            Answer::Swapped(Some((value, version)), store) => {
                driven.seen = (Some(value), Some(version));
                Input::Swapped { swapped: true, store }
            }
            Answer::Swapped(None, store) => Input::Swapped { swapped: false, store },
        };
        self.tell(id, input);
    }
}
