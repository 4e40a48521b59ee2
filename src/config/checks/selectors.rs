//! Selectors of Kubernetes objects, with its words for what is wrong.
//!
//! Source: the packages `labels`, `fields` and `util/validation` of apimachinery.

use crate::text::go_quote;

/// What Kubernetes says of a label selector that it refuses.
pub(super) fn label_selector_fault(text: &str) -> Option<String> {
    Parser { rest: text }.selector().err()
}

/// A term of a field selector that Kubernetes refuses.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FieldSelectorFault<'t> {
    pub(super) term: &'t str,
    pub(super) message: String,
}

/// The first term that Kubernetes refuses: it goes over them in sorted order.
pub(super) fn field_selector_fault(text: &str) -> Option<FieldSelectorFault<'_>> {
    let mut terms = unescaped_split(text);
    terms.sort_unstable();
    terms.into_iter().filter(|term| !term.is_empty()).find_map(|term| {
        let message = match term.find('=') {
            None => Some(format!("invalid selector: '{text}'; can't understand '{term}'")),
            Some(at) => {
                let value = &term[at + 1..];
                let is_double = !term[..at].ends_with('!');
                value_fault(value.strip_prefix('=').filter(|_| is_double).unwrap_or(value))
            }
        };
        message.map(|message| FieldSelectorFault { term, message })
    })
}

/// A backslash, a comma and an equals sign in a value need a backslash before them.
fn value_fault(value: &str) -> Option<String> {
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('\\' | ',' | '=') => {}
                Some(other) => return Some(format!("invalid field selector: invalid escape sequence: \\{other}")),
                None => return Some("invalid field selector: invalid escape sequence: \\".to_string()),
            },
            ',' | '=' => {
                let code = u32::from(character);
                return Some(format!("invalid field selector: unescaped character in value: {code}"));
            }
            _ => {}
        }
    }
    None
}

