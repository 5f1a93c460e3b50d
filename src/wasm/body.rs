//! Reads a body as far as it is ever wanted.

use js_sys::{Function, JsString};
use wasm_bindgen::prelude::*;

use crate::exchange::MAX_BODY_BYTES;
use crate::options::MAX_TEXT_LENGTH;
use crate::wasm::attempt::Halt;
use crate::wasm::js;

/// A stream's reader, cancelled when it is dropped: a body of which enough is known is not fetched to its end.
struct Reader {
    reader: JsValue,
    read: Function,
    at_end: bool,
}

impl Reader {
    fn of(body: &JsValue) -> Result<Option<Self>, Halt> {
        let Some(get_reader) = js::is_object(body).then(|| js::method(body, "getReader")).flatten() else {
            return Ok(None);
        };
        let reader = get_reader.call0(body).map_err(broken)?;
        let read = js::is_object(&reader).then(|| js::method(&reader, "read")).flatten();
        Ok(read.map(|read| Self { reader, read, at_end: false }))
    }

    async fn next(&mut self) -> Result<Option<JsValue>, Halt> {
        let next = self.read.call0(&self.reader).map_err(broken)?;
        let next = js::settled(&next).await.map_err(broken)?;
        if !js::is_object(&next) || js::get(&next, "done").is_none_or(|done| done.is_truthy()) {
            self.at_end = true;
            return Ok(None);
        }
        Ok(js::get(&next, "value"))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if self.at_end {
            return;
        }
        if let Some(Ok(cancelled)) = js::method(&self.reader, "cancel").map(|cancel| cancel.call0(&self.reader)) {
            js::ignore(&cancelled);
        }
    }
}

/// What was read of a body.
pub struct Body {
    /// All of it, or the first [`MAX_BODY_BYTES`] and one more of a longer one.
    pub bytes: Vec<u8>,
    /// Whether nothing of it is left to come.
    pub is_whole: bool,
}

/// Reads the response's body.
pub async fn read(response: &JsValue) -> Result<Body, Halt> {
    let body = js::get(response, "body").unwrap_or(JsValue::UNDEFINED);
    let mut bytes = Vec::new();
    if let Some(mut reader) = Reader::of(&body)? {
        // An empty chunk counts as a byte, so that a stream of nothing else ends too.
        let mut counted = 0;
        while counted <= MAX_BODY_BYTES {
            let Some(chunk) = reader.next().await? else { break };
            let before = bytes.len();
            append(&chunk, &mut bytes)?;
            counted += (bytes.len() - before).max(1);
        }
        return Ok(Body { bytes, is_whole: reader.at_end });
    }
    // A response that is no stream: an older library's, or a test's.
    for name in ["arrayBuffer", "text"] {
        if let Some(method) = js::method(response, name) {
            let whole = method.call0(response).map_err(broken)?;
            let whole = js::settled(&whole).await.map_err(broken)?;
            append(&whole, &mut bytes)?;
            return Ok(Body { bytes, is_whole: true });
        }
    }
    Err(Halt::network("fetch gave no Response", None))
}

/// Appends a chunk, a buffer or a text, as far as there is room.
fn append(chunk: &JsValue, bytes: &mut Vec<u8>) -> Result<(), Halt> {
    let room = (MAX_BODY_BYTES + 1).saturating_sub(bytes.len());
    if let Some(text) = chunk.dyn_ref::<JsString>() {
        let text = text.slice(0, room.try_into().unwrap_or(u32::MAX));
        bytes.extend(String::from(text).into_bytes().into_iter().take(room));
        return Ok(());
    }
    let unreadable = || Halt::network("its body is neither bytes nor text", None);
    if !js::is_object(chunk) {
        return Err(unreadable());
    }
    let length = js::number(chunk, "byteLength").ok_or_else(unreadable)?.min(room as f64);
    let (buffer, offset) = if js::is_view(chunk) {
        (js::get(chunk, "buffer"), js::number(chunk, "byteOffset"))
    } else {
        (Some(chunk.clone()), Some(0.0))
    };
    let buffer = buffer.filter(js::is_object).ok_or_else(unreadable)?;
    let window = js::Bytes::new(&buffer, offset.ok_or_else(unreadable)?, length).map_err(broken)?;
    bytes.extend(window.unchecked_ref::<js_sys::Uint8Array>().to_vec());
    Ok(())
}

fn broken(thrown: JsValue) -> Halt {
    Halt::network("its body broke off", Some(thrown))
}

/// A string of a length that is worth copying.
pub fn text_of(value: &JsValue) -> Option<String> {
    let text = value.dyn_ref::<JsString>()?;
    (text.length() <= MAX_TEXT_LENGTH).then(|| String::from(text))
}
