//! What may end a wait early: a timer, and the caller's signal. Both let go of the runtime when they are dropped.

use std::cell::{Cell, RefCell};
use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::options::unusable_signal;
use crate::wasm::attempt::Halt;
use crate::wasm::js;

/// Something that happens at most once, and wakes who waits for it.
#[derive(Default)]
struct Event {
    happened: Cell<bool>,
    waiting: RefCell<Option<Waker>>,
}

impl Event {
    fn happen(&self) {
        self.happened.set(true);
        let waiting = self.waiting.borrow_mut().take();
        if let Some(waker) = waiting {
            waker.wake();
        }
    }

    fn poll(&self, context: &Context<'_>) -> bool {
        if !self.happened.get() {
            *self.waiting.borrow_mut() = Some(context.waker().clone());
        }
        self.happened.get()
    }
}

fn callback(event: &Rc<Event>) -> Closure<dyn FnMut()> {
    let event = Rc::clone(event);
    Closure::new(move || event.happen())
}

/// A running timer.
pub struct Timer {
    event: Rc<Event>,
    id: JsValue,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// Starts one.
    pub fn start(duration: Duration) -> Result<Self, Halt> {
        let event = Rc::new(Event::default());
        let callback = callback(&event);
        let id = js::set_timeout(callback.as_ref().unchecked_ref(), duration.as_millis() as f64)
            .map_err(|thrown| Halt::network("setTimeout threw", Some(thrown)))?;
        Ok(Self { event, id, _callback: callback })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        // A clearTimeout that throws leaves a timer whose callback does nothing.
        let _ = js::clear_timeout(&self.id);
    }
}

/// The caller's signal, watched.
pub struct Abort<'a> {
    event: Rc<Event>,
    signal: Option<&'a JsValue>,
    callback: Closure<dyn FnMut()>,
}

impl<'a> Abort<'a> {
    /// Watches the signal, if there is one.
    pub fn watch(signal: Option<&'a JsValue>) -> Result<Self, Halt> {
        let event = Rc::new(Event::default());
        let callback = callback(&event);
        let abort = Self { event, signal, callback };
        if signal.and_then(|signal| js::get(signal, "aborted")).is_some_and(|aborted| aborted.is_truthy()) {
            return Err(Halt::Aborted(abort.reason()));
        }
        abort.listener("addEventListener").map_err(|_| unusable_signal())?;
        Ok(abort)
    }

    /// The reason that the signal's owner gave.
    fn reason(&self) -> JsValue {
        self.signal.and_then(|signal| js::get(signal, "reason")).unwrap_or(JsValue::UNDEFINED)
    }

    fn listener(&self, method: &str) -> Result<(), JsValue> {
        let Some(signal) = self.signal else { return Ok(()) };
        let Some(method) = js::method(signal, method) else { return Ok(()) };
        let callback: &Function = self.callback.as_ref().unchecked_ref();
        method.call2(signal, &JsValue::from_str("abort"), callback).map(drop)
    }
}

impl Drop for Abort<'_> {
    fn drop(&mut self) {
        // A removeEventListener that throws leaves a listener that does nothing.
        let _ = self.listener("removeEventListener");
    }
}

/// Why a wait ended without its result.
pub enum Stop {
    /// The timer went off.
    Time,
    /// The signal aborted, for this reason.
    Aborted(JsValue),
}

/// The future's output, unless the timer or the signal comes first.
pub async fn until<T>(future: impl Future<Output = T>, timer: &Timer, abort: &Abort<'_>) -> Result<T, Stop> {
    let mut future = pin!(future);
    poll_fn(|context| {
        if abort.event.poll(context) {
            return Poll::Ready(Err(Stop::Aborted(abort.reason())));
        }
        if timer.event.poll(context) {
            return Poll::Ready(Err(Stop::Time));
        }
        future.as_mut().poll(context).map(Ok)
    })
    .await
}

/// Waits, unless the signal aborts first.
pub async fn sleep(duration: Duration, abort: &Abort<'_>) -> Result<(), Halt> {
    let timer = Timer::start(duration)?;
    match until(pending::<()>(), &timer, abort).await {
        Err(Stop::Aborted(reason)) => Err(Halt::Aborted(reason)),
        Ok(()) | Err(Stop::Time) => Ok(()),
    }
}
