//! The files that a config names and that are missing, in folders that exist.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{MarkedField, join_to_folder_of};
use crate::files::Files;
use crate::text::{Location, Placeholder, Sources};

/// The places of the paths without a file. A path in a folder that does not exist is not reported: secrets are often
/// only where Prometheus runs.
pub(super) fn missing_files(fields: &[MarkedField], sources: &Sources, files: &dyn Files) -> FxHashSet<Location> {
    let mut folders = FxHashMap::default();
    let mut missing = FxHashSet::default();
    for field in fields {
        let owner = sources.name(field.file);
        let is_from_elsewhere =
            owner.starts_with('<') || sources.outermost(Location::new(field.file, field.field.key)).file != field.file;
        for path in field.paths.iter().filter(|path| !path.value.is_empty() && !is_from_elsewhere) {
            let is_open = names_patterns(field) || !has_wildcard(&path.value);
            let joined = join_to_folder_of(owner, &path.value);
            if is_open && Placeholder::find(&path.value).is_none() && is_missing(&joined, files, &mut folders) {
                missing.insert(Location::new(field.file, path.span));
            }
        }
    }
    missing
}

/// Whether the paths of a field may have wildcards.
pub(super) fn names_patterns(field: &MarkedField) -> bool {
    field.field.name.ends_with("_files")
}

fn has_wildcard(path: &str) -> bool {
    path.contains(['*', '?', '[', '\\'])
}

fn is_missing(path: &str, files: &dyn Files, folders: &mut FxHashMap<String, bool>) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let fixed =
        folder.find(['*', '?', '[', '\\']).map_or(folder, |at| folder[..at].rsplit_once('/').map_or("", |(f, _)| f));
    // The root folder exists everywhere.
    let entries = match fixed {
        "" if path.starts_with('/') => return false,
        "" => "*".to_string(),
        folder => format!("{folder}/*"),
    };
    let has_entries = |pattern: &str| files.glob(pattern).is_ok_and(|found| !found.is_empty());
    let exists = match folders.get(&entries) {
        Some(exists) => *exists,
        None => *folders.entry(entries.clone()).or_insert(has_entries(&entries)),
    };
    exists && files.glob(path).is_ok_and(|found| found.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::files::MemoryFiles;
    use crate::lint::lint_config;
    use crate::options::Options;
    use crate::text::Sources;
    use crate::yaml::Tree;

    /// The messages about files of a config in the folder `conf`.
    fn found(text: &str) -> Vec<String> {
        let paths = ["conf/prometheus.yml", "conf/rules/a.yml", "/etc/tls/ca.pem", "/etc/tls/key.pem"];
        let files: MemoryFiles = paths.into_iter().map(|path| (path, "")).collect();
        let mut sources = Sources::new();
        let findings = lint_config(&mut sources, "conf/prometheus.yml", &Tree::parse(text), &Options::new(&files));
        let of_files = findings.into_iter().filter(|finding| finding.id == "missing-file");
        of_files.map(|finding| finding.message).collect()
    }

    fn of_job(fields: &str) -> Vec<String> {
        found(&format!("scrape_configs: [{{job_name: a, static_configs: [{{targets: ['h:1']}}], {fields}}}]"))
    }

    #[test]
    fn a_missing_file_is_reported_in_a_folder_that_exists() {
        assert_eq!(found("rule_files: [rules/a.yml, rules/b.yml]"), [r#"the file "rules/b.yml" does not exist"#]);
        assert_eq!(found("rule_files: ['rules/*.yml', 'rules/*.rules']"), [r#"no file matches "rules/*.rules""#]);
        assert_eq!(
            of_job("tls_config: {ca_file: /etc/tls/ca.pem, cert_file: /etc/tls/cert.pem, key_file: key.pem}"),
            [r#"the file "/etc/tls/cert.pem" does not exist"#, r#"the file "key.pem" does not exist"#]
        );
        assert_eq!(of_job("basic_auth: {username: a, password_file: pw}"), [r#"the file "pw" does not exist"#]);
    }

    #[test]
    fn nothing_is_reported_of_a_folder_that_does_not_exist() {
        for fields in [
            "authorization: {credentials_file: /run/secrets/token}",
            "authorization: {credentials_file: /token}",
            "tls_config: {ca_file: secrets/ca.pem}",
            "tls_config: {ca_file: '${CA}'}",
            "scrape_failure_log_file: failures.log",
        ] {
            assert_eq!(of_job(fields), Vec::<String>::new(), "{fields}");
        }
        let text = "rule_files: [b.yml]";
        let mut sources = Sources::new();
        assert!(lint_config(&mut sources, "p.yml", &Tree::parse(text), &Options::default()).is_empty());
    }
}
