//! The address of the token endpoint.

use alloc::boxed::Box;
use alloc::string::String;

use crate::error::{Code, Error, Result};
use crate::options::Reader;
use crate::scrub::scrub;
use crate::text::split;

/// The path that Daraja documents. There is an option for the path, because production code also uses
/// `/oauth/v2/generate` and v3.
pub const DEFAULT_PATH: &str = "/oauth/v1/generate";

/// For tests. It is the default, so that a forgotten option moves no money.
const SANDBOX: &str = "https://sandbox.safaricom.co.ke";
/// Real transactions.
const PRODUCTION: &str = "https://api.safaricom.co.ke";

/// The address of the token endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoint {
    url: String,
}

impl Endpoint {
    /// The endpoint of an environment, or below `base_url`, which must be safe for credentials. The default environment
    /// is the sandbox.
    ///
    /// The caller has already checked with the runtime's parser that `base_url` is a URL.
    ///
    /// ```
    /// use daraja_auth_core::endpoint::Endpoint;
    ///
    /// let endpoint = Endpoint::new(None, None, None)?;
    /// let url = "https://sandbox.safaricom.co.ke/oauth/v1/generate?grant_type=client_credentials";
    /// assert_eq!(endpoint.url(), url);
    /// # Ok::<(), Box<daraja_auth_core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Code::InvalidOption`], naming `environment`, `baseUrl` or `path`.
    pub fn new(environment: Option<&str>, base_url: Option<&str>, path: Option<&str>) -> Result<Self> {
        let host = match environment {
            None | Some("sandbox") => SANDBOX,
            Some("production") => PRODUCTION,
            Some(other) => {
                let hint = "Another host than these two is given as baseUrl.";
                return Err(invalid("environment", "\"sandbox\" or \"production\"", &scrub(other, &[]), hint));
            }
        };
        let base = base_url.unwrap_or(host);
        let path = path.unwrap_or(DEFAULT_PATH);
        if let Some((found, hint)) = fault(base).or_else(|| scheme_fault(base)) {
            return Err(invalid("baseUrl", "an https URL such as https://sandbox.safaricom.co.ke", found, hint));
        }
        let no_slash = ("one without a slash before it", "environment or baseUrl gives the host.");
        if let Some((found, hint)) = fault(path).or((!path.starts_with('/')).then_some(no_slash)) {
            return Err(invalid("path", "a path such as /oauth/v1/generate", found, hint));
        }
        Ok(Self { url: [base.strip_suffix('/').unwrap_or(base), path, "?grant_type=client_credentials"].concat() })
    }

    /// The whole URL of the request.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Endpoint {
    /// Reads `environment`, `baseUrl` and `path`.
    pub(crate) fn read(options: &mut Reader<'_>) -> Self {
        let [environment, base_url, path] = ["environment", "baseUrl", "path"].map(|name| options.text(name));
        let [environment, base_url, path] =
            [&environment, &base_url, &path].map(|text| text.as_ref().map(|text| text.as_str()));
        Self::new(environment, base_url, path).unwrap_or_else(|fault| {
            options.invalid(fault);
            Self::default()
        })
    }
}

type Fault = (&'static str, &'static str);

/// Finds the characters that a base URL or a path must not have.
fn fault(text: &str) -> Option<Fault> {
    text.bytes().find_map(|b| match b {
        b'@' => Some(("a user name or password in it", "URLs end up in logs; pass consumerKey and consumerSecret.")),
        b'?' => Some(("a query in it", "Leave it out; grant_type is added by itself.")),
        b'#' => Some(("a fragment in it", "Leave it out; it would not be sent.")),
        // A URL parser would drop or change these characters: it turns a backslash into a slash.
        b'\\' | ..=b' ' | 127.. => Some(("a character that no URL has", "Percent-encode it; hosts are in punycode.")),
        _ => None,
    })
}

fn scheme_fault(url: &str) -> Option<Fault> {
    let is_safe = url.starts_with("https://") || url.strip_prefix("http://").is_some_and(is_loopback);
    (!is_safe).then_some((
        "another scheme or host",
        "It would send the secret in clear text. http is for localhost, 127.0.0.0/8 and [::1] only.",
    ))
}

/// Whether what follows `http://` is on this machine.
fn is_loopback(rest: &str) -> bool {
    let (authority, _path) = split(rest, "/").unwrap_or((rest, ""));
    let port = authority.bytes().rev().take_while(u8::is_ascii_digit).count();
    let host = authority.get(..authority.len() - port).and_then(|host| host.strip_suffix(':')).unwrap_or(authority);
    // The URL parsers of the runtimes take a host of digits and dots for an IPv4 address, in any form. `127.` alone is
    // 0.0.0.127.
    let is_127 = || host.starts_with("127.") && host.len() > 4 && host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    host == "localhost" || host == "[::1]" || is_127()
}

