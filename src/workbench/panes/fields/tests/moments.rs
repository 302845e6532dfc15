//! What is on screen at the moments of a run.

use super::*;

const ANSWER: &str =
    r#"{"name":"Zoë","age":3,"role":"user","address":{"street":"Long Lane 1","city":null},"tags":["a","b"]}"#;

#[test]
fn one_run() {
    let mut stage = Stage::new(PERSON, 58, 20);
    insta::assert_snapshot!(stage.shown(), @r##"
    · ▾ Person  object ◂
    ·     name     string
    ·     age      integer
    ·     role     admin|user
    ·     nick     string?
    ·   ▾ address  object?
    ·       street  string
    ·       city    string|null?
    ·     tags     [string]?
    "##);
    stage.attempt(Why::First, vec![]);
    insta::assert_snapshot!(stage.write(r#"Sure: {"name":"Zo"#), @r##"
    ~ ▾ Person  0 of 6 fields
    ~     name     "Zo▏ ◂
    ·     age      integer
    ·     role     admin|user
    ·     nick     string?
    ·   ▾ address  object?
    ·       street  string
    ·       city    string|null?
    ·     tags     [string]?
    "##);
    insta::assert_snapshot!(stage.write(r#"ë","age":3"#), @r##"
    ~ ▾ Person  1 of 6 fields
    ✓     name     "Zoë"
    ~     age      integer▏ ◂
    ·     role     admin|user
    ·     nick     string?
    ·   ▾ address  object?
    ·       street  string
    ·       city    string|null?
    ·     tags     [string]?
    "##);
    insta::assert_snapshot!(stage.write(r#","role":"us"#), @r##"
    ~ ▾ Person  2 of 6 fields
    ✓     name     "Zoë"
    ✓     age      3
    ~     role     admin|user▏ ◂
    ·     nick     string?
    ·   ▾ address  object?
    ·       street  string
    ·       city    string|null?
    ·     tags     [string]?
    "##);
    insta::assert_snapshot!(stage.write(r#"er","address":{"street":"Long Lane 1","city":null},"tags":["a","b"#), @r##"
    ~ ▾ Person  4 of 6 fields
    ✓     name     "Zoë"
    ✓     age      3
    ✓     role     "user"
    ·     nick     string?
    ○   ▾ address  2 fields
    ✓       street  "Long Lane 1"
    ✓       city    null
    ~   ▾ tags     2 items
    ✓       [0]  "a"
    ~       [1]  "b▏ ◂
    "##);
    stage.write(r#""]}"#);
    insta::assert_snapshot!(stage.finish(&serde_json::from_str(ANSWER).unwrap()), @r##"
    ✓ ▾ Person  5 fields
    ✓     name     "Zoë"
    ✓     age      3
    ✓     role     "user"
    –     nick     not in the answer
    ✓   ▾ address  2 fields
    ✓       street  "Long Lane 1"
    ✓       city    null
    ✓   ▾ tags     2 items
    ✓       [0]  "a"
    ✓       [1]  "b" ◂
    "##);
}

#[test]
fn a_narrow_run() {
    let mut stage = Stage::new(PERSON, 36, 8);
    insta::assert_snapshot!(stage.shown(), @r##"
    · ▾ Person  object ◂
    ·    name     string
    ·    age      integer
    ·    role     admin|user
    ·    nick     string?
    ·  ▾ address  object?
    ·     street  string
    ·     city    string|null?
    "##);
    stage.attempt(Why::First, vec![]);
    let name = "A very long name that does not fit into a row";
    insta::assert_snapshot!(stage.write(&format!("{{\"name\":\"{name}")), @r##"
    ~ ▾ Person  0 of 6 fields
    ~    name     …s not fit into a row▏ ◂
    ·    age      integer
    ·    role     admin|user
    ·    nick     string?
    ·  ▾ address  object?
    ·     street  string
    ·     city    string|null?
    "##);
    insta::assert_snapshot!(stage.write(r#"","age":-1,"role":"guest","tags":["a","b"#), @r##"
         "user"
    ·    nick     string?
    ·  ▾ address  object?
    ·     street  string
    ·     city    string|null?
    ~  ▾ tags     2 items
    ✓     [0]  "a"
    ~     [1]  "b▏ ◂
    "##);
    stage.write(r#"bbbb"]}"#);
    let value = json!({"name": name, "age": -1, "role": "guest", "tags": ["a", "bbbbb"]});
    insta::assert_snapshot!(stage.finish(&value), @r##"
    –  ▾ address  not in the answer
    –     street
    –     city
    ✗  ▾ tags     2 items
    ✓     [0]  "a"
    ✗     [1]  "bbbbb"
          "bbbbb" is longer than 4
          characters ◂
    "##);
}

#[test]
fn an_invalid_end() {
    let mut stage = Stage::with_attempt(PERSON, 58, 20);
    let answer = r#"{"age":-1,"extra":{"x":1},"address":{"city":"Rome"},"tags":["toolong",5]}"#;
    insta::assert_snapshot!(stage.write(answer), @r##"
    ✗ ▾ Person  4 fields
    –     name     not in the answer
    ✗     age      -1
          -1 is less than 0
    ○   ▾ extra    1 field
    ○       x  1
    –     role     not in the answer
    –     nick     not in the answer
    ○   ▾ address  1 field
    –       street  not in the answer
    ✓       city    "Rome"
    ✗   ▾ tags     2 items
    ✗       [0]  "toolong"
            "toolong" is longer than 4 characters
    ✗       [1]  5
            expected string, got the number 5 ◂
    "##);
    let judged = stage.finish(&serde_json::from_str(answer).unwrap());
    stage.ended(Outcome::Invalid);
    assert_eq!(stage.shown(), judged);
    insta::assert_snapshot!(judged, @r##"
    ✗ ▾ Person  4 fields
    ✗     name     string
          required, and missing
    ✗     age      -1
          -1 is less than 0
    ✓   ▾ extra    1 field
    ✓       x  1
    ✗     role     admin|user
          required, and missing
    –     nick     not in the answer
    ✗   ▾ address  1 field
    ✗       street  string
            required, and missing
    ✓       city    "Rome"
    ✗   ▾ tags     2 items
    ✗       [0]  "toolong"
            "toolong" is longer than 4 characters
    ✗       [1]  5
            expected string, got the number 5 ◂
    "##);
}

#[test]
fn a_repaired_value_is_what_is_shown() {
    let mut stage = Stage::with_attempt(PERSON, 58, 9);
    insta::assert_snapshot!(stage.write("name = Zoë\nage = 3"), @r##"
    · ▾ Person  object ◂
    ·     name     string
    ·     age      integer
    ·     role     admin|user
    ·     nick     string?
    ·   ▾ address  object?
    ·       street  string
    ·       city    string|null?
    ·     tags     [string]?
    "##);
    insta::assert_snapshot!(stage.finish(&json!({"name": "Zoë", "age": 3, "role": "user"})), @r##"
    ✓ ▾ Person  3 fields
    ✓     name     "Zoë"
    ✓     age      3
    ✓     role     "user" ◂
    –     nick     not in the answer
    –   ▾ address  not in the answer
    –       street
    –       city
    –     tags     not in the answer
    "##);
}

#[test]
fn a_dead_stream_stays_until_the_next_attempt_writes() {
    let mut stage = Stage::with_attempt(PERSON, 58, 9);
    stage.write(r#"{"name":"Ann","age":4"#);
    stage.live(&stage.closed());
    insta::assert_snapshot!(stage.shown(), @r##"
    ! ▾ Person  2 fields, cut off
    ✓     name     "Ann"
    ✓     age      4 ◂
    ·     role     admin|user
    ·     nick     string?
    ·   ▾ address  object?
    ·       street  string
    ·       city    string|null?
    ·     tags     [string]?
    "##);
    stage.attempt(Why::Retry, vec![]);
    assert!(stage.shown().contains("\"Ann\""));
    insta::assert_snapshot!(stage.write(r#"{"name":"B"#), @r##"
    ~ ▾ Person  0 of 6 fields
    ~     name     "B▏ ◂
    ·     age      integer
    ·     role     admin|user
    ·     nick     string?
    ·   ▾ address  object?
    ·       street  string
    ·       city    string|null?
    ·     tags     [string]?
    "##);
}

#[test]
fn a_reask_begins_again() {
    let mut stage = Stage::with_attempt(PERSON, 58, 9);
    stage.write(r#"{"name":"Ann","age":-4,"role":"user"}"#);
    stage.finish(&json!({"name":"Ann","age":-4,"role":"user"}));
    stage.attempt(Why::Reask, vec![]);
    assert!(stage.shown().contains("-4 is less than"));
    insta::assert_snapshot!(stage.write(r#"{"name":"Ann","age":4,"#), @r##"
    ~ ▾ Person  2 of 6 fields
    ✓     name     "Ann"
    ✓     age      4 ◂
    ·     role     admin|user
    ·     nick     string?
    ·   ▾ address  object?
    ·       street  string
    ·       city    string|null?
    ·     tags     [string]?
    "##);
}

#[test]
fn what_an_adaptation_added_is_not_there() {
    let mut stage = Stage::new(PERSON, 58, 9);
    stage.attempt(Why::First, vec![undo("/properties/nick", Undo::DropNull)]);
    insta::assert_snapshot!(stage.write(r#"{"nick":null,"name":"A","#), @r##"
    ~ ▾ Person  1 of 6 fields
    ✓     name     "A" ◂
    ·     age      integer
    ·     role     admin|user
    –     nick     not in the answer
    ·   ▾ address  object?
    ·       street  string
    ·       city    string|null?
    ·     tags     [string]?
    "##);
    let mut stage = Stage::new(r#"{"type":"array","items":{"type":"integer"}}"#, 58, 9);
    stage.attempt(Why::First, vec![undo("", Undo::Unwrap)]);
    insta::assert_snapshot!(stage.write(r#"{"value":[1,20"#), @r##"
    ~ ▾ Answer  2 items
    ✓     [0]  1
    ~     [1]  integer▏ ◂
    "##);
    stage.write("]}");
    insta::assert_snapshot!(stage.finish(&json!([1, 20])), @r##"
    ✓ ▾ Answer  2 items
    ✓     [0]  1
    ✓     [1]  20 ◂
    "##);
}

#[test]
fn a_schema_that_holds_itself_is_shown_as_far_as_it_came() {
    let schema = r##"{"title":"Node","type":"object","required":["id"],"properties":{"id":{"type":"integer"},
        "left":{"$ref":"#"},"kids":{"type":"array","items":{"$ref":"#"}}}}"##;
    let mut stage = Stage::with_attempt(schema, 58, 20);
    insta::assert_snapshot!(stage.write(r#"{"id":1,"left":{"id":2,"kids":[{"id":3}"#), @r##"
    ~ ▾ Node  1 of 3 fields
    ✓     id    1
    ~   ▾ left  1 of 3 fields
    ✓       id    2
    ·       left  object?
    ~     ▾ kids  1 item
    ✓       ▾ [0]  1 field
    ✓           id    3 ◂
    –           left  not in the answer
    –           kids  not in the answer
    ·     kids  [object]?
    "##);
}

#[test]
fn without_a_schema() {
    let mut stage = Stage::with_attempt("{}", 36, 8);
    insta::assert_snapshot!(stage.write(r#"{"a":[1,{"b":tr"#), @r##"
    ~ ▾ Answer  1 field
    ~  ▾ a  2 items
    ○     [0]  1
    ~     [1]  0 fields ◂
    "##);
    let mut pane = FieldsPane::default();
    pane.sync(None, None, 8, 36);
    insta::assert_snapshot!(draw(&pane, &Record::default(), 36, 8), @r##"
    No schema yet: write one, and its
    fields stand here.
    "##);
}

#[test]
fn errors_find_their_fields() {
    let mut stage = Stage::with_attempt(PERSON, 58, 20);
    stage.write(r#"{"name":"Ann"}"#);
    let mut event = stage.judged(&json!({"name": "Ann"}));
    if let RunEvent::Judged { errors, .. } = &mut event {
        *errors = vec![
            violation("", "required", "`role` is missing"),
            violation("", "required", "`other` is missing"),
            violation("", "minProperties", "at least 9 members expected, got 1"),
            violation("/name", "pattern", "no"),
            violation("/name", "pattern", "no"),
            violation("/name/x/y", "type", "lost"),
            violation("/nick", "type", "odd"),
        ];
    }
    stage.live(&event);
    insta::assert_snapshot!(stage.shown(), @r##"
    ✗ ▾ Person  1 field
        `other` is missing
        at least 9 members expected, got 1
    ✗     name     "Ann"
          no
          /name/x/y: lost ◂
    –     age      not in the answer
    ✗     role     admin|user
          required, and missing
    ✗     nick     string?
          odd
    –   ▾ address  not in the answer
    –       street
    –       city
    –     tags     not in the answer
    "##);
    assert_eq!(stage.pane.outline.reasons.len(), 4);
}
