use super::*;

/// The broken places by line and column, with their causes; then the text that is left.
fn recovered(text: &str) -> (Vec<(usize, usize, Cause)>, String) {
    let recovered = Tree::parse(text).recovered().expect("is broken");
    assert_eq!(recovered.damages().iter().filter(|damage| damage.is_first).count(), 1, "{text}");
    let place = |span: Span| {
        let before = &text[..span.start as usize];
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        (before.matches('\n').count() + 1, before.len() - start + 1)
    };
    let damages = recovered.damages().iter().map(|damage| {
        let (line, column) = place(damage.span);
        (line, column, damage.cause.clone())
    });
    let left = recovered.tree().text().lines().filter(|line| !line.trim().is_empty() && !line.trim().starts_with('#'));
    (damages.collect(), left.map(|line| format!("{}\n", line.trim_end())).collect())
}

const JOBS: &str = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: ['a:1']\n- job_name: b\n  static_configs:\n  - targets: ['b:1']\n- job_name: c\n";

fn with(from: &str, to: &str) -> (Vec<(usize, usize, Cause)>, String) {
    assert!(JOBS.contains(from), "{from}");
    recovered(&JOBS.replace(from, to))
}

#[test]
fn an_open_quote_is_found_where_it_begins() {
    let (damages, left) = with("'a:1'", "'a:1");
    assert_eq!(damages, [(4, 15, Cause::OpenQuote)]);
    assert_eq!(left, JOBS.replace("  - targets: ['a:1']\n", ""));
}

#[test]
fn an_open_bracket_is_found_where_it_begins() {
    let (damages, left) = with("['a:1']", "['a:1'");
    assert_eq!(damages, [(4, 14, Cause::OpenBracket { closing: ']' })]);
    assert_eq!(left, JOBS.replace("  - targets: ['a:1']\n", ""));
}

#[test]
fn a_key_without_a_colon_is_left_out_with_its_value() {
    let (damages, left) = with("  static_configs:\n  - targets: ['b:1']\n", "  static_con\n  - targets: ['b:1']\n");
    assert_eq!(damages, [(6, 3, Cause::MissingColon)]);
    assert_eq!(left, JOBS.replace("  static_configs:\n  - targets: ['b:1']\n", ""));
    let (damages, _) = with("job_name: b", "job_name b");
    assert_eq!(damages, [(5, 3, Cause::MissingColon)]);
}

#[test]
fn a_line_that_is_indented_in_another_way_knows_its_neighbors() {
    let (damages, left) =
        with("  static_configs:\n  - targets: ['b:1']\n", "    static_configs:\n    - targets: ['b:1']\n");
    assert_eq!(damages, [(6, 5, Cause::Indentation { column: 4, neighbors: 2 })]);
    assert_eq!(left, JOBS.replace("  static_configs:\n  - targets: ['b:1']\n", ""));
    let (damages, _) = with("  static_configs:\n  - targets: ['b:1']\n", " static_configs:\n  - targets: ['b:1']\n");
    assert_eq!(damages.len(), 1, "{damages:?}");
    assert!(matches!(damages[0].2, Cause::Indentation { column: 1, .. }), "{damages:?}");
}

#[test]
fn a_conflict_is_one_broken_place() {
    let text = "scrape_configs:\n- job_name: a\n<<<<<<< HEAD\n  scrape_interval: 1m\n=======\n  scrape_interval: 2m\n>>>>>>> other\n- job_name: b\n";
    let (damages, left) = recovered(text);
    assert_eq!(damages, [(3, 1, Cause::Conflict)]);
    assert_eq!(left, "scrape_configs:\n- job_name: a\n- job_name: b\n");
}

#[test]
fn a_tab_is_one_broken_place_for_all_lines_with_tabs() {
    let (damages, left) =
        with("  static_configs:\n  - targets: ['b:1']\n", "\tstatic_configs:\n\t- targets: ['b:1']\n");
    assert_eq!(damages, [(6, 1, Cause::Tab)]);
    assert_eq!(left, JOBS.replace("  static_configs:\n  - targets: ['b:1']\n", ""));
}

