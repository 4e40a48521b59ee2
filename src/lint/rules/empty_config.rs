//! A config without any content.

use crate::lint::rule::{Check, Input};
use crate::lint::sink::{Sink, in_file};
use crate::text::Span;
use crate::yaml::{Node, NodeKind};

pub(super) const CHECK: Check = Check::Input(check);

fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    let file = input.config.file;
    let Some(tree) = sink.tree(file) else { return };
    let is_empty = !input.config.is_partial() && tree.root().is_none_or(is_without_content);
    if is_empty {
        let finding = in_file(file, Span::empty(0), "the config is empty");
        sink.push(
            finding
                .with_argument("field", "scrape_configs")
                .with_note("Prometheus loads the defaults and scrapes nothing")
                .with_help("write `scrape_configs`, or check the program that writes the file"),
        );
    }
}

/// Whether a document is null, or has no key.
fn is_without_content(root: Node<'_>) -> bool {
    match root.kind() {
        NodeKind::Scalar => matches!(root.value(), "" | "~" | "null" | "Null" | "NULL"),
        NodeKind::Mapping => root.entries().next().is_none(),
        NodeKind::Sequence | NodeKind::Alias => false,
    }
}
