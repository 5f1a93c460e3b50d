//! The token manager.

mod clock;
mod failure;
mod holder;
mod instance;
mod notice;
mod numbers;
mod options;
mod policy;
mod record;
mod run;

pub use clock::{Deadline, Id, MonotonicMillis, Now, Reading, StoreMillis};
pub use failure::{is_of_endpoint, late};
pub use instance::Instance;
pub use notice::{Kind, Notice, Reason};
pub use numbers::{NUMBERS, read, write};
pub use options::{ManagerOptions, NAMES};
pub use policy::{OnStoreDown, Policy};
pub use record::{Budget, Lease, MOST_REFUSALS, Record, Refusal, SCHEMA};
pub use run::{Effect, Event, Run};

/// Takes what happened to the last effect of a run, and gives the next one.
pub fn step(instance: &mut Instance, run: &mut Run, event: Event, now: &Now) -> Effect {
    run.step(instance, event, now)
}
