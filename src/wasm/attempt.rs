//! One attempt: send the request, read the answer, have it judged.

use js_sys::Object;
use wasm_bindgen::prelude::*;
use web_sys::AbortController;

use crate::error::Error;
use crate::exchange::{Answer, Request, USER_AGENT, judge};
use crate::options::{Options, no_fetch};
use crate::token::Token;
use crate::wasm::options::Call;
use crate::wasm::signals::{Abort, Stop, Timer, until};
use crate::wasm::{body, js, now};

/// Why an attempt gave no token.
pub enum Halt {
    /// The caller's signal aborted, for this reason.
    Aborted(JsValue),
    /// It failed; with what `fetch` threw, where that is the cause.
    Failed(Error, Option<JsValue>),
}

impl Halt {
    /// A failure of `fetch` or of its response; `what` says which.
    pub fn network(what: &str, cause: Option<JsValue>) -> Self {
        Self::Failed(Error::network(what), cause)
    }
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Failed(error, None)
    }
}

/// Cancels the request if its attempt ends before its answer has.
struct InFlight {
    controller: AbortController,
    complete: bool,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if !self.complete {
            self.controller.abort();
        }
    }
}

/// Sends the request once. The attempt ends at the options' time limit, with the body or without.
pub async fn run(request: &Request, call: &Call, abort: &Abort<'_>) -> Result<Token, Halt> {
    let Options { credentials, timeout, .. } = &call.options;
    let global = js::method(&js_sys::global(), "fetch");
    let fetch = call.fetch.as_ref().or(global.as_ref()).ok_or_else(no_fetch)?;
    let controller = AbortController::new().map_err(|thrown| Halt::network("AbortController threw", Some(thrown)))?;
    let mut in_flight = InFlight { controller, complete: false };
    let timer = Timer::start(*timeout)?;
    let ended = |stop| match stop {
        Stop::Time => Halt::Failed(Error::timeout(*timeout), None),
        Stop::Aborted(reason) => Halt::Aborted(reason),
    };

    let init = init(request, &in_flight.controller);
    let sent = now();
    let response = fetch
        .call2(&JsValue::UNDEFINED, &JsValue::from_str(&request.url), &init)
        .map_err(|thrown| Halt::network("fetch threw", Some(thrown)))?;
    let response = until(js::settled(&response), &timer, abort)
        .await
        .map_err(ended)?
        .map_err(|thrown| Halt::network("fetch rejected", Some(thrown)))?;
    let head = Head::of(&response).ok_or_else(|| Halt::network("fetch gave no Response", None))?;
    let body = until(body::read(&response), &timer, abort).await.map_err(ended)??;
    in_flight.complete = body.is_whole;

    let answer = Answer {
        status: head.status,
        redirected: head.redirected,
        content_type: head.content_type.as_deref(),
        retry_after: head.retry_after.as_deref(),
        date: head.date.as_deref(),
        body: &body.bytes,
        now: now(),
    };
    Ok(judge(&answer, credentials)?.sent_at(sent).alive_at(answer.now)?)
}

fn init(request: &Request, controller: &AbortController) -> Object {
    let headers = Object::new();
    js::set(&headers, "Accept", &JsValue::from_str(request.accept));
    js::set(&headers, "Authorization", &JsValue::from_str(&request.authorization));
    if !is_browser() {
        js::set(&headers, "User-Agent", &JsValue::from_str(USER_AGENT));
    }
    let init = Object::new();
    js::set(&init, "method", &JsValue::from_str(request.method));
    js::set(&init, "headers", &headers);
    // Not "error": Workers throw on it.
    js::set(&init, "redirect", &JsValue::from_str("manual"));
    js::set(&init, "signal", &controller.signal());
    if takes_cache() {
        js::set(&init, "cache", &JsValue::from_str("no-store"));
    }
    init
}

/// Browsers name themselves; there the header would only cost a preflight its success.
fn is_browser() -> bool {
    js::get(&js_sys::global(), "navigator")
        .filter(js::is_object)
        .and_then(|navigator| js::get(&navigator, "userAgent"))
        .and_then(|agent| agent.as_string())
        .is_some_and(|agent| agent.starts_with("Mozilla/"))
}

/// Workers with a compatibility date before 2024-11-11 throw on the option `cache`, and have no such property.
fn takes_cache() -> bool {
    let prototype = js::get(&js_sys::global(), "Request")
        .filter(js::is_object)
        .and_then(|request| js::get(&request, "prototype"))
        .filter(js::is_object);
    prototype.is_some_and(|prototype| js_sys::Reflect::has(&prototype, &JsValue::from_str("cache")).unwrap_or(false))
}

/// What an answer says before its body.
struct Head {
    status: u16,
    redirected: bool,
    content_type: Option<String>,
    retry_after: Option<String>,
    date: Option<String>,
}

impl Head {
    fn of(response: &JsValue) -> Option<Self> {
        if !js::is_object(response) {
            return None;
        }
        let status = js::number(response, "status").filter(|status| (0.0..1000.0).contains(status))? as u16;
        let headers = js::get(response, "headers").filter(js::is_object);
        let get = headers.as_ref().and_then(|headers| js::method(headers, "get"));
        let header = |name: &str| {
            let value = get.as_ref()?.call1(headers.as_ref()?, &JsValue::from_str(name)).ok()?;
            body::text_of(&value)
        };
        Some(Self {
            status,
            redirected: js::get(response, "redirected").is_some_and(|redirected| redirected.is_truthy()),
            content_type: header("content-type"),
            retry_after: header("retry-after"),
            date: header("date"),
        })
    }
}
