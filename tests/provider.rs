//! The provider against a scripted server: what a stream is on a real connection, and what becomes of it when that fails.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod support;

#[path = "provider/answers.rs"]
mod answers;
#[path = "provider/catalogue.rs"]
mod catalogue;
#[path = "provider/network.rs"]
mod network;

use formwork::event::{Closing, Fault};
use formwork::extract::model::Dialect;
use formwork::provider::openrouter::{OpenRouter, Settings};
use formwork::provider::{Provider, Signal};
use formwork::verdict::Channel;
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::time::Duration;
use support::{Reply, Script, Server};

const KEY: &str = "sk-or-v1-not-a-real-key";

/// Settings for a scripted server, with a key and short timeouts.
fn settings(base_url: impl Into<String>) -> Settings {
    Settings {
        key: Some(KEY.into()),
        connect_timeout: Duration::from_secs(5),
        idle_timeout: Duration::from_secs(20),
        ..Settings::new("test", Dialect::OpenRouter, base_url)
    }
}

fn provider(server: &Server) -> OpenRouter {
    OpenRouter::new(settings(server.base_url())).unwrap()
}

/// Plays one reply and gives every signal.
async fn play(reply: Reply) -> Vec<Signal> {
    let server = Server::start(Script::new([reply]));
    signals(&provider(&server), json!({"model": "acme/quick", "stream": true})).await
}

async fn signals(provider: &OpenRouter, body: Value) -> Vec<Signal> {
    let signals: Vec<Signal> = provider.attempt(body).collect().await;
    let closed = signals
        .iter()
        .filter(|signal| matches!(signal, Signal::Closed(_)))
        .count();
    assert_eq!(closed, 1, "{signals:?}");
    signals
}

fn closing(signals: &[Signal]) -> &Closing {
    match signals.last() {
        Some(Signal::Closed(closing)) => closing,
        other => panic!("the last signal closes: {other:?}"),
    }
}

fn fault(signals: &[Signal]) -> &Fault {
    closing(signals).error.as_ref().unwrap()
}

fn text(signals: &[Signal], wanted: Channel) -> String {
    let texts = signals.iter().filter_map(|signal| match signal {
        Signal::Delta(delta) if delta.channel == wanted => Some(delta.text.as_str()),
        _ => None,
    });
    texts.collect()
}
