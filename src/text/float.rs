//! Floats as Go's `strconv` reads and writes them.

/// Why a text is not read as a float, in the words of `strconv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FloatError {
    #[error("invalid syntax")]
    Syntax,
    #[error("value out of range")]
    Range,
}

/// `strconv.ParseFloat` of 64 bits: decimal and hexadecimal numbers, digits divided by `_`, `inf`, `infinity` and `nan` in
/// any case.
pub(crate) fn parse_float(text: &str) -> Result<f64, FloatError> {
    if let Some(value) = short_decimal(text.as_bytes()) {
        return Ok(value);
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_negative = text.starts_with('-');
    let signed = |value: f64| if is_negative { -value } else { value };
    if digits.eq_ignore_ascii_case("inf") || digits.eq_ignore_ascii_case("infinity") {
        return Ok(signed(f64::INFINITY));
    }
    if text.eq_ignore_ascii_case("nan") {
        return Ok(f64::NAN);
    }
    let without_dividers = match digits.contains('_') {
        true if are_dividers_placed(digits) => std::borrow::Cow::Owned(digits.replace('_', "")),
        true => return Err(FloatError::Syntax),
        false => std::borrow::Cow::Borrowed(digits),
    };
    let value = match without_dividers.as_bytes() {
        [b'0', b'x' | b'X', ..] => hexadecimal(&without_dividers[2..])?,
        // Rust would accept a second sign and the names of infinity.
        [b'0'..=b'9' | b'.', ..] => without_dividers.parse::<f64>().map_err(|_| FloatError::Syntax)?,
        _ => return Err(FloatError::Syntax),
    };
    if value.is_finite() { Ok(signed(value)) } else { Err(FloatError::Range) }
}

/// A number of so few digits that it is exact, or the quotient of two exact numbers, which is rounded once.
fn short_decimal(text: &[u8]) -> Option<f64> {
    const MOST_DIGITS: usize = 15;
    const POWERS: [f64; MOST_DIGITS + 1] =
        [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let (mut number, mut count, mut point) = (0_u64, 0, None);
    for (index, byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            count += 1;
            if count > MOST_DIGITS {
                return None;
            }
            number = number * 10 + u64::from(digit);
        } else if *byte == b'.' && point.is_none() {
            point = Some(index);
        } else {
            return None;
        }
    }
    if count == 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "15 digits are below 2⁵³")]
    let number = number as f64;
    let value = match point {
        None => number,
        Some(point) => number / POWERS.get(digits.len() - point - 1)?,
    };
    Some(if digits.len() < text.len() { -value } else { value })
}

/// Whether each `_` is between digits, or between the prefix of a base and a digit.
fn are_dividers_placed(digits: &str) -> bool {
    let is_hexadecimal = matches!(digits.as_bytes(), [b'0', b'x' | b'X', ..]);
    let has_prefix = matches!(digits.as_bytes(), [b'0', b'x' | b'X' | b'b' | b'B' | b'o' | b'O', ..]);
    let is_digit = |byte: u8| byte.is_ascii_digit() || is_hexadecimal && byte.is_ascii_hexdigit();
    let (mut was_digit, mut was_divider) = (has_prefix, false);
    for byte in digits.bytes().skip(if has_prefix { 2 } else { 0 }) {
        if byte == b'_' {
            if !was_digit {
                return false;
            }
            (was_digit, was_divider) = (false, true);
        } else if is_digit(byte) {
            (was_digit, was_divider) = (true, false);
        } else if was_divider {
            return false;
        } else {
            was_digit = false;
        }
    }
    !was_divider
}

/// What follows `0x`: hexadecimal digits with a point, and an exponent of two, which is required.
fn hexadecimal(text: &str) -> Result<f64, FloatError> {
    let (mantissa, exponent) = text.split_once(['p', 'P']).ok_or(FloatError::Syntax)?;
    let exponent_digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if exponent_digits.is_empty() || !exponent_digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FloatError::Syntax);
    }
    const FAR: i64 = 1 << 40;
    let magnitude = exponent_digits.parse::<i64>().map_or(FAR, |value| value.min(FAR));
    let mut power = if exponent.starts_with('-') { -magnitude } else { magnitude };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return Err(FloatError::Syntax);
    }
    let mut bits: u64 = 0;
    for (part, step) in [(whole, 0), (fraction, -4)] {
        for digit in part.chars() {
            let digit = u64::from(digit.to_digit(16).ok_or(FloatError::Syntax)?);
            if bits >> 60 == 0 {
                bits = bits << 4 | digit;
                power += step;
            } else {
                // Digits beyond the precision decide how a half is rounded.
                bits |= u64::from(digit != 0);
                power += step + 4;
            }
        }
    }
    Ok(scaled(bits, power))
}

