//! The terminal: entering and leaving it, what it can do, and everything that comes from it.
//!
//! Owns every byte that is written to it and every mode that is set. What is drawn belongs to the workbench.

pub mod clipboard;
pub mod depth;
mod editor;
mod input;
mod job;
mod modes;
mod reader;
pub mod signals;
pub mod watchdog;
mod wire;

pub use editor::{EditError, Edited};
pub use input::Input;

use crate::config::Env;
use clipboard::Clipboard;
use editor::{Draft, Editor};
use modes::Modes;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};
use reader::Reader;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use thiserror::Error;
use wire::Page;

/// Synchronized update (DEC private mode 2026): the terminal shows the frame at once. Those that do not know it ignore it.
const UPDATE_BEGINS: &[u8] = b"\x1b[?2026h";
const UPDATE_ENDS: &[u8] = b"\x1b[?2026l";

/// No colours and an empty screen.
const WIPE: &[u8] = b"\x1b[0m\x1b[2J";

/// How often the terminal is tried after a stop, and how long in between: a shell may still be handing it over.
const TRIES: u32 = 10;
const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// What is asked of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether clicks and the wheel are reported. The terminal's own selection does not work meanwhile.
    pub mouse: bool,
    /// Whether kitty's keyboard protocol is asked for.
    pub kitty_keys: bool,
}

/// Why the terminal cannot be had.
#[derive(Debug, Error)]
pub enum TermError {
    /// stdin or stdout is something else.
    #[error("{0} is not a terminal; the workbench needs one, for pipes there is `formwork run`")]
    NotATerminal(&'static str),
    /// The system refuses.
    #[error("the terminal cannot be set up: {0}")]
    Io(#[from] io::Error),
}

/// The terminal, ours from [`Term::enter`] until [`Term::leave`] or the drop.
#[derive(Debug)]
pub struct Term {
    modes: Arc<Modes>,
    page: Page,
    screen: Terminal<CrosstermBackend<Page>>,
    size: (u16, u16),
    /// The next frame is drawn on an empty screen.
    wipe: bool,
    reader: Option<Reader>,
}

impl Term {
    /// Takes the terminal: resets first, then the alternate screen and the reports. From now on a panic gives it back before its
    /// message is printed.
    ///
    /// # Errors
    /// stdin or stdout is not a terminal, or it cannot be set up; then it is as it was.
    pub fn enter(options: Options) -> Result<Self, TermError> {
        for (is_terminal, name) in [
            (io::stdin().is_terminal(), "stdin"),
            (io::stdout().is_terminal(), "stdout"),
        ] {
            if !is_terminal {
                return Err(TermError::NotATerminal(name));
            }
        }
        // Colours are our theme's matter; crossterm under NO_COLOR would drop bold and reverse as well.
        crossterm::style::force_color_output(true);
        io::stdout().flush()?;
        let modes = Modes::new(options.mouse, options.kitty_keys);
        let (page, size) = (Page::default(), wire::size());
        let screen = screen(&page, size)?;
        modes::give_back_on_panic(&modes);
        let mut term = Self {
            modes,
            page,
            screen,
            size,
            wipe: true,
            reader: None,
        };
        term.modes.enter()?;
        term.listen()?;
        Ok(term)
    }

    /// Columns and rows.
    pub fn size(&self) -> (u16, u16) {
        self.size
    }

    /// Draws a frame: what differs from the one before, in one write. Gives the bytes written.
    ///
    /// # Errors
    /// The terminal is gone, or was given back by a panic; either way the program should end.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<usize> {
        if !self.modes.entered() {
            return Err(io::Error::other("the terminal is not ours any more"));
        }
        if self.wipe {
            self.screen = screen(&self.page, self.size)?;
        }
        // What an old screen says on its end, or a frame that failed, is not part of this one.
        self.page.clear();
        self.page.write_all(UPDATE_BEGINS)?;
        if self.wipe {
            self.page.write_all(WIPE)?;
        }
        self.screen.draw(render)?;
        self.page.write_all(UPDATE_ENDS)?;
        let sent = self.page.send();
        // Half a frame on the screen is no ground to draw differences on.
        self.wipe = sent.is_err();
        sent
    }

    /// The terminal has this size now; the next frame is drawn anew.
    ///
    /// # Errors
    /// None; what goes wrong shows when the frame is drawn.
    pub fn resize(&mut self, columns: u16, rows: u16) -> io::Result<()> {
        self.size = (columns, rows);
        self.repaint();
        Ok(())
    }

    /// The next frame is drawn on an empty screen, for when something else has written on it.
    pub fn repaint(&mut self) {
        self.wipe = true;
    }

    /// What comes next from the terminal; `None` after [`Input::Lost`] and after leaving. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Input> {
        loop {
            match self.reader.as_mut()?.next().await {
                Some(Ok(event)) => {
                    if let Some(input) = Input::from_event(event) {
                        return Some(input);
                    }
                }
                Some(Err(error)) => {
                    self.reader = None;
                    return Some(Input::Lost(format!("the terminal cannot be read: {error}")));
                }
                None => {
                    self.reader = None;
                    return Some(Input::Lost("the terminal cannot be read any more".to_owned()));
                }
            }
        }
    }

