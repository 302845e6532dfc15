//! Order, filters, favourites, endpoints and lists that are missing.

use super::*;
use crate::workbench::overlays::Overlay;
use crate::workbench::overlays::tests::given::{choices, list, model};
use crate::workbench::overlays::tests::{key, looks, typed};
use crossterm::event::KeyModifiers;

const AREA: Rect = Rect::new(0, 0, 100, 30);

fn alt(letter: char) -> KeyEvent {
    KeyEvent::new(KeyCode::Char(letter), KeyModifiers::ALT)
}

fn favour(picker: &mut ModelPicker) -> Response<Chosen> {
    picker.key(KeyEvent::new(KeyCode::Char('f'), KeyModifiers::CONTROL), AREA)
}

/// The ids that the cursor passes, from the first on.
fn ids(picker: &ModelPicker) -> Vec<String> {
    let mut picker = picker.clone();
    picker.key(key(KeyCode::Home), AREA);
    let mut ids = Vec::new();
    for _ in 0..picker.picker.count() {
        ids.extend(picker.current().map(|entry| entry.id.clone()));
        picker.key(key(KeyCode::Down), AREA);
    }
    ids
}

fn search(query: &str) -> Vec<String> {
    let mut picker = ModelPicker::new(choices());
    picker.paste(query);
    ids(&picker)
}

const EVIL: &str = "evil/\u{1b}[31mred\u{202e}\n日本語";
const LONG: &str = "acme/thorough-2-with-a-rather-long-name:free";

#[test]
fn favourites_then_recent_then_all_by_id() {
    let picker = ModelPicker::new(choices());
    let expected = [
        "gamma/deep-thought",
        "acme/quick-2",
        "gone/model",
        LONG,
        "beta/router",
        EVIL,
    ];
    assert_eq!(ids(&picker), expected);
    assert_eq!(picker.current().unwrap().id, "acme/quick-2");
}

#[test]
fn the_best_match_is_first() {
    let none: [&str; 0] = [];
    let table: [(&str, &[&str]); 6] = [
        ("quick", &["acme/quick-2"]),
        ("acme", &["acme/quick-2", LONG]),
        ("2 free", &[LONG]),
        ("Deep", &["gamma/deep-thought"]),
        ("日本", &[EVIL]),
        ("DEEP", &none),
    ];
    for (query, expected) in table {
        assert_eq!(search(query), expected, "{query}");
    }
}

#[test]
fn filters_let_only_such_models_in_and_can_be_taken_back() {
    let table: [(&str, &[&str]); 5] = [
        ("s", &["acme/quick-2"]),
        ("t", &["gamma/deep-thought", "acme/quick-2", LONG]),
        ("jt", &["acme/quick-2", LONG]),
        ("f", &[LONG]),
        ("sf", &[]),
    ];
    for (letters, expected) in table {
        let mut picker = ModelPicker::new(choices());
        let before = ids(&picker);
        for letter in letters.chars() {
            assert_eq!(picker.key(alt(letter), AREA), Response::Stay);
        }
        assert_eq!(ids(&picker), expected, "{letters}");
        for letter in letters.chars() {
            picker.key(alt(letter), AREA);
        }
        assert_eq!(ids(&picker), before);
    }
}

#[test]
fn a_favourite_is_marked_and_unmarked_where_the_cursor_is() {
    let mut picker = ModelPicker::new(choices());
    let both = vec!["gamma/deep-thought".to_owned(), "acme/quick-2".to_owned()];
    assert_eq!(favour(&mut picker), Response::Did(Chosen::Favourites(both)));
    assert_eq!(picker.current().unwrap().id, "acme/quick-2");
    let one = vec!["gamma/deep-thought".to_owned()];
    assert_eq!(favour(&mut picker), Response::Did(Chosen::Favourites(one)));
    picker.paste("zz");
    assert_eq!(favour(&mut picker), Response::Stay);
}

#[test]
fn what_is_typed_can_be_used_unless_it_is_listed() {
    let mut picker = ModelPicker::new(choices());
    picker.paste(" acme/quick ");
    picker.key(key(KeyCode::End), AREA);
    let chosen = picker.key(key(KeyCode::Enter), AREA);
    assert_eq!(chosen, Response::Chose(Chosen::Model("acme/quick".into())));
    let mut picker = ModelPicker::new(choices());
    picker.paste("acme/quick-2");
    picker.key(key(KeyCode::End), AREA);
    let chosen = picker.key(key(KeyCode::Enter), AREA);
    assert_eq!(chosen, Response::Chose(Chosen::Model("acme/quick-2".into())));
}

#[test]
fn endpoints_are_wanted_once_and_only_of_listed_models() {
    let mut picker = ModelPicker::new(choices());
    assert_eq!(picker.wanted(), None, "already known");
    picker.key(key(KeyCode::Up), AREA);
    assert_eq!(picker.wanted(), Some("gamma/deep-thought"));
    picker.set_endpoints("gamma/deep-thought".into(), Endpoints::Loading);
    assert_eq!(picker.wanted(), None);
    picker.key(key(KeyCode::Down), AREA);
    picker.key(key(KeyCode::Down), AREA);
    assert_eq!(picker.wanted(), None, "not in the list");
    let silent = ModelChoices {
        endpoints: None,
        current: None,
        ..choices()
    };
    assert_eq!(ModelPicker::new(silent).wanted(), None, "a server without such a list");
}

