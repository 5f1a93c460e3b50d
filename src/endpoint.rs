//! Where a token is asked for.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::error::{Code, Error};

/// The path that Daraja documents. `/oauth/v2/generate` and v3 are seen in production code, hence the option.
pub const DEFAULT_PATH: &str = "/oauth/v1/generate";

/// Daraja's two environments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Environment {
    /// For tests; the default, so that nobody moves money by omission.
    #[default]
    Sandbox,
    /// Real transactions.
    Production,
}

impl Environment {
    /// The environment of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "sandbox" => Some(Self::Sandbox),
            "production" => Some(Self::Production),
            _ => None,
        }
    }

    /// The origin that serves it.
    #[must_use]
    pub const fn base_url(self) -> &'static str {
        match self {
            Self::Sandbox => "https://sandbox.safaricom.co.ke",
            Self::Production => "https://api.safaricom.co.ke",
        }
    }
}

/// The address of the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    url: String,
}

impl Endpoint {
    /// The endpoint of an environment, or below another base URL, which must be one that credentials may go to.
    ///
    /// ```
    /// use daraja_auth::endpoint::{Endpoint, Environment};
    ///
    /// let endpoint = Endpoint::new(Environment::Sandbox, None, None)?;
    /// let url = "https://sandbox.safaricom.co.ke/oauth/v1/generate?grant_type=client_credentials";
    /// assert_eq!(endpoint.url(), url);
    /// # Ok::<(), daraja_auth::error::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Code::InvalidOption`], naming `baseUrl` or `path`.
    pub fn new(environment: Environment, base_url: Option<&str>, path: Option<&str>) -> Result<Self, Error> {
        let base = base_url.unwrap_or_else(|| environment.base_url());
        let path = path.unwrap_or(DEFAULT_PATH);
        if let Err((found, hint)) = check_base_url(base) {
            return Err(invalid("baseUrl", "an https URL such as https://sandbox.safaricom.co.ke", found, hint));
        }
        if let Err((found, hint)) = check_path(path) {
            return Err(invalid("path", "a path such as /oauth/v1/generate", found, hint));
        }
        Ok(Self { url: [base.trim_end_matches('/'), path, "?grant_type=client_credentials"].concat() })
    }

    /// The whole URL of the request.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

type Fault = (&'static str, &'static str);

fn check_base_url(url: &str) -> Result<(), Fault> {
    const NO_URL: Fault = ("something else", "Give scheme, host and, where needed, port: https://host:port.");
    check_characters(url)?;
    let (scheme, rest) = url.split_once("://").ok_or(NO_URL)?;
    let (authority, _base_path) = rest.split_once('/').unwrap_or((rest, ""));
    if authority.contains('@') {
        return Err((
            "a user name or password in it",
            "Credentials in a URL end up in logs. Pass consumerKey and consumerSecret instead.",
        ));
    }
    let host = host_of(authority).ok_or(NO_URL)?;
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Ok(()),
        "http" if is_loopback(host) => Ok(()),
        "http" => Err((
            "http to another machine",
            "The secret would cross the network in clear text. Use https; http is for localhost, 127.0.0.0/8 and \
             [::1] only.",
        )),
        _ => Err(("another scheme", "Use https.")),
    }
}

fn check_path(path: &str) -> Result<(), Fault> {
    check_characters(path)?;
    if path.starts_with('/') {
        return Ok(());
    }
    Err(("one that does not begin with a slash", "Give the path alone; the host is environment's or baseUrl's."))
}

fn check_characters(text: &str) -> Result<(), Fault> {
    if text.contains('?') {
        return Err(("a query in it", "Leave it out; grant_type is added by itself."));
    }
    if text.contains('#') {
        return Err(("a fragment in it", "Leave out what follows the #; it would not be sent."));
    }
    // What a URL parser would drop, escape or turn around, so that it could arrive at another host than it shows.
    if !text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}'))
    {
        return Err((
            "a character that no URL has",
            "Spaces and other letters are percent-encoded, hosts in punycode.",
        ));
    }
    Ok(())
}

/// The host, of `host` or `host:port`; an IPv6 address without its brackets.
fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            host.parse::<Ipv6Addr>().ok()?;
            (host, if port.is_empty() { None } else { Some(port.strip_prefix(':')?) })
        }
        None => {
            let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
            (!host.is_empty() && host.chars().all(plain)).then_some(())?;
            (host, port)
        }
    };
    match port {
        Some(port) if !port.bytes().all(|b| b.is_ascii_digit()) || port.parse::<u16>().is_err() => None,
        _ => Some(host),
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || host.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback())
}

