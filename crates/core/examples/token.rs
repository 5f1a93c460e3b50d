//! Asks Daraja for an access token, with ureq as the HTTP client.
//!
//! Start a simulated Daraja with `npx daraja-auth simulate`, and run this with the key, the secret and the address that
//! it prints:
//!
//! ```text
//! cargo run -p daraja-auth-core --example token -- KEY SECRET http://127.0.0.1:3000
//! ```
//!
//! For the real Daraja, enable ureq's feature `rustls`, and leave the address out. Then the sandbox is asked.

use std::env;
use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use daraja_auth_core::credentials::Credentials;
use daraja_auth_core::endpoint::Endpoint;
use daraja_auth_core::exchange::{BodyKind, Field, MAX_BODY_BYTES, Response, USER_AGENT, classify, request};
use daraja_auth_core::time::{EpochMillis, Millis};
use daraja_auth_core::token::Token;
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (consumer_key, consumer_secret) = (arguments.next(), arguments.next());
    let token =
        ask(&consumer_key.unwrap_or_default(), &consumer_secret.unwrap_or_default(), arguments.next().as_deref())?;
    println!("A token for {} seconds", token.expires_in);
    Ok(())
}

/// Sends one request and classifies its response. Without an address it asks the sandbox.
pub fn ask(consumer_key: &str, consumer_secret: &str, base_url: Option<&str>) -> Result<Token, Box<dyn Error>> {
    let credentials = Credentials::new(String::from(consumer_key).into(), String::from(consumer_secret).into())?;
    let request = request(&credentials, &Endpoint::new(Some("sandbox"), base_url, None)?);

    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(Duration::from_secs(10)))
        .build()
        .new_agent();
    let sent = now();
    let mut response = agent
        .get(&request.url)
        .header("accept", "application/json")
        .header("authorization", request.authorization.as_str())
        .header("user-agent", USER_AGENT)
        .call()?;
    let text = response.body_mut().with_config().limit(MAX_BODY_BYTES as u64).read_to_string()?;

    let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
    let json: Option<Value> = serde_json::from_str(&text).ok().filter(Value::is_object);
    let field = |paths: &str| json.as_ref().map_or(Field::Absent, |json| field(json, paths));
    let response = Response {
        status: response.status().as_u16(),
        retry_after: retry_after.map(Millis::from_secs),
        kind: match &json {
            Some(_) => BodyKind::Json,
            None if text.is_empty() => BodyKind::Empty,
            None => BodyKind::Other,
        },
        text: &text,
        json: if json.is_some() { Some(&field) } else { None },
        sent,
        received: now(),
        ..Response::default()
    };
    Ok(classify(&response, &credentials.secrets())?)
}

/// The member of the object at the first path that leads to one.
fn field(json: &Value, paths: &str) -> Field {
    let at = |path: &str| path.split('.').try_fold(json, |value, name| value.get(name));
    match paths.split(' ').find_map(at) {
        None => Field::Absent,
        Some(Value::String(text)) => Field::Text(text.clone()),
        Some(Value::Number(number)) => number.as_f64().map_or(Field::Other, Field::Number),
        Some(_) => Field::Other,
    }
}

fn now() -> EpochMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    EpochMillis(since.as_millis() as u64)
}
