//! The documents that readers are measured on.

use serde_json::json;

/// An array of mixed records, about `bytes` long.
pub fn records(bytes: usize) -> String {
    let mut text = String::from("[");
    for number in 0_usize.. {
        if text.len() >= bytes {
            break;
        }
        let record = json!({
            "id": number,
            "name": format!("Ada Lovelace {number}"),
            "email": format!("ada{number}@example.org"),
            "score": f64::from(number as u32) * 0.37,
            "active": number.is_multiple_of(3),
            "tags": ["alpha", "beta", format!("t{}", number % 17)],
            "address": {"street": "12 St James's Square", "city": "London", "zip": null},
            "note": "She wrote \"Note G\".\nThe first of its kind.",
        });
        if number > 0 {
            text.push(',');
        }
        text.push_str(&record.to_string());
    }
    text + "]"
}

/// A text as models quote it: an escape every dozen bytes.
pub const QUOTING: &str = "She said: \"Note G\"\n\tand \\ or C:\\temp\\x\n- \"first\", \"second\" of its kind\n";
/// A text with few escapes.
pub const PROSE: &str = "The quick brown fox jumps over the lazy dog, says \"the book\" — twice.\n";
/// A text that every piece cuts within a letter.
pub const CHINESE: &str = "敏捷的棕色狐狸跳过了懒狗，书上这样说。\n";

/// One long string: a line again and again, about `bytes` long.
pub fn long_string(line: &str, bytes: usize) -> String {
    json!({ "text": line.repeat(bytes / line.len()) }).to_string()
}
