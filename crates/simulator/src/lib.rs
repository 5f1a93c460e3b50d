//! The simulated Daraja: a pure function of the instant, the state and the request.
//!
//! ```text
//!   Options ──► Simulation::new ──► Simulation ◄── inject(Fault)
//!                                       │
//!   (now, Request) ────────────────► answer() ──► Response
//!                                       ├── fault              replaces the answer, or changes it
//!                                       ├── token_endpoint     /oauth/v1/generate, and v2 and v3
//!                                       └── business           every path but /, /oauth and those below /oauth/
//! ```
//!
//! Most of its answers are those that Daraja's own page documents and that public code has recorded.
//! It keeps Daraja's rule: each new token of an app ends the previous one.
//! It has no clock and no randomness of its own: the same seed and the same requests at the same instants give the same
//! answers.
//!
//! ```
//! use daraja_auth_simulator::{Options, Request, Simulation};
//! use daraja_auth_core::time::EpochMillis;
//!
//! let mut daraja = Simulation::new(Options::default());
//! let request = Request {
//!     method: "GET".into(),
//!     host: "sandbox.safaricom.co.ke".into(),
//!     path: "/oauth/v1/generate".into(),
//!     grant_type: Some("client_credentials".into()),
//!     authorization: Some("Basic d3Jvbmc6cGFpcg==".into()),
//!     body: String::new(),
//! };
//! let response = daraja.answer(EpochMillis(0), &request);
//! assert_eq!((response.status, response.body.as_str()), (400, ""));
//! ```

mod app;
mod business;
mod calendar;
mod fault;
mod http;
mod input;
mod options;
mod random;
mod stk;
mod stk_request;
mod token_endpoint;
mod tokens;

use serde::{Deserialize, Serialize};

pub use app::{App, Environment};
pub use fault::{Fault, Kind};
pub use http::{Callback, Ending, Outcome, Request, Response};
pub use input::unreadable;
pub use options::{ExpiresInAs, Options, Passkey, RefuseAs, RejectAs};
pub use stk::StkResult;

use business::BusinessApis;
use daraja_auth_core::time::EpochMillis;
use http::{apigee_fault, text};
use random::Random;
use tokens::Tokens;

/// The state of a simulated Daraja between two requests.
#[derive(Debug, Deserialize, Serialize)]
pub struct Simulation {
    options: Options,
    tokens: Tokens,
    faults: Vec<Fault>,
    payments: Vec<stk::Payment>,
    requests: u32,
}

impl Simulation {
    /// A Daraja that has issued no token yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, tokens: Tokens::default(), faults: Vec::new(), payments: Vec::new(), requests: 0 }
    }

    /// The apps that it knows.
    #[must_use]
    pub fn apps(&self) -> &[App] {
        &self.options.apps
    }

    /// Adds a fault. If several faults match a request, the one that was added first affects it.
    pub fn inject(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Removes every fault.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// Chooses how each STK push ends from now on.
    pub fn set_stk_result(&mut self, result: StkResult) {
        self.options.stk_result = result;
    }

    /// Answers a request that arrives now.
    pub fn answer(&mut self, now: EpochMillis, request: &Request) -> Response {
        self.requests = self.requests.wrapping_add(1);
        let random = &mut Random::new(self.options.seed, self.requests);
        if self.options.cors && request.method == "OPTIONS" {
            return self.readable_by_pages(text(204, "").with_outcome(Outcome::Preflight));
        }
        let fault = fault::take(&mut self.faults, &request.path, random);
        let response = match fault.as_ref().and_then(|fault| fault.replacement(random)) {
            Some(response) => response,
            None => self.carry_out(now, request, random),
        };
        let response = fault.iter().fold(response, |response, fault| fault.change(response));
        self.readable_by_pages(response)
    }

    fn carry_out(&mut self, now: EpochMillis, request: &Request, random: &mut Random) -> Response {
        let path = request.path.as_str();
        if request.host == PORTAL {
            http::html(200, PORTAL_PAGE).with_outcome(Outcome::Portal)
        } else if TOKEN_ENDPOINTS.contains(&path) {
            token_endpoint::answer(&self.options, &mut self.tokens, now, request, random)
        } else if is_business(path) {
            let apis = BusinessApis { options: &self.options, tokens: &self.tokens, payments: &mut self.payments, now };
            apis.answer(request, random)
        } else {
            let code = "messaging.adaptors.http.flow.ApplicationNotFound";
            let message = ["Unable to identify proxy for host: ", &request.host, " and url: ", path].concat();
            apigee_fault(404, &message, code).with_outcome(Outcome::UnknownPath)
        }
    }

    /// Adds CORS headers, if the option `cors` is on. The real Daraja sends none, so no page can call it.
    fn readable_by_pages(&self, mut response: Response) -> Response {
        if self.options.cors {
            for (name, value) in CORS {
                response.headers.push((String::from(name), String::from(value)));
            }
        }
        response
    }
}

/// Whether the path is one of a business API, which needs a token.
///
/// Daraja's business APIs are below many names, such as `/mpesa/`, `/pulltransactions/` and `/v1/billmanager-invoice/`.
fn is_business(path: &str) -> bool {
    path != "/" && path != "/oauth" && !path.starts_with("/oauth/")
}

/// The documented path, and those that public code uses in production.
const TOKEN_ENDPOINTS: [&str; 3] = ["/oauth/v1/generate", "/oauth/v2/generate", "/oauth/v3/generate"];
/// The developers' portal. People take it for the host of the API.
const PORTAL: &str = "developer.safaricom.co.ke";
const PORTAL_PAGE: &str = "<!DOCTYPE html><html lang=\"en\"><head><title>Daraja</title></head><body></body></html>";
const CORS: [(&str, &str); 4] = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE"),
    ("access-control-allow-headers", "authorization, content-type"),
    ("access-control-expose-headers", "date, retry-after"),
];
