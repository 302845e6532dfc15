//! Answers of a server that end the run at once, with a sentence that says what to do.

use super::ivan;
use crate::binary::Bench;
use crate::support::{Auto, Reply, Script, model_entry};
use serde_json::{Value, json};

fn error(status: u16, message: &str, metadata: &Value) -> Reply {
    Reply::error(
        status,
        &json!({"error": {"code": status, "message": message, "metadata": metadata}}),
    )
}

#[tokio::test]
async fn what_nobody_but_the_user_can_mend_ends_at_once() {
    let none = json!({});
    let table = [
        (error(401, "No auth credentials found", &none), "OPENROUTER_API_KEY"),
        (error(402, "Insufficient credits", &none), "Add credit at https://"),
        (
            error(
                403,
                "Your chosen model requires moderation",
                &json!({"reasons": ["violence"]}),
            ),
            "for violence",
        ),
        (error(403, "Not for you", &none), "does not permit"),
        (
            error(404, "No endpoints found for acme/quick.", &none),
            "Pick another model with `--model`",
        ),
        (
            error(400, "acme/quick is not a valid model ID", &none),
            "`formwork models` lists",
        ),
        (Reply::html(200, "Welcome"), "is the base URL right?"),
        (Reply::html(404, "Not found"), "with `--base-url`"),
    ];
    for (reply, said) in table {
        let bench = Bench::new(Script::new([reply]));
        let ran = bench.task(&["--mode", "json"]).await;
        ran.ended(3, said);
        assert_eq!((ran.stdout.as_str(), bench.server.chats().len()), ("", 1), "{said}");
    }
}

#[tokio::test]
async fn an_unknown_model_gets_suggestions() {
    let script = Script::new([error(400, "acme/quik is not a valid model ID", &json!({}))])
        .models(["acme/quick", "acme/quick-2", "zeta/other"].map(|id| model_entry(id, &["tools"])));
    let bench = Bench::new(script);
    let ran = bench.run(&["-s", "name", "-t", "Ivan", "-m", "acme/quik"]).await;
    ran.ended(3, "Ids that look alike: acme/quick, acme/quick-2.");
}

/// Row 2b: a balance that pays for a shorter answer is used.
#[tokio::test]
async fn a_small_balance_asks_for_less() {
    let words = "This request requires more credits, or fewer max_tokens. You requested up to 4096 tokens, but can only afford 900.";
    let bench = Bench::new(Script::new([error(402, words, &json!({}))]).then_auto(Auto::new(ivan())));
    let ran = bench.task(&["--mode", "json"]).await;
    ran.ended(0, "max_tokens is now 900");
    let chats = bench.server.chats();
    assert_eq!((chats.len(), &chats[1]["max_tokens"]), (2, &json!(900)));
}

#[tokio::test]
async fn a_server_that_repeats_the_key_is_not_repeated() {
    let key = crate::binary::KEY;
    let words = format!("Incorrect API key provided: {key}");
    let metadata = json!({"raw": format!("{{\"error\":\"Bearer {key}\"}}"), "provider_name": key});
    let bench = Bench::new(Script::new([error(401, &words, &metadata)]));
    for output in ["--events", "--stream"] {
        bench.task(&["--mode", "json", output]).await.ended(3, "");
    }
}

/// ESC, OSC, C1 and bidirectional overrides: drawn on stderr as stand-ins, never sent to the terminal.
#[tokio::test]
async fn hostile_words_are_drawn_not_obeyed() {
    let hostile = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}lave\u{9b}31m\r";
    let bench = Bench::new(Script::new([error(403, hostile, &json!({"provider_name": hostile}))]));
    let ran = bench.task(&["--mode", "json"]).await;
    ran.ended(3, "␛]0;owned␇␛[2J<U+202E>lave<U+009B>31m");
    assert!(
        !ran.stderr
            .chars()
            .any(|c| c != '\n' && (c.is_control() || c == '\u{202e}')),
        "{ran:?}"
    );

    // Of a valid value stdout is the JSON itself when nobody looks at it; of an invalid one stderr is for people.
    let value = json!({"name": hostile, "age": 28});
    let wrong = json!({"name": hostile, "age": hostile});
    let bench = Bench::new(Script::new(
        [wrong, value.clone()].map(|value| Reply::sse_content(&value.to_string(), 3)),
    ));
    let ran = bench.task(&["--mode", "json", "--reasks", "0"]).await;
    ran.ended(1, "<U+202E>");
    assert!(
        !ran.stderr
            .chars()
            .any(|c| c != '\n' && (c.is_control() || c == '\u{202e}')),
        "{ran:?}"
    );
    let ran = bench.task(&["--mode", "json"]).await;
    assert_eq!((ran.code, ran.stdout), (Some(0), format!("{value}\n")));
}