#[test]
fn three_broken_places_are_three_damages() {
    let text =
        JOBS.replace("['a:1']", "['a:1'").replace("job_name: b", "job_name b").replace("job_name: c", "job_name: c: d");
    let (damages, left) = recovered(&text);
    let places: Vec<(usize, usize)> = damages.iter().map(|&(line, column, _)| (line, column)).collect();
    assert_eq!(places, [(4, 14), (5, 3), (8, 14)]);
    assert!(left.contains("job_name: a"));
}

#[test]
fn an_alias_whose_anchor_is_left_out_is_not_a_further_fault() {
    let text = "a: &x [1\nb: 2\nc: *x\nd: 4\n";
    let (damages, left) = recovered(text);
    assert_eq!(damages, [(1, 7, Cause::OpenBracket { closing: ']' })]);
    assert_eq!(left, "b: 2\nd: 4\n");
}

#[test]
fn nodes_that_lose_something_are_known() {
    let text = JOBS.replace("['b:1']", "['b:1'");
    let recovered = Tree::parse(text).recovered().expect("is broken");
    let (_, jobs) = recovered.tree().root().and_then(|root| root.entries().next()).expect("has jobs");
    assert_eq!(jobs.items().map(|job| recovered.is_incomplete(job)).collect::<Vec<_>>(), [false, true, false]);
    assert!(recovered.is_incomplete(jobs) && !recovered.is_directly_incomplete(jobs));
}

#[test]
fn nodes_that_lose_their_first_entry_are_known_and_those_around_whole_items_are_not() {
    let text = JOBS.replace("job_name: b", "job_name b");
    let recovered = Tree::parse(text).recovered().expect("is broken");
    let (_, jobs) = recovered.tree().root().and_then(|root| root.entries().next()).expect("has jobs");
    assert_eq!(jobs.items().map(|job| recovered.is_incomplete(job)).collect::<Vec<_>>(), [false, true, false]);
    let recovered = Tree::parse(JOBS.replace("- job_name: c", "- 'c")).recovered().expect("is broken");
    let (_, jobs) = recovered.tree().root().and_then(|root| root.entries().next()).expect("has jobs");
    assert_eq!(jobs.items().map(|job| recovered.is_incomplete(job)).collect::<Vec<_>>(), [false, false]);
    assert!(recovered.is_directly_incomplete(jobs));
}

#[test]
fn nodes_that_refer_to_incomplete_ones_are_incomplete() {
    let text = "a: &x\n  k: [1\n  l: 2\nb: {<<: *x}\nc: 3\n";
    let recovered = Tree::parse(text).recovered().expect("is broken");
    let root = recovered.tree().root().expect("has a node");
    let incomplete: Vec<bool> = root.entries().map(|(_, value)| recovered.is_incomplete(value)).collect();
    assert_eq!(incomplete, [true, true, false]);
}

#[test]
fn brackets_over_several_lines_are_left_out_up_to_the_next_entry() {
    let left = JOBS.replace("  - targets: ['a:1']\n", "");
    let (damages, rest) = with("['a:1']", "[\n      'x:1',\n      'a:1\n    ]");
    assert_eq!((damages, rest), (vec![(6, 7, Cause::OpenQuote)], left.clone()));
    let (damages, rest) = with("['a:1']", "[\n      'x:1',\n      'a:1'");
    assert_eq!((damages, rest), (vec![(4, 14, Cause::OpenBracket { closing: ']' })], left.clone()));
    let (damages, rest) = with("['a:1']", "[{a: [b,\n      c");
    assert_eq!((damages, rest), (vec![(4, 19, Cause::OpenBrackets { closing: "]}]".to_string() })], left));
}

#[test]
fn braces_over_several_lines_may_have_entries_in_any_column() {
    let (damages, _) = recovered("a: 1\nb: {\nc: d,\ne: f\n}\ng: 'h\ni: 1\n");
    assert_eq!(damages, [(6, 4, Cause::OpenQuote)]);
}

