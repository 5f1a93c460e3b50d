//! The boundary of `TokenManager`'s options.

use alloc::string::String;

use daraja_auth_core::error::Result;
use daraja_auth_core::manager::{LISTED, ManagerOptions, NAMES, Policy};
use daraja_auth_core::options::{no_object, unknown};
use wasm_bindgen::prelude::*;

use crate::object::JsObject;
use crate::options::{option_value, unknown_option};

/// The names of `TokenManager`'s options, or of the members of its `policy`, separated by commas and spaces.
#[wasm_bindgen(js_name = optionNames, skip_typescript)]
pub fn option_names(of_policy: bool) -> JsValue {
    if of_policy { policy_names().into() } else { NAMES.into() }
}

fn policy_names() -> String {
    let mut names = String::new();
    for name in Policy::names() {
        if !names.is_empty() {
            names.push_str(", ");
        }
        names.push_str(name);
    }
    names
}

/// Reads the options of the constructor.
pub fn read(options: &JsValue) -> Result<ManagerOptions> {
    if !options.is_object() {
        return Err(no_object());
    }
    let policy = option_value(options, "policy").1;
    // Without a policy, each of its members is undefined.
    let policy = if policy.is_object() { policy } else { JsObject::new().into() };
    let names = policy_names();
    for (object, names) in [(options, NAMES), (&policy, names.as_str())] {
        if let Some(name) = unknown_option(object, names) {
            return Err(unknown(&name, LISTED));
        }
    }
    ManagerOptions::read(&mut |name| option_value(options, name).0, &mut |name| option_value(&policy, name).0)
}
