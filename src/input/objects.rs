//! Kubernetes objects: the texts in ConfigMaps and Secrets, of all documents and of the items of lists.

use crate::config::Shape;
use crate::format::{Format, Neighbor, Outline};
use crate::text::Span;
use crate::yaml::{Damage, LiteralText, Node, NodeKind, Recovered, Tree};

use super::Input;
use super::dialect::Dialect;
use super::encoded::{EncodedText, Unreadable};
use super::part::Part;
use super::quoted::QuotedText;

/// ConfigMaps and Secrets.
pub(super) struct Objects;

impl Dialect for Objects {
    fn parts(&self, tree: &Tree) -> Vec<Part> {
        parts_of(tree)
    }
}

/// The texts in objects.
#[derive(Default)]
pub(super) struct Texts {
    pub(super) parts: Vec<Part>,
    /// Texts that cannot be decoded: their places, and why.
    pub(super) unreadable: Vec<(Span, String)>,
    /// The broken places of the documents, each with the bytes before its document.
    pub(super) damages: Vec<(usize, Damage)>,
}

/// The texts of all documents that are configs, lists of scrape configs or target groups.
pub(super) fn texts_of(tree: &Tree) -> Texts {
    let mut texts = Texts::default();
    each_document(tree, &mut |tree, offset| in_document(tree, offset, &mut texts));
    texts
}

pub(super) fn parts_of(tree: &Tree) -> Vec<Part> {
    texts_of(tree).parts
}

/// Gives each document of a text to `take`, with the bytes before it.
pub(super) fn each_document(tree: &Tree, take: &mut dyn FnMut(&Tree, usize)) {
    take(tree, 0);
    let recovered = tree.recovered();
    let Some(rest) = recovered.as_ref().map_or(tree, Recovered::tree).rest() else { return };
    let text: &str = tree.text();
    let (mut start, mut at) = (rest.start as usize, rest.start as usize);
    for line in text[start..].split_inclusive('\n') {
        if is_document_start(line) && at > start {
            take(&Tree::parse(&text[start..at]), start);
            start = at;
        }
        at += line.len();
    }
    take(&Tree::parse(&text[start..]), start);
}

/// Whether a line begins a document. It does so in any scalar, too, so that a text can be cut there
/// before it is parsed: each document is read once, however many there are.
fn is_document_start(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

fn in_document(tree: &Tree, offset: usize, texts: &mut Texts) {
    let recovered = tree.recovered();
    if let Some(recovered) = &recovered {
        texts.damages.extend(recovered.damages().iter().map(|damage| (offset, damage.clone())));
    }
    let tree = recovered.as_ref().map_or(tree, Recovered::tree);
    let Some(root) = tree.root() else { return };
    in_object(root, offset, texts);
    if let Some(items) = value(root, "items") {
        items.items().for_each(|item| in_object(item, offset, texts));
    }
}

/// What the values of an object's sections are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    Plain,
    Base64,
}

fn in_object(object: Node<'_>, offset: usize, texts: &mut Texts) {
    let kind = value(object, "kind").map_or("", Node::value);
    let sections: &[(&str, Values)] = match kind {
        "ConfigMap" => &[("data", Values::Plain), ("binaryData", Values::Base64)],
        "Secret" => &[("stringData", Values::Plain), ("data", Values::Base64)],
        // An object without its kind, as tools print it; base64 of a config is a text that is no config.
        "" if value(object, "metadata").is_some() => {
            &[("data", Values::Plain), ("stringData", Values::Plain), ("data", Values::Base64)]
        }
        _ => &[],
    };
    for (section, values) in sections {
        let Some(data) = value(object, section) else { continue };
        for (key, text) in data.entries() {
            match part(key.value(), text, *values, offset) {
                Ok(part) => texts.parts.extend(part),
                Err(why) => {
                    let span = text.span();
                    let at = Span::new(offset + span.start as usize, offset + span.end as usize);
                    texts.unreadable.push((at, format!("cannot read the text of `{}`: {why}", key.value())));
                }
            }
        }
    }
}

fn part(key: &str, text: Node<'_>, values: Values, offset: usize) -> Result<Option<Part>, Unreadable> {
    let key = key.to_string();
    Ok(match values {
        Values::Plain => match LiteralText::of(text, offset) {
            Some(literal) => shape_of(&key, literal.text()).map(|shape| Part::literal(key, literal, shape)),
            None => QuotedText::of(text, offset)
                .and_then(|quoted| shape_of(&key, quoted.text()).map(|shape| Part::quoted(key, quoted, shape))),
        },
        Values::Base64 => EncodedText::of(text, offset)?.and_then(|encoded| {
            let shape = shape_of(key.trim_end_matches(".gz"), encoded.text())?;
            Some(Part::encoded(key, encoded, shape))
        }),
    })
}

