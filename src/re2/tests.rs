//! Whole-layer tests. Every expectation is what Go's `regexp` answers.

use super::engine::Scratch;
use super::one_pass::OnePass;
use super::program::Program;
use super::sequence::Sequence;
use super::{Captures, Regex, RegexCache, Shape, Template, TooLargeError, engine, parser, pike};

#[track_caller]
fn refused(pattern: &str, text: &str, fragment: &str) {
    let error = Regex::new(pattern).expect_err(pattern);
    assert_eq!((error.kind.text(), error.fragment.as_str()), (text, fragment), "{pattern}");
    assert!(pattern.get(error.span.range()).is_some(), "{pattern}");
}

#[track_caller]
fn refused_as_a_whole(pattern: &str, text: &str) {
    refused(pattern, text, &format!("^(?s:{pattern})$"));
}

/// The groups of the match, the whole one first; `None` when there is none.
#[track_caller]
fn groups(pattern: &str, input: &str) -> Option<Vec<String>> {
    let regex = Regex::new(pattern).unwrap_or_else(|error| panic!("{error}"));
    let mut captures = Captures::new();
    let matched = regex.captures(input, &mut captures).unwrap();
    assert_eq!(regex.is_match(input), Ok(matched), "{pattern} on {input:?}");
    let text = |group: usize| captures.get(group).map_or("-".to_string(), |(start, end)| input[start..end].to_string());
    matched.then(|| (0..captures.len()).map(text).collect())
}

#[track_caller]
fn matches(pattern: &str, input: &str) {
    assert!(groups(pattern, input).is_some(), "{pattern} should match {input:?}");
}

#[track_caller]
fn differs(pattern: &str, input: &str) {
    assert!(groups(pattern, input).is_none(), "{pattern} should not match {input:?}");
}

#[track_caller]
fn captures(pattern: &str, input: &str, expected: &[&str]) {
    assert_eq!(
        groups(pattern, input).as_deref(),
        Some(&expected.iter().map(ToString::to_string).collect::<Vec<_>>()[..]),
        "{pattern}"
    );
}

#[test]
fn quoted_texts_octal_escapes_and_literal_braces_are_read() {
    matches(r"\Qa.b\E+", "a.bb");
    matches(r"(?i)\Qa\b\E", r"A\B");
    matches(r"\Q\Q\E\Q\E", r"\Q");
    matches(r"\0\08\012\101\377", "\0\u{0}8\nA\u{ff}");
    matches(r"\12\400", "\n\u{100}");
    matches(r"[\101-\103]", "B");
    matches(r"a{,3}{{a}x{2}{a{2,a{-1}a{02}a{ 2}", "a{,3}{{a}xx{a{2,a{-1}a{02}a{ 2}");
    matches(r"a\b{start}", "a{start}");
    matches(r"(?)(?ii)A", "a");
    differs(r"[\x{d800}-\x{dfff}]|\p{Cs}|\x{d800}", "\u{fffd}");
}

#[test]
fn classes_are_those_of_go() {
    matches("[[a]+", "[a[");
    matches("[[]]", "[]");
    matches("[]-a]", "^");
    matches("[+--]", ",");
    matches("[--a]", "A");
    matches("[a-z&&[^aeiou]]", "^]");
    matches(r"[\d-a]+", "5-a");
    matches(r"[[:word:][:^ascii:]]+", "aé_");
    matches(r"\d\w\s", "1_\u{c}");
    differs(r"\s", "\u{b}");
    matches(r"[[:space:]]", "\u{b}");
    differs(r"\d", "\u{661}");
    matches(r"a\b.", "aé");
    matches(r"\<\>", "<>");
    matches(r"\p{^Greek}\P{^Greek}", "aβ");
    matches(r"\p{Letter}\p{uppercase_letter}\p{greek}\p{OldItalic}\p{ASCII}\p{any}", "éÉβ\u{10300}a\n");
}

