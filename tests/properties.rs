//! What must hold for any text, tried on configs that are broken in random ways.
//!
//! Few cases a property, so that the suite stays fast; `PROPTEST_CASES=100000 cargo test --release
//! --test tests properties` tries more.

use promcfg::simulate::SimulateOptions;
use promcfg::text::{Span, decode_text};
use promcfg::yaml::{Node, NodeKind, ScalarStyle, Tree};
use promcfg::{Config, Options, Sources, simulate};
use proptest::prelude::*;
use proptest::sample::{Index, select};

const CONFIG: &str = r#"# all kinds of YAML a config is written in
global: &global
  scrape_interval: 15s
  external_labels: {cluster: 'c''1', "tier": "\x41\n"}
scrape_configs:
  - job_name: web # the front
    static_configs:
    - targets: [ "10.0.0.1:9100", '10.0.0.2:9100',
        host:80 ]
      labels: &labels
        env: prod
        note: two words
          on two lines
    relabel_configs:
      - source_labels: [__address__]
        regex: "([^:]+):\\d+"
        target_label: host
      - {action: labelmap, regex: '__meta_(.+)'}
      - action: hashmod
        source_labels: [__address__, host]
        modulus: 8
        target_label: __tmp_shard

  - job_name: !!str api
    honor_labels: yes
    metrics_path: >-
      /metrics
    params:
      match[]: [ '{job="x"}' ]
    static_configs:
      - targets:
          - ä.example.org
        labels: *labels
    metric_relabel_configs:
      - ? regex
        : |
          go_.*
        action: drop
"#;

const PIECES: &[&str] = &[
    " ",
    "  ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "- ",
    "? ",
    ": ",
    ":",
    ",",
    "[",
    "]",
    "{",
    "}",
    "#",
    " # x\n",
    "&a ",
    "*a",
    "*labels",
    "!",
    "!!int ",
    "!x!y ",
    "%TAG ! x\n",
    "---\n",
    "...\n",
    "|\n",
    ">+1\n",
    "'",
    "\"",
    "\\",
    "\\u00e9",
    "\u{0}",
    "\u{1b}",
    "é",
    "😀",
    "null",
    "~",
    "<<: *global\n",
    "9e999",
    "0x10",
    ".inf",
    "1h",
    "$1",
    "(",
    "a{2}",
    "target_label: ${1}\n",
    "replacement: ''\n",
    "action: labeldrop\n",
    "separator: \"\\0\"\n",
    "modulus: 0\n",
    "targets: [",
];

/// The config with some pieces put in, over or out, anywhere.
fn broken_config() -> impl Strategy<Value = String> {
    let change = (any::<Index>(), 0..12_usize, select(PIECES));
    prop::collection::vec(change, 1..6).prop_map(|changes| {
        let mut text = CONFIG.to_string();
        for (place, removed, piece) in changes {
            let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let place = place.index(boundaries.len());
            let end = (place + removed).min(boundaries.len() - 1);
            text.replace_range(boundaries[place]..boundaries[end], piece);
        }
        text
    })
}

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    match node.kind() {
        NodeKind::Mapping => node.entries().flat_map(|(key, value)| [key, value]).collect(),
        _ => node.items().collect(),
    }
}

/// Each node lies in its parent, behind the sibling before it.
fn check_spans(tree: &Tree) -> Result<(), TestCaseError> {
    let whole = Span::new(0, tree.text().len());
    let mut open: Vec<(Node<'_>, Span)> = tree.root().map(|root| (root, whole)).into_iter().collect();
    let mut seen = 0;
    while let Some((node, outer)) = open.pop() {
        seen += 1;
        let (span, full) = (node.span(), node.full_span());
        prop_assert!(outer.contains(full) && full.contains(span), "{node:?} with {full} in {outer}");
        prop_assert!(tree.text().get(full.range()).is_some(), "{full} cuts a character");
        let children = children(node);
        for pair in children.windows(2) {
            let (before, after) = (pair[0].span(), pair[1].full_span());
            prop_assert!(before.end <= after.start, "{:?} reaches into {:?}", pair[0], pair[1]);
        }
        open.extend(children.into_iter().map(|child| (child, span)));
    }
    // A fault may leave keys without a value, one a level.
    prop_assert!(seen == tree.len() || tree.fault().is_some(), "{seen} of {} nodes are reached", tree.len());
    Ok(())
}

/// A scalar that stands in the text as it is read is found there.
fn check_raw_texts(tree: &Tree) -> Result<(), TestCaseError> {
    let mut open: Vec<Node<'_>> = tree.root().into_iter().collect();
    while let Some(node) = open.pop() {
        if let Some(raw) = node.raw_text_span() {
            prop_assert!(node.span().contains(raw), "{raw} lies outside of {node:?}");
            prop_assert_eq!(raw.of(tree.text()), node.value());
        }
        open.extend(children(node));
    }
    Ok(())
}

/// The text in double quotes, everything escaped that is not a letter, a digit or a blank.
fn double_quoted(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|character| match character {
            ' ' => " ".to_string(),
            _ if character.is_alphanumeric() => character.to_string(),
            _ => format!("\\U{:08x}", u32::from(character)),
        })
        .collect();
    format!("\"{escaped}\"")
}

fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The text as lines of a literal block scalar, indented by two.
fn literal(text: &str) -> String {
    let lines: String = text.lines().map(|line| format!("\n  {line}")).collect();
    format!("|2-{lines}")
}

/// The value of the only key of `key: written`.
fn read_back(written: &str) -> Option<(String, ScalarStyle)> {
    let tree = Tree::parse(format!("key: {written}\n"));
    let (_, value) = tree.root()?.entries().next()?;
    Some((value.value().to_string(), value.style()?))
}

/// Characters YAML 1.1 lets stand in a text, line breaks aside.
fn printable_text() -> impl Strategy<Value = String> {
    r"([ -~]|[\u{a0}-\u{d7ff}&&[^\u{2028}\u{2029}]]|[\u{10000}-\u{10ffff}]){0,40}"
}

/// Changes of a text of ASCII letters: places and what comes there.
fn edits_of(text: &str, places: &[(Index, Index, String)]) -> promcfg::text::Edits {
    let mut replacements: Vec<(promcfg::text::Span, String)> = Vec::new();
    for (one, other, new) in places {
        let (one, other) = (one.index(text.len() + 1), other.index(text.len() + 1));
        let span = promcfg::text::Span::new(one.min(other), one.max(other));
        let mut all = replacements.clone();
        all.push((span, new.clone()));
        if promcfg::text::Edits::new(all.clone()).is_some() {
            replacements = all;
        }
    }
    promcfg::text::Edits::new(replacements).expect("are disjoint")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_changes_in_one_are_the_same_as_one_after_the_other(
        text in "[a-z]{0,20}",
        first in proptest::collection::vec((any::<Index>(), any::<Index>(), "[A-Z]{0,4}"), 0..5),
        next in proptest::collection::vec((any::<Index>(), any::<Index>(), "[0-9]{0,4}"), 0..5),
    ) {
        let first = edits_of(&text, &first);
        let middle = first.apply(&text);
        let next = edits_of(&middle, &next);
        prop_assert_eq!(first.then(&next, text.len()).apply(&text), next.apply(&middle));
    }

    #[test]
    fn spans_of_a_broken_config_nest_and_ascend(text in broken_config()) {
        let tree = Tree::parse(text);
        check_spans(&tree)?;
        check_raw_texts(&tree)?;
    }

    #[test]
    fn any_bytes_are_read_to_a_sound_tree(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let tree = Tree::from_decoded(decode_text(&bytes));
        check_spans(&tree)?;
        check_raw_texts(&tree)?;
    }

    #[test]
    fn a_text_is_read_from_utf_16_as_from_utf_8(text in broken_config()) {
        let text = text.trim_start_matches('\u{feff}');
        let wide: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        let (tree, wide_tree) = (Tree::parse(text), Tree::from_decoded(decode_text(&wide)));
        // How much is read ahead differs, so a bad character may be met in one and not in the other.
        if !text.contains(['\u{0}', '\u{1b}']) {
            prop_assert_eq!(tree.fault(), wide_tree.fault());
            prop_assert_eq!(tree.len(), wide_tree.len());
        }
    }

    #[test]
    fn quoted_scalars_read_back(text in any::<String>()) {
        prop_assert_eq!(read_back(&double_quoted(&text)), Some((text, ScalarStyle::DoubleQuoted)));
    }

    #[test]
    fn printable_scalars_read_back_in_single_quotes_and_as_block(text in printable_text()) {
        // Blanks at the end of a line in quotes stay, since no line break follows.
        prop_assert_eq!(read_back(&single_quoted(&text)), Some((text.clone(), ScalarStyle::SingleQuoted)));
        if !text.is_empty() {
            prop_assert_eq!(read_back(&literal(&text)), Some((text, ScalarStyle::Literal)));
        }
    }

    #[test]
    fn numbers_read_back_as_the_types_they_fit(whole in any::<i64>(), float in any::<f64>()) {
        let tree = Tree::parse(format!("[{whole}, {float:e}, '{whole}']"));
        let items: Vec<Node<'_>> = tree.root().into_iter().flat_map(Node::items).collect();
        prop_assert_eq!(items[0].read_i64(), Ok(whole));
        let written = items[0].read_string().map(std::borrow::Cow::into_owned);
        prop_assert_eq!(written, Ok(whole.to_string()));
        if float.is_finite() {
            prop_assert_eq!(items[1].read_f64(), Ok(float));
        }
        prop_assert!(items[2].read_i64().is_err(), "in quotes it is a string");
    }

    #[test]
    fn a_broken_config_is_read_and_simulated_without_panic(text in broken_config()) {
        let mut sources = Sources::new();
        let end = text.len();
        let file = sources.add("prometheus.yml", text);
        let (config, diagnostics) = Config::read(&mut sources, file, &Options::default());
        for diagnostic in &diagnostics {
            let span = diagnostic.at.span;
            prop_assert!(span.start <= span.end && span.end as usize <= end, "{span} of {}", diagnostic.message);
        }
        let options = SimulateOptions { traces: true, ..SimulateOptions::default() };
        prop_assert!(simulate(&config, &mut sources, &Options::default(), &options).is_ok(), "no job was asked for");
    }
}
