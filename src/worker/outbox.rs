//! The events that wait to be sent: deltas are joined for up to 33 ms or 4 KiB, and for as long as the reader does not read.
//!
//! Owns the order and the joining. What the events mean is the engine's business.

use crate::event::RunEvent;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How long a delta may wait for more of its kind.
const JOIN_FOR: Duration = Duration::from_millis(33);
/// How large a joined delta may grow while the reader keeps up.
const JOIN_BYTES: usize = 4096;
/// With more events than this waiting, the reader is behind, and deltas grow as far as they must.
const BEHIND: usize = 32;

/// Nobody reads any more.
pub(super) struct ReaderGone;

/// The queue of one run in front of the worker's channel.
pub(super) struct Outbox {
    sender: mpsc::Sender<RunEvent>,
    queue: VecDeque<RunEvent>,
    /// When the delta at the queue's end has waited long enough; `None` when it need not wait.
    ripe: Option<Instant>,
}

impl Outbox {
    pub(super) fn new(sender: mpsc::Sender<RunEvent>) -> Self {
        Self {
            sender,
            queue: VecDeque::new(),
            ripe: None,
        }
    }

    /// Queues events in order, joining deltas.
    pub(super) fn extend(&mut self, events: Vec<RunEvent>) {
        for event in events {
            self.push(event);
        }
    }

    fn push(&mut self, event: RunEvent) {
        if !matches!(event, RunEvent::Delta { .. }) {
            self.ripe = None;
            self.queue.push_back(event);
            return;
        }
        let behind = self.queue.len() > BEHIND;
        if let Some(tail) = self.queue.back_mut()
            && let Some(bytes) = join(tail, &event, behind)
        {
            if bytes >= JOIN_BYTES {
                self.ripe = None;
            }
            return;
        }
        self.ripe = Some(Instant::now() + JOIN_FOR);
        self.queue.push_back(event);
    }

    /// Sends one event as soon as one is due and the channel has room. Cancel-safe: an event leaves the queue only when sent.
    pub(super) async fn send_one(&mut self) -> Result<(), ReaderGone> {
        match (self.queue.len(), self.ripe) {
            (0, _) => {
                self.sender.closed().await;
                return Err(ReaderGone);
            }
            (1, Some(ripe)) => tokio::time::sleep_until(ripe).await,
            _ => {}
        }
        let permit = self.sender.reserve().await.map_err(|_| ReaderGone)?;
        if let Some(event) = self.queue.pop_front() {
            permit.send(event);
        }
        if self.queue.is_empty() {
            self.ripe = None;
        }
        Ok(())
    }

    /// Sends everything that is left.
    pub(super) async fn drain(mut self) {
        while let Some(event) = self.queue.pop_front() {
            if self.sender.send(event).await.is_err() {
                return;
            }
        }
    }
}

/// Joins a delta onto the one before it, if they belong together and size allows; returns the joined size.
fn join(tail: &mut RunEvent, event: &RunEvent, behind: bool) -> Option<usize> {
    let (
        RunEvent::Delta { run, attempt, delta },
        RunEvent::Delta {
            run: next_run,
            attempt: next_attempt,
            delta: next,
        },
    ) = (tail, event)
    else {
        return None;
    };
    let same = run == next_run && attempt == next_attempt && delta.channel == next.channel && delta.call == next.call;
    if !same || (delta.text.len() >= JOIN_BYTES && !behind) {
        return None;
    }
    delta.text.push_str(&next.text);
    Some(delta.text.len())
}
