//! The catalogue: fetched once, kept for a day, used when old or offline, and never waited for for long.

use super::{KEY, provider, settings};
use crate::support::{Reply, Script, Server, model_entry};
use formwork::event::FaultClass;
use formwork::extract::model::{Dialect, Known};
use formwork::provider::Provider;
use formwork::provider::offers::Offers as _;
use formwork::provider::openrouter::{OpenRouter, Settings};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const DAY: u64 = 24 * 60 * 60;

fn cached(server: &Server, dir: &Path) -> OpenRouter {
    OpenRouter::new(Settings {
        cache_dir: Some(dir.to_owned()),
        ..settings(server.base_url())
    })
    .unwrap()
}

fn catalogue_of(id: &str) -> Script {
    Script::new([]).models([model_entry(id, &["tools", "structured_outputs"])])
}

/// Makes the one cached file as old as is said, and renames its first model.
fn age_cache(dir: &Path, seconds: u64, id: &str) {
    let file = std::fs::read_dir(dir).unwrap().next().unwrap().unwrap().path();
    let mut listing: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    listing["fetched"] = json!(now - seconds);
    listing["entries"][0]["info"]["id"] = json!(id);
    std::fs::write(&file, listing.to_string()).unwrap();
}

#[tokio::test]
async fn a_model_is_known_and_the_list_is_fetched_once() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(catalogue_of("acme/quick"));
    let provider = cached(&server, dir.path());
    let known = provider.known("acme/quick:nitro").await;
    let info = known.model().unwrap();
    assert_eq!(
        (info.id.as_str(), info.supports("tools"), info.supports("seed")),
        ("acme/quick:nitro", Some(true), Some(false))
    );
    assert_eq!(info.prompt_price, Some(0.000_001));
    assert_eq!(
        provider.known("acme/quik").await,
        Known::Missing {
            near: vec!["acme/quick".into()]
        }
    );
    let again = cached(&server, dir.path());
    assert!(again.known("acme/quick").await.model().is_some());
    assert_eq!(server.requests().len(), 1, "the second provider reads the file");
    let files = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    assert!(files.into_iter().all(|text| !text.contains(KEY)));
}

#[tokio::test]
async fn runs_that_begin_together_share_one_fetch() {
    let server = Server::start(catalogue_of("acme/quick"));
    let provider = provider(&server);
    let (a, b, c) = tokio::join!(
        provider.known("acme/quick"),
        provider.known("acme/quick"),
        provider.known("acme/quick")
    );
    assert!([a, b, c].iter().all(|known| known.model().is_some()));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_old_list_serves_at_once_and_is_renewed_behind() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(catalogue_of("acme/new"));
    cached(&server, dir.path()).catalogue(false).await.unwrap();
    age_cache(dir.path(), DAY + 60, "acme/old");
    let provider = cached(&server, dir.path());
    assert!(
        provider.known("acme/old").await.model().is_some(),
        "the old list answers"
    );
    server.asked(2).await;
    let renewed = provider.catalogue(false).await.unwrap();
    assert_eq!((renewed.models[0].id.as_str(), renewed.stale), ("acme/new", false));
    assert_eq!(server.requests().len(), 2, "the fetch behind the first run was enough");
}

#[tokio::test]
async fn an_old_list_serves_offline_and_says_that_it_is_old() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(catalogue_of("acme/new"));
    let provider = cached(&server, dir.path());
    provider.catalogue(false).await.unwrap();
    age_cache(dir.path(), DAY + 60, "acme/old");
    let offline = cached(&server, dir.path());
    drop(server);
    let catalogue = offline.catalogue(false).await.unwrap();
    assert_eq!((catalogue.models[0].id.as_str(), catalogue.stale), ("acme/old", true));
    assert!(catalogue.age >= Duration::from_secs(DAY + 60));
    assert!(offline.known("acme/old").await.model().is_some());
    assert_eq!(
        offline.catalogue(true).await.unwrap_err().class,
        FaultClass::Network,
        "asked for a new one"
    );
}

#[tokio::test]
async fn a_run_does_not_wait_long_for_a_list() {
    let server = Server::start(Script::new([]).models_reply(Reply::silent()));
    let settings = Settings {
        catalogue_wait: Duration::from_millis(50),
        ..settings(server.base_url())
    };
    let provider = OpenRouter::new(settings).unwrap();
    assert_eq!(provider.known("acme/quick").await, Known::Nothing);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_failed_fetch_is_not_repeated_by_the_next_run_but_by_the_user() {
    let server = Server::start(Script::new([]).models_reply(Reply::error(500, &json!({"error": "no"}))));
    let provider = provider(&server);
    assert_eq!(provider.known("acme/quick").await, Known::Nothing);
    assert_eq!(provider.known("acme/quick").await, Known::Nothing);
    assert_eq!(server.requests().len(), 1);
    assert_eq!(provider.catalogue(false).await.unwrap_err().status, Some(500));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn another_servers_list_is_fetched_only_when_asked_for() {
    let server =
        Server::start(Script::new([]).models([json!({"id": "llama", "object": "model", "owned_by": "llamacpp"})]));
    let provider = OpenRouter::new(Settings {
        dialect: Dialect::OpenAi,
        ..settings(server.base_url())
    })
    .unwrap();
    assert_eq!(provider.known("llama").await, Known::Nothing);
    assert_eq!(server.requests().len(), 0);
    let models = provider.catalogue(false).await.unwrap().models;
    assert_eq!((models[0].id.as_str(), models[0].supports("tools")), ("llama", None));
}

#[tokio::test]
async fn endpoints_are_fetched_on_demand() {
    let endpoint = json!({"provider_name": "Acme", "tag": "acme/eu", "supported_parameters": ["tools"]});
    let server = Server::start(Script::new([]).endpoints(&json!({"data": {"endpoints": [endpoint]}})));
    let provider = provider(&server);
    let endpoints = provider.endpoints("acme/quick:free").await.unwrap();
    assert_eq!((endpoints.len(), endpoints[0].tag.as_str()), (1, "acme/eu"));
    assert_eq!(server.requests()[0].path, "/api/v1/models/acme/quick/endpoints");
    assert_eq!(provider.endpoints("quick").await.unwrap_err().class, FaultClass::Setup);
    assert_eq!(server.requests().len(), 1);
}

/// Scores the reader on a gathered list, which is not part of the project.
#[tokio::test]
async fn a_gathered_list_is_read_whole() {
    let Some(file) = std::env::var_os("FORMWORK_MODELS") else {
        std::io::Write::write_all(&mut std::io::stderr(), b"skipped: FORMWORK_MODELS is not set\n").unwrap();
        return;
    };
    let list: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let server = Server::start(Script::new([]).models_reply(Reply::json(200, &list)));
    let models = provider(&server).catalogue(false).await.unwrap().models;
    assert_eq!(models.len(), list["data"].as_array().unwrap().len());
    assert!(
        models.iter().all(|model| !model.id.is_empty()
            && model.supported_parameters.is_some()
            && model.context_length.is_some())
    );
}
