//! `promcfg help`, wrong usage, and completions, as a person meets them.

use std::fs;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const CONFIG: &str = "\
scrape_configs:
- job_name: node
  static_configs: [{targets: ['10.0.0.1:9100']}]
- job_name: pods
  kubernetes_sd_configs: [{role: pod}]
";

/// A folder with a config and a folder in it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("p.yml"), CONFIG).expect("can be written");
    fs::write(folder.path().join("p.yml.gz"), b"\x1f\x8b\x08\0").expect("can be written");
    fs::create_dir(folder.path().join("conf")).expect("can be made");
    fs::write(folder.path().join("conf/prometheus.yml"), CONFIG).expect("can be written");
    folder
}

/// Status, stdout and stderr.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let folder = folder();
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"));
    command.args(arguments).current_dir(folder.path()).env_clear().stdin(Stdio::null());
    let output = command.output().expect("the tool runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is text");
    (output.status.code().expect("it ends by itself"), text(output.stdout), text(output.stderr))
}

const COMMANDS: [&str; 34] = [
    "simulate",
    "relabel",
    "render",
    "lint",
    "add-label",
    "remove-label",
    "rename-label",
    "drop-label",
    "keep-label",
    "map-labels",
    "remove-job",
    "add-endpoint",
    "drop-metric",
    "keep-metric",
    "limit",
    "set",
    "unset",
    "add-job",
    "rename-job",
    "copy-job",
    "add-target",
    "remove-target",
    "move-target",
    "drop-target",
    "keep-target",
    "list-targets",
    "fmt",
    "edit",
    "presets",
    "recipes",
    "rules",
    "explain-rule",
    "completions",
    "help",
];

#[test]
fn help_of_a_command_is_the_text_of_its_option() {
    assert_eq!(run(&["help"]), run(&["--help"]));
    assert_eq!(run(&["help", "debug", "yaml"]), run(&["debug", "yaml", "-h"]));
    for command in COMMANDS {
        let (status, text, error) = run(&["help", command]);
        assert_eq!((status, error.as_str()), (0, ""), "{command}");
        assert!(text.contains(&format!("Usage: promcfg {command}")), "{text}");
        for option in ["--help", "-h"] {
            assert_eq!(run(&[command, option]), (0, text.clone(), String::new()), "{command}");
        }
        for line in text.lines() {
            assert!(line.chars().count() <= 100, "{command}: {line}");
        }
    }
    let (_, text, _) = run(&["help"]);
    for command in COMMANDS {
        assert!(text.contains(&format!("\n  {command} ")), "{command}");
    }
}

