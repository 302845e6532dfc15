//! Sessions: append-only files of events (design §5).
//!
//! Owns the files: writing them (`journal`), reading them (`reader`), the folder they are in (`store`) and the clock of their time
//! stamps; `shipped` are the recordings that come with the program, `whatif` judges recorded answers again; `lines` and `scan` are what
//! these share. The events' shape is `event`'s, what they add up to is `record`'s.

pub mod clock;
pub mod journal;
mod lines;
pub mod reader;
mod scan;
pub mod shipped;
pub mod store;
pub mod whatif;

pub use clock::Clock;
pub use journal::{Journal, JournalError, JournalHandle};
pub use lines::Refusal;
pub use reader::{ReadError, Reader, Session, read};
pub use store::{Entry, Store};
