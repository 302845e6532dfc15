//! A request as a curl command for a POSIX shell.
//!
//! Owns the quoting. The body goes through a here-document, so that no length is too long for a command line, and no byte of the
//! command can steer a terminal it is pasted into.

use crate::extract::endpoint::{Endpoint, of_header, variable};
use crate::text::is_hidden;
use serde_json::Value;
use std::fmt::Write as _;

/// The command that sends `body`. The key is read from its variable when the command runs.
pub fn curl(endpoint: &Endpoint, body: &Value) -> String {
    let mut command = format!(
        "curl --no-buffer --request {} {}",
        quoted(&endpoint.method),
        quoted(&endpoint.url)
    );
    if let Some(name) = &endpoint.key_env {
        header(&mut command, &format!("\"Authorization: Bearer {}\"", variable(name)));
    }
    header(&mut command, "'Content-Type: application/json'");
    for (name, value) in &endpoint.headers {
        let words = match value {
            Some(value) => quoted(&format!("{name}: {value}")),
            None => format!("{}\"{}\"", quoted(&format!("{name}: ")), variable(&of_header(name))),
        };
        header(&mut command, &words);
    }
    // No line of pretty JSON is this word, because every one begins with a brace, a quote, a space or a scalar.
    let _ = write!(command, " \\\n  --data-binary @- <<'JSON'\n{}\nJSON\n", plain(body));
    command
}

fn header(command: &mut String, words: &str) {
    let _ = write!(command, " \\\n  -H {words}");
}

/// A word in single quotes, in which a shell reads nothing but the end (POSIX.1-2024, 2.2.2).
fn quoted(word: &str) -> String {
    let visible: String = word.chars().filter(|c| !is_hidden(*c)).collect();
    format!("'{}'", visible.replace('\'', r"'\''"))
}

/// Pretty JSON in which whatever a terminal might take for a command is an escape (RFC 8259 §7).
fn plain(body: &Value) -> String {
    let pretty = serde_json::to_string_pretty(body).unwrap_or_else(|_| body.to_string());
    let mut out = String::with_capacity(pretty.len());
    for c in pretty.chars() {
        if c != '\n' && is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn endpoint() -> Endpoint {
        Endpoint {
            method: "POST".into(),
            url: "https://host/v1/it's/chat/completions".into(),
            key_env: Some("OPENROUTER_API_KEY".into()),
            headers: vec![
                ("x-title".into(), Some("$(id) `id` 'q'".into())),
                ("x-api-key".into(), None),
            ],
        }
    }

    #[test]
    fn words() {
        let body = json!({"model": "m", "text": "it's \u{7f}\u{202e}\u{e0041}"});
        insta::assert_snapshot!(curl(&endpoint(), &body), @r#"
        curl --no-buffer --request 'POST' 'https://host/v1/it'\''s/chat/completions' \
          -H "Authorization: Bearer $OPENROUTER_API_KEY" \
          -H 'Content-Type: application/json' \
          -H 'x-title: $(id) `id` '\''q'\''' \
          -H 'x-api-key: '"$X_API_KEY" \
          --data-binary @- <<'JSON'
        {
          "model": "m",
          "text": "it's \u007f\u202e\udb40\udc41"
        }
        JSON
        "#);
    }

    /// A shell hands curl exactly these words, and exactly this body on its standard input.
    #[cfg(unix)]
    #[test]
    fn a_shell_reads_it_as_meant() {
        let body = json!({
            "a": "it's $HOME `id` $(id) \\ \" !! %s\nJSON\n",
            "b": ["\u{1b}[2J", "\u{7f}", "\u{9b}", "日本 \u{202e}", 1.5, null, {}],
            "JSON": "x".repeat(300_000),
        });
        let fake = "curl() { for word; do printf '<%s>\\n' \"$word\"; done; cat; }\n";
        let script = format!("{fake}{}", curl(&endpoint(), &body));
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), script).unwrap();
        let output = std::process::Command::new("sh")
            .arg(file.path())
            .env("OPENROUTER_API_KEY", "k e'y\"")
            .env("X_API_KEY", "s $x")
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let (words, sent) = printed.split_once("<@->\n").unwrap();
        assert_eq!(serde_json::from_str::<Value>(sent).unwrap(), body);
        let expected = [
            "--no-buffer",
            "--request",
            "POST",
            "https://host/v1/it's/chat/completions",
            "-H",
            "Authorization: Bearer k e'y\"",
            "-H",
            "Content-Type: application/json",
            "-H",
            "x-title: $(id) `id` 'q'",
            "-H",
            "x-api-key: s $x",
            "--data-binary",
        ];
        assert_eq!(words, format!("<{}>\n", expected.join(">\n<")));
    }
}
