//! What is found, in which order, by which filters; and how it looks.

use super::super::Overlay;
use super::super::tests::looks::drawn;
use super::*;
use proptest::prelude::*;
use ratatui::layout::Rect;

fn row(title: &str, when: &str, model: &str, outcome: &'static str, search: &str) -> SessionRow {
    SessionRow {
        source: Source::File(PathBuf::from(format!("{title}.jsonl"))),
        title: title.to_owned(),
        titled: true,
        when: when.to_owned(),
        model: model.to_owned(),
        mode: if outcome == "draft" { "" } else { "structured" }.to_owned(),
        outcome,
        cost: if outcome == "valid" { "$0.0012" } else { "" }.to_owned(),
        tokens: if outcome == "draft" { "" } else { "1k" }.to_owned(),
        runs: u32::from(outcome != "draft"),
        search: search.to_owned(),
    }
}

fn rows() -> Vec<SessionRow> {
    let ships = |name: &str, outcome| SessionRow {
        source: Source::Ships(name.to_owned()),
        when: "ships".to_owned(),
        ..row(name, "", "openai/gpt-4o-mini", outcome, "ivan is 28 years old")
    };
    let untitled = SessionRow {
        titled: false,
        ..row("20261127-151200-qkzvbm", "just now", "", "draft", "name, age int")
    };
    vec![
        untitled,
        row(
            "Jason is 25 years old. He lives at 123 Main St, New York, USA",
            "12 min ago",
            "anthropic/claude-3.7-sonnet",
            "valid",
            "jason street city beach rd miami",
        ),
        row(
            "An invoice of a rather long kind, with everything that one could say of it and more",
            "3 h ago",
            "openai/gpt-4o-mini",
            "invalid",
            "invoice total 1200 eur",
        ),
        row("Ivan", "1 day ago", "openai/gpt-4o-mini", "failed", "ivan"),
        row("Cut short", "12 days ago", "acme/quick", "interrupted", ""),
        row("No thanks", "40 days ago", "acme/quick", "refused", ""),
        ships("user", "valid"),
        ships("fallback", "valid"),
    ]
}

fn list(rows: Vec<SessionRow>) -> SessionList {
    SessionList {
        rows: rows.into(),
        others: 2,
        ..SessionList::default()
    }
}

fn browser() -> Browser {
    let open = Some(PathBuf::from("Ivan.jsonl"));
    Browser::new(list(rows()), open, false)
}

const AREA: Rect = Rect::new(0, 0, 120, 38);

fn press(browser: &mut Browser, keys: &[KeyEvent]) {
    for key in keys {
        browser.key(*key, AREA);
    }
}

fn alt(letter: char) -> KeyEvent {
    KeyEvent::new(KeyCode::Char(letter), KeyModifiers::ALT)
}

/// The titles that are shown, each by its first word.
fn shown(browser: &Browser) -> Vec<&str> {
    let found = browser.finder.found();
    let titles = found.iter().map(|at| browser.list.rows[*at].title.as_str());
    titles
        .map(|title| title.split(' ').next().unwrap_or_default())
        .collect()
}

#[test]
fn queries() {
    let table: [(&str, &[&str]); 9] = [
        (
            "",
            &[
                "20261127-151200-qkzvbm",
                "Jason",
                "An",
                "Ivan",
                "Cut",
                "No",
                "user",
                "fallback",
            ],
        ),
        ("ivan", &["Ivan", "user", "fallback"]),
        ("IVAN", &["Ivan", "user", "fallback"]),
        ("miami", &["Jason"]),
        ("beach jason", &["Jason"]),
        ("invce", &["An"]),
        ("eur invoice", &["An"]),
        ("fallback", &["fallback"]),
        ("zzz", &[]),
    ];
    for (query, expected) in table {
        let mut browser = browser();
        // Letter by letter and as a whole.
        for c in query.chars() {
            browser.paste(&c.to_string());
        }
        let typed: Vec<String> = shown(&browser).into_iter().map(str::to_owned).collect();
        let mut pasted = self::browser();
        pasted.paste(query);
        assert_eq!(shown(&pasted), typed, "{query}");
        assert_eq!(typed, expected, "{query}");
    }
}

#[test]
fn filters() {
    let table: [(&str, &[&str]); 7] = [
        ("v", &["Jason", "user", "fallback"]),
        ("vi", &["Jason", "An", "user", "fallback"]),
        ("c", &["Cut"]),
        ("r", &["No"]),
        ("f", &["Ivan"]),
        (
            "vv",
            &[
                "20261127-151200-qkzvbm",
                "Jason",
                "An",
                "Ivan",
                "Cut",
                "No",
                "user",
                "fallback",
            ],
        ),
        ("m", &["20261127-151200-qkzvbm"]),
    ];
    for (letters, expected) in table {
        let mut browser = browser();
        for letter in letters.chars() {
            press(&mut browser, &[alt(letter)]);
        }
        assert_eq!(shown(&browser), expected, "{letters}");
    }
    let mut browser = browser();
    press(&mut browser, &[KeyEvent::from(KeyCode::Down), alt('m')]);
    assert_eq!(shown(&browser), ["Jason"]);
    press(&mut browser, &[alt('m')]);
    assert_eq!(shown(&browser).len(), 8);
}

