//! A strict reader of JSON ([RFC 8259]), as small as the module that carries it must be.
//!
//! serde_json would be two thirds of the wasm module. This reader keeps numbers as text, since none is calculated
//! with as a float, and gives up at a depth that no answer of Daraja's has.
//!
//! [RFC 8259]: https://www.rfc-editor.org/rfc/rfc8259

/// Nesting beyond this is no answer of Daraja's, and must not exhaust the stack.
const MAX_DEPTH: u8 = 32;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it was written.
    Number(String),
    /// A string, unescaped. A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object's members, in their order.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// Reads one value, which must be the whole text.
    ///
    /// ```
    /// use daraja_auth::json::Value;
    ///
    /// let value = Value::parse(r#"{"fault": {"faultstring": "Spike arrest violation"}}"#);
    /// let text = value.as_ref().and_then(|v| v.at(&["fault", "faultstring"])).and_then(Value::text);
    /// assert_eq!(text, Some("Spike arrest violation"));
    /// assert_eq!(Value::parse("{\"truncat"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text };
        let value = reader.value(MAX_DEPTH)?;
        reader.skip_whitespace();
        reader.rest.is_empty().then_some(value)
    }

    /// The member at the end of a path of names. Of two members with one name the last counts, as in JavaScript.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, name| match value {
            Self::Object(members) => members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        })
    }

    /// The string, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self, depth: u8) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        self.skip_whitespace();
        match self.peek()? {
            '{' => self.object(depth),
            '[' => self.list(depth),
            '"' => self.text().map(Value::Text),
            't' => self.literal("true", Value::Bool(true)),
            'f' => self.literal("false", Value::Bool(false)),
            'n' => self.literal("null", Value::Null),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: u8) -> Option<Value> {
        self.expect("{")?;
        let mut members = Vec::new();
        self.skip_whitespace();
        if self.take("}") {
            return Some(Value::Object(members));
        }
        loop {
            self.skip_whitespace();
            let name = self.text()?;
            self.skip_whitespace();
            self.expect(":")?;
            members.push((name, self.value(depth)?));
            self.skip_whitespace();
            if self.take("}") {
                return Some(Value::Object(members));
            }
            self.expect(",")?;
        }
    }

    fn list(&mut self, depth: u8) -> Option<Value> {
        self.expect("[")?;
        let mut items = Vec::new();
        self.skip_whitespace();
        if self.take("]") {
            return Some(Value::List(items));
        }
        loop {
            items.push(self.value(depth)?);
            self.skip_whitespace();
            if self.take("]") {
                return Some(Value::List(items));
            }
            self.expect(",")?;
        }
    }

    fn text(&mut self) -> Option<String> {
        self.expect("\"")?;
        let mut text = String::new();
        loop {
            match self.next()? {
                '"' => return Some(text),
                '\\' => text.push(self.escape()?),
                c if c < ' ' => return None,
                c => text.push(c),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let unit = self.code_unit()?;
                let low = match unit {
                    0xd800..=0xdbff => self.low_surrogate(),
                    _ => None,
                };
                let code = low.map_or(unit, |low| 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            c @ ('"' | '\\' | '/') => c,
            _ => return None,
        })
    }

    /// The second half of a surrogate pair, if it is what comes next.
    fn low_surrogate(&mut self) -> Option<u32> {
        let before = self.rest;
        let unit = if self.take("\\u") { self.code_unit() } else { None };
        let low = unit.filter(|unit| (0xdc00..=0xdfff).contains(unit));
        if low.is_none() {
            self.rest = before;
        }
        low
    }

    fn code_unit(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |unit, _| Some(unit * 16 + self.next()?.to_digit(16)?))
    }

    fn number(&mut self) -> Option<Value> {
        let start = self.rest;
        self.take("-");
        if !self.take("0") {
            self.digits()?;
        }
        if self.take(".") {
            self.digits()?;
        }
        if self.take("e") || self.take("E") {
            if !self.take("+") {
                self.take("-");
            }
            self.digits()?;
        }
        let length = start.len() - self.rest.len();
        start.get(..length).map(|number| Value::Number(number.to_owned()))
    }

    fn digits(&mut self) -> Option<()> {
        let rest = self.rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let some = rest.len() < self.rest.len();
        self.rest = rest;
        some.then_some(())
    }

    fn literal(&mut self, text: &str, value: Value) -> Option<Value> {
        self.expect(text).map(|()| value)
    }

    fn skip_whitespace(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next();
        self.rest = chars.as_str();
        c
    }

    fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, text: &str) -> Option<()> {
        self.take(text).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The judge: what serde_json reads, in our terms.
    fn of_serde(value: &serde_json::Value) -> Value {
        match value {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(bool) => Value::Bool(*bool),
            serde_json::Value::Number(number) => Value::Number(number.to_string()),
            serde_json::Value::String(text) => Value::Text(text.clone()),
            serde_json::Value::Array(items) => Value::List(items.iter().map(of_serde).collect()),
            serde_json::Value::Object(members) => {
                Value::Object(members.iter().map(|(k, v)| (k.clone(), of_serde(v))).collect())
            }
        }
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(|n| serde_json::Number::from_f64(n).map_or(0.into(), serde_json::Value::Number)),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(6, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(serde_json::Value::Array),
                prop::collection::btree_map(any::<String>(), inner, 0..5)
                    .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_serde_json_writes_is_read_as_it_was(value in any_json()) {
            prop_assert_eq!(Value::parse(&value.to_string()), Some(of_serde(&value)));
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(Value::parse(&pretty), Some(of_serde(&value)));
        }

        #[test]
        fn every_text_is_taken_or_refused_as_serde_json_does(text in r#"[\[\]{}",:\\ \-+.eE0-9truefalsnb/\x00-\x1f\xe9]{0,12}"#) {
            let judged = serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok();
            prop_assert_eq!(Value::parse(&text).is_some(), judged);
        }

        #[test]
        fn every_beginning_of_an_object_is_refused(value in any_json(), cut in 0.0..1.0) {
            let text = serde_json::json!({ "a": value }).to_string();
            let end = (text.len() as f64 * cut) as usize;
            if let Some(beginning) = text.get(..end) {
                prop_assert_eq!(Value::parse(beginning), None);
            }
        }
    }

    #[test]
    fn escapes_become_their_characters() {
        let read = |text: &str| Value::parse(text).and_then(|value| value.text().map(str::to_owned));
        let escapes = r#""\"\\\/\b\f\n\r\té😀""#;
        assert_eq!(read(escapes).as_deref(), Some("\"\\/\u{8}\u{c}\n\r\t\u{e9}\u{1f600}"));
        assert_eq!(
            read(r#""\ud83d\ude00 \uDBFF\uDFFF \ud800\udc00""#).as_deref(),
            Some("\u{1f600} \u{10ffff} \u{10000}")
        );
        assert_eq!(read(r#""\ud83d!""#).as_deref(), Some("\u{fffd}!"));
        assert_eq!(read(r#""\ud83d\n""#).as_deref(), Some("\u{fffd}\n"));
        assert_eq!(read(r#""\ud83dA""#).as_deref(), Some("\u{fffd}A"));
        assert_eq!(read(r#""\ude00""#).as_deref(), Some("\u{fffd}"));
        assert_eq!(read(r#""\u00g0""#), None);
        assert_eq!(read(r#""\x41""#), None);
    }

    #[test]
    fn of_two_members_with_one_name_the_last_counts() {
        let value = Value::parse(r#"{"a":1,"b":2,"a":3}"#).unwrap();
        assert_eq!(value.at(&["a"]), Some(&Value::Number("3".into())));
        assert_eq!(value.at(&["c"]), None);
        assert_eq!(value.at(&["a", "b"]), None);
    }

    #[test]
    fn nesting_is_read_to_its_limit_and_refused_beyond() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(Value::parse(&nested(32)).is_some());
        assert_eq!(Value::parse(&nested(33)), None);
        assert_eq!(Value::parse(&nested(1_000_000)), None);
        let objects = "{\"a\":".repeat(32) + "1" + &"}".repeat(32);
        assert_eq!(Value::parse(&objects), None);
    }
}
