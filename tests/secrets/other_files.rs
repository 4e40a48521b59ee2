//! Of files that are not recognized as what they should be, only the place and the reason are shown.

use std::fs;
use std::path::Path;

use super::{MARKER, PART, run};

/// Files of a machine that a config could name.
fn others() -> Vec<String> {
    vec![
        format!("root:x:0:0:{MARKER}:/root:/bin/bash\n{MARKER}:x:1:1::/:/bin/sh\n"),
        format!("PATH=/bin\0{MARKER}=1\0HOME={MARKER}\0"),
        format!("{MARKER}\n"),
        format!("{{\"{MARKER}\": \"{MARKER}\"}}\n"),
        format!("[{MARKER}]\nx = \"{MARKER}\"\n"),
        format!("a: [{MARKER}\n"),
        format!("- {MARKER}\n- {MARKER}: {MARKER}\n"),
        format!("a: *{MARKER}\n"),
        format!("{MARKER}: 1\n{MARKER}: 2\n"),
        format!("\"{MARKER}"),
        format!("services: {{a: {{image: {MARKER}, build: {MARKER}}}}}\n"),
        format!("x: !!int {MARKER}\n"),
        format!("[\"{MARKER}\", 1]\n"),
    ]
}

fn shows_nothing(folder: &Path, arguments: &[&str], other: &str) {
    let output = run(folder, arguments);
    assert!(!output.contains(PART), "{arguments:?}\n{output}\n---\n{other}");
    assert!(!output.contains("root"), "{arguments:?}\n{output}\n---\n{other}");
}

#[test]
fn files_that_a_config_names_are_not_shown() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let config = "scrape_config_files: [other, other.yml]\nrule_files: [other]\nscrape_configs:\n- job_name: a\n  file_sd_configs: [{files: [other.yml, other.json, other.yaml]}]\n";
    fs::write(folder.path().join("p.yml"), config).expect("the file can be written");
    for other in others() {
        for name in ["other", "other.yml", "other.yaml", "other.json"] {
            fs::write(folder.path().join(name), &other).expect("the file can be written");
        }
        for arguments in [
            &["lint", "p.yml"][..],
            &["lint", "p.yml", "--format", "json"],
            &["lint", "p.yml", "--format", "sarif"],
            &["lint", "p.yml", "--format", "github"],
            &["lint", "p.yml", "--format", "junit"],
            &["simulate", "p.yml"],
            &["simulate", "p.yml", "--format", "json"],
            &["add-label", "p.yml", "a=b", "--all-jobs", "--dry-run"],
            &["add-label", "p.yml", "a=b", "--all-jobs", "--dry-run", "--format", "json"],
        ] {
            shows_nothing(folder.path(), arguments, &other);
        }
    }
}

#[test]
fn files_that_are_named_on_the_command_line_are_not_shown() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let config = "scrape_configs:\n- job_name: a\n  static_configs: [{targets: ['h:1']}]\n";
    fs::write(folder.path().join("p.yml"), config).expect("the file can be written");
    for other in others().into_iter().filter(|other| !other.starts_with('{')) {
        fs::write(folder.path().join("other"), &other).expect("the file can be written");
        for arguments in [
            &["lint", "other"][..],
            &["lint", "other", "--format", "json"],
            &["simulate", "other"],
            &["simulate", "p.yml", "--targets", "other"],
            &["simulate", "p.yml", "--stage", "metric", "--series", "other"],
            &["relabel", "--rules", "other"],
            &["add-label", "other", "a=b", "--all-jobs"],
        ] {
            // That is a page of series.
            let is_series = arguments.contains(&"--series") && other.ends_with("2\n");
            if !is_series {
                shows_nothing(folder.path(), arguments, &other);
            }
        }
    }
}

#[test]
fn other_settings_are_not_shown() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("p.yml"), "scrape_configs: []\n").expect("the file can be written");
    for other in others() {
        fs::write(folder.path().join("promcfg.toml"), &other).expect("the file can be written");
        shows_nothing(folder.path(), &["lint", "p.yml"], &other);
    }
}

#[test]
fn the_place_and_the_reason_are_shown() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("p.yml"), "scrape_config_files: [passwd]\n").expect("the file can be written");
    fs::write(folder.path().join("passwd"), "root:x:0:0:root:/root:/bin/bash\n").expect("the file can be written");
    let output = run(folder.path(), &["lint", "p.yml"]);
    assert!(output.contains("--> passwd:1:1"), "{output}");
    assert!(output.contains("error[wrong-type]: expected a mapping for a file of scrape configs"), "{output}");
}

#[test]
fn a_config_with_mistakes_is_shown() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("p.yml"), "scrape_configs:\n- job_name: a\n  metrics_path: [\n")
        .expect("can be written");
    let output = run(folder.path(), &["lint", "p.yml"]);
    assert!(output.contains("metrics_path: ["), "{output}");
}
