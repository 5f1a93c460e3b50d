//! The names of tokens: the protocol only ever asks whether two are the same, so it has numbers in place of their texts.

use alloc::string::String;
use alloc::vec::Vec;

use crate::manager::clock::Id;

/// The texts of the tokens that anything goes by. The name of each is its place, from 1 on; that of an empty one is none.
#[derive(Default)]
pub struct Names {
    texts: Vec<String>,
}

impl Names {
    /// The name of a token: the one that it has, or a new one. One that is not in use any more is used again.
    pub fn name(&mut self, text: String, is_used: &dyn Fn(Id) -> bool) -> Id {
        let known = self.known(&text);
        if known.is_some() || text.is_empty() {
            return known;
        }
        let free = (1..=self.texts.len() as u64).find(|&name| !is_used(Id(name)));
        let Some(place) = free.and_then(|name| self.texts.get_mut(name as usize - 1)) else {
            self.texts.push(text);
            return Id(self.texts.len() as u64);
        };
        *place = text;
        Id(free.unwrap_or_default())
    }

    /// The name that a token has, if it has one.
    #[must_use]
    pub fn known(&self, text: &str) -> Id {
        Id(self.texts.iter().position(|known| known == text).map_or(0, |place| place as u64 + 1))
    }

    /// The token of that name.
    #[must_use]
    pub fn text(&self, name: Id) -> &str {
        (name.0 as usize).checked_sub(1).and_then(|place| self.texts.get(place)).map_or("", |text| text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_tokens_own_for_as_long_as_it_is_in_use() {
        let mut names = Names::default();
        let [first, second] = ["a", "b"].map(|text| names.name(text.into(), &|_| true));
        assert!(first != second && first.is_some() && second.is_some());
        assert_eq!(names.name("a".into(), &|_| false), first);
        assert_eq!((names.text(first), names.text(second)), ("a", "b"));
        assert_eq!(names.name("c".into(), &|name| name != first), first);
        assert_eq!((names.known("a"), names.known("c"), names.text(first)), (Id(0), first, "c"));
        assert_eq!(names.text(second), "b");
    }

    #[test]
    fn no_token_has_no_name() {
        let mut names = Names::default();
        assert_eq!(names.name(String::new(), &|_| false), Id(0));
        assert_eq!((names.known(""), names.text(Id(0)), names.text(Id(1))), (Id(0), "", ""));
    }
}
