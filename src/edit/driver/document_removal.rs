//! Which bytes go with a document of several.

use crate::text::{Span, line_start, next_line};

use super::super::objects::Document;

/// The bytes of the document that begins at `offset`, one of those that go: its lines, and one of the lines that part it from
/// the others. `None` if no other document has content.
pub(super) fn removal_of(text: &str, documents: &[Document], offset: usize, gone: &[usize]) -> Option<Span> {
    let has_content = |document: &&Document| {
        let root = document.tree.root().filter(|root| !root.full_span().is_empty());
        !gone.contains(&document.offset) && root.is_some()
    };
    documents.iter().find(has_content)?;
    let own = documents.iter().find(|document| document.offset == offset)?;
    let next = documents.iter().map(|document| document.offset).find(|other| *other > offset);
    if offset > 0 {
        return Some(Span::new(offset, next.unwrap_or(text.len())));
    }
    let next = next?;
    let content = line_start(text, own.tree.root()?.full_span().start as usize);
    if let Some(start) = last_line(text, content, |line| line.starts_with("---")) {
        return Some(Span::new(start, next));
    }
    // A comment above the first object is about the file.
    let header = content;
    let separator = &text[next..next_line(text, next)];
    let is_plain = separator.trim_end() == "---" && !gone.contains(&next);
    Some(Span::new(header, if is_plain { next_line(text, next) } else { next }))
}

/// The start of the last line before `end` that is as wanted.
fn last_line(text: &str, end: usize, is_wanted: impl Fn(&str) -> bool) -> Option<usize> {
    let (mut at, mut found) = (0, None);
    while at < end {
        let next = next_line(text, at);
        if is_wanted(&text[at..next]) {
            found = Some(at);
        }
        at = next;
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::input::documents;
    use crate::yaml::Tree;

    fn without(text: &str, number: usize) -> Option<String> {
        let mut all = Vec::new();
        documents(&Tree::parse(text), &mut |tree, offset| all.push(Document { offset, tree: tree.clone() }));
        let offset = all[number].offset;
        removal_of(text, &all, offset, &[offset])
            .map(|span| format!("{}{}", &text[..span.start as usize], &text[span.end as usize..]))
    }

    #[test]
    fn a_document_goes_with_one_line_that_parts_it() {
        let text = "a: 1\n---\n# b\nb: 1\n---\nc: 1\n";
        assert_eq!(without(text, 0).as_deref(), Some("# b\nb: 1\n---\nc: 1\n"));
        assert_eq!(without(text, 1).as_deref(), Some("a: 1\n---\nc: 1\n"));
        assert_eq!(without(text, 2).as_deref(), Some("a: 1\n---\n# b\nb: 1\n"));
        assert_eq!(without("---\na: 1\n---\nb: 1\n", 0).as_deref(), Some("---\nb: 1\n"));
        assert_eq!(without("a: 1\n", 0), None);
        assert_eq!(without("a: 1\n---\n# none\n", 0), None);
    }

    #[test]
    fn a_comment_about_the_file_stays() {
        assert_eq!(without("# file\n\n# a\na: 1\n---\nb: 1\n", 0).as_deref(), Some("# file\n\n# a\nb: 1\n"));
        assert_eq!(without("# file\na: 1\n---\nb: 1\n", 0).as_deref(), Some("# file\nb: 1\n"));
        assert_eq!(without("# file\n---\na: 1\n---\nb: 1\n", 0).as_deref(), Some("# file\n---\nb: 1\n"));
        assert_eq!(without("a: 1\n--- # two\nb: 1\n", 0).as_deref(), Some("--- # two\nb: 1\n"));
    }
}
