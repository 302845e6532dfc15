//! All overlays: what each answers to keys, how it looks, and that nothing panics.

pub(super) mod given;
pub(super) mod looks;

use super::*;
use crate::task::Mode;
use crossterm::event::{KeyCode, KeyModifiers};
use given::*;
use proptest::prelude::*;
use std::path::PathBuf;

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
        (&[Char('W')], Response::Chose(Answer::Overwrite("schema.json".into()))),
        (&[Char('x')], Response::Stay),
        (&[Down, Down, Down, Enter], Response::Chose(Answer::Quit)),
        (&[Tab, Tab, Tab, Enter], Response::Chose(Answer::Back)),
        (
            &[End, Up, Enter],
            Response::Chose(Answer::Overwrite("schema.json".into())),
        ),
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
    assert!(of(Modifier::REVERSED).contains("y c"), "{}", of(Modifier::REVERSED));
    let all: String = buf.content.iter().map(ratatui::buffer::Cell::symbol).collect();
    assert!(all.contains("not now: nothing was sent yet"), "{all}");
}

#[test]
fn what_is_not_blocked_is_chosen() {
    let mut overlay = Overlay::Palette(Palette::new(&|_| true, &|_| String::new(), &|_| None));
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