/// The terms of a field selector: commas with a backslash before them do not part them.
fn unescaped_split(text: &str) -> Vec<&str> {
    let mut terms = Vec::new();
    let (mut start, mut is_escaped) = (0, false);
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b',' => {
                terms.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    terms.push(&text[start..]);
    terms
}

/// A part of a label selector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'t> {
    End,
    Word(&'t str),
    Sign(&'t str),
}

impl<'t> Token<'t> {
    fn text(self) -> &'t str {
        match self {
            Self::End => "",
            Self::Word(text) | Self::Sign(text) => text,
        }
    }
}

struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Token<'t> {
        Parser { rest: self.rest }.next()
    }

    fn next(&mut self) -> Token<'t> {
        let text = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let is_sign = |character: char| matches!(character, '=' | '!' | '(' | ')' | ',' | '<' | '>');
        let ends_word = |character: char| is_sign(character) || matches!(character, ' ' | '\t' | '\n' | '\r' | '\0');
        let length = match text.chars().next() {
            // A zero byte is the end for Kubernetes.
            None | Some('\0') => return Token::End,
            Some(_) if text.starts_with("==") || text.starts_with("!=") => 2,
            Some(first) if is_sign(first) => 1,
            Some(_) => text.find(ends_word).unwrap_or(text.len()),
        };
        let (token, rest) = text.split_at(length);
        // A zero byte ends a token and is read with it.
        self.rest = rest.strip_prefix('\0').unwrap_or(rest);
        if token.starts_with(is_sign) { Token::Sign(token) } else { Token::Word(token) }
    }

    fn selector(&mut self) -> Result<(), String> {
        match self.peek() {
            Token::End => return Ok(()),
            Token::Word(_) | Token::Sign("!") => {}
            Token::Sign(sign) => return Err(format!("found '{sign}', expected: !, identifier, or 'end of string'")),
        }
        loop {
            self.requirement().map_err(|message| format!("unable to parse requirement: {message}"))?;
            match self.next() {
                Token::End => return Ok(()),
                Token::Sign(",") => match self.peek() {
                    Token::Word(_) | Token::Sign("!") => {}
                    other => return Err(format!("found '{}', expected: identifier after ','", other.text())),
                },
                other => return Err(format!("found '{}', expected: ',' or 'end of string'", other.text())),
            }
        }
    }

    fn requirement(&mut self) -> Result<(), String> {
        let mut token = self.next();
        let is_absence = token == Token::Sign("!");
        if is_absence {
            token = self.next();
        }
        let Token::Word(key) = token else { return Err(format!("found '{}', expected: identifier", token.text())) };
        if let Some(fault) = key_fault(key) {
            return Err(format!("<nil>: Invalid value: {}: {fault}", go_quote(key)));
        }
        if is_absence || matches!(self.peek(), Token::End | Token::Sign(",")) {
            return Ok(());
        }
        match self.next() {
            Token::Word("in" | "notin") => check_values(key, &self.values()?, false),
            Token::Sign("=" | "==" | "!=") => check_values(key, &[self.exact_value()?], false),
            Token::Sign("<" | ">") => check_values(key, &[self.exact_value()?], true),
            other => Err(format!("found '{}', expected: in, notin, =, ==, !=, gt, lt", other.text())),
        }
    }

    fn exact_value(&mut self) -> Result<&'t str, String> {
        if matches!(self.peek(), Token::End | Token::Sign(",")) {
            return Ok("");
        }
        match self.next() {
            Token::Word(value) => Ok(value),
            other => Err(format!("found '{}', expected: identifier", other.text())),
        }
    }

    /// Values in parentheses, sorted.
    fn values(&mut self) -> Result<Vec<&'t str>, String> {
        match self.next() {
            Token::Sign("(") => {}
            other => return Err(format!("found '{}' expected: '('", other.text())),
        }
        match self.peek() {
            Token::Word(_) | Token::Sign(",") => {}
            Token::Sign(")") => {
                self.next();
                return Ok(vec![""]);
            }
            other => return Err(format!("found '{}', expected: ',', ')' or identifier", other.text())),
        }
        let mut values: Vec<&str> = Vec::new();
        loop {
            match self.next() {
                Token::Word(value) => {
                    values.push(value);
                    match self.peek() {
                        Token::Sign(",") => {}
                        Token::Sign(")") => break,
                        other => return Err(format!("found '{}', expected: ',' or ')'", other.text())),
                    }
                }
                Token::Sign(",") => {
                    if values.is_empty() {
                        values.push("");
                    }
                    match self.peek() {
                        Token::Sign(")") => {
                            values.push("");
                            break;
                        }
                        Token::Sign(",") => {
                            self.next();
                            values.push("");
                        }
                        _ => {}
                    }
                }
                other => return Err(format!("found '{}', expected: ',', or identifier", other.text())),
            }
        }
        // The closing parenthesis, which was seen.
        self.next();
        values.sort_unstable();
        values.dedup();
        Ok(values)
    }
}

fn check_values(key: &str, values: &[&str], are_numbers: bool) -> Result<(), String> {
    let mut faults = Vec::new();
    for (index, value) in values.iter().enumerate() {
        if are_numbers && value.parse::<i64>().is_err() {
            let words = "for 'Gt', 'Lt' operators, the value must be an integer";
            faults.push(format!("values[{index}]: Invalid value: {}: {words}", go_quote(value)));
        }
    }
    for (index, value) in values.iter().enumerate() {
        if let Some(fault) = label_value_fault(value) {
            faults.push(format!("values[{index}][{key}]: Invalid value: {}: {fault}", go_quote(value)));
        }
    }
    match &faults[..] {
        [] => Ok(()),
        [one] => Err(one.clone()),
        several => Err(format!("[{}]", several.join(", "))),
    }
}

const LONGEST_NAME: usize = 63;
const LONGEST_PREFIX: usize = 253;

/// What is wrong with a label key: an optional DNS name and a `/`, then a name.
fn key_fault(key: &str) -> Option<String> {
    const NAME: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    const PREFIX: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    let mut faults: Vec<String> = Vec::new();
    let parts: Vec<&str> = key.split('/').collect();
    let name = match parts[..] {
        [name] => name,
        [prefix, name] => {
            if prefix.is_empty() {
                faults.push("prefix part must be non-empty".to_string());
            } else {
                if prefix.len() > LONGEST_PREFIX {
                    faults.push(format!("prefix part {}", too_long(LONGEST_PREFIX)));
                }
                if !prefix.split('.').all(is_dns_part) {
                    faults.push(format!("prefix part {PREFIX}"));
                }
            }
            name
        }
        _ => {
            let hint = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            return Some(format!("a valid label key {NAME} {hint}"));
        }
    };
    if name.is_empty() {
        faults.push("name part must be non-empty".to_string());
    } else if name.len() > LONGEST_NAME {
        faults.push(format!("name part {}", too_long(LONGEST_NAME)));
    }
    if !is_name(name) {
        faults.push(format!("name part {NAME}"));
    }
    (!faults.is_empty()).then(|| faults.join("; "))
}

