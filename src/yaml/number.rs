//! Numbers and times as Go's `strconv` and `time` read them, as far as yaml.v2 asks them.

/// A whole number: `strconv.ParseInt` and `ParseUint` with base 0 (Go 1.26): `0x`, `0o`, `0b` and a
/// leading `0` name the base; a number over the signed range is unsigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    Signed(i64),
    Unsigned(u64),
}

/// Reads a whole number; `text` has no `_`.
pub(super) fn parse_whole(text: &str) -> Option<Whole> {
    let (is_negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let magnitude = parse_magnitude(digits)?;
    match (is_negative, i64::try_from(magnitude)) {
        (false, Ok(value)) => Some(Whole::Signed(value)),
        // `ParseUint` takes no sign.
        (false, Err(_)) => (digits.len() == text.len()).then_some(Whole::Unsigned(magnitude)),
        (true, _) => 0_i64.checked_sub_unsigned(magnitude).map(Whole::Signed),
    }
}

fn parse_magnitude(digits: &str) -> Option<u64> {
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &digits[2..]),
        [b'0'] => (10, digits),
        [b'0', ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    // Rust would take a sign here.
    if digits.starts_with(['+', '-']) { None } else { u64::from_str_radix(digits, base).ok() }
}

/// A decimal number with fraction and exponent, in the form yaml.v2 wants.
pub(super) fn parse_decimal(text: &str) -> Option<f64> {
    has_decimal_form(text).then(|| parse_go_float(text)).flatten()
}

/// `strconv.ParseFloat` of a text that begins with a digit, a sign or a dot and is in decimal: out of
/// range is an error.
pub(super) fn parse_go_float(text: &str) -> Option<f64> {
    let is_decimal = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    text.parse::<f64>().ok().filter(|value| is_decimal && value.is_finite())
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn has_decimal_form(text: &str) -> bool {
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, rest) = digits(rest);
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => digits(rest),
        None => (0, rest),
    };
    let has_mantissa = whole > 0 || fraction > 0;
    let has_exponent = match rest.strip_prefix(['e', 'E']) {
        Some(exponent) => {
            let (count, rest) = digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent));
            count > 0 && rest.is_empty()
        }
        None => rest.is_empty(),
    };
    has_mantissa && has_exponent
}

fn digits(text: &str) -> (usize, &str) {
    let rest = text.trim_start_matches(|character: char| character.is_ascii_digit());
    (text.len() - rest.len(), rest)
}

/// Whether yaml.v2 accepts a plain text for a time: Go's `time.Parse` with the layouts
/// `2006-1-2T15:4:5.999999999Z07:00` (also with `t`), `2006-1-2 15:4:5.999999999` and `2006-1-2`.
pub(super) fn is_timestamp(text: &str) -> bool {
    let mut clock = Clock { rest: text };
    if !clock.date() {
        return false;
    }
    match clock.rest.as_bytes().first() {
        None => true,
        Some(b'T' | b't') => {
            clock.rest = &clock.rest[1..];
            clock.time() && clock.zone() && clock.rest.is_empty()
        }
        Some(b' ') => {
            clock.rest = clock.rest.trim_start_matches(' ');
            clock.time() && clock.rest.is_empty()
        }
        _ => false,
    }
}

struct Clock<'t> {
    rest: &'t str,
}

impl Clock<'_> {
    fn date(&mut self) -> bool {
        let (count, _) = digits(self.rest);
        let Some(year) = (count == 4).then(|| self.rest[..4].parse::<u32>().ok()).flatten() else { return false };
        self.rest = &self.rest[4..];
        let month = if self.sign('-') { self.number() } else { None };
        let day = if self.sign('-') { self.number() } else { None };
        matches!((month, day), (Some(month), Some(day)) if day >= 1 && day <= days_in(month, year))
    }

    fn time(&mut self) -> bool {
        let is_time =
            self.number_below(24) && self.sign(':') && self.number_below(60) && self.sign(':') && self.number_below(60);
        if let Some(fraction) = self.rest.strip_prefix(['.', ',']) {
            let (count, rest) = digits(fraction);
            if count > 0 {
                self.rest = rest;
            }
        }
        is_time
    }

    /// `Z`, or `+hh:mm`.
    fn zone(&mut self) -> bool {
        if self.sign('Z') {
            return true;
        }
        let is_signed = self.sign('+') || self.sign('-');
        let hours = self.two_digits();
        let has_colon = self.sign(':');
        let minutes = self.two_digits();
        is_signed && has_colon && hours.is_some_and(|hours| hours <= 24) && minutes.is_some_and(|minutes| minutes <= 60)
    }

    fn sign(&mut self, sign: char) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn number_below(&mut self, limit: u32) -> bool {
        self.number().is_some_and(|number| number < limit)
    }

    /// One or two digits.
    fn number(&mut self) -> Option<u32> {
        let (count, _) = digits(self.rest);
        let (number, rest) = self.rest.split_at(count.min(2));
        self.rest = rest;
        number.parse().ok()
    }

    fn two_digits(&mut self) -> Option<u32> {
        let (count, _) = digits(self.rest);
        if count < 2 { None } else { self.number() }
    }
}

