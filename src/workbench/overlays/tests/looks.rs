//! Every overlay at the sizes that terminals have.

use super::given::{look, overlays};
use super::*;
use unicode_width::UnicodeWidthStr as _;

/// The box of an overlay above a screen of dots, without what is around it.
pub(in crate::workbench::overlays) fn drawn(overlay: &Overlay, width: u16, height: u16) -> String {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    for cell in &mut buf.content {
        cell.set_symbol("\u{2e2e}");
    }
    overlay.view(&mut buf, area, &look());
    let mut text = String::new();
    for y in 0..height {
        let mut x = 0;
        let mut line = String::new();
        while x < width {
            let symbol = buf[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(symbol.width()).unwrap_or(1).max(1);
        }
        let line = line.replace('\u{2e2e}', "");
        if !line.is_empty() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

fn at(number: usize, width: u16, height: u16) -> String {
    drawn(&overlays()[number], width, height)
}

#[test]
fn model() {
    insta::assert_snapshot!(at(0, 120, 40), @r"
    ┌─ Model ──────────────────────────────────────────────────────────────────────── 6 of 6, list from 3 h ago ─┐
    │ >                                                                                                          │
    │    model                                                                    STJ   $/M in  $/M out  context │
    │ Favourites                                                                                                 │
    │  ★ gamma/deep-thought  Gamma: Deep Thought                                  -T-   2.00      12.00     131k │
    │ Recent                                                                                                     │
    │ ●  acme/quick-2  Acme: Quick 2                                              STJ   0.0375     1.00     131k │
    │    gone/model                                                               ?          ?        ?        ? │
    │ All models                                                                                                 │
    │    acme/thorough-2-with-a-rather-long-name:free  Acme: Thorough 2 (free)    -TJ     free     free     131k │
    │    beta/router                                                              ---        ?        ?     131k │
    │    evil/␛[31mred<U+202E>␊日本語  name␇<U+200B> of evil                      ?    15.00      75.00     131k │
    │ ────────────────────────────────────────────────────────────────────────────────────────────────────────── │
    │ acme/quick-2                                                                                               │
    │ Acme: Quick 2, context 131k, max output 16k                                                                │
    │ 3 of 11 endpoints honour structured_outputs, 11 tools, 8 response_format                                   │
    │                                                                                                            │
    └─ Enter use ─ Esc close ─ Ctrl-F favourite ─ Alt-S structured ─ Alt-T tools ─ Alt-J json ─ Alt-F free ──────┘
    ");
    insta::assert_snapshot!(at(0, 80, 24), @r"
    ┌─ Model ────────────────────────────────────── 6 of 6, list from 3 h ago ─┐
    │ >                                                                        │
    │    model                                  STJ   $/M in  $/M out  context │
    │ Favourites                                                               │
    │  ★ gamma/deep-thought  Gamma: Deep Thou…  -T-   2.00      12.00     131k │
    │ Recent                                                                   │
    │ ●  acme/quick-2  Acme: Quick 2            STJ   0.0375     1.00     131k │
    │    gone/model                             ?          ?        ?        ? │
    │ All models                                                               │
    │    acme/thorough-2-with-a-rather-long-n…  -TJ     free     free     131k │
    │    beta/router                            ---        ?        ?     131k │
    │    evil/␛[31mred<U+202E>␊日本語  name␇<…  ?    15.00      75.00     131k │
    │ ──────────────────────────────────────────────────────────────────────── │
    │ acme/quick-2                                                             │
    │ Acme: Quick 2, context 131k, max output 16k                              │
    │ 3 of 11 endpoints honour structured_outputs, 11 tools, 8 response_format │
    │                                                                          │
    └─ Enter use ─ Esc close ─ Ctrl-F favourite ─ Alt-STJ modes ─ Alt-F free ──┘
    ");
    insta::assert_snapshot!(at(0, 40, 12), @r"
    ┌─ Model ── 6 of 6, list from 3 h ago ─┐
    │ >                                    │
    │ Favourites                           ┃
    │  ★ gamma/deep-thought  Gamma: …  -T- ┃
    │ Recent                               │
    │ ●  acme/quick-2  Acme: Quick 2   STJ │
    │    gone/model                    ?   │
    │ acme/quick-2                         │
    │ $/M 0.0375 in 1.00 out, context      │
    │ 131k, max output 16k                 │
    │ 3 of 11 honour structured_outputs    │
    └─ Enter use ─ Esc close ──────────────┘
    ");
}

#[test]
fn mode() {
    insta::assert_snapshot!(at(1, 120, 40), @r"
    ┌─ Mode ───────────────────────────────────────────────────────────────────────┐
    │ >                                                                            │
    │ ● auto        tools → json → prompt                                          │
    │   tools       tools → json → prompt                                          │
    │   structured  structured → json → prompt                                     │
    │   json        json → prompt                                                  │
    │   prompt                                                                     │
    │ ──────────────────────────────────────────────────────────────────────────── │
    │ tools: the model lists tools; structured passed over: the schema has         │
    │ free-form maps, which strict schemas cannot express → json → prompt          │
    │                                                                              │
    │                                                                              │
    └─ Enter use ─ Esc close ──────────────────────────────────────────────────────┘
    ");
    insta::assert_snapshot!(at(1, 80, 24), @r"
    ┌─ Mode ───────────────────────────────────────────────────────────────────┐
    │ >                                                                        │
    │ ● auto        tools → json → prompt                                      │
    │   tools       tools → json → prompt                                      │
    │   structured  structured → json → prompt                                 │
    │   json        json → prompt                                              │
    │   prompt                                                                 │
    │ ──────────────────────────────────────────────────────────────────────── │
    │ tools: the model lists tools; structured passed over: the schema has     │
    │ free-form maps, which strict schemas cannot express → json → prompt      │
    │                                                                          │
    │                                                                          │
    └─ Enter use ─ Esc close ──────────────────────────────────────────────────┘
    ");
    insta::assert_snapshot!(at(1, 40, 12), @r"
    ┌─ Mode ───────────────────────────────┐
    │ >                                    │
    │ ● auto        tools → json → prompt  │
    │   tools       tools → json → prompt  │
    │   structured  structured → json → p… │
    │   json        json → prompt          │
    │   prompt                             │
    │ tools: the model lists tools;        │
    │ structured passed over: the schema   │
    │ has free-form maps, which strict     │
    │ schemas cannot express → json → pro… │
    └─ Enter use ─ Esc close ──────────────┘
    ");
}

#[test]
fn provider() {
    insta::assert_snapshot!(at(2, 120, 40), @r"
    ┌─ Provider ─────────────────────────────────────────────────────────────────────────────┐
    │ >                                                                                      │
    │   local                                                                   needs no key │
    │ ● openrouter  https://openrouter.ai/api/v1                                      no key │
    │   ev␛il日本   http://localhost:8080/v1/<U+202E>a-long/path/that/goes/on     key is set │
    │ ────────────────────────────────────────────────────────────────────────────────────── │
    │ OpenRouter at https://openrouter.ai/api/v1                                             │
    │ OPENROUTER_API_KEY is not set: set it and start again                                  │
    │                                                                                        │
    │                                                                                        │
    └─ Enter use ─ Esc close ────────────────────────────────────────────────────────────────┘
    ");
    insta::assert_snapshot!(at(2, 80, 24), @r"
    ┌─ Provider ───────────────────────────────────────────────────────────────┐
    │ >                                                                        │
    │   local                                                     needs no key │
    │ ● openrouter  https://openrouter.ai/api/v1                        no key │
    │   ev␛il日本   http://localhost:8080/v1/<U+202E>a-long/path/…  key is set │
    │ ──────────────────────────────────────────────────────────────────────── │
    │ OpenRouter at https://openrouter.ai/api/v1                               │
    │ OPENROUTER_API_KEY is not set: set it and start again                    │
    │                                                                          │
    │                                                                          │
    └─ Enter use ─ Esc close ──────────────────────────────────────────────────┘
    ");
    insta::assert_snapshot!(at(2, 40, 12), @r"
    ┌─ Provider ───────────────────────────┐
    │ >                                    │
    │   local                 needs no key │
    │ ● openrouter                  no key │
    │   ev␛il日本               key is set │
    │ ──────────────────────────────────── │
    │ OpenRouter at                        │
    │ https://openrouter.ai/api/v1         │
    │ OPENROUTER_API_KEY is not set: set   │
    │ it and start again                   │
    └─ Enter use ─ Esc close ──────────────┘
    ");
}

#[test]
fn palette() {
    insta::assert_snapshot!(at(3, 120, 40), @r"
    ┌─ Actions ──────────────────────────────────────────────────────────────────────────────────────────────────────┐
    │ >                                                                                                              │
    │ run               run the task                                                    r  ctrl-r  alt-enter  f5     ┃
    │ cancel            cancel the run; without one, quit                               ctrl-c                       ┃
    │ quit              quit                                                            q  ctrl-q                    ┃
    │ suspend           go back to the shell; `fg` returns                              ctrl-z                       ┃
    │ next-pane         the next pane                                                   tab                          ┃
    │ previous-pane     the previous pane                                               shift-tab                    ┃
    │ schema            the pane Schema                                                 1                            ┃
    │ input             the pane Input                                                  2                            ┃
    │ output            the pane Output                                                 3                            ┃
    │ type              type into the pane                                              i  enter                     ┃
    │ back              leave typing, a search, an overlay or full screen               esc                          ┃
    │ undo              take back the last edit                                         u                            ┃
    │ redo              do it again                                                     U                            ┃
    │ editor            open the text in $VISUAL or $EDITOR                             e                            ┃
    │ write             write the schema to its file                                    w                            │
    │ load              load a file into the pane                                       o                            │
    │ model             pick a model                                                    m                            │
    │ next-mode         take the next mode                                              M                            │
    │ mode              pick a mode and see its plan                                    x                            │
    │ provider          pick a provider                                                 P                            │
    │ next-tab          the next tab                                                    ]                            │
    │ previous-tab      the previous tab                                                [                            │
    │ full-screen       the pane on the whole screen, and back                          f                            │
    │ up                up                                                              up  k                        │
    │ down              down                                                            down  j                      │
    │ left              left; fold, or to the parent                                    left  h                      │
    │ right             right; unfold, or to the first child                            right  l                     │
    │ page-up           a page up                                                       pageup                       │
    │ page-down         a page down                                                     pagedown                     │
    │ half-up           half a page up                                                  ctrl-u                       │
    │ half-down         half a page down                                                ctrl-d                       │
    │ top               to the first line                                               g  home                      │
    │ ────────────────────────────────────────────────────────────────────────────────────────────────────────────── │
    │ run the task                                                                                                   │
    │                                                                                                                │
    └─ Enter do it ─ Esc close ──────────────────────────────────────────────────────────────────────────────────────┘
    ");
    insta::assert_snapshot!(at(3, 80, 24), @r"
    ┌─ Actions ────────────────────────────────────────────────────────────────┐
    │ >                                                                        │
    │ run               run the task                  r  ctrl-r  alt-enter  f5 ┃
    │ cancel            cancel the run; without one…  ctrl-c                   ┃
    │ quit              quit                          q  ctrl-q                ┃
    │ suspend           go back to the shell; `fg` …  ctrl-z                   │
    │ next-pane         the next pane                 tab                      │
    │ previous-pane     the previous pane             shift-tab                │
    │ schema            the pane Schema               1                        │
    │ input             the pane Input                2                        │
    │ output            the pane Output               3                        │
    │ type              type into the pane            i  enter                 │
    │ back              leave typing, a search, an …  esc                      │
    │ undo              take back the last edit       u                        │
    │ redo              do it again                   U                        │
    │ editor            open the text in $VISUAL or…  e                        │
    │ write             write the schema to its file  w                        │
    │ load              load a file into the pane     o                        │
    │ ──────────────────────────────────────────────────────────────────────── │
    │ run the task                                                             │
    │                                                                          │
    └─ Enter do it ─ Esc close ────────────────────────────────────────────────┘
    ");
    insta::assert_snapshot!(at(3, 40, 12), @r"
    ┌─ Actions ────────────────────────────┐
    │ >                                    │
    │ run               r  ctrl-r  alt-en… ┃
    │ cancel            ctrl-c             │
    │ quit              q  ctrl-q          │
    │ suspend           ctrl-z             │
    │ next-pane         tab                │
    │ previous-pane     shift-tab          │
    │ ──────────────────────────────────── │
    │ run the task                         │
    │                                      │
    └─ Enter do it ─ Esc close ────────────┘
    ");
}

#[test]
fn help() {
    insta::assert_snapshot!(at(4, 120, 40), @r"
    ┌─ Keys ───────────────────────────────────────────────────────────────────────┐
    │ Output                                                                       │
    │ Space                     fold or unfold what is under the cursor            │
    │ y y                       copy the value under the cursor                    │
    │                                                                              │
    │ Everywhere                                                                   │
    │ r  F5  Alt-Enter  Ctrl-R  run the task                                       │
    │ Alt-M                     let the mouse scroll and choose panes, or leave it │
    │                           to the terminal                                    │
    └─ Esc close ─ Up Down scroll ─────────────────────────────────────────────────┘
    ");
    insta::assert_snapshot!(at(4, 80, 24), @r"
    ┌─ Keys ───────────────────────────────────────────────────────────────────┐
    │ Output                                                                   │
    │ Space                     fold or unfold what is under the cursor        │
    │ y y                       copy the value under the cursor                │
    │                                                                          │
    │ Everywhere                                                               │
    │ r  F5  Alt-Enter  Ctrl-R  run the task                                   │
    │ Alt-M                     let the mouse scroll and choose panes, or      │
    │                           leave it to the terminal                       │
    └─ Esc close ─ Up Down scroll ─────────────────────────────────────────────┘
    ");
    insta::assert_snapshot!(at(4, 40, 12), @r"
    ┌─ Keys ─────────────── 1 to 10 of 14 ─┐
    │ Output                               │
    │ Space           fold or unfold what  │
    │                 is under the cursor  │
    │ y y             copy the value under │
    │                 the cursor           │
    │                                      │
    │ Everywhere                           │
    │ r  F5           run the task         │
    │ Alt-Enter                            │
    │ Ctrl-R                               │
    └─ Esc close ─ Up Down scroll ─────────┘
    ");
}

#[test]
fn confirm() {
    insta::assert_snapshot!(at(5, 120, 40), @r"
    ┌─ Sure? ──────────────────────────────────────────────────────┐
    │ The schema is not written.                                   │
    │ Lost would be: changes to                                    │
    │ schemas/an-invoice-with-a-long␛-name.json                    │
    │                                                              │
    │ s  stay                                                      │
    │ w  write it                                                  │
    │ q  quit without                                              │
    └─ Enter choose ─ Esc go back ─────────────────────────────────┘
    ");
    insta::assert_snapshot!(at(5, 80, 24), @r"
    ┌─ Sure? ──────────────────────────────────────────────────────┐
    │ The schema is not written.                                   │
    │ Lost would be: changes to                                    │
    │ schemas/an-invoice-with-a-long␛-name.json                    │
    │                                                              │
    │ s  stay                                                      │
    │ w  write it                                                  │
    │ q  quit without                                              │
    └─ Enter choose ─ Esc go back ─────────────────────────────────┘
    ");
    insta::assert_snapshot!(at(5, 40, 12), @r"
    ┌─ Sure? ──────────────────────────────┐
    │ The schema is not written.           │
    │ Lost would be: changes to            │
    │ schemas/an-invoice-with-a-long␛-name │
    │ .json                                │
    │                                      │
    │ s  stay                              │
    │ w  write it                          │
    │ q  quit without                      │
    └─ Enter choose ─ Esc go back ─────────┘
    ");
}

#[test]
fn save() {
    insta::assert_snapshot!(at(6, 120, 40), @r"
    ┌─ Save to ────────────────────────────────────────────────────────────────┐
    │ /tmp/answers/in␛voice.json                                               │
    │ /tmp/answers is not there: make the folder first or choose another       │
    └─ Enter save ─ Esc close ─────────────────────────────────────────────────┘
    ");
    insta::assert_snapshot!(at(6, 80, 24), @r"
    ┌─ Save to ────────────────────────────────────────────────────────────────┐
    │ /tmp/answers/in␛voice.json                                               │
    │ /tmp/answers is not there: make the folder first or choose another       │
    └─ Enter save ─ Esc close ─────────────────────────────────────────────────┘
    ");
    insta::assert_snapshot!(at(6, 40, 12), @r"
    ┌─ Save to ────────────────────────────┐
    │ /tmp/answers/in␛voice.json           │
    │ /tmp/answers is not there: make the  │
    │ folder first or choose another       │
    └─ Enter save ─ Esc close ─────────────┘
    ");
}

#[test]
fn search() {
    insta::assert_snapshot!(at(7, 120, 40), @"/total                                                                                                           3 of 12");
    insta::assert_snapshot!(at(7, 80, 24), @"/total                                                                   3 of 12");
    insta::assert_snapshot!(at(7, 40, 12), @"/total                           3 of 12");
}
