//! Labels of targets as they may be shown. The value of a label whose name is one of secrets is hidden, also where it
//! comes to another label or to the URL.
//!
//! Patterns of relabel rules are not secret: they are written openly in a config, and a message without them says nothing.

use std::borrow::Cow;
use std::cell::RefCell;

use super::keys::{KeyKind, Keys};
use super::{MASK, masked_value};

/// The values of a target that are shown as `<secret>`.
///
/// ```
/// use promcfg::report::TargetSecrets;
/// let discovered = [("__address__", "h:1"), ("token", "hunter2")];
/// let secrets = TargetSecrets::of(discovered, [("copy", "hunter2")]);
/// assert_eq!(secrets.label("token", "hunter2"), "<secret>");
/// assert_eq!(secrets.label("copy", "hunter2"), "<secret>");
/// assert_eq!(secrets.label("env", "prod"), "prod");
/// assert_eq!(secrets.text("http://h:1/hunter2/x"), "http://h:1/<secret>/x");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetSecrets {
    /// The longest come first.
    values: Vec<String>,
}

impl TargetSecrets {
    /// A shorter value is hidden under its own name only.
    const SHORTEST: usize = 3;
    /// A shorter value is not looked for inside of others.
    const SHORTEST_PART: usize = 6;

    /// Those of a target with these labels before all rules, and `others` after them. A value that the target also has
    /// under an open name before all rules is open.
    pub fn of<'l>(
        discovered: impl IntoIterator<Item = (&'l str, &'l str)>,
        others: impl IntoIterator<Item = (&'l str, &'l str)>,
    ) -> Self {
        let (mut secret, mut open): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        for (name, value) in discovered {
            if is_secret_name(name) { secret.push(value) } else { open.push(value) }
        }
        secret.extend(others.into_iter().filter(|(name, _)| is_secret_name(name)).map(|(_, value)| value));
        secret.retain(|value| value.len() >= Self::SHORTEST && !says_nothing(value) && !open.contains(value));
        secret.sort_unstable_by_key(|value| std::cmp::Reverse((value.len(), *value)));
        secret.dedup();
        Self { values: secret.into_iter().map(ToString::to_string).collect() }
    }

    /// The value of a label.
    #[must_use]
    pub fn label<'v>(&self, name: &str, value: &'v str) -> Cow<'v, str> {
        match masked_label(name, value) {
            Cow::Borrowed(value) => self.text(value),
            hidden => hidden,
        }
    }

    /// A text that may have such a value in it, such as a URL.
    #[must_use]
    pub fn text<'v>(&self, text: &'v str) -> Cow<'v, str> {
        let mut shown = masked_value(text);
        for value in &self.values {
            if *shown == **value {
                return MASK.into();
            }
            if value.len() >= Self::SHORTEST_PART && shown.contains(value.as_str()) {
                shown = Cow::Owned(shown.replace(value.as_str(), MASK));
            }
        }
        shown
    }
}

/// The value of a label alone, as it may be shown.
///
/// ```
/// use promcfg::report::masked_label;
/// assert_eq!(masked_label("api_key", "hunter2"), "<secret>");
/// assert_eq!(masked_label("link", "http://me:hunter2@h/"), "http://me:<secret>@h/");
/// assert_eq!(masked_label("env", "prod"), "prod");
/// ```
#[must_use]
pub fn masked_label<'v>(name: &str, value: &'v str) -> Cow<'v, str> {
    if !says_nothing(value) && is_secret_name(name) { MASK.into() } else { masked_value(value) }
}

/// Whether a label of that name has a secret value: by the names of keys in files, so that both hide the same.
pub(super) fn is_secret_name(name: &str) -> bool {
    thread_local!(static NAMES: RefCell<Keys> = RefCell::default());
    NAMES.with(|names| {
        let mut names = names.borrow_mut();
        let kind = names.kind_of(name);
        let remembered = names.remembered();
        *names = remembered;
        match kind {
            KeyKind::Secret | KeyKind::Likely | KeyKind::Section | KeyKind::Sections => true,
            KeyKind::Known | KeyKind::Other => false,
        }
    })
}

/// Whether a value is empty, null or a truth value.
pub(super) fn says_nothing(value: &str) -> bool {
    matches!(value, "" | "~" | "null" | "true" | "false")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_is_open_elsewhere_or_says_nothing_is_shown() {
        let discovered = [("token", "prod"), ("env", "prod"), ("has_secret", "true"), ("pw", "ab")];
        let secrets = TargetSecrets::of(discovered, []);
        assert_eq!(secrets.label("token", "prod"), "<secret>");
        assert_eq!(secrets.label("env", "prod"), "prod");
        assert_eq!(secrets.label("has_secret", "true"), "true");
        assert_eq!(secrets.label("other", "ab"), "ab");
    }

    #[test]
    fn names_about_a_secret_that_do_not_hold_it_are_open() {
        for name in ["secret_name", "token_url", "password_file", "team", "key_id"] {
            assert_eq!(masked_label(name, "hunter2"), "hunter2", "{name}");
        }
        for name in ["__param_token", "password", "__meta_consul_metadata_api_key", "key", "authorization"] {
            assert_eq!(masked_label(name, "hunter2"), "<secret>", "{name}");
        }
    }

    #[test]
    fn a_short_value_is_hidden_as_a_whole_only() {
        let secrets = TargetSecrets::of([("token", "abc")], []);
        assert_eq!((secrets.text("abc"), secrets.text("abcd")), ("<secret>".into(), "abcd".into()));
    }
}
