//! The clipboard, as far as a program at the other end of a link can reach it.
//!
//! Owns the two ways (tmux's buffer, OSC 52) and honest words about them: neither the terminal nor tmux says whether the text
//! arrived on the user's desktop, so nothing here ever says "copied".

use crate::config::Env;
use crossterm::Command as _;
use crossterm::clipboard::CopyToClipboard;
use std::io::{self, Write};
use std::process::{Command, Stdio};

/// The longest text, in bytes, that goes out by OSC 52: 100,000 bytes with header and base64, where hterm and xterm's descendants
/// stop taking it in.
pub const OSC52_MAX: usize = 74_994;

/// A way to the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clipboard {
    /// `tmux load-buffer -w -`: tmux keeps the text and passes it on to its terminal. A plain OSC 52 needs a setting in tmux.
    Tmux,
    /// The escape sequence "manipulate selection data" (xterm, Operating System Commands, Ps = 52).
    Osc52,
}

impl Clipboard {
    /// tmux where it runs, else OSC 52.
    pub fn find(env: &Env) -> Self {
        if env.get("TMUX").is_some() {
            Self::Tmux
        } else {
            Self::Osc52
        }
    }
}

/// Gives the text to tmux.
///
/// # Errors
/// tmux cannot be started, or refuses (before 3.2 it does not know `-w`).
pub(super) fn to_tmux(text: &str) -> io::Result<()> {
    let mut child = Command::new("tmux")
        .args(["load-buffer", "-w", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    // Taken, so that it is closed before the wait; a tmux that refuses may close it first.
    let written = child
        .stdin
        .take()
        .map_or(Ok(()), |mut stdin| stdin.write_all(text.as_bytes()));
    let status = child.wait()?;
    if status.success() {
        written
    } else {
        Err(io::Error::other(status.to_string()))
    }
}

/// The bytes that put the text on the terminal's clipboard.
///
/// # Errors
/// The text is too long; words for the user.
pub(super) fn osc52(text: &str) -> Result<String, String> {
    if text.len() > OSC52_MAX {
        return Err(format!(
            "{} kB are too much for the terminal's clipboard (about {} kB); save to a file instead",
            text.len().div_ceil(1000),
            OSC52_MAX / 1000,
        ));
    }
    let mut bytes = String::new();
    let copied = CopyToClipboard::to_clipboard_from(text).write_ansi(&mut bytes);
    copied.map(|()| bytes).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tmux_where_it_runs() {
        let table: [(&[(&str, &str)], Clipboard); 4] = [
            (&[], Clipboard::Osc52),
            (&[("TMUX", "")], Clipboard::Osc52),
            (&[("TMUX", "/tmp/tmux-0/default,1,0")], Clipboard::Tmux),
            (&[("SSH_TTY", "/dev/pts/1")], Clipboard::Osc52),
        ];
        for (vars, expected) in table {
            assert_eq!(Clipboard::find(&vars.iter().copied().collect()), expected, "{vars:?}");
        }
    }

    #[test]
    fn the_sequence_is_bounded() {
        assert_eq!(osc52("foo").unwrap(), "\x1b]52;c;Zm9v\x1b\\");
        assert!(osc52(&"a".repeat(OSC52_MAX)).unwrap().len() <= 100_001);
        let error = osc52(&"a".repeat(OSC52_MAX + 1)).unwrap_err();
        assert!(error.contains("75 kB") && error.contains("save to a file"), "{error}");
    }
}
