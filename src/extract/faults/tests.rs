//! The table row by row, with bodies as servers send them, and the look-alikes that must not match.

use super::*;
use crate::event::FaultClass as Class;
use serde_json::json;

/// What a row's body must lead to: row, class, remedies in short, and whether a change of mode is remembered.
type Expected = (&'static str, Class, &'static str, bool);

/// An error body as a fault, for the shapes that the tests use. Reading every shape is `provider`'s.
fn fault(status: u16, body: &Value) -> Fault {
    let error = body.get("error").unwrap_or(body);
    let metadata = error.get("metadata").cloned().unwrap_or(Value::Null);
    let availability = error.get("availability").cloned().unwrap_or(Value::Null);
    let text = |from: &Value, key: &str| from.get(key).and_then(Value::as_str).map(str::to_owned);
    let seconds = metadata.get("retry_after_seconds").and_then(Value::as_u64);
    Fault {
        status: Some(status),
        message: text(error, "message")
            .or_else(|| error.as_str().map(str::to_owned))
            .unwrap_or_default(),
        detail: text(&metadata, "raw"),
        provider: text(&metadata, "provider_name"),
        error_type: text(error, "type").or_else(|| text(&metadata, "error_type")),
        code: text(error, "code"),
        param: text(error, "param"),
        retry_after_ms: seconds.map(|seconds| seconds * 1000),
        step: text(&metadata, "failed_routing_step"),
        availability: text(&availability, "code"),
        retryable: availability.get("retryable").and_then(Value::as_bool),
        limit_source: text(&metadata, "limit_source"),
        metadata: if availability.is_null() { metadata } else { availability },
        ..Fault::default()
    }
}

/// A body as formwork sends it in a mode, with two optional parameters.
fn body(mode: Mode) -> Value {
    let mut body = json!({"model": "m", "messages": [], "stream": true, "stream_options": {"include_usage": true},
        "max_tokens": 4096, "temperature": 0.0, "seed": 7});
    let own = match mode {
        Mode::Tools => {
            json!({"tools": [{"type": "function"}], "tool_choice": {"type": "function", "function": {"name": "User"}},
            "parallel_tool_calls": false, "provider": {"require_parameters": true}})
        }
        Mode::Structured => {
            json!({"response_format": {"type": "json_schema"}, "provider": {"require_parameters": true}, "reasoning": {"effort": "low"}})
        }
        Mode::Json => json!({"response_format": {"type": "json_object"}}),
        Mode::Prompt => json!({}),
    };
    for (key, value) in own.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

fn sent(mode: Mode, body: &Value) -> Sent<'_> {
    Sent {
        mode,
        dialect: Dialect::OpenRouter,
        body,
        supported: None,
        reasoning_mandatory: false,
    }
}

