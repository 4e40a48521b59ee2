//! Diagnostics as they are drawn in terminals of several kinds.

use promcfg::diagnostic::{Fix, Safety, ids};
use promcfg::input::Input;
use promcfg::lint::lint_input;
use promcfg::text::{Edits, Location, Span};
use promcfg::{Diagnostic, Options, Severity, Sources};

use super::*;

const PLAIN: Look = Look { color: false, unicode: false, width: Some(80) };

/// A text with diagnostics about parts of it.
struct Case {
    sources: Sources,
    file: FileId,
}

impl Case {
    fn new(text: &str) -> Self {
        let mut sources = Sources::new();
        // The last line says what the file is.
        let gap = if text.ends_with('\n') { "" } else { "\n" };
        let file = sources.add("prometheus.yml", format!("{text}{gap}regex: 1\n"));
        Self { sources, file }
    }

    fn at(&self, part: &str) -> Location {
        let start = self.sources.text(self.file).find(part).expect("is in the text");
        Location::new(self.file, Span::new(start, start + part.len()))
    }

    fn warning(&self, part: &str, message: &str) -> Diagnostic {
        Diagnostic::new(ids::UNKNOWN_META_LABEL, Severity::Warning, self.at(part), message)
    }

    fn drawn(&self, diagnostic: &Diagnostic, look: Look) -> String {
        draw(&self.sources, std::slice::from_ref(diagnostic), look)
    }
}

const RULES: &str = "\
scrape_configs:
  - job_name: pods
    relabel_configs:
      - source_labels: [__meta_kubernetes_pod_lable_app, __meta_kubernetes_namespace, __meta_kubernetes_pod_name]
        target_label: app
";

/// A diagnostic with everything that one can have.
fn rich(case: &Case) -> Diagnostic {
    let message = "relabel_configs[0]: targets of role `pod` have no label `__meta_kubernetes_pod_lable_app`";
    case.warning("__meta_kubernetes_pod_lable_app", message)
        .with_job("pods")
        .with_label(case.at("app\n"), "this label is always empty, as nothing else in this list of rules sets it")
        .with_note("which meta labels a target has is decided by the mechanism that finds it and by its role")
        .with_help("did you mean `__meta_kubernetes_pod_label_app`?")
        .with_upstream(
            "a message of Prometheus that is long enough to be broken once or even twice on narrow terminals",
        )
}

#[test]
fn sentences_are_broken_at_words_and_lines_of_the_file_are_cut() {
    let case = Case::new(RULES);
    let drawn = |width| case.drawn(&rich(&case), Look { width: Some(width), ..PLAIN });
    insta::assert_snapshot!("width_60", drawn(60));
    insta::assert_snapshot!("width_80", drawn(80));
    insta::assert_snapshot!("width_120", drawn(120));
    insta::assert_snapshot!("no_width", case.drawn(&rich(&case), Look { width: None, ..PLAIN }));
}

#[test]
fn colors_and_signs_beyond_ascii_are_drawn_where_they_are_wanted() {
    let case = Case::new(RULES);
    let unicode = Look { unicode: true, ..PLAIN };
    insta::assert_snapshot!("unicode", case.drawn(&rich(&case), unicode));
    let colored = case.drawn(&rich(&case), Look { color: true, ..unicode });
    insta::assert_snapshot!("color", colored.replace('\u{1b}', "ESC"));
    assert_eq!(without_colors(&colored), case.drawn(&rich(&case), unicode));
}

#[test]
fn marks_stay_under_wide_characters_and_tabs() {
    let case = Case::new("job:\t大大 😀 größe:\tkep\n");
    let text = case.drawn(&case.warning("kep", "is wrong"), PLAIN);
    let column = |line: usize, part: &str| {
        let line = text.lines().nth(line).expect("is a line");
        width_of(&line[..line.find(part).expect("is in the line")])
    };
    assert_eq!(column(2, "kep"), column(3, "^^^"), "{text}");
}

#[test]
fn of_a_line_without_end_a_part_around_the_mark_is_shown() {
    let line = format!("[{}, here, {}]\n", "'10.0.0.1:9100', ".repeat(20_000), "'大:1', ".repeat(20_000));
    let case = Case::new(&line);
    insta::assert_snapshot!("long_line", case.drawn(&case.warning("here", "is wrong"), PLAIN));
}

