//! The leash between an attempt's stream and the thread that works for it: dropping the stream cuts it.
//!
//! Owns the flag, and the child process that has to go at once.

use std::process::Child;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Tells a worker whether anybody waits for its work.
#[derive(Debug, Default)]
pub struct Leash {
    cut: AtomicBool,
    child: Mutex<Option<Child>>,
}

impl Leash {
    /// Whether the work is for nothing.
    pub fn is_cut(&self) -> bool {
        self.cut.load(Ordering::Acquire)
    }

    /// Nobody waits any more: the child, if one runs, is killed.
    pub fn cut(&self) {
        self.cut.store(true, Ordering::Release);
        self.take();
    }

    /// Puts a child on the leash; kills it at once if the leash is cut already.
    pub fn hold(&self, child: Child) {
        if let Ok(mut held) = self.child.lock() {
            *held = Some(child);
        }
        if self.is_cut() {
            self.take();
        }
    }

    /// Does something with the child that is held; `None` if there is none.
    pub fn with<R>(&self, ask: impl FnOnce(&mut Child) -> R) -> Option<R> {
        self.child.lock().ok()?.as_mut().map(ask)
    }

    /// Ends the child, if one is left.
    pub fn take(&self) {
        let child = self.child.lock().ok().and_then(|mut held| held.take());
        if let Some(mut child) = child {
            // It may have ended by itself.
            drop(child.kill());
            drop(child.wait());
        }
    }
}
