//! Small cases of sloppy grammar: the text, the value of the first candidate (`-` for none), and its repairs.
//!
//! A repair is written as its kind, `@`, its byte offset and, for a guess, `!`.

use super::Case;

/// Commas and colons.
#[rustfmt::skip]
pub(super) const COMMAS: &[Case] = &[
    (r#"{"a": 1,}"#, r#"{"a":1}"#, "trailing_comma@7"),
    ("[1, 2, ]", "[1,2]", "trailing_comma@5"),
    (r#"{"a": 1 "b": 2}"#, r#"{"a":1,"b":2}"#, "missing_comma@8"),
    ("{\"a\": 1\n\"b\": 2}", r#"{"a":1,"b":2}"#, "missing_comma@8"),
    ("[1 2]", "[1,2]", "missing_comma@3"),
    (r#"["a" "b"]"#, r#"["a","b"]"#, "missing_comma@5"),
    (r#"{,"a": 1}"#, r#"{"a":1}"#, "stray_comma@1"),
    ("[1,,2]", "[1,2]", "stray_comma@3"),
    (r#"{"a": 1;"b": 2}"#, r#"{"a":1,"b":2}"#, "stray_comma@7"),
    ("[1; 2]", "[1,2]", "stray_comma@2"),
    (r#"[{"a": 1} {"a": 2}]"#, r#"[{"a":1},{"a":2}]"#, "missing_comma@10"),
    (r#"{"a" 1}"#, r#"{"a":1}"#, "missing_colon@5"),
    (r#"{"a" = 1}"#, r#"{"a":1}"#, "missing_colon@5"),
    (r#"{"a" => 1}"#, r#"{"a":1}"#, "missing_colon@5"),
    (r#"{"a"：1}"#, r#"{"a":1}"#, "missing_colon@4"),
    (r#"{"a"： "b"， "c": 1}"#, r#"{"a":"b","c":1}"#, "missing_colon@4 stray_comma@11"),
    ("{a = 1}", r#"{"a":1}"#, "unquoted_key@1 missing_colon@3"),
    (r#"{"a": "x""b": 1}"#, r#"{"a":"x","b":1}"#, "missing_comma@9"),
    (r#"{"a": true "b": null}"#, r#"{"a":true,"b":null}"#, "missing_comma@11"),
];

/// Quotes, keys and strings without them.
#[rustfmt::skip]
pub(super) const QUOTES: &[Case] = &[
    ("{'a': 'b'}", r#"{"a":"b"}"#, "single_quotes@1 single_quotes@6"),
    ("{`a`: `b`}", r#"{"a":"b"}"#, "single_quotes@1 single_quotes@6"),
    ("{“a”: “b”}", r#"{"a":"b"}"#, "smart_quotes@1 smart_quotes@10"),
    ("{‘a’: ‘b’}", r#"{"a":"b"}"#, "smart_quotes@1 smart_quotes@10"),
    (r#"{"a": """x "y" z"""}"#, r#"{"a":"x \"y\" z"}"#, "repeated_quotes@6 unescaped_quote@11! unescaped_quote@13!"),
    (r#"{""a"": ""b""}"#, r#"{"a":"b"}"#, "repeated_quotes@1 repeated_quotes@8"),
    (r#"{"a": ""b"}"#, r#"{"a":"b"}"#, "repeated_quotes@6!"),
    (r#"{"a": "b}"#, r#"{"a":"b"}"#, "missing_quote@8!"),
    (r#"{"a": b"}"#, r#"{"a":"b"}"#, "missing_quote@6!"),
    (r#"{a": 1}"#, r#"{"a":1}"#, "missing_quote@1"),
    (r#"{"a: 1}"#, r#"{"a":1}"#, "missing_quote@3!"),
    (r#"{"a: "b"}"#, r#"{"a":"b"}"#, "missing_quote@3!"),
    (r#"{"a": "b, "c": 1}"#, r#"{"a":"b","c":1}"#, "missing_quote@8!"),
    (r#"{"a": "b, c: 1}"#, r#"{"a":"b","c":1}"#, "missing_quote@8! unquoted_key@10"),
    (r#"["a, "b"]"#, r#"["a","b"]"#, "missing_quote@3!"),
    ("{a: 1}", r#"{"a":1}"#, "unquoted_key@1"),
    ("{a-b.c: 1}", r#"{"a-b.c":1}"#, "unquoted_key@1"),
    ("{1: 2}", r#"{"1":2}"#, "unquoted_key@1"),
    (r#"{"a": hello world}"#, r#"{"a":"hello world"}"#, "unquoted_string@6!"),
    (r#"{"a": hello, "b": 1}"#, r#"{"a":"hello","b":1}"#, "unquoted_string@6!"),
    (r#"{"a": x, y, "b": 1}"#, r#"{"a":"x, y","b":1}"#, "unquoted_string@6!"),
    ("{a: b\nc: d}", r#"{"a":"b","c":"d"}"#, "unquoted_key@1 unquoted_string@4! missing_comma@6 unquoted_key@6 unquoted_string@9!"),
    ("[a, b]", r#"["a","b"]"#, "unquoted_string@1! unquoted_string@4!"),
    (r#"{"a": http://x.y/z, "b": 1}"#, r#"{"a":"http://x.y/z","b":1}"#, "unquoted_string@6!"),
    (r#"{"a": 5'11", "b": 1}"#, r#"{"a":"5'11","b":1}"#, "missing_quote@6!"),
    (r#"{"a": "5'11"", "b": 1}"#, r#"{"a":"5'11\"","b":1}"#, "unescaped_quote@11!"),
    (r#"{"a": "say "hi" now"}"#, r#"{"a":"say \"hi\" now"}"#, "unescaped_quote@11! unescaped_quote@14!"),
    (r#"{"a": "<p class="x">y</p>"}"#, r#"{"a":"<p class=\"x\">y</p>"}"#, "unescaped_quote@16! unescaped_quote@18!"),
    (r#"{"a": "one", two", "b": 1}"#, r#"{"a":"one\", two","b":1}"#, "unescaped_quote@10!"),
    (r#"["a "b" c", "d"]"#, r#"["a \"b\" c","d"]"#, "unescaped_quote@4! unescaped_quote@6!"),
    ("{'a': 'it's me'}", r#"{"a":"it's me"}"#, "single_quotes@1 single_quotes@6 unescaped_quote@9!"),
    (r#"{"a": "x {"b": 1} y"}"#, r#"{"a":"x {\"b\": 1} y"}"#, "unescaped_quote@10! unescaped_quote@12!"),
    ("{\"a\": ```py\nprint(1)\n```}", r#"{"a":"print(1)"}"#, "repeated_quotes@6!"),
    (r#"{'a': "b"}"#, r#"{"a":"b"}"#, "single_quotes@1"),
];

/// What stands inside strings.
#[rustfmt::skip]
pub(super) const TEXT: &[Case] = &[
    ("{\"a\": \"x\ny\"}", r#"{"a":"x\ny"}"#, "raw_control@8"),
    ("{\"a\": \"x\ty\"}", r#"{"a":"x\ty"}"#, "raw_control@8"),
    ("{\"a\": \"x\u{1}y\"}", r#"{"a":"x\u0001y"}"#, "raw_control@8"),
    (r#"{"a": "it\'s"}"#, r#"{"a":"it's"}"#, "bad_escape@9"),
    (r#"{"a": "snake\_case"}"#, r#"{"a":"snake_case"}"#, "bad_escape@12"),
    (r#"{"a": "C:\Users\new"}"#, r#"{"a":"C:\\Users\\new"}"#, "bad_escape@9! bad_escape@15!"),
    (r#"{"a": "\d+"}"#, r#"{"a":"\\d+"}"#, "bad_escape@7!"),
    (r#"{"a": "\u00zz"}"#, r#"{"a":"\\u00zz"}"#, "bad_escape@7!"),
    (r#"{"a": "\ud83d!"}"#, r#"{"a":"�!"}"#, "lone_surrogate@7!"),
    (r#"{"a": "\ude00"}"#, r#"{"a":"�"}"#, "lone_surrogate@7!"),
    (r#"{"a": "b" + "c"}"#, r#"{"a":"bc"}"#, "string_concatenation@10"),
    ("{\"a\": \"b\" +\n \"c\" + \"d\",}", r#"{"a":"bcd"}"#, "string_concatenation@10 string_concatenation@17 trailing_comma@22"),
    ("{\"a\":\u{a0}1}", r#"{"a":1}"#, "invisible_space@5"),
    ("{\u{200b}\"a\": 1}", r#"{"a":1}"#, "invisible_space@1"),
];

/// Numbers, literals and calls.
#[rustfmt::skip]
pub(super) const SCALARS: &[Case] = &[
    (r#"{"a": True, "b": None, "c": FALSE}"#, r#"{"a":true,"b":null,"c":false}"#, "literal@6 literal@17 literal@28"),
    (r#"{"a": undefined}"#, r#"{"a":null}"#, "literal@6"),
    ("[NULL, nil]", "[null,null]", "literal@1 literal@7"),
    ("[None;true]", "[null,true]", "literal@1 stray_comma@5"),
    ("[True {}]", "[true,{}]", "literal@1 missing_comma@6"),
    ("[None true]", r#"["None true"]"#, "unquoted_string@1!"),
    ("[0// x\n, null# x\n, 1./* x */, 1//2]", r#"[0,null,1.0,"1//2"]"#, "comment@2 comment@13 number_format@19 comment@21 unquoted_string@30!"),
    ("[[/* x */]]", "[[]]", "comment@2"),
    (r#"{"a": NaN, "b": -Infinity}"#, r#"{"a":null,"b":null}"#, "not_a_number@6! not_a_number@16!"),
    (r#"{"a": 1,234}"#, r#"{"a":1234}"#, "number_format@6!"),
    (r#"{"a": 1,234,567, "b": 2}"#, r#"{"a":1234567,"b":2}"#, "number_format@6!"),
    ("[1,234]", "[1,234]", ""),
    (r#"{"a": 1_000}"#, r#"{"a":1000}"#, "number_format@6"),
    ("[+5, .5, 5., -.5]", "[5,0.5,5.0,-0.5]", "number_format@1 number_format@5 number_format@9 number_format@13"),
    ("[007, 0x1F]", r#"["007","0x1F"]"#, "number_format@1! number_format@6!"),
    (r#"{"a": 12%}"#, r#"{"a":"12%"}"#, "unquoted_string@6!"),
    (r#"{"a": $12.50}"#, r#"{"a":"$12.50"}"#, "unquoted_string@6!"),
    (r#"{"a": 1/3, "b": 2024-05-01}"#, r#"{"a":"1/3","b":"2024-05-01"}"#, "unquoted_string@6! unquoted_string@16!"),
    (r#"{"a": (1, 2)}"#, r#"{"a":[1,2]}"#, "literal@6!"),
    (r#"{"a": (1)}"#, r#"{"a":1}"#, "literal@6"),
    (r#"{"a": {"x", "y"}}"#, r#"{"a":["x","y"]}"#, "literal@6!"),
    (r#"{"a": Decimal('1.50')}"#, r#"{"a":"1.50"}"#, "function_call@6 single_quotes@14"),
    (r#"{"a": ObjectId("x1")}"#, r#"{"a":"x1"}"#, "function_call@6"),
    (r#"{"a": datetime(2024, 5, 1)}"#, r#"{"a":"datetime(2024, 5, 1)"}"#, "unquoted_string@6!"),
    (r#"{"a": new Date("x")}"#, r#"{"a":"x"}"#, "function_call@6"),
    ("[10n]", "[10]", "number_format@1"),
    ("[1e999]", r#"["1e999"]"#, "unquoted_string@1!"),
    ("[2 cups, 3]", r#"["2 cups",3]"#, "unquoted_string@1!"),
    ("[1e, 2]", "[1,2]", "number_format@1!"),
];

/// Comments and ellipses.
#[rustfmt::skip]
pub(super) const SKIPS: &[Case] = &[
    ("{\"a\": 1 // x\n}", r#"{"a":1}"#, "comment@8"),
    (r#"{"a": /* x */ 1}"#, r#"{"a":1}"#, "comment@6"),
    ("# x\n{\"a\": 1}", r#"{"a":1}"#, "comment@0"),
    (r#"<!-- x -->{"a": 1}"#, r#"{"a":1}"#, "comment@0"),
    ("{\"a\": 1 # x\n, \"b\": 2}", r#"{"a":1,"b":2}"#, "comment@8"),
    ("[1, 2, ...]", "[1,2]", "trailing_comma@5 ellipsis@7!"),
    ("[1, …, 9]", "[1,9]", "ellipsis@4! stray_comma@7"),
    (r#"{"a": 1, ...}"#, r#"{"a":1}"#, "trailing_comma@7 ellipsis@9!"),
    (r#"{"a": ..., "b": 1}"#, r#"{"b":1}"#, "ellipsis@6!"),
    (r#"{"a": 1} // x"#, r#"{"a":1}"#, "comment@9"),
    (r#"{"a": 1 /* x"#, r#"{"a":1}"#, "comment@8 missing_closer@12!"),
];
