//! The action for GitHub: its script is run as the steps of the action run it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_yaml::Value;
use tempfile::TempDir;

fn action() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/actions/lint")
}

/// A workspace with a good and a bad config, and the tool where the action puts it.
struct Workspace {
    folder: TempDir,
}

/// How a step ended: its status, what it printed, and its outputs.
struct Step {
    status: i32,
    stdout: String,
    outputs: String,
}

impl Workspace {
    fn new() -> Self {
        let workspace = Self { folder: tempfile::tempdir().expect("a folder can be made") };
        for folder in [".git", "good folder", "bad", "tool/bin"] {
            fs::create_dir_all(workspace.path(folder)).expect("the folder can be made");
        }
        let good = "scrape_configs:\n- job_name: web\n---\nignored: 1\n";
        fs::write(workspace.path("good folder/p.yml"), good).expect("can be written");
        fs::write(workspace.path("bad/p.yml"), "scrape_configs:\n- job_nam: web\n").expect("can be written");
        let tool = assert_cmd::cargo::cargo_bin!("promcfg");
        symlink(tool, workspace.path("tool/bin/promcfg")).expect("can be linked");
        workspace
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn step(&self, step: &str, variables: &[(&str, &str)]) -> Step {
        let outputs = self.path("outputs");
        fs::write(&outputs, "").expect("can be written");
        let mut command = Command::new("bash");
        command.arg(action().join("lint.sh")).arg(step).current_dir(self.folder.path());
        command.env("GITHUB_OUTPUT", &outputs).env("PROMCFG_ROOT", self.path("tool"));
        let output = command.envs(variables.iter().copied()).output().expect("bash runs");
        Step {
            status: output.status.code().expect("it ends by itself"),
            stdout: String::from_utf8(output.stdout).expect("is text"),
            outputs: fs::read_to_string(&outputs).expect("can be read"),
        }
    }
}

#[test]
fn findings_are_shown_beside_the_lines_and_fail_the_step() {
    let workspace = Workspace::new();
    let all = workspace.step("lint", &[]);
    assert_eq!((all.status, all.outputs.as_str()), (1, ""));
    let lines: Vec<&str> = all.stdout.lines().map(|line| line.split(",endLine").next().expect("is a line")).collect();
    let expected =
        ["::error file=bad/p.yml,line=2", "::error file=bad/p.yml,line=2", "::warning file=good folder/p.yml,line=3"];
    assert_eq!(lines, expected);
    // Paths stand one a line, and may have blanks in them.
    let good = [("PROMCFG_PATHS", "good folder/p.yml\n\ngood folder\n"), ("PROMCFG_FAIL_ON", "error")];
    assert_eq!(workspace.step("lint", &good).status, 0);
    assert_eq!(workspace.step("lint", &good[..1]).status, 1);
    assert_eq!(workspace.step("lint", &[("PROMCFG_FAIL_ON", "never")]).status, 2);
    assert_eq!(workspace.step("lint", &[("PROMCFG_PATHS", "--help")]).status, 2, "a path is no option");
}

#[test]
fn a_config_leads_to_no_file_outside_the_repository() {
    let workspace = Workspace::new();
    let outside = tempfile::tempdir().expect("a folder can be made");
    let secret = outside.path().join("secret.yml");
    fs::write(&secret, "scrape_configs:\n- job_nam: S3CRET\n").expect("can be written");
    let config = format!("scrape_config_files: [{}]\n", secret.display());
    fs::write(workspace.path("good folder/outside.yml"), config).expect("can be written");
    let step = workspace.step("lint", &[("PROMCFG_PATHS", "good folder/outside.yml")]);
    assert_eq!(step.status, 0, "{}", step.stdout);
    assert!(step.stdout.contains("is outside the root .") && !step.stdout.contains("job_nam"), "{}", step.stdout);
    let named = workspace.step("lint", &[("PROMCFG_PATHS", secret.to_str().expect("is text"))]);
    assert_eq!((named.status, named.stdout.as_str()), (2, ""));
}

#[test]
fn findings_for_code_scanning_are_written_though_the_step_fails() {
    let workspace = Workspace::new();
    let sarif = workspace.path("promcfg.sarif");
    let name = sarif.to_str().expect("is text");
    let step = workspace.step("lint", &[("PROMCFG_SARIF", name)]);
    assert_eq!((step.status, step.outputs), (1, format!("sarif-file={name}\n")));
    let log: serde_json::Value =
        serde_json::from_slice(&fs::read(&sarif).expect("can be read")).expect("is one document");
    assert_eq!(log["runs"][0]["results"].as_array().map(Vec::len), Some(3));
    // Wrong usage leaves nothing to upload.
    let step = workspace.step("lint", &[("PROMCFG_SARIF", name), ("PROMCFG_FAIL_ON", "never")]);
    assert_eq!((step.status, step.outputs.as_str()), (2, ""));
}

#[test]
fn the_tool_is_installed_once_from_the_source_of_the_action_or_from_a_ref() {
    let workspace = Workspace::new();
    let bin = workspace.path("stub");
    fs::create_dir(&bin).expect("the folder can be made");
    fs::write(bin.join("cargo"), "#!/bin/sh\necho \"$@\"\n").expect("can be written");
    fs::set_permissions(bin.join("cargo"), fs::Permissions::from_mode(0o755)).expect("can be set");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").expect("is set"));
    assert_eq!(workspace.step("install", &[("PATH", &path)]).stdout, "", "it is there already");

    let root = workspace.path("elsewhere");
    let root = root.to_str().expect("is text");
    let variables = [("PATH", path.as_str()), ("PROMCFG_ROOT", root)];
    let source = env!("CARGO_MANIFEST_DIR");
    let installed = format!("install --locked --root {root} --path {source}\n");
    assert_eq!(workspace.step("install", &variables).stdout, installed);
    let at_ref = [variables[0], variables[1], ("PROMCFG_REF", "v1"), ("PROMCFG_REPOSITORY", "https://git.example/p")];
    let installed = format!("install --locked --root {root} --git https://git.example/p --rev v1 promcfg\n");
    assert_eq!(workspace.step("install", &at_ref).stdout, installed);

    let key = |variables: &[(&str, &str)]| workspace.step("key", variables).outputs;
    assert!(key(&[]).starts_with("root=") && key(&[]).contains("\nkey="), "{}", key(&[]));
    assert_eq!(key(&[]), key(&[]));
    assert_ne!(key(&[]), key(&at_ref[2..3]));
}

#[test]
fn the_action_uses_inputs_and_steps_that_there_are() {
    let text = fs::read_to_string(action().join("action.yml")).expect("can be read");
    let document: Value = serde_yaml::from_str(&text).expect("is YAML");
    let used = text.split("inputs.").skip(1).map(|rest| {
        rest.split(|character: char| !character.is_ascii_alphanumeric() && character != '-').next().unwrap_or("")
    });
    for name in used {
        assert!(document["inputs"].get(name).is_some(), "there is no input {name:?}");
    }
    let script = fs::read_to_string(action().join("lint.sh")).expect("can be read");
    let steps: Vec<&str> = document["runs"]["steps"]
        .as_sequence()
        .expect("is a list")
        .iter()
        .filter_map(|step| step["run"].as_str())
        .map(|run| run.rsplit(' ').next().expect("has a word"))
        .collect();
    assert_eq!(steps, ["key", "install", "lint"]);
    // Every variable that the script reads is given by a step, or by GitHub.
    let read = script.split("PROMCFG_").skip(1).map(|rest| {
        rest.split(|character: char| !character.is_ascii_uppercase() && character != '_').next().unwrap_or("")
    });
    for name in read {
        assert!(text.contains(&format!("PROMCFG_{name}: ")), "no step gives PROMCFG_{name}");
    }
}
