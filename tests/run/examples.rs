//! Three small extractions in five modes: the value on stdout, one request, and what that request looks like.

use crate::binary::Bench;
use crate::support::{Auto, Reply, Script, model_entry};
use formwork::task::ModeChoice;
use serde_json::{Value, json};

const MODES: [&str; ModeChoice::ALL.len()] = ["auto", "tools", "structured", "json", "prompt"];

/// What the model may be asked.
struct Example {
    model: &'static str,
    text: &'static str,
    schema: Value,
    value: Value,
}

fn user(more: &Value) -> Value {
    let mut properties =
        json!({"name": {"title": "Name", "type": "string"}, "age": {"title": "Age", "type": "integer"}});
    properties
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let required: Vec<&String> = properties.as_object().unwrap().keys().collect();
    json!({"properties": properties, "required": required, "title": "User", "type": "object"})
}

fn simple() -> Example {
    Example {
        model: "google/gemini-2.0-flash-lite-001",
        text: "Ivan is 28 years old",
        schema: user(&json!({})),
        value: json!({"name": "Ivan", "age": 28}),
    }
}

/// Written as pydantic dumps nested models.
fn nested() -> Example {
    let field = |title: &str| json!({"title": title, "type": "string"});
    let address = json!({
        "properties": {"street": field("Street"), "city": field("City"), "country": field("Country")},
        "required": ["street", "city", "country"], "title": "Address", "type": "object"
    });
    let addresses = json!({"items": {"$ref": "#/$defs/Address"}, "title": "Addresses", "type": "array"});
    let mut schema = json!({"$defs": {"Address": address}});
    let rest = user(&json!({"addresses": addresses}));
    schema
        .as_object_mut()
        .unwrap()
        .extend(rest.as_object().unwrap().clone());
    Example {
        model: "anthropic/claude-3.7-sonnet",
        text: "Jason is 25 years old.\nHe lives at 123 Main St, New York, USA\nand has a summer house at 456 Beach Rd, Miami, USA",
        schema,
        value: json!({"name": "Jason", "age": 25, "addresses": [
            {"street": "123 Main St", "city": "New York", "country": "USA"},
            {"street": "456 Beach Rd", "city": "Miami", "country": "USA"}
        ]}),
    }
}

fn phone() -> Example {
    let pattern = r"^\+?1?\s*\(?(\d{3})\)?[-.\s]*(\d{3})[-.\s]*(\d{4})$";
    Example {
        model: "google/gemini-2.0-flash-001",
        text: "Jason is 25 years old and his number is 1-212-456-7890",
        schema: user(&json!({"phone_number": {"pattern": pattern, "title": "Phone Number", "type": "string"}})),
        value: json!({"name": "Jason", "age": 25, "phone_number": "+1 (212) 456-7890"}),
    }
}

fn args<'a>(example: &'a Example, schema: &'a str, mode: &'a str) -> [&'a str; 8] {
    ["-s", schema, "-t", example.text, "-m", example.model, "--mode", mode]
}

