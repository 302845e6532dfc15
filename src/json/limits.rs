//! What reading an answer may use up, for the reader and for the pass at the end alike.
//!
//! Owns the numbers of design §9. What happens beyond them is each reader's own: one breaks, the other refuses.

/// The most that one answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Raw bytes; never more than 1 GiB, whatever is asked for.
    pub bytes: usize,
    /// Containers inside one another.
    pub depth: usize,
    /// Values of one tree.
    pub nodes: usize,
}

impl Default for Limits {
    /// 64 MiB, as deep as `serde_json` reads (127 containers) from a session, whose line is one of them, eight million values.
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            depth: 126,
            nodes: 8_000_000,
        }
    }
}