fn invalid(option: &str, expected: &str, found: &str, hint: &'static str) -> Error {
    Error::new(Code::InvalidOption, [option, ": expected ", expected, ", found ", found].concat(), hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(base_url: Option<&str>, path: Option<&str>) -> Result<String, String> {
        Endpoint::new(Environment::Sandbox, base_url, path).map(|endpoint| endpoint.url().to_owned()).map_err(|error| {
            assert_eq!(error.code, Code::InvalidOption);
            assert!(!error.hint.is_empty());
            error.message
        })
    }

    #[test]
    fn each_environment_has_its_host() {
        let url_of = |name| Endpoint::new(Environment::named(name).unwrap(), None, None).unwrap().url().to_owned();
        let rest = "/oauth/v1/generate?grant_type=client_credentials";
        assert_eq!(url_of("sandbox"), format!("https://sandbox.safaricom.co.ke{rest}"));
        assert_eq!(url_of("production"), format!("https://api.safaricom.co.ke{rest}"));
        assert_eq!(Environment::named("Production"), None);
        assert_eq!(Environment::default(), Environment::Sandbox);
    }

    #[test]
    fn base_url_and_path_replace_their_parts() {
        let rest = "?grant_type=client_credentials";
        let proxy = Some("https://proxy.example:8443/daraja/");
        assert_eq!(url(proxy, None), Ok(format!("https://proxy.example:8443/daraja/oauth/v1/generate{rest}")));
        assert_eq!(
            url(Some("HTTPS://h"), Some("/oauth/v2/generate")),
            Ok(format!("HTTPS://h/oauth/v2/generate{rest}"))
        );
        assert_eq!(
            url(Some("https://[2001:db8::1]:65535"), Some("/")),
            Ok(format!("https://[2001:db8::1]:65535/{rest}"))
        );
    }

    #[test]
    fn http_is_for_loopback_only() {
        for base in
            ["http://localhost:3000", "http://LOCALHOST", "http://127.0.0.1:0", "http://127.9.9.9", "http://[::1]:80"]
        {
            assert!(url(Some(base), None).is_ok(), "{base}");
        }
        for base in [
            "http://sandbox.safaricom.co.ke",
            "http://127.0.0.1.example",
            "http://128.0.0.1",
            "http://127.1",
            "http://localhost.example",
            "http://[::2]",
            "http://0177.0.0.1",
        ] {
            let expected =
                "baseUrl: expected an https URL such as https://sandbox.safaricom.co.ke, found http to another machine";
            assert_eq!(url(Some(base), None), Err(expected.into()), "{base}");
        }
    }

    #[test]
    fn a_base_url_that_could_mislead_is_refused_with_its_reason() {
        let cases = [
            ("something else", ["", "sandbox.safaricom.co.ke", "https://", "https:///x"].as_slice()),
            ("something else", &["https://h:", "https://h:65536", "https://h:+1", "https://h:1:2", "https://h%2e"]),
            ("something else", &["https://[::1", "https://[::1]x", "https://[g]", "https://[::1]:", "https://[::1]:x"]),
            (
                "a user name or password in it",
                &["https://user:canary@h", "https://h@evil.example", "http://a@localhost"],
            ),
            ("another scheme", &["ftp://h", "javascript://h", "ws://localhost"]),
            ("a query in it", &["https://h?x=1", "https://h/?"]),
            ("a fragment in it", &["https://h#x", "https://h/#"]),
            (
                "a character that no URL has",
                &["https://h\\@evil", " https://h", "https://h\n", "https://\u{e9}.example", "https://h/<"],
            ),
        ];
        for (found, bases) in cases {
            for base in bases {
                let expected =
                    format!("baseUrl: expected an https URL such as https://sandbox.safaricom.co.ke, found {found}");
                assert_eq!(url(Some(base), None), Err(expected), "{base}");
            }
        }
    }

    #[test]
    fn a_path_that_is_none_is_refused_with_its_reason() {
        let cases = [
            ("", "one that does not begin with a slash"),
            ("oauth/v1/generate", "one that does not begin with a slash"),
            ("@evil.example/", "one that does not begin with a slash"),
            ("/generate?grant_type=password", "a query in it"),
            ("/generate#x", "a fragment in it"),
            ("/gene rate", "a character that no URL has"),
            ("/\\evil", "a character that no URL has"),
        ];
        for (path, found) in cases {
            let expected = format!("path: expected a path such as /oauth/v1/generate, found {found}");
            assert_eq!(url(None, Some(path)), Err(expected), "{path}");
        }
    }
}
