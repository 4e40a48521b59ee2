//! Comments before and after an edit: all are there, each at what it is about.

use crate::text::{Edits, Span};
use crate::yaml::Tree;

use super::place::{content_end, line_start, next_line};

/// A comment, and the byte that it is about: what stands before it in its line, or what stands in
/// its column in the line below it.
struct Comment {
    span: Span,
    about: Option<usize>,
}

/// Whether each comment of `old` stands in `new`, at the same thing; those in `moved` in new text. If
/// not, the first that does not.
pub(super) fn comments_stay(old: &Tree, new: &Tree, edits: &Edits, moved: &[Span]) -> Result<(), Span> {
    let origins = edits.origins();
    let (written, after): (Vec<Comment>, Vec<Comment>) =
        comments(new).into_iter().partition(|comment| origins.old(comment.span.start as usize).is_none());
    let mut written = written.iter();
    for span in moved {
        written.next().filter(|comment| comment.span.of(new.text()) == span.of(old.text())).ok_or(*span)?;
    }
    let mut left = after.iter();
    for comment in comments(old).iter().filter(|comment| !moved.contains(&comment.span)) {
        let stays = left.next().is_some_and(|other| {
            comment.span.of(old.text()) == other.span.of(new.text())
                && origins.old(other.span.start as usize) == Some(comment.span.start as usize)
                && comment.about == other.about.and_then(|about| origins.old(about))
        });
        if !stays {
            return Err(comment.span);
        }
    }
    Ok(())
}

/// The comments of a text.
fn comments(tree: &Tree) -> Vec<Comment> {
    let text: &str = tree.text();
    let spans = crate::yaml::comments(tree).into_iter();
    spans.map(|span| Comment { span, about: about(text, span.start as usize) }).collect()
}

fn about(text: &str, comment: usize) -> Option<usize> {
    let line = line_start(text, comment);
    let before = text[line..comment].trim_end_matches([' ', '\t', ',']);
    if let Some((at, _)) = before.char_indices().last() {
        return Some(line + at);
    }
    let column = comment - line;
    let mut next = next_line(text, comment);
    while next < text.len() {
        let content = &text[next..content_end(text, next)];
        let indent = content.len() - content.trim_start_matches(' ').len();
        if indent != column || content.len() == indent {
            return None;
        }
        if !content[indent..].starts_with('#') {
            return Some(next + indent);
        }
        next = next_line(text, next);
    }
    None
}
