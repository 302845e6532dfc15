//! Job control: stopping as after Ctrl-Z, and waiting for a child that may stop.
//!
//! Owns when the program stops itself; giving the terminal away before and taking it afterwards belongs to `Term`.

use std::io;
use std::process::{Child, ExitStatus};
#[cfg(unix)]
use std::{thread, time::Duration};

/// How often it is looked whether the program has stopped and goes on, and how long that takes at most. Only time in which the
/// program runs counts.
#[cfg(unix)]
const MOMENT: Duration = Duration::from_millis(2);
#[cfg(unix)]
const MOMENTS: u32 = 250;

/// Before a child that stopped for no reason is told to go on, so that one that insists does not keep a core busy.
#[cfg(unix)]
const PAUSE: Duration = Duration::from_millis(100);

/// Whether somebody is there who can make a stopped program go on. Without a shell (`ssh -t host formwork`, a terminal window of
/// its own) the program leads its session, and stopping would be for ever.
///
/// # Errors
/// `Unsupported`, with words for the user.
#[cfg(unix)]
pub(super) fn can_stop() -> io::Result<()> {
    if rustix::process::getsid(None)? == rustix::process::getpgrp() {
        let words = "no shell to go back to: formwork was started without one";
        return Err(io::Error::new(io::ErrorKind::Unsupported, words));
    }
    Ok(())
}

/// Stops the program and returns when it goes on. The whole group stops, or a program that started formwork would go on waiting
/// and the shell never get its turn. `SIGSTOP`, since `SIGTSTP` is listened for and would not stop.
#[cfg(unix)]
pub(super) fn stop() -> io::Result<()> {
    use futures_util::FutureExt;
    use rustix::process::{Signal, kill_current_process_group};
    use tokio::signal::unix::{SignalKind, signal};
    // The system may stop the program a moment after it was asked to; only that it goes on is a sure sign that it had stopped.
    let listens = tokio::runtime::Handle::try_current().is_ok();
    let mut goes_on = listens
        .then(|| signal(SignalKind::from_raw(Signal::CONT.as_raw())))
        .transpose()?;
    kill_current_process_group(Signal::STOP)?;
    for _ in 0..MOMENTS {
        thread::sleep(MOMENT);
        if goes_on
            .as_mut()
            .is_some_and(|signal| signal.recv().now_or_never().is_some())
        {
            break;
        }
    }
    Ok(())
}

/// Waits for a child that has the terminal. If it stops (Ctrl-Z in the editor), so does the program, and both go on together: the
/// shell waits for the group, not for the child.
#[cfg(unix)]
pub(super) fn wait(child: &Child) -> io::Result<ExitStatus> {
    use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
    use std::os::unix::process::ExitStatusExt;
    let pid = Pid::from_child(child);
    loop {
        match waitpid(Some(pid), WaitOptions::UNTRACED) {
            Ok(Some((_, status))) if status.stopped() => {
                if can_stop().is_ok() {
                    stop()?;
                } else {
                    thread::sleep(PAUSE);
                }
                // Gone already, perhaps; then the next wait tells.
                let _ = kill_process(pid, Signal::CONT);
            }
            Ok(Some((_, status))) => return Ok(ExitStatus::from_raw(status.as_raw())),
            Ok(None) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether the program can be stopped: not on this system.
#[cfg(not(unix))]
pub(super) fn can_stop() -> io::Result<()> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "this system cannot stop a program",
    ))
}

/// Does nothing on this system.
#[cfg(not(unix))]
pub(super) fn stop() -> io::Result<()> {
    Ok(())
}

/// Waits for a child.
#[cfg(not(unix))]
pub(super) fn wait(child: &mut Child) -> io::Result<ExitStatus> {
    child.wait()
}
