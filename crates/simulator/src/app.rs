//! An app, as a developer registers it on the Daraja portal.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::input::not_null;

/// One of Daraja's two environments, each with a host of its own.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// `sandbox.safaricom.co.ke`
    Sandbox,
    /// `api.safaricom.co.ke`
    Production,
}

impl Environment {
    /// The environment of that host. Any other host, such as loopback, answers for both.
    #[must_use]
    pub fn of_host(host: &str) -> Option<Self> {
        match host {
            "sandbox.safaricom.co.ke" => Some(Self::Sandbox),
            "api.safaricom.co.ke" => Some(Self::Production),
            _ => None,
        }
    }
}

/// An app and its credentials.
#[derive(Clone, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct App {
    /// The app's name, for people.
    pub name: String,
    /// Its consumer key.
    pub consumer_key: String,
    /// Its consumer secret.
    pub consumer_secret: String,
    /// The environment of the app. Without one, the app is in both.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// The APIs that its tokens may call, such as the `stkpush` of `/mpesa/stkpush/v1/processrequest`. None means all.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub products: Option<Vec<String>>,
}

impl App {
    /// Whether it exists in that environment.
    #[must_use]
    pub fn is_in(&self, environment: Option<Environment>) -> bool {
        environment.is_none() || self.environment.is_none() || self.environment == environment
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "App({:?}, [redacted])", self.name)
    }
}

/// The built-in apps. The first is in both environments, and may call every API. The second is in the sandbox only, has
/// an older, shorter key, and lacks products. The third is in production only.
///
/// Their keys and secrets are invented. They are as long as Daraja's are today (48 and 64) or were before (32 and 16).
pub(super) fn samples() -> Vec<App> {
    let app = |name: &str, consumer_key: &str, consumer_secret: &str| App {
        name: name.into(),
        consumer_key: consumer_key.into(),
        consumer_secret: consumer_secret.into(),
        environment: None,
        products: None,
    };
    Vec::from([
        app(
            "Duka",
            "SimDuka26auCJp8cHzlQEWht8NC1Wd3N52OWt3O2VcbNs6UP",
            "SimDukaSecretKlNfprBQuXpxxSrWLYubZWWuONUCzDhTCjoACmMCdN674VPmtFe",
        ),
        App {
            environment: Some(Environment::Sandbox),
            products: Some(Vec::from(["stkpush".into(), "stkpushquery".into()])),
            ..app("Matatu", "SimMatatuhhIRz5S16IlLZuKSPCmDL6s", "SimMatatubSble9u")
        },
        App {
            environment: Some(Environment::Production),
            ..app(
                "Shamba",
                "SimShambahXq2G9xrZAAXepSpw6ACEWTNdd0WJhLOkXToErL",
                "SimShambaSecretugaBQ6MppmduKdMcbaKEFJgcY04PX6cOtmrMwKx9v0YgYcS9m",
            )
        },
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_in_its_environment_and_without_one_in_both() {
        let [both, sandbox, production] = &samples()[..] else { panic!() };
        for environment in [Environment::Sandbox, Environment::Production] {
            assert!(both.is_in(Some(environment)));
            assert_eq!(sandbox.is_in(Some(environment)), environment == Environment::Sandbox);
            assert_eq!(production.is_in(Some(environment)), environment == Environment::Production);
        }
        assert!(sandbox.is_in(None) && production.is_in(None));
    }

    #[test]
    fn each_environment_has_its_host() {
        assert_eq!(Environment::of_host("sandbox.safaricom.co.ke"), Some(Environment::Sandbox));
        assert_eq!(Environment::of_host("api.safaricom.co.ke"), Some(Environment::Production));
        assert_eq!(Environment::of_host("127.0.0.1"), None);
    }

    #[test]
    fn formatting_an_app_shows_no_credential() {
        assert_eq!(format!("{:?}", samples()[0]), "App(\"Duka\", [redacted])");
    }
}
