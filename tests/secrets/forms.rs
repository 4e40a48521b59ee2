//! The ways in which a field with a secret is written, and the config around it.

use promcfg::config::{ConfigPath, config_paths};

use super::MARKER;

/// A way of writing: from the key and the indentation, its lines without the first indentation; and the lines at the top
/// of the file.
pub(super) struct Form {
    pub(super) name: &'static str,
    lines: fn(&str, &str) -> String,
    top: fn(&str) -> String,
}

fn nothing(_: &str) -> String {
    String::new()
}

/// A name without one of its letters; a short one stays as it is.
fn misspelt(key: &str) -> String {
    if key.len() < 6 { key.to_string() } else { format!("{}{}", &key[..3], &key[4..]) }
}

fn escaped(key: &str) -> String {
    format!("\"{}\\u{:04x}{}\"", &key[..1], key.as_bytes()[1], &key[2..])
}

const S: &str = MARKER;

pub(super) const FORMS: [Form; 27] = [
    Form { name: "plain", lines: |key, _| format!("{key}: {S}"), top: nothing },
    Form { name: "single quotes", lines: |key, _| format!("{key}: '{S}'"), top: nothing },
    Form { name: "double quotes", lines: |key, _| format!("{key}: \"{S}\""), top: nothing },
    Form { name: "text tag", lines: |key, _| format!("{key}: !!str {S}"), top: nothing },
    Form { name: "number tag", lines: |key, _| format!("{key}: !!int {S}"), top: nothing },
    Form { name: "list", lines: |key, _| format!("{key}: [{S}, x]"), top: nothing },
    Form { name: "mapping", lines: |key, _| format!("{key}: {{a: {S}}}"), top: nothing },
    Form { name: "block list", lines: |key, indent| format!("{key}:\n{indent}- {S}\n{indent}- {S}"), top: nothing },
    Form { name: "unknown alias", lines: |key, _| format!("{key}: *{S}"), top: nothing },
    Form { name: "escaped key", lines: |key, _| format!("{}: {S}", escaped(key)), top: nothing },
    Form { name: "escaped value", lines: |key, _| format!("{key}: \"\\u0068{}\"", &S[1..]), top: nothing },
    Form { name: "complex key", lines: |key, indent| format!("? {key}\n{indent}: {S}"), top: nothing },
    Form {
        name: "literal block",
        lines: |key, indent| format!("{key}: |\n{indent}  {S}\n\n{indent}  {S}"),
        top: nothing,
    },
    Form {
        name: "folded block",
        lines: |key, indent| format!("{key}: >-\n{indent}  {S}\n{indent}  {S}"),
        top: nothing,
    },
    Form { name: "quotes over lines", lines: |key, indent| format!("{key}: \"{S}\n{indent}  {S}\""), top: nothing },
    Form { name: "plain over lines", lines: |key, indent| format!("{key}: {S}\n{indent}  {S}"), top: nothing },
    Form { name: "below", lines: |key, indent| format!("{key}:\n{indent}  {S}"), top: nothing },
    Form { name: "misspelt", lines: |key, _| format!("{}: {S}", misspelt(key)), top: nothing },
    Form { name: "other case", lines: |key, _| format!("{}: {S}", key.to_uppercase()), top: nothing },
    Form { name: "equals", lines: |key, _| format!("{key} = {S}"), top: nothing },
    Form { name: "no blank", lines: |key, _| format!("{key}:{S}"), top: nothing },
    Form { name: "anchor", lines: |key, _| format!("{key}: *a"), top: |_| format!("x: &a {S}\n") },
    Form { name: "anchors", lines: |key, _| format!("{key}: *b"), top: |_| format!("x: &b [{{y: &a [{S}]}}, *a]\n") },
    Form { name: "merge", lines: |_, _| "<<: *m".to_string(), top: |key| format!("x: &m {{{key}: {S}}}\n") },
    Form { name: "aliased key", lines: |_, _| format!("*k : {S}"), top: |key| format!("x: &k {key}\n") },
    Form { name: "comment", lines: |key, _| format!("# {key}: {S}"), top: nothing },
    Form { name: "open quote", lines: |key, _| format!("{key}: \"{S}"), top: nothing },
];

/// Passwords in a URL; `%` is the marker.
pub(super) const PASSWORDS: [&str; 10] = ["%", "%/x", "x?%", "x#%", "%%zz", "x@%", "12/%", "\\u0078%", "x\"%", "a %"];

/// The places that are secret, as the schema has them.
pub(super) fn secret_paths() -> Vec<ConfigPath> {
    config_paths().into_iter().filter(|place| place.field.is_secret).collect()
}

/// The places of URLs.
pub(super) fn url_paths() -> Vec<ConfigPath> {
    config_paths().into_iter().filter(|place| place.field.wanted == "a URL").collect()
}

/// A config with one field at its place, and a line before, within or after it.
pub(super) struct Config<'c> {
    pub(super) path: &'c str,
    pub(super) fault: &'c str,
    /// 0: at the top, 1: before the field, 2: after it, 3: at the end.
    pub(super) place: usize,
}

impl Config<'_> {
    pub(super) fn with_form(&self, form: &Form) -> String {
        let key = self.path.rsplit('.').next().unwrap_or("");
        let text = self.with_lines(|indent| (form.lines)(key, indent));
        format!("{}{text}", (form.top)(key))
    }

    /// The lines of the field are what `lines` gives for the indentation.
    pub(super) fn with_lines(&self, lines: impl Fn(&str) -> String) -> String {
        let mut text = if self.place == 0 { format!("{}\n", self.fault) } else { String::new() };
        let mut indent = String::new();
        let mut begin = String::new();
        let keys: Vec<&str> = self.path.split('.').collect();
        for key in &keys[..keys.len() - 1] {
            match *key {
                "-" => begin = format!("{indent}- "),
                key => {
                    let key = if key == "*" { "X-Name" } else { key };
                    text.push_str(&format!("{begin}{key}:\n"));
                    indent = " ".repeat(begin.len() + 2);
                    begin.clone_from(&indent);
                }
            }
            if *key == "-" {
                indent = " ".repeat(begin.len());
            }
        }
        if self.path.starts_with("scrape_configs.-") {
            let first = text.find("- ").map_or(0, |at| at + 2);
            if first > 0 {
                text.insert_str(first, "job_name: a\n    ");
            } else {
                text.push_str(&format!("{begin}job_name: a\n"));
                begin.clone_from(&indent);
            }
        }
        if self.place == 1 {
            text.push_str(&format!("{begin}{}\n", self.fault));
            begin.clone_from(&indent);
        }
        text.push_str(&format!("{begin}{}\n", lines(&indent)));
        if self.place == 2 {
            text.push_str(&format!("{indent}{}\n", self.fault));
        }
        if self.place == 3 {
            text.push_str(&format!("{}\n", self.fault));
        }
        text
    }
}
