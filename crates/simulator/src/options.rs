//! The options of a simulated Daraja.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::app::{App, samples};
use super::fault::MAX_DELAY;
use super::input::invalid_option;
use super::stk::StkResult;
use daraja_auth_core::error::{Error, Result};
use daraja_auth_core::time::Millis;

/// The options. In JavaScript they have the same names in camel case, and names of milliseconds end in `Ms`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Options {
    /// The apps that have credentials.
    pub apps: Vec<App>,
    /// How long a token lives.
    pub token_lifetime_seconds: u32,
    /// Whether a new token ends the previous one, as Daraja documents.
    pub supersede: bool,
    /// How long a token stays valid after the next one was issued.
    #[serde(rename = "graceMs")]
    pub grace: Millis,
    /// How `expires_in` is written.
    pub expires_in_as: ExpiresInAs,
    /// Whether pages of other origins may read the answers.
    pub cors: bool,
    /// The error for a dead token.
    pub reject_as: RejectAs,
    /// The error for a wrong consumer key or secret.
    pub refuse_as: RefuseAs,
    /// The passkey from which the password of an STK push is made.
    pub passkey: Passkey,
    /// How an STK push ends.
    pub stk_result: StkResult,
    /// How long after the push the payment ends.
    #[serde(rename = "stkDelayMs")]
    pub stk_delay: Millis,
    /// The seed of all that is random: tokens, identifiers, and the requests that a fault with a rate affects.
    pub seed: u32,
}

/// How `expires_in` is written. Daraja sends a string, but its page documents a number.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ExpiresInAs {
    String,
    Number,
}

/// The error codes that business APIs are known to send for a dead token.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum RejectAs {
    /// The usual one, with HTTP 404.
    #[serde(rename = "404.001.03")]
    Classic,
    /// With HTTP 401. The message quotes the token.
    #[serde(rename = "401.002.01")]
    Quoting,
    /// With HTTP 401.
    #[serde(rename = "401.003.01")]
    Unauthorized,
    /// With HTTP 400.
    #[serde(rename = "400.003.01")]
    BadRequest,
}

/// The errors that Daraja is known to send for a wrong consumer key or secret.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum RefuseAs {
    /// The usual one: HTTP 400, and an empty body.
    #[serde(rename = "empty-400")]
    Empty400,
    /// In JSON with HTTP 400, like a wrong scheme.
    #[serde(rename = "400.008.01")]
    BadRequest,
    /// The same with HTTP 401.
    #[serde(rename = "401")]
    Unauthorized,
}

/// A passkey. Its Debug output does not show it.
#[derive(Clone, Deserialize, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Passkey(String);

impl Passkey {
    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Passkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The sandbox's passkey for the paybill 174379, which Daraja publishes for tests.
const SANDBOX_PASSKEY: &str = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919";
/// Long enough for a client to see that the payment is pending.
const DEFAULT_STK_DELAY: Millis = Millis(2_000);
/// The longest lifetime that daraja-auth accepts.
const MAX_LIFETIME_SECONDS: u32 = 86_400;

impl Default for Options {
    fn default() -> Self {
        Self {
            apps: samples(),
            // Daraja sends this number: the documented hour, minus one second.
            token_lifetime_seconds: 3599,
            supersede: true,
            grace: Millis(0),
            expires_in_as: ExpiresInAs::String,
            cors: false,
            reject_as: RejectAs::Classic,
            refuse_as: RefuseAs::Empty400,
            passkey: Passkey(SANDBOX_PASSKEY.into()),
            stk_result: StkResult::Paid,
            stk_delay: DEFAULT_STK_DELAY,
            // The default is fixed, so that a test that failed once fails again.
            seed: 1,
        }
    }
}

impl Options {
    /// The options, if all of them are valid.
    ///
    /// # Errors
    ///
    /// [`daraja_auth_core::error::Code::InvalidOption`] for the first that is not.
    pub fn checked(self) -> Result<Self> {
        if !(1..=MAX_LIFETIME_SECONDS).contains(&self.token_lifetime_seconds) {
            return Err(invalid_option("tokenLifetimeSeconds", "a whole number from 1 to 86400", "another number"));
        }
        if self.passkey.0.is_empty() {
            return Err(invalid_option("passkey", "a text", "an empty string"));
        }
        if self.stk_delay > MAX_DELAY {
            return Err(invalid_option("stkDelayMs", "a whole number up to 2147483647", "another number"));
        }
        for (i, app) in self.apps.iter().enumerate() {
            let invalid = |field: &str, expected: &str, found: &str| -> Result<Self> {
                Err(invalid_option(&format!("apps[{i}].{field}"), expected, found))
            };
            let earlier = self.apps.iter().take(i);
            if app.name.is_empty() {
                return invalid("name", "a text", "an empty string");
            } else if app.consumer_key.is_empty() || app.consumer_key.contains(':') {
                return invalid("consumerKey", "a text without a colon", "another one");
            } else if app.consumer_secret.is_empty() {
                return invalid("consumerSecret", "a text", "an empty string");
            } else if earlier.clone().any(|other| other.name == app.name) {
                return invalid("name", "a name that no other app has", "that of an earlier app");
            } else if earlier.clone().any(|other| other.consumer_key == app.consumer_key) {
                return invalid("consumerKey", "a key that no other app has", "that of an earlier app");
            }
        }
        Ok(self)
    }
}

/// Reads options from JSON, and checks them.
///
/// # Errors
///
/// [`daraja_auth_core::error::Code::InvalidOption`], naming the option, what was expected and what was found.
impl TryFrom<serde_json::Value> for Options {
    type Error = Box<Error>;

    fn try_from(value: serde_json::Value) -> Result<Self> {
        super::input::read::<Self>("options", value)?.checked()
    }
}
