//! The values of Secrets of Kubernetes: all are secret, whatever their keys are. A text that Prometheus reads, such as a
//! config, is looked at by itself.

use std::ops::Range;

use crate::input::{Input, documents};
use crate::text::Span;
use crate::yaml::{Node, NodeKind};

use super::range_of;

/// The values of all Secrets of a file, and the texts that they are.
pub(super) fn values(input: &Input) -> (Vec<Range<usize>>, Vec<String>) {
    let starts = input
        .parts()
        .iter()
        .filter_map(|part| Some(part.inner_map()?.outer_span(Span::new(0, 1)).start as usize))
        .collect::<Vec<_>>();
    let is_read = |range: &Range<usize>| starts.iter().any(|start| range.contains(start));
    let (mut ranges, mut texts) = (Vec::new(), Vec::new());
    documents(input.tree(), &mut |tree, offset| {
        for (value, is_plain) in tree.nodes().flat_map(values_of) {
            let range = range_of(value.full_span(), offset);
            if value.kind() != NodeKind::Alias && !value.value().is_empty() && !(is_plain && is_read(&range)) {
                texts.push(value.value().to_string());
                ranges.push(range);
            }
        }
    });
    (ranges, texts)
}

/// The values of a mapping that is a Secret, and whether each is written as it is, not in base64.
fn values_of(node: Node<'_>) -> impl Iterator<Item = (Node<'_>, bool)> {
    let is_secret = node.entries().any(|(key, value)| key.value() == "kind" && value.resolved().value() == "Secret");
    let sections = node.entries().filter(move |_| is_secret).filter_map(|(key, section)| match key.value() {
        "data" => Some((section, false)),
        "stringData" => Some((section, true)),
        _ => None,
    });
    sections.flat_map(|(section, is_plain)| section.resolved().entries().map(move |(_, value)| (value, is_plain)))
}

#[cfg(test)]
mod tests {
    use crate::secrets::Secrets;

    fn shown(text: &str) -> String {
        let secrets = Secrets::find(text);
        let line = |line: &str| {
            let start = line.as_ptr() as usize - text.as_ptr() as usize;
            secrets.masked(text, start..start + line.len()) + "\n"
        };
        text.lines().map(line).collect()
    }

    #[test]
    fn all_values_of_a_secret_are_hidden_but_configs() {
        let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: p}\nstringData:\n  prometheus.yml: |\n    scrape_configs:\n    - job_name: n\n  dsn: postgres://u:hunter2@h/db\n  foo: s3cret\n  pin: '1234'\n  empty: ''\n";
        let expected = text
            .replace("postgres://u:hunter2@h/db", "<secret>")
            .replace("s3cret", "<secret>")
            .replace("'1234'", "<secret>");
        assert_eq!(shown(text), expected);
        let text = "{kind: Secret, data: {db: aHVudGVyMg==, pin: MTIzNA==}}\n";
        assert_eq!(shown(text), "{kind: Secret, data: {db: <secret>, pin: <secret>}}\n");
    }

    #[test]
    fn all_lines_of_a_value_in_base64_are_hidden() {
        let text = "kind: Secret\nmetadata: {name: p}\ndata:\n  prometheus.yml: |\n    c2NyYXBlX2NvbmZpZ3M6CiAgLSBqb2JfbmFtZTogbgog\n    IGI6ODAK\n";
        assert!(!shown(text).contains("IGI6ODAK"), "{}", shown(text));
    }

    #[test]
    fn a_reference_to_a_secret_and_the_values_of_other_objects_are_open() {
        for text in ["ref: {kind: Secret, name: db}\n", "kind: ConfigMap\ndata:\n  foo: bar\n"] {
            assert!(!shown(text).contains("<secret>"), "{}", shown(text));
        }
    }
}
