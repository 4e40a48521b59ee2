//! The secrets of lines where a tree shows more exactly where a value ends: what follows it is open, but for comments.

use std::ops::Range;

/// The ranges of lines, each cut at the end of the value that begins it. `exact` has the values of a tree, in any order; a
/// range that begins with none of them stays as it is.
pub(super) fn narrowed(text: &str, lines: Vec<Range<usize>>, exact: Vec<Range<usize>>) -> Vec<Range<usize>> {
    if lines.is_empty() || exact.is_empty() {
        return lines;
    }
    let exact = super::merged(exact);
    let mut narrow = Vec::with_capacity(lines.len());
    for range in lines {
        let shown = text.get(range.clone()).unwrap_or("");
        let start = range.start + shown.len() - shown.trim_start().len();
        let after = exact.partition_point(|value| value.start <= start);
        match after.checked_sub(1).and_then(|last| exact.get(last)).filter(|value| start < value.end) {
            Some(value) => {
                let mut end = value.end;
                for comment in comments(text, value.end..range.end) {
                    // With only blanks before it, it is one with what is hidden there.
                    let is_next = text.get(end..comment.start).is_some_and(|between| between.trim().is_empty());
                    narrow.push(if is_next { end..comment.end } else { comment.clone() });
                    end = comment.end;
                }
                narrow.push(range.start..value.end);
            }
            None => narrow.push(range),
        }
    }
    narrow
}

/// What may be a comment in a part of a text: an old value is often kept in one.
fn comments(text: &str, part: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut line_start = part.start;
    for line in text.get(part).unwrap_or("").split_inclusive(['\n', '\r']) {
        let content = line.trim_end();
        let begins = |at: &usize| content[..*at].chars().next_back().is_none_or(char::is_whitespace);
        if let Some(at) = memchr::memchr_iter(b'#', content.as_bytes()).find(begins) {
            found.push(line_start + at..line_start + content.len());
        }
        line_start += line.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::secrets::Secrets;

    fn shown(text: &str) -> String {
        let secrets = Secrets::find(text);
        text.lines()
            .map(|line| {
                let start = line.as_ptr() as usize - text.as_ptr() as usize;
                secrets.masked(text, start..start + line.len()) + "\n"
            })
            .collect()
    }

    #[test]
    fn what_follows_a_secret_on_its_line_is_open() {
        assert_eq!(shown("a: {api_key: hunter2}\n"), "a: {api_key: <secret>}\n");
        assert_eq!(shown("a: {token: 'hunter2', env: prod}\n"), "a: {token: <secret>, env: prod}\n");
        assert_eq!(shown("a: ['http://h/x?token=hunter2', b]\n"), "a: ['http://h/x?token=<secret>', b]\n");
        assert_eq!(shown("a: {\"token\": [x1, y2], b: c}\n"), "a: {\"token\": <secret>, b: c}\n");
        let block = "kind: ConfigMap\ndata:\n  p.yml: |\n    scrape_configs:\n    - a: {token: hunter2, b: c}\n";
        assert_eq!(shown(block), block.replace("hunter2", "<secret>"));
    }

    #[test]
    fn comments_after_a_secret_are_hidden() {
        assert_eq!(shown("a: {token: x1, b: c} # was hunter2\n"), "a: {token: <secret>, b: c} <secret>\n");
        assert_eq!(shown("a:\n  token: x1 # was hunter2\n  b: c\n"), "a:\n  token: <secret>\n  b: c\n");
    }

    #[test]
    fn of_a_text_that_cannot_be_read_the_rest_of_the_line_is_hidden() {
        assert_eq!(shown("a: {api_key: hunter2, b: c\n"), "a: {api_key: <secret>\n");
    }
}
