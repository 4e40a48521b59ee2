//! Which patterns include others, and which overlap.

use super::Regex;

fn includes(outer: &str, inner: &str) -> Option<bool> {
    Regex::new(outer).unwrap().includes(&Regex::new(inner).unwrap())
}

#[test]
fn a_pattern_includes_what_it_matches() {
    for (outer, inner) in [
        ("go_.*", "go_gc_.*"),
        ("go_.*", "go_(gc|memstats)_.*"),
        ("go_.*|jvm_.*", "(go|jvm)_[a-z]+"),
        (".*_bucket", "http_.*_bucket"),
        ("[a-z]+", "abc|d"),
        ("a.*|b.*", "[ab].*"),
        ("(?i)go_.*", "GO_x|go_y"),
        ("x*", ""),
        ("a+", "aa*"),
        (".*", "ä.*\\n"),
        ("a", "a^"),
        ("\\w+", "[a-zA-Z0-9_]{1,3}"),
    ] {
        assert_eq!(includes(outer, inner), Some(true), "{outer} {inner}");
    }
    for (outer, inner) in [
        ("go_.*", "go.*"),
        ("go_gc_.*", "go_.*"),
        ("a|b", "a|b|c"),
        ("[a-z]+", "a.*"),
        ("", "a"),
        ("(?i)é", "e"),
        ("a{2,3}", "a{2,4}"),
    ] {
        assert_eq!(includes(outer, inner), Some(false), "{outer} {inner}");
    }
    assert_eq!(includes("\\bgo.*", "go_x"), None);
    assert_eq!(includes("(?m)^go.*", "go_x"), None);
}

#[test]
fn patterns_overlap_where_both_match_a_text() {
    let overlap = |one: &str, other: &str| Regex::new(one).unwrap().overlaps(&Regex::new(other).unwrap());
    for (one, other, expected) in [
        ("go_.*", "go_x|y", true),
        ("go_.*", "jvm_.*", false),
        (".*_a", "b_.*", true),
        ("a^", "a", false),
        ("", "", true),
    ] {
        assert_eq!(overlap(one, other), Some(expected), "{one} {other}");
        assert_eq!(overlap(other, one), Some(expected), "{other} {one}");
    }
}

#[test]
fn what_takes_too_long_is_not_decided() {
    let outer = format!("(a|b)*a{}", "(a|b)".repeat(20));
    assert_eq!(includes(&outer, "(a|b)*"), Some(false));
    assert_eq!(includes(&format!("{outer}|.*"), &outer), None);
    assert_eq!(includes(".*", "\\p{L}+"), None);
}

#[test]
fn inclusion_agrees_with_matching() {
    let patterns = ["a.*", "a|ab", "(a|b)*", "[^a]b?", "ab?c?", ".{2}", "", "b+|a", "(?:ab)*", "a.?", "[a-c]{0,2}"];
    let texts: Vec<String> = (0..5)
        .flat_map(|length| (0..4_usize.pow(length)).map(move |number| (length, number)))
        .map(|(length, number)| (0..length).map(|at| ['a', 'b', 'c', 'ä'][number / 4_usize.pow(at) % 4]).collect())
        .collect();
    for outer in patterns {
        for inner in patterns {
            let (one, other) = (Regex::new(outer).unwrap(), Regex::new(inner).unwrap());
            let counterexample = texts.iter().any(|text| other.is_match(text).unwrap() && !one.is_match(text).unwrap());
            let known = one.includes(&other).unwrap();
            assert!(!(known && counterexample), "{outer} {inner}");
            // Texts of four characters are enough for these.
            assert!(known || counterexample, "{outer} {inner}");
        }
    }
}
