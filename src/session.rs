//! Sessions: append-only files of events (design §5).
//!
//! Owns the files: writing them (`journal`), reading them (`reader`), the folder they are in (`store`) and the clock of their time
//! stamps; `lines` and `scan` are what these share. The events' shape is `event`'s, what they add up to is `record`'s.

pub mod clock;
pub mod history;
pub mod journal;
mod lines;
pub mod player;
pub mod reader;
mod scan;
pub mod shipped;
pub mod store;
pub mod tape;
pub mod whatif;

pub use clock::Clock;
pub use journal::{Journal, JournalError, JournalHandle};
pub use lines::Refusal;
pub use reader::{ReadError, Reader, Session, read};
pub use store::{Entry, Store};
