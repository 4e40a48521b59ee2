//! Hostile text in every place that a name or a value can come from.

use super::{Folder, LINT_FORMATS};

/// Texts that something obeys: a command of each forge, escapes of a terminal, ends of lines, marks of direction, and
/// what has no width.
const HOSTILE: [&str; 4] = [
    "::error::pwned ##[error]pwned ##vso[task.setvariable]pwned ##teamcity[x] x\u{1b}]0;title\u{7} \u{1b}[2Jred",
    "  ::add-mask::bidi\u{202e}gnp isolate\u{2066}x c1\u{9b}2J zero\u{200b}width\u{feff} mark\u{61c}\u{200f}\u{ad}",
    "feed\n::error::pwned\nseparator\u{2028}::error::pwned\u{85}::error::x",
    "return\r::warning::pwned\r\n\t::error::pwned\u{7f}\u{10fffd}",
];

/// A text in double quotes, as YAML, JSON and TOML read it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            _ if character.is_ascii_control() || ('\u{80}'..'\u{a0}').contains(&character) => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => quoted.push(character),
        }
    }
    quoted + "\""
}

/// Whether a line may stand in an output.
fn fault_of_line(line: &str, is_github: bool) -> Option<String> {
    const LONGEST: usize = 40_000;
    let is_obeyed = |character: char| {
        character.is_control() && character != '\t'
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
            || matches!(character, '\u{61c}' | '\u{feff}' | '\u{ad}' | '\u{e000}'..='\u{f8ff}' | '\u{10fffd}'..)
    };
    let ours = ["::error file=", "::warning file=", "::notice file="];
    let is_command =
        line.trim_start().starts_with("::") && !(is_github && ours.iter().any(|own| line.starts_with(own)));
    if let Some(character) = line.chars().find(|character| is_obeyed(*character)) {
        Some(format!("U+{:04X}", u32::from(character)))
    } else if is_command || ["##[", "##vso[", "##teamcity["].iter().any(|command| line.contains(command)) {
        Some("a command".to_string())
    } else {
        (line.len() > LONGEST).then(|| "a long line".to_string())
    }
}

/// A line without the codes that color it.
fn without_colors(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some((before, code)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let end = code.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(code.len());
        rest = match code[end..].strip_prefix('m') {
            Some(after) => after,
            None => {
                plain.push('\u{1b}');
                code
            }
        };
    }
    plain + rest
}

/// Runs commands in a folder; what is wrong with their outputs.
#[derive(Default)]
struct Attack {
    runs: usize,
    faults: Vec<String>,
}

impl Attack {
    fn run(&mut self, place: &str, folder: &Folder, arguments: &[&str]) {
        self.run_with(place, folder, arguments, b"");
    }

