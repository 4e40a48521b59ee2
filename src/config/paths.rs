//! Paths in a config are relative to the folder of the file that contains them.

/// `path` joined to the folder of `file`, cleaned as Go's `filepath.Join` does; an absolute or
/// empty path stays as it is.
///
/// Source: `JoinDir` of prometheus/common 0.70 and Go's `path/filepath`, on Unix.
///
/// ```
/// assert_eq!(promcfg::config::join_to_folder_of("conf/prometheus.yml", "targets/*.json"), "conf/targets/*.json");
/// assert_eq!(promcfg::config::join_to_folder_of("prometheus.yml", "./a/../b.yml"), "b.yml");
/// assert_eq!(promcfg::config::join_to_folder_of("prometheus.yml", "/etc/b.yml"), "/etc/b.yml");
/// ```
#[must_use]
pub fn join_to_folder_of(file: &str, path: &str) -> String {
    if path.is_empty() || path.starts_with('/') {
        return path.to_string();
    }
    let folder = file.rfind('/').map_or("", |slash| &file[..=slash]);
    clean(&format!("{folder}{path}"))
}

/// Go's `filepath.Clean`.
fn clean(path: &str) -> String {
    let is_rooted = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if kept.last().is_some_and(|&last| last != "..") => {
                kept.pop();
            }
            ".." if is_rooted => {}
            _ => kept.push(part),
        }
    }
    let joined = kept.join("/");
    match (is_rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_string(),
        (false, false) => joined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_as_go_does() {
        assert_eq!(clean("a//b/./c/../d"), "a/b/d");
        assert_eq!(clean("../../a"), "../../a");
        assert_eq!(clean("a/../.."), "..");
        assert_eq!(clean("/../a"), "/a");
        assert_eq!(clean("./"), ".");
    }

    #[test]
    fn a_path_is_joined_to_the_folder_of_its_file() {
        assert_eq!(join_to_folder_of("prometheus.yml", "t.json"), "t.json");
        assert_eq!(join_to_folder_of("./prometheus.yml", "t.json"), "t.json");
        assert_eq!(join_to_folder_of("/etc/prometheus/prometheus.yml", "../t.json"), "/etc/t.json");
        assert_eq!(join_to_folder_of("/prometheus.yml", "t.json"), "/t.json");
    }
}
