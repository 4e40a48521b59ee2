//! How text is drawn: with or without colors, with or without signs beyond ASCII, how wide.

/// How text for people is drawn.
///
/// ```
/// let look = promcfg::report::Look::default(); // plain, as for a pipe
/// assert_eq!(look.good("kept"), "kept");
/// assert_eq!(look.arrow(), "->");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// With colors.
    pub color: bool,
    /// With box drawing and other signs beyond ASCII.
    pub unicode: bool,
    /// Columns to wrap at; `None` does not wrap.
    pub width: Option<usize>,
}

impl Look {
    /// What went well.
    #[must_use]
    pub fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// What was lost or is wrong.
    #[must_use]
    pub fn bad(self, text: &str) -> String {
        self.paint("31", text)
    }

    /// What deserves a look.
    #[must_use]
    pub fn warn(self, text: &str) -> String {
        self.paint("33", text)
    }

    /// Names to find one's way by.
    #[must_use]
    pub fn name(self, text: &str) -> String {
        self.paint("36", text)
    }

    /// Headings.
    #[must_use]
    pub fn strong(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// What may be skipped.
    #[must_use]
    pub fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// An arrow from before to after.
    #[must_use]
    pub fn arrow(self) -> &'static str {
        if self.unicode { "→" } else { "->" }
    }

    /// The sign of a kept target.
    #[must_use]
    pub fn kept_sign(self) -> &'static str {
        if self.unicode { "✓" } else { "+" }
    }

    /// The sign of a dropped target.
    #[must_use]
    pub fn dropped_sign(self) -> &'static str {
        if self.unicode { "✗" } else { "-" }
    }

    /// Between parts of a line.
    #[must_use]
    pub fn dot(self) -> &'static str {
        if self.unicode { " · " } else { ", " }
    }

    /// Joins painted parts with `gap`, going to a new line (after `indent` spaces) where the width
    /// would be exceeded. Each part comes with its width in columns.
    #[must_use]
    pub fn flow(self, parts: &[(usize, String)], indent: usize, gap: usize) -> String {
        let width = self.width.unwrap_or(usize::MAX);
        let mut text = " ".repeat(indent);
        let mut column = indent;
        for (index, (part_width, part)) in parts.iter().enumerate() {
            if index > 0 && column.saturating_add(gap).saturating_add(*part_width) > width {
                text.push('\n');
                text.push_str(&" ".repeat(indent));
                column = indent;
            } else if index > 0 {
                text.push_str(&" ".repeat(gap));
                column += gap;
            }
            text.push_str(part);
            column += part_width;
        }
        text
    }

    fn paint(self, codes: &str, text: &str) -> String {
        if self.color && !text.is_empty() { format!("\x1b[{codes}m{text}\x1b[0m") } else { text.to_string() }
    }
}

/// Columns a text takes on a terminal, near enough for alignment: one a character.
pub(super) fn width_of(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_flow_into_the_next_line_at_the_width() {
        let parts: Vec<_> = ["aaaa", "bbbb", "cccc"].iter().map(|part| (4, part.to_string())).collect();
        let narrow = Look { width: Some(14), ..Look::default() };
        assert_eq!(narrow.flow(&parts, 4, 2), "    aaaa  bbbb\n    cccc");
        assert_eq!(Look::default().flow(&parts, 0, 1), "aaaa bbbb cccc");
    }

    #[test]
    fn without_colors_there_are_no_codes() {
        assert_eq!(Look { color: true, ..Look::default() }.bad("x"), "\u{1b}[31mx\u{1b}[0m");
        assert_eq!(Look::default().bad("x"), "x");
    }
}
