//! The values that are random in the real Daraja. Here the seed and the number of the request determine them.

use fastrand::Rng;

/// Daraja's tokens are this long.
const TOKEN_LENGTH: usize = 28;

/// The random numbers of one request.
pub struct Random(Rng);

impl Random {
    /// The random numbers of the request with this number.
    pub fn new(seed: u32, request: u32) -> Self {
        Self(Rng::with_seed(u64::from(seed) << 32 | u64::from(request)))
    }

    /// Whether an event with this probability happens.
    pub fn happens(&mut self, rate: f64) -> bool {
        self.0.f64() < rate
    }

    /// An access token: 28 characters of base62.
    pub fn token(&mut self) -> String {
        (0..TOKEN_LENGTH).map(|_| self.0.alphanumeric()).collect()
    }

    /// An identifier as Daraja writes them, such as `47880-81090592-4`.
    pub fn request_id(&mut self) -> String {
        [&self.digits(5), "-", &self.digits(8), "-", &self.digits(1)].concat()
    }

    /// An identifier as the firewall writes them, such as `173000240624511593-8199`.
    pub fn incident_id(&mut self) -> String {
        [&self.digits(18), "-", &self.digits(4)].concat()
    }

    /// The receipt number of a payment, such as `NLJ7RT61SV`.
    pub fn receipt(&mut self) -> String {
        let letters = (0..3).map(|_| self.0.char('A'..='Z')).collect::<String>();
        letters + &(0..7).map(|_| self.0.alphanumeric().to_ascii_uppercase()).collect::<String>()
    }

    /// The part of a conversation's identifier after its date, such as `00005797af5d7d75f652`.
    pub fn conversation(&mut self) -> String {
        format!("0000{:016x}", self.0.u64(..))
    }

    /// That many digits. The first is not 0.
    pub fn digits(&mut self, count: usize) -> String {
        (0..count).map(|i| if i == 0 { self.0.char('1'..='9') } else { self.0.digit(10) }).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_same_seed_and_request_give_the_same_token_and_others_give_other_tokens() {
        assert_eq!(Random::new(1, 2).token(), Random::new(1, 2).token());
        let tokens: HashSet<_> =
            (0..100).flat_map(|seed| (0..100).map(move |n| Random::new(seed, n).token())).collect();
        assert_eq!(tokens.len(), 10_000);
    }

    #[test]
    fn a_token_has_28_characters_of_base62() {
        let token = Random::new(0, 0).token();
        assert_eq!(token.len(), 28);
        assert!(token.bytes().all(|b| b.is_ascii_alphanumeric()), "{token}");
    }

    #[test]
    fn identifiers_have_the_form_of_the_real_ones() {
        let lengths = |text: String| text.split('-').map(str::len).collect::<std::vec::Vec<_>>();
        for n in 0..100 {
            assert_eq!(lengths(Random::new(7, n).request_id()), [5, 8, 1]);
            let incident = Random::new(7, n).incident_id();
            assert!(!incident.starts_with('0') && incident.bytes().all(|b| b.is_ascii_digit() || b == b'-'));
            assert_eq!(lengths(incident), [18, 4]);
        }
    }

    #[test]
    fn a_rate_is_a_share_of_the_requests() {
        let count = |rate| (0..10_000).filter(|&n| Random::new(3, n).happens(rate)).count();
        assert_eq!((count(0.0), count(1.0)), (0, 10_000));
        assert!((2_300..2_700).contains(&count(0.25)), "{}", count(0.25));
    }
}
