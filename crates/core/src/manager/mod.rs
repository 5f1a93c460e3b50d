//! One live token, for one member or a fleet: the protocol, as one pure function.
//!
//! Each token that Daraja grants ends the previous one. So only one member of a fleet may generate a token at a time,
//! and it must tell the others. Daraja checks no fencing token, so nothing can stop a generate that is late. If nothing
//! fails, one member at a time generates. If something fails, a token may end early, and the retry after its rejection
//! recovers. A publish compares versions, so it never replaces a newer record.
//! The data of the protocol is one [`Record`] under compare-and-swap, in the memory of this process or in a store such
//! as Redis.
//!
//! A [`Member`] is the knowledge of one process: its cache of the token, and what it has seen of the other members.
//! An [`Acquisition`] gets a token, or replaces a token that was rejected. [`step`] takes the result of its last
//! [`Output`] as an [`Input`], and gives the next output. It has no clock and no random numbers: both are in [`Now`].
//!
//! ```text
//!   Begun ─► fresh cache? ──────────────────────────────────────────────────────────────► Complete
//!               │ no                                                                        ▲
//!   WithoutLease│                                                                           │
//!      ┌──────► Load ─► usable, not due ────────────────────────────────────────────────────┤
//!      │         │ ▲    usable, another member renews it: 3 s, then the old token ─────────►│
//!      │    Wait ┘ │    none, another member has the lease: wait                            │
//!      │           │    rejected, and the cooldown or the budget forbids another: error ───►│
//!      │           └───────────────┐                                                        │
//!      │                           │ lost: the record has changed, load it again            │
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
//! Begun is an input. Load, Wait and Complete are outputs. The other names with capitals are the states of an
//! acquisition, as in `acquisition/state.rs`. The state `WithoutStore` is left out. In each state the driver may have
//! to load the record again, after a write that failed or was lost.
//!
//! A won compare-and-swap proves that the record has not changed since it was read, so the holder need not read it
//! again. If the reply to a write is lost, the next load shows whether it took effect: then the record has this
//! acquisition's nonce, or its token.
//!
//! # What a driver must do
//!
//! 1. Keep one [`Member`] per manager. Until [`fresh_until`](Member::fresh_until), on both clocks, give callers its
//!    [`live`](Member::live) token without an acquisition. Ask for both after each step, because any step may change
//!    them.
//! 2. Otherwise begin an acquisition with [`Input::Begun`], and carry out each output, one at a time:
//!
//!    | Output | The driver | and then tells |
//!    | --- | --- | --- |
//!    | [`Load`](Output::Load) | loads the record, and keeps the object and its version for this acquisition | [`Loaded`](Input::Loaded), or [`Unreadable`](Input::Unreadable) for another schema |
//!    | [`Swap`](Output::Swap) | writes a copy of that object with the fields of [`Acquisition::next`], as below | [`Swapped`](Input::Swapped) |
//!    | [`Generate`](Output::Generate) | sends one request within [`Policy::timeout`] | [`Granted`](Input::Granted), or [`Failed`](Input::Failed) |
//!    | [`Wait`](Output::Wait) | sets a timer | [`Woke`](Input::Woke) |
//!    | [`Complete`](Output::Complete) | settles the callers, and may wake the member's other acquisitions that wait | nothing |
//!
//!    A swap succeeds if the store still has the version that the driver keeps, or still has nothing. The record that
//!    it writes has a fresh random version of 128 bits, and the store keeps it for [`Policy::keep_record`]. After a
//!    swap that succeeded, the driver keeps the new object and its version.
//!
//! 3. End each operation of the store after [`Policy::store_timeout`]. If it throws, or gives nonsense, that is
//!    [`StoreFailed`](Input::StoreFailed), for a write too. A store must not retry by itself.
//! 4. Wake acquisitions that wait when the store's `watch` calls, and when the member is closed. To wake them too
//!    early, too often or never is harmless.
//! 5. Settle each caller at its own deadline and its own signal. An acquisition ends soon after its own deadline. With
//!    a lease it goes on until its token is published or the lease is released, even if its caller is gone.
//! 6. If acquisitions can continue without their callers, do not let a caller wait longer than [`Policy::renewal_wait`]
//!    for a renewal. Then give a caller of `getToken` the old token,
//!    [`token_during_renewal`](Member::token_during_renewal).
//! 7. After each step, hand on [`take_events`](Member::take_events).
//! 8. When an endpoint has accepted a token, ask
//!    [`is_accepted_after_rejection`](Member::is_accepted_after_rejection). If it is true, begin an
//!    [`Acquisition::accept`], which tells the others.
//!
//! Callers may share an acquisition ([`Acquisition::join`]) for the same purpose: a token, or the replacement of the
//! same token for the same endpoint. This is optional. If requests cannot share a promise, each request drives an
//! acquisition of its own, and those of one member meet in the record like those of a fleet. If a platform cancels a
//! request and drops its acquisition, nothing worse remains than a lease that ends by itself.
//!
//! # Example
//!
//! A member without a token, a store without a record, and no faults:
//!
//! ```
//! use core::num::NonZeroU64;
//!
//! use daraja_auth_core::manager::{
//!     Acquisition, Input, LeaseId, Member, MonotonicMillis, Now, Output, Policy, StoreMillis, step,
//! };
//! use daraja_auth_core::time::EpochMillis;
//! use daraja_auth_core::token::Token;
//!
//! let mut member = Member::new(Policy::DEFAULT.checked()?);
//! let now = Now { wall: EpochMillis(1_000), monotonic: MonotonicMillis(5), random: NonZeroU64::MAX };
//! let store = Some(StoreMillis(1_000));
//!
//! let mut acquisition = Acquisition::get(now.monotonic.after(Policy::DEFAULT.deadline));
//! assert_eq!(step(&mut member, &mut acquisition, Input::Begun, &now), Output::Load);
//! assert_eq!(step(&mut member, &mut acquisition, Input::Loaded { found: None, store }, &now), Output::Swap);
//! // The lease is written: from now on only this acquisition generates.
//! assert_eq!(acquisition.next().lease.map(|lease| lease.nonce), Some(LeaseId(NonZeroU64::MAX)));
//! assert_eq!(step(&mut member, &mut acquisition, Input::Swapped { swapped: true, store }, &now), Output::Generate);
//! let token = Token { access_token: "T1".into(), expires_in: 3599, expires_at: EpochMillis(3_600_000) };
//! let granted = Input::Granted { token: token.clone(), sent: now.monotonic };
//! assert_eq!(step(&mut member, &mut acquisition, granted, &now), Output::Swap);
//! assert_eq!((acquisition.next().epoch, acquisition.next().token.as_ref()), (1, Some(&token.access_token)));
//! let published = step(&mut member, &mut acquisition, Input::Swapped { swapped: true, store }, &now);
//! assert_eq!(published, Output::Complete(Ok(token.clone())));
//!
//! // From now on callers get it without an acquisition.
//! assert_eq!(member.live(&now), Some(token));
//! assert_eq!(member.fresh_until().map(|until| until.monotonic), Some(MonotonicMillis(10_005)));
//! # Ok::<(), Box<daraja_auth_core::error::Error>>(())
//! ```

mod acquisition;
mod acquisitions;
mod budget;
mod cache;
mod clock;
mod event;
mod failure;
mod id;
mod io;
mod member;
mod options;
mod policy;
mod reconcile;
mod record;

pub use acquisition::Acquisition;
pub use acquisitions::Acquisitions;
pub use budget::Budget;
pub use clock::{Deadline, MonotonicMillis, Now, Reading, StoreMillis};
pub use event::{EventType, Reason, TokenEvent};
pub use failure::{Failure, FailureKind};
pub use id::{EndpointHash, HistoryId, LeaseId};
pub use io::{Input, Output};
pub use member::Member;
pub use options::{LISTED, ManagerOptions, NAMES};
pub use policy::{OnStoreDown, Policy};
pub use record::{EndpointRejection, Lease, MAX_REJECTIONS, Record, SCHEMA};

/// Takes the result of an acquisition's last output, and gives the next output.
pub fn step(member: &mut Member, acquisition: &mut Acquisition, input: Input, now: &Now) -> Output {
    acquisition.step(member, input, now)
}
