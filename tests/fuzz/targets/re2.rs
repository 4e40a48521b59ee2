//! A pattern, a newline, a text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use promcfg::{Captures, Regex};

fuzz_target!(|input: &str| {
    let (pattern, text) = input.split_once('\n').unwrap_or((input, ""));
    match Regex::new(pattern) {
        Ok(regex) => {
            let mut captures = Captures::default();
            if let Ok(true) = regex.captures(text, &mut captures) {
                let (start, end) = captures.get(0).expect("a match has a whole");
                for group in 1..=regex.group_count() {
                    if let Some((from, to)) = captures.get(group) {
                        assert!(start <= from && from <= to && to <= end, "group {group} lies outside of the match");
                        assert!(text.get(from..to).is_some(), "group {group} cuts a character");
                    }
                }
            }
        }
        Err(error) => assert!(pattern.get(error.span.range()).is_some(), "the span of the error lies outside of the pattern"),
    }
});
