//! Sessions: append-only files of events (design §5).
//!
//! Owns the files: writing them (`journal`), what a writer must know of one that exists (`scan`) and the clock of their time
//! stamps. The events' shape is `event`'s, what they add up to is `record`'s.

pub mod clock;
pub mod journal;
mod scan;

pub use clock::Clock;
pub use journal::{Journal, JournalError, JournalHandle};
