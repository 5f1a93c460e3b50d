//! Reads the error of a business API: whether it rejected the token.

use crate::exchange::response::{Field, Json};
use crate::text::contains;

/// The paths of an error's text. Bill Manager, the older products, Ratiba and the gateway each have another form.
const TEXT: &str =
    "fault.faultstring errorMessage ResponseDescription responseDescription ResponseHeader.responseDescription";
/// Parts of the texts of a 401 for a rejected token.
const REJECTIONS: [&str; 4] =
    ["nvalid Access Token", "nvalid access token", "ccess Token expired", "no apiproduct match"];

/// Whether an error rejects the token. Then the request was not carried out, and another token may help.
///
/// The code decides, because the same code comes with several statuses. A 401 without such a code is a rejection if its
/// text names the token. It is also one if its text says that no API product matches: a token has the products that its
/// app had when the token was issued.
///
/// ```
/// use daraja_auth_core::exchange::{Field, is_token_rejection};
///
/// let body = |path: &str| match path {
///     "errorCode" => Field::Text("404.001.03".into()),
///     _ => Field::Absent,
/// };
/// assert!(is_token_rejection(404, &body));
/// ```
pub fn is_token_rejection(status: u16, json: &Json<'_>) -> bool {
    let is_code = |code: &str| matches!(code, "404.001.03" | "401.002.01" | "401.003.01" | "400.003.01" | "401.001");
    match (json("errorCode"), json(TEXT)) {
        (Field::Text(code), _) if is_code(&code) => true,
        (_, Field::Text(text)) => status == 401 && REJECTIONS.iter().any(|part| contains(&text, part)),
        _ => false,
    }
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

    fn is_rejection(status: u16, body: &str) -> bool {
        let json = serde_json::from_str(body).unwrap();
        is_token_rejection(status, &|path| field(&json, path))
    }

    #[test]
    fn a_code_means_a_rejection_with_any_status() {
        for code in ["404.001.03", "401.002.01", "401.003.01", "400.003.01"] {
            for status in [400, 401, 404, 500] {
                assert!(is_rejection(status, &format!(r#"{{"errorCode":"{code}"}}"#)), "{code} with {status}");
            }
        }
    }

    #[test]
    fn a_missing_product_is_a_rejection_only_with_401() {
        let fault = r#"{"fault":{"faultstring":"Invalid API call as no apiproduct match found"}}"#;
        assert!(is_rejection(401, fault));
        assert!(!is_rejection(403, fault));
        assert!(is_rejection(401, r#"{"errorCode":"x","errorMessage":"no apiproduct match found"}"#));
    }

    #[test]
    fn a_401_is_a_rejection_in_each_form_in_which_it_names_the_token() {
        for body in [
            r#"{"errorCode":"401","errorMessage":"Unauthorized - Invalid Access Token"}"#,
            r#"{"ResponseCode":"401","ResponseDescription":"Invalid Access Token - no apiproduct match found"}"#,
            r#"{"ResponseHeader":{"responseCode":"401","responseDescription":"Invalid access token"},"ResponseBody":{}}"#,
            r#"{"fault":{"faultstring":"Access Token expired","detail":{"errorcode":"x"}}}"#,
        ] {
            assert!(is_rejection(401, body), "{body}");
            assert!(!is_rejection(403, body), "{body}");
        }
        assert!(is_rejection(400, r#"{"errorCode":"401.001","errorMessage":"Invalid Access Token"}"#));
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
        for body in [
            r#"{"errorCode":"404.001.04","errorMessage":"Invalid Authentication Header"}"#,
            r#"{"errorCode":"400.002.02","errorMessage":"Bad Request - Invalid Amount"}"#,
            r#"{"errorCode":404,"fault":7}"#,
            r#"{"errorCode":"401","errorMessage":"User not permitted"}"#,
            r#"{"errorMessage":"Unauthorized","Remarks":"Invalid Access Token"}"#,
            "{}",
        ] {
            assert!(!is_rejection(401, body), "{body}");
        }
    }
}