    fn run_with(&mut self, place: &str, folder: &Folder, arguments: &[&str], input: &[u8]) {
        let bytes: Vec<&[u8]> = arguments.iter().map(|argument| argument.as_bytes()).collect();
        let output = folder.run_with(&bytes, input);
        self.runs += 1;
        let mut fault = |what: &str| self.faults.push(format!("{place}: {arguments:?}: {what}"));
        if !matches!(output.status.code(), Some(0..=2)) {
            fault(&format!("ends with {:?}", output.status));
        }
        let is_github = arguments.contains(&"github");
        for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            let Ok(text) = std::str::from_utf8(bytes) else {
                fault(&format!("{name} is not UTF-8"));
                continue;
            };
            for line in text.lines() {
                let line = if arguments.contains(&"always") { &without_colors(line) } else { line };
                if let Some(what) = fault_of_line(line, is_github && name == "stdout") {
                    fault(&format!("{name} has {what}: {:.300}", format!("{line:?}")));
                }
            }
        }
        if is_github && !output.stdout.is_empty() && !output.stdout.starts_with(b"::") {
            fault("stdout is not made of annotations");
        }
    }

    /// All commands on a config with this name.
    fn all_commands(&mut self, place: &str, folder: &Folder, config: &str) {
        for format in LINT_FORMATS {
            self.run(place, folder, &["lint", "--format", format, "--", config]);
        }
        self.run(place, folder, &["lint", "--show-all", "--unsafe-fixes", "--", config]);
        self.run(place, folder, &["lint", "--unsafe-fixes", "--format", "concise", "--", config]);
        self.run(place, folder, &["lint", "--show-all", "--color", "always", "--", config]);
        self.run(place, folder, &["simulate", "--trace", "--color", "always", "--", config]);
        self.run(place, folder, &["add-label", config, "a=b", "--all-jobs", "--dry-run", "--color", "always"]);
        for option in ["--diff", "--check", "--statistics", "--verbose"] {
            self.run(place, folder, &["lint", "--unsafe-fixes", option, "--", config]);
        }
        for format in ["human", "json", "ndjson"] {
            self.run(place, folder, &["simulate", "--trace", "--all-labels", "--format", format, "--", config]);
            self.run(
                place,
                folder,
                &["simulate", "--alertmanagers", "--where", "job=.*", "--format", format, "--", config],
            );
            self.run_with(
                place,
                folder,
                &["simulate", "--stage", "metric", "--series", "-", "--trace", "--format", format, "--", config],
                b"up{instance=\"a\"} 1\nup{instance=\"a\"} 1\n",
            );
        }
        for job in ["*", "nonsense"] {
            self.run_with(place, folder, &["relabel", "--rules", config, "--job", job], b"{}\n");
        }
        self.run_with(place, folder, &["relabel", "--rules", config], b"{}\n");
        for format in ["human", "json"] {
            let edit = ["--all-jobs", "--dry-run", "--force", "--unproved", "--format", format];
            for command in [
                &["add-label", config, "added=x"][..],
                &["remove-label", config, "env"],
                &["rename-label", config, "env", "to"],
            ] {
                self.run(place, folder, &[command, &edit].concat());
            }
        }
        self.run(place, folder, &["add-label", config, "added=x", "--all-jobs", "--check"]);
    }

    fn end(self) {
        assert!(self.runs > 20, "{} runs", self.runs);
        assert!(self.faults.is_empty(), "{} of {} runs:\n{}", self.faults.len(), self.runs, self.faults.join("\n"));
    }
}

/// A config with a text in its names and values.
fn config_of(text: &str) -> String {
    let text = quoted(text);
    format!(
        "global: {{external_labels: {{e: {text}}}}}
scrape_configs:
- job_name: {text}
  static_configs:
  - targets: ['h:1', 'h:1', 'h:2']
    labels: {{env: {text}, other: b}}
  - targets: ['i:1']
    labels: {{env: '1'}}
  relabel_configs:
  - {{source_labels: [env], regex: 'a.b.com', target_label: x, replacement: {text}}}
  - {{source_labels: [env, {text}], regex: {text}, target_label: y, replacement: $2}}
  - {{source_labels: [env], regex: '1', action: drop}}
  metric_relabel_configs:
  - {{source_labels: [env], regex: ^x$, target_label: {text}}}
- job_name: two
  metrics_path: {text}
  static_configs: [{{targets: ['k:1']}}]
"
    )
}