#[test]
fn another_list_keeps_query_filters_and_cursor() {
    let mut browser = browser();
    press(&mut browser, &[alt('f'), alt('i'), KeyEvent::from(KeyCode::Down)]);
    assert_eq!(browser.current().unwrap().title, "Ivan");
    browser.set_list(list(rows()[2..].to_vec()));
    assert_eq!(browser.current().unwrap().title, "Ivan");
    // One that is gone leaves the cursor where it stood.
    let mut browser = self::browser();
    press(&mut browser, &[KeyEvent::from(KeyCode::Down); 2]);
    let mut rest = rows();
    rest.remove(2);
    browser.set_list(list(rest));
    assert_eq!(browser.current().unwrap().title, "Ivan");
}

fn with_preview() -> Browser {
    let mut browser = browser();
    press(&mut browser, &[KeyEvent::from(KeyCode::Down)]);
    let source = browser.wanted().unwrap().clone();
    browser.looking(source.clone());
    let preview = Preview {
        input: "Jason is 25 years old.\nHe lives at 123 Main St, New York, USA and has a summer house at 456 Beach Rd, Miami, USA and \u{1b}[31mmore".into(),
        schema: "name, age int\naddresses [{street, city, country}]".into(),
        value: "{\"name\":\"Jason\",\"age\":25,\"addresses\":[{\"street\":\"123 Main St\",\"city\":\"New York\",\"country\":\"USA\"}]}".into(),
    };
    browser.set_preview(&source, Ok(preview));
    browser
}

fn at(browser: Browser, width: u16, height: u16) -> String {
    drawn(&Overlay::Sessions(Box::new(browser)), width, height)
}

