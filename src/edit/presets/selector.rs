//! The form of a selector of series, such as `{job="node", instance=~"web-.*"}`: what a preset writes as `match[]`.

use crate::re2::Regex;

/// What is wrong with a selector. `None` for one that a server reads.
pub(super) fn fault_of(selector: &str) -> Option<String> {
    let mut reader = Reader { rest: selector.trim() };
    reader.selector().err()
}

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn selector(&mut self) -> Result<(), String> {
        let name = self.word(|c| c == '_' || c == ':' || c.is_ascii_alphanumeric());
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(format!("the name {name:?} begins with a digit"));
        }
        let has_matcher = if self.takes("{") { self.matchers()? } else { false };
        match self.rest.trim_start() {
            "" if name.is_empty() && !has_matcher => {
                Err("at least one condition must not match the empty text".to_string())
            }
            "" => Ok(()),
            rest => Err(format!("unexpected {rest:?}")),
        }
    }

    /// Whether one of the conditions excludes the empty text, as a server demands.
    fn matchers(&mut self) -> Result<bool, String> {
        let mut excludes_empty = false;
        loop {
            if self.takes("}") {
                return Ok(excludes_empty);
            }
            excludes_empty |= self.matcher()?;
            if !self.takes(",") && !self.rest.trim_start().starts_with('}') {
                return Err(match self.rest.trim_start() {
                    "" => "the brace is not closed".to_string(),
                    rest => format!("expected `,` or `}}`, found {rest:?}"),
                });
            }
        }
    }

    fn matcher(&mut self) -> Result<bool, String> {
        let is_quoted = self.rest.trim_start().starts_with(['"', '\'', '`']);
        let label = match is_quoted {
            true => self.string()?,
            false => self.word(|c| c == '_' || c.is_ascii_alphanumeric()),
        };
        if label.is_empty() || (!is_quoted && label.starts_with(|c: char| c.is_ascii_digit())) {
            return Err(match self.rest.trim_start() {
                "" => "the brace is not closed".to_string(),
                rest => format!("expected a label, found {:?}", format!("{label}{rest}")),
            });
        }
        let operators = ["=~", "!~", "!=", "="];
        let Some(operator) = operators.into_iter().find(|operator| self.takes(operator)) else {
            // A quoted name alone is that of the metric.
            return if is_quoted { Ok(true) } else { Err(format!("no `=` follows the label `{label}`")) };
        };
        let value = self.string().map_err(|_| format!("no text in quotes follows `{label}{operator}`"))?;
        let matches_empty = match operator {
            "=" => value.is_empty(),
            "!=" => !value.is_empty(),
            _ => {
                let regex = Regex::new(value).map_err(|error| format!("the pattern of `{label}`: {error}"))?;
                (regex.is_match("") == Ok(true)) == (operator == "=~")
            }
        };
        Ok(!matches_empty)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn word(&mut self, is_part: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest.trim_start();
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.rest = &rest[end..];
        &rest[..end]
    }

    /// A text in quotes, as it is written inside of them.
    fn string(&mut self) -> Result<&'t str, String> {
        let rest = self.rest.trim_start();
        let quote = rest.chars().next().filter(|c| ['"', '\'', '`'].contains(c));
        let quote = quote.ok_or_else(|| "no text in quotes".to_string())?;
        let mut is_escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' if quote != '`' => is_escaped = true,
                _ if c == quote => {
                    self.rest = &rest[at + 1..];
                    return Ok(&rest[1..at]);
                }
                _ => {}
            }
        }
        Err("a quote is not closed".to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_of_series_are_recognized() {
        let sound = [
            "up",
            "{job=\"node\"}",
            "{__name__=~\"job:.*\"}",
            " node_cpu { mode != 'idle', cpu=~`\\d+` , } ",
            "{\"http.server\", \"a.b\"=\"x\"}",
            "{job=\"a\",instance=\"\"}",
            "{job!=\"\"}",
        ];
        for selector in sound {
            assert_eq!(fault_of(selector), None, "{selector}");
        }
    }

    #[test]
    fn what_a_server_would_refuse_is_a_fault() {
        for (selector, message) in [
            ("", "at least one condition"),
            ("{}", "at least one condition"),
            ("{job=~\".*\"}", "at least one condition"),
            ("{job!=\"a\"}", "at least one condition"),
            ("{job=", "no text in quotes follows `job=`"),
            ("{job=\"a\"", "the brace is not closed"),
            ("{job=\"a", "no text in quotes"),
            ("{job}", "no `=` follows the label `job`"),
            ("{job=\"a\" x=\"b\"}", "expected `,` or `}`"),
            ("{=\"a\"}", "expected a label"),
            ("{job=~\"(\"}", "the pattern of `job`"),
            ("up{job=\"a\"}[5m]", "unexpected \"[5m]\""),
            ("9up", "begins with a digit"),
        ] {
            let fault = fault_of(selector).unwrap_or_default();
            assert!(fault.contains(message), "{selector}: {fault}");
        }
    }
}
