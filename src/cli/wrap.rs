//! Text in lines that are no wider than the terminal.

use unicode_width::UnicodeWidthStr;

/// Columns that a text has on a terminal.
pub(super) fn width_of(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The lines of `text`, broken at blanks: the first one begins at the column `first`, the others at `hang`.
/// A word that is wider than a line stays whole.
pub(super) fn wrap(text: &str, width: Option<usize>, first: usize, hang: usize) -> Vec<String> {
    let Some(width) = width else { return vec![text.to_string()] };
    let (mut lines, mut line, mut column) = (Vec::new(), String::new(), first);
    for word in text.split(' ') {
        let (gap, word_width) = (usize::from(!line.is_empty()), width_of(word));
        if column + gap + word_width > width && (gap > 0 || column > hang) {
            lines.push(std::mem::take(&mut line));
            column = hang;
        } else if gap > 0 {
            line.push(' ');
            column += gap;
        }
        line.push_str(word);
        column += word_width;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_blanks_and_words_stay_whole() {
        assert_eq!(wrap("aaa bbb ccc", Some(9), 2, 4), ["aaa bbb", "ccc"]);
        assert_eq!(wrap("aaa bbb ccc", None, 2, 4), ["aaa bbb ccc"]);
        assert_eq!(wrap("a cccccccccccc d", Some(8), 0, 2), ["a", "cccccccccccc", "d"]);
    }

    #[test]
    fn a_first_word_without_room_beside_the_heading_begins_the_next_line() {
        assert_eq!(wrap("cccccc d", Some(10), 8, 2), ["", "cccccc d"]);
        assert_eq!(wrap("cccccccccccc", Some(10), 2, 2), ["cccccccccccc"]);
    }

    #[test]
    fn wide_characters_have_two_columns() {
        assert_eq!(wrap("大大 大大 a", Some(9), 0, 0), ["大大 大大", "a"]);
    }
}