#[test]
fn case_is_folded_simply() {
    matches("(?i)k", "\u{212a}");
    matches("(?i)s", "\u{17f}");
    matches(r"(?i)\w+", "\u{212a}\u{17f}");
    matches("(?i)ß", "ẞ");
    differs("(?i)ß", "ss");
    matches("(?i)σσ", "ςΣ");
    matches("(?i)ǆǆǆ", "ǄǅǆǆǄ".get(..6).unwrap());
    differs("(?i)İ", "i");
    differs("(?i)[^k]", "\u{212a}");
    matches(r"(?i)\p{Lu}", "a");
}

#[test]
fn groups_are_leftmost_first() {
    captures("(a|ab)(c|bcd)(d*)", "abcd", &["abcd", "a", "bcd", ""]);
    captures("(a*)*", "b".trim_matches('b'), &["", ""]);
    captures("(a*)+", "aa", &["aa", "aa"]);
    captures("(|a)+", "aa", &["aa", "a"]);
    captures("(?:(a)|b)*", "ab", &["ab", "a"]);
    captures("(a?)*?", "aa", &["aa", "a"]);
    captures("(a){2}", "aa", &["aa", "a"]);
    captures("(a){0}b", "b", &["b", "-"]);
    captures("(?U)(a+)(a*)", "aaa", &["aaa", "a", "aa"]);
    captures("(.*);([^:]+):(\\d+)", "x;y;host:9100", &["x;y;host:9100", "x;y", "host", "9100"]);
    captures("(?P<n>a)|(?P<n>b)", "b", &["b", "-", "b"]);
}

#[test]
fn the_wrapper_is_text() {
    matches("a.b", "a\nb");
    differs("a", "a\n");
    differs("(?-s)a.b", "a\nb");
    matches("zz)|(?:a", "xa");
    differs("zz)|(?:a", "ax");
    matches("(?m)a$\n^b", "a\nb");
    refused_as_a_whole("a))(b", "unexpected )");
    refused_as_a_whole(r"\Qa", "missing closing )");
    refused_as_a_whole(r"a\", "missing closing )");
}

#[test]
fn what_go_refuses_is_refused_in_its_words() {
    refused(r"\u0041", "invalid escape sequence", r"\u");
    refused(r"[a-\d]", "invalid escape sequence", r"\d");
    refused("(?x)", "invalid or unsupported Perl syntax", "(?x");
    refused("(?i--s)", "invalid or unsupported Perl syntax", "(?i--");
    refused("(?=a)", "invalid or unsupported Perl syntax", "(?=");
    refused("(?<=a)", "invalid named capture", "(?<=a))$");
    refused("(?P<a.b>x)", "invalid named capture", "(?P<a.b>");
    refused("(?<é>x)", "invalid named capture", "(?<é>");
    refused("a**", "invalid nested repetition operator", "**");
    refused("a{2}{3}?", "invalid nested repetition operator", "{2}{3}?");
    refused("a{1001}", "invalid repeat count", "{1001}");
    refused("a{2,1}?", "invalid repeat count", "{2,1}");
    refused("a{99999999999999999999}", "invalid repeat count", "{99999999999999999999}");
    refused("(*)", "missing argument to repetition operator", "*");
    refused("a|+?", "missing argument to repetition operator", "+?");
    refused("[z-a]", "invalid character class range", "z-a");
    refused("[[:ALPHA:]]", "invalid character class range", "[:ALPHA:]");
    refused(r"\p{Grek}", "invalid character class range", r"\p{Grek}");
    refused(r"\p{Script=Greek}", "invalid character class range", r"\p{Script=Greek}");
    refused(r"\pX", "invalid character class range", r"\pX");
    refused("[a", "missing closing ]", "[a)$");
    refused(r"\C", "invalid escape sequence", r"\C");
    refused(r"\8", "invalid escape sequence", r"\8");
    refused(r"\x{110000}", "invalid escape sequence", r"\x{110000");
    refused_as_a_whole("(a", "missing closing )");
}

