//! Selectors of Kubernetes objects by their labels, with its words for what is wrong.
//!
//! Source: the packages `labels` and `util/validation` of apimachinery.

use crate::text::go_quote;

use super::values::StringMap;

/// A selector of objects by their labels.
///
/// ```
/// use promcfg::discovery::LabelSelector;
/// assert!(LabelSelector::parse("app=web,tier in (a, b),!canary").is_ok());
/// let message = LabelSelector::parse("app=web tier").unwrap_err();
/// assert_eq!(message, "found 'tier', expected: ',' or 'end of string'");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSelector {
    requirements: Vec<LabelRequirement>,
}

/// What a selector wants of one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelRequirement {
    key: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Exists,
    IsAbsent,
    /// The label has one of the values.
    IsIn(Vec<String>),
    /// The label is absent, or has another value.
    IsNotIn(Vec<String>),
    IsAbove(i64),
    IsBelow(i64),
}

impl LabelSelector {
    /// Reads a selector; an empty one selects all objects.
    ///
    /// # Errors
    /// It is refused, with the words of Kubernetes.
    pub fn parse(text: &str) -> Result<Self, String> {
        Parser { rest: text }.selector().map(|requirements| Self { requirements })
    }

    /// Whether it selects all objects.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Adds what an entry of `matchLabels` wants.
    ///
    /// # Errors
    /// The name or the value is not valid, with the words of Kubernetes.
    ///
    /// ```
    /// use promcfg::discovery::LabelSelector;
    /// let mut selector = LabelSelector::default();
    /// assert!(selector.require_value("app", "web").is_ok() && selector.require_value("app", "a b").is_err());
    /// ```
    pub fn require_value(&mut self, key: &str, value: &str) -> Result<(), String> {
        check_entry(key, &[value], None)?;
        self.requirements.push(LabelRequirement { key: key.to_string(), test: Test::IsIn(vec![value.to_string()]) });
        Ok(())
    }

    /// Adds what an entry of `matchExpressions` wants.
    ///
    /// # Errors
    /// The operator is unknown, or the name or the values are not valid, with the words of Kubernetes.
    ///
    /// ```
    /// use promcfg::discovery::LabelSelector;
    /// let mut selector = LabelSelector::default();
    /// assert!(selector.require("tier", "In", Some(&["web", "db"])).is_ok());
    /// let message = selector.require("tier", "in", None).unwrap_err();
    /// assert_eq!(message, "\"in\" is not a valid label selector operator");
    /// ```
    pub fn require(&mut self, key: &str, operator: &str, values: Option<&[&str]>) -> Result<(), String> {
        let given = values.unwrap_or_default();
        let owned = || given.iter().map(ToString::to_string).collect();
        let test = match operator {
            "In" => Test::IsIn(owned()),
            "NotIn" => Test::IsNotIn(owned()),
            "Exists" => Test::Exists,
            "DoesNotExist" => Test::IsAbsent,
            other => return Err(format!("{} is not a valid label selector operator", go_quote(other))),
        };
        let number_fault = match test {
            Test::IsIn(_) | Test::IsNotIn(_) if given.is_empty() => {
                let shown = if values.is_some() { "[]" } else { "null" };
                let why = "for 'in', 'notin' operators, values set can't be empty";
                Some(format!("values: Invalid value: {shown}: {why}"))
            }
            Test::Exists | Test::IsAbsent if !given.is_empty() => {
                let shown: Vec<String> = given.iter().map(|value| go_quote(value)).collect();
                let why = "values set must be empty for exists and does not exist";
                Some(format!("values: Invalid value: [{}]: {why}", shown.join(",")))
            }
            _ => None,
        };
        check_entry(key, given, number_fault)?;
        self.requirements.push(LabelRequirement { key: key.to_string(), test });
        Ok(())
    }

    /// What it wants of labels, one after the other.
    ///
    /// ```
    /// let selector = promcfg::discovery::LabelSelector::parse("app=web,!canary").unwrap();
    /// assert_eq!(selector.requirements().len(), 2);
    /// ```
    #[must_use]
    pub fn requirements(&self) -> &[LabelRequirement] {
        &self.requirements
    }

    /// Whether it selects an object with these labels.
    pub(super) fn selects(&self, labels: &StringMap) -> bool {
        self.requirements
            .iter()
            .all(|requirement| requirement.is_met(labels.get(&requirement.key).map(|value| &**value)))
    }
}

