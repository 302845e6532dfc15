//! All overlays: what each answers to keys, how it looks, and that nothing panics.

pub(super) mod looks;

use super::*;
use crate::event::PlanStep;
use crate::extract::model::ModelInfo;
use crate::provider::openrouter::catalogue::EndpointInfo;
use crate::task::Mode;
use crate::workbench::styles::{Glyphs, Styles};
use crossterm::event::{KeyCode, KeyModifiers};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use unicode_width::UnicodeWidthStr as _;

pub(super) fn look() -> Look {
    Look {
        styles: Styles::default(),
        glyphs: Glyphs::UNICODE,
    }
}

pub(super) fn screen() -> Rect {
    Rect::new(0, 0, 80, 24)
}

pub(super) fn model(id: &str, name: &str, prices: Option<(f64, f64)>, supported: &[&str]) -> ModelInfo {
    ModelInfo {
        id: id.into(),
        name: name.into(),
        context_length: Some(131_072),
        max_completion_tokens: Some(16_384),
        prompt_price: prices.map(|(prompt, _)| prompt),
        completion_price: prices.map(|(_, completion)| completion),
        supported_parameters: Some(supported.iter().map(|&name| name.into()).collect()),
        ..ModelInfo::default()
    }
}

pub(super) fn list() -> ModelList {
    let all = ["structured_outputs", "tools", "response_format"];
    ModelList {
        models: [
            model("acme/quick-2", "Acme: Quick 2", Some((3.75e-8, 1e-6)), &all),
            ModelInfo {
                expires: Some("2026-12-31".into()),
                ..model(
                    "acme/thorough-2-with-a-rather-long-name:free",
                    "Acme: Thorough 2 (free)",
                    Some((0.0, 0.0)),
                    &all[1..],
                )
            },
            model("beta/router", "", None, &[]),
            ModelInfo {
                supported_parameters: None,
                ..model(
                    "evil/\u{1b}[31mred\u{202e}\n日本語",
                    "name\u{7}\u{200b} of evil",
                    Some((1.5e-5, 7.5e-5)),
                    &[],
                )
            },
            model(
                "gamma/deep-thought",
                "Gamma: Deep Thought",
                Some((2e-6, 1.2e-5)),
                &all[1..2],
            ),
        ]
        .into(),
        age: Some(Duration::from_secs(3 * 3_600 + 60)),
        stale: false,
        error: None,
        loading: false,
    }
}

fn endpoint(supported: &[&str]) -> EndpointInfo {
    EndpointInfo {
        supported_parameters: Some(supported.iter().map(|&name| name.into()).collect()),
        ..EndpointInfo::default()
    }
}

pub(super) fn choices() -> ModelChoices {
    let mut endpoints = vec![endpoint(&["tools", "structured_outputs"]); 3];
    endpoints.extend(vec![endpoint(&["tools", "response_format"]); 8]);
    ModelChoices {
        list: list(),
        current: Some("acme/quick-2".into()),
        recent: vec!["acme/quick-2".into(), "gone/model".into()],
        favourites: vec!["gamma/deep-thought".into()],
        endpoints: Some(BTreeMap::from([("acme/quick-2".into(), Endpoints::Known(endpoints))])),
        soon: "2027-01-31".into(),
    }
}

fn step(mode: Mode, reason: &str) -> PlanStep {
    PlanStep {
        mode,
        reason: reason.into(),
    }
}

pub(super) fn modes() -> ModePicker {
    let json = || step(Mode::Json, "the model lists response_format");
    let prompt = || step(Mode::Prompt, "every model can be asked in words");
    let tools = "the model lists tools; structured passed over: the schema has free-form maps, which strict schemas cannot express";
    let chosen = "chosen; sent without `strict`, because the schema has free-form maps";
    ModePicker::new(
        vec![
            (ModeChoice::Auto, vec![step(Mode::Tools, tools), json(), prompt()]),
            (
                ModeChoice::Only(Mode::Tools),
                vec![step(Mode::Tools, "chosen"), json(), prompt()],
            ),
            (
                ModeChoice::Only(Mode::Structured),
                vec![step(Mode::Structured, chosen), json(), prompt()],
            ),
            (ModeChoice::Only(Mode::Json), vec![step(Mode::Json, "chosen"), prompt()]),
            (ModeChoice::Only(Mode::Prompt), vec![]),
        ],
        ModeChoice::Auto,
    )
}

