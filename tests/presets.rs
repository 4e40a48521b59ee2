//! Runs the examples of the presets, `rules/presets/<name>.md`: each command gives just the output that the document shows,
//! and the job has no finding in any release. `UPDATE=1 cargo test --test tests presets` writes the outputs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use promcfg::edit::{AddJob, JobOptions, Preset};
use promcfg::files::MemoryFiles;
use promcfg::lint::lint_config;
use promcfg::yaml::Tree;
use promcfg::{Document, Options, Release, Sources};

fn document(preset: Preset) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("rules/presets/{preset}.md"))
}

/// The files that a document has, each after a line with its name.
fn files(text: &str) -> Vec<(&str, &str)> {
    let mut files = Vec::new();
    for part in text.split("\nThe file `").skip(1) {
        let (name, rest) = part.split_once('`').expect("has a name");
        let block = rest.split_once("\n```").expect("has a block").1;
        let content = block.split_once('\n').expect("has lines").1;
        files.push((name, content.split_once("```").expect("is closed").0));
    }
    files
}

fn run(folder: &Path, words: &str) -> (bool, String) {
    let tool = assert_cmd::cargo::cargo_bin!("promcfg");
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{} {words}", tool.display())]);
    command.current_dir(folder).env_clear().env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    let output = command.output().expect("the shell runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("is text");
    (output.status.success(), text(output.stdout) + &text(output.stderr))
}

#[test]
fn each_preset_does_what_its_document_shows() {
    let (is_update, mut faults) = (std::env::var_os("UPDATE").is_some(), Vec::new());
    for preset in Preset::ALL {
        let text = fs::read_to_string(document(preset)).expect("can be read");
        let (before, rest) = text.split_once("```console\n").expect("has commands");
        let (console, after) = rest.split_once("```").expect("is closed");
        let folder = tempfile::tempdir().expect("a folder can be made");
        fs::write(folder.path().join("prometheus.yml"), "").expect("can be written");
        for (name, content) in files(&text) {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("has a folder")).expect("can be made");
            fs::write(path, content).expect("can be written");
        }
        let mut outputs = String::new();
        for line in console.lines().filter_map(|line| line.strip_prefix("$ promcfg ")) {
            let (is_done, output) = run(folder.path(), line);
            assert!(is_done, "{preset}: {line}\n{output}");
            outputs.push_str(&format!("$ promcfg {line}\n{output}"));
        }
        if outputs != console && is_update {
            fs::write(document(preset), format!("{before}```console\n{outputs}```{after}")).expect("can be written");
        } else if outputs != console {
            faults.push(format!("{preset}:\n{outputs}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn each_document_has_its_parts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/presets");
    assert_eq!(fs::read_dir(folder).expect("can be listed").count(), Preset::ALL.len());
    let (_, listed) = run(Path::new("."), "presets");
    for preset in Preset::ALL {
        let text = preset.document();
        assert!(text.starts_with(&format!("# {preset}\n\n{}\n", preset.summary())), "{text}");
        assert!(listed.contains(&format!("  {preset} ")) && listed.contains(preset.summary()), "{listed}");
        let (is_done, shown) = run(Path::new("."), &format!("presets {preset}"));
        assert!(is_done && shown == text, "{shown}");
        // A line for each rule, and each rule is dropped or kept by something in the example.
        let rules =
            preset.template().split_once("relabel_configs:").map_or(0, |(_, rules)| rules.matches("\n  - ").count());
        let table = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| rule"));
        let explained = table.map(|line| {
            let numbers: Vec<usize> = line
                .split('|')
                .nth(1)
                .unwrap_or("")
                .trim()
                .split('–')
                .map(|number| number.parse().expect("is a number"))
                .collect();
            numbers[numbers.len() - 1] + 1 - numbers[0]
        });
        assert_eq!(explained.sum::<usize>(), rules, "{preset}");
    }
    let (is_done, shown) = run(Path::new("."), "presets --format json");
    assert!(is_done && shown.matches("\"job\":").count() == Preset::ALL.len(), "{shown}");
    let (is_done, shown) = run(Path::new("."), "presets kubernetes-pod");
    assert!(!is_done && shown.contains("did you mean kubernetes-pods?"), "{shown}");
}

#[test]
fn the_job_of_each_preset_has_no_finding_in_any_release() {
    let mut files = MemoryFiles::new();
    files.insert("targets/a.json", "[]");
    files.insert("targets/a.yml", "[]");
    for preset in Preset::ALL {
        for release in Release::known().filter(|release| *release >= "2.42.0".parse().expect("is a release")) {
            let options = Options::new(&files).with_release(release);
            let request = AddJob {
                name: "new".to_string(),
                preset,
                targets: Vec::new(),
                options: JobOptions::default(),
                after: None,
            };
            let change = Document::new("p.yml", "", &options).add_job(&request).expect("can be added");
            let tree = Tree::parse(change.files[0].after());
            let findings = lint_config(&mut Sources::new(), "p.yml", &tree, &options);
            let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
            assert!(messages.is_empty(), "{preset}, {release:?}: {messages:?}");
        }
    }
}
