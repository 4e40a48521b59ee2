//! A value that looks like a placeholder.

use rustc_hash::FxHashSet;

use crate::config::{config_fields, secret_keys};
use crate::lint::rule::{Check, Input};
use crate::lint::sink::{Sink, in_file};
use crate::text::Placeholder;
use crate::text::{FileId, Location};
use crate::yaml::{Node, NodeKind};

pub(super) const CHECK: Check = Check::Input(check);

/// Sections where a dollar sign has its own meaning, or any text is possible.
const OPEN: [&str; 3] = ["external_labels", "relabel_configs", "metric_relabel_configs"];

fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    for (file, tree) in input.trees {
        let mut search = Search { file: *file, seen: FxHashSet::default() };
        if let Some(root) = tree.root() {
            search.look(root, sink);
        }
    }
}

/// Visits a text once, and reports each placeholder at its first place.
struct Search<'t> {
    file: FileId,
    seen: FxHashSet<&'t str>,
}

impl<'t> Search<'t> {
    fn look(&mut self, root: Node<'t>, sink: &mut Sink<'_>) {
        let is_config =
            |key: &str| config_fields().iter().any(|field| field.section == "a Prometheus config" && field.key == key);
        let mut open = vec![(root, "")];
        while let Some((node, key)) = open.pop() {
            match node.kind() {
                NodeKind::Mapping => {
                    for (_, rules) in node.entries().filter(|(key, _)| key.value().ends_with("relabel_configs")) {
                        self.rules(rules, sink);
                    }
                    let entries = node.entries().map(|(key, value)| (value, key.value()));
                    let start = open.len();
                    open.extend(entries.filter(|(_, key)| !is_open(key) && (node.id() != root.id() || is_config(key))));
                    open[start..].reverse();
                }
                NodeKind::Sequence => {
                    let start = open.len();
                    open.extend(node.items().map(|item| (item, key)));
                    open[start..].reverse();
                }
                NodeKind::Scalar => self.text(node, key, sink),
                NodeKind::Alias => {}
            }
        }
    }

    /// Looks at the replacements and patterns of relabel rules. Other rules report a `$`, which refers to a group there.
    fn rules(&mut self, rules: Node<'t>, sink: &mut Sink<'_>) {
        for rule in rules.items() {
            let text = |name: &str| rule.entries().find(|(key, _)| key.value() == name).map(|(_, value)| value);
            // `((a))` and `<a>` are also valid in a pattern.
            let pattern = text("regex").filter(|value| value.kind() == NodeKind::Scalar);
            if let Some((pattern, found)) = pattern.and_then(|value| Some((value, Placeholder::find(value.value())?)))
                && matches!(found, Placeholder::Variable(name) if name.starts_with("{{") || name.starts_with("{%"))
            {
                self.report(pattern, "regex", found, sink);
            }
            let Some(value) = text("replacement").filter(|value| value.kind() == NodeKind::Scalar) else { continue };
            let is_address = text("target_label").is_some_and(|label| label.value() == "__address__");
            match Placeholder::find(value.value()) {
                Some(Placeholder::Variable(found)) if found.starts_with('$') => {}
                Some(placeholder) => self.report(value, "replacement", placeholder, sink),
                None if is_address && is_example(value.value()) => {
                    self.report(value, "replacement", Placeholder::Words(value.value()), sink);
                }
                None => {}
            }
        }
    }

    fn text(&mut self, node: Node<'t>, key: &str, sink: &mut Sink<'_>) {
        if let Some(placeholder) = Placeholder::find(node.value()) {
            self.report(node, key, placeholder, sink);
        }
    }

    fn report(&mut self, node: Node<'t>, key: &str, placeholder: Placeholder<'t>, sink: &mut Sink<'_>) {
        let (Placeholder::Variable(found) | Placeholder::Words(found)) = placeholder;
        if sink.has_finding_in(Location::new(self.file, node.full_span())) || !self.seen.insert(found) {
            return;
        }
        let is_secret = secret_keys().contains(&key);
        // Programs that keep secrets fill in `((name))`.
        if is_secret && found.starts_with("((") {
            return;
        }
        let shown = if is_secret { format!("the value of `{key}`") } else { format!("`{found}`") };
        let finding = match placeholder {
            Placeholder::Variable(_) => {
                in_file(self.file, node.full_span(), format!("Prometheus does not replace {shown}"))
                    .with_note("Prometheus replaces environment variables only in `external_labels`")
                    .with_help("replace it before Prometheus reads the file; ignore this if another program does")
            }
            Placeholder::Words(_) => in_file(self.file, node.full_span(), format!("{shown} looks like a placeholder"))
                .with_help("write the real value"),
        };
        let finding = finding.with_argument("field", key);
        sink.push(if is_secret { finding } else { finding.with_argument("value", found) });
    }
}

/// Whether an address with a port is in a domain for examples, such as `exporter.example.com:9115`.
fn is_example(address: &str) -> bool {
    const DOMAINS: [&str; 3] = ["example.com", "example.net", "example.org"];
    let Some((host, _)) = address.rsplit_once(':') else { return false };
    let is_in = |domain: &&str| host.strip_suffix(*domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    DOMAINS.iter().any(is_in)
}

fn is_open(key: &str) -> bool {
    OPEN.contains(&key) || key.ends_with("relabel_configs")
}