#[test]
fn nested_repeats_multiply_to_at_most_1000() {
    for pattern in ["(a{100}){10}", "(a{2,}){500}", "(?:a{501}){0,1}", "(a{501}){1}", "(?:a{1000}){0}", "(a*){1000}"] {
        assert!(Regex::new(pattern).is_ok(), "{pattern}");
    }
    refused("(a{100}){11}", "invalid repeat count", "{11}");
    refused("((a{10}){10}){11}", "invalid repeat count", "{11}");
    refused("(?:(?:a{501})*){2}", "invalid repeat count", "{2}");
    refused("(a{999}|b){2}", "invalid repeat count", "{2}");
    refused("(?:a{501}){0,2}?", "invalid repeat count", "{0,2}?");
}

/// Runs on a thread with a stack of half of what a debug build of anything recursive would need.
fn in_small_thread(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(256 << 10).spawn(work).unwrap().join().unwrap();
}

#[test]
fn deep_nesting_takes_no_stack_and_ends_where_it_does_in_go() {
    in_small_thread(|| {
        let nested = |open: &str, depth: usize| format!("{}a{}", open.repeat(depth), ")".repeat(depth));
        let deepest = Regex::new(&nested("(", 998)).unwrap();
        let mut captures = Captures::new();
        assert_eq!(deepest.captures("a", &mut captures), Ok(true));
        assert_eq!((captures.get(998), captures.len()), (Some((0, 1)), 999));
        assert_eq!(Regex::new(&nested("(", 999)).unwrap_err().kind.text(), "expression nests too deeply");
        assert_eq!(Regex::new(&nested("(?:", 20_000)).unwrap().is_match("a"), Ok(true));
        assert_eq!(Regex::new(&"(".repeat(100_000)).unwrap_err().kind.text(), "missing closing )");
        assert!(Regex::new(&format!("{}a", "(?i)".repeat(50_000))).is_ok());
    });
}

#[test]
fn large_expressions_compile_or_are_refused_as_in_go() {
    in_small_thread(|| {
        let letters = Regex::new(r"\pL{1000}").unwrap();
        assert_eq!(letters.is_match(&"é".repeat(1000)), Ok(true));
        assert_eq!(letters.is_match(&"é".repeat(999)), Ok(false));
        assert_eq!(Regex::new(r"(?:\w{100}){5}").unwrap().is_match(&"w".repeat(500)), Ok(true));
        let repeated = |count: usize| format!("(?:{}){{1000}}", "a".repeat(count));
        assert!(Regex::new(&repeated(3350)).is_ok());
        assert_eq!(Regex::new(&repeated(3360)).unwrap_err().kind.text(), "expression too large");
    });
}

/// The numbers are those at which Go's `regexp/syntax` changes its verdict.
#[test]
fn limits_are_counted_after_common_beginnings_are_factored_out_as_in_go() {
    let nested = |count: usize, before: &str, after: &str| format!("{}z{}", before.repeat(count), after.repeat(count));
    let prefixes = |count: usize| (1..=count).map(|length| "a".repeat(length)).collect::<Vec<_>>().join("|");
    let repeated = |one: &str, two: &str| format!("(?:{one}|{two}){{1000}}");
    let ending =
        move |length: usize| repeated(&format!("{}a", "x".repeat(length)), &format!("{}b", "x".repeat(length)));
    let beginning =
        move |length: usize| repeated(&format!("a{}", "x".repeat(length)), &format!("b{}", "x".repeat(length)));
    let verdict = |pattern: String| Regex::new(&pattern).err().map_or("accepted", |error| error.kind.text());
    let (deep, large) = ("expression nests too deeply", "expression too large");
    in_small_thread(move || {
        for (accepted, refused, words) in [
            (nested(500, "a(?:b", "|bc)"), nested(501, "a(?:b", "|bc)"), deep),
            (nested(500, "(?:[ab]", "|[ab]c)"), nested(501, "(?:[ab]", "|[ab]c)"), deep),
            (nested(499, "(?:x", "|y)"), nested(500, "(?:x", "|y)"), deep),
            (prefixes(500), prefixes(501), deep),
            (ending(3354), ending(3355), large),
            (beginning(1676), beginning(1677), large),
        ] {
            assert_eq!((verdict(accepted), verdict(refused)), ("accepted", words));
        }
    });
}

