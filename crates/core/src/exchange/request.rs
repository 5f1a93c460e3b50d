//! The request for a token.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;

use zeroize::Zeroizing;

use crate::credentials::Credentials;
use crate::endpoint::Endpoint;

/// The User-Agent of requests, if the runtime lets a program set it: `daraja-auth/` and the version.
pub const USER_AGENT: &str = concat!("daraja-auth/", env!("CARGO_PKG_VERSION"));

/// A GET request that accepts `application/json`. Daraja's token endpoint takes no other method.
pub struct Request {
    /// The endpoint with `grant_type=client_credentials`.
    pub url: String,
    /// The value of the Authorization header.
    pub authorization: Zeroizing<String>,
}

/// The request that exchanges the credentials for a token, once.
pub fn request(credentials: &Credentials, endpoint: &Endpoint) -> Request {
    Request { url: endpoint.url().to_owned(), authorization: credentials.authorization() }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({}, [redacted])", self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::credentials;

    #[test]
    fn the_request_is_the_one_of_darajas_page() {
        let credentials = credentials("key", "secret").unwrap();
        let request = request(&credentials, &Endpoint::new(None, None, None).unwrap());
        let url = "https://sandbox.safaricom.co.ke/oauth/v1/generate?grant_type=client_credentials";
        assert_eq!(request.url, url);
        assert_eq!(*request.authorization, "Basic a2V5OnNlY3JldA==");
        assert_eq!(format!("{request:?}"), format!("Request({url}, [redacted])"));
    }

    #[test]
    fn the_user_agent_has_the_version() {
        assert_eq!(USER_AGENT, format!("daraja-auth/{}", env!("CARGO_PKG_VERSION")));
    }
}
