//! Comments before and after an edit: all are there, each at what it is about.

use crate::text::{Edits, Origins, Span, content_end, line_start, next_line};
use crate::yaml::Tree;

/// A comment, and the byte that it is about: what stands before it in its line, or what stands in
/// its column in the line below it.
struct Comment {
    span: Span,
    about: Option<usize>,
}

/// A text with its comments.
pub(super) struct Commented<'t> {
    text: &'t str,
    comments: Vec<Comment>,
}

impl<'t> Commented<'t> {
    pub(super) fn of(tree: &'t Tree) -> Self {
        Self::new(tree.text(), crate::yaml::comments(tree))
    }

    /// With comments at these places.
    pub(super) fn new(text: &'t str, spans: Vec<Span>) -> Self {
        let mut comments: Vec<Comment> = Vec::with_capacity(spans.len());
        // From the last one, so that of comments one below the other each is about what the next is about.
        for span in spans.into_iter().rev() {
            let about = about(text, span.start as usize, comments.last());
            comments.push(Comment { span, about });
        }
        comments.reverse();
        Self { text, comments }
    }
}

/// Whether `new` has each comment of `old`, at the same thing; those in `moved` in new text; those inside of `gone`,
/// which are in the order of the text, nowhere. If not, the first that does not.
pub(super) fn comments_stay(
    old: &Commented<'_>,
    new: &Commented<'_>,
    edits: &Edits,
    moved: &[Span],
    gone: &[Span],
) -> Result<(), Span> {
    let origins = edits.origins();
    let (written, after): (Vec<&Comment>, Vec<&Comment>) =
        new.comments.iter().partition(|comment| origins.old(comment.span.start as usize).is_none());
    let mut written = written.iter();
    for span in moved {
        written.next().filter(|comment| comment.span.of(new.text) == span.of(old.text)).ok_or(*span)?;
    }
    let mut left = after.iter();
    let has_gone = |comment: Span| {
        let before = gone.partition_point(|span| span.start <= comment.start);
        before.checked_sub(1).and_then(|at| gone.get(at)).is_some_and(|span| comment.end <= span.end)
    };
    let stay = |comment: &&Comment| !moved.contains(&comment.span) && !has_gone(comment.span);
    for comment in old.comments.iter().filter(stay) {
        let stays = left.next().is_some_and(|other| {
            comment.span.of(old.text) == other.span.of(new.text)
                && origins.old(other.span.start as usize) == Some(comment.span.start as usize)
                && (comment.about == other.about.and_then(|about| origins.old(about))
                    // It stands behind a key that has got its value.
                    || comment.about.is_some_and(|about| is_behind_key(old.text, about)
                        && Some(about) == before_in_line(new.text, other.span, &origins))
                    // It stands behind a value that is written anew.
                    || comment.about.is_some_and(|about| is_rewritten(edits, about)
                        && kept_before_in_line(old.text, comment.span, edits)
                            == before_in_line(new.text, other.span, &origins))
                    // What it was about is gone: it must not come to stand at something else.
                    || (other.about.is_none() && comment.about.is_some_and(|about| is_gone(edits, about))))
        });
        if !stays {
            return Err(comment.span);
        }
    }
    Ok(())
}

fn is_behind_key(text: &str, about: usize) -> bool {
    text.as_bytes().get(about) == Some(&b':')
}

/// The last byte before a comment, in its line, that stood in the old text and is no blank; where it stood there.
fn before_in_line(new: &str, comment: Span, origins: &Origins) -> Option<usize> {
    let start = comment.start as usize;
    let before = new[line_start(new, start)..start].char_indices().rev();
    let old = before.filter(|(_, c)| !matches!(c, ' ' | '\t'));
    old.map(|(at, _)| line_start(new, start) + at).find_map(|at| origins.old(at))
}

/// The last byte before a comment, in its line, that stays and is no blank.
fn kept_before_in_line(old: &str, comment: Span, edits: &Edits) -> Option<usize> {
    let start = comment.start as usize;
    let line = line_start(old, start);
    let before = old[line..start].char_indices().rev().filter(|(_, c)| !matches!(c, ' ' | '\t'));
    before.map(|(at, _)| line + at).find(|at| !is_gone(edits, *at))
}

fn is_rewritten(edits: &Edits, at: usize) -> bool {
    edits.iter().any(|edit| !edit.text.is_empty() && edit.span.range().contains(&at))
}

fn is_gone(edits: &Edits, at: usize) -> bool {
    edits.iter().any(|edit| (edit.span.start as usize..edit.span.end as usize).contains(&at))
}

/// What a comment is about; `below` is the next one of the text.
fn about(text: &str, comment: usize, below: Option<&Comment>) -> Option<usize> {
    let line = line_start(text, comment);
    let before = text[line..comment].trim_end_matches([' ', '\t', ',']);
    if let Some((at, _)) = before.char_indices().last() {
        return Some(line + at);
    }
    let column = comment - line;
    let next = next_line(text, comment);
    let content = &text[next..content_end(text, next)];
    let indent = content.len() - content.trim_start_matches(' ').len();
    if indent != column || content.len() == indent {
        return None;
    }
    match content[indent..].starts_with('#') {
        true => below.filter(|below| below.span.start as usize == next + indent).and_then(|below| below.about),
        false => Some(next + indent),
    }
}