#[test]
fn what_is_beyond_the_budget_is_called_too_large() {
    let mut patterns = RegexCache::with_budget(1 << 20);
    let large = patterns.get(&format!("(?:{}){{1000}}", "a".repeat(1000))).unwrap();
    assert_eq!(large.is_match("a"), Err(TooLargeError));
    assert_eq!(large.captures("a", &mut Captures::new()), Err(TooLargeError));
    let small = patterns.get("a+b?").unwrap();
    assert_eq!(small.is_match("ab"), Ok(true));
}

#[test]
fn hostile_patterns_take_linear_time() {
    let text = "a".repeat(50_000);
    for pattern in
        ["(a*)*b", "(a|aa)+b", "(.*)(.*)(.*)(.*)(.*)x", "(?:a?){50}b", "(a*?)*?b", "x)|((a+)+b", ".*[^b]*b", "x)|(a+b"]
    {
        differs(pattern, &text);
    }
}

#[test]
fn both_engines_give_the_same_groups() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let atoms =
        ["a", "b", "é", ".", "[ab]", r"\w", r"\b", "^", "$", "(a)", "(?:b|)", "(|a)", "(a*)", "(b+?)", "(?:ab|a)"];
    let repeats = ["", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,}?"];
    let mut matched = 0;
    for _ in 0..3000 {
        let mut pattern = String::new();
        for _ in 0..random.below(5) + 1 {
            pattern.push_str(random.pick(&atoms));
            pattern.push_str(random.pick(&repeats));
            if random.below(6) == 0 {
                pattern.push('|');
            }
        }
        if random.below(3) == 0 {
            pattern = format!("({pattern}){}", random.pick(&repeats));
        }
        if random.below(5) == 0 {
            pattern = format!("b)|(?:{pattern}");
        }
        let Ok(tree) = parser::parse(&pattern, super::Syntax::default()) else { continue };
        let program = Program::new(&tree).unwrap();
        for _ in 0..4 {
            let text: String = (0..random.below(7)).map(|_| random.pick(&["a", "b", "é", "c", "\n"])).collect();
            let from = if random.below(4) == 0 { text.chars().next().map_or(0, char::len_utf8) } else { 0 };
            let mut scratch = Scratch::default();
            let (mut one, mut other) = (vec![7; program.slots], vec![9; program.slots]);
            let is_match = engine::search(&program, &text, from, &mut one, &mut scratch);
            if program.anchored && from > 0 {
                continue;
            }
            assert_eq!(
                pike::search(&program, &text, from, &mut other, &mut scratch.pike),
                is_match,
                "{pattern} {text:?}"
            );
            if is_match == Ok(true) {
                matched += 1;
                assert_eq!(one, other, "{pattern} {text:?}");
            }
        }
    }
    assert!(matched > 2000, "{matched}");
}

