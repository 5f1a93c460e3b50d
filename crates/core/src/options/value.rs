//! The value of an option, as far as the core looks at it.

use alloc::string::String;
use core::fmt;

use zeroize::Zeroizing;

/// The value that a caller gave as an option.
#[derive(Debug)]
pub enum OptionValue {
    /// A string that is well-formed and not too long.
    Text(Zeroizing<String>),
    /// A number.
    Number(f64),
    /// A boolean.
    Boolean(bool),
    /// Anything else, or no value. The core knows only its kind.
    Other(ValueKind),
}

/// Reads an option by its name.
pub type ReadOption<'a> = dyn FnMut(&'static str) -> OptionValue + 'a;

impl OptionValue {
    /// An option that was left out.
    pub const UNDEFINED: Self = Self::Other(ValueKind::Undefined);

    /// The kind of the value.
    pub fn kind(&self) -> ValueKind {
        match self {
            Self::Text(text) if text.is_empty() => ValueKind::EmptyText,
            Self::Text(_) => ValueKind::Text,
            Self::Number(_) => ValueKind::Number,
            Self::Boolean(_) => ValueKind::Boolean,
            Self::Other(kind) => *kind,
        }
    }

    pub(crate) fn is_given(&self) -> bool {
        self.kind() != ValueKind::Undefined
    }
}

/// The kind of a value in JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueKind {
    /// `undefined`: the option was left out.
    Undefined,
    /// `null`.
    Null,
    /// A string.
    Text,
    /// A string without characters.
    EmptyText,
    /// A string that is too long for any option.
    LongText,
    /// A string with half a surrogate pair, which has no UTF-8.
    IllFormedText,
    /// A `baseUrl` that is not a URL.
    NoUrl,
    /// A number.
    Number,
    /// A bigint.
    BigInt,
    /// A boolean.
    Boolean,
    /// A symbol.
    Symbol,
    /// A function.
    Function,
    /// An `AbortSignal`.
    AbortSignal,
    /// Any other object.
    Object,
    /// A property that throws when it is read.
    Unreadable,
}

impl ValueKind {
    /// The kind in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Null => "null",
            Self::Text => "a string",
            Self::EmptyText => "an empty string",
            Self::LongText => "a string of over 65536 characters",
            Self::IllFormedText => "a string with half a surrogate pair",
            Self::NoUrl => "a string that is no URL",
            Self::Number => "a number",
            Self::BigInt => "a bigint",
            Self::Boolean => "a boolean",
            Self::Symbol => "a symbol",
            Self::Function => "a function",
            Self::AbortSignal => "an AbortSignal",
            Self::Object => "an object",
            Self::Unreadable => "a property that throws when it is read",
        }
    }
}

impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
