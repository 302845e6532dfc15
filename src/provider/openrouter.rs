//! OpenRouter and every server that speaks its dialect of chat completions.

mod calls;
mod lenient;
mod reasoning;
mod wire;
