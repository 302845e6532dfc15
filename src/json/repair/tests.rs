//! Tables of sloppy JSON.
