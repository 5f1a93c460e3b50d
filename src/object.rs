//! Objects that this package makes. Their members are read and written by name.
//!
//! The type of each member is known, so nothing here can fail. A getter and a setter for each member would cost 0.7 KB
//! of workerd's files after gzip: records, errors and responses have 50 members.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A plain object or an array.
    #[wasm_bindgen(js_name = Object)]
    pub type JsObject;
    /// An empty object.
    #[wasm_bindgen(constructor, js_class = Object)]
    pub fn new() -> JsObject;

    /// A number, or a boolean as 0 or 1.
    #[wasm_bindgen(method, indexing_getter)]
    pub fn number(this: &JsObject, name: &str) -> f64;
    /// An object, if there is one.
    #[wasm_bindgen(method, indexing_getter)]
    pub fn object(this: &JsObject, name: &str) -> Option<JsObject>;
    /// An item of an array, if the array is long enough.
    #[wasm_bindgen(method, indexing_getter)]
    pub fn item(this: &JsObject, index: u32) -> Option<JsObject>;

    #[wasm_bindgen(method, indexing_setter)]
    pub fn set_number(this: &JsObject, name: &str, number: f64);
    #[wasm_bindgen(method, indexing_setter)]
    pub fn set(this: &JsObject, name: &str, value: JsValue);
    #[wasm_bindgen(method, indexing_setter)]
    pub fn set_item(this: &JsObject, index: u32, item: JsObject);
}

impl JsObject {
    /// Sets a member that is a text.
    pub fn set_text(&self, name: &str, text: &str) {
        self.set(name, text.into());
    }
}