fn invalid(option: &str, expected: &str, found: &str, hint: &'static str) -> Box<Error> {
    Error::new(Code::InvalidOption, &[option, ": expected ", expected, ", found ", found], hint)
}

#[cfg(test)]
mod tests {
    use std::prelude::rust_2024::{String, ToOwned};

    use super::*;

    const REST: &str = "?grant_type=client_credentials";

    fn url(environment: &str, base_url: &str, path: &str) -> core::result::Result<String, String> {
        let [environment, base_url, path] =
            [environment, base_url, path].map(|text| Some(text).filter(|text| !text.is_empty()));
        match Endpoint::new(environment, base_url, path) {
            Ok(endpoint) => Ok(endpoint.url().to_owned()),
            Err(error) => {
                assert_eq!(error.code, Code::InvalidOption);
                assert!(!error.hint.is_empty());
                Err(error.message)
            }
        }
    }

    #[test]
    fn each_environment_has_its_host_and_the_sandbox_is_the_default() {
        let sandbox = Ok(format!("https://sandbox.safaricom.co.ke/oauth/v1/generate{REST}"));
        assert_eq!(url("sandbox", "", ""), sandbox);
        assert_eq!(url("", "", ""), sandbox);
        assert_eq!(url("production", "", ""), Ok(format!("https://api.safaricom.co.ke/oauth/v1/generate{REST}")));
    }

    #[test]
    fn another_environment_is_quoted_unless_it_could_be_a_secret() {
        let expected = "environment: expected \"sandbox\" or \"production\", found ";
        assert_eq!(url("live", "", ""), Err(format!("{expected}live")));
        assert_eq!(url("Production", "", ""), Err(format!("{expected}Production")));
        assert_eq!(url("n720GZimn720GZimn720GZim", "", ""), Err(format!("{expected}[redacted]")));
    }

    #[test]
    fn base_url_and_path_replace_their_parts() {
        let proxy = "https://proxy.example:8443/daraja/";
        assert_eq!(url("", proxy, ""), Ok(format!("https://proxy.example:8443/daraja/oauth/v1/generate{REST}")));
        assert_eq!(
            url("production", "https://h", "/oauth/v2/generate"),
            Ok(format!("https://h/oauth/v2/generate{REST}"))
        );
        assert_eq!(url("", "https://[2001:db8::1]:65535", "/"), Ok(format!("https://[2001:db8::1]:65535/{REST}")));
    }

    #[test]
    fn http_is_for_loopback_only() {
        for base in [
            "http://localhost",
            "http://localhost:3000/x",
            "http://127.0.0.1:0",
            "http://127.9.9.9",
            "http://127.1",
            "http://[::1]",
            "http://[::1]:80/",
        ] {
            assert!(url("", base, "").is_ok(), "{base}");
        }
        for base in [
            "http://sandbox.safaricom.co.ke",
            "http://127.0.0.1.example",
            "http://128.0.0.1",
            "http://localhost.example",
            "http://[::2]",
            "http://[::1].example",
            "http://1270.0.0.1",
            "http://127",
            "http://127.",
            "http://127.:80",
            "http:localhost",
            "ftp://h",
            "https:/h",
            "HTTP://h",
        ] {
            let expected =
                "baseUrl: expected an https URL such as https://sandbox.safaricom.co.ke, found another scheme or host";
            assert_eq!(url("", base, ""), Err(expected.into()), "{base}");
        }
    }

    #[test]
    fn a_url_that_could_mislead_is_an_error_with_its_reason() {
        let cases = [
            ("a user name or password in it", ["user:canary@h", "h@evil.example"].as_slice()),
            ("a query in it", &["h?x=1", "h/?"]),
            ("a fragment in it", &["h#x", "h/#"]),
            ("a character that no URL has", &["h\\evil", "h ", "h\n", "\u{e9}.example", "h\u{7f}", "h\t"]),
        ];
        for (found, rests) in cases {
            for rest in rests {
                let expected = "baseUrl: expected an https URL such as https://sandbox.safaricom.co.ke, found ";
                assert_eq!(url("", &format!("https://{rest}"), ""), Err(format!("{expected}{found}")), "{rest}");
                let expected = "path: expected a path such as /oauth/v1/generate, found ";
                assert_eq!(url("", "", &format!("/{rest}")), Err(format!("{expected}{found}")), "{rest}");
            }
        }
    }

    #[test]
    fn a_path_begins_with_a_slash() {
        for path in ["oauth/v1/generate", "https://evil.example", ".evil.example/"] {
            let expected = "path: expected a path such as /oauth/v1/generate, found one without a slash before it";
            assert_eq!(url("", "", path), Err(expected.into()), "{path}");
        }
    }
}
