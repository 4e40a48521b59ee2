//! Names of meta labels, also misspelled ones.

use crate::discovery::discovery_roles;

/// The prefix of meta labels.
pub(crate) const META: &str = "__meta_";

/// The name as a meta label may have it, if it is that of one or must be meant so: `_` stands for what
/// meta labels cannot have, and two of them before `meta_`.
pub(crate) fn meta_name(name: &str) -> Option<String> {
    if !may_be_meta(name) {
        return None;
    }
    let word = |c: char| if c == '_' || c.is_ascii_alphanumeric() { c } else { '_' };
    let words: String = name.chars().map(word).collect();
    let meta = format!("__{}", words.trim_start_matches('_'));
    let is_known = || discovery_roles().iter().flat_map(|role| &role.labels).any(|label| label.covers(&meta));
    let is_meant = name.starts_with(META) || (meta.starts_with(META) && is_known());
    is_meant.then_some(meta)
}

/// Whether [`meta_name`] gives a name.
pub(crate) fn is_meta_name(name: &str) -> bool {
    name.starts_with(META) && may_be_meta(name) || meta_name(name).is_some()
}

/// Whether a name may be that of a meta label, or be meant so.
pub(super) fn may_be_meta(name: &str) -> bool {
    let begins = |rest: &[u8]| rest.starts_with(b"meta");
    let bytes = name.as_bytes();
    let first = bytes.iter().position(u8::is_ascii_alphanumeric);
    first.is_some_and(|first| begins(&bytes[first..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_mended_to_that_of_a_meta_label() {
        assert_eq!(meta_name("_meta_consul_dc").as_deref(), Some("__meta_consul_dc"));
        assert_eq!(meta_name("__meta.consul_dc").as_deref(), Some("__meta_consul_dc"));
        let raw = meta_name("__meta_kubernetes_pod_label_app.kubernetes.io/name");
        assert_eq!(raw.as_deref(), Some("__meta_kubernetes_pod_label_app_kubernetes_io_name"));
        assert_eq!(meta_name("__meta_own").as_deref(), Some("__meta_own"));
        assert_eq!((meta_name("meta_data"), meta_name("__address__")), (None, None));
    }
}
