//! Searching texts for texts.
//!
//! `str::split_once`, `contains` and `replace` do the same, but searching for a text adds 1.0 to 1.2 KB to the module
//! after gzip, since the standard library includes a two-way search. These search byte by byte, because texts here are
//! short. [`decimal`] saves 0.3 KB compared with `to_string`.

use alloc::string::String;

/// The text before and after the first `needle`, as `str::split_once` gives it.
pub fn split<'a>(text: &'a str, needle: &str) -> Option<(&'a str, &'a str)> {
    let (haystack, wanted) = (text.as_bytes(), needle.as_bytes());
    let last = haystack.len().checked_sub(wanted.len())?;
    let start = (0..=last).find(|&start| haystack.get(start..).is_some_and(|rest| rest.starts_with(wanted)))?;
    Some((text.get(..start)?, text.get(start + wanted.len()..)?))
}

/// Whether the text contains `needle`.
pub fn contains(text: &str, needle: &str) -> bool {
    split(text, needle).is_some()
}

/// The text with `by` in the place of every `needle`. An empty needle is found nowhere.
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

/// The number in decimal digits.
pub fn decimal(number: u64) -> String {
    let rest = if number < 10 { String::new() } else { decimal(number / 10) };
    rest + DIGITS.get((number % 10) as usize..).and_then(|digits| digits.get(..1)).unwrap_or_default()
}

const DIGITS: &str = "0123456789";

#[cfg(test)]
mod tests {
    use std::prelude::rust_2024::ToString;

    use proptest::prelude::*;

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
    }

    #[test]
    fn an_empty_needle_is_replaced_nowhere() {
        assert_eq!(replace("abc", "", "-"), "abc");
    }
}