#[test]
fn of_a_place_over_many_lines_the_first_is_marked() {
    let many = Case::new(&format!("a:\n{}", "- x\n".repeat(100)));
    let all = "- x\n".repeat(100);
    let text = many.drawn(&many.warning(&all, "is long"), PLAIN);
    assert_eq!(text.lines().count(), 7, "{text}");
    let few = Case::new("a:\n- x\n- y\nb: 1\n");
    insta::assert_snapshot!("few_lines", few.drawn(&few.warning("- x\n- y\n", "is short"), PLAIN));
}

#[test]
fn a_place_in_a_config_map_is_one_of_the_manifest() {
    let mut sources = Sources::new();
    let manifest = "kind: ConfigMap\ndata:\n  p.yml: |\n    scrape_configs:\n    - job_nam: größe\n";
    let input = Input::parse("cm.yml", manifest);
    let findings = lint_input(&mut sources, &input, &Options::default());
    insta::assert_snapshot!("config_map", draw(&sources, &findings, PLAIN));
}

#[test]
fn other_places_are_counted_when_there_are_many() {
    let case = Case::new(&"a: 1\n".repeat(40));
    let at = |line: usize| Location::new(case.file, Span::new(5 * line, 5 * line + 1));
    let first = case.warning("a", "is given 40 times");
    let diagnostic = (1..40).fold(first, |diagnostic, line| diagnostic.with_label(at(line), "again"));
    insta::assert_snapshot!("many_places", case.drawn(&diagnostic, PLAIN));
}

#[test]
fn a_finding_is_marked_as_fixable_and_stands_for_those_like_it() {
    let case = Case::new("x: 1\n");
    let edits = Edits::new(vec![(Span::new(0, 1), "y".to_string())]).expect("is one edit");
    let with_fix = |safety| case.warning("x", "is wrong").with_fix(Fix::new("rename it", safety, edits.clone()));
    let drawn = |safety, marks| {
        let extras = Extras { marks, more: &[3, 9] };
        Drawer::new(PLAIN).draw(&case.sources, &with_fix(safety), extras)
    };
    for (safety, marks, expected) in [
        (Safety::Safe, Marks::None, "warning[unknown-meta-label]: is wrong\n"),
        (Safety::Safe, Marks::Safe, "warning[unknown-meta-label][*]: is wrong\n"),
        (Safety::Safe, Marks::All, "warning[unknown-meta-label][*]: is wrong\n"),
        (Safety::Unsafe, Marks::Safe, "warning[unknown-meta-label]: is wrong\n"),
        (Safety::Unsafe, Marks::All, "warning[unknown-meta-label][unsafe fix]: is wrong\n"),
    ] {
        let text = drawn(safety, marks);
        assert!(text.starts_with(expected), "{text}");
        assert!(text.ends_with("  and 2 more: lines 3, 9\n\n"), "{text}");
    }
}

#[test]
fn a_place_in_an_empty_file_and_at_the_end_of_one_is_shown() {
    for text in ["", "\n", "x:", "x:\n", "x:\r\n", "\u{feff}"] {
        let case = Case::new(text);
        let at = Location::new(case.file, Span::empty(text.len()));
        let diagnostic = Diagnostic::new(ids::INVALID_YAML, Severity::Error, at, "is empty");
        let drawn = case.drawn(&diagnostic, PLAIN);
        assert!(drawn.contains("prometheus.yml:"), "{text:?}: {drawn}");
        assert!(!drawn.contains("Failed"), "{text:?}: {drawn}");
    }
}

#[test]
fn no_line_is_wider_than_the_terminal_but_for_a_word() {
    let wide = "größe: 大大大大, 😀😀 [a, b, c],\t".repeat(30);
    let case = Case::new(&format!("{wide}\nx: {wide} kep {wide}\n"));
    let diagnostic = case
        .warning("kep", &"some words of a message ".repeat(20))
        .with_label(case.at("[a"), "another place with more words than there is room for on a narrow terminal")
        .with_note("大大 ".repeat(80));
    for width in 40..130 {
        for unicode in [false, true] {
            let text = case.drawn(&diagnostic, Look { width: Some(width), unicode, color: false });
            for line in text.lines() {
                assert!(width_of(line) <= width, "{width}: {line}");
            }
        }
    }
}
