//! skeleton
use base64::Engine;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

#[wasm_bindgen]
extern "C" {
    type DarajaError;
    #[wasm_bindgen(constructor)]
    fn new(message: &str, fields: &JsValue, cause: &JsValue) -> DarajaError;
}

#[wasm_bindgen(typescript_custom_section)]
const TS: &str = r#"
export interface GenerateTokenOptions { consumerKey: string; consumerSecret: string; environment?: "sandbox" | "production"; baseUrl?: string; path?: string; fetch?: typeof fetch; signal?: AbortSignal; timeoutMs?: number; retries?: number }
export interface Token { readonly accessToken: string; readonly expiresIn: number; readonly expiresAt: number }
export class DarajaError extends Error { readonly code: string; readonly status?: number; readonly hint?: string }
export function generateToken(options: GenerateTokenOptions): Promise<Token>;
"#;

fn text(options: &JsValue, name: &str) -> String {
    Reflect::get(options, &name.into()).ok().and_then(|v| v.as_string()).unwrap_or_default()
}

fn error(code: &str, message: &str) -> JsValue {
    let fields = Object::new();
    let _ = Reflect::set(&fields, &"code".into(), &code.into());
    DarajaError::new(message, &fields, &JsValue::UNDEFINED).into()
}

/// skeleton
#[wasm_bindgen(js_name = generateToken, skip_typescript)]
pub fn generate_token(options: JsValue) -> Promise {
    future_to_promise(async move {
        let key = text(&options, "consumerKey");
        let secret = text(&options, "consumerSecret");
        if key.is_empty() {
            return Err(error("ERR_DARAJA_INVALID_OPTION", "consumerKey: expected a string"));
        }
        let base = text(&options, "baseUrl");
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("{key}:{secret}"));
        let init = Object::new();
        let headers = Object::new();
        let _ = Reflect::set(&headers, &"Authorization".into(), &format!("Basic {basic}").into());
        let _ = Reflect::set(&init, &"headers".into(), &headers);
        let _ = Reflect::set(&init, &"redirect".into(), &"manual".into());
        let fetch: Function = Reflect::get(&js_sys::global(), &"fetch".into())?.dyn_into()?;
        let response: Promise = fetch
            .call2(&JsValue::UNDEFINED, &format!("{base}/oauth/v1/generate?grant_type=client_credentials").into(), &init)?
            .dyn_into()?;
        let response = JsFuture::from(response).await?;
        let status = Reflect::get(&response, &"status".into())?.as_f64();
        if status != Some(200.0) {
            return Err(error("ERR_DARAJA_INVALID_CREDENTIALS", "refused"));
        }
        let json: Function = Reflect::get(&response, &"json".into())?.dyn_into()?;
        let body = JsFuture::from(json.call0(&response)?.dyn_into::<Promise>()?).await?;
        let token = Object::new();
        let _ = Reflect::set(&token, &"accessToken".into(), &Reflect::get(&body, &"access_token".into())?);
        let _ = Reflect::set(&token, &"expiresIn".into(), &3599.into());
        Ok(Object::freeze(&token).into())
    })
}
