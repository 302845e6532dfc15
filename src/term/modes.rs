//! The terminal's modes: which are set, in what order, and how they are taken back.
//!
//! Owns the escape sequences for entering and leaving and the knowledge of what is on, shared with the panic hook. Nothing is ever
//! asked of the terminal: answers come late over a slow link and then look like typing.

use super::wire;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Mouse reports of every kind off: clicks, drags, all motion, and the three encodings.
const MOUSE_OFF: &str = "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l";

/// Clicks, drags and the wheel, without the flood of bare motion.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";

/// Focus reports and bracketed paste off.
const REPORTS_OFF: &str = "\x1b[?1004l\x1b[?2004l";

/// Alternate screen, no cursor, bracketed paste, focus reports; the wheel sends arrow keys, what it did before is remembered.
const SCREEN_ON: &str = "\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[?1004h\x1b[?1007s\x1b[?1007h";

/// The wheel as it was.
const WHEEL_BACK: &str = "\x1b[?1007r";

/// Kitty's keyboard protocol: escape codes told apart (1) and alternate keys reported (4). The flags belong to the screen, so they
/// are pushed on the alternate one and popped before it is left.
const KITTY_ON: &str = "\x1b[>5u";

/// The flags popped; a terminal with none pushed ignores it.
const KITTY_OFF: &str = "\x1b[<1u";

/// What is on. One per terminal, shared with the panic hook.
#[derive(Debug, Default)]
pub(super) struct Modes {
    entered: AtomicBool,
    mouse: AtomicBool,
    kitty: AtomicBool,
}

impl Modes {
    pub(super) fn new(mouse: bool, kitty: bool) -> Arc<Self> {
        Arc::new(Self {
            entered: AtomicBool::new(false),
            mouse: AtomicBool::new(mouse),
            kitty: AtomicBool::new(kitty),
        })
    }

    /// Whether the terminal is ours at the moment.
    pub(super) fn entered(&self) -> bool {
        self.entered.load(Ordering::SeqCst)
    }

    /// Takes the terminal. On an error everything is taken back.
    pub(super) fn enter(&self) -> io::Result<()> {
        self.entered.store(true, Ordering::SeqCst);
        // Raw mode first: in the background the system stops the program here, before it writes over the shell's screen.
        let entered = crossterm::terminal::enable_raw_mode().and_then(|()| wire::send(self.entering().as_bytes()));
        if entered.is_err() {
            // The first error is the one that says something.
            let _ = self.leave();
        }
        entered
    }

    /// Sets everything once more after a stop that came without warning: the shell has changed the modes meanwhile.
    pub(super) fn enter_again(&self) -> io::Result<()> {
        // What the flags and the wheel were is on a stack and in a store that must not grow or be overwritten.
        wire::send([self.kitty_off(), WHEEL_BACK].concat().as_bytes())?;
        crossterm::terminal::disable_raw_mode()?;
        self.enter()
    }

    /// Gives the terminal back; does nothing if it is not ours. Every step is tried; the first error counts.
    pub(super) fn leave(&self) -> io::Result<()> {
        if !self.entered.swap(false, Ordering::SeqCst) {
            return Ok(());
        }
        let written = wire::send(self.leaving().as_bytes());
        let cooked = crossterm::terminal::disable_raw_mode();
        written.and(cooked)
    }

    /// Switches mouse reports.
    pub(super) fn set_mouse(&self, on: bool) -> io::Result<()> {
        self.mouse.store(on, Ordering::SeqCst);
        if !self.entered() {
            return Ok(());
        }
        wire::send(if on { MOUSE_ON } else { MOUSE_OFF }.as_bytes())
    }

    /// Resets first: a session that was killed may have left reports on.
    fn entering(&self) -> String {
        let mouse = if self.mouse.load(Ordering::SeqCst) {
            MOUSE_ON
        } else {
            ""
        };
        let kitty = if self.kitty.load(Ordering::SeqCst) {
            KITTY_ON
        } else {
            ""
        };
        [MOUSE_OFF, REPORTS_OFF, SCREEN_ON, mouse, kitty].concat()
    }

    /// A frame cut short may have left a synchronized update open. The mouse is switched off on both screens, since some terminals
    /// restore it with the screen.
    fn leaving(&self) -> String {
        let update_ends = "\x1b[?2026l";
        let cursor_back = "\x1b[0 q\x1b[?25h\x1b[0m";
        let screen_off = "\x1b[?1049l";
        let parts = [
            update_ends,
            self.kitty_off(),
            MOUSE_OFF,
            REPORTS_OFF,
            cursor_back,
            WHEEL_BACK,
            screen_off,
            MOUSE_OFF,
        ];
        parts.concat()
    }

    fn kitty_off(&self) -> &'static str {
        if self.kitty.load(Ordering::SeqCst) {
            KITTY_OFF
        } else {
            ""
        }
    }
}

/// Lets a panic give the terminal back before its message is printed. The hook that was there prints it.
pub(super) fn give_back_on_panic(modes: &Arc<Modes>) {
    let modes = modes.clone();
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        // The message matters more than a terminal that cannot be written to.
        let _ = modes.leave();
        print(info);
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resets_come_first_and_the_screen_is_taken_before_the_kitty_flags() {
        let bytes = Modes::new(true, true).entering();
        let order = [
            "\x1b[?1000l",
            "\x1b[?2004l",
            "\x1b[?1049h",
            "\x1b[?2004h",
            "\x1b[?1000h",
            "\x1b[>5u",
        ];
        let places: Vec<_> = order.iter().map(|part| bytes.find(part).unwrap()).collect();
        assert!(places.is_sorted(), "{places:?}");
        let plain = Modes::new(false, false).entering();
        assert!(!plain.contains("\x1b[?1000h") && !plain.contains("\x1b[>"), "{plain:?}");
    }

    #[test]
    fn all_that_is_set_is_taken_back() {
        let modes = Modes::new(true, true);
        let leaving = modes.leaving();
        for set in modes
            .entering()
            .split('\x1b')
            .filter(|part| part.ends_with('h') && *part != "[?1007h")
        {
            let reset = set.replace('h', "l");
            assert!(leaving.contains(&reset), "{reset}");
        }
        assert!(leaving.contains("\x1b[?25h") && leaving.ends_with(MOUSE_OFF));
        assert!(leaving.find(KITTY_OFF).unwrap() < leaving.find("\x1b[?1049l").unwrap());
        assert!(!Modes::new(true, false).leaving().contains(KITTY_OFF));
    }
}