pub(super) fn providers() -> ProviderPicker {
    let row = |name: &str, kind: &str, address: &str, key, note: &str| ProviderRow {
        name: name.into(),
        kind: kind.into(),
        address: address.into(),
        key,
        current: name == "openrouter",
        note: note.into(),
    };
    ProviderPicker::new(vec![
        row(
            "local",
            "embedded model",
            "",
            KeyState::NotNeeded,
            "for a first look, without a network",
        ),
        row(
            "openrouter",
            "OpenRouter",
            "https://openrouter.ai/api/v1",
            KeyState::Missing("OPENROUTER_API_KEY".into()),
            "",
        ),
        row(
            "ev\u{1b}il日本",
            "OpenAI-compatible",
            "http://localhost:8080/v1/\u{202e}a-long/path/that/goes/on",
            KeyState::Set("EVIL_KEY".into()),
            "",
        ),
    ])
}

fn keys_of(action: Action) -> String {
    let keys = action
        .row()
        .and_then(|row| row.keys.first())
        .map(|(_, keys)| keys.join("  "));
    keys.unwrap_or_default()
}

pub(super) fn blocked(action: Action) -> Option<&'static str> {
    (action == Action::CopyCurl).then_some("nothing was sent yet")
}

pub(super) fn palette() -> Palette {
    Palette::new(&keys_of, &blocked)
}

pub(super) fn help() -> Help {
    let entry = |keys: &str, does: &str| (keys.to_owned(), does.to_owned());
    Help::new(vec![
        HelpGroup {
            title: "Output".into(),
            entries: vec![
                entry("Space", "fold or unfold what is under the cursor"),
                entry("y y", "copy the value under the cursor"),
            ],
        },
        HelpGroup {
            title: "Everywhere".into(),
            entries: vec![
                entry("r  F5  Alt-Enter  Ctrl-R", "run the task"),
                entry(
                    "Alt-M",
                    "let the mouse scroll and choose panes, or leave it to the terminal",
                ),
            ],
        },
    ])
}

pub(super) fn confirm() -> Confirm {
    let choice = |letter, words: &str, answer| Choice {
        letter,
        words: words.into(),
        answer,
    };
    Confirm::new(
        "The schema is not written.",
        vec!["Lost would be: changes to schemas/an-invoice-with-a-long\u{1b}-name.json".into()],
        ('s', "stay"),
        vec![
            choice('w', "write it and quit", Answer::WriteAndQuit),
            choice('q', "quit without", Answer::Quit),
        ],
    )
}

pub(super) fn overlays() -> Vec<Overlay> {
    let mut save = Prompt::new(Purpose::SaveTo, "/tmp/answers/in\u{1b}voice.json");
    save.set_error("/tmp/answers is not there: make the folder first or choose another");
    let mut search = Prompt::new(Purpose::Search, "total");
    search.set_note("3 of 12");
    vec![
        Overlay::Model(ModelPicker::new(choices())),
        Overlay::Mode(modes()),
        Overlay::Provider(providers()),
        Overlay::Palette(palette()),
        Overlay::Help(help()),
        Overlay::Confirm(confirm()),
        Overlay::Prompt(save),
        Overlay::Prompt(search),
    ]
}

pub(super) fn key(code: KeyCode) -> KeyEvent {
    KeyEvent::new(code, KeyModifiers::NONE)
}

pub(super) fn typed(overlay: &mut Overlay, text: &str) {
    for c in text.chars() {
        let modifiers = if c.is_uppercase() {
            KeyModifiers::SHIFT
        } else {
            KeyModifiers::NONE
        };
        overlay.key(KeyEvent::new(KeyCode::Char(c), modifiers), screen());
    }
}

