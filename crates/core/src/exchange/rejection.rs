//! Reads the error of a business API: whether it rejected the token.

use crate::exchange::response::{Field, Json};
use crate::text::contains;

/// What a 401 for a rejected token says. A token has the products that its app had
/// when the token was issued. So if no product matches, another token may help.
const TEXTS: [&str; 8] = [
    "invalidaccesstoken",
    "expiredaccesstoken",
    "accesstokeninvalid",
    "accesstokenexpired",
    "accesstokenisinvalid",
    "accesstokenhasexpired",
    "accesstokennotapproved",
    "noapiproductmatch",
];

/// Whether an error rejects the token. Then the request was not carried out, and another token may help.
///
/// The code decides, because the same code comes with several statuses. A 401 without such a code is a rejection if its
/// texts say so. `texts` has the texts of the error in lower case, without spaces, hyphens and underscores.
///
/// ```
/// use daraja_auth_core::exchange::{Field, is_token_rejection};
///
/// let body = |paths: &str| match paths {
///     "errorCode" => Field::Text("404.001.03".into()),
///     _ => Field::Absent,
/// };
/// assert!(is_token_rejection(404, &body, ""));
/// assert!(is_token_rejection(401, &|_| Field::Absent, "unauthorizedinvalidaccesstoken"));
/// ```
pub fn is_token_rejection(status: u16, json: &Json<'_>, texts: &str) -> bool {
    let is_code = |code: &str| matches!(code, "404.001.03" | "401.002.01" | "401.003.01" | "400.003.01" | "401.001");
    let by_code = matches!(json("errorCode"), Field::Text(code) if is_code(&code));
    by_code || (status == 401 && TEXTS.iter().any(|text| contains(texts, text)))
}

/// Whether an error comes from behind the gateway, so that the gateway has accepted the token. Such errors are a bad
/// request, or a transaction that is unknown or still being processed.
pub fn is_from_behind_the_gateway(json: &Json<'_>) -> bool {
    matches!(json("errorCode"), Field::Text(code) if code.starts_with("400.002.") || code.starts_with("500.001."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::response::field;

    fn is_rejection(status: u16, body: &str, texts: &str) -> bool {
        let json = serde_json::from_str(body).unwrap();
        let texts = texts.to_lowercase().replace([' ', '_', '-'], "");
        is_token_rejection(status, &|path| field(&json, path), &texts)
    }

    #[test]
    fn a_code_means_a_rejection_with_any_status() {
        for code in ["404.001.03", "401.002.01", "401.003.01", "400.003.01", "401.001"] {
            for status in [400, 401, 404, 500] {
                let body = format!(r#"{{"errorCode":"{code}"}}"#);
                assert!(is_rejection(status, &body, ""), "{code} with {status}");
            }
        }
    }

    #[test]
    fn a_text_means_a_rejection_only_with_401() {
        for text in [
            "Unauthorized - Invalid Access Token",
            "INVALID_ACCESS_TOKEN",
            "Expired Access-Token",
            "The access token is invalid",
            "Access Token invalid",
            "Access Token expired",
            "Access token has expired",
            "Access Token not approved",
            "Invalid API call as no apiproduct match found",
            "No API Product Match Found",
        ] {
            assert!(is_rejection(401, "{}", text), "{text}");
            assert!(is_rejection(401, r#"{"errorCode":"401"}"#, text), "{text}");
            assert!(!is_rejection(403, "{}", text), "{text}");
        }
    }

    #[test]
    fn an_error_from_behind_the_gateway_means_that_the_token_was_accepted() {
        let is_accepted = |body: &str| {
            let json = serde_json::from_str(body).unwrap();
            is_from_behind_the_gateway(&|path| field(&json, path))
        };
        assert!(is_accepted(r#"{"errorCode":"400.002.02"}"#) && is_accepted(r#"{"errorCode":"500.001.1001"}"#));
        for other in ["404.001.03", "404.001.04", "500.003.02", "400.0020", ""] {
            assert!(!is_accepted(&format!(r#"{{"errorCode":"{other}"}}"#)), "{other}");
        }
    }

    #[test]
    fn any_other_error_is_not_a_rejection() {
        for (code, text) in [
            ("404.001.04", "Invalid Authentication Header"),
            ("400.002.02", "Bad Request - Invalid Amount"),
            ("401", "User not permitted"),
            ("401", "Missing access token"),
            ("401", "The amount is invalid. Access token accepted"),
        ] {
            assert!(!is_rejection(401, &format!(r#"{{"errorCode":"{code}"}}"#), text), "{text}");
        }
        assert!(!is_rejection(401, r#"{"errorCode":404,"fault":7}"#, ""));
    }
}
