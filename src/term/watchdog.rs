//! Whether the terminal is still there.
//!
//! Owns the look at it. crossterm's reader does not notice a terminal that hung up, it reads nothing for ever; a program that
//! ignores `SIGHUP` and has nothing to draw would keep a core busy until somebody kills it.

/// Whether stdin has hung up. Costs one `poll` that does not wait; ask about once a second.
#[cfg(unix)]
pub fn is_gone() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdin = rustix::stdio::stdin();
    // Hang-up and error are reported unasked; readiness does not matter here.
    let mut descriptors = [PollFd::new(&stdin, PollFlags::empty())];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
    poll(&mut descriptors, Some(&now)).is_ok_and(|_| descriptors[0].revents().intersects(gone))
}

/// Whether stdin has hung up: not known on this system.
#[cfg(not(unix))]
pub fn is_gone() -> bool {
    false
}
