//! The way of bytes to the terminal.
//!
//! Owns the page a frame is collected on and the one write that sends it. What the bytes mean belongs to others.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Collects what is written until it is taken: a frame becomes one write, however often its drawing flushes. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Page(Arc<Mutex<Vec<u8>>>);

impl Page {
    /// What was written, sent to the terminal in one go; how many bytes it was.
    pub(super) fn send(&self) -> io::Result<usize> {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = send(&bytes).map(|()| bytes.len());
        bytes.clear();
        sent
    }

    /// Forgets what was written.
    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut page = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        page.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes to the terminal, past the standard library's buffer and lock: the panic hook must get through whoever holds them.
#[cfg(unix)]
pub(super) fn send(mut bytes: &[u8]) -> io::Result<()> {
    use rustix::io::Errno;
    let stdout = rustix::stdio::stdout();
    while !bytes.is_empty() {
        match rustix::io::write(stdout, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(Errno::INTR) => {}
            // Another program on this terminal may have made it non-blocking.
            Err(Errno::AGAIN) => wait_for_room()?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(unix)]
fn wait_for_room() -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};
    let stdout = rustix::stdio::stdout();
    let mut descriptors = [PollFd::new(&stdout, PollFlags::OUT)];
    match poll(&mut descriptors, None) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Writes to the terminal.
#[cfg(not(unix))]
pub(super) fn send(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}

/// Forgets what was typed and not yet read, meant for another program.
pub(super) fn forget_input() {
    #[cfg(unix)]
    {
        // A terminal that is gone has nothing to forget.
        let _ = rustix::termios::tcflush(rustix::stdio::stdin(), rustix::termios::QueueSelector::IFlush);
    }
}

/// Columns and rows; 80×24, as ever, where the terminal does not know.
pub(super) fn size() -> (u16, u16) {
    #[cfg(unix)]
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).map(|size| (size.ws_col, size.ws_row));
    #[cfg(not(unix))]
    let size = crossterm::terminal::size();
    size.ok()
        .filter(|&(columns, rows)| columns > 0 && rows > 0)
        .unwrap_or((80, 24))
}
