//! Faults, which a user of the simulator can inject.

use serde::{Deserialize, Serialize};

use super::http::{Ending, Outcome, Response, apigee_fault, daraja_error, html, text};
use super::input::{invalid_option, not_null, read};
use super::random::Random;
use daraja_auth_core::error::{Error, Result};
use daraja_auth_core::time::Millis;

/// What goes wrong.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The empty 400 that Daraja sends for a wrong pair.
    #[serde(rename = "empty-400")]
    Empty400,
    /// The firewall's older page, with HTTP 403.
    #[serde(rename = "blocked-403")]
    Blocked403,
    /// The firewall's older page, with HTTP 503.
    #[serde(rename = "blocked-503")]
    Blocked503,
    /// The firewall's older page, with HTTP 200.
    #[serde(rename = "blocked-200")]
    Blocked200,
    /// The firewall's current page, with HTTP 403.
    #[serde(rename = "imperva-403")]
    Imperva403,
    /// The firewall's current page, with HTTP 503.
    #[serde(rename = "imperva-503")]
    Imperva503,
    /// The firewall's current page, with HTTP 200.
    #[serde(rename = "imperva-200")]
    Imperva200,
    /// Apigee's spike arrest, with HTTP 429.
    SpikeArrest,
    /// Daraja's 500.003.02.
    Busy,
    /// Daraja's 500.003.03.
    Quota,
    /// HTTP 429, with Retry-After.
    RateLimited,
    /// HTTP 503, in plain text.
    Unavailable,
    /// HTTP 503, with an HTML page.
    Maintenance,
    /// The request is carried out at once. The answer is sent later.
    Latency,
    /// The request is not carried out, and no answer is sent.
    Hang,
    /// The request is carried out. The connection is cut in the middle of the answer.
    Cut,
    /// The request is carried out. Half of the answer is sent as if it were all of it.
    Truncated,
    /// The request is carried out. The Content-Type of the answer says HTML.
    WrongType,
}

/// A fault, and the requests that it affects.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub kind: Kind,
    /// How many requests it affects. Default: one, or with a `rate` no limit.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// The share of requests that it affects, from 0 to 1. Default: all.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// The beginning of the paths that it affects. Default: every path.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// How long `latency` delays an answer, in milliseconds. Default: 3,000.
    #[serde(default, deserialize_with = "not_null", rename = "ms", skip_serializing_if = "Option::is_none")]
    pub delay: Option<Millis>,
    /// The value of Retry-After. Default: 1 for `rate-limited`, no such header for `maintenance`.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u32>,
}

/// Long enough for a person to notice, and shorter than the usual time limits of clients.
const DEFAULT_DELAY: Millis = Millis(3_000);
/// The longest timer in JavaScript, which counts in 31 bits.
pub(super) const MAX_DELAY: Millis = Millis(2_147_483_647);
/// Most clients wait that long.
const DEFAULT_RETRY_AFTER_SECONDS: u32 = 1;

impl Fault {
    /// A fault of this kind that affects the next request.
    #[must_use]
    pub fn once(kind: Kind) -> Self {
        Self { kind, times: Some(1), rate: None, path: None, delay: None, retry_after_seconds: None }
    }

    /// The response of a fault that prevents the request from being carried out. None for other faults.
    pub(super) fn replacement(&self, random: &mut Random) -> Option<Response> {
        let retry_after = self.retry_after_seconds.map(|seconds| seconds.to_string());
        let response = match self.kind {
            Kind::Empty400 => text(400, ""),
            Kind::Blocked403 => blocked(403, random),
            Kind::Blocked503 => blocked(503, random),
            Kind::Blocked200 => blocked(200, random),
            Kind::Imperva403 => imperva(403, random),
            Kind::Imperva503 => imperva(503, random),
            Kind::Imperva200 => imperva(200, random),
            Kind::SpikeArrest => {
                let message = "Spike arrest violation. Allowed rate : 5ps";
                apigee_fault(429, message, "policies.ratelimit.SpikeArrestViolation")
            }
            Kind::Busy => {
                let message = "System is busy. Please try again in few minutes.";
                daraja_error(500, &random.request_id(), "500.003.02", message)
            }
            Kind::Quota => daraja_error(500, &random.request_id(), "500.003.03", "Error Occurred: Quota Violation"),
            Kind::RateLimited => {
                let seconds = retry_after.unwrap_or_else(|| DEFAULT_RETRY_AFTER_SECONDS.to_string());
                text(429, "Too Many Requests").with_header("retry-after", &seconds)
            }
            Kind::Unavailable => text(503, "no healthy upstream"),
            Kind::Maintenance => {
                let page = html(503, MAINTENANCE_PAGE);
                retry_after.into_iter().fold(page, |page, seconds| page.with_header("retry-after", &seconds))
            }
            Kind::Hang => Response { ending: Ending::Never, ..text(503, "") },
            Kind::Latency | Kind::Cut | Kind::Truncated | Kind::WrongType => return None,
        };
        Some(response.with_outcome(Outcome::Fault(self.kind)))
    }