#[test]
fn what_is_known_of_endpoints_is_said() {
    let table = [
        (Endpoints::Loading, "asking for its endpoints"),
        (Endpoints::Failed("no network".into()), "endpoints unknown: no network"),
        (Endpoints::Known(vec![]), "no endpoint serves it now"),
        (
            Endpoints::Known(vec![EndpointInfo::default()]),
            "0 of 1 endpoint honours structured_outputs, 0 tools, 0 response_format",
        ),
    ];
    for (state, expected) in table {
        let mut picker = ModelPicker::new(choices());
        picker.set_endpoints("acme/quick-2".into(), state);
        let drawn = looks::drawn(&Overlay::Model(picker), 100, 30);
        assert!(drawn.contains(expected), "{drawn}");
    }
}

#[test]
fn a_list_that_comes_later_keeps_query_and_cursor() {
    let empty = ModelList {
        models: [].into(),
        age: None,
        stale: false,
        error: None,
        loading: true,
    };
    let mut picker = ModelPicker::new(ModelChoices {
        list: empty,
        ..choices()
    });
    picker.paste("model");
    let before = picker.current().unwrap().id.clone();
    assert_eq!(before, "gone/model");
    picker.set_list(list());
    assert_eq!(picker.current().unwrap().id, before);
    assert_eq!(picker.picker.query(), "model");
}

#[test]
fn lists_that_are_missing_or_old_say_so() {
    let empty = |error: Option<&str>, loading| ModelList {
        models: [].into(),
        age: None,
        stale: false,
        error: error.map(str::to_owned),
        loading,
    };
    let old = ModelList {
        stale: true,
        age: Some(Duration::from_secs(5 * 86_400)),
        error: Some("the server cannot be reached".into()),
        ..list()
    };
    let table = [
        (empty(None, true), "the list is being fetched"),
        (empty(Some("no network"), false), "no list: no network"),
        (empty(None, false), "the server lists no models"),
        (old.clone(), "old list from 5 days ago"),
        (old, "no newer list: the server cannot be reached"),
    ];
    for (list, expected) in table {
        let drawn = looks::drawn(
            &Overlay::Model(ModelPicker::new(ModelChoices { list, ..choices() })),
            100,
            30,
        );
        assert!(drawn.contains(expected), "{drawn}");
    }
}

#[test]
fn filters_and_what_is_typed_as_they_look() {
    let mut picker = ModelPicker::new(choices());
    picker.key(alt('t'), AREA);
    picker.key(alt('j'), AREA);
    let mut overlay = Overlay::Model(picker);
    typed(&mut overlay, "quick");
    insta::assert_snapshot!(looks::drawn(&overlay, 80, 20), @r#"
    ┌─ Model ────────────────────────────────────── 1 of 6, list from 3 h ago ─┐
    │ > quick                                                 only tools, json │
    │    model                                  STJ   $/M in  $/M out  context │
    │ ●  acme/quick-2  Acme: Quick 2            STJ   0.0375     1.00     131k │
    │    use "quick" as typed                                                  │
    │                                                                          │
    │                                                                          │
    │                                                                          │
    │                                                                          │
    │                                                                          │
    │                                                                          │
    │                                                                          │
    │ ──────────────────────────────────────────────────────────────────────── │
    │ acme/quick-2                                                             │
    │ Acme: Quick 2, context 131k, max output 16k                              │
    │ 3 of 11 endpoints honour structured_outputs, 11 tools, 8 response_format │
    │                                                                          │
    └─ Enter use ─ Esc close ─ Ctrl-F favourite ─ Alt-STJ modes ─ Alt-F free ──┘
    "#);
    insta::assert_snapshot!(looks::drawn(&overlay, 40, 12), @r#"
    ┌─ Model ── 1 of 6, list from 3 h ago ─┐
    │ > quick                     only T J │
    │ ●  acme/quick-2  Acme: Quick 2   STJ │
    │    use "quick" as typed              │
    │                                      │
    │                                      │
    │                                      │
    │ acme/quick-2                         │
    │ $/M 0.0375 in 1.00 out, context      │
    │ 131k, max output 16k                 │
    │ 3 of 11 honour structured_outputs    │
    └─ Enter use ─ Esc close ──────────────┘
    "#);
}

#[test]
fn two_thousand_models_are_narrowed() {
    let makers = ["acme", "beta", "gamma", "delta"];
    let models: Vec<ModelInfo> = (0..2_000)
        .map(|number| {
            let id = format!("{}/model-{number}-instruct-preview", makers[number % 4]);
            model(
                &id,
                &format!("Some Maker: Model {number} Instruct (preview)"),
                Some((1e-6, 2e-6)),
                &["tools"],
            )
        })
        .collect();
    let list = ModelList {
        models: models.into(),
        ..list()
    };
    let mut picker = ModelPicker::new(ModelChoices { list, ..choices() });
    for c in "acme 19".chars() {
        picker.key(key(KeyCode::Char(c)), AREA);
    }
    assert!(ids(&picker)[0].starts_with("acme/model-19"), "{:?}", ids(&picker)[0]);
}
