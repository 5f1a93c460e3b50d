//! The live tokens.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::app::{App, Environment};
use super::options::Options;
use daraja_auth_core::time::{EpochMillis, Millis};

/// A token and its app.
#[derive(Clone, Deserialize, Serialize)]
pub struct Issued {
    /// Its number. The first token has the number 1.
    pub number: u32,
    /// The name of its app.
    pub app: String,
    /// The APIs that its app could call when the token was issued.
    pub products: Option<Vec<String>>,
    environment: Option<Environment>,
    text: String,
    ends_at: EpochMillis,
}

/// The limit of live tokens of one app in one environment. The whole state crosses the boundary with each request, so
/// it must stay small. No test needs more tokens at once.
const MAX_LIVING: usize = 1_000;

/// The live tokens of all apps.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Tokens {
    issued: u32,
    living: Vec<Issued>,
}

impl Tokens {
    /// Issues a token. If the options say so, it ends the app's previous token in this environment. Gives the numbers
    /// of both.
    ///
    /// An app that has a thousand live tokens here already loses its oldest one.
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
        let is_of_app = |token: &Issued| token.app == app.name && token.environment == environment;
        let mut replaces = None;
        if options.supersede {
            for token in self.living.iter_mut().filter(|token| is_of_app(token)) {
                token.ends_at = token.ends_at.min(now.after(options.grace));
                replaces = Some(token.number);
            }
        }
        if self.living.iter().filter(|token| is_of_app(token)).count() >= MAX_LIVING
            && let Some(oldest) = self.living.iter().position(is_of_app)
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
