//! The tokens that were issued and are not dead yet.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::app::{App, Environment};
use super::options::Options;
use daraja_auth_core::time::{EpochMillis, Millis};

/// A token and its app.
#[derive(Clone, Deserialize, Serialize)]
pub struct Issued {
    /// Its number: 1 for the first that was ever issued.
    pub number: u32,
    /// The name of its app.
    pub app: String,
    /// The APIs that its app could call when the token was issued.
    pub products: Option<Vec<String>>,
    environment: Option<Environment>,
    text: String,
    ends_at: EpochMillis,
}

/// More of one app's tokens than any test has alive at once: the whole state crosses the boundary with each request.
const MAX_LIVING: usize = 1_000;

/// All of them.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Tokens {
    issued: u32,
    living: Vec<Issued>,
}

impl Tokens {
    /// Issues a token. If the options say so, it ends the app's previous one. Gives the numbers of both.
    ///
    /// Of more than a thousand that live side by side, the oldest is gone.
    pub fn issue(
        &mut self,
        options: &Options,
        app: &App,
        environment: Option<Environment>,
        text: &str,
        now: EpochMillis,
    ) -> (u32, Option<u32>) {
        self.issued = self.issued.saturating_add(1);
        self.living.retain(|token| token.ends_at > now);
        let is_akin = |token: &Issued| token.app == app.name && token.environment == environment;
        let mut replaces = None;
        if options.supersede {
            for token in self.living.iter_mut().filter(|token| is_akin(token)) {
                token.ends_at = token.ends_at.min(now.after(options.grace));
                replaces = Some(token.number);
            }
        }
        if self.living.iter().filter(|token| is_akin(token)).count() >= MAX_LIVING
            && let Some(oldest) = self.living.iter().position(is_akin)
        {
            self.living.remove(oldest);
        }
        self.living.push(Issued {
            number: self.issued,
            app: app.name.clone(),
            products: app.products.clone(),
            environment,
            text: text.into(),
            ends_at: now.after(Millis::from_secs(options.token_lifetime_seconds)),
        });
        (self.issued, replaces)
    }

    /// The live token with that text. A token of the other environment does not count.
    pub fn find(&self, text: &str, environment: Option<Environment>, now: EpochMillis) -> Option<&Issued> {
        let is_foreign =
            |token: &Issued| environment.is_some() && token.environment.is_some() && token.environment != environment;
        self.living.iter().find(|token| token.text == text && token.ends_at > now && !is_foreign(token))
    }
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Issued({}, [redacted])", self.number)
    }
}