/// `bits` times two to the `power`, rounded once: half to even.
fn scaled(bits: u64, power: i64) -> f64 {
    if bits == 0 {
        return 0.0;
    }
    let shift = i64::from(bits.leading_zeros());
    let (bits, power) = (bits << shift, power - shift);
    // The value is below 2^(power + 64); the last bit of the smallest numbers is 2^-1074.
    let dropped = (11_i64).max(-1074 - power);
    if power + 64 > 1024 {
        return f64::INFINITY;
    }
    if dropped > 64 {
        return 0.0;
    }
    let (kept, rest, half) = match dropped {
        64 => (0, u128::from(bits), 1_u128 << 63),
        _ => (bits >> dropped, u128::from(bits & ((1 << dropped) - 1)), 1_u128 << (dropped - 1)),
    };
    let is_up = rest > half || rest == half && kept & 1 == 1;
    // At most 2^53, so that it is exact; each factor and product is exact as well, because nothing is left to round.
    let rounded = (kept + u64::from(is_up)) as f64;
    let exponent = power + dropped;
    let first = exponent / 2;
    let two_to = |exponent: i64| 2.0_f64.powi(i32::try_from(exponent).unwrap_or(0));
    rounded * two_to(first) * two_to(exponent - first)
}

/// A float as Go's `%v` writes it: the fewest digits that read back as the same number, an exponent
/// below 10⁻⁴ and from 10⁶.
///
/// Source: Go's `fmt` and `strconv.FormatFloat` (verb `g`, shortest).
pub(crate) fn format_float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_string();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_string();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if value != 0.0 && !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs());
    }
    format!("{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_go_reads_them() {
        for (text, value) in [
            ("12", 12.0),
            ("-1.5e3", -1500.0),
            ("+.5", 0.5),
            ("5.", 5.0),
            ("1_000.2_5e1_0", 1000.25e10),
            ("-inF", f64::NEG_INFINITY),
            ("Infinity", f64::INFINITY),
            ("1e-999", 0.0),
            ("0.1", 0.1),
            ("-123456.789012345", -123456.789012345),
            ("0.000000000000001", 1e-15),
            ("9999999999999.99", 9999999999999.99),
            ("9007199254740993", 9_007_199_254_740_992.0),
            ("0000000000000000.5", 0.5),
            ("0x1p4", 16.0),
            ("-0X_1.8P-1", -0.75),
            ("0x.8p0", 0.5),
            ("0x1p-1074", f64::from_bits(1)),
            ("0x1p-1075", 0.0),
            ("0x1.8p-1075", f64::from_bits(1)),
            ("0x1fffffffffffffp971", f64::MAX),
            ("0x1p-1022", f64::MIN_POSITIVE),
            ("0x123456789abcdef012345p-80", 1.1377777777777778),
        ] {
            assert_eq!(parse_float(text), Ok(value), "{text:?}");
        }
        assert!(parse_float("-0").is_ok_and(|zero| zero == 0.0 && zero.is_sign_negative()));
        assert!(parse_float("nAn").is_ok_and(f64::is_nan));
    }

    #[test]
    fn other_texts_are_refused_for_their_form_or_their_size() {
        for text in [
            "", "+", "-", ".", "e1", "1e", "1e+", "--1", "+nan", "infi", "in", "0x10", "0x1p", "0xp1", "0x1.8", "_1",
            "1_", "1__0", "1_.5", "1e_1", "0b1", "1 ", "١",
        ] {
            assert_eq!(parse_float(text), Err(FloatError::Syntax), "{text:?}");
        }
        for text in ["1e400", "-1e999999999999999999999", "0x1p1024", "0x1fffffffffffff8p968"] {
            assert_eq!(parse_float(text), Err(FloatError::Range), "{text:?}");
        }
    }

    #[test]
    fn floats_are_written_as_go_writes_them() {
        assert_eq!(format_float(100_000.0), "100000");
        assert_eq!(format_float(15_000_000.0), "1.5e+07");
        assert_eq!(format_float(0.0001), "0.0001");
        assert_eq!(format_float(0.00001), "1e-05");
        assert_eq!(format_float(-0.0), "-0");
        assert_eq!(format_float(f64::NEG_INFINITY), "-Inf");
    }
}
