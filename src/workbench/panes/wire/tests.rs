//! The request in every mode, folding it, and the two schemas beside each other.

use super::*;
use crate::event::Why;
use crate::record::RunRecord;
use crate::schema::Schema;
use crate::schema::adapt::{Rewrite, adapt};
use crate::task::Mode;
use crate::workbench::panes::fixtures::{Story, look, screen};
use serde_json::json;

fn endpoint() -> Endpoint {
    Endpoint {
        method: "POST".into(),
        url: "https://openrouter.ai/api/v1/chat/completions".into(),
        key_env: Some("OPENROUTER_API_KEY".into()),
        headers: Vec::new(),
    }
}

fn run(mode: Mode) -> RunRecord {
    Story::new("openai/gpt-4o-mini", "openrouter")
        .attempt(mode, Why::First, "")
        .run()
}

fn pane(run: &RunRecord, width: u16) -> WirePane {
    let mut pane = WirePane::default();
    pane.sync(Request::of(run, None), Some(&endpoint()), width);
    pane
}

fn shown(pane: &WirePane, width: u16, height: u16) -> String {
    screen(width, height, |buf, area| pane.view(buf, area, &look(), true))
}

#[test]
fn before_a_run() {
    let mut pane = WirePane::default();
    pane.sync(None, Some(&endpoint()), 36);
    insta::assert_snapshot!(shown(&pane, 36, 8), @r#"
    No request yet. With a schema, an
    input and a model, what would be
    sent stands here before anything
    is.
    "#);
    let body = Arc::new(json!({"model": "SmolLM2-135M"}));
    let draft = Request {
        attempt: None,
        body: &body,
        changes: &[],
        schema: None,
    };
    pane.sync(Some(draft), None, 36);
    insta::assert_snapshot!(shown(&pane, 36, 8), @r#"
     draft: this is what a run would se…
     in this program: nothing is sent
    ▾ body
    ▾ {
        "model": "SmolLM2-135M"
      }
    ▾ the schema goes as written
    ▾ schema as written, sent in the sy…
    "#);
}

#[test]
fn tools_at_58() {
    let mut pane = pane(&run(Mode::Tools), 58);
    insta::assert_snapshot!(shown(&pane, 58, 20), @r#"
     attempt 1
     POST https://openrouter.ai/api/v1/chat/completions
     authorization: Bearer $OPENROUTER_API_KEY
     content-type: application/json
    ▾ body
    ▾ {
        "model": "openai/gpt-4o-mini",
      ▾ "messages": [
        ▾ {
            "role": "system",
          ▸ "content": "Extract the data that the function's …
          },
        ▾ {
            "role": "user",
          ▸ "content": "Ada Lovelace, 36, wrote the first pro…
          }
        ],
      ▾ "tools": [
        ▾ {
            "type": "function",
    "#);
    pane.act(Action::Bottom, 20);
    insta::assert_snapshot!(shown(&pane, 58, 20), @r#"
        "name",
        "age"
      ],
      "properties": {
        "name": {
          "type": "string",
          "description": "As written"
        },
        "age": {
          "type": "integer",
          "minimum": 0
        },
        "role": {
          "enum": [
            "admin",
            "user"
          ]
        }
      }
    }
    "#);
}

#[test]
fn structured_side_by_side() {
    let mut pane = pane(&run(Mode::Structured), 118);
    assert!(pane.act(Action::Bottom, 40));
    insta::assert_snapshot!(shown(&pane, 118, 40), @r#"
      ! /properties/role required: strict modes require every property: it is nullable instead, and `null` means absent
        (still enforced by the server)
    ▾ schema as written                                        schema as sent
      {                                                          {
    -   "title": "Person",
        "type": "object",                                          "type": "object",
        "required": [                                              "required": [
          "name",                                                    "name",
          "age"                                                      "age",
                                                               +     "role"
        ],                                                         ],
        "properties": {                                            "properties": {
          "name": {                                                  "name": {
            "type": "string",                                          "type": "string",
            "description": "As written"                                "description": "As written"
          },                                                         },
          "age": {                                                   "age": {
            "type": "integer",                                         "type": "integer",
            "minimum": 0                                               "minimum": 0
          },                                                         },
          "role": {                                                  "role": {
    -       "enum": [
    -         "admin",
    -         "user"
    -       ]
                                                               +       "anyOf": [
                                                               +         {
                                                               +           "enum": [
                                                               +             "admin",
                                                               +             "user"
                                                               +           ]
                                                               +         },
                                                               +         {
                                                               +           "type": "null"
                                                               +         }
                                                               +       ]
          }                                                          }
        }                                                          },
                                                               +   "additionalProperties": false
      }                                                          }
    "#);
}

#[test]
fn in_words_at_36() {
    let mut pane = pane(&run(Mode::Prompt), 36);
    insta::assert_snapshot!(shown(&pane, 36, 8), @r#"
     attempt 1
     POST
       https://openrouter.ai/api/v1/chat
       /completions
     authorization: Bearer
       $OPENROUTER_API_KEY
     content-type: application/json
    ▾ body
    "#);
    assert!(pane.search("as written", 8));
    insta::assert_snapshot!(shown(&pane, 36, 8), @r#"
     content-type: application/json
    ▾ body
    ▾ {
        "model": "openai/gpt-4o-mini",
      ▾ "messages": [
        ▾ {
            "role": "system",
          ▸ "content": "Extract data fr…
    "#);
}

#[test]
fn a_wrapped_schema_stands_beside_its_inside() {
    let schema = Schema::load(r#"{"type":"array","items":{"type":"string"}}"#, None).unwrap();
    let rewrite = Rewrite {
        wrap: true,
        ..Rewrite::default()
    };
    let adapted = adapt(&schema, rewrite);
    let beside = Beside::new(Some(schema.value()), Some(&adapted.value), true);
    let drawn = screen(76, 20, |buf, area| {
        for row in 0..20 {
            beside.draw(buf, area, row, usize::from(row), &look(), "");
        }
    });
    insta::assert_snapshot!(drawn, @r#"
                                          + {
                                          +   "type": "object",
                                          +   "properties": {
    ~ {                                   ~     "value": {
        "type": "array",                          "type": "array",
        "items": {                                "items": {
          "type": "string"                          "type": "string"
        }                                         }
      }                                         }
                                          +   },
                                          +   "required": [
                                          +     "value"
                                          +   ],
                                          +   "additionalProperties": false
                                          + }
    "#);
}

#[test]
fn folding_and_opening() {
    let mut pane = pane(&run(Mode::Tools), 58);
    assert!(pane.search("\"content\"", 20));
    let (pointer, value) = pane.selected().unwrap();
    assert_eq!(pointer, "/messages/0/content");
    assert!(value.as_str().unwrap().starts_with("Extract"));
    let before = pane.len();
    assert!(pane.act(Action::Open, 20));
    assert!(pane.len() > before + 2);
    assert!(pane.act(Action::Down, 20));
    assert!(pane.act(Action::Left, 20));
    assert_eq!(pane.len(), before);
    assert_eq!(pane.selected().unwrap().0, "/messages/0/content");
    assert!(pane.act(Action::Left, 20));
    assert_eq!(pane.selected().unwrap().0, "/messages/0");
    assert!(pane.act(Action::FoldAll, 20));
    assert!(pane.len() < 22, "{}", pane.len());
    assert!(pane.act(Action::UnfoldAll, 20));
    assert!(pane.len() > before);
    assert!(!pane.act(Action::Run, 20));
}

#[test]
fn changes_are_problems_to_go_to() {
    let mut pane = pane(&run(Mode::Structured), 58);
    assert!(pane.act(Action::NextProblem, 20));
    let first = pane.selected_text();
    assert!(pane.act(Action::NextProblem, 20));
    assert_ne!(pane.selected_text(), first);
    assert!(pane.act(Action::PreviousProblem, 20));
    assert_eq!(pane.selected_text(), first);
}

/// The cursor stays while the same request is shown, and what was opened stays open.
#[test]
fn another_request_is_shown_from_its_top() {
    let (tools, json) = (run(Mode::Tools), run(Mode::Json));
    let mut pane = pane(&tools, 58);
    assert!(pane.act(Action::PageDown, 9));
    let before = pane.clone();
    pane.sync(Request::of(&tools, Some(1)), Some(&endpoint()), 58);
    assert_eq!(pane, before);
    pane.sync(Request::of(&tools, Some(1)), Some(&endpoint()), 120);
    assert_eq!(pane.cursor, before.cursor);
    pane.sync(Request::of(&json, Some(1)), Some(&endpoint()), 120);
    assert_eq!(pane.cursor, Rows::at_top());
}

#[test]
fn any_area_will_do() {
    for mode in Mode::ALL {
        for (width, height) in [(0, 0), (1, 1), (3, 2), (12, 3), (300, 200)] {
            let mut pane = pane(&run(mode), width);
            shown(&pane, width, height);
            pane.act(Action::Bottom, height);
            shown(&pane, width, height);
        }
    }
}
