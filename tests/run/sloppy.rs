//! Answers that are not quite JSON, and answers that are not quite right.

use crate::binary::Bench;
use crate::support::{Auto, Reply, Script};
use formwork::task::Mode;
use serde_json::{Value, json};

fn ivan() -> Value {
    json!({"name": "Ivan", "age": 28})
}

#[tokio::test]
async fn what_can_be_read_costs_no_second_request() {
    let table = [
        ("```json\n{\"name\": \"Ivan\", \"age\": 28}\n```", "fence"),
        (
            "Sure! Here it is: {\"name\": \"Ivan\", \"age\": 28} Anything else?",
            "surrounding text",
        ),
        (
            "<think>He is {28}.</think>{\"name\": \"Ivan\", \"age\": 28}",
            "think block",
        ),
        ("{\"name\": \"Ivan\", \"age\": 28,}", "trailing comma"),
        ("{'name': 'Ivan', 'age': 28}", "single quotes"),
    ];
    for mode in ["structured", "json"] {
        for (answer, repair) in table {
            let bench = Bench::new(Script::new([Reply::sse_content(answer, 3)]));
            let ran = bench.task(&["--mode", mode]).await;
            ran.ended(0, "repaired: ");
            ran.ended(0, repair);
            assert_eq!((ran.lines(), bench.server.chats().len()), (vec![ivan()], 1), "{answer}");
        }
    }
}

#[tokio::test]
async fn a_guess_is_refused_on_request() {
    // The closer is missing: whether more would have come nobody knows.
    let answer = "{\"name\": \"Ivan\", \"age\": 28";
    let script = || Script::new([Reply::sse_content(answer, 3)]).then_auto(Auto::new(ivan()));
    let lenient = Bench::new(script());
    lenient.task(&["--mode", "json"]).await.ended(0, "a guess");
    assert_eq!(lenient.server.chats().len(), 1);
    let strict = Bench::new(script());
    strict
        .task(&["--mode", "json", "--strict-json"])
        .await
        .ended(0, "re-asking (json): none of its");
    assert_eq!(strict.server.chats().len(), 2);
    // What is safe stays allowed.
    let safe = Bench::new(Script::new([Reply::sse_content(
        "{\"name\": \"Ivan\", \"age\": 28,}",
        3,
    )]));
    safe.task(&["--mode", "json", "--strict-json"])
        .await
        .ended(0, "trailing comma");
}

#[tokio::test]
async fn a_wrong_type_costs_one_request() {
    for mode in Mode::ALL {
        let wrong = "{\"name\": \"Ivan\", \"age\": \"old\"}";
        let first = if mode.answers_in_call() {
            Reply::sse_tool_call("answer", wrong, 4)
        } else {
            Reply::sse_content(wrong, 4)
        };
        let bench = Bench::new(Script::new([first]).then_auto(Auto::new(ivan())));
        let ran = bench.task(&["--mode", mode.as_str()]).await;
        ran.ended(0, "re-asking");
        assert_eq!((ran.lines(), bench.server.chats().len()), (vec![ivan()], 2), "{mode}");
    }
}

#[tokio::test]
async fn the_body_does_not_grow_with_re_asks() {
    for mode in ["tools", "json"] {
        let wrong = "{\"name\": \"Ivan\", \"age\": \"old\"}";
        let always = match mode {
            "tools" => Reply::sse_tool_call("answer", wrong, 4),
            _ => Reply::sse_content(wrong, 4),
        };
        let bench = Bench::new(Script::new([]).otherwise(always));
        let ran = bench.task(&["--mode", mode, "--reasks", "4"]).await;
        ran.ended(1, "last value: {\"name\":\"Ivan\",\"age\":\"old\"}");
        ran.ended(1, "/age: ");
        assert_eq!(ran.stdout, "");
        let sizes: Vec<usize> = bench.server.chats().iter().map(|body| body.to_string().len()).collect();
        assert_eq!(sizes.len(), 5);
        assert!(
            sizes[1] > sizes[0] && sizes[2..].iter().all(|size| *size == sizes[1]),
            "{sizes:?}"
        );
    }
}

#[tokio::test]
async fn no_re_ask_where_none_is_allowed() {
    let bench = Bench::new(Script::new([Reply::sse_content("no", 4)]));
    let ran = bench.task(&["--mode", "json", "--reasks", "0"]).await;
    ran.ended(1, "no re-ask was allowed");
    assert_eq!((ran.stdout.as_str(), bench.server.chats().len()), ("", 1));
}

/// Servers that do not stream at all are fine.
#[tokio::test]
async fn whole_answers_are_read_as_well() {
    let bench = Bench::new(Script::new([
        Reply::json_message(&ivan().to_string()),
        Reply::json_tool_call("answer", &ivan().to_string()),
    ]));
    for mode in ["structured", "tools"] {
        let ran = bench.task(&["--mode", mode]).await;
        ran.ended(0, "valid at the first attempt");
        assert_eq!(ran.lines(), [ivan()]);
    }
}

/// A refusal is an answer, too.
#[tokio::test]
async fn a_refusal_is_not_asked_again() {
    let refusal = json!({"choices": [{"index": 0, "delta": {"role": "assistant", "refusal": "I cannot do that."},
                                      "finish_reason": "stop"}]});
    let bench = Bench::new(Script::new([Reply::sse([refusal])]));
    bench
        .task(&["--mode", "json"])
        .await
        .ended(1, "refused: the model refused: I cannot do that.");
    assert_eq!(bench.server.chats().len(), 1);
}

/// An answer that is cut by its length is asked for once more with room for four times as much, not re-asked.
#[tokio::test]
async fn a_cut_answer_gets_more_room() {
    let cut = |text: &str| {
        Reply::sse([json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": "length"}]})])
    };
    let bench = Bench::new(Script::new([cut("{\"name\": \"Iv")]).then_auto(Auto::new(ivan())));
    let ran = bench.task(&["--mode", "json", "--max-tokens", "100"]).await;
    ran.ended(0, "asking for a longer answer");
    let chats = bench.server.chats();
    assert_eq!(
        (&chats[0]["max_tokens"], &chats[1]["max_tokens"]),
        (&json!(100), &json!(400))
    );
    assert_eq!((chats.len(), chats[1]["messages"].as_array().unwrap().len()), (2, 2));
    let bench = Bench::new(Script::new([cut("{\"name\": \"Iv"), cut("{\"name\": \"Ivan\",")]));
    bench
        .task(&["--mode", "json"])
        .await
        .ended(1, "cut off at 16384 tokens");
}

/// Deep, wide and broken texts are told as what they are; none of them ends the program.
#[tokio::test]
async fn hostile_answers_end_as_not_valid() {
    let deep = "[".repeat(100_000);
    let objects = "{\"a\":".repeat(50_000);
    let closed = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let mixed = "\"'{[`".repeat(5_000);
    for text in [
        &deep,
        &objects,
        &closed,
        &mixed,
        "\u{0}\u{feff}\u{1b}",
        "null",
        "\"{\"",
        "{}{}{}",
        "",
    ] {
        let bench = Bench::new(Script::new([Reply::sse_content(text, 4096)]));
        let ran = bench
            .task(&["--mode", "json", "--reasks", "0", "--retries", "0", "--quiet"])
            .await;
        assert!(
            matches!(ran.code, Some(1 | 3)) && ran.stdout.is_empty(),
            "{text:.40}: {ran:?}"
        );
    }
}
