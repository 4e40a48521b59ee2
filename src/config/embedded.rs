//! Configs that stand inside a Kubernetes manifest: the literal texts of a ConfigMap.

use crate::text::{FileId, Sources};
use crate::yaml::{LiteralText, Node, Tree};

/// A text inside a ConfigMap.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EmbeddedText {
    /// The key it stands under, such as `prometheus.yml`.
    pub key: String,
    /// The text, and where it stands.
    pub literal: LiteralText,
}

impl EmbeddedText {
    /// Adds the text to `sources`; places in it are shown as places of `outer`.
    pub fn add_to(&self, sources: &mut Sources, outer: FileId) -> FileId {
        let name = sources.name(outer).to_string();
        sources.add_inner(name, self.literal.text(), outer, self.literal.inner_map())
    }
}

/// The literal block scalars in `data` of the ConfigMaps of a file: of all its documents, and of the
/// items of a `List`. What they hold is for others to recognize.
///
/// ```
/// use promcfg::config::embedded_texts;
/// use promcfg::yaml::Tree;
/// let manifest = "kind: ConfigMap\ndata:\n  prometheus.yml: |\n    scrape_configs: []\n";
/// let texts = embedded_texts(&Tree::parse(manifest));
/// assert_eq!((texts[0].key.as_str(), texts[0].literal.text()), ("prometheus.yml", "scrape_configs: []\n"));
/// ```
#[must_use]
pub fn embedded_texts(tree: &Tree) -> Vec<EmbeddedText> {
    let mut found = Vec::new();
    in_document(tree, 0, &mut found);
    if let Some(rest) = tree.rest() {
        let text: &str = tree.text();
        let (mut start, mut at) = (rest.start as usize, rest.start as usize);
        for line in text[start..].split_inclusive('\n') {
            if is_document_start(line) && at > start {
                in_document(&Tree::parse(&text[start..at]), start, &mut found);
                start = at;
            }
            at += line.len();
        }
        in_document(&Tree::parse(&text[start..]), start, &mut found);
    }
    found
}

/// Whether a line begins a document. It does so in any scalar, too, so that a text can be cut there
/// before it is parsed: each document is read once, however many there are.
fn is_document_start(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

fn in_document(tree: &Tree, offset: usize, found: &mut Vec<EmbeddedText>) {
    let Some(root) = tree.root() else { return };
    in_object(root, offset, found);
    if let Some(items) = value(root, "items") {
        items.items().for_each(|item| in_object(item, offset, found));
    }
}

fn in_object(object: Node<'_>, offset: usize, found: &mut Vec<EmbeddedText>) {
    if value(object, "kind").is_none_or(|kind| kind.value() != "ConfigMap") {
        return;
    }
    let Some(data) = value(object, "data") else { return };
    for (key, text) in data.entries() {
        if let Some(literal) = LiteralText::of(text, offset) {
            found.push(EmbeddedText { key: key.value().to_string(), literal });
        }
    }
}

fn value<'t>(object: Node<'t>, key: &str) -> Option<Node<'t>> {
    object.entries().find(|(name, _)| name.value() == key).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Location;

    #[test]
    fn a_file_of_many_documents_is_read_once() {
        let document = "---\nkind: ConfigMap\ndata:\n  a: |\n    x: 1\n";
        let texts = embedded_texts(&Tree::parse(document.repeat(20_000)));
        assert_eq!(texts.len(), 20_000);
    }

    #[test]
    fn texts_of_every_document_know_their_place_in_the_file() {
        let file = "kind: Service\n---\nkind: ConfigMap\ndata:\n  a.yml: |\n    x: 1\n  b: 'no'\n---\nkind: List\nitems:\n- kind: ConfigMap\n  data:\n    c.yml: |-\n      y: 2\n";
        let mut sources = Sources::new();
        let outer = sources.add("cm.yml", file);
        let places: Vec<String> = embedded_texts(&Tree::parse(file))
            .iter()
            .map(|text| {
                let inner = text.add_to(&mut sources, outer);
                let at = sources.text(inner).find(|c: char| c.is_ascii_digit()).unwrap();
                sources.describe(Location::new(inner, crate::text::Span::new(at, at + 1)))
            })
            .collect();
        assert_eq!(places, ["cm.yml:6:8", "cm.yml:14:10"]);
    }
}
