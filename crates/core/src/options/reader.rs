//! Reads options one after the other.

use alloc::boxed::Box;
use alloc::string::String;
use core::ops::RangeInclusive;

use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::options::value::{OptionValue, ReadOption, ValueKind};
use crate::options::{ill_typed, mistyped};
use crate::text::decimal;

/// Reads options one after the other. After the first invalid option, further ones are read as if left out. So callers
/// handle an invalid option in one place, at the end.
pub(crate) struct Reader<'a> {
    pub read_option: &'a mut ReadOption<'a>,
    fault: Option<Box<Error>>,
}

impl<'a> Reader<'a> {
    pub fn new(read_option: &'a mut ReadOption<'a>) -> Self {
        Self { read_option, fault: None }
    }

    /// Gives the result of the options, or the error of the first invalid one.
    pub fn finish<T>(&mut self, read: T) -> Result<T> {
        self.fault.take().map_or(Ok(read), Err)
    }

    /// Notes that an option is invalid.
    pub fn invalid(&mut self, fault: Box<Error>) {
        self.fault.get_or_insert(fault);
    }

    /// Whether the option was given, also after an invalid one.
    pub fn has(&mut self, name: &'static str) -> bool {
        (self.read_option)(name).is_given()
    }

    /// Reads an option that must be of that kind, or left out.
    pub fn optional(&mut self, name: &'static str, expected: ValueKind) -> OptionValue {
        self.read(name, expected, true)
    }

    /// Reads a string. None if it was left out.
    pub fn text(&mut self, name: &'static str) -> Option<Zeroizing<String>> {
        match self.optional(name, ValueKind::Text) {
            OptionValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Reads a consumer key or a consumer secret.
    pub fn credential(&mut self, name: &'static str) -> Zeroizing<String> {
        match self.read(name, ValueKind::Text, false) {
            OptionValue::Text(text) => text,
            _ => Zeroizing::default(),
        }
    }

    /// Reads a whole number in that range. None if it was left out.
    pub fn whole_number(&mut self, name: &'static str, range: RangeInclusive<u32>) -> Option<u32> {
        let OptionValue::Number(found) = self.optional(name, ValueKind::Number) else { return None };
        let number = found as u32;
        if f64::from(number) != found || !range.contains(&number) {
            let [least, most] = [range.start(), range.end()].map(|bound| decimal((*bound).into()));
            self.invalid(mistyped(name, &["a whole number from ", &least, " to ", &most].concat(), "another number"));
        }
        Some(number)
    }

    /// Reads a boolean.
    pub fn is_on(&mut self, name: &'static str, by_default: bool) -> bool {
        match self.optional(name, ValueKind::Boolean) {
            OptionValue::Boolean(is_on) => is_on,
            _ => by_default,
        }
    }

    fn read(&mut self, name: &'static str, expected: ValueKind, may_be_absent: bool) -> OptionValue {
        if self.fault.is_some() {
            return OptionValue::UNDEFINED;
        }
        let value = (self.read_option)(name);
        let kind = match value.kind() {
            // credentials.rs says more about an empty key or secret.
            ValueKind::EmptyText if !may_be_absent => ValueKind::Text,
            kind => kind,
        };
        if kind != expected && (value.is_given() || !may_be_absent) {
            let hint = if value.is_given() {
                "Pass that, or leave the option out if it is optional."
            } else {
                "If it comes from process.env, that environment variable is not set here."
            };
            self.invalid(ill_typed(name, expected.as_str(), kind.as_str(), hint));
        }
        value
    }
}
