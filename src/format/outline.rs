//! The keys of a text, in their order and depth, read line by line: enough to name what a text is, also
//! where it is not valid YAML.

/// The keys of a text. A list adds no depth: the keys of its items are children of the list's key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outline<'t> {
    keys: Vec<Key<'t>>,
    /// Where the keys are that no other key is around.
    tops: Vec<usize>,
}

/// A key of a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key<'t> {
    /// Mappings around it.
    pub(crate) depth: usize,
    /// Which document of the stream it is in, from 0.
    pub(crate) document: usize,
    /// Whether it is the first key of an item of a list.
    pub(crate) is_item: bool,
    pub(crate) name: &'t str,
    /// What follows on its line, or its text if it is a scalar.
    pub(crate) value: &'t str,
}

/// Keys that are looked at: a format shows itself early, and what a text is named decides only how all of it is read.
const MOST_KEYS: usize = 20_000;
/// Depths that are looked at: no format shows itself deeper.
pub(crate) const MOST_DEPTH: usize = 7;
/// The longest value that is kept.
const LONGEST_VALUE: usize = 200;

impl<'t> Outline<'t> {
    pub(crate) fn push(&mut self, key: Key<'t>) {
        if key.depth == 0 {
            self.tops.push(self.keys.len());
        }
        self.keys.push(key);
    }

    /// Adds the documents of another outline.
    pub(crate) fn append(&mut self, other: Self) {
        let first = self.keys.last().map_or(0, |key| key.document + 1);
        for key in other.keys {
            self.push(Key { document: first + key.document, ..key });
        }
    }

    /// Whether no more keys are wanted.
    pub(crate) fn is_full(&self) -> bool {
        self.keys.len() >= MOST_KEYS
    }

    /// Reads the lines of a text. Indentation is all that counts; block scalars are skipped.
    pub(crate) fn of_lines(text: &'t str) -> Self {
        let mut outline = Self::default();
        // The columns of the keys around the line.
        let mut around: Vec<usize> = Vec::new();
        let (mut document, mut block): (usize, Option<usize>) = (0, None);
        for line in text.lines() {
            if outline.is_full() {
                break;
            }
            if line.starts_with("---") || line.starts_with("...") {
                document += usize::from(!outline.keys.is_empty());
                around.clear();
                block = None;
                continue;
            }
            let content = line.trim_start();
            let column = line.len() - content.len();
            if content.is_empty() || block.is_some_and(|outer| column > outer) {
                continue;
            }
            block = None;
            let Some(found) = key_of(content, column) else { continue };
            if found.value.starts_with(['|', '>']) {
                block = Some(column);
            }
            while around.last().is_some_and(|last| *last >= found.column) {
                around.pop();
            }
            let depth = around.len();
            around.push(found.column);
            if depth < MOST_DEPTH {
                let (name, value) = (found.name, shortened(found.value));
                outline.push(Key { depth, document, is_item: found.is_item, name, value });
            }
        }
        outline
    }

    /// Whether there is no key at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The keys of the first document that no other key is around.
    pub(crate) fn top(&self) -> impl Iterator<Item = &Key<'t>> {
        self.tops_of(0)
    }

    fn tops_of(&self, document: usize) -> impl Iterator<Item = &Key<'t>> {
        let document_of = |index: &usize| self.keys.get(*index).map_or(usize::MAX, |key| key.document);
        let first = self.tops.partition_point(|index| document_of(index) < document);
        let tops = self.tops[first..].iter().filter_map(|index| self.keys.get(*index));
        tops.take_while(move |key| key.document == document)
    }

    /// Whether the first document is a list.
    pub(crate) fn is_list(&self) -> bool {
        self.top().next().is_some_and(|key| key.is_item)
    }

    /// Whether the first document has a key at its top.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.top().any(|key| key.name == name)
    }

    pub(crate) fn has_any(&self, names: &[&str]) -> bool {
        self.top().any(|key| names.contains(&key.name))
    }

    /// The value of a key at the top of a document.
    pub(crate) fn value(&self, document: usize, name: &str) -> Option<&str> {
        self.tops_of(document).find(|key| key.name == name).map(|key| key.value)
    }

    /// How many documents have keys.
    pub(crate) fn documents(&self) -> usize {
        self.keys.last().map_or(0, |key| key.document + 1)
    }

    /// Whether the keys of `path` follow each other from the top, through lists too; `*` is any key.
    pub(crate) fn has_path(&self, path: &[&str]) -> bool {
        let is_first = |index: &usize| self.keys.get(*index).is_some_and(|key| path.first() == Some(&key.name));
        if path.first() != Some(&"*") && !self.tops.iter().any(is_first) {
            return false;
        }
        let mut matched = 0;
        for key in &self.keys {
            matched = matched.min(key.depth);
            if matched == key.depth && path.get(matched).is_some_and(|name| *name == "*" || *name == key.name) {
                matched += 1;
                if matched == path.len() {
                    return true;
                }
            }
        }
        false
    }

    /// The values of all keys of a name, anywhere.
    pub(crate) fn values<'o>(&'o self, name: &'o str) -> impl Iterator<Item = &'o str> {
        self.keys.iter().filter(move |key| key.name == name).map(|key| key.value)
    }

    /// For each item of a list at the top its keys.
    pub(crate) fn items(&self) -> Vec<Vec<&str>> {
        let mut items: Vec<Vec<&str>> = Vec::new();
        for key in self.top() {
            match items.last_mut() {
                Some(item) if !key.is_item => item.push(key.name),
                _ => items.push(vec![key.name]),
            }
        }
        items
    }

    /// Whether one of the keys is anywhere in the text.
    pub(crate) fn has_any_anywhere(&self, names: &[&str]) -> bool {
        self.keys.iter().any(|key| names.contains(&key.name))
    }

    /// Whether a key is anywhere in the text.
    pub(crate) fn has_anywhere(&self, name: &str) -> bool {
        self.keys.iter().any(|key| key.name == name)
    }
}

