//! The options of a simulated Daraja.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::app::{App, samples};
use super::fault::MAX_DELAY;
use super::input::invalid_option;
use super::stk::StkResult;
use daraja_auth_core::error::{Error, Result};
use daraja_auth_core::time::Millis;

/// The options, which JavaScript knows by the same names in camel case.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Options {
    /// The apps that have credentials.
    pub apps: Vec<App>,
    /// How long a token lives.
    pub token_lifetime_seconds: u32,
    /// Whether a new token kills the one before, as Daraja says.
    pub supersede: bool,
    /// How long a superseded token still lives.
    #[serde(rename = "graceMs")]
    pub grace: Millis,
    /// How `expires_in` is written.
    pub expires_in_as: ExpiresInAs,
    /// Whether pages of other origins may read the answers.
    pub cors: bool,
    /// How a dead token is refused.
    pub reject_as: RejectAs,
    /// How a wrong pair is refused.
    pub refuse_as: RefuseAs,
    /// The passkey that the password of an STK push is made with.
    pub passkey: Passkey,
    /// How an STK push ends.
    pub stk_result: StkResult,
    /// How long after the push it ends.
    #[serde(rename = "stkDelayMs")]
    pub stk_delay: Millis,
    /// The seed of the tokens, of the identifiers and of the rates of faults.
    pub seed: u32,
}

/// How `expires_in` is written: on the wire it is a string, on Daraja's page a number.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ExpiresInAs {
    String,
    Number,
}

/// The error codes with which the business side is seen to refuse a dead token.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum RejectAs {
    /// The usual one, with HTTP 404.
    #[serde(rename = "404.001.03")]
    Classic,
    /// With HTTP 401. It quotes the token.
    #[serde(rename = "401.002.01")]
    Quoting,
    /// With HTTP 401.
    #[serde(rename = "401.003.01")]
    Unauthorized,
    /// With HTTP 400.
    #[serde(rename = "400.003.01")]
    BadRequest,
}

/// The forms in which Daraja is known to refuse a wrong consumer key or secret.
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

/// A passkey. It is not shown.
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

/// The sandbox's passkey for the till 174379, which Daraja publishes for everybody's tests.
const SANDBOX_PASSKEY: &str = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919";
/// Long enough for a client to see that the payment is pending.
const DEFAULT_STK_DELAY: Millis = Millis(2_000);
/// The longest lifetime that a client accepts.
const MAX_LIFETIME_SECONDS: u32 = 86_400;

impl Default for Options {
    fn default() -> Self {
        Self {
            apps: samples(),
            // Daraja's answer: its documented hour, minus one second.
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
            // It is always the same, so that a test that failed once fails again.
            seed: 1,
        }
    }
}

impl Options {
    /// The options, if they make sense together.
    ///
    /// # Errors
    ///
    /// [`daraja_auth_core::error::Code::InvalidOption`] for the first that does not.
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
            let fault = |field: &str, expected: &str, found: &str| -> Result<Self> {
                Err(invalid_option(&format!("apps[{i}].{field}"), expected, found))
            };
            let earlier = self.apps.iter().take(i);
            if app.name.is_empty() {
                return fault("name", "a text", "an empty string");
            } else if app.consumer_key.is_empty() || app.consumer_key.contains(':') {
                return fault("consumerKey", "a text without a colon", "another one");
            } else if app.consumer_secret.is_empty() {
                return fault("consumerSecret", "a text", "an empty string");
            } else if earlier.clone().any(|other| other.name == app.name) {
                return fault("name", "a name of its own", "that of an app before it");
            } else if earlier.clone().any(|other| other.consumer_key == app.consumer_key) {
                return fault("consumerKey", "a key of its own", "that of an app before it");
            }
        }
        Ok(self)
    }
}

/// Options as JSON has them, read and checked.
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
