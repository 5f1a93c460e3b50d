//! The cache of the token.

use crate::manager::clock::{Deadline, Now};
use crate::manager::policy::Policy;
use crate::manager::record::Record;
use crate::time::Millis;
use crate::token::{AccessToken, Token};

/// The cache of the token. It is kept when the token has ended: its epoch shows which records are old.
#[derive(Clone, Debug, Hash)]
pub(super) struct Cache {
    /// The record that was loaded or written last.
    pub record: Record,
    pub lifetime: Millis,
    pub expires: Deadline,
    pub renew: Deadline,
}

impl Cache {
    /// How long the token is still valid. Zero if it is dead, or the rejected one.
    pub fn life_left(&self, now: &Now, rejected: Option<&AccessToken>) -> Millis {
        if self.record.dead || self.record.token.as_ref() == rejected { Millis(0) } else { self.expires.left(now) }
    }

    /// Whether the token ends so soon that callers wait for a new one.
    pub fn blocks_callers(&self, policy: &Policy, now: &Now) -> bool {
        self.expires.left(now) <= policy.blocking_window_of(self.lifetime)
    }

    /// The token, even if it is dead or has ended.
    pub fn token(&self) -> Option<Token> {
        let access_token = self.record.token.clone()?;
        Some(Token { access_token, expires_in: (self.lifetime.0 / 1000) as u32, expires_at: self.expires.wall })
    }
}
