//! Sizes in bytes, such as `10MB`.

/// Reads a size: an optional sign, then numbers with units that are added up, or `0`. All units are
/// powers of 1024, whether written `KB` or `KiB`.
///
/// Source: `ParseBase2Bytes` of alecthomas/units, as Prometheus 3.14 uses it.
///
/// # Errors
/// Its message for a text that is not a size.
pub(crate) fn parse_size(text: &str) -> Result<i64, String> {
    match parse_with(text, "iB") {
        Ok(size) => Ok(size),
        Err(_) => parse_with(text, "B"),
    }
}

/// A size as Prometheus writes it: a number for each power of 1024, from the largest down.
///
/// Source: `Base2Bytes.String` of alecthomas/units.
pub(crate) fn show_size(size: i64) -> String {
    let mut parts = Vec::new();
    let mut rest = size;
    for (index, unit) in ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"].into_iter().enumerate() {
        if rest % 1024 != 0 || (index == 0 && rest == 0) {
            parts.push(format!("{}{unit}", rest % 1024));
        }
        rest /= 1024;
        if rest == 0 {
            break;
        }
    }
    parts.reverse();
    parts.concat()
}

/// Reads a size with units `K`, `M` … followed by `suffix`, or `B` alone.
fn parse_with(text: &str, suffix: &str) -> Result<i64, String> {
    let invalid = || format!("units: invalid {text}");
    let is_negative = text.starts_with('-');
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let (number, after) = leading_number(rest).ok_or_else(invalid)?;
        let is_unit_end = |character: char| character == '.' || character.is_ascii_digit();
        let (unit, after) = after.split_at(after.find(is_unit_end).unwrap_or(after.len()));
        let factor = factor_of(unit, suffix).ok_or_else(|| format!("units: unknown unit {unit} in {text}"))?;
        total += number * factor;
        rest = after;
    }
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    if total > TWO_TO_63 {
        return Err("units: overflow parsing unit".to_string());
    }
    let signed = if is_negative { -total } else { total };
    // Go's conversion of 2⁶³ wraps.
    Ok(if signed >= TWO_TO_63 { i64::MIN } else { signed as i64 })
}

fn factor_of(unit: &str, suffix: &str) -> Option<f64> {
    if unit == "B" {
        return Some(1.0);
    }
    let power = "KMGTPE".find(unit.strip_suffix(suffix)?).filter(|_| unit.len() == suffix.len() + 1)?;
    Some(1024_f64.powi(i32::try_from(power).ok()? + 1))
}

/// Digits with an optional fraction; each part below 2⁶³.
fn leading_number(text: &str) -> Option<(f64, &str)> {
    let (whole, digits, rest) = leading_digits(text)?;
    let Some(fraction) = rest.strip_prefix('.') else { return (digits > 0).then_some((whole, rest)) };
    let (fraction, fraction_digits, rest) = leading_digits(fraction)?;
    let scale = 10_f64.powi(i32::try_from(fraction_digits).ok()?);
    (digits + fraction_digits > 0).then_some((whole + fraction / scale, rest))
}

fn leading_digits(text: &str) -> Option<(f64, usize, &str)> {
    const LARGEST: i64 = (i64::MAX - 9) / 10;
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut number = 0_i64;
    for digit in text.bytes().take(count) {
        if number >= LARGEST {
            return None;
        }
        number = number * 10 + i64::from(digit - b'0');
    }
    #[expect(clippy::cast_precision_loss, reason = "as in Go")]
    Some((number as f64, count, &text[count..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_powers_of_1024_and_add_up() {
        for (text, expected) in [
            ("10MB", 10_485_760),
            ("10MiB", 10_485_760),
            ("1.5KB", 1536),
            (".5KB", 512),
            ("1GB512MB", 1_610_612_736),
            ("+1KB", 1024),
            ("-1KB", -1024),
            ("0", 0),
            ("-0", 0),
            ("0B", 0),
            ("8EB", i64::MIN),
        ] {
            assert_eq!(parse_size(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn sizes_are_written_part_by_part() {
        assert_eq!(show_size(-1024), "-1KiB");
        assert_eq!(show_size(1536), "1KiB512B");
        assert_eq!(show_size(0), "0B");
    }

    #[test]
    fn what_is_no_size_is_refused_in_prometheuss_words() {
        for (text, expected) in [
            ("10", "units: unknown unit  in 10"),
            ("10mb", "units: unknown unit mb in 10mb"),
            ("1 KB", "units: unknown unit  KB in 1 KB"),
            ("1ZB", "units: unknown unit ZB in 1ZB"),
            ("1KI", "units: unknown unit KI in 1KI"),
            ("", "units: invalid "),
            ("KB", "units: invalid KB"),
            ("16EB", "units: overflow parsing unit"),
        ] {
            assert_eq!(parse_size(text), Err(expected.to_string()), "{text}");
        }
    }
}
