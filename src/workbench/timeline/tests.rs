//! Where things stand on a timeline, and how it looks.

use super::{Timeline, bar_width, column, marks};
use crate::session::history::MarkerKind;
use crate::term::depth::Depth;
use crate::workbench::panes::fixtures::screen;
use crate::workbench::stage::theme;
use crate::workbench::styles::{Glyphs, Look};
use proptest::prelude::*;

const LENGTH: u64 = 12_000;

fn moments() -> Vec<(u64, MarkerKind)> {
    vec![
        (1_000, MarkerKind::Fallback),
        (2_000, MarkerKind::FirstToken),
        (3_000, MarkerKind::FieldClosed),
        (3_010, MarkerKind::Violation),
        (6_000, MarkerKind::Reask),
        (8_000, MarkerKind::Retry),
        (12_000, MarkerKind::End),
    ]
}

fn drawn(width: u16, height: u16, glyphs: &Glyphs, playing: bool) -> String {
    let marks = marks(moments(), LENGTH, bar_width(width, LENGTH));
    let look = Look {
        styles: theme("mono").styles(Depth::None),
        glyphs: *glyphs,
    };
    let timeline = Timeline {
        elapsed: 4_000,
        length: LENGTH,
        playing,
        focused: true,
        marks: &marks,
    };
    screen(width, height, |buf, area| timeline.view(buf, area, &look))
}

#[test]
fn looks() {
    insta::assert_snapshot!(drawn(80, 2, &Glyphs::UNICODE, false), @r"
     4.0 s ━━━━━━━━━━━━━━━━━━━━━●────────────────────────────────────────── 12 s
    replay      →    ▴    ✗               ↻          ~                    ■
    ");
    insta::assert_snapshot!(drawn(40, 1, &Glyphs::UNICODE, true).trim_start(), @"4.0 s ━→━▴━✗━▸───↻───~───────■ 12 s");
    insta::assert_snapshot!(drawn(40, 2, &Glyphs::ASCII, true), @r"
     4.0 s =======>---------------- 12 s
    replay  > ^ x     ?   ~       #
    ");
    insta::assert_snapshot!(drawn(20, 1, &Glyphs::ASCII, false).trim_start(), @"=>^=xO--?--~-----#");
}

#[test]
fn columns() {
    let table = [
        (0, 10, 5, 0),
        (10, 10, 5, 4),
        (5, 10, 5, 2),
        (11, 10, 5, 4),
        (3, 0, 5, 0),
        (3, 9, 0, 0),
    ];
    for (elapsed, length, width, expected) in table {
        assert_eq!(
            column(elapsed, length, width),
            expected,
            "{elapsed} of {length} in {width}"
        );
    }
}

proptest! {
    #[test]
    fn any_size_will_do(width in 0_u16..200, height in 0_u16..4, elapsed in any::<u64>(), length in any::<u64>()) {
        let marks = marks(moments(), length, bar_width(width, length));
        let look = Look { styles: theme("ansi").styles(Depth::Ansi), glyphs: Glyphs::UNICODE };
        let timeline = Timeline { elapsed, length, playing: true, focused: false, marks: &marks };
        screen(width, height, |buf, area| timeline.view(buf, area, &look));
        prop_assert_eq!(marks.len(), usize::from(bar_width(width, length)));
    }
}
