//! The request for a token.

use std::fmt;

use zeroize::Zeroizing;

use crate::credentials::Credentials;
use crate::endpoint::Endpoint;

/// How requests name this package, where the runtime lets them: `daraja-auth/` and its version.
pub const USER_AGENT: &str = concat!("daraja-auth/", env!("CARGO_PKG_VERSION"));

/// A request that asks for a token.
pub struct Request {
    /// Always GET, the only method Daraja's token endpoint takes.
    pub method: &'static str,
    /// The endpoint with `grant_type=client_credentials`.
    pub url: String,
    /// The value of the Authorization header.
    pub authorization: Zeroizing<String>,
    /// The value of the Accept header.
    pub accept: &'static str,
}

/// The request that exchanges the credentials for a token, once.
#[must_use]
pub fn request(credentials: &Credentials, endpoint: &Endpoint) -> Request {
    Request {
        method: "GET",
        url: endpoint.url().to_owned(),
        authorization: credentials.authorization(),
        accept: "application/json",
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({} {}, [redacted])", self.method, self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::Environment;

    #[test]
    fn the_request_is_the_one_of_darajas_page() {
        let credentials = Credentials::new("key".into(), "secret".into()).unwrap();
        let request = request(&credentials, &Endpoint::new(Environment::Sandbox, None, None).unwrap());
        let url = "https://sandbox.safaricom.co.ke/oauth/v1/generate?grant_type=client_credentials";
        assert_eq!((request.method, request.url.as_str()), ("GET", url));
        assert_eq!(*request.authorization, "Basic a2V5OnNlY3JldA==");
        assert_eq!(request.accept, "application/json");
        assert_eq!(format!("{request:?}"), format!("Request(GET {url}, [redacted])"));
    }

    #[test]
    fn the_user_agent_has_the_version() {
        assert_eq!(USER_AGENT, format!("daraja-auth/{}", env!("CARGO_PKG_VERSION")));
    }
}
