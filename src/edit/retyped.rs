//! Plain scalars that other readers of YAML take for something else than a string, by the rules of YAML 1.1, as PyYAML and
//! Ruby read it, and of YAML 1.2.

use crate::yaml::{Node, NodeKind, ScalarStyle};

/// Whether a reader of YAML other than Prometheus's takes the plain scalar for something else than a string: a number, a
/// truth value or a time of YAML 1.1 or 1.2, or one of the signs of YAML 1.1 that stand for a merge and for a default.
/// Prometheus does not read a null as a text either.
pub(super) fn is_retyped(node: Node<'_>) -> bool {
    let is_bare = node.kind() == NodeKind::Scalar
        && node.style() == Some(ScalarStyle::Plain)
        && node.tag().is_none()
        && !node.value().is_empty()
        && !node.span().of(node.tree().text()).contains(['\n', '\r']);
    let is_null = node.is_null() || node.reads_as_zero() != Ok(false);
    is_bare && !is_null && (!node.is_text() || is_other(node.value()))
}

/// Whether YAML 1.1 or 1.2 reads a text as something else than a string.
fn is_other(text: &str) -> bool {
    is_word(text) || is_integer(text) || is_float(text) || is_time(text)
}

fn is_word(text: &str) -> bool {
    const WORDS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "=", "<<"];
    WORDS.contains(&text.to_ascii_lowercase().as_str())
}

fn without_sign(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

fn all(text: &str, is_digit: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(is_digit)
}

/// Digits, with the signs between groups of them that YAML 1.1 has.
fn is_grouped(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && all(text, |byte| byte.is_ascii_digit() || byte == b'_')
}

/// `017`, `0o17`, `0b1`, `0x1f`, `1_000`, `190:20:30`.
fn is_integer(text: &str) -> bool {
    let digits = without_sign(text);
    let based = |prefix: &str, is_digit: fn(u8) -> bool| {
        digits.strip_prefix(prefix).is_some_and(|rest| all(rest, |byte| is_digit(byte) || byte == b'_'))
    };
    is_grouped(digits)
        || based("0b", |byte| matches!(byte, b'0' | b'1'))
        || based("0o", |byte| matches!(byte, b'0'..=b'7'))
        || based("0x", |byte| byte.is_ascii_hexdigit())
        || is_sixtieths(digits)
}

/// `1:30`, where each part after the first is less than 60.
fn is_sixtieths(text: &str) -> bool {
    let Some((first, rest)) = text.split_once(':') else { return false };
    let is_sixtieth = |part: &str| match part.as_bytes() {
        [one] => one.is_ascii_digit(),
        [ten, one] => matches!(ten, b'0'..=b'5') && one.is_ascii_digit(),
        _ => false,
    };
    is_grouped(first) && rest.split(':').all(is_sixtieth)
}

/// `1.5`, `.5`, `5.`, `1e3`, `190:20:30.15`, `.inf`, `.nan`.
fn is_float(text: &str) -> bool {
    let digits = without_sign(text);
    if [".inf", ".nan"].contains(&digits.to_ascii_lowercase().as_str()) {
        return true;
    }
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(without_sign(exponent))),
        None => (digits, None),
    };
    if exponent.is_some_and(|exponent| !all(exponent, |byte| byte.is_ascii_digit())) {
        return false;
    }
    match mantissa.split_once('.') {
        None => exponent.is_some() && is_grouped(mantissa),
        Some((whole, fraction)) => {
            let is_fraction = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
            match whole {
                "" => is_grouped(fraction),
                whole => is_fraction(fraction) && (is_grouped(whole) || is_sixtieths(whole)),
            }
        }
    }
}

/// `2001-12-14`, `2001-12-14t21:59:43.10-05:00`, `2001-12-14 21:59:43 Z`.
fn is_time(text: &str) -> bool {
    let digits = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let day = &rest[..rest.bytes().take_while(u8::is_ascii_digit).count()];
    if !(digits(year, 4, 4) && digits(month, 1, 2) && digits(day, 1, 2)) {
        return false;
    }
    let time = &rest[day.len()..];
    if time.is_empty() {
        return true;
    }
    let Some(time) = time.strip_prefix(['T', 't']).or_else(|| time.strip_prefix([' ', '\t'])) else { return false };
    let mut parts = time.trim_start_matches([' ', '\t']).splitn(3, ':');
    let (Some(hours), Some(minutes), Some(seconds)) = (parts.next(), parts.next(), parts.next()) else { return false };
    digits(hours, 1, 2) && digits(minutes, 2, 2) && digits(seconds.get(..2).unwrap_or(""), 2, 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Tree;

    fn first(text: &str) -> bool {
        let tree = Tree::parse(format!("- {text}\n"));
        tree.root().and_then(|root| root.items().next()).is_some_and(is_retyped)
    }

    #[test]
    fn values_that_other_readers_retype_are_known() {
        for text in [
            "on",
            "No",
            "y",
            "TRUE",
            "=",
            "<<",
            "0",
            "-0",
            "0123",
            "0_7",
            "08",
            "0o17",
            "0b1",
            "+0b1",
            "0x1f",
            "-0x1_f",
            "1_000",
            "1__0",
            "1_",
            "190:20:30",
            "1:0",
            "-1:30",
            "1:59.5",
            "190:20:30.15",
            "1.5",
            ".5",
            "+.5",
            "5.",
            "5._",
            "1e3",
            "1E+5",
            "1.e-5",
            ".1_0",
            "685.230_15e+03",
            ".inf",
            "-.INF",
            ".NaN",
            "2001-01-01",
            "2001-1-1 1:00:00",
            "2001-12-14t21:59:43.10-05:00",
            "2001-12-14 21:59:43 Z",
        ] {
            assert!(first(text), "{text}");
        }
    }

    #[test]
    fn strings_stay_as_they_are() {
        for text in [
            "prod",
            "~",
            "null",
            "'on'",
            "10.0.0.1:9100",
            "h:80",
            "10:9100",
            "60:60",
            "v1",
            "eu-1",
            "1.2.3",
            "!!str on",
            "==",
            "<<x",
            "_1",
            "0x",
            "0b2",
            "0o8",
            "1e",
            "e3",
            ".",
            "+",
            "..5",
            "inf",
            "2001-12",
            "2001-12-14-x",
            "2001-12-14 21h",
            "20010-12-14",
            "yes-no",
            "on\n  off",
        ] {
            assert!(!first(text), "{text}");
        }
    }
}
