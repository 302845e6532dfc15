//! An endpoint that cannot serve the mode: another one is asked for, once.

use crate::binary::Bench;
use crate::support::{Auto, Reply, Script};
use serde_json::{Value, json};

/// The words of OpenRouter.
const NO_TOOLS: &str = "No endpoints found that support tool use. To learn more about provider routing, visit: \
                        https://openrouter.ai/docs/provider-routing";

fn no_tools() -> Reply {
    Reply::error(404, &json!({"error": {"message": NO_TOOLS, "code": 404}}))
}

fn ivan() -> Value {
    json!({"name": "Ivan", "age": 28})
}

#[tokio::test]
async fn tools_fall_to_json_once_and_the_next_run_knows() {
    let bench = Bench::new(Script::new([no_tools()]).then_auto(Auto::new(ivan())));
    let ran = bench.task(&["--mode", "tools"]).await;
    ran.ended(0, "falling back to json");
    assert_eq!(ran.lines(), [ivan()]);
    let chats = bench.server.chats();
    assert_eq!(chats.len(), 2, "{ran:?}");
    assert!(chats[0]["tools"].is_array());
    assert_eq!(
        (&chats[1]["tools"], &chats[1]["response_format"]["type"]),
        (&Value::Null, &json!("json_object"))
    );

    let again = bench.task(&["--mode", "tools"]).await;
    again.ended(0, "tools passed over");
    let chats = bench.server.chats();
    assert_eq!(chats.len(), 3, "{again:?}");
    assert_eq!(chats[2]["response_format"]["type"], "json_object");

    // Neither does the memory bind a run that may not fall back, nor one that asks another model.
    bench.task(&["--mode", "tools", "--no-fallback"]).await.ended(0, "");
    bench.task(&["--mode", "tools", "-m", "acme/other"]).await;
    let chats = bench.server.chats();
    assert!(chats[3]["tools"].is_array() && chats.len() == 4, "{chats:?}");
}

#[tokio::test]
async fn without_fallback_the_servers_words_end_the_run() {
    let bench = Bench::new(Script::new([no_tools(), no_tools()]));
    for _ in 0..2 {
        let ran = bench.task(&["--mode", "tools", "--no-fallback"]).await;
        ran.ended(3, NO_TOOLS);
        assert_eq!(ran.stdout, "");
    }
    assert_eq!(bench.server.chats().len(), 2);
}

#[tokio::test]
async fn when_every_mode_fails_the_first_cause_is_told() {
    let script = Script::new([no_tools()]).otherwise(Reply::error(
        404,
        &json!({"error": {"message": "No endpoints found that can handle the requested parameters.", "code": 404}}),
    ));
    let bench = Bench::new(script);
    bench.task(&["--mode", "tools"]).await.ended(3, NO_TOOLS);
}

/// Prose instead of a call: the tools were ignored.
#[tokio::test]
async fn a_call_that_never_comes_is_a_fallback() {
    let script = Script::new([Reply::sse_content("Ivan is 28.", 4)]).then_auto(Auto::new(ivan()));
    let bench = Bench::new(script);
    let ran = bench.task(&["--mode", "tools"]).await;
    ran.ended(0, "falling back to json: the function was not called");
    assert_eq!(bench.server.chats().len(), 2);
}