/// What makes a mode what it is on the wire, for a schema whose properties have these names.
fn assert_shape(body: &Value, mode: &str, example: &Example) {
    let required = json!({"require_parameters": true});
    let names = |schema: &Value| {
        schema["properties"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    let wanted = names(&example.schema);
    let (tools, choice, format) = (&body["tools"], &body["tool_choice"], &body["response_format"]);
    match mode {
        "tools" => {
            assert_eq!(tools[0]["function"]["name"], "User");
            assert_eq!(names(&tools[0]["function"]["parameters"]), wanted);
            assert_eq!(choice, &json!({"type": "function", "function": {"name": "User"}}));
            assert_eq!((format, &body["provider"]), (&Value::Null, &required));
        }
        "auto" | "structured" => {
            assert_eq!(format["type"], "json_schema");
            assert_eq!(
                (&format["json_schema"]["name"], &format["json_schema"]["strict"]),
                (&json!("User"), &json!(true))
            );
            assert_eq!(names(&format["json_schema"]["schema"]), wanted);
            assert_eq!(
                (tools, choice, &body["provider"]),
                (&Value::Null, &Value::Null, &required)
            );
        }
        "json" => {
            assert_eq!(format, &json!({"type": "json_object"}));
            assert_eq!((tools, &body["provider"]), (&Value::Null, &Value::Null));
        }
        _ => assert_eq!(
            (tools, format, &body["provider"]),
            (&Value::Null, &Value::Null, &Value::Null)
        ),
    }
    assert_eq!(
        (&body["model"], &body["stream"]),
        (&json!(example.model), &json!(true)),
        "{mode}"
    );
    assert!(body["max_tokens"].as_u64().is_some_and(|tokens| tokens > 0), "{mode}");
    let messages = body["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 2, "{mode}");
    assert_eq!(messages[1], json!({"role": "user", "content": example.text}), "{mode}");
}

#[tokio::test]
async fn every_example_in_every_mode() {
    for example in [simple(), nested(), phone()] {
        let bench = Bench::new(Script::auto(Auto::new(example.value.clone())));
        let schema = example.schema.to_string();
        for (number, mode) in MODES.into_iter().enumerate() {
            let ran = bench.run(&args(&example, &schema, mode)).await;
            assert_eq!(ran.code, Some(0), "{mode}: {ran:?}");
            assert_eq!(ran.stdout, format!("{}\n", example.value), "{mode}");
            let chats = bench.server.chats();
            assert_eq!(chats.len(), number + 1, "{mode}: {ran:?}");
            assert_shape(&chats[number], mode, &example);
        }
    }
}

#[tokio::test]
async fn auto_takes_what_the_catalogue_lists() {
    let table: [(&[&str], &str); 4] = [
        (&["tools", "structured_outputs", "response_format"], "structured"),
        (&["tools", "response_format"], "tools"),
        (&["response_format"], "json"),
        (&["temperature"], "prompt"),
    ];
    let example = simple();
    for (supported, mode) in table {
        let script = Script::auto(Auto::new(example.value.clone())).models([model_entry(example.model, supported)]);
        let bench = Bench::new(script);
        let ran = bench.run(&args(&example, &example.schema.to_string(), "auto")).await;
        ran.ended(0, mode);
        assert_shape(&bench.server.chats()[0], mode, &example);
    }
}

#[tokio::test]
async fn schemas_come_from_files_and_texts_from_stdin() {
    let example = nested();
    let bench = Bench::new(Script::auto(Auto::new(example.value.clone())));
    std::fs::write(bench.work().join("user.schema.json"), example.schema.to_string()).unwrap();
    std::fs::write(bench.work().join("letter.txt"), example.text).unwrap();
    let ran = bench
        .run(&["letter.txt", "-s", "user.schema.json", "-m", example.model])
        .await;
    assert_eq!(
        (ran.code, ran.lines()),
        (Some(0), vec![example.value.clone()]),
        "{ran:?}"
    );
    let mut command = bench.command(&["-", "-s", "user.schema.json", "-m", example.model]);
    command.stdin(std::fs::File::open(bench.work().join("letter.txt")).unwrap());
    let ran = bench.wait(command.spawn().unwrap()).await;
    assert_eq!((ran.code, ran.lines()), (Some(0), vec![example.value]), "{ran:?}");
    let chats = bench.server.chats();
    assert_eq!(chats[0], chats[1]);
}

/// The text's own notation does not match the pattern: a model that copies it is told so, and which field is meant.
#[tokio::test]
async fn a_value_that_breaks_the_pattern_is_asked_for_again() {
    let example = phone();
    let copied = json!({"name": "Jason", "age": 25, "phone_number": "1-212-456-7890"}).to_string();
    for mode in MODES {
        let first = match mode {
            "tools" => Reply::sse_tool_call("User", &copied, 7),
            _ => Reply::sse_content(&copied, 7),
        };
        let bench = Bench::new(Script::new([first]).then_auto(Auto::new(example.value.clone())));
        let ran = bench.run(&args(&example, &example.schema.to_string(), mode)).await;
        ran.ended(0, "re-asking");
        assert_eq!(ran.stdout, format!("{}\n", example.value));
        let chats = bench.server.chats();
        assert_eq!(chats.len(), 2, "{mode}: {ran:?}");
        assert_reasked(&chats[1], mode, &copied);
    }
}

/// The bad answer goes back in the shape of its mode, with the pointer of what is wrong.
fn assert_reasked(body: &Value, mode: &str, copied: &str) {
    let messages = body["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 4, "{mode}: {body}");
    let (answer, feedback) = (&messages[2], &messages[3]);
    assert_eq!(answer["role"], "assistant", "{mode}");
    assert!(
        feedback["content"].as_str().unwrap().contains("/phone_number"),
        "{mode}: {feedback}"
    );
    if mode == "tools" {
        assert_eq!(answer["tool_calls"][0]["function"]["arguments"], copied);
        assert_eq!(
            (&feedback["role"], &feedback["tool_call_id"]),
            (&json!("tool"), &json!("call_1"))
        );
    } else {
        assert_eq!(
            (&answer["content"], &feedback["role"]),
            (&json!(copied), &json!("user")),
            "{mode}"
        );
    }
}

/// What an adaptation adds is taken away again: `null` for what is absent, and the object round a value that is none.
#[tokio::test]
async fn adaptations_leave_no_trace_in_the_value() {
    let list = r#"{"title": "Ages", "type": "array", "items": {"type": "integer"}}"#;
    let table = [
        (
            "name, nick?",
            json!({"name": "Ivan", "nick": null}),
            json!({"name": "Ivan"}),
        ),
        (list, json!({"value": [28, 25]}), json!([28, 25])),
    ];
    for (schema, sent, expected) in table {
        let bench = Bench::new(Script::new([Reply::sse_content(&sent.to_string(), 1)]));
        let args = [
            "-s",
            schema,
            "-t",
            "Ivan",
            "-m",
            "openai/gpt-4o",
            "--mode",
            "structured",
            "--stream",
        ];
        let ran = bench.run(&args).await;
        ran.ended(0, "valid at the first attempt");
        let lines = ran.lines();
        assert_eq!(lines.last(), Some(&expected), "{ran:?}");
        assert!(
            lines
                .iter()
                .all(|line| line.get("nick").is_none() && line.get("value").is_none()),
            "{ran:?}"
        );
    }
}
