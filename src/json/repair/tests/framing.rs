//! Small cases of what stands round JSON, and of what is none: the text, the value of the first candidate (`-` for none), and its repairs.
//!
//! A repair is written as its kind, `@`, its byte offset and, for a guess, `!`.

use super::Case;

/// Strict JSON, however odd it looks: returned as it is.
#[rustfmt::skip]
pub(super) const PLAIN: &[Case] = &[
    (r#"{"a": 1}"#, r#"{"a":1}"#, ""),
    (" [1, 2] ", "[1,2]", ""),
    (r#""x""#, r#""x""#, ""),
    ("42", "42", ""),
    ("true", "true", ""),
    ("null", "null", ""),
    ("[]", "[]", ""),
    ("{}", "{}", ""),
    (r#"{"a": {"b": [1, {"c": null}]}}"#, r#"{"a":{"b":[1,{"c":null}]}}"#, ""),
    (r#"{"a": "say \"hi\", ok"}"#, r#"{"a":"say \"hi\", ok"}"#, ""),
    (r#"{"a": "```json\n{}\n```"}"#, r#"{"a":"```json\n{}\n```"}"#, ""),
    (r#"{"a": "x\", \"b\": 1"}"#, r#"{"a":"x\", \"b\": 1"}"#, ""),
    (r#"{"a":1,"a":2}"#, r#"{"a":2}"#, ""),
    (r#"{"q": "// no comment, # none, /* none */"}"#, r#"{"q":"// no comment, # none, /* none */"}"#, ""),
    (r#"{"a": "{\"b\": [1,]}"}"#, r#"{"a":"{\"b\": [1,]}"}"#, ""),
    (r#"{"a": "..."}"#, r#"{"a":"..."}"#, ""),
    (r#"{"a": "\ud83d\ude00"}"#, r#"{"a":"😀"}"#, ""),
    (r#"{"": ""}"#, r#"{"":""}"#, ""),
    ("[1e5, -0, 1.5E-3]", "[100000.0,-0.0,0.0015]", ""),
    (r#"{"a": "callback({});"}"#, r#"{"a":"callback({});"}"#, ""),
    (r#"{"think": "<think>no</think>"}"#, r#"{"think":"<think>no</think>"}"#, ""),
    (r#"{"a": "C:\\Users"}"#, r#"{"a":"C:\\Users"}"#, ""),
    (r#"{"a": "it's, 'fine': ok"}"#, r#"{"a":"it's, 'fine': ok"}"#, ""),
];

/// What stands round the JSON.
#[rustfmt::skip]
pub(super) const ROUND: &[Case] = &[
    ("```json\n{\"k\": 1}\n```", r#"{"k":1}"#, "fence@0"),
    ("```\n[1]\n```", "[1]", "fence@0"),
    ("~~~json\n{\"k\": 1}\n~~~", r#"{"k":1}"#, "fence@0"),
    ("```json\n{\"k\": 1}", r#"{"k":1}"#, "fence@0"),
    ("```json\n42\n```", "42", "fence@0"),
    ("Here you go:\n```json\n{\"k\": 1}\n```\nBye.", r#"{"k":1}"#, "surrounding_text@0 fence@13 surrounding_text@34"),
    ("```json\n{\"k\": \"a ``` b\"}\n```", r#"{"k":"a ``` b"}"#, "fence@0"),
    ("```json\n{\"k\": 1\n```\nThat is all.", r#"{"k":1}"#, "fence@0 truncated@14! missing_closer@15! surrounding_text@20"),
    (r#"Sure! {"k": 1}"#, r#"{"k":1}"#, "surrounding_text@0"),
    (r#"{"k": 1} Anything else?"#, r#"{"k":1}"#, "surrounding_text@9"),
    (r#"Use {name} first. {"k": 1}"#, r#"{"k":1}"#, "surrounding_text@0"),
    (r#"<think>{"k": 0}</think>{"k": 1}"#, r#"{"k":1}"#, "think_block@0"),
    ("<thinking>so {\"k\": 0}</thinking>\n{\"k\": 1}", r#"{"k":1}"#, "think_block@0"),
    (r#"k is {"k": 0}, hm</think>{"k": 1}"#, r#"{"k":1}"#, "think_block@0"),
    (r#"<json>{"k": 1}</json>"#, r#"{"k":1}"#, "surrounding_text@0 surrounding_text@14"),
    ("<answer>\n{\"k\": 1}\n</answer>", r#"{"k":1}"#, "surrounding_text@0 surrounding_text@18"),
    (r#"<tool_call>{"name": "f", "arguments": {"k": 1}}</tool_call>"#, r#"{"name":"f","arguments":{"k":1}}"#, "tool_wrapper@0 surrounding_text@47"),
    (r#"[TOOL_REQUEST]{"k": 1}[END_TOOL_REQUEST]"#, r#"{"k":1}"#, "tool_wrapper@0 surrounding_text@22"),
    (r#"<function=f>{"k": 1}</function>"#, r#"{"k":1}"#, "tool_wrapper@0 surrounding_text@20"),
    ("\u{feff}{\"k\": 1}", r#"{"k":1}"#, "invisible_space@0"),
    (r#"const x = {"k": 1};"#, r#"{"k":1}"#, "surrounding_text@0 stray_comma@18"),
    (r#"callback({"k": 1});"#, r#"{"k":1}"#, "function_call@0 stray_comma@18"),
    ("{\"k\": 1}\n{\"k\": 2}", r#"{"k":2}"#, "several_documents@9!"),
    ("{\"k\": 1}\n{\"k\": 1}", r#"{"k":1}"#, "several_documents@9"),
    (r#"{"k": 1} {"k": 2"#, r#"{"k":1}"#, "several_documents@0!"),
    (r#"{"k": 1}, {"k": 2}"#, r#"[{"k":1},{"k":2}]"#, "several_documents@0!"),
    (r#"[{"k": 1}],"#, r#"[{"k":1}]"#, "trailing_comma@10"),
    (r#"see [1]: {"k": 1}"#, r#"{"k":1}"#, "surrounding_text@0"),
    (r#"\"x\""#, r#""x""#, "escaped_document@0"),
    (r#"{\"k\": \"v\"}"#, r#"{"k":"v"}"#, "escaped_document@0"),
    (r#""{\"k\": 1}""#, r#""{\"k\": 1}""#, ""),
    (r#"{"k": 1}<|im_end|>"#, r#"{"k":1}"#, "surrounding_text@8"),
    ("```python\nx = {\"k\": 1}\n```", r#"{"k":1}"#, "fence@0 surrounding_text@10"),
    (r#""k": 1, "j": 2}"#, r#"{"k":1,"j":2}"#, "missing_opener@0!"),
    ("1, 2, 3", "[1,2,3]", "missing_opener@0! truncated@6! missing_closer@7!"),
    ("`x`", r#""x""#, "single_quotes@0"),
];

/// Sentences and scraps: never data.
#[rustfmt::skip]
pub(super) const NOTHING: &[Case] = &[
    ("", "-", ""),
    (" ", "-", ""),
    ("I'm sorry, but I can't help with that.", "-", ""),
    ("Use {name} and {age} here.", "-", ""),
    ("As shown in [1], no.", "-", ""),
    ("See arr[0] and f(x).", "-", ""),
    (r#"I cannot answer "that" today."#, "-", ""),
    ("hello", "-", ""),
    ("He said: no.", "-", ""),
    ("{name}", "-", ""),
    ("no", "-", ""),
    (r#""Yes" is my answer."#, "-", ""),
    ("- one\n- two", "-", ""),
    ("(see above)", "-", ""),
    ("**Note** it is 5", "-", ""),
    ("<b>no</b>", "-", ""),
    ("Call f({}) please.", "-", ""),
    (r#"""#, "-", ""),
    ("}", "-", ""),
    ("{{name}}", "-", ""),
    ("[link](http://a.b)", "-", ""),
    ("<think>hm", "-", ""),
    (r#"<think>{"k": 1}"#, "-", ""),
];

/// Texts that end too early.
#[rustfmt::skip]
pub(super) const CUT: &[Case] = &[
    (r#"{"a": 1"#, r#"{"a":1}"#, "truncated@6! missing_closer@7!"),
    (r#"{"a": "b"#, r#"{"a":"b"}"#, "truncated@6! missing_closer@8!"),
    (r#"{"a": "b\"#, r#"{"a":"b"}"#, "truncated@6! missing_closer@9!"),
    (r#"{"a": "b\u00"#, r#"{"a":"b"}"#, "truncated@6! missing_closer@12!"),
    (r#"{"a": "b\ud83d"#, r#"{"a":"b"}"#, "truncated@6! missing_closer@14!"),
    (r#"{"a"#, "{}", "truncated@1! dropped_member@1! missing_closer@3!"),
    (r#"{"a""#, "{}", "dropped_member@1! missing_closer@4!"),
    (r#"{"a":"#, "{}", "dropped_member@1! missing_closer@5!"),
    (r#"{"a": 1,"#, r#"{"a":1}"#, "missing_closer@8!"),
    (r#"{"a": 1, "b"#, r#"{"a":1}"#, "truncated@9! dropped_member@9! missing_closer@11!"),
    (r#"{"a": tr"#, r#"{"a":true}"#, "truncated@6! missing_closer@8!"),
    (r#"{"a": nul"#, r#"{"a":null}"#, "truncated@6! missing_closer@9!"),
    (r#"{"a": -"#, "{}", "dropped_member@6! missing_closer@7!"),
    (r#"{"a": 1."#, r#"{"a":1.0}"#, "truncated@6! missing_closer@8!"),
    (r#"{"a": 1e"#, r#"{"a":1}"#, "truncated@6! missing_closer@8!"),
    ("[1, 2", "[1,2]", "truncated@4! missing_closer@5!"),
    (r#"[{"a": [1"#, r#"[{"a":[1]}]"#, "truncated@8! missing_closer@9! missing_closer@9! missing_closer@9!"),
    (r#"[1, "x"#, r#"[1,"x"]"#, "truncated@4! missing_closer@6!"),
    ("{", "{}", "missing_closer@1!"),
    ("[", "[]", "missing_closer@1!"),
];

/// Closers, openers and members without a value.
#[rustfmt::skip]
pub(super) const CLOSERS: &[Case] = &[
    ("[1, 2}", "[1,2]", "wrong_closer@5!"),
    (r#"{"a": [1, 2}"#, r#"{"a":[1,2]}"#, "missing_closer@11!"),
    (r#"{"a": 1]"#, r#"{"a":1}"#, "wrong_closer@7!"),
    (r#"[{"a": 1]"#, r#"[{"a":1}]"#, "missing_closer@8!"),
    (r#"{"a": [{"b": 1}}"#, r#"{"a":[{"b":1}]}"#, "missing_closer@15!"),
    (r#"{"a": 1}}"#, r#"{"a":1}"#, "wrong_closer@8"),
    ("[1]]", "[1]", "wrong_closer@3"),
    (r#"{"a": [1, 2}, "b": 3}"#, r#"{"a":[1,2],"b":3}"#, "wrong_closer@11!"),
    (r#"{"a": 1}, "b": 2}"#, r#"{"a":1,"b":2}"#, "wrong_closer@7!"),
    (r#"[{"a": 1, {"a": 2}]"#, r#"[{"a":1},{"a":2}]"#, "missing_closer@10!"),
    (r#"{{"a": 1}}"#, r#"{"a":1}"#, "doubled_braces@1"),
    (r#"{{"a": {{"b": 1}}}}"#, r#"{"a":{"b":1}}"#, "doubled_braces@1 doubled_braces@8"),
    (r#"["a": 1, "b": 2]"#, r#"[{"a":1,"b":2}]"#, "missing_opener@1!"),
    ("[1, 2)", "[1,2]", "wrong_closer@5!"),
    (r#"{"a": [1, 2"#, r#"{"a":[1,2]}"#, "truncated@10! missing_closer@11! missing_closer@11!"),
    (r#"{"a": , "b": 1}"#, r#"{"b":1}"#, "dropped_member@1!"),
    (r#"{"a"}"#, "{}", "dropped_member@1!"),
    (r#"{"a": 1, b}"#, r#"{"a":1}"#, "trailing_comma@7 dropped_member@9!"),
    (r#"{"a": 1, [2], "c": 3}"#, r#"{"a":1,"c":3}"#, "dropped_member@9!"),
];
