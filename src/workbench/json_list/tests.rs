//! Rows, folding and long strings.

use super::*;
use serde_json::json;

fn rows(list: &JsonList) -> Vec<String> {
    (0..list.len()).map(|row| plain(&list.line(row))).collect()
}

fn list() -> JsonList {
    let value = json!({"a": 1, "b": {"c": [true, null], "d": {}}, "e": "one\ntwo"});
    JsonList::new(Arc::new(value), 30)
}

#[test]
fn rows_fold_and_unfold() {
    let mut list = list();
    let all = [
        " {",
        "    \"a\": 1,",
        "   \"b\": {",
        "     \"c\": [",
        "        true,",
        "        null",
        "      ],",
        "      \"d\": {}",
        "    },",
        "    \"e\": \"one\\ntwo\"",
        "  }",
    ];
    assert_eq!(rows(&list), all);
    assert_eq!(list.pointer(5).as_deref(), Some("/b/c/1"));
    assert_eq!((list.parent_row(5), list.first_row(6)), (Some(3), Some(3)));
    assert_eq!(list.value(6), Some(&json!([true, null])));
    assert!(list.toggle(8));
    assert_eq!(
        rows(&list),
        [
            " {",
            "    \"a\": 1,",
            "   \"b\": { 2 members },",
            "    \"e\": \"one\\ntwo\"",
            "  }"
        ]
    );
    assert!(!list.toggle(1));
    list.fold_all(false);
    assert_eq!(rows(&list), all);
    list.fold("/b/c");
    assert_eq!(rows(&list)[3], "     \"c\": [ 2 items ],");
    list.fold_all(true);
    assert_eq!(list.len(), 5);
}

#[test]
fn long_strings_open() {
    let mut list = JsonList::new(Arc::new(json!({"k": "one two three\nfour five six seven"})), 20);
    assert_eq!(list.is_open(1), Some(false));
    assert!(list.toggle(1));
    let open = [
        " {",
        "   \"k\": 33 bytes:",
        "      one two three",
        "      four five six",
        "      seven",
        "  }",
    ];
    assert_eq!(rows(&list), open);
    assert_eq!(list.first_row(3), Some(1));
    assert!(list.toggle(4));
    assert_eq!(list.len(), 3);
    list.resize(80);
    assert_eq!(list.is_open(1), None);
    assert!(list.has(1, "four five"));
}

#[test]
fn a_huge_string_is_cut() {
    let mut list = JsonList::new(Arc::new(Value::from("é".repeat(100_000))), 40);
    assert!(plain(&list.line(0)).len() < 500);
    assert!(list.toggle(0));
    assert_eq!(
        rows(&list).last().map(|row| row.trim().to_owned()),
        Some("134464 bytes more".into())
    );
}