fn days_in(month: u32, year: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

/// `int64(value)` of Go on amd64: out of range gives the smallest number.
pub(super) fn to_signed(value: f64) -> i64 {
    if value >= TWO_TO_63 { i64::MIN } else { value as i64 }
}

/// `uint64(value)` of Go on amd64: what is not in the signed range comes out as the machine's
/// conversion leaves it.
pub(super) fn to_unsigned(value: f64) -> u64 {
    const TOP_BIT: u64 = 1 << 63;
    if value < TWO_TO_63 {
        (value as i64).cast_unsigned()
    } else {
        to_signed(value - TWO_TO_63).cast_unsigned() | TOP_BIT
    }
}

/// 2⁶³.
pub(super) const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

/// 2⁶⁴.
pub(super) const TWO_TO_64: f64 = 18_446_744_073_709_551_616.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_of_a_whole_number_is_in_its_prefix() {
        assert_eq!(parse_whole("0x1F"), Some(Whole::Signed(31)));
        assert_eq!(parse_whole("0b11"), Some(Whole::Signed(3)));
        assert_eq!(parse_whole("0o17"), Some(Whole::Signed(15)));
        assert_eq!(parse_whole("017"), Some(Whole::Signed(15)));
        assert_eq!(parse_whole("-017"), Some(Whole::Signed(-15)));
        assert_eq!(parse_whole("+12"), Some(Whole::Signed(12)));
        assert_eq!(parse_whole("0"), Some(Whole::Signed(0)));
        assert_eq!(parse_whole("-9223372036854775808"), Some(Whole::Signed(i64::MIN)));
        assert_eq!(parse_whole("18446744073709551615"), Some(Whole::Unsigned(u64::MAX)));
    }

    #[test]
    fn what_is_no_whole_number_is_none() {
        for text in
            ["", "+", "-", "08", "0x", "0b", "1.0", "--1", "0x-1", "+18446744073709551615", "-9223372036854775809"]
        {
            assert_eq!(parse_whole(text), None, "{text:?}");
        }
    }

    #[test]
    fn decimals_have_digits_on_one_side_of_the_dot_at_least() {
        assert_eq!(parse_decimal("1.5e3"), Some(1500.0));
        assert_eq!(parse_decimal("-.5"), Some(-0.5));
        assert_eq!(parse_decimal("1."), Some(1.0));
        assert_eq!(parse_decimal("08"), Some(8.0));
        for text in [".", "1e", "1e999", "inf", "1.e", "+-1", "1_000"] {
            assert_eq!(parse_decimal(text), None, "{text:?}");
        }
    }

    #[test]
    fn times_may_have_short_fields_and_many_spaces() {
        for text in ["2001-12-14", "2001-1-2", "2001-12-14t21:59:43.10-05:00", "2001-12-14  1:2:3", "2024-02-29"] {
            assert!(is_timestamp(text), "{text:?}");
        }
        for text in
            ["2001-12-14T21:59:43", "2001-12-14 21:59:43Z", "2001-13-1", "2023-02-29", "2001-1-2 ", "2001", "01-1-1"]
        {
            assert!(!is_timestamp(text), "{text:?}");
        }
    }

    #[test]
    fn floats_become_whole_numbers_as_on_amd64() {
        assert_eq!(to_signed(-1.9), -1);
        assert_eq!(to_signed(1e19), i64::MIN);
        assert_eq!(to_unsigned(-1.0), u64::MAX);
        assert_eq!(to_unsigned(TWO_TO_64), 1 << 63);
        assert_eq!(to_unsigned(f64::NEG_INFINITY), 1 << 63);
    }
}
