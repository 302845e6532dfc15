//! Where an exported request goes: the user's own provider of the recorded name, without any key.
//!
//! Owns the choice. A session has no address in it, and a key is named by its variable only.

use crate::cli::args::ExportArgs;
use crate::cli::exit::CliError;
use crate::cli::front::Front;
use crate::cli::providers;
use crate::config::settings::ProviderKind;
use crate::config::{Config, KeySource, ProviderFlags};
use crate::extract::endpoint::Endpoint;
use crate::record::RunRecord;

/// An address, and what is spoken there.
pub struct Place {
    pub kind: ProviderKind,
    /// Without the path of a request.
    pub base_url: String,
    pub endpoint: Endpoint,
}

/// The place of a run's requests.
///
/// # Errors
/// The settings are broken, or know no provider of that name.
pub fn find(args: &ExportArgs, run: &RunRecord, front: &Front<'_>, notes: &mut Vec<String>) -> Result<Place, CliError> {
    let config = Config::load(front.env, &front.cwd)?;
    let given = args.provider.as_deref();
    let providers = config.providers();
    let is_local = providers
        .get(&run.provider)
        .is_some_and(|settings| settings.kind == Some(ProviderKind::Local));
    if given.is_none() && is_local {
        notes.push(
            "the run was answered by the model inside formwork: OpenRouter's address is put in, and the model has to be changed to one \
             of its own"
                .to_owned(),
        );
    }
    let name = given.unwrap_or(if is_local { "openrouter" } else { &run.provider });
    let flags = ProviderFlags {
        provider: Some(name),
        base_url: args.base_url.as_deref(),
        model: None,
    };
    let resolved = config.resolve_address(flags, front.env)?;
    if resolved.kind == ProviderKind::Local {
        return Err(CliError::usage(format!(
            "the provider {name} is inside formwork: there is nothing to send to it; name another with --provider"
        )));
    }
    let mut endpoint = providers::endpoint(&resolved);
    if let KeySource::None {
        looked_at: Some(variable),
    } = &resolved.key_source
    {
        // A server of one's own on plain HTTP seldom asks for a key.
        let is_asked = resolved.base_url.starts_with("https://") || front.env.get(variable).is_some();
        endpoint.key_env = is_asked.then(|| variable.clone());
    }
    Ok(Place {
        kind: resolved.kind,
        base_url: resolved.base_url,
        endpoint,
    })
}
