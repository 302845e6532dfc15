//! What events do to the state.
