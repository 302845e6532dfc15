//! The one who reads the keyboard.
//!
//! Owns a thread and crossterm's event stream on it. Polled anywhere else, the stream can block its caller: it reads on within an
//! unfinished sequence, and for ever on a terminal that hung up. Closing waits until nobody reads stdin any more, so that an editor
//! or the shell gets every key.

use crossterm::event::{Event, EventStream};
use futures_util::Stream;
use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc as blocking;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// How long closing waits at most. It takes about a millisecond; only a terminal that hung up, or half a sequence, takes longer.
const PATIENCE: Duration = Duration::from_millis(250);

/// Reads until it is dropped.
#[derive(Debug)]
pub(super) struct Reader {
    events: mpsc::UnboundedReceiver<io::Result<Event>>,
    stop: Arc<AtomicBool>,
    thread: Thread,
    /// Disconnected when the thread has ended.
    ended: blocking::Receiver<Infallible>,
}

impl Reader {
    /// Starts reading.
    pub(super) fn open() -> io::Result<Self> {
        let (sender, events) = mpsc::unbounded_channel();
        let (end, ended) = blocking::channel();
        let stop = Arc::new(AtomicBool::new(false));
        let asked = stop.clone();
        let thread = thread::Builder::new().name("keyboard".to_owned()).spawn(move || {
            read(&sender, &asked);
            drop(end);
        })?;
        Ok(Self {
            events,
            stop,
            thread: thread.thread().clone(),
            ended,
        })
    }

    /// The next event; `None` after an error. Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Option<io::Result<Event>> {
        self.events.recv().await
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.unpark();
        // Nothing is ever sent: this returns when the thread ends, or when patience does.
        let _ = self.ended.recv_timeout(PATIENCE);
    }
}

/// Wakes the reading thread. crossterm's own thread holds a copy for as long as it reads.
struct Bell(Thread);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn read(events: &mpsc::UnboundedSender<io::Result<Event>>, stop: &AtomicBool) {
    let bell = Arc::new(Bell(thread::current()));
    let waker = Waker::from(bell.clone());
    // A terminal that is gone already cannot be read from; asked here it is an error, below it would be a panic.
    if let Err(error) = crossterm::event::poll(Duration::ZERO) {
        // Nobody may be listening any more.
        let _ = events.send(Err(error));
        return;
    }
    let mut stream = EventStream::new();
    while !stop.load(Ordering::SeqCst) {
        match Pin::new(&mut stream).poll_next(&mut Context::from_waker(&waker)) {
            Poll::Ready(Some(event)) => {
                let failed = event.is_err();
                if events.send(event).is_err() || failed {
                    break;
                }
            }
            Poll::Ready(None) => break,
            Poll::Pending => thread::park(),
        }
    }
    drop(stream);
    wait_for_crossterm(&bell);
}

/// Waits until crossterm's thread has let go of the bell: from then on it does not touch stdin.
fn wait_for_crossterm(bell: &Arc<Bell>) {
    // Ours and the waker's.
    const OURS: usize = 2;
    let start = Instant::now();
    while Arc::strong_count(bell) > OURS && start.elapsed() < PATIENCE {
        thread::park_timeout(Duration::from_millis(1));
    }
}