/// The shape of an inner text; `None` for what is no part of a config.
fn shape_of(key: &str, text: &str) -> Option<Shape> {
    let input = Input::parse(key, text);
    match input.format() {
        Format::Config => Some(Shape::Config),
        Format::ScrapeConfigs => Some(Shape::ScrapeConfigs),
        // Target groups cannot be added to an inner text, but jobs can.
        Format::Targets if super::is_list_without_items(input.tree()) => {
            (key.ends_with(".yml") || key.ends_with(".yaml")).then_some(Shape::ScrapeConfigs)
        }
        // Go's decoder of JSON is not asked for inner texts.
        Format::Targets if !key.ends_with(".json") => Some(Shape::Targets),
        Format::RelabelRules => Some(Shape::RelabelRules),
        // An object inside an object would be read again and again; a single job is no file of anyone.
        Format::Targets | Format::ScrapeConfig | Format::Manifest | Format::Neighbor(_) | Format::Unknown => None,
    }
}

/// What a manifest is that holds no config: named by a text of another program in it, else by its first kind.
pub(super) fn without_config(tree: &Tree, outline: &Outline<'_>) -> Format {
    let mut neighbor = None;
    each_document(tree, &mut |tree, _| {
        let Some(root) = tree.root().filter(|_| neighbor.is_none()) else { return };
        let items = value(root, "items").into_iter().flat_map(Node::items);
        neighbor = std::iter::once(root).chain(items).find_map(neighbor_in);
    });
    let kind = (0..outline.documents()).find_map(|document| outline.value(document, "kind")).unwrap_or("ConfigMap");
    Format::Neighbor(neighbor.unwrap_or_else(|| Neighbor::object("", kind)))
}

/// The file of another program in a ConfigMap or Secret.
fn neighbor_in(object: Node<'_>) -> Option<Neighbor> {
    let kind = value(object, "kind").map(Node::value).filter(|kind| matches!(*kind, "ConfigMap" | "Secret"))?;
    let data = value(object, "data").or_else(|| value(object, "stringData"))?;
    let neighbors = data.entries().filter_map(|(key, text)| match Input::parse(key.value(), text.value()).format {
        Format::Neighbor(neighbor) => Some((!key.value().starts_with("prometheus.y"), neighbor)),
        _ => None,
    });
    // What is under the key of the config is what matters.
    let nearest = neighbors.min_by_key(|(is_other, _)| *is_other);
    nearest.map(|(_, neighbor)| neighbor.inside_object(kind))
}

fn value<'t>(object: Node<'t>, key: &str) -> Option<Node<'t>> {
    let found = object.entries().find(|(name, _)| name.value() == key).map(|(_, value)| value);
    found.filter(|value| value.kind() != NodeKind::Alias)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Location, Sources};

    fn keys(text: &str) -> Vec<String> {
        parts_of(&Tree::parse(text)).iter().filter_map(|part| part.key().map(str::to_string)).collect()
    }

    #[test]
    fn a_file_of_many_documents_is_read_once() {
        let document = "---\nkind: ConfigMap\ndata:\n  a: |\n    scrape_configs: []\n";
        assert_eq!(keys(&document.repeat(20_000)).len(), 20_000);
    }

    #[test]
    fn configs_lists_and_target_groups_are_parts_and_other_texts_are_not() {
        let text = "kind: ConfigMap\ndata:\n  p.yml: |\n    scrape_configs: []\n  jobs.yml: |\n    - job_name: a\n  t.yml: |\n    - targets: [h]\n  note: |\n    none\n  rules.yml: |\n    groups: []\n";
        assert_eq!(keys(text), ["p.yml", "jobs.yml", "t.yml"]);
        let empty = "kind: Secret\nstringData:\n  jobs.yaml: |\n    # none\n    []\n  other: '[]'\n  list.json: '[]'\n";
        assert_eq!(keys(empty), ["jobs.yaml"]);
    }

    #[test]
    fn secrets_have_texts_and_base64() {
        let text = "kind: Secret\nstringData:\n  a.yml: |\n    scrape_configs: []\ndata:\n  b.yml: c2NyYXBlX2NvbmZpZ3M6IFtdCg==\n  c: eA==\n";
        assert_eq!(keys(text), ["a.yml", "b.yml"]);
        assert_eq!(keys(&text.replace("kind: Secret", "metadata: {name: x}")), ["a.yml", "b.yml"]);
        assert_eq!(keys(&text.replace("Secret", "Service")), Vec::<String>::new());
    }

    #[test]
    fn texts_of_every_document_know_their_place_in_the_file() {
        let file = "kind: Service\n---\nkind: ConfigMap\ndata:\n  a.yml: |\n    scrape_configs: []\n  b: 'no'\n---\nkind: List\nitems:\n- kind: ConfigMap\n  data:\n    c.yml: |-\n      scrape_configs: []\n";
        let mut sources = Sources::new();
        let outer = sources.add("cm.yml", file);
        let places: Vec<String> = parts_of(&Tree::parse(file))
            .iter()
            .map(|part| {
                let inner = part.add_to(&mut sources, outer);
                sources.describe(Location::new(inner, Span::new(16, 18)))
            })
            .collect();
        assert_eq!(places, ["cm.yml:6:21", "cm.yml:14:23"]);
    }
}
