//! The store, and the variants of the protocol in which one part is left out.

use daraja_auth_core::manager::{Input, Record, StoreMillis};

use crate::fleet::Fleet;
use crate::member::{BEGINNING, Seen, number};

/// A variant of the protocol in which one part is left out. The checker must find a counterexample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// A grant is published over any version of the record, without comparing versions.
    BlindPublish,
    /// A report marks the record's token as dead, even if it is not the reported one.
    BlindInvalidate,
    /// A lease is taken if there is none, without reading the record again.
    NoSecondLook,
    /// A release ends the lease, even if another member has it.
    ReleaseUnowned,
}

impl Fleet {
    fn store_now(&self) -> Option<StoreMillis> {
        self.has_clock.then(|| StoreMillis(BEGINNING + self.time))
    }

    /// Loads the record for an acquisition. Gives the input with the result.
    pub fn load(&mut self, at: usize, caller: usize) -> Input {
        let found = self.record.clone().map(Box::new);
        let seen = if found.is_some() { Seen::Standing } else { Seen::Nothing };
        let errand = self.member(at).errand_mut(caller);
        errand.seen = seen;
        errand.sees(found.as_deref());
        Input::Loaded { found, store: self.store_now() }
    }

    /// Carries out the write of an acquisition. Gives the input with the result.
    pub fn swap(&mut self, at: usize, caller: usize, broken: Option<Broken>) -> Input {
        let errand = self.members[at].errand(caller).unwrap();
        let (seen, next) = (errand.seen, errand.next().clone());
        let swapped = match self.what_swaps(seen, next, broken) {
            Some(record) => {
                self.write(record.clone());
                let errand = self.member(at).errand_mut(caller);
                errand.seen = Seen::Standing;
                errand.sees(Some(&record));
                true
            }
            None => false,
        };
        Input::Swapped { swapped, store: self.store_now() }
    }

    /// The record that a write stores. None if the write is lost.
    pub fn what_swaps(&self, seen: Seen, next: Record, broken: Option<Broken>) -> Option<Record> {
        if self.is_expected(seen) {
            return Some(next);
        }
        let current = self.record.clone()?;
        let takes = next.lease.is_some();
        match broken? {
            Broken::BlindPublish if !takes && next.token != current.token => Some(next),
            Broken::NoSecondLook if takes && current.lease.is_none() => Some(Record { lease: next.lease, ..current }),
            Broken::ReleaseUnowned if !takes && next.token == current.token => {
                Some(Record { lease: next.lease, ..current })
            }
            _ => None,
        }
    }

    fn is_expected(&self, seen: Seen) -> bool {
        match seen {
            Seen::Nothing => self.record.is_none(),
            Seen::Standing => true,
            Seen::Gone => false,
        }
    }

    /// Writes the record, and so gives it another version.
    pub fn write(&mut self, record: Record) {
        let token = number(record.token.as_ref());
        self.wrongs.fell_back |= token < self.newest;
        self.newest = self.newest.max(token);
        self.before = Some(self.record.replace(record));
        self.outdate();
    }

    pub fn fall_back(&mut self) {
        self.record = self.before.take().unwrap_or_default();
        self.newest = self.record.as_ref().map_or(0, |record| number(record.token.as_ref()));
        self.outdate();
    }

    pub fn flush(&mut self) {
        self.record = None;
        self.before = None;
        self.newest = 0;
        self.outdate();
    }

    /// Marks the versions that drivers know as outdated.
    fn outdate(&mut self) {
        let standing: Vec<_> = self
            .callers()
            .filter(|(at, caller)| {
                self.members[*at].errand(*caller).is_some_and(|errand| errand.seen == Seen::Standing)
            })
            .collect();
        for (at, caller) in standing {
            self.member(at).errand_mut(caller).seen = Seen::Gone;
        }
        // Delayed writes that expect an old version can never take place, so they are dropped.
        self.late.retain(|(seen, _)| *seen == Seen::Nothing);
    }
}