#[test]
fn wrong_usage_is_an_error_with_its_remedy() {
    for (arguments, expected) in [
        (&["lnt"][..], "error: unknown command \"lnt\"\n  help: did you mean `lint`?\n"),
        (&["help", "lnt"], "error: unknown command \"lnt\"\n  help: did you mean `lint`?\n"),
        (&["check", "p.yml"], "error: unknown command \"check\"\n  help: did you mean `promcfg lint`?\n"),
        (&["debug", "yml"], "error: unknown command \"yml\"\n  help: did you mean `yaml`?\n"),
        (
            &["debug", "nonsense"],
            "error: unknown command \"nonsense\"\n  help: list the commands with `promcfg help debug`\n",
        ),
        (&["help", "lint", "rules"], "error: unexpected argument \"rules\": `lint` has no commands\n"),
        (
            &["explain-rule", "missing-p*"],
            "error: the pattern \"missing-p*\" matches 2 rules\n  note: the rules are missing-port, missing-probe-target\n  help: name one of them\n",
        ),
        (
            &["lint", "--stdin-filename", "x.yml"],
            "error: --stdin-filename names standard input, but standard input is not read\n  help: add `-` to the paths\n",
        ),
        (
            &["lint", "*.yaml"],
            "error: the config *.yaml does not exist\n  note: no file matches the pattern, or it is quoted\n  help: name files or folders: the shell expands patterns, promcfg does not\n",
        ),
        (
            &["lint", "p.yml.gz"],
            "error: the config p.yml.gz is compressed with gzip\n  help: decompress it first: gunzip -c p.yml.gz | promcfg … -\n",
        ),
        (
            &["simulate", "p.yml.gz"],
            "error: the config p.yml.gz is compressed with gzip\n  help: decompress it first: gunzip -c p.yml.gz | promcfg … -\n",
        ),
        (
            &["add-label", "p.yml.gz", "a=b", "--all-jobs"],
            "error: the config p.yml.gz is compressed with gzip\n  help: decompress it first: gunzip -c p.yml.gz | promcfg … -\n",
        ),
        (&["nonsense"], "error: unknown command \"nonsense\"\n  help: list the commands with `promcfg help`\n"),
        (
            &["p.yml"],
            "error: expected a command, found the path \"p.yml\"\n  help: check it with `promcfg lint p.yml`; list the commands with `promcfg help`\n",
        ),
        (&["-q"], "error: missing command\n  note: usage: promcfg [OPTIONS] <COMMAND>\n  help: see `promcfg help`\n"),
        (&["simulate", "--trase", "p.yml"], "error: unknown option `--trase`\n  help: did you mean `--trace`?\n"),
        (
            &["lint", "--series", "x"],
            "error: unknown option `--series`\n  help: `--series` is an option of `promcfg simulate`, `promcfg add-label`, `promcfg remove-label` and 6 more commands\n",
        ),
        (&["--fix", "lint"], "error: unknown option `--fix`\n  help: `--fix` is an option of `promcfg lint`\n"),
        (&["simulate", "p.yml", "q.yml"], "error: the manifest q.yml does not exist\n  help: did you mean p.yml?\n"),
        (
            &["simulate", "p.yml", "--example"],
            "error: `CONFIG` and `--example` cannot be combined\n  help: remove one of them\n",
        ),
        (&["simulate", "p.yml", "--job"], "error: missing value for `--job`\n  help: see `promcfg help simulate`\n"),
        (
            &["simulate", "p.yml", "--format", "jsn"],
            "error: invalid value \"jsn\" for `--format`\n  note: the values are human, json, ndjson\n  help: did you mean json?\n",
        ),
        (
            &["lint", "--fail-on=fatal"],
            "error: invalid value \"fatal\" for `--fail-on`\n  note: the values are error, warning, info\n  help: see `promcfg help lint`\n",
        ),
        (
            &["simulate", "p.yml", "--prometheus", "1.8"],
            "error: invalid value \"1.8\" for `--prometheus`: unknown Prometheus version \"1.8\": the known ones are 2.30 to 2.55, 3.0 to 3.14, and next; the nearest is 2.30\n  help: see `promcfg help simulate`\n",
        ),
        (
            &["relabel"],
            "error: missing option --rules FILE\n  note: usage: promcfg relabel --rules <FILE> [INPUT]\n  help: see `promcfg help relabel`\n",
        ),
        (
            &["relabel", "--rules", "p.yml", "--list", "write_relabel_configs", "--index", "-1"],
            "error: invalid value \"-1\" for `--index`: expected a number, counted from 0\n  help: see `promcfg help relabel`\n",
        ),
        (
            &["relabel", "--rules", "p.yml", "--job", "*"],
            "error: 2 jobs match \"*\"; `relabel` needs exactly one\n  note: the jobs are node, pods\n",
        ),
        (
            &["lint", ""],
            "error: the config has an empty name\n  note: in a script, a variable may be empty\n  help: name the file, or write `-` for standard input\n",
        ),
        (
            &["simulate", "p.yml", "--job", "node", "--targets", "conf"],
            "error: 1 file holds no targets and no objects of discovery: conf/prometheus.yml\n  help: targets are objects that \
             discovery reads (`kubectl get -o json`, `docker inspect`, `aws ec2 describe-instances`, answers of Consul, `dig`), \
             a saved /api/v1/targets response, the output of `promtool check service-discovery`, lines of JSON, or target \
             groups as in file_sd_configs\n",
        ),
        (
            &["simulate", "conf"],
            "error: expected a file as the config, found a folder: conf\n  help: name the file: conf/prometheus.yml\n",
        ),
        (
            &["lint", "--diff", "--check"],
            "error: `--diff` and `--check` cannot be combined\n  help: remove one of them\n",
        ),
        (
            &["completions", "tcsh"],
            "error: invalid value \"tcsh\" for `SHELL`\n  note: the values are bash, elvish, fish, powershell, zsh\n  help: did you mean zsh?\n",
        ),
    ] {
        assert_eq!(run(arguments), (2, String::new(), expected.to_string()), "{arguments:?}");
    }
}

