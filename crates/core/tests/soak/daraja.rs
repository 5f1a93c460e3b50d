//! The token endpoint of the simulated Daraja. It gets the core's requests, and the core classifies its answers.
//!
//! Its tokens are called T1, T2, and so on.

use daraja_auth_core::credentials::Credentials;
use daraja_auth_core::endpoint::Endpoint;
use daraja_auth_core::error::{Error, Result};
use daraja_auth_core::exchange;
use daraja_auth_core::time::EpochMillis;
use daraja_auth_core::token::Token;
use daraja_auth_simulator::{Ending, Fault, Options, Request, Response, Simulation};

use crate::response::{Sent, classified, credentials};
use crate::simulation::BEGINNING;

const HOST: &str = "sandbox.safaricom.co.ke";

pub struct Daraja {
    simulation: Simulation,
    request: Request,
    credentials: Credentials,
    /// The ends of all tokens, in the order in which they were granted. Only the last one is live.
    ends: Vec<u64>,
    lifetime: u64,
}

/// The result of one request.
pub struct Reply {
    /// How long the answer is delayed.
    pub delay: u64,
    /// The answer. None if it never comes.
    pub result: Option<Result<Token>>,
    /// Whether a token was granted. Its answer may be lost.
    pub grants: bool,
}

impl Daraja {
    pub fn new(seed: u64) -> Self {
        let options = Options { seed: seed as u32, ..Options::default() };
        let lifetime = u64::from(options.token_lifetime_seconds) * 1000;
        let simulation = Simulation::new(options);
        let app = &simulation.apps()[0];
        let credentials = credentials(&app.consumer_key, &app.consumer_secret).unwrap();
        let sent =
            exchange::request(&credentials, &Endpoint::new(None, Some(&format!("https://{HOST}")), None).unwrap());
        let (url, query) = sent.url.split_once('?').unwrap();
        let request = Request {
            method: "GET".into(),
            host: HOST.into(),
            path: url.strip_prefix("https://").and_then(|rest| rest.strip_prefix(HOST)).unwrap().into(),
            grant_type: query.strip_prefix("grant_type=").map(Into::into),
            authorization: Some((*sent.authorization).clone()),
            body: String::new(),
        };
        Self { simulation, request, credentials, ends: Vec::new(), lifetime }
    }

    /// A request arrives.
    pub fn ask(&mut self, time: u64, fault: Option<Fault>) -> Reply {
        fault.into_iter().for_each(|fault| self.simulation.inject(fault));
        let response = self.simulation.answer(EpochMillis(BEGINNING + time), &self.request);
        self.simulation.clear_faults();
        let grants = response.token.is_some();
        if grants {
            self.ends.push(time + self.lifetime);
            assert_eq!(response.token, Some(self.ends.len() as u32));
        }
        let result = match response.ending {
            Ending::Never => None,
            Ending::Cut => Some(Err(Error::network("the connection was cut"))),
            Ending::Whole => Some(self.judge(&response)),
        };
        Reply { delay: response.delay.0, result, grants }
    }

    fn judge(&self, response: &Response) -> Result<Token> {
        let header = |name: &str| {
            let found = response.headers.iter().find(|(there, _)| there == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let sent = Sent {
            status: response.status,
            content_type: header("content-type"),
            retry_after: header("retry-after"),
            date: String::new(),
            body: response.body.clone().into_bytes(),
        };
        let named = |token| Token { access_token: format!("T{}", self.ends.len()).into(), ..token };
        classified(&sent, &self.credentials.secrets()).map(named)
    }

    /// Whether an API accepts a token.
    pub fn accepts(&self, token: &str, time: u64) -> bool {
        number(token) == self.ends.len() && self.end_of(token) > time
    }

    /// When a token ends, unless another token ends it earlier.
    pub fn end_of(&self, token: &str) -> u64 {
        self.ends[number(token) - 1]
    }
}

fn number(token: &str) -> usize {
    token[1..].parse().unwrap()
}