/// Configs that Prometheus refuses because of a text.
fn refused_configs(text: &str) -> Vec<String> {
    let quoted = quoted(text);
    let jobs = |job: &str| format!("scrape_configs:\n- job_name: a\n{job}");
    vec![
        format!("{quoted}: 1\nscrape_configs: []\n"),
        jobs(&format!("  {quoted}: 1\n")),
        jobs(&format!("- job_name: {quoted}\n- job_name: {quoted}\n")),
        jobs(&format!("  scrape_interval: {quoted}\n  body_size_limit: {quoted}\n  honor_labels: {quoted}\n")),
        jobs(&format!("  static_configs: [{{targets: [{quoted}], labels: {{{quoted}: x}}}}]\n")),
        jobs(&format!("  metric_name_validation_scheme: legacy\n  relabel_configs: [{{target_label: {quoted}}}]\n")),
        jobs(&format!(
            "  relabel_configs: [{{action: {quoted}}}, {{regex: {quoted}\"(\", source_labels: [{quoted}]}}]\n"
        )),
        jobs(&format!("  relabel_configs: [{{action: keep, regex: {}}}]\n", self::quoted(&format!("({text}")))),
        jobs(&format!("  proxy_url: {}\n", self::quoted(&format!("http://[{text}")))),
        jobs(&format!("  file_sd_configs: [{{files: [{quoted}]}}]\n  {quoted}_sd_configs: []\n")),
        jobs(&format!("  scrape_protocols: [{quoted}]\n  tls_config: {{min_version: {quoted}}}\n")),
        format!("scrape_config_files: [{quoted}, {}]\n", self::quoted(&format!("{text}/*"))),
        format!("scrape_configs: *{}\n", text.replace(|c: char| c.is_whitespace() || c.is_control(), "_")),
        format!("scrape_configs: !{} x\n", text.replace(|c: char| c.is_whitespace() || c.is_control(), "_")),
        format!(
            "remote_write: [{{url: {quoted}, {quoted}: 1}}]\nalerting: {{alertmanagers: [{{static_configs: [{{targets: [{quoted}]}}]}}]}}\n"
        ),
        format!("scrape_configs:\n- job_name: a\n# promcfg: ignore[{}] x\n", text.replace('\n', " ")),
    ]
}

#[test]
fn a_hostile_name_of_a_file_is_harmless() {
    let mut attack = Attack::default();
    for text in HOSTILE {
        let name = format!("{}.yml", text.replace('/', "_"));
        let folder = Folder::new().with(&name, config_of("a")).with(format!("broken {name}"), "scrape_configs: 1\n");
        attack.all_commands("file", &folder, &name);
        attack.all_commands("broken file", &folder, &format!("broken {name}"));
        for format in LINT_FORMATS {
            attack.run("folder", &folder, &["lint", "--format", format]);
        }
        attack.run("folder", &folder, &["lint", "--verbose", "--statistics", "."]);
        attack.run("folder", &folder, &["add-label", ".", "added=x", "--all-jobs", "--dry-run"]);
    }
    attack.end();
}

#[test]
fn a_hostile_name_of_a_file_that_does_not_exist_is_harmless_and_so_is_that_of_its_neighbor() {
    let mut attack = Attack::default();
    for text in HOSTILE {
        let (name, other) = (format!("{text}.yml"), format!("{text}s.yml"));
        let folder = Folder::new().with(&other, config_of("a")).with("p.yml", config_of("a")).with("folder/x", "");
        let inside = format!("{text}/a.yml");
        for name in [&name, &inside, &format!("folder/{text}*")] {
            attack.all_commands("missing", &folder, name);
            attack.run("missing", &folder, &["simulate", "p.yml", "--targets", name]);
            attack.run("missing", &folder, &["simulate", "p.yml", "--stage", "metric", "--series", name]);
            attack.run("missing", &folder, &["relabel", "--rules", "p.yml", "--job", "two", "--", name]);
            attack.run("missing", &folder, &["add-label", "p.yml", "a=b", "--targets", name, "--all-jobs"]);
            attack.run("missing", &folder, &[name]);
        }
    }
    attack.end();
}

#[test]
fn hostile_names_and_values_in_a_config_are_harmless() {
    let mut attack = Attack::default();
    for text in HOSTILE {
        let folder = Folder::new().with("p.yml", config_of(text));
        attack.all_commands("value", &folder, "p.yml");
        let manifest = format!(
            "kind: ConfigMap\nmetadata: {{name: x}}\ndata:\n  {key}: |\n    {config}\n  more: |\n    {config}\n---\nkind: {key}\n",
            key = quoted(text),
            config = config_of(text).replace('\n', "\n    "),
        );
        let folder = Folder::new().with("cm.yml", manifest);
        attack.all_commands("manifest", &folder, "cm.yml");
    }
    attack.end();
}

