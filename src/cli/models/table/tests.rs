//! The table at the widths that terminals have, and how its numbers read.

use super::{aligned, price, table, tokens};
use crate::extract::model::ModelInfo;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

const SOON: &str = "2027-01-31";

fn model(id: &str, context: u64, prices: Option<(f64, f64)>, supported: &[&str]) -> ModelInfo {
    ModelInfo {
        id: id.into(),
        context_length: Some(context),
        max_completion_tokens: (context < 1_000_000).then_some(16_384),
        prompt_price: prices.map(|(prompt, _)| prompt),
        completion_price: prices.map(|(_, completion)| completion),
        supported_parameters: Some(supported.iter().map(|&name| name.into()).collect()),
        ..ModelInfo::default()
    }
}

fn models() -> Vec<ModelInfo> {
    let all = ["structured_outputs", "tools", "response_format"];
    vec![
        model("acme/quick-2", 131_072, Some((0.000_000_037_5, 0.000_001)), &all),
        ModelInfo {
            expires: Some("2026-12-31".into()),
            ..model(
                "acme/thorough-2-with-a-rather-long-name:free",
                1_048_576,
                Some((0.0, 0.0)),
                &all[1..],
            )
        },
        ModelInfo {
            expires: Some("2098-12-31".into()),
            ..model("acme/router", 2_000_000, None, &[])
        },
    ]
}

fn at(columns: usize, models: &[ModelInfo]) -> String {
    table(&models.iter().collect::<Vec<_>>(), columns, SOON)
}

#[test]
fn wide() {
    let expected = "\
model                                         STJ  $/M in  $/M out  context  max out  expires
acme/quick-2                                  STJ  0.0375     1.00     131k      16k
acme/thorough-2-with-a-rather-long-name:free  -TJ    free     free    1.04M        ?  2026-12-31
acme/router                                   ---       ?        ?       2M        ?
";
    assert_eq!(at(120, &models()), expected);
    assert_eq!(at(usize::MAX, &models()), expected);
}

#[test]
fn usual() {
    let expected = "\
model                                         STJ  $/M in  $/M out  expires
acme/quick-2                                  STJ  0.0375     1.00
acme/thorough-2-with-a-rather-long-name:free  -TJ    free     free  2026-12-31
acme/router                                   ---       ?        ?
";
    assert_eq!(at(80, &models()), expected);
}

#[test]
fn narrow() {
    let expected = "\
model                                STJ
acme/quick-2                         STJ
acme/thorough-2-with-a-rather-long…  -TJ
acme/router                          ---
";
    assert_eq!(at(40, &models()), expected);
    let short = [models().remove(0)];
    assert_eq!(
        at(40, &short),
        "model         STJ  $/M in  $/M out\nacme/quick-2  STJ  0.0375     1.00\n"
    );
}

#[test]
fn a_server_that_lists_ids_only_gives_ids_only() {
    let ids = ["b\x1b[2J\u{202e}", "llama"].map(|id| ModelInfo {
        id: id.into(),
        ..ModelInfo::default()
    });
    assert_eq!(at(80, &ids), "b␛[2J<U+202E>\nllama\n");
    assert_eq!(at(80, &[]), "");
}

#[test]
fn prices_per_million() {
    let table = [
        (None, None, "?"),
        (Some(0.0), None, "free"),
        (Some(0.0), Some(0.01), "0.00"),
        (Some(0.000_000_15), None, "0.15"),
        (Some(0.000_000_125), None, "0.125"),
        (Some(0.000_000_041_666_666_666_666_7), None, "0.0417"),
        (Some(0.000_075), None, "75.00"),
        (Some(0.000_01), None, "10.00"),
        (Some(1e-12), None, "<0.0001"),
        (Some(1.0), None, "1000000.00"),
    ];
    for (per_token, per_request, expected) in table {
        assert_eq!(price(per_token, per_request), expected, "{per_token:?}");
    }
    let column = ["0.0417", "10.00", "free"].map(str::to_owned).into();
    assert_eq!(aligned(column), ["0.0417", "10.00  ", "free"]);
}

#[test]
fn tokens_are_rounded_down() {
    let table = [
        (None, "?"),
        (Some(0), "0"),
        (Some(999), "999"),
        (Some(8_192), "8k"),
        (Some(131_072), "131k"),
        (Some(999_999), "999k"),
        (Some(1_000_000), "1M"),
        (Some(1_048_576), "1.04M"),
        (Some(1_100_000), "1.1M"),
        (Some(10_000_000), "10M"),
    ];
    for (count, expected) in table {
        assert_eq!(tokens(count), expected);
    }
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_terminal(
        ids in proptest::collection::vec("(\\PC|日|\x1b|\u{202e}){0,60}", 0..6),
        columns in 5_usize..130,
        expires in "\\PC{0,12}",
    ) {
        let models: Vec<ModelInfo> = ids
            .iter()
            .map(|id| ModelInfo { expires: Some(expires.clone()), ..model(id, 4096, Some((0.1, 0.2)), &["tools"]) })
            .collect();
        let table = at(columns, &models);
        for line in table.lines() {
            prop_assert!(line.width() <= columns, "{:?} is wider than {}", line, columns);
            prop_assert!(!line.chars().any(crate::text::is_hidden));
        }
        let rows = if ids.is_empty() { 0 } else { ids.len() + 1 };
        prop_assert_eq!(table.lines().count(), rows);
    }
}
