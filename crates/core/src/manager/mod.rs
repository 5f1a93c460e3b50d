//! One live token, for one instance or a fleet: the protocol, as one pure function.
//!
//! Daraja kills the token before with each token that it grants, so whoever generates one must be the only one, and tell
//! the others. Daraja checks no fencing token, so nobody can forbid a late generate. What can be had: mutual exclusion
//! when nothing fails, a fenced publish, and healing by one retry when something does. All of it is one [`Record`] under
//! compare-and-swap; whether a store keeps it in this process or in Redis makes no difference here.
//!
//! An [`Instance`] is what one process knows: its copy of the token, and what it saw of the others.
//! A [`Run`] is one errand: get a token, or replace one that was refused. [`step`] takes what happened to a run's last
//! [`Effect`] as an [`Event`], and gives the next one. There is no clock and no chance in it: both come in as [`Now`].
//!
//! ```text
//!   Begun ─► fresh copy? ───────────────────────────────────────────────────────────────► Complete
//!               │ no                                                                        ▲
//!   WithoutLease│                                                                           │
//!      ┌──────► Load ─► usable, not due ────────────────────────────────────────────────────┤
//!      │         │ ▲    usable, another one renews it: 3 s, then the old one ──────────────►│
//!      │    Wait ┘ │    none, another one has the lease: wait                               │
//!      │           │    refused, and the endpoint or the budget forbids another: error ────►│
//!      │           └───────────────┐                                                        │
//!      │                           │ refused: the loser reads again                         │
//!      │   none, or due ─► TakingLease ─► won ─► Draining, if the old token still lives     │
//!      │                                            ▼                                       │
//!      │                               ┌─► Renewing, which checks the fence                 │
//!      │                               │            ▼                                       │
//!      │                  Draining ◄───┴─ failed ─ Generating ─► granted ─► Publishing ────►│
//!      │                                     │ for good                        │ lost       │
//!      └─────────────────────────────────────┼─────────────────────────────────┘            │
//!                                            └──► Releasing the lease ─────────────────────►┘
//! ```
//!
//! The names with capitals are the states of a run, as in `acquisition/state.rs`; a state without the store, `WithoutStore`,
//! is left out. In each state the driver may have to load the record again, after a write that failed or was lost.
//!
//! Winning the compare-and-swap proves that the record has not changed since it was read, so the holder need not read it
//! again. If the reply to a write is lost, the record itself answers: it has this run's nonce, or this run's token.
//!
//! # What a driver must do
//!
//! 1. Keep one [`Instance`] per manager. Hand out its [`live`](Instance::live) token without a run until
//!    [`fresh_until`](Instance::fresh_until), on both clocks; ask for both after each step, since any step may change them.
//! 2. Otherwise begin a run with [`Event::Begun`], and carry out each effect, one at a time:
//!
//!    | Effect | The driver | and then tells |
//!    | --- | --- | --- |
//!    | [`Load`](Effect::Load) | loads the record, and keeps the object and its version for this run | [`Loaded`](Event::Loaded), or [`Unreadable`](Event::Unreadable) for another schema |
//!    | [`Swap`](Effect::Swap) | writes the fields of [`Run::next`] into a copy of that object, under a fresh random version of 128 bits, where the version that it keeps still stands (none: where nothing stands), for [`Policy::keep_record`]; if it was swapped, keeps these instead | [`Swapped`](Event::Swapped) |
//!    | [`Generate`](Effect::Generate) | sends one request within [`Policy::timeout`] | [`Granted`](Event::Granted), or [`Failed`](Event::Failed) |
//!    | [`Wait`](Effect::Wait) | sets a timer | [`Woke`](Event::Woke) |
//!    | [`Complete`](Effect::Complete) | settles the callers, and may wake the instance's other runs that wait | nothing |
//!
//! 3. End each operation of the store after [`Policy::store_timeout`]. If it throws, or gives nonsense, that is
//!    [`StoreFailed`](Event::StoreFailed), for a write too: nothing inside a store retries.
//! 4. Wake runs that wait when the store's `watch` calls, and when the instance is closed. Waking too early, too often or
//!    never does no harm.
//! 5. Settle each caller at its own deadline and its own signal, whatever the run does: a run ends by its own deadline,
//!    but never drops a lease that it has for a caller who is gone.
//! 6. Where runs outlive their callers, give a caller of `getToken` that has waited for [`Policy::renewal_wait`] the
//!    [`spare`](Instance::spare) token: the old one, while a run of this instance renews it.
//! 7. After each step, hand on [`take_notices`](Instance::take_notices).
//! 8. When an endpoint has accepted a token that [`is_news`](Instance::is_news), let a [`Run::accept`] tell the others.
//!
//! Callers may share a run ([`Run::join`]) if they ask for the same: any who get, or who report the same token for the same
//! endpoint. They need not: where no promise may be shared between requests, each request drives a run of its own, and the
//! runs of one instance meet in the record like those of a fleet. A run that is simply dropped, as by a platform that
//! cancels a request, leaves at worst a lease that runs out.
//!
//! # Example
//!
//! A cold instance, a store without a record, and no faults:
//!
//! ```
//! use core::num::NonZeroU64;
//!
//! use daraja_auth_core::manager::{Effect, Event, Instance, LeaseId, MonotonicMillis, Now, Policy, Run, StoreMillis, step};
//! use daraja_auth_core::time::EpochMillis;
//! use daraja_auth_core::token::Token;
//!
//! let mut instance = Instance::new(Policy::DEFAULT.checked()?);
//! let now = Now { wall: EpochMillis(1_000), monotonic: MonotonicMillis(5), random: NonZeroU64::MAX };
//! let store = Some(StoreMillis(1_000));
//!
//! let mut run = Run::get(now.monotonic.after(Policy::DEFAULT.deadline));
//! assert_eq!(step(&mut instance, &mut run, Event::Begun, &now), Effect::Load);
//! assert_eq!(step(&mut instance, &mut run, Event::Loaded { found: None, store }, &now), Effect::Swap);
//! // The lease is written: from now on this run is the only one that generates.
//! assert_eq!(run.next().lease.map(|lease| lease.nonce), Some(LeaseId(NonZeroU64::MAX)));
//! assert_eq!(step(&mut instance, &mut run, Event::Swapped { swapped: true, store }, &now), Effect::Generate);
//! let token = Token { access_token: "T1".into(), expires_in: 3599, expires_at: EpochMillis(3_600_000) };
//! let granted = Event::Granted { token: token.clone(), sent: now.monotonic };
//! assert_eq!(step(&mut instance, &mut run, granted, &now), Effect::Swap);
//! assert_eq!((run.next().epoch, run.next().token.as_ref()), (1, Some(&token.access_token)));
//! let published = step(&mut instance, &mut run, Event::Swapped { swapped: true, store }, &now);
//! assert_eq!(published, Effect::Complete(Ok(token.clone())));
//!
//! // From now on it takes no run.
//! assert_eq!(instance.live(&now), Some(token));
//! assert_eq!(instance.fresh_until().map(|until| until.monotonic), Some(MonotonicMillis(10_005)));
//! # Ok::<(), Box<daraja_auth_core::error::Error>>(())
//! ```

mod acquisition;
mod cache;
mod clock;
mod effect;
mod failure;
mod id;
mod instance;
mod notice;
mod options;
mod policy;
mod reconcile;
mod record;
mod runs;

pub use acquisition::Run;
pub use clock::{Deadline, MonotonicMillis, Now, Reading, StoreMillis};
pub use effect::{Effect, Event};
pub use failure::{Failure, Why};
pub use id::{EndpointHash, HistoryId, LeaseId};
pub use instance::Instance;
pub use notice::{Kind, Notice, Reason};
pub use options::{ManagerOptions, NAMES};
pub use policy::{OnStoreDown, Policy};
pub use record::{Budget, Lease, MOST_REFUSALS, Record, Refusal, SCHEMA};
pub use runs::Runs;

/// Takes what happened to the last effect of a run, and gives the next one.
pub fn step(instance: &mut Instance, run: &mut Run, event: Event, now: &Now) -> Effect {
    run.step(instance, event, now)
}