#[test]
fn wide() {
    insta::assert_snapshot!(at(with_preview(), 120, 38), @r#"
    ┌─ Sessions ──────────────────────────────────────────────────────────────────────────────── 8 of 8, 2 unreadable ─┐
    │ >                                                                                                                │
    │   title                               when         model              mode        outcome           cost  tokens │
    │   20261127-151200-qkzvbm              just now                                    · draft                        │
    │   Jason is 25 years old. He lives a…  12 min ago   claude-3.7-sonnet  structured  ✓ valid        $0.0012      1k │
    │   An invoice of a rather long kind,…  3 h ago      gpt-4o-mini        structured  ✗ invalid                   1k │
    │ ● Ivan                                1 day ago    gpt-4o-mini        structured  ✗ failed                    1k │
    │   Cut short                           12 days ago  quick              structured  ! interrupted               1k │
    │   No thanks                           40 days ago  quick              structured  ✗ refused                   1k │
    │ These ship with formwork                                                                                         │
    │   user                                ships        gpt-4o-mini        structured  ✓ valid        $0.0012      1k │
    │   fallback                            ships        gpt-4o-mini        structured  ✓ valid        $0.0012      1k │
    │                                                                                                                  │
    │                                                                                                                  │
    │                                                                                                                  │
    │                                                                                                                  │
    │ ──────────────────────────────────────────────────────────────────────────────────────────────────────────────── │
    │ valid, anthropic/claude-3.7-sonnet, structured, 1 run, $0.0012, 1k tokens, 12 min ago                            │
    │ input  Jason is 25 years old. He lives at 123 Main St, New York, USA and has a summer house at 456 Beach Rd,     │
    │        Miami, USA and ␛[31mmore                                                                                  │
    │ schema name, age int addresses [{street, city, country}]                                                         │
    │ value  {"name":"Jason","age":25,"addresses":[{"street":"123 Main St","city":"New York","country":"USA"}]}        │
    │                                                                                                                  │
    └─ Enter replay ─ ^O open ─ Esc close ─ ^X delete ─ Alt-U undo ─ ^T title ─ ^F fork ─ Alt-VIRFCM only ─────────────┘
    "#);
}

#[test]
fn middle() {
    insta::assert_snapshot!(at(with_preview(), 80, 22), @r#"
    ┌─ Sessions ──────────────────────────────────────── 8 of 8, 2 unreadable ─┐
    │ >                                                                        │
    │   title                                       when         outcome       │
    │   20261127-151200-qkzvbm                      just now     · draft       │
    │   Jason is 25 years old. He lives at 123 Ma…  12 min ago   ✓ valid       │
    │   An invoice of a rather long kind, with ev…  3 h ago      ✗ invalid     │
    │ ● Ivan                                        1 day ago    ✗ failed      │
    │   Cut short                                   12 days ago  ! interrupted │
    │   No thanks                                   40 days ago  ✗ refused     │
    │ These ship with formwork                                                 │
    │   user                                        ships        ✓ valid       │
    │   fallback                                    ships        ✓ valid       │
    │ ──────────────────────────────────────────────────────────────────────── │
    │ valid, anthropic/claude-3.7-sonnet, structured, 1 run, $0.0012, 1k toke… │
    │ input  Jason is 25 years old. He lives at 123 Main St, New York, USA and │
    │        has a summer house at 456 Beach Rd, Miami, USA and ␛[31mmore      │
    │ schema name, age int addresses [{street, city, country}]                 │
    │ value  {"name":"Jason","age":25,"addresses":[{"street":"123 Main         │
    │        St","city":"New York","country":"USA"}]}                          │
    └─ Enter replay ─ ^O open ─ Esc close ─ ^X delete ─ Alt-VIRFCM only ───────┘
    "#);
}

#[test]
fn small() {
    insta::assert_snapshot!(at(with_preview(), 40, 10), @r#"
    ┌─ Sessions ──── 8 of 8, 2 unreadable ─┐
    │ >                                    │
    │   20261127-151200-qkzvbm           · ┃
    │   Jason is 25 years old. He live…  ✓ ┃
    │   An invoice of a rather long ki…  ✗ │
    │ ● Ivan                             ✗ │
    │   Cut short                        ! │
    │ valid, anthropic/claude-3.7-sonnet,… │
    │ value  {"name":"Jason","age":25,"ad… │
    └─ Enter replay ─ ^O open ─ Esc close ─┘
    "#);
}

#[test]
fn narrowed_and_renamed() {
    let mut narrowed = browser();
    narrowed.paste("iv");
    press(&mut narrowed, &[alt('f'), alt('m')]);
    insta::assert_snapshot!(at(narrowed, 80, 22), @r"
    ┌─ Sessions ──────────────────────────────────────── 1 of 8, 2 unreadable ─┐
    │ > iv                                            only failed, gpt-4o-mini │
    │   title                                       when         outcome       │
    │ ● Ivan                                        1 day ago    ✗ failed      │
    │                                                                          │
    │                                                                          │
    │                                                                          │
    │                                                                          │
    │                                                                          │
    │                                                                          │
    │                                                                          │
    │                                                                          │
    │ ──────────────────────────────────────────────────────────────────────── │
    │ failed, openai/gpt-4o-mini, structured, 1 run, 1k tokens, 1 day ago      │
    │                                                                          │
    │                                                                          │
    │                                                                          │
    │                                                                          │
    │                                                                          │
    └─ Enter replay ─ ^O open ─ Esc close ─ ^X delete ─ Alt-VIRFCM only ───────┘
    ");
    let mut renamed = with_preview();
    press(
        &mut renamed,
        &[KeyEvent::new(KeyCode::Char('t'), KeyModifiers::CONTROL)],
    );
    insta::assert_snapshot!(at(renamed, 80, 22).lines().take(4).collect::<Vec<_>>().join("\n"), @r"
    ┌─ Title ─────────────────────────────────────────── 8 of 8, 2 unreadable ─┐
    │ title: Jason is 25 years old. He lives at 123 Main St, New York, USA     │
    │   title                                       when         outcome       │
    │   20261127-151200-qkzvbm                      just now     · draft       │
    ");
}

#[test]
fn nothing_to_show() {
    let loading = SessionList {
        loading: true,
        ..SessionList::default()
    };
    let failed = SessionList {
        error: Some("cannot read the folder of sessions /home: no".into()),
        ..SessionList::default()
    };
    for (list, words) in [
        (loading, "being listed"),
        (failed, "no list: cannot read"),
        (SessionList::default(), "nothing is recorded yet"),
    ] {
        let shown = at(Browser::new(list, None, true), 80, 22);
        assert!(shown.contains(words), "{shown}");
        assert!(!shown.contains("delete"), "{shown}");
    }
}

proptest! {
    /// What is typed letter by letter finds what it finds as a whole, at any size.
    #[test]
    fn growing_queries_find_the_same(query in "[a-zA-Z0-9 ]{0,8}", width in 0_u16..130, height in 0_u16..40) {
        let (mut typed, mut pasted) = (browser(), browser());
        for c in query.chars() {
            typed.paste(&c.to_string());
        }
        pasted.paste(&query);
        prop_assert_eq!(typed.finder.found(), pasted.finder.found());
        at(typed, width, height);
    }
}
