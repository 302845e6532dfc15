//! Connections that fail, stall, break or lead elsewhere, and where the key goes.

use super::{KEY, closing, fault, play, provider, settings, signals, text};
use crate::support::{Piece, Reply, Script, Server};
use formwork::event::FaultClass;
use formwork::extract::model::Dialect;
use formwork::provider::openrouter::{OpenRouter, Settings};
use formwork::provider::{Provider, Signal};
use formwork::verdict::Channel;
use futures_util::StreamExt;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

const FIRST: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"{\\\"a\\\"\"}}]}\n\n";
const FINISH: &str = "data: {\"choices\":[{\"delta\":{\"content\":\":1}\"},\"finish_reason\":\"stop\"}]}\n\n";

/// A provider that gives up after 50 ms of silence.
fn impatient(server: &Server) -> OpenRouter {
    OpenRouter::new(Settings {
        idle_timeout: Duration::from_millis(50),
        ..settings(server.base_url())
    })
    .unwrap()
}

#[tokio::test]
async fn silence_before_and_inside_a_stream_times_out() {
    let server = Server::start(Script::new([Reply::silent(), Reply::hang([FIRST])]));
    let provider = impatient(&server);
    let before = signals(&provider, json!({})).await;
    assert_eq!(fault(&before).class, FaultClass::Timeout);
    assert!(fault(&before).message.contains("0.05 s"), "{}", fault(&before).message);
    let inside = signals(&provider, json!({})).await;
    assert_eq!(
        (fault(&inside).class, text(&inside, Channel::Content).as_str()),
        (FaultClass::Timeout, "{\"a\"")
    );
    server.dropped(2).await;
}

#[tokio::test]
async fn silence_after_the_finish_is_the_end() {
    let server = Server::start(Script::new([Reply::hang([FIRST, FINISH])]));
    let signals = signals(&impatient(&server), json!({})).await;
    assert_eq!(
        (closing(&signals).finish.as_deref(), &closing(&signals).error),
        (Some("stop"), &None)
    );
}

#[tokio::test]
async fn the_server_need_not_close_after_done() {
    let gate = Arc::new(Notify::new());
    let body = [Piece::from(FINISH), Piece::from("data: [DONE]\n\n"), Piece::Wait(gate)];
    let server = Server::start(Script::new([Reply::raw(200, "text/event-stream", body)]));
    let signals = signals(&provider(&server), json!({})).await;
    assert_eq!(closing(&signals).error, None);
    server.dropped(1).await;
}

#[tokio::test]
async fn a_connection_cut_before_the_finish_is_a_fault_and_after_it_is_none() {
    let before = play(Reply::cut([FIRST])).await;
    assert_eq!(
        (fault(&before).class, text(&before, Channel::Content).as_str()),
        (FaultClass::Network, "{\"a\"")
    );
    let inside = play(Reply::cut([FIRST, &FINISH[..20]])).await;
    assert_eq!(
        (fault(&inside).class, text(&inside, Channel::Content).as_str()),
        (FaultClass::Network, "{\"a\"")
    );
    let after = play(Reply::cut([FIRST, FINISH])).await;
    assert_eq!(
        (closing(&after).finish.as_deref(), &closing(&after).error),
        (Some("stop"), &None)
    );
    let whole = play(Reply::raw(
        200,
        "application/json",
        [Piece::from("{\"choices\":[{\"mess"), Piece::Cut],
    ))
    .await;
    assert_eq!(fault(&whole).class, FaultClass::Network);
    let nothing = play(Reply::cut(Vec::<Piece>::new())).await;
    assert_eq!(fault(&nothing).class, FaultClass::Network);
    let proper = play(Reply::raw(200, "text/event-stream", [Piece::from(FIRST)])).await;
    assert_eq!(
        fault(&proper).class,
        FaultClass::NoContent,
        "an end without finish reason"
    );
}