/// The remedies in short, such as `choice:auto mode`.
fn short(remedies: &[Remedy]) -> String {
    let word = |remedy: &Remedy| match remedy {
        Remedy::Stop => "stop".into(),
        Remedy::Wait { ms: None } => "wait".into(),
        Remedy::Wait { ms: Some(ms) } => format!("wait:{ms}"),
        Remedy::Mode => "mode".into(),
        Remedy::Adjust(Adjust::ToolChoice(choice)) => format!("choice:{choice}"),
        Remedy::Adjust(Adjust::DropOptional) => "optional".into(),
        Remedy::Adjust(Adjust::DropRequireParameters) => "require".into(),
        Remedy::Adjust(Adjust::DropField(field)) => format!("drop:{field}"),
        Remedy::Adjust(Adjust::RenameField { from, to }) => format!("{from}>{to}"),
        Remedy::Adjust(Adjust::MaxTokens(tokens)) => format!("max:{tokens}"),
        Remedy::Adjust(Adjust::Reduced) => "reduced".into(),
        Remedy::Adjust(Adjust::NoReasoning) => "no-reasoning".into(),
        Remedy::Adjust(Adjust::DropReasoning) => "drop-reasoning".into(),
        Remedy::Adjust(Adjust::DropProviders) => "providers".into(),
        Remedy::Adjust(Adjust::SayJson) => "say-json".into(),
    };
    remedies.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// Rules each case and compares everything but the advice, which must be a sentence.
fn check(cases: Vec<(Mode, u16, Value, Expected)>) {
    for (mode, status, answer, (row, class, remedies, remembers)) in cases {
        let body = body(mode);
        let ruling = rule(&fault(status, &answer), &sent(mode, &body));
        let got = (ruling.row, ruling.class, short(&ruling.remedies), ruling.remembers);
        assert_eq!(
            got,
            (row, class, remedies.to_owned(), remembers),
            "{mode} {status} {answer}"
        );
        assert!(
            ruling.advice.ends_with('.') && ruling.advice.len() > 20,
            "{}",
            ruling.advice
        );
    }
}

/// An OpenRouter body around an upstream's words.
fn upstream(provider: &str, raw: &str) -> Value {
    json!({"error": {"message": "Provider returned error", "code": 400, "metadata": {"raw": raw, "provider_name": provider}}})
}

/// An OpenAI body.
fn openai(message: &str, param: Option<&str>, code: Option<&str>) -> Value {
    json!({"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}})
}

/// An OpenRouter body with nothing but a message.
fn plain(message: &str) -> Value {
    json!({"error": {"message": message}})
}

#[test]
fn keys_money_and_permission() {
    let afford = "This request requires more credits, or fewer max_tokens. You requested up to 4096 tokens, but can only afford ";
    let meta = |message: &str, metadata: Value| json!({"error": {"message": message, "metadata": metadata}});
    check(vec![
        (
            Mode::Tools,
            401,
            plain("Missing Authentication header"),
            ("1", Class::Key, "stop", false),
        ),
        (
            Mode::Json,
            402,
            meta(
                "Budget is reserved",
                json!({"retry_after_seconds": 3, "limit_source": "openrouter_in_flight_budget"}),
            ),
            ("2a", Class::InFlightBudget, "wait:3000", false),
        ),
        (
            Mode::Json,
            402,
            meta("Budget is reserved", json!({"reason": "in_flight_budget_exhausted"})),
            ("2a", Class::InFlightBudget, "wait", false),
        ),
        (
            Mode::Json,
            402,
            plain(&format!("{afford}3395.")),
            ("2b", Class::CanAfford, "max:3395", false),
        ),
        (
            Mode::Json,
            402,
            plain(&format!("{afford}12.")),
            ("2b", Class::CanAfford, "stop", false),
        ),
        (
            Mode::Json,
            402,
            plain(&format!("{afford}9000.")),
            ("2b", Class::CanAfford, "stop", false),
        ),
        (
            Mode::Json,
            402,
            plain("Insufficient credits. Add more and retry"),
            ("2c", Class::Credit, "stop", false),
        ),
        (
            Mode::Json,
            402,
            plain("Prompt tokens limit exceeded: 230799 > 91442"),
            ("2c", Class::Credit, "stop", false),
        ),
        (
            Mode::Json,
            403,
            meta("Flagged", json!({"reasons": ["violence"], "flagged_input": "…"})),
            ("3a", Class::Denied, "stop", false),
        ),
        (
            Mode::Json,
            403,
            plain("Request blocked by a guardrail"),
            ("3b", Class::Denied, "stop", false),
        ),
        (
            Mode::Json,
            403,
            meta("Over budget", json!({"resets_at": "2026-12-01"})),
            ("3c", Class::Denied, "stop", false),
        ),
        (
            Mode::Json,
            403,
            meta("Over", json!({"limit_source": "workspace_budget"})),
            ("3c", Class::Denied, "stop", false),
        ),
        (
            Mode::Tools,
            403,
            plain("Model is not available in your region"),
            ("3d", Class::Denied, "stop", false),
        ),
    ]);
}

#[test]
fn routing() {
    let none = |rest: &str| {
        plain(&format!(
            "No endpoints found {rest}. To learn more, visit: https://openrouter.ai/docs/x"
        ))
    };
    let step =
        |step: &str| json!({"error": {"message": "No endpoints found", "metadata": {"failed_routing_step": step}}});
    let available = |code: &str, by: Value| json!({"error": {"message": "Nothing left", "availability": {"code": code, "retryable": false, "excluded_by": by}}});
    let lists = json!({"error": {"message": "No allowed providers are available for the selected model.",
        "metadata": {"requested_providers": ["openai"], "available_providers": ["venice", "nvidia"]}}});
    let unsupported = Class::ModeUnsupported;
    check(vec![
        (
            Mode::Tools,
            404,
            none("that support tool use"),
            ("4", unsupported, "mode", true),
        ),
        (
            Mode::Tools,
            404,
            none("that support tool use. Try disabling \"question\""),
            ("4", unsupported, "mode", true),
        ),
        (
            Mode::Tools,
            404,
            step("Filter by Tool Compatibility"),
            ("4", unsupported, "mode", true),
        ),
        (
            Mode::Tools,
            404,
            none("that support the provided 'tool_choice' value"),
            ("5", Class::ToolChoice, "choice:required choice:auto mode", true),
        ),
        (
            Mode::Tools,
            404,
            none("that can handle the requested parameters"),
            ("6", Class::Parameters, "optional mode require", true),
        ),
        (
            Mode::Json,
            404,
            step("Filter by Parameters"),
            ("6", Class::Parameters, "optional mode", true),
        ),
        (
            Mode::Structured,
            404,
            available("constraint_filtered", json!(["require_parameters"])),
            ("6", Class::Parameters, "optional mode require", true),
        ),
        (
            Mode::Tools,
            404,
            none("that support image input"),
            ("7", Class::Modality, "stop", false),
        ),
        (
            Mode::Tools,
            404,
            step("Filter by Image Support"),
            ("7", Class::Modality, "stop", false),
        ),
        (
            Mode::Tools,
            404,
            none("matching your data policy. Configure: https://openrouter.ai/settings/privacy"),
            ("8", Class::Policy, "stop", false),
        ),
        (
            Mode::Tools,
            404,
            available("privacy_restricted", json!(null)),
            ("8", Class::Policy, "stop", false),
        ),
        (Mode::Tools, 404, lists, ("9", Class::Providers, "stop", false)),
        (
            Mode::Tools,
            404,
            available("constraint_filtered", json!(["provider.only"])),
            ("9", Class::Providers, "stop", false),
        ),
        (
            Mode::Tools,
            404,
            none("for nobody/nothing"),
            ("10", Class::Model, "stop", false),
        ),
        (
            Mode::Tools,
            400,
            plain("nobody/nothing is not a valid model ID"),
            ("10", Class::Model, "stop", false),
        ),
        (
            Mode::Tools,
            404,
            available("model_deprecated", json!(null)),
            ("10", Class::Model, "stop", false),
        ),
        (
            Mode::Structured,
            404,
            json!({"error": "model \"qwen\" not found, try pulling it first"}),
            ("10", Class::Model, "stop", false),
        ),
        (
            Mode::Structured,
            404,
            plain("The model `gpt-9` does not exist"),
            ("10", Class::Model, "stop", false),
        ),
        (
            Mode::Tools,
            404,
            none("after all filters"),
            ("11", unsupported, "mode", false),
        ),
        (
            Mode::Json,
            404,
            none("after all filters"),
            ("11", unsupported, "stop", false),
        ),
        (
            Mode::Tools,
            404,
            plain("File Not Found"),
            ("19", Class::BadRequest, "stop", false),
        ),
    ]);
}

#[test]
fn schemas_refused() {
    let reduced = ("12", Class::Schema, "reduced mode", false);
    let again = ("12", Class::Generation, "wait mode", false);
    let invalid = "Invalid schema for response_format 'User': In context=(), 'additionalProperties' is required to be supplied and to be false.";
    let states = "The specified schema produces a constraint that has too many states for serving.";
    let bounds = "output_config.format.schema: For 'number' type, properties maximum, minimum are not supported";
    let template = "Unable to generate parser for this template. Automatic parser generation failed: ";
    check(vec![
        (
            Mode::Structured,
            400,
            openai(invalid, Some("response_format"), None),
            reduced,
        ),
        (Mode::Structured, 400, upstream("OpenAI", invalid), reduced),
        (
            Mode::Tools,
            400,
            openai(
                "Invalid schema for function 'User': 'default' is not permitted.",
                Some("tools[0]"),
                None,
            ),
            reduced,
        ),
        (Mode::Structured, 400, upstream("Anthropic", bounds), reduced),
        (
            Mode::Structured,
            400,
            upstream("Azure", "The compiled grammar is too large."),
            reduced,
        ),
        (
            Mode::Tools,
            400,
            upstream("Amazon Bedrock", "tools.0.custom.input_schema: JSON schema is invalid"),
            reduced,
        ),
        (Mode::Structured, 400, upstream("Google", states), reduced),
        (
            Mode::Structured,
            400,
            upstream("Google AI Studio", "Request contains an invalid argument."),
            reduced,
        ),
        (
            Mode::Structured,
            400,
            openai(
                "invalid JSON schema for response_format: 'User': minItems is not supported",
                None,
                None,
            ),
            reduced,
        ),
        (
            Mode::Structured,
            400,
            openai("json_schema: minItems is not supported", None, None),
            reduced,
        ),
        (
            Mode::Structured,
            400,
            plain("Failed to initialize samplers: failed to parse grammar"),
            reduced,
        ),
        (Mode::Structured, 500, plain("failed to parse grammar"), reduced),
        (
            Mode::Structured,
            400,
            plain(&format!("{template}JSON schema error at #: unrecognized type objekt")),
            reduced,
        ),
        (
            Mode::Structured,
            400,
            plain(&format!("{template}JSON schema conversion failed:\nInvalid pattern")),
            reduced,
        ),
        (
            Mode::Structured,
            422,
            json!({"error": "invalid JSON schema in format"}),
            reduced,
        ),
        (
            Mode::Structured,
            400,
            openai(
                "Unknown parameter: 'response_format.schema'.",
                Some("response_format.schema"),
                None,
            ),
            reduced,
        ),
        (
            Mode::Structured,
            400,
            openai(
                "Generated JSON does not match the expected schema.",
                None,
                Some("json_validate_failed"),
            ),
            again,
        ),
        (
            Mode::Tools,
            400,
            openai(
                "Failed to call a function. See 'failed_generation'.",
                None,
                Some("tool_use_failed"),
            ),
            again,
        ),
    ]);
}

#[test]
fn fields_refused() {
    let swap =
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    let auto = "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set";
    let context = "'max_tokens' is too large: 4096. This model's maximum context length is 2048 tokens and your request has 100 input tokens";
    let completion = "This model's maximum context length is 8192 tokens. However, you requested 9096 tokens (5000 in the messages, 4096 in the completion).";
    let field = |remedies, remembers| ("13", Class::Field, remedies, remembers);
    let choices = "choice:required choice:auto mode";
    check(vec![
        (
            Mode::Structured,
            400,
            openai(swap, Some("max_tokens"), Some("unsupported_parameter")),
            field("max_tokens>max_completion_tokens drop:max_tokens", false),
        ),
        (
            Mode::Tools,
            400,
            openai(
                "Unsupported value: 'temperature' does not support 0 with this model.",
                Some("temperature"),
                None,
            ),
            field("drop:temperature", false),
        ),
        (
            Mode::Tools,
            400,
            upstream("OpenAI", "Unsupported parameter: 'seed' is not supported"),
            field("drop:seed", false),
        ),
        (
            Mode::Tools,
            400,
            plain("Unrecognized request argument supplied: parallel_tool_calls"),
            field("drop:parallel_tool_calls", false),
        ),
        (
            Mode::Tools,
            400,
            openai("Unknown parameter: 'provider'.", Some("provider"), None),
            field("drop:provider", false),
        ),
        (
            Mode::Json,
            422,
            json!({"message": "seed: Extra inputs are not permitted", "type": "extra_forbidden", "param": "seed"}),
            field("drop:seed", false),
        ),
        (
            Mode::Structured,
            400,
            openai("Unknown parameter: 'reasoning.effort'.", Some("reasoning.effort"), None),
            field("drop-reasoning", false),
        ),
        (
            Mode::Json,
            400,
            json!({"error": "'response_format.type' must be 'json_schema' or 'text'"}),
            field("mode", true),
        ),
        (
            Mode::Structured,
            400,
            plain("response_format type must be one of \"text\" or \"json_object\", but got: json_schema"),
            field("mode", true),
        ),
        (
            Mode::Structured,
            400,
            openai(
                "This model does not support response format `json_schema`.",
                Some("response_format"),
                None,
            ),
            field("mode", true),
        ),
        (
            Mode::Structured,
            400,
            plain("This response_format type is unavailable now"),
            field("mode", true),
        ),
        (
            Mode::Tools,
            400,
            json!({"error": "registry/library/gemma does not support tools"}),
            field("mode", true),
        ),
        (
            Mode::Tools,
            400,
            openai("`tool calling` is not supported with this model", None, None),
            field("mode", true),
        ),
        (Mode::Tools, 500, plain("Unsupported param: tools"), field("mode", true)),
        (
            Mode::Tools,
            400,
            json!({"object": "error", "message": auto, "type": "BadRequestError", "code": 400}),
            field("mode", true),
        ),
        (
            Mode::Tools,
            400,
            json!({"error": "Invalid tool_choice type: 'object'. Supported string values: none, auto, required"}),
            field(choices, true),
        ),
        (
            Mode::Json,
            400,
            openai(
                "max_tokens is too large: 4096. This model supports at most 2000 completion tokens",
                Some("max_tokens"),
                None,
            ),
            field("max:2000", false),
        ),
        (
            Mode::Json,
            400,
            upstream(
                "Anthropic",
                "max_tokens: 4096 > 1,024, which is the maximum allowed number of output tokens",
            ),
            field("max:1024", false),
        ),
        (Mode::Json, 400, plain(context), field("max:1948", false)),
        (Mode::Json, 400, plain(completion), field("max:3192", false)),
    ]);
}

#[test]
fn other_bad_requests() {
    let json_word =
        "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.";
    let muse = "tool_choice: only \"auto\" is supported for this model";
    let functions = "Function tools with reasoning_effort are not supported for gpt-5.6 in /v1/chat/completions.";
    let context = "request (9031 tokens) exceeds the available context size (4096 tokens), try increasing it";
    let long =
        "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens in the messages.";
    let think = |remedies| ("14", Class::Thinking, remedies, false);
    let too_long = ("17", Class::TooLong, "stop", false);
    let bad = ("19", Class::BadRequest, "stop", false);
    check(vec![
        (
            Mode::Tools,
            400,
            upstream("DeepSeek", "Thinking mode does not support this tool_choice"),
            think("no-reasoning choice:auto mode"),
        ),
        (Mode::Tools, 400, upstream("Meta", muse), think("choice:auto mode")),
        (
            Mode::Tools,
            400,
            openai(functions, None, None),
            think("no-reasoning mode"),
        ),
        (
            Mode::Structured,
            400,
            plain("Reasoning is mandatory for this endpoint and cannot be disabled."),
            ("15", Class::ReasoningMandatory, "drop-reasoning", false),
        ),
        (
            Mode::Json,
            400,
            openai(json_word, Some("messages"), None),
            ("16", Class::JsonWord, "say-json", false),
        ),
        (
            Mode::Json,
            400,
            json!({"error": {"message": context, "type": "exceed_context_size_error"}}),
            too_long,
        ),
        (
            Mode::Json,
            400,
            plain("prompt is too long: 210000 tokens > 200000 maximum"),
            too_long,
        ),
        (Mode::Json, 400, plain(long), too_long),
        (Mode::Json, 413, plain("Request Entity Too Large"), too_long),
        (
            Mode::Json,
            400,
            json!({"error": {"message": "No", "metadata": {"error_type": "content_policy_violation"}}}),
            ("18", Class::ContentPolicy, "stop", false),
        ),
        (Mode::Json, 400, plain("Something odd"), bad),
        (Mode::Json, 422, plain("Something odd"), bad),
        (Mode::Json, 412, plain("Precondition failed"), bad),
    ]);
}

#[test]
fn load_and_trouble() {
    let limited =
        |message: &str, source: &str| json!({"error": {"message": message, "metadata": {"limit_source": source}}});
    let pool = json!({"error": {"message": "Provider returned error", "metadata": {"raw": "m is temporarily rate-limited upstream",
        "limit_source": "upstream_provider_shared_pool", "retry_after_seconds": 29}}});
    let full =
        json!({"error": {"message": "At capacity", "availability": {"code": "capacity_exhausted", "retryable": true}}});
    let never =
        json!({"error": {"message": "No", "availability": {"code": "temporarily_unavailable", "retryable": false}}});
    let later = json!({"error": {"message": "No", "availability": {"code": "no_endpoints", "retryable": true}}});
    let loading = json!({"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}});
    let limits = |remedies| ("20c", Class::RateLimited, remedies, false);
    let trouble = |remedies| ("21", Class::Upstream, remedies, false);
    let mut cases = vec![
        (
            Mode::Json,
            429,
            limited("Limited", "openrouter_free_tier_daily"),
            ("20a", Class::DailyCap, "stop", false),
        ),
        (
            Mode::Json,
            429,
            plain("Rate limit exceeded: free-models-per-day. Add 10 credits"),
            ("20a", Class::DailyCap, "stop", false),
        ),
        (
            Mode::Json,
            429,
            plain("Rate limit exceeded: free-models-per-min."),
            ("20b", Class::RateLimited, "wait", false),
        ),
        (Mode::Json, 429, pool, limits("wait:29000")),
        (Mode::Json, 429, full, limits("wait")),
        (Mode::Json, 429, plain("Slow down"), limits("wait")),
        (
            Mode::Json,
            429,
            openai("You exceeded your current quota", None, Some("insufficient_quota")),
            ("20d", Class::Credit, "stop", false),
        ),
        (Mode::Json, 503, loading, trouble("wait:5000")),
        (Mode::Json, 503, never, trouble("stop")),
        (Mode::Json, 404, later, ("10", Class::Model, "wait", false)),
    ];
    for status in [408, 409, 425, 500, 502, 503, 504, 520, 524, 529] {
        cases.push((Mode::Tools, status, plain("Provider returned error"), trouble("wait")));
    }
    check(cases);
}

#[test]
fn look_alikes_are_left_alone() {
    let bad = ("19", Class::BadRequest, "stop", false);
    check(vec![
        // Not a schema rejection: the hard filter, and a schema that the server never reads.
        (
            Mode::Structured,
            404,
            plain("No endpoints found that can handle the requested parameters."),
            ("6", Class::Parameters, "optional mode require", true),
        ),
        (
            Mode::Json,
            400,
            upstream("Google", "Request contains an invalid argument."),
            bad,
        ),
        (Mode::Prompt, 400, plain("failed to parse grammar"), bad),
        // Prose with a field's name in it, an address with one, and a field that was not sent.
        (
            Mode::Tools,
            400,
            upstream("X", "The provider will not support this account"),
            bad,
        ),
        (
            Mode::Tools,
            400,
            plain("Not supported, see https://example.org/docs/tool_choice#response_format"),
            bad,
        ),
        (Mode::Json, 400, plain("Unsupported parameter: 'top_k'"), bad),
        (Mode::Json, 400, plain("Unsupported parameter: 'my_seed_value'"), bad),
        // The user's own value out of range must not vanish.
        (
            Mode::Json,
            400,
            openai(
                "Invalid value: temperature must be at most 2",
                Some("temperature"),
                None,
            ),
            bad,
        ),
        // No money and no permission are never a matter of the mode, whatever the words.
        (
            Mode::Tools,
            402,
            plain("No endpoints found that support tool use"),
            ("2c", Class::Credit, "stop", false),
        ),
        (
            Mode::Tools,
            500,
            plain("the schema service is down"),
            ("21", Class::Upstream, "wait", false),
        ),
    ]);
}

#[test]
fn what_the_transport_found_is_settled_first() {
    let body = body(Mode::Tools);
    let cases = [
        (Class::Setup, None, "setup", "stop"),
        (Class::TooLarge, Some(200), "size", "stop"),
        (Class::NotAnApi, Some(200), "address", "stop"),
        (Class::NotAnApi, Some(404), "address", "stop"),
        (Class::NoContent, Some(200), "22", "wait"),
        (Class::Network, None, "23", "wait"),
        (Class::Timeout, None, "23", "wait"),
    ];
    for (class, status, row, remedies) in cases {
        let fault = Fault {
            class,
            status,
            ..Fault::default()
        };
        let ruling = rule(&fault, &sent(Mode::Tools, &body));
        assert_eq!(
            (ruling.class, ruling.row, short(&ruling.remedies).as_str()),
            (class, row, remedies)
        );
    }
    let page = Fault {
        class: Class::NotAnApi,
        status: Some(502),
        ..Fault::default()
    };
    assert_eq!(rule(&page, &sent(Mode::Tools, &body)).class, Class::Upstream);
    let bare = Fault {
        status: Some(200),
        message: "odd".into(),
        ..Fault::default()
    };
    assert_eq!(rule(&bare, &sent(Mode::Tools, &body)).row, "22");
}

#[test]
fn tool_choice_is_loosened_step_by_step() {
    let mut body = body(Mode::Tools);
    let refused = fault(
        404,
        &plain("No endpoints found that support the provided 'tool_choice' value."),
    );
    for (choice, remedies) in [("required", "choice:auto mode"), ("auto", "mode")] {
        body["tool_choice"] = choice.into();
        assert_eq!(short(&rule(&refused, &sent(Mode::Tools, &body)).remedies), remedies);
    }
}

#[test]
fn thinking_that_cannot_be_turned_off_is_not_turned_off() {
    let mut body = body(Mode::Tools);
    let refused = fault(
        400,
        &upstream("DeepSeek", "Thinking mode does not support this tool_choice"),
    );
    let forced = Sent {
        reasoning_mandatory: true,
        ..sent(Mode::Tools, &body)
    };
    assert_eq!(short(&rule(&refused, &forced).remedies), "choice:auto mode");
    let elsewhere = Sent {
        dialect: Dialect::OpenAi,
        ..sent(Mode::Tools, &body)
    };
    assert_eq!(short(&rule(&refused, &elsewhere).remedies), "choice:auto mode");
    body["reasoning"] = json!({"effort": "none"});
    body["tool_choice"] = "auto".into();
    assert_eq!(short(&rule(&refused, &sent(Mode::Tools, &body)).remedies), "mode");
}

#[test]
fn a_model_that_always_reasons_needs_more_tokens() {
    let body = body(Mode::Json);
    let afford = fault(402, &plain("You requested up to 4096 tokens, but can only afford 500."));
    let forced = Sent {
        reasoning_mandatory: true,
        ..sent(Mode::Json, &body)
    };
    assert_eq!(short(&rule(&afford, &forced).remedies), "stop");
    assert_eq!(short(&rule(&afford, &sent(Mode::Json, &body)).remedies), "max:500");
}

#[test]
fn our_own_provider_restrictions_are_loosened() {
    let mut body = body(Mode::Tools);
    body["provider"]["only"] = json!(["openai"]);
    let refused = fault(
        404,
        &plain("No allowed providers are available for the selected model."),
    );
    assert_eq!(short(&rule(&refused, &sent(Mode::Tools, &body)).remedies), "providers");
}

#[test]
fn droppable_is_what_the_model_does_not_list_else_all_that_is_optional() {
    let body = body(Mode::Tools);
    let dropped = |supported: Option<&[&str]>| {
        let supported: Option<Vec<String>> =
            supported.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        let sent = Sent {
            supported: supported.as_deref(),
            ..sent(Mode::Tools, &body)
        };
        droppable(&sent).join(" ")
    };
    assert_eq!(dropped(None), "temperature seed parallel_tool_calls");
    assert_eq!(
        dropped(Some(&["tools", "max_tokens", "seed"])),
        "temperature parallel_tool_calls"
    );
    assert_eq!(
        dropped(Some(&["temperature", "seed", "parallel_tool_calls"])),
        "max_tokens"
    );
    assert_eq!(
        dropped(Some(&["max_tokens", "temperature", "seed", "parallel_tool_calls"])),
        "temperature seed parallel_tool_calls"
    );
    let bare = json!({"model": "m", "messages": [], "provider": {"require_parameters": true}});
    let refused = fault(
        404,
        &plain("No endpoints found that can handle the requested parameters."),
    );
    assert_eq!(
        short(&rule(&refused, &sent(Mode::Tools, &bare)).remedies),
        "mode require"
    );
}

#[test]
fn advice_names_the_page_or_the_flag() {
    let body = body(Mode::Json);
    let advice = |status, answer: &Value| rule(&fault(status, answer), &sent(Mode::Json, &body)).advice;
    let own = "No endpoints match your data policy. Configure: https://openrouter.ai/settings/privacy?x=1.";
    assert!(advice(404, &plain(own)).contains("https://openrouter.ai/settings/privacy?x=1,"));
    assert!(advice(401, &plain("User not found.")).contains("OPENROUTER_API_KEY"));
    assert!(advice(402, &plain("Insufficient credits")).contains("https://openrouter.ai/settings/credits"));
    assert!(
        advice(402, &plain("Use a key with a higher monthly limit")).contains("https://openrouter.ai/settings/keys")
    );
    assert!(advice(404, &plain("No endpoints found for a/b")).contains("formwork models"));
    let lists = json!({"error": {"message": "No allowed providers", "metadata": {"requested_providers": ["a"], "available_providers": ["b", "c"]}}});
    assert!(advice(404, &lists).ends_with("Asked for: a. Available: b, c."));
    let daily = Fault {
        retry_after_ms: Some(3_600_000 * 2 + 1),
        ..fault(429, &plain("free-models-per-day"))
    };
    assert!(rule(&daily, &sent(Mode::Json, &body)).advice.contains("in 2 h 1 min"));
}

#[test]
fn a_fault_is_described_by_the_upstreams_own_words() {
    assert_eq!(
        describe(&fault(400, &upstream("OpenAI", "no such thing"))),
        "[OpenAI] no such thing"
    );
    assert_eq!(describe(&fault(400, &plain("no such thing"))), "no such thing");
    assert_eq!(describe(&fault(502, &json!({}))), "the server answered HTTP 502");
}