#[test]
fn a_job_in_another_column_belongs_to_the_jobs_with_its_key() {
    let (damages, left) = with("- job_name: b\n", "    - job_name: x\n      scheme: https\n- job_name: b\n");
    assert_eq!(damages, [(5, 5, Cause::Indentation { column: 4, neighbors: 0 })]);
    assert_eq!(left, JOBS);
    let indented = JOBS.replace('\n', "\n  ").trim_end_matches(' ').to_string();
    let text = format!("{indented}- job_name: x\n  static_configs:\n  - targets: [a]\n    labels: {{}}\n");
    let (damages, left) = recovered(&text);
    assert_eq!(damages, [(9, 1, Cause::Indentation { column: 0, neighbors: 2 })]);
    assert_eq!(left, indented);
}

#[test]
fn an_item_without_its_dash_is_known_by_the_items_below_it() {
    let (damages, left) = with("- job_name: a", "  job_name: a");
    assert_eq!(damages, [(2, 3, Cause::MissingDash { column: 0 })]);
    assert!(!left.contains("job_name: a") && left.contains("job_name: b"), "{left}");
}

#[test]
fn an_item_that_begins_with_a_sign_loses_its_first_entry() {
    for sign in ["& ", "@", "* "] {
        let text = JOBS.replace("job_name: b", &format!("{sign}job_name: b"));
        let recovered = Tree::parse(text.as_str()).recovered().expect("is broken");
        assert_eq!(recovered.damages().len(), 1, "{text}");
        let (_, jobs) = recovered.tree().root().and_then(|root| root.entries().next()).expect("has jobs");
        assert_eq!(jobs.items().map(|job| recovered.is_incomplete(job)).collect::<Vec<_>>(), [false, true, false]);
    }
}

#[test]
fn items_below_a_broken_key_are_its_value() {
    for broken in
        ["   static_configs:", "      static_configs:", "  static_configs: 'x", "  static_configs: [", "  a b"]
    {
        let jobs = JOBS.replace(
            "  static_configs:\n  - targets: ['b",
            "  params:\n    m: [x]\n  static_configs:\n  - targets: ['b",
        );
        let text = jobs.replacen("    m: [x]\n  static_configs:", &format!("    m: [x]\n{broken}"), 1);
        let (damages, left) = recovered(&text);
        assert_eq!(damages.len(), 1, "{broken}: {damages:?}");
        assert_eq!(damages[0].0, 8, "{broken}");
        assert_eq!(left, jobs.replace("  static_configs:\n  - targets: ['b:1']\n", ""), "{broken}");
    }
}

#[test]
fn a_sign_before_an_item_costs_only_that_item() {
    let (damages, left) = with("- job_name: b", "-@ job_name: b");
    assert_eq!(damages.len(), 1, "{damages:?}");
    assert!(left.contains("job_name: a") && left.contains("job_name: c"), "{left}");
    for (from, to) in [("- job_name: b", " @   - job_name: b"), ("- job_name: b", "[  - job_name: b")] {
        let indented = JOBS.replace('\n', "\n    ").trim_end_matches(' ').to_string();
        let (damages, left) = recovered(&indented.replace(&format!("    {from}"), to));
        assert_eq!(damages.len(), 1, "{to}: {damages:?}");
        assert!(left.contains("job_name: a") && left.contains("job_name: c"), "{to}: {left}");
    }
}

#[test]
fn lines_below_a_tab_and_below_a_broken_key_of_a_text_are_left_out_with_it() {
    let (damages, left) = with("  - targets: ['b:1']\n", "  \t- targets:\n      - 'b:1'\n    labels: {a: 'b'}\n");
    assert_eq!(damages, [(7, 3, Cause::Tab)]);
    assert_eq!(left, JOBS.replace("  - targets: ['b:1']\n", ""));
    let (damages, left) = with("- job_name: c\n", "- job_name: c\n  replacement |-\n    it's: 'x\n  # end\n");
    assert_eq!(damages, [(9, 3, Cause::MissingColon)]);
    assert_eq!(left, JOBS);
}