#[test]
fn hostile_text_that_prometheus_refuses_is_harmless() {
    let mut attack = Attack::default();
    for text in HOSTILE {
        for (index, config) in refused_configs(text).into_iter().enumerate() {
            let folder = Folder::new().with("p.yml", config);
            for format in LINT_FORMATS {
                attack.run(&format!("refused {index}"), &folder, &["lint", "--format", format, "p.yml"]);
            }
            attack.run(&format!("refused {index}"), &folder, &["simulate", "p.yml"]);
            attack.run(&format!("refused {index}"), &folder, &["add-label", "p.yml", "a=b", "--all-jobs"]);
        }
    }
    attack.end();
}

#[test]
fn hostile_settings_are_harmless() {
    let mut attack = Attack::default();
    for text in HOSTILE {
        let quoted = quoted(text);
        let settings = [
            format!("{quoted} = 1\n"),
            format!("ignore = [{quoted}]\nselect = [{quoted}]\n"),
            format!("fail-on = {quoted}\nprometheus = {quoted}\n"),
            format!("exclude = [{}]\n", self::quoted(&format!("[{text}"))),
            format!("[severity]\n{quoted} = \"error\"\ninvalid-regex = {quoted}\n"),
            format!("[[overrides]]\n{quoted} = 1\n"),
            format!("ignore = [\n{}", text.replace('\n', " ")),
            format!("x = \"{text}\n"),
            format!("[{text}"),
        ];
        for settings in settings {
            let folder = Folder::new().with("p.yml", config_of("a")).with("promcfg.toml", settings);
            for format in ["human", "github", "json"] {
                attack.run("settings", &folder, &["lint", "--format", format, "p.yml"]);
            }
            attack.run("settings", &folder, &["simulate", "p.yml"]);
            attack.run("settings", &folder, &["add-label", "p.yml", "a=b", "--all-jobs", "--dry-run"]);
        }
    }
    attack.end();
}

#[test]
fn hostile_arguments_are_harmless() {
    let mut attack = Attack::default();
    for text in HOSTILE {
        let folder = Folder::new().with("p.yml", config_of("a"));
        let option = format!("--{text}");
        let pair = format!("{text}={text}");
        for arguments in [
            &[text][..],
            &["help", text],
            &["lint", &option],
            &["lint", "p.yml", "--format", text],
            &["lint", "p.yml", "--select", text],
            &["lint", "p.yml", "--fail-on", text],
            &["lint", "p.yml", "--prometheus", text],
            &["lint", "p.yml", "--stdin-filename", text],
            &["simulate", "p.yml", "--job", text],
            &["simulate", "p.yml", "--target", text],
            &["simulate", "p.yml", "--target", text, "--label", &pair, "--job", "two", "--trace"],
            &["simulate", "p.yml", "--where", &pair],
            &["simulate", "p.yml", "--where", text],
            &["simulate", "p.yml", "--where", &format!("a=({text}")],
            &["simulate", "p.yml", "--status", text],
            &["simulate", "p.yml", "--limit", text],
            &["relabel", "--rules", "p.yml", "--job", text],
            &["relabel", "--rules", "p.yml", "--list", text],
            &["add-label", "p.yml", text],
            &["add-label", "p.yml", &pair, "--all-jobs", "--dry-run"],
            &["add-label", "p.yml", &pair, "--all-jobs", "--dry-run", "--format", "json"],
            &["add-label", "p.yml", &format!("a={text}"), "--all-jobs", "--dry-run"],
            &["add-label", "p.yml", "a=b", "--job", text],
            &["add-label", "p.yml", "a=b", "--target", text],
            &["add-label", "p.yml", "a=b", "--where", &pair],
            &["remove-label", "p.yml", text, "--all-jobs"],
            &["rename-label", "p.yml", "env", text, "--all-jobs", "--dry-run"],
            &["rename-label", "p.yml", text, "env", "--all-jobs"],
            &["explain-rule", text],
            &["completions", text],
            &["debug", text],
        ] {
            attack.run("argument", &folder, arguments);
        }
        attack.run_with("stdin", &folder, &["lint", "-", "--stdin-filename", text, "--format", "github"], b"x: 1\n");
    }
    attack.end();
}

