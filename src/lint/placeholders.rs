//! The texts of a config that may be placeholders, in the order of the text.

use crate::config::is_key_of_config;
use crate::text::{FileId, Placeholder};
use crate::yaml::{Node, NodeKind, Tree};

/// A text that may be a placeholder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FoundPlaceholder<'t> {
    pub(crate) file: FileId,
    pub(crate) node: Node<'t>,
    /// The key that it is the value of.
    pub(crate) key: &'t str,
    pub(crate) placeholder: Placeholder<'t>,
}

/// Collects the texts of one file.
pub(super) struct Search<'t> {
    file: FileId,
    found: Vec<FoundPlaceholder<'t>>,
}

/// All of a text.
pub(super) fn in_tree(file: FileId, tree: &Tree) -> Vec<FoundPlaceholder<'_>> {
    around_jobs(file, tree, None).into_iter().flatten().collect()
}

/// Those before and after the list of jobs, where it is left out.
pub(super) fn around_jobs<'t>(file: FileId, tree: &'t Tree, jobs: Option<Node<'t>>) -> [Vec<FoundPlaceholder<'t>>; 2] {
    let (mut before, mut after) = (Search { file, found: Vec::new() }, Search { file, found: Vec::new() });
    let is_jobs = |node: Node<'_>| jobs.is_some_and(|jobs| jobs.id() == node.id());
    match tree.root() {
        Some(root) if is_jobs(root) => {}
        Some(root) if root.kind() == NodeKind::Mapping => {
            before.rules_in(root);
            let mut search = &mut before;
            for (key, value) in root.entries() {
                if is_jobs(value) {
                    search = &mut after;
                } else if !is_open(key.value()) && is_key_of_config(key.value()) {
                    search.look(value, key.value());
                }
            }
        }
        Some(root) => before.look(root, ""),
        None => {}
    }
    [before.found, after.found]
}

/// Those of some jobs of a list.
pub(super) fn in_jobs<'t>(file: FileId, jobs: &[Node<'t>]) -> Vec<FoundPlaceholder<'t>> {
    let mut search = Search { file, found: Vec::new() };
    for job in jobs {
        let of_list = job.parent().and_then(Node::parent).and_then(|root| {
            let mut entries = root.entries();
            entries.find(|(_, list)| Some(list.id()) == job.parent().map(Node::id)).map(|(key, _)| key.value())
        });
        search.look(*job, of_list.unwrap_or(""));
    }
    search.found
}

/// Whether a dollar sign has its own meaning in a section, or any text is possible.
fn is_open(key: &str) -> bool {
    key == "external_labels" || is_list_of_rules(key)
}

fn is_list_of_rules(key: &str) -> bool {
    key.ends_with("relabel_configs")
}

impl<'t> Search<'t> {
    /// Looks at a node, the value of a key.
    fn look(&mut self, root: Node<'t>, key: &'t str) {
        let mut open = vec![(root, key)];
        while let Some((node, key)) = open.pop() {
            match node.kind() {
                NodeKind::Mapping => {
                    let start = open.len();
                    for (key, value) in node.entries() {
                        match key.value() {
                            key if is_list_of_rules(key) => value.items().for_each(|rule| self.rule(rule)),
                            key if is_open(key) => {}
                            key => open.push((value, key)),
                        }
                    }
                    open[start..].reverse();
                }
                NodeKind::Sequence => {
                    let start = open.len();
                    open.extend(node.items().map(|item| (item, key)));
                    open[start..].reverse();
                }
                NodeKind::Scalar => {
                    if let Some(placeholder) = Placeholder::find(node.value()) {
                        self.add(node, key, placeholder);
                    }
                }
                NodeKind::Alias => {}
            }
        }
    }

    /// Looks at the lists of relabel rules of a section.
    fn rules_in(&mut self, section: Node<'t>) {
        for (_, rules) in section.entries().filter(|(key, _)| is_list_of_rules(key.value())) {
            rules.items().for_each(|rule| self.rule(rule));
        }
    }

    /// Looks at the replacement and the pattern of a relabel rule. Other rules report a `$`, which refers to a group
    /// there.
    fn rule(&mut self, rule: Node<'t>) {
        let (mut pattern, mut replacement, mut target_label) = (None, None, None);
        for (key, value) in rule.entries() {
            let field = match key.value() {
                "regex" => &mut pattern,
                "replacement" => &mut replacement,
                "target_label" => &mut target_label,
                _ => continue,
            };
            field.get_or_insert(value);
        }
        let is_scalar = |value: &Node<'t>| value.kind() == NodeKind::Scalar;
        // `((a))` and `<a>` are also valid in a pattern.
        if let Some(pattern) = pattern.filter(is_scalar).filter(|pattern| pattern.value().contains('{'))
            && let Some(found) = Placeholder::find(pattern.value())
            && matches!(found, Placeholder::Variable(name) if name.starts_with("{{") || name.starts_with("{%"))
        {
            self.add(pattern, "regex", found);
        }
        let Some(value) = replacement.filter(is_scalar) else { return };
        let is_address = target_label.is_some_and(|label| label.value() == "__address__");
        match Placeholder::find(value.value()) {
            Some(Placeholder::Variable(found)) if found.starts_with('$') => {}
            Some(placeholder) => self.add(value, "replacement", placeholder),
            None if is_address && is_example(value.value()) => {
                self.add(value, "replacement", Placeholder::Words(value.value()));
            }
            None => {}
        }
    }

    fn add(&mut self, node: Node<'t>, key: &'t str, placeholder: Placeholder<'t>) {
        self.found.push(FoundPlaceholder { file: self.file, node, key, placeholder });
    }
}

/// Whether an address with a port is in a domain for examples, such as `exporter.example.com:9115`.
fn is_example(address: &str) -> bool {
    const DOMAINS: [&str; 3] = ["example.com", "example.net", "example.org"];
    let Some((host, _)) = address.rsplit_once(':') else { return false };
    let is_in = |domain: &&str| host.strip_suffix(*domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    DOMAINS.iter().any(is_in)
}