#[tokio::test]
async fn dropping_the_stream_drops_the_connection() {
    let server = Server::start(Script::new([Reply::hang([FIRST]), Reply::silent()]));
    let provider = provider(&server);
    let mut stream = provider.attempt(json!({}));
    while let Some(signal) = stream.next().await {
        if matches!(signal, Signal::Delta(_)) {
            break;
        }
    }
    drop(stream);
    server.dropped(1).await;
    let mut waiting = provider.attempt(json!({}));
    tokio::select! {
        signal = waiting.next() => panic!("nothing comes: {signal:?}"),
        () = server.asked(2) => {}
    }
    drop(waiting);
    server.dropped(2).await;
}

#[tokio::test]
async fn a_redirect_is_a_fault_and_the_key_stays_at_home() {
    let other = Server::start(Script::new([]));
    let target = format!("{}/chat/completions?secret=1", other.base_url());
    for status in [301, 307, 308] {
        let signals = play(Reply::raw(status, "text/plain", []).header("location", &target)).await;
        let fault = fault(&signals);
        assert_eq!((fault.class, fault.status), (FaultClass::NotAnApi, Some(status)));
        assert!(
            fault.message.contains(&other.base_url()) && !fault.message.contains("secret=1"),
            "{}",
            fault.message
        );
    }
    assert_eq!(other.requests().len(), 0);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let server = Server::start(Script::new([]));
    let gone = provider(&server);
    let base = server.base_url();
    drop(server);
    let signals = signals(&gone, json!({})).await;
    let fault = fault(&signals);
    assert_eq!(fault.class, FaultClass::Network);
    assert!(
        fault.message.contains(&format!("is the server running at {base}?")),
        "{}",
        fault.message
    );
}

#[tokio::test]
async fn the_key_goes_into_its_header_and_never_into_a_fault() {
    let quoting =
        json!({"error": {"message": format!("wrong key {KEY}"), "metadata": {"raw": format!("Bearer {KEY}")}}});
    let server = Server::start(Script::new([Reply::error(401, &quoting)]));
    let signals = signals(&provider(&server), json!({"model": "m"})).await;
    let request = &server.requests()[0];
    assert_eq!(request.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert_eq!(request.header("x-openrouter-title"), Some("formwork"));
    assert!(request.header("http-referer").is_some());
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert!(!format!("{signals:?}").contains(KEY), "{signals:?}");
    assert!(!request.body.to_string().contains(KEY));
}

#[tokio::test]
async fn other_servers_get_no_attribution_and_custom_headers_win() {
    let server = Server::start(Script::new([]));
    let settings = Settings {
        dialect: Dialect::OpenAi,
        key: None,
        headers: vec![
            ("Authorization".into(), "Token abc".into()),
            ("X-Mine".into(), "1".into()),
        ],
        ..settings(server.base_url())
    };
    signals(&OpenRouter::new(settings).unwrap(), json!({})).await;
    let request = &server.requests()[0];
    assert_eq!(
        (request.header("authorization"), request.header("x-mine")),
        (Some("Token abc"), Some("1"))
    );
    assert_eq!(
        (request.header("http-referer"), request.header("x-openrouter-title")),
        (None, None)
    );
}

#[test]
fn http_with_a_key_is_refused_before_anything_is_sent() {
    let fault = OpenRouter::new(settings("http://192.0.2.1/v1")).unwrap_err();
    assert_eq!(fault.class, FaultClass::Setup);
    assert!(!fault.message.contains(KEY), "{}", fault.message);
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_refused() {
    let block = vec![b' '; 1024 * 1024];
    let server = Server::start(Script::new([
        Reply::raw(
            200,
            "application/json",
            std::iter::once(Piece::from("{")).chain((0..65).map(|_| Piece::from(block.clone()))),
        ),
        Reply::raw(
            200,
            "text/event-stream",
            std::iter::once(Piece::from("data: ")).chain((0..17).map(|_| Piece::from(block.clone()))),
        ),
    ]));
    let provider = provider(&server);
    for limit in ["64 MiB", "16 MiB"] {
        let signals = signals(&provider, json!({})).await;
        assert_eq!(fault(&signals).class, FaultClass::TooLarge);
        assert!(fault(&signals).message.contains(limit), "{}", fault(&signals).message);
    }
}
