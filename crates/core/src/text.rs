//! Joining and searching text, in the few bytes of code that the published module can spare.

use alloc::string::String;

/// The parts, one after the other. (`concat` costs a kilobyte of module.)
pub fn join(parts: &[&str]) -> String {
    let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
    parts.iter().for_each(|part| text.push_str(part));
    text
}

/// What stands before and after the first `needle`. (`split_once` with a string costs three kilobytes of module.)
pub fn split<'a>(text: &'a str, needle: &str) -> Option<(&'a str, &'a str)> {
    let (haystack, wanted) = (text.as_bytes(), needle.as_bytes());
    let last = haystack.len().checked_sub(wanted.len())?;
    let start = (0..=last).find(|&start| haystack.get(start..).is_some_and(|rest| rest.starts_with(wanted)))?;
    Some((text.get(..start)?, text.get(start + wanted.len()..)?))
}

/// Whether `needle` is somewhere in the text.
pub fn contains(text: &str, needle: &str) -> bool {
    split(text, needle).is_some()
}

/// The text with `by` for every `needle`; an empty one is nowhere.
pub fn replace(text: &str, needle: &str, by: &str) -> String {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some((before, after)) = split(rest, needle).filter(|_| !needle.is_empty()) {
        replaced.push_str(before);
        replaced.push_str(by);
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

/// The number in decimal digits. (Formatting it costs two kilobytes of module.)
pub fn decimal(number: u64) -> String {
    let rest = if number < 10 { String::new() } else { decimal(number / 10) };
    rest + DIGITS.get((number % 10) as usize..).and_then(|digits| digits.get(..1)).unwrap_or_default()
}

const DIGITS: &str = "0123456789";

/// The number that the text is in decimal digits and nothing else.
pub fn number(text: &str) -> Option<u32> {
    let digit = |sum: u32, b: u8| sum.checked_mul(10)?.checked_add(b.is_ascii_digit().then(|| u32::from(b - b'0'))?);
    if text.is_empty() { None } else { text.bytes().try_fold(0, digit) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use std::prelude::rust_2024::ToString;

    use super::*;

    proptest! {
        #[test]
        fn searching_finds_what_the_standard_library_finds(text in "[abé]{0,12}", needle in "[abé]{0,3}") {
            prop_assert_eq!(split(&text, &needle), text.split_once(&needle));
            prop_assert_eq!(contains(&text, &needle), text.contains(&needle));
        }

        #[test]
        fn replacing_replaces_as_the_standard_library_does(text in "[abé]{0,12}", needle in "[abé]{1,3}") {
            prop_assert_eq!(replace(&text, &needle, "-"), text.replace(&needle, "-"));
        }
    }

    proptest! {
        #[test]
        fn a_number_is_written_as_the_standard_library_writes_it(number in any::<u64>()) {
            prop_assert_eq!(decimal(number), number.to_string());
        }

        #[test]
        fn digits_are_read_as_the_standard_library_reads_them(text in "[0-9]{0,11}") {
            prop_assert_eq!(number(&text), text.parse().ok());
        }
    }

    #[test]
    fn what_is_more_than_digits_is_no_number() {
        for text in ["", "+1", "-1", " 1", "1.0", "1e3", "0x1", "\u{661}"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_is_replaced_by_an_empty_needle() {
        assert_eq!(replace("abc", "", "-"), "abc");
    }

    #[test]
    fn parts_are_joined_in_their_order() {
        assert_eq!(join(&["a", "", "bc"]), "abc");
        assert_eq!(join(&[]), "");
    }
}
