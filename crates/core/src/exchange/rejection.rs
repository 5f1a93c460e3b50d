//! Reads the error of a business API: whether it rejected the token.

use crate::exchange::response::{Field, Json};

/// Whether the code of an error rejects the token, with any status. Then the request was not carried out, and another
/// token may help.
///
/// Some products reject a token in words only. The driver recognises them by a regular expression, for which the module
/// would need a library: see js/manager/rejection.ts.
///
/// ```
/// use daraja_auth_core::exchange::{Field, is_token_rejection};
///
/// let body = |path: &str| match path {
///     "errorCode" => Field::Text("404.001.03".into()),
///     _ => Field::Absent,
/// };
/// assert!(is_token_rejection(&body));
/// ```
pub fn is_token_rejection(json: &Json<'_>) -> bool {
    let is_code = |code: &str| matches!(code, "404.001.03" | "401.002.01" | "401.003.01" | "400.003.01" | "401.001");
    matches!(json("errorCode"), Field::Text(code) if is_code(&code))
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

    fn is_rejection(body: &str) -> bool {
        let json = serde_json::from_str(body).unwrap();
        is_token_rejection(&|path| field(&json, path))
    }

    #[test]
    fn each_code_of_a_rejected_token_means_a_rejection() {
        for code in ["404.001.03", "401.002.01", "401.003.01", "400.003.01", "401.001"] {
            assert!(is_rejection(&format!(r#"{{"errorCode":"{code}"}}"#)), "{code}");
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
    fn no_other_code_is_a_rejection() {
        for body in [
            r#"{"errorCode":"404.001.04","errorMessage":"Invalid Authentication Header"}"#,
            r#"{"errorCode":"400.002.02","errorMessage":"Bad Request - Invalid Amount"}"#,
            r#"{"errorCode":404,"fault":7}"#,
            r#"{"errorCode":"401","errorMessage":"Unauthorized - Invalid Access Token"}"#,
            "{}",
        ] {
            assert!(!is_rejection(body), "{body}");
        }
    }
}