#[test]
fn patterns_that_need_no_general_engine_are_known() {
    let tree = |pattern: &str| parser::parse(pattern, super::Syntax::default()).unwrap();
    let is_row = |pattern: &str| Sequence::of(&tree(pattern)).is_some();
    let has_table = |pattern: &str| OnePass::of(&Program::new(&tree(pattern)).unwrap()).is_some();
    for pattern in ["(.*);([^:]+):(\\d+)", "a.+?b", "((a)b*)", "", "[ab]{2,3}?c", "^(a+)$", "(?i)ab", "a{3}"] {
        assert!(is_row(pattern), "{pattern}");
    }
    for pattern in [
        "ab|c",
        "(a)?",
        "(a|b(c|))d",
        "([^:]+)(?::\\d+)?;(\\d+)",
        "(?:a+b){2,3}?",
        "(|$)",
        "a(?:b$|c)",
        "a$b",
        "a|^b",
        "x$|(a|bc)d",
    ] {
        assert!(is_row(pattern), "{pattern}");
    }
    for pattern in
        ["(ab)*", "a\\b", "é", "a)|(?:b", "(?m)^a$", "a$b*", "a)|^(?:b", "(?:a*)*", "a^b", "(b$|a)c", "(ab){1,9}"]
    {
        assert!(!is_row(pattern), "{pattern}");
    }
    for pattern in ["(\\d+);((([0-9]+?)(\\.|$)){4})", "([^:]+)(?::\\d+)?", "a|b(c|d)*", "(a)?b", "x*yx*", "é|b"] {
        assert!(has_table(pattern), "{pattern}");
    }
    for pattern in ["(.*):(\\d+)", "(a|ab)(c|bcd)", "(a*)*", "a)|(?:b", "(?:a|b)*a", "a\\b|c", "(|a)+"] {
        assert!(!has_table(pattern), "{pattern}");
    }
}

/// A pattern of parts and how often each is repeated.
fn made_of(random: &mut Random, parts: &[&str], repeats: &[&str]) -> String {
    let one = |random: &mut Random| format!("{}{}", random.pick(parts), random.pick(repeats));
    (0..random.below(6) + 1).map(|_| one(random)).collect()
}

#[test]
fn rows_and_tables_give_the_groups_of_the_general_engines() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let classes = [
        "a",
        "b",
        ":",
        "(",
        ")",
        ".",
        "[ab]",
        "[^:]",
        "[^a]",
        r"\d",
        "[a1]",
        "ab",
        "^",
        "$",
        "(?:a|:)",
        "(b|)",
        "(a|ab)",
        "(|a|:.)",
        "(a(b)?|:+)",
        "(?:1(a*)|b)",
    ];
    let repeats = ["", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,}?", "{1,2}?"];
    let letters = ["a", "b", ":", "1", "a", "b", ":", "\n", "é"];
    let (mut rows, mut tables) = ((0, 0), (0, 0));
    for _ in 0..12_000 {
        let pattern = made_of(&mut random, &classes, &repeats);
        let Ok(tree) = parser::parse(&pattern, super::Syntax::default()) else { continue };
        let (row, program) = (Sequence::of(&tree), Program::new(&tree).unwrap());
        let table = OnePass::of(&program);
        for _ in 0..6 {
            let text: String = (0..random.below(9)).map(|_| random.pick(&letters)).collect();
            let mut scratch = Scratch::default();
            let mut expected = vec![7; program.slots];
            let is_match = pike::search(&program, &text, 0, &mut expected, &mut scratch.pike).unwrap();
            let row = row.as_ref().map(|row| {
                (&mut rows, row.search(text.as_bytes(), &mut []), {
                    let mut slots = vec![9; program.slots];
                    (row.search(text.as_bytes(), &mut slots), slots)
                })
            });
            let table = table.as_ref().map(|table| {
                (&mut tables, table.search(text.as_bytes(), &mut []), {
                    let mut slots = vec![9; program.slots];
                    (table.search(text.as_bytes(), &mut slots), slots)
                })
            });
            for (counts, without, (with, slots)) in [row, table].into_iter().flatten() {
                assert_eq!(with, without, "{pattern} {text:?}");
                assert!(with.is_none_or(|found| found == is_match), "{pattern} {text:?}: {with:?}");
                if with == Some(true) {
                    assert_eq!(slots, expected, "{pattern} {text:?}");
                    counts.0 += 1;
                }
                counts.1 += usize::from(with == Some(false));
            }
        }
    }
    assert!(rows.0.min(rows.1) > 1000 && tables.0.min(tables.1) > 1000, "{rows:?} {tables:?}");
}

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