fn label_value_fault(value: &str) -> Option<String> {
    const VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    let mut faults: Vec<String> = Vec::new();
    if value.len() > LONGEST_NAME {
        faults.push(too_long(LONGEST_NAME));
    }
    if !value.is_empty() && !is_name(value) {
        faults.push(VALUE.to_string());
    }
    (!faults.is_empty()).then(|| faults.join("; "))
}

fn too_long(most: usize) -> String {
    format!("must be no more than {most} bytes")
}

fn is_name(text: &str) -> bool {
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let bytes = text.as_bytes();
    has_edges(text, u8::is_ascii_alphanumeric) && bytes.iter().all(is_inner)
}

fn is_dns_part(text: &str) -> bool {
    let is_edge = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    has_edges(text, is_edge) && text.as_bytes().iter().all(|byte| is_edge(byte) || *byte == b'-')
}

fn has_edges(text: &str, is_edge: impl Fn(&u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(&is_edge) && bytes.last().is_some_and(&is_edge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn label_selectors_are_those_of_kubernetes() {
        for text in [
            "",
            "a",
            "!a",
            "a=b",
            "a==b,c!=d",
            "x in (a, b),y notin (c)",
            "app.kubernetes.io/name=x",
            "a=",
            "n>5",
            "in",
        ] {
            assert_eq!(label_selector_fault(text), None, "{text:?}");
        }
        for (text, message) in [
            ("=b", "found '=', expected: !, identifier, or 'end of string'"),
            ("a,", "found '', expected: identifier after ','"),
            ("a=b c", "found 'c', expected: ',' or 'end of string'"),
            ("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
            ("a in", "unable to parse requirement: found '' expected: '('"),
            ("a in (b c)", "unable to parse requirement: found 'c', expected: ',' or ')'"),
            ("!", "unable to parse requirement: found '', expected: identifier"),
            ("a\0 b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
            ("a =\0(", "unable to parse requirement: found '(', expected: identifier"),
        ] {
            assert_eq!(label_selector_fault(text).as_deref(), Some(message), "{text:?}");
        }
        let starts = |text: &str, start: &str| label_selector_fault(text).unwrap_or_default().starts_with(start);
        let long = "x".repeat(64);
        let too_long = format!(
            "unable to parse requirement: values[0][a]: Invalid value: \"{long}\": must be no more than 63 bytes"
        );
        assert_eq!(label_selector_fault(&format!("a={long}")), Some(too_long));
        for text in ["\0a b", "a\0", "a=b\0,c", "a =\0b", "x in (a\0, b)"] {
            assert_eq!(label_selector_fault(text), None, "{text:?}");
        }
        assert!(starts("-a", "unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist of"));
        assert!(starts("a=-", "unable to parse requirement: values[0][a]: Invalid value: \"-\": a valid label must"));
        assert!(starts("a>b", "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt'"));
    }

    #[test]
    fn field_selectors_are_those_of_kubernetes() {
        let message = |text: &str| field_selector_fault(text).map(|fault| fault.message);
        for text in ["", "a=b", "a!=b,c==d", "a=b\\,c", "a=\\="] {
            assert_eq!(message(text), None, "{text:?}");
        }
        let is = |text: &str, expected: &str| assert_eq!(message(text).as_deref(), Some(expected), "{text:?}");
        is("b,a", "invalid selector: 'b,a'; can't understand 'a'");
        is("a=b=c", "invalid field selector: unescaped character in value: 61");
        is("a=\\b", "invalid field selector: invalid escape sequence: \\b");
    }

    #[test]
    fn terms_of_field_selectors_are_parted_by_commas() {
        assert_eq!(unescaped_split("a=b,c=d\\,e"), ["a=b", "c=d\\,e"]);
    }
}