/// The beginning of a value.
pub(crate) fn shortened(value: &str) -> &str {
    if value.len() <= LONGEST_VALUE {
        return value;
    }
    let end = value.char_indices().nth(LONGEST_VALUE).map_or(value.len(), |(end, _)| end);
    &value[..end]
}

struct Found<'l> {
    name: &'l str,
    value: &'l str,
    column: usize,
    is_item: bool,
}

/// The key of a line: `key: value`, `- key: value`, `"key": value`; also one of Prometheus's own keys that
/// lacks its colon or the blank after it.
fn key_of(content: &str, column: usize) -> Option<Found<'_>> {
    let (mut rest, mut column, mut is_item) = (content, column, false);
    while let Some(after) = rest.strip_prefix('-').filter(|after| after.starts_with([' ', '\t'])) {
        let trimmed = after.trim_start();
        column += rest.len() - trimmed.len();
        (rest, is_item) = (trimmed, true);
    }
    let rest = rest.trim_start_matches(['{', '[', ' ']);
    if rest.starts_with('#') {
        return None;
    }
    if let Some(quote) = rest.chars().next().filter(|first| matches!(first, '"' | '\'')) {
        let end = rest[1..].find(quote)? + 1;
        let value = rest[end + 1..].trim_start().strip_prefix(':')?;
        return Some(Found { name: &rest[1..end], value: value.trim(), column, is_item });
    }
    let end = rest.find(|c: char| !(c.is_alphanumeric() || "_-./".contains(c))).unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    let value = after.strip_prefix(':').map(str::trim);
    let is_near = || OWN.contains(&name) && (after.trim().is_empty() || after.starts_with([' ', '\t']));
    match value {
        Some(value) if !name.is_empty() => Some(Found { name, value: unquoted(value), column, is_item }),
        None if is_near() => Some(Found { name, value: after.trim(), column, is_item }),
        _ => None,
    }
}

/// Keys that are known without their colon.
const OWN: [&str; 5] = ["scrape_configs", "static_configs", "job_name", "relabel_configs", "targets"];

fn unquoted(value: &str) -> &str {
    let comment = value.find(" #").unwrap_or(value.len());
    value[..comment].trim().trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<String> {
        Outline::of_lines(text).keys.iter().map(|key| format!("{}{}", "-".repeat(key.depth), key.name)).collect()
    }

    #[test]
    fn keys_are_known_by_their_columns_and_lists_add_no_depth() {
        let text =
            "scrape_configs:\n- job_name: a # x\n  static_configs:\n    - targets: [h]\n      labels: {}\nglobal:\n";
        assert_eq!(keys(text), ["scrape_configs", "-job_name", "-static_configs", "--targets", "--labels", "global"]);
    }

    #[test]
    fn what_is_no_yaml_has_keys_as_well() {
        assert_eq!(keys("scrape_configs\n\t- job_name: a\n"), ["scrape_configs", "-job_name"]);
        assert_eq!(keys("{\"a\": [\n  {\"targets\": []}]"), ["a", "-targets"]);
        assert_eq!(keys("{{ if x }}\na: 1\n{% for %}\n"), ["a"]);
    }

    #[test]
    fn the_text_of_a_block_scalar_has_none() {
        assert_eq!(keys("data:\n  a: |\n    scrape_configs:\n    x: 1\n  b: 2\n"), ["data", "-a", "-b"]);
    }

    #[test]
    fn paths_go_through_lists() {
        let outline = Outline::of_lines("metrics:\n  configs:\n  - name: a\n    scrape_configs: []\nx: 1\n");
        assert!(outline.has_path(&["metrics", "configs", "scrape_configs"]));
        assert!(outline.has_path(&["metrics", "*", "name"]));
        assert!(!outline.has_path(&["configs"]));
    }
}