#[test]
fn simple_patterns_are_recognized() {
    let texts = |pattern: &str| match Regex::new(pattern).unwrap().shape() {
        Shape::Texts { texts, .. } => texts.iter().map(ToString::to_string).collect(),
        _ => vec!["(general)".to_string()],
    };
    assert_eq!(texts("a|b|cd"), ["a", "b", "cd"]);
    assert_eq!(texts("(https?)"), ["http", "https"]);
    assert_eq!(texts("^(?:a|b[12])$"), ["a", "b1", "b2"]);
    assert_eq!((texts("(^$)"), texts("^(^up$)$")), (vec![String::new()], vec!["up".to_string()]));
    assert_eq!((texts("a^b"), texts("(?m)^a$"), texts("^a|b$")), (texts("a(b)"), texts("a(b)"), texts("a(b)")));
    assert_eq!(texts("(?i)no"), ["NO", "No", "nO", "no"]);
    assert_eq!(texts("a(b)"), ["(general)"]);
    assert_eq!(texts(""), [""]);
}

#[test]
fn open_ended_patterns_are_recognized() {
    let shown = |pattern: &str| match Regex::new(pattern).unwrap().shape() {
        Shape::Prefix { prefix, rest_may_be_empty, groups } => format!("{prefix}~ {rest_may_be_empty} {groups:?}"),
        Shape::Suffix { suffix, rest_may_be_empty, groups } => format!("~{suffix} {rest_may_be_empty} {groups:?}"),
        Shape::Infix { infix, start_may_be_empty, end_may_be_empty, groups } => {
            format!("~{infix}~ {start_may_be_empty} {end_may_be_empty} {groups:?}")
        }
        Shape::Texts { .. } => "texts".to_string(),
        Shape::General => "general".to_string(),
    };
    assert_eq!(shown("__meta_(.+)"), "__meta_~ false [Rest]");
    assert_eq!(shown("((.*))"), "~ true [Whole, Whole]");
    assert_eq!(shown("(.*?)_(total)"), "general");
    assert_eq!(shown("(.*)(_total)"), "~_total true [Rest, Fixed]");
    assert_eq!(shown(".*a-b.+"), "~a-b~ true false []");
    assert_eq!(shown("(.+?é.*)"), "~é~ false true [Whole]");
    for pattern in ["(?-s).*a.*", ".*(a).*", ".*.*", ".*a.*b.*", ".{2,}a.*", "(?i).*a.*", ".*a?.*", ".*^a.*", "a.*b"] {
        assert_eq!(shown(pattern), "general", "{pattern}");
    }
}

#[test]
fn templates_are_expanded_as_go_does() {
    let regex = Regex::new(r"(?P<first>\w+)-(?P<1x>\w+)-(?P<_>\w+)(?P<first>!)?").unwrap();
    let mut captures = Captures::new();
    assert_eq!(regex.captures("a-b-c", &mut captures), Ok(true));
    let expand = |template: &str| {
        let mut out = String::new();
        Template::parse(template).expand(&regex, "a-b-c", &captures, &mut out);
        out
    };
    let cases = [
        ("$1$2", "ab"),
        ("$1x", "b"),
        ("${1}x", "ax"),
        ("$first", "a"),
        ("$été", ""),
        ("$01", ""),
        ("$$1", "$1"),
        ("$", "$"),
        ("a$", "a$"),
        ("${1", "${1"),
        ("${}|$-|$ 1", "${}|$-|$ 1"),
        ("$0", "a-b-c"),
        ("$9$10", ""),
        ("$1_$2", "b"),
        ("${1}_$2", "a_b"),
        ("$1٣", ""),
        ("$1²", "a²"),
        ("$4", ""),
        ("$999999999$1000000000", ""),
    ];
    for (template, expected) in cases {
        assert_eq!(expand(template), expected, "{template}");
    }
}
