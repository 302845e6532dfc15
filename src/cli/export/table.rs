//! Values as a flat table in CSV (RFC 4180).
//!
//! Owns the columns, the quoting, and the guard against formulas: the cells are a stranger's data, and a spreadsheet runs whatever
//! begins like one.

use serde_json::Value;
use std::collections::HashMap;

/// How deep members of members get columns of their own; below that a cell holds JSON.
const DEPTH: usize = 8;

/// The column of values that have no members.
const VALUE: &str = "value";

/// The table: a header, then a line for each row, each ended by CR LF. Columns come in the order in which the rows have them.
pub fn csv(rows: &[&Value]) -> String {
    let mut columns: Vec<String> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut cells: Vec<Vec<(usize, String)>> = Vec::new();
    for row in rows {
        let mut line = Vec::new();
        flatten("", row, 0, &mut |path, text| {
            let place = *places.entry(path.to_owned()).or_insert_with(|| {
                columns.push(path.to_owned());
                columns.len() - 1
            });
            line.push((place, text));
        });
        cells.push(line);
    }
    let mut out = String::new();
    record(&mut out, columns.iter().map(|name| guarded(name)));
    for line in cells {
        let mut full = vec![String::new(); columns.len()];
        for (place, text) in line {
            full[place] = text;
        }
        record(&mut out, full.into_iter());
    }
    out
}

/// Hands each cell of a row to `cell`, with its column.
fn flatten(path: &str, value: &Value, depth: usize, cell: &mut impl FnMut(&str, String)) {
    match value {
        Value::Object(members) if depth < DEPTH && !members.is_empty() => {
            for (key, value) in members {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                flatten(&path, value, depth + 1, cell);
            }
        }
        value => {
            let text = match value {
                Value::Null => String::new(),
                Value::String(text) => guarded(text),
                Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
            };
            cell(if path.is_empty() && depth == 0 { VALUE } else { path }, text);
        }
    }
}

/// A text that no spreadsheet runs. Numbers of JSON, which may be negative, are none of these.
fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn record(out: &mut String, cells: impl Iterator<Item = String>) {
    for (number, cell) in cells.enumerate() {
        if number > 0 {
            out.push(',');
        }
        let quoted = cell.contains(['"', ',', '\r', '\n', ';', '\t']) || cell.starts_with(' ') || cell.ends_with(' ');
        if quoted {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::csv;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn table(rows: &[Value]) -> String {
        csv(&rows.iter().collect::<Vec<_>>())
    }

    #[test]
    fn columns_and_cells() {
        let rows = [
            json!({"name": "Ivan", "at": {"city": "Kyiv, UA", "zip": null}, "tags": ["a", "b"]}),
            json!({"name": "say \"hi\"\n", "age": -28, "ok": true, "at": {}}),
            json!({"at": {"city": " x"}}),
        ];
        let expected = [
            "name,at.city,at.zip,tags,age,ok,at",
            "Ivan,\"Kyiv, UA\",,\"[\"\"a\"\",\"\"b\"\"]\",,,",
            "\"say \"\"hi\"\"\n\",,,,-28,true,{}",
            ",\" x\",,,,,",
            "",
        ];
        assert_eq!(table(&rows), expected.join("\r\n"));
        assert_eq!(table(&[json!(1), json!("x")]), "value\r\n1\r\nx\r\n");
    }

    #[test]
    fn no_cell_is_a_formula() {
        let cells = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "＝1"];
        let rows: Vec<Value> = cells.iter().map(|cell| json!({ "=a": cell })).collect();
        for line in table(&rows).split("\r\n").filter(|line| !line.is_empty()) {
            assert!(line.starts_with('\'') || line.starts_with("\"'"), "{line:?}");
        }
        assert_eq!(table(&[json!({"a": -5, "b": "5-3"})]), "a,b\r\n-5,5-3\r\n");
    }

    /// Reads a table back by the letter of RFC 4180.
    fn parse(text: &str) -> Vec<Vec<String>> {
        let (mut records, mut cells, mut cell, mut inside) = (Vec::new(), Vec::new(), String::new(), false);
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if inside && chars.peek() == Some(&'"') => {
                    chars.next();
                    cell.push('"');
                }
                '"' => inside = !inside,
                ',' if !inside => cells.push(std::mem::take(&mut cell)),
                '\r' if !inside && chars.peek() == Some(&'\n') => {
                    chars.next();
                    cells.push(std::mem::take(&mut cell));
                    records.push(std::mem::take(&mut cells));
                }
                c => cell.push(c),
            }
        }
        records
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(texts in prop::collection::vec("[a-z\",;\r\n\t =]{0,8}", 1..5)) {
            let rows: Vec<Value> = texts.iter().map(|text| json!({"a": text, "b": 1})).collect();
            let read = parse(&table(&rows));
            prop_assert_eq!(read.len(), texts.len() + 1);
            for (line, text) in read[1..].iter().zip(&texts) {
                let cell = line[0].strip_prefix('\'').unwrap_or(&line[0]);
                prop_assert_eq!(cell, text);
                prop_assert_eq!(&line[1], "1");
            }
        }
    }
}