#[test]
fn typing_then_enter_chooses() {
    let text = |purpose, text: &str| Chosen::Text(purpose, text.to_owned());
    let table = [
        (
            0,
            "thorough",
            Some(Chosen::Model("acme/thorough-2-with-a-rather-long-name:free".into())),
        ),
        (0, "", Some(Chosen::Model("acme/quick-2".into()))),
        (0, "zz/new-Model", Some(Chosen::Model("zz/new-Model".into()))),
        (1, "", Some(Chosen::Mode(ModeChoice::Auto))),
        (1, "jso", Some(Chosen::Mode(ModeChoice::Only(Mode::Json)))),
        (1, "zz", None),
        (2, "", Some(Chosen::Provider("openrouter".into()))),
        (2, "local", Some(Chosen::Provider("local".into()))),
        (3, "run the", Some(Chosen::Action(Action::Run))),
        (3, "cop poin", Some(Chosen::Action(Action::CopyPointer))),
        (3, "curl", None),
        (4, "", None),
        (5, "", Some(Chosen::Answer(Answer::Back))),
        (6, "2", Some(text(Purpose::SaveTo, "/tmp/answers/in\u{1b}voice.json2"))),
        (7, " sum", Some(text(Purpose::Search, "total sum"))),
    ];
    for (number, query, expected) in table {
        let mut overlay = overlays().swap_remove(number);
        typed(&mut overlay, query);
        let expected = expected.map_or(Response::Stay, Response::Chose);
        assert_eq!(overlay.key(key(KeyCode::Enter), screen()), expected, "{number} {query}");
    }
}

#[test]
fn esc_closes_and_chooses_nothing_that_destroys() {
    for (number, mut overlay) in overlays().into_iter().enumerate() {
        typed(&mut overlay, "a");
        let response = overlay.key(key(KeyCode::Esc), screen());
        match overlay {
            Overlay::Confirm(_) => assert_eq!(response, Response::Chose(Chosen::Answer(Answer::Back))),
            _ => assert_eq!(response, Response::Close, "{number}"),
        }
    }
    for code in [KeyCode::Char('q'), KeyCode::Char('?'), KeyCode::F(1)] {
        assert_eq!(Overlay::Help(help()).key(key(code), screen()), Response::Close);
    }
}

#[test]
fn a_question_is_answered_by_letters_or_by_the_cursor() {
    use KeyCode::{Char, Down, End, Enter, Home, Tab, Up};
    let answer = |keys: &[KeyCode]| {
        let mut confirm = confirm();
        let mut response = Response::Stay;
        for code in keys {
            response = confirm.key(key(*code));
        }
        response
    };
    let table: [(&[KeyCode], Response<Answer>); 8] = [
        (&[Enter], Response::Chose(Answer::Back)),
        (&[Char('s')], Response::Chose(Answer::Back)),
        (&[Char('W')], Response::Chose(Answer::WriteAndQuit)),
        (&[Char('x')], Response::Stay),
        (&[Down, Down, Down, Enter], Response::Chose(Answer::Quit)),
        (&[Tab, Tab, Tab, Enter], Response::Chose(Answer::Back)),
        (&[End, Up, Enter], Response::Chose(Answer::WriteAndQuit)),
        (&[End, Home, Enter], Response::Chose(Answer::Back)),
    ];
    for (keys, expected) in table {
        assert_eq!(answer(keys), expected, "{keys:?}");
    }
    let quit = KeyEvent::new(Char('q'), KeyModifiers::CONTROL);
    assert_eq!(confirm().key(quit), Response::Stay);
}

#[test]
fn prompts_tell_what_a_search_finds_and_refuse_no_path() {
    let mut search = Prompt::new(Purpose::Search, "");
    assert_eq!(search.key(key(KeyCode::Char('a'))), Response::Did("a".into()));
    assert_eq!(search.key(key(KeyCode::Left)), Response::Stay);
    let mut save = Prompt::new(Purpose::SaveTo, " ");
    assert_eq!(save.key(key(KeyCode::Enter)), Response::Stay);
    assert!(looks::drawn(&Overlay::Prompt(save.clone()), 80, 24).contains("type the path of a file"));
    save.paste("a\nb");
    assert_eq!(save.key(key(KeyCode::Enter)), Response::Chose(" a b".into()));
    assert!(!looks::drawn(&Overlay::Prompt(save), 80, 24).contains("type the path"));
}

