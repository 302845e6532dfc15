//! What the system tells the program from outside.
//!
//! Owns the listeners and the words for the signals; what is done about them is the runtime's matter.

use std::io;

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The program shall end; the signal's name.
    Quit(&'static str),
    /// The program shall stop, as after Ctrl-Z in the shell: [`Term::suspend`](super::Term::suspend).
    Suspend,
    /// The program was stopped and goes on: [`Term::resumed`](super::Term::resumed).
    Resumed,
}

/// How long a signal takes at most from the system to its listener.
#[cfg(unix)]
const ON_ITS_WAY: std::time::Duration = std::time::Duration::from_millis(30);

/// The listeners. From the first one on the system no longer acts by itself, so they live as long as the program.
#[cfg(unix)]
#[derive(Debug)]
pub struct Signals {
    hangup: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    quit: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    stop: tokio::signal::unix::Signal,
    resume: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    /// The system refuses, or there is no tokio runtime.
    pub fn new() -> io::Result<Self> {
        use rustix::process::Signal as Number;
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            quit: signal(SignalKind::quit())?,
            interrupt: signal(SignalKind::interrupt())?,
            stop: signal(SignalKind::from_raw(Number::TSTP.as_raw()))?,
            resume: signal(SignalKind::from_raw(Number::CONT.as_raw()))?,
        })
    }

    /// The next signal. Dropping the future loses none.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            biased;
            _ = self.hangup.recv() => Signal::Quit("SIGHUP"),
            _ = self.terminate.recv() => Signal::Quit("SIGTERM"),
            _ = self.quit.recv() => Signal::Quit("SIGQUIT"),
            _ = self.interrupt.recv() => Signal::Quit("SIGINT"),
            _ = self.stop.recv() => Signal::Suspend,
            _ = self.resume.recv() => Signal::Resumed,
        }
    }

    /// Forgets what the keyboard sent while another program had the terminal (Ctrl-C, Ctrl-\, Ctrl-Z) and that the program went
    /// on afterwards. Call it after [`Term::edit`](super::Term::edit) and [`Term::suspend`](super::Term::suspend).
    pub async fn forget_typed(&mut self) {
        use futures_util::FutureExt;
        // The same key ended the other program: what it sent us may still be on its way through the runtime.
        tokio::time::sleep(ON_ITS_WAY).await;
        for listener in [&mut self.quit, &mut self.interrupt, &mut self.stop, &mut self.resume] {
            // Several of one kind count as one.
            let _ = listener.recv().now_or_never();
        }
    }
}

/// The listeners: Ctrl-C only on this system.
#[cfg(not(unix))]
#[derive(Debug)]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    /// None.
    pub fn new() -> io::Result<Self> {
        Ok(Self)
    }

    /// The next signal.
    pub async fn next(&mut self) -> Signal {
        // Without a listener there is nothing to wait for.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Signal::Quit("Ctrl-C")
    }

    /// Nothing to forget.
    pub async fn forget_typed(&mut self) {}
}