    /// Changes the response to a request that was carried out, if the fault happens on the way back.
    pub(super) fn change(&self, response: Response) -> Response {
        let half = || {
            let end = response.body.floor_char_boundary(response.body.len() / 2);
            String::from(response.body.get(..end).unwrap_or_default())
        };
        let response = match self.kind {
            Kind::Latency => Response { delay: self.delay.unwrap_or(DEFAULT_DELAY), ..response },
            Kind::Cut => Response { body: half(), ending: Ending::Cut, ..response },
            Kind::Truncated => Response { body: half(), ..response },
            Kind::WrongType => response.with_header("content-type", "text/html"),
            _ => return response,
        };
        response.with_outcome(Outcome::Fault(self.kind))
    }

    fn checked(self) -> Result<Self> {
        let has_retry_after = matches!(self.kind, Kind::RateLimited | Kind::Maintenance);
        if self.times == Some(0) {
            Err(invalid_option("times", "a whole number from 1", "0"))
        } else if self.rate.is_some_and(|rate| !(0.0..=1.0).contains(&rate)) {
            Err(invalid_option("rate", "a number from 0 to 1", "another number"))
        } else if self.path.as_ref().is_some_and(|path| !path.starts_with('/')) {
            Err(invalid_option(
                "path",
                "the beginning of a path, such as /oauth/",
                "a text that does not begin with a slash",
            ))
        } else if self.delay.is_some() && self.kind != Kind::Latency {
            Err(invalid_option("ms", "none, unless the kind is latency", "a number"))
        } else if self.delay.is_some_and(|delay| delay > MAX_DELAY) {
            Err(invalid_option("ms", "a whole number up to 2147483647", "another number"))
        } else if self.retry_after_seconds.is_some() && !has_retry_after {
            let expected = "none, unless the kind is rate-limited or maintenance";
            Err(invalid_option("retryAfterSeconds", expected, "a number"))
        } else if self.times.is_none() && self.rate.is_none() {
            Ok(Self { times: Some(1), ..self })
        } else {
            Ok(self)
        }
    }
}

/// Reads a fault from JSON, and checks it.
///
/// # Errors
///
/// [`daraja_auth_core::error::Code::InvalidOption`], naming the member, what was expected and what was found.
impl TryFrom<serde_json::Value> for Fault {
    type Error = Box<Error>;

    fn try_from(value: serde_json::Value) -> Result<Self> {
        read::<Self>("fault", value)?.checked()
    }
}

/// Takes the first fault that affects a request to that path. A fault is removed after its last use.
pub fn take(faults: &mut Vec<Fault>, path: &str, random: &mut Random) -> Option<Fault> {
    let affects = |fault: &Fault| {
        let is_in_path = fault.path.as_ref().is_none_or(|prefix| path.starts_with(prefix.as_str()));
        is_in_path && fault.rate.is_none_or(|rate| random.happens(rate))
    };
    let index = faults.iter().position(affects)?;
    let fault = faults.get_mut(index)?;
    let taken = fault.clone();
    if let Some(times) = &mut fault.times {
        *times = times.saturating_sub(1);
        if *times == 0 {
            faults.remove(index);
        }
    }
    Some(taken)
}

/// Imperva's current page, and the headers that tell its answers from others.
fn imperva(status: u16, random: &mut Random) -> Response {
    let incident = [random.digits(18), random.digits(17)].join("-");
    let page = [
        "<!DOCTYPE html><html lang=\"en\"><head><title>Access denied</title></head><body>",
        "<h1>Access denied</h1><h2>Error 16</h2><p>sandbox.safaricom.co.ke</p><h3>What happened?</h3>",
        "<p>This request was blocked by our security service</p>",
        "<p>Your IP: 192.0.2.1</p><p>Incident ID: ",
        &incident,
        "</p><p>Powered by Imperva</p></body></html>",
    ];
    let info = [&random.digits(1), "-", &random.digits(8), "-0 0NNN RT(", &random.digits(13), " 0)"].concat();
    html(status, &page.concat()).with_header("x-cdn", "Imperva").with_header("x-iinfo", &info)
}

/// Imperva's older page. It has the incident ID twice.
fn blocked(status: u16, random: &mut Random) -> Response {
    let id = random.incident_id();
    let page = [
        "<html style=\"height:100%\"><head><META NAME=\"ROBOTS\" CONTENT=\"NOINDEX, NOFOLLOW\"></head>",
        "<body style=\"margin:0px;height:100%\"><iframe id=\"main-iframe\" ",
        "src=\"/_Incapsula_Resource?CWUDNSAI=24&incident_id=",
        &id,
        "&edet=12\" frameborder=0 width=\"100%\" height=\"100%\">",
        "Request unsuccessful. Incapsula incident ID: ",
        &id,
        "</iframe></body></html>",
    ];
    html(status, &page.concat())
}

const MAINTENANCE_PAGE: &str = "<!DOCTYPE html><html><head><title>Maintenance</title></head>\
    <body><h1>We will be back soon</h1></body></html>";