impl LabelRequirement {
    /// The name of the label.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether an object fits whose label has this value, or that has no such label.
    ///
    /// ```
    /// use promcfg::discovery::LabelSelector;
    /// let selector = LabelSelector::parse("tier in (web, db)").unwrap();
    /// let requirement = &selector.requirements()[0];
    /// assert!(requirement.is_met(Some("db")) && !requirement.is_met(None));
    /// assert_eq!((requirement.key(), requirement.to_string().as_str()), ("tier", "one of db, web"));
    /// ```
    #[must_use]
    pub fn is_met(&self, value: Option<&str>) -> bool {
        let number = || value.and_then(|value| value.parse::<i64>().ok());
        let is_one_of = |values: &[String]| value.is_some_and(|value| values.iter().any(|own| own == value));
        match &self.test {
            Test::Exists => value.is_some(),
            Test::IsAbsent => value.is_none(),
            Test::IsIn(values) => is_one_of(values),
            Test::IsNotIn(values) => !is_one_of(values),
            Test::IsAbove(least) => number().is_some_and(|number| number > *least),
            Test::IsBelow(most) => number().is_some_and(|number| number < *most),
        }
    }
}

/// What it wants of its label: a value, `one of` several, `present` and the like.
impl std::fmt::Display for LabelRequirement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.test {
            Test::Exists => f.write_str("present"),
            Test::IsAbsent => f.write_str("absent"),
            Test::IsIn(values) => match &values[..] {
                [value] => f.write_str(value),
                several => write!(f, "one of {}", several.join(", ")),
            },
            Test::IsNotIn(values) => write!(f, "not {}", values.join(", ")),
            Test::IsAbove(least) => write!(f, "more than {least}"),
            Test::IsBelow(most) => write!(f, "less than {most}"),
        }
    }
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

    fn selector(&mut self) -> Result<Vec<LabelRequirement>, String> {
        let mut requirements = Vec::new();
        match self.peek() {
            Token::End => return Ok(requirements),
            Token::Word(_) | Token::Sign("!") => {}
            Token::Sign(sign) => return Err(format!("found '{sign}', expected: !, identifier, or 'end of string'")),
        }
        loop {
            let requirement = self.requirement();
            requirements.push(requirement.map_err(|message| format!("unable to parse requirement: {message}"))?);
            match self.next() {
                Token::End => return Ok(requirements),
                Token::Sign(",") => match self.peek() {
                    Token::Word(_) | Token::Sign("!") => {}
                    other => return Err(format!("found '{}', expected: identifier after ','", other.text())),
                },
                other => return Err(format!("found '{}', expected: ',' or 'end of string'", other.text())),
            }
        }
    }

    fn requirement(&mut self) -> Result<LabelRequirement, String> {
        let mut token = self.next();
        let is_absence = token == Token::Sign("!");
        if is_absence {
            token = self.next();
        }
        let Token::Word(key) = token else { return Err(format!("found '{}', expected: identifier", token.text())) };
        if let Some(fault) = key_fault(key) {
            return Err(format!("<nil>: Invalid value: {}: {fault}", go_quote(key)));
        }
        let test = if is_absence {
            Test::IsAbsent
        } else if matches!(self.peek(), Token::End | Token::Sign(",")) {
            Test::Exists
        } else {
            self.test(key)?
        };
        Ok(LabelRequirement { key: key.to_string(), test })
    }

    /// An operator and its values.
    fn test(&mut self, key: &str) -> Result<Test, String> {
        let operator = self.next();
        let values = match operator {
            Token::Word("in" | "notin") => self.values()?,
            Token::Sign("=" | "==" | "!=" | "<" | ">") => vec![self.exact_value()?],
            other => return Err(format!("found '{}', expected: in, notin, =, ==, !=, gt, lt", other.text())),
        };
        check_values(key, &values, matches!(operator, Token::Sign("<" | ">")))?;
        let number = || values.first().and_then(|value| value.parse().ok()).unwrap_or_default();
        let owned = || values.iter().map(ToString::to_string).collect();
        Ok(match operator {
            Token::Sign(">") => Test::IsAbove(number()),
            Token::Sign("<") => Test::IsBelow(number()),
            Token::Word("notin") | Token::Sign("!=") => Test::IsNotIn(owned()),
            _ => Test::IsIn(owned()),
        })
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

/// Checks an entry of `matchLabels` or `matchExpressions`, of which the number of values may be wrong.
fn check_entry(key: &str, values: &[&str], number_fault: Option<String>) -> Result<(), String> {
    let key_fault = key_fault(key).map(|fault| format!("key: Invalid value: {}: {fault}", go_quote(key)));
    let faults: Vec<String> = key_fault.into_iter().chain(number_fault).chain(value_faults(key, values)).collect();
    joined(&faults)
}

fn check_values(key: &str, values: &[&str], are_numbers: bool) -> Result<(), String> {
    let mut faults = Vec::new();
    for (index, value) in values.iter().enumerate() {
        if are_numbers && value.parse::<i64>().is_err() {
            let words = "for 'Gt', 'Lt' operators, the value must be an integer";
            faults.push(format!("values[{index}]: Invalid value: {}: {words}", go_quote(value)));
        }
    }
    faults.extend(value_faults(key, values));
    joined(&faults)
}

fn value_faults(key: &str, values: &[&str]) -> impl Iterator<Item = String> {
    values.iter().enumerate().filter_map(move |(index, value)| {
        let fault = label_value_fault(value)?;
        Some(format!("values[{index}][{key}]: Invalid value: {}: {fault}", go_quote(value)))
    })
}

fn joined(faults: &[String]) -> Result<(), String> {
    match faults {
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
            assert_eq!(LabelSelector::parse(text).err(), None, "{text:?}");
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
            assert_eq!(LabelSelector::parse(text).err().as_deref(), Some(message), "{text:?}");
        }
        let starts = |text: &str, start: &str| LabelSelector::parse(text).err().unwrap_or_default().starts_with(start);
        let long = "x".repeat(64);
        let too_long = format!(
            "unable to parse requirement: values[0][a]: Invalid value: \"{long}\": must be no more than 63 bytes"
        );
        assert_eq!(LabelSelector::parse(&format!("a={long}")).err(), Some(too_long));
        for text in ["\0a b", "a\0", "a=b\0,c", "a =\0b", "x in (a\0, b)"] {
            assert_eq!(LabelSelector::parse(text).err(), None, "{text:?}");
        }
        assert!(starts("-a", "unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist of"));
        assert!(starts("a=-", "unable to parse requirement: values[0][a]: Invalid value: \"-\": a valid label must"));
        assert!(starts("a>b", "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt'"));
    }

    #[test]
    fn entries_of_objects_are_checked_as_kubernetes_does() {
        let fault = |key: &str, operator: &str, values: Option<&[&str]>| {
            LabelSelector::default().require(key, operator, values).err().unwrap_or_default()
        };
        let empty = "for 'in', 'notin' operators, values set can't be empty";
        assert_eq!(fault("a", "In", Some(&["b"])), "");
        assert_eq!(fault("a", "DoesNotExist", None), "");
        assert_eq!(fault("a", "In", None), format!("values: Invalid value: null: {empty}"));
        assert_eq!(fault("a", "NotIn", Some(&[])), format!("values: Invalid value: []: {empty}"));
        let filled = "values set must be empty for exists and does not exist";
        assert_eq!(fault("a", "Exists", Some(&["x", "y"])), format!("values: Invalid value: [\"x\",\"y\"]: {filled}"));
        assert_eq!(fault("a", "Equals", Some(&["x"])), "\"Equals\" is not a valid label selector operator");
        assert!(fault("bad key!", "In", Some(&["x"])).starts_with("key: Invalid value: \"bad key!\": name part must"));
        assert!(fault("a", "In", Some(&["x y"])).starts_with("values[0][a]: Invalid value: \"x y\": a valid label"));
        assert!(fault("", "In", Some(&["x y"])).starts_with("[key: Invalid value: \"\": name part must be non-empty;"));
        assert!(LabelSelector::default().require_value("a", "$x").is_err());
        assert!(LabelSelector::default().require_value("a", "").is_ok());
    }

    #[test]
    fn a_selector_wants_all_that_it_lists() {
        let labels: StringMap = [("app", "web"), ("tier", "3"), ("empty", "")]
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        let selects = |text: &str| LabelSelector::parse(text).unwrap().selects(&labels);
        for text in [
            "",
            "app",
            "!x",
            "app=web",
            "app in (db, web)",
            "x!=web",
            "x notin (a)",
            "tier>2,tier<4",
            "empty=",
            "x!=",
            "empty in ()",
        ] {
            assert!(selects(text), "{text:?}");
        }
        for text in
            ["x", "!app", "app=db", "app notin (web)", "app!=web", "tier>3", "app>0", "x<1", "x=", "x in ()", "app,x"]
        {
            assert!(!selects(text), "{text:?}");
        }
    }
}
