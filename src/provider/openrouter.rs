//! OpenRouter and every server that speaks its dialect of chat completions.

mod calls;
mod faults;
mod fold;
mod intake;
mod lenient;
mod reasoning;
mod wire;
