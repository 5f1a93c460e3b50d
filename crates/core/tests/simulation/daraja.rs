//! Daraja in the simulated world: it grants tokens to acquisitions and to other programs.

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{Failure, Input, MonotonicMillis, Output};
use daraja_auth_core::time::{EpochMillis, Millis};
use daraja_auth_core::token::Token;

use super::World;

impl World {
    /// Daraja grants an acquisition the next token: T1, T2, and so on. The request takes no time.
    pub fn grant(&mut self, id: u32) -> String {
        self.grant_after(id, 0)
    }

    /// The same, for a request that was sent `ms` ago.
    pub fn grant_after(&mut self, id: u32, ms: u64) -> String {
        assert_eq!(self.runs[&id].output, Output::Generate);
        let name = self.generate_elsewhere(3599);
        let member = self.runs[&id].member;
        let now = self.now(member);
        let expires_at = EpochMillis(now.wall.0 - ms + 3_599_000);
        let token = Token { access_token: name.as_str().into(), expires_in: 3599, expires_at };
        self.granted.last_mut().unwrap().1 -= ms;
        self.tell(id, Input::Granted { token, sent: MonotonicMillis(now.monotonic.0 - ms) });
        name
    }

    /// Another program, without a store, generates a token.
    pub fn generate_elsewhere(&mut self, seconds: u64) -> String {
        let name = format!("T{}", self.granted.len() + 1);
        self.granted.push((name.clone(), self.time + seconds * 1000));
        name
    }

    pub fn fail_attempt(&mut self, id: u32, code: Code) {
        self.fail_attempt_with(id, code, None);
    }

    pub fn fail_attempt_with(&mut self, id: u32, code: Code, retry_after: Option<Millis>) {
        assert_eq!(self.runs[&id].output, Output::Generate);
        self.tell(id, Input::Failed(Failure::attempt(code, retry_after)));
    }
}