#[test]
fn matches_and_the_cursor_row_are_marked_and_the_reason_is_said() {
    use ratatui::style::{Modifier, Style};
    let mut look = look();
    look.styles.matched = Style::new().add_modifier(Modifier::BOLD);
    look.styles.selected = Style::new().add_modifier(Modifier::REVERSED);
    look.styles.dim = Style::new().add_modifier(Modifier::DIM);
    let mut overlay = Overlay::Palette(palette());
    typed(&mut overlay, "curl");
    let mut buf = Buffer::empty(screen());
    overlay.view(&mut buf, screen(), &look);
    let row = (0..24).find(|y| (0..80).any(|x| buf[(x, *y)].symbol() == "y")).unwrap();
    let of = |modifier| -> String {
        let cells = (0..80).map(|x| &buf[(x, row)]);
        let marked = cells.filter(|cell| cell.modifier.contains(modifier));
        marked.map(ratatui::buffer::Cell::symbol).collect()
    };
    assert_eq!(of(Modifier::BOLD), "curl");
    assert!(of(Modifier::DIM).starts_with("copy-curl"));
    assert!(
        of(Modifier::REVERSED).contains("nothing was sent yet"),
        "{}",
        of(Modifier::REVERSED)
    );
}

#[test]
fn what_is_blocked_can_be_freed() {
    let mut palette = palette();
    palette.set_blocked(&|_| None);
    let mut overlay = Overlay::Palette(palette);
    typed(&mut overlay, "curl");
    let chosen = Response::Chose(Chosen::Action(Action::CopyCurl));
    assert_eq!(overlay.key(key(KeyCode::Enter), screen()), chosen);
}

#[test]
fn help_scrolls_no_further_than_its_end() {
    let area = Rect::new(0, 0, 40, 8);
    let mut overlay = Overlay::Help(help());
    for _ in 0..30 {
        overlay.key(key(KeyCode::Char('j')), area);
    }
    assert!(looks::drawn(&overlay, 40, 8).contains("terminal"));
    overlay.key(key(KeyCode::Char('k')), area);
    assert!(!looks::drawn(&overlay, 40, 8).contains("terminal"));
    overlay.key(key(KeyCode::Home), area);
    assert!(looks::drawn(&overlay, 40, 8).contains("Output"));
}

fn any_key() -> impl Strategy<Value = KeyEvent> {
    let codes = prop_oneof![
        any::<char>().prop_map(KeyCode::Char),
        "[a-z/ ]".prop_map(|text| KeyCode::Char(text.chars().next().unwrap_or(' '))),
        (0_usize..13).prop_map(|number| {
            use KeyCode::{BackTab, Backspace, Delete, Down, End, Enter, Home, Left, PageDown, PageUp, Right, Tab, Up};
            [
                Up, Down, Left, Right, PageUp, PageDown, Home, End, Enter, Tab, BackTab, Backspace, Delete,
            ][number]
        }),
    ];
    (codes, 0_u8..8).prop_map(|(code, bits)| KeyEvent::new(code, KeyModifiers::from_bits_truncate(bits)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_panics_or_leaves_the_screen(
        number in 0_usize..8,
        keys in proptest::collection::vec(any_key(), 0..12),
        pasted in "(\\PC|\u{1b}|\n|日){0,8}",
        (x, y, width, height) in (0_u16..4, 0_u16..4, 0_u16..130, 0_u16..50),
    ) {
        let mut overlay = overlays().swap_remove(number);
        let area = Rect::new(x, y, width, height);
        let mut buf = Buffer::empty(area);
        for key in keys {
            overlay.key(key, area);
            let at = overlay.view(&mut buf, area, &look());
            prop_assert!(at.is_none_or(|at| area.contains(at)), "{:?} in {:?}", at, area);
        }
        overlay.paste(&pasted);
        overlay.view(&mut buf, area, &look());
        // A screen that is smaller than the area it is asked to draw in.
        overlay.view(&mut Buffer::empty(Rect::new(0, 0, 7, 3)), area, &look());
let escapes = buf.content().iter().any(|cell| cell.symbol().contains('\u{1b}'));
        prop_assert!(!escapes);
    }
}

#[test]
fn a_chosen_file_is_part_of_the_answer() {
    let choice = Choice {
        letter: 'o',
        words: "write over it".into(),
        answer: Answer::Overwrite(PathBuf::from("a.json")),
    };
    let mut confirm = Confirm::new("a.json is there already.", vec![], ('k', "keep it"), vec![choice]);
    assert_eq!(
        confirm.key(key(KeyCode::Char('o'))),
        Response::Chose(Answer::Overwrite("a.json".into()))
    );
}