    /// Gives the terminal to the shell and stops, as Ctrl-Z does; returns when the shell makes the program go on.
    ///
    /// # Errors
    /// `Unsupported` if nobody could make the program go on: nothing has happened then. Any other error is the terminal's.
    pub fn suspend(&mut self) -> io::Result<()> {
        job::can_stop()?;
        self.leave()?;
        let stopped = job::stop();
        self.take_back().and(stopped)
    }

    /// Sets the modes again after a stop that came without warning (`SIGCONT`). Does nothing while the terminal is not ours.
    ///
    /// # Errors
    /// The terminal's.
    pub fn resumed(&mut self) -> io::Result<()> {
        if !self.modes.entered() {
            return Ok(());
        }
        self.modes.enter_again()?;
        self.size = wire::size();
        self.repaint();
        Ok(())
    }

    /// Lets the user edit a text in an editor of their own (`VISUAL`, `EDITOR`, `vi`), in a file whose name ends with `suffix`.
    /// Blocks until the editor ends.
    ///
    /// # Errors
    /// Whatever went wrong; the old text stands. After [`EditError::Terminal`] the program should end.
    pub fn edit(&mut self, text: &str, suffix: &str, env: &Env) -> Result<Edited, EditError> {
        let editor = Editor::find(env)?;
        let draft = Draft::new(text, suffix, env)?;
        self.leave()?;
        let ran = editor.run(draft.path());
        self.take_back()?;
        ran?;
        draft.read(text)
    }

    /// Sends a text towards the clipboard and says how far it got.
    ///
    /// # Errors
    /// Words for the user: the text is too long, or the terminal failed.
    pub fn copy(&mut self, text: &str, env: &Env) -> Result<&'static str, String> {
        if Clipboard::find(env) == Clipboard::Tmux && clipboard::to_tmux(text).is_ok() {
            return Ok("sent to tmux's buffer");
        }
        let bytes = clipboard::osc52(text)?;
        wire::send(bytes.as_bytes()).map_err(|error| format!("the terminal cannot be written to: {error}"))?;
        Ok("sent to the terminal's clipboard")
    }

    /// Switches mouse reports on or off.
    ///
    /// # Errors
    /// The terminal's.
    pub fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.modes.set_mouse(on)
    }

    /// Gives the terminal back as it was. Does nothing the second time. Every step is tried.
    ///
    /// # Errors
    /// The first that occurred.
    pub fn leave(&mut self) -> io::Result<()> {
        // The reader first: whoever has the terminal next gets every key.
        self.reader = None;
        self.modes.leave()
    }

    /// Takes the terminal back from the shell or the editor.
    fn take_back(&mut self) -> io::Result<()> {
        let mut entered = self.modes.enter();
        for _ in 1..TRIES {
            if entered.is_ok() {
                break;
            }
            thread::sleep(BETWEEN_TRIES);
            entered = self.modes.enter();
        }
        entered?;
        // What was typed for the other program is not for us.
        wire::forget_input();
        self.listen()
    }

    fn listen(&mut self) -> io::Result<()> {
        self.reader = Some(Reader::open()?);
        self.size = wire::size();
        self.repaint();
        Ok(())
    }
}

impl Drop for Term {
    fn drop(&mut self) {
        // There is nobody left to tell.
        let _ = self.leave();
    }
}

/// A screen of which nothing is known: the first frame is drawn in full. Its size is fixed, or every frame would ask the system.
fn screen(page: &Page, (columns, rows): (u16, u16)) -> io::Result<Terminal<CrosstermBackend<Page>>> {
    let viewport = Viewport::Fixed(Rect::new(0, 0, columns, rows));
    Terminal::with_options(CrosstermBackend::new(page.clone()), TerminalOptions { viewport })
}