#[test]
fn swapped_arguments_of_an_edit_are_recognized() {
    let (status, _, error) = run(&["add-label", "env=prod", "p.yml"]);
    assert_eq!(status, 2);
    assert!(error.contains("help: name the file first: promcfg add-label"), "{error}");
}

#[test]
fn options_of_all_commands_can_be_given_anywhere_and_twice() {
    let common = ["--color", "always", "--color", "never", "--prometheus", "2.53", "--prometheus", "3.5"];
    let (status, out, _) = run(&[&["--quiet", "simulate", "p.yml", "-q"][..], &common].concat());
    assert_eq!(status, 0);
    assert!(out.contains("10.0.0.1:9100"), "{out}");
    assert_eq!(run(&["-V"]).1, format!("promcfg {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn completions_offer_the_ids_of_rules() {
    for shell in ["bash", "zsh", "fish", "ZSH"] {
        let (status, script, _) = run(&["completions", shell]);
        assert_eq!(status, 0);
        // After `explain-rule`, `--select` and `--ignore`.
        assert!(script.matches("missing-modulus").count() >= 3, "{shell}");
        assert!(script.matches("rename-label").count() >= 2, "{shell}");
    }
}

/// The words that a shell offers for a command line; nothing if the shell is not installed.
#[cfg(unix)]
fn offers(shell: &str, line: &str) -> Option<Vec<String>> {
    let (_, script, _) = run(&["completions", shell]);
    let words: Vec<&str> = line.split(' ').collect();
    let (last, before) = (words[words.len() - 1], words[words.len() - 2]);
    let arguments = match shell {
        "fish" => vec!["--no-config".to_string(), "-c".to_string(), format!("{script}\ncomplete -C '{line}'")],
        _ => {
            let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
            let set = format!("COMP_WORDS=({}) COMP_CWORD={}", quoted.join(" "), words.len() - 1);
            let ask = format!("_promcfg promcfg '{last}' '{before}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"");
            vec!["--norc".to_string(), "-c".to_string(), format!("{script}\n{set}\n{ask}")]
        }
    };
    let output = Command::new(shell).args(arguments).output().ok()?;
    let offered = String::from_utf8(output.stdout).expect("the output is text");
    Some(offered.lines().filter_map(|line| line.split('\t').next()).map(ToString::to_string).collect())
}

#[cfg(unix)]
#[test]
fn scripts_are_accepted_by_their_shells() {
    for shell in ["bash", "zsh", "fish"] {
        let (_, script, _) = run(&["completions", shell]);
        let file = tempfile::NamedTempFile::new().expect("can be made");
        fs::write(file.path(), script).expect("can be written");
        // A shell that is not installed cannot be tried.
        let Ok(output) = Command::new(shell).arg("-n").arg(file.path()).output() else { continue };
        assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[cfg(unix)]
#[test]
fn shells_complete_the_ids_of_rules_and_the_names_of_commands() {
    for shell in ["bash", "fish"] {
        for (line, expected) in [
            ("promcfg explain-rule missing-m", "missing-modulus"),
            ("promcfg lint --select missing-m", "missing-modulus"),
            ("promcfg lint --ignore missing-m", "missing-modulus"),
            ("promcfg help rename-l", "rename-label"),
            ("promcfg lint --form", "--format"),
            ("promcfg lint --format sar", "sarif"),
            ("promcfg completions fi", "fish"),
        ] {
            // A shell that is not installed cannot be tried.
            let Some(offers) = offers(shell, line) else { continue };
            assert_eq!(offers, [expected], "{shell}: {line}");
        }
    }
}
