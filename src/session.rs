//! Sessions: append-only files of events (design §5).
//!
//! Owns the files: writing them (`journal`), reading them (`reader`), the folder they are in (`store`) and the clock of their time
//! stamps; `lines` and `scan` are what these share. Owns replaying them too: a session in memory (`tape`), what it adds up to at each of
//! its moments (`history`), the clock of a replay (`player`), recorded answers judged again (`whatif`), and the recordings that come with
//! the program (`shipped`). The events' shape is `event`'s, what they add up to is `record`'s.

pub mod clock;
mod excerpt;
pub mod history;
pub mod journal;
mod lines;
pub mod player;
pub mod reader;
mod scan;
pub mod scrub;
pub mod shipped;
pub mod store;
pub mod tape;
pub mod whatif;

pub use clock::Clock;
pub use history::History;
pub use journal::{Journal, JournalError, JournalHandle};
pub use lines::Refusal;
pub use player::Player;
pub use reader::{ReadError, Reader};
pub use store::{Entry, Store};
pub use tape::Tape;
