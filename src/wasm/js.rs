//! JavaScript's own operations, each with what it may throw.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    // Named as globals, so that each is looked up when it is called: tests and tracing tools replace them.
    #[wasm_bindgen(catch, js_name = setTimeout)]
    pub fn set_timeout(callback: &Function, millis: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = clearTimeout)]
    pub fn clear_timeout(id: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ArrayBuffer, js_name = isView)]
    pub fn is_view(value: &JsValue) -> bool;

    /// A window on a buffer, whichever realm made it.
    pub type Bytes;
    #[wasm_bindgen(catch, constructor, js_class = "Uint8Array")]
    pub fn new(buffer: &JsValue, offset: f64, length: f64) -> Result<Bytes, JsValue>;
}

/// The property, or `None` if reading it throws.
pub fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &JsValue::from_str(name)).ok()
}

/// The property, where it is a number.
pub fn number(object: &JsValue, name: &str) -> Option<f64> {
    get(object, name)?.as_f64()
}

/// The property, where it is a function.
pub fn method(object: &JsValue, name: &str) -> Option<Function> {
    get(object, name)?.dyn_into().ok()
}

/// Whether the value can have properties at all.
pub fn is_object(value: &JsValue) -> bool {
    value.is_object() || value.is_function()
}

/// Sets a property of an object of ours.
pub fn set(object: &Object, name: &str, value: &JsValue) {
    // A plain object that we made takes every property.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// The value as a future: a promise, anything with a `then`, or itself.
///
/// A promise of ours adopts the value, so that a `then` that throws, or calls back twice, does no harm.
pub fn settled(value: &JsValue) -> JsFuture {
    JsFuture::from(Promise::new(&mut |resolve, _reject| {
        // A resolving function does not throw.
        let _ = resolve.call1(&JsValue::UNDEFINED, value);
    }))
}

/// Lets a promise settle without anyone waiting, so that its rejection is not reported as unhandled.
pub fn ignore(value: &JsValue) {
    drop(settled(value));
}