#[test]
fn hostile_target_files_series_and_label_sets_are_harmless() {
    let mut attack = Attack::default();
    for text in HOSTILE {
        let quoted = quoted(text);
        let config = "scrape_configs:\n- job_name: a\n  file_sd_configs: [{files: ['t/*.yml', 't/*.json']}]\nscrape_config_files: ['c/*.yml']\n";
        let group =
            format!("[{{\"targets\": [{quoted}, \"h:1\"], \"labels\": {{\"env\": {quoted}, {quoted}: \"x\"}}}}]\n");
        let folder = Folder::new()
            .with("p.yml", config)
            .with(format!("t/{text}.json"), &group)
            .with(format!("t/{text}.yml"), format!("- {quoted}: 1\n  targets: {quoted}\n"))
            .with("t/broken.json", text)
            .with(format!("c/{text}.yml"), config_of(text))
            .with("series", format!("{text} 1\nx{{a={quoted}}} 1\n"))
            .with("lines", format!("{{\"labels\":{{\"__address__\":{quoted}}}}}\n{{\"{text}\n"));
        attack.all_commands("target file", &folder, "p.yml");
        attack.run("target file", &folder, &["lint", "t"]);
        attack.run("samples", &folder, &["simulate", "p.yml", "--stage", "metric", "--series", "series"]);
        attack.run("samples", &folder, &["simulate", "p.yml", "--targets", "lines"]);
        attack.run("samples", &folder, &["add-label", "p.yml", "a=b", "--all-jobs", "--targets", "lines", "--dry-run"]);
        attack.run("rules", &folder, &["relabel", "--rules", "t/broken.json", "lines"]);
        let rules = Folder::new().with("r.yml", format!("- {{target_label: a, replacement: {quoted}, {quoted}: 1}}\n"));
        attack.run("rules", &rules, &["relabel", "--rules", "r.yml"]);
        let rules = Folder::new().with("r.yml", "- {target_label: a, replacement: b}\n");
        attack.run_with("line", &rules, &["relabel", "--rules", "r.yml"], format!("{{\"{text}\n").as_bytes());
    }
    attack.end();
}

#[test]
fn a_line_of_a_file_is_not_a_command_in_an_excerpt_or_a_diff() {
    let mut attack = Attack::default();
    for command in ["::error::pwned", "::add-mask::x", "##[error]pwned", "##vso[x]y"] {
        let line = format!("{command}\n");
        let texts = [
            format!(
                "scrape_configs:\n- job_name: a\n  static_configs: [{{targets: ['h:1'], labels: {{env: 'x\n\n{line}\n {line}'}}}}]\n"
            ),
            format!(
                "scrape_configs:\n# {line}- job_name: |\n    x\n    {line}  relabel_configs:\n  - {{source_labels: [x], regex: ^a$, target_label: y}}\n"
            ),
            format!("{line}scrape_configs:\n  x\n"),
            format!("scrape_configs:\n- job_name: a\n  x: '\n{line}\n{line}'\n  scrape_interval: '\n{line}'\n"),
        ];
        for text in texts {
            let folder = Folder::new().with("p.yml", text);
            attack.all_commands("line", &folder, "p.yml");
        }
    }
    attack.end();
}
