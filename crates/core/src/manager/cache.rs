//! The local copy of the token.

use crate::manager::clock::{Deadline, Now};
use crate::manager::policy::Policy;
use crate::manager::record::Record;
use crate::time::Millis;
use crate::token::{AccessToken, Token};

/// The local copy of the token. It outlives the token, since its epoch tells old records from new ones.
#[derive(Clone, Debug, Hash)]
pub(super) struct Cache {
    /// As it was when it was looked at last.
    pub record: Record,
    pub lifetime: Millis,
    pub expires: Deadline,
    pub rotates: Deadline,
}

impl Cache {
    /// How long its token still lives; not at all if it is dead, or the one that was rejected.
    pub fn life_left(&self, now: &Now, rejected: Option<&AccessToken>) -> Millis {
        if self.record.dead || self.record.token.as_ref() == rejected { Millis(0) } else { self.expires.left(now) }
    }

    /// Whether the token is so near its end that callers wait for its successor.
    pub fn must_wait(&self, policy: &Policy, now: &Now) -> bool {
        self.expires.left(now) <= policy.blocking_window_of(self.lifetime)
    }

    /// The token as it is handed out, whatever its state.
    pub fn token(&self) -> Option<Token> {
        let access_token = self.record.token.clone()?;
        Some(Token { access_token, expires_in: (self.lifetime.0 / 1000) as u32, expires_at: self.expires.wall })
    }
}
