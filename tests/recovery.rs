//! Files that are not valid YAML yet: every broken place is reported where it is, and the sound jobs are judged and shown.

use std::fs;
use std::process::Command;

use promcfg::yaml::Tree;
use promcfg::{Config, Options, Sources};

const CONFIG: &str = "\
global:
  scrape_interval: 30s
scrape_configs:
  - job_name: node
    static_configs:
      - targets: ['node-1:9100', 'node-2:9100']
        labels:
          env: prod
  - job_name: web
    scrape_timeout: 5s
    metrics_path: /web/metrics
    static_configs:
      - targets: ['web-1:8080']
        labels: {env: dev}
    relabel_configs:
      - source_labels: [env]
        regex: (.+)
        target_label: stage
  - job_name: api
    static_configs:
      - targets: ['api-1:8080']
    metric_relabel_configs:
      - source_labels: [__name__]
        regex: 'go_(gc|memstats).*'
        action: dropp
";

/// A state of the config while somebody types: what is replaced, and by what.
type State = (&'static str, &'static [(&'static str, &'static str)]);

const STATES: [State; 24] = [
    ("key_without_colon", &[("    metrics_path: /web/metrics\n", "    metrics_path: /web/metrics\n    scrape_int\n")]),
    ("key_without_colon_before_a_value", &[("scrape_timeout: 5s", "scrape_timeout 5s")]),
    ("open_bracket", &[("['node-1:9100', 'node-2:9100']", "['node-1:9100', ")]),
    ("open_quote", &[("['web-1:8080']", "['web-1:8080]")]),
    ("unclosed_flow_map", &[("{env: dev}", "{env: dev")]),
    ("half_a_job", &[("        action: dropp\n", "        action: dropp\n  - job_name: db\n    static_con")]),
    ("under_indented", &[("    metrics_path", "   metrics_path")]),
    ("over_indented", &[("    metrics_path", "      metrics_path")]),
    (
        "merge_conflict",
        &[(
            "    metrics_path: /web/metrics\n",
            "<<<<<<< HEAD\n    metrics_path: /web/metrics\n=======\n    metrics_path: /metrics\n>>>>>>> feature\n",
        )],
    ),
    (
        "merge_conflict_of_jobs",
        &[("  - job_name: web\n", "<<<<<<< HEAD\n  - job_name: web\n=======\n  - job_name: www\n>>>>>>> feature\n")],
    ),
    ("tab", &[("    metrics_path", "\tmetrics_path")]),
    ("dash_alone", &[("        target_label: stage\n", "        target_label: stage\n      - \n")]),
    (
        "key_without_its_list",
        &[("      - source_labels: [env]\n        regex: (.+)\n        target_label: stage\n", "")],
    ),
    ("duplicate_key", &[("    scrape_timeout: 5s\n", "    scrape_timeout: 5s\n    scrape_timeout: 6s\n")]),
    ("half_a_block_scalar", &[("        regex: (.+)\n", "        regex: |\n      (.+)\n")]),
    ("half_a_rule", &[("        target_label: stage\n", "        target_label: stage\n      - source_la\n")]),
    ("colon_in_a_value", &[("/web/metrics", "web: metrics")]),
    (
        "open_quote_in_brackets_over_lines",
        &[("['node-1:9100', 'node-2:9100']", "[\n          'node-1:9100',\n          'node-2:9100\n        ]")],
    ),
    ("several_open_brackets", &[("{env: dev}", "{env: [{a: [b")]),
    ("missing_dash", &[("      - source_labels: [env]\n", "        source_labels: [env]\n")]),
    (
        "job_pasted_too_deep",
        &[(
            "  - job_name: api\n",
            "      - job_name: db\n        static_configs:\n          - targets: ['db:9187']\n  - job_name: api\n",
        )],
    ),
    (
        "job_pasted_too_far_left",
        &[(
            "        action: dropp\n",
            "        action: dropp\n- job_name: db\n  static_configs:\n  - targets: ['db:9187']\n",
        )],
    ),
    ("sign_before_a_key", &[("  - job_name: web\n", "  - & job_name: web\n")]),
    (
        "three_jobs",
        &[
            ("['node-1:9100', 'node-2:9100']", "['node-1:9100', "),
            ("scrape_timeout: 5s", "scrape_timeout 5s"),
            ("'go_(gc|memstats).*'", "'go_(gc|memstats).*"),
            ("        action: dropp\n", "        action: dropp\n  - job_name: db\n    scrape_intervall: 1m\n"),
        ],
    ),
];

fn broken(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(CONFIG.to_string(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text.replace(from, to)
    })
}

/// Status and output of a run on a file.
fn run(name: &str, text: &str, arguments: &[&str]) -> (i32, String) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join(name), text).expect("the file can be written");
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"));
    let command = command.args(arguments).arg(name).current_dir(folder.path()).env_clear().env("LC_ALL", "C.UTF-8");
    let output = command.output().expect("the tool runs");
    let text = String::from_utf8(output.stdout).expect("the output is text");
    (output.status.code().expect("it ends by itself"), text)
}

/// The jobs that are simulated, and whether the result is partial.
fn simulated(name: &str, text: &str) -> String {
    let (status, output) = run(name, text, &["simulate", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&output).expect("the output is JSON");
    let jobs = document["jobs"].as_array().expect("has jobs").iter();
    let jobs = jobs.map(|job| format!("{} {}", job["job"], job["targets"].as_array().map_or(0, Vec::len)));
    let partial = document.get("partial").map_or(String::new(), |partial| format!(", partial: {partial}"));
    format!("status {status}{partial}\n{}\n", jobs.collect::<Vec<_>>().join("\n"))
}

#[test]
fn half_written_states_are_reported_and_the_rest_still_works() {
    for (name, changes) in STATES {
        let text = broken(changes);
        let (status, findings) = run("p.yml", &text, &["lint"]);
        let shown = format!("lint: status {status}\n{findings}\nsimulate: {}", simulated("p.yml", &text));
        insta::assert_snapshot!(format!("half_written_{name}"), shown);
    }
}

#[test]
fn three_broken_places_in_three_jobs_are_reported_and_the_fourth_job_is_judged() {
    let (_, changes) = STATES.last().expect("has states");
    let (status, findings) = run("p.yml", &broken(changes), &["lint", "--format", "concise"]);
    let lines: Vec<&str> = findings.lines().collect();
    assert_eq!(status, 1);
    assert_eq!(
        lines,
        [
            "p.yml:6:18: error: invalid YAML: missing `]` [invalid-yaml]",
            "p.yml:10:5: error: invalid YAML: missing `:` after this key [invalid-yaml]",
            "p.yml:24:16: error: invalid YAML: missing closing quote [invalid-yaml]",
            "p.yml:25:17: error: job api: metric_relabel_configs[0]: unknown action \"dropp\" [invalid-action]",
            "p.yml:27:5: error: job db: unknown field `scrape_intervall` in a scrape config [unknown-field]",
        ]
    );
}

#[test]
fn a_broken_config_is_not_edited() {
    for (name, changes) in STATES.iter().filter(|(_, changes)| Tree::parse(broken(changes)).fault().is_some()) {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("p.yml");
        fs::write(&path, broken(changes)).expect("the file can be written");
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"));
        let output = command.args(["add-label", "p.yml", "a=b", "--job", "node"]).current_dir(folder.path()).output();
        assert_ne!(output.expect("the tool runs").status.code(), Some(0), "{name}");
        assert_eq!(fs::read_to_string(&path).expect("the file is there"), broken(changes), "{name}");
    }
}

#[test]
fn nothing_is_claimed_that_depends_on_a_missing_part() {
    // Each text has a finding when it is whole, that the missing part may refute.
    let cases = [
        // The timeout may be below the interval that is missing.
        "global:\n  scrape_interval 2m\n  scrape_timeout: 90s\nscrape_configs:\n- job_name: a\n  scrape_timeout: 70s\n  static_configs: [{targets: ['h:1']}]\n",
        "global: {scrape_interval: 2m\nscrape_configs:\n- job_name: a\n  scrape_timeout: 70s\n  static_configs: [{targets: ['h:1']}]\n",
        // The scheme of names may be the old one, or the new one.
        "global: {metric_name_validation_scheme: legacy\nscrape_configs:\n- job_name: a\n  static_configs: [{targets: ['h:1'], labels: {a.b: c}}]\n",
        // The endpoint may have rules of its own; indices are not known.
        "remote_write:\n- url: http://a/\n  write_relabel_configs:\n  - {action: labeldrop, regex: x}\n- url: http://b/\n  write_relabel_configs: [\n",
        // All jobs may be in the missing part.
        "scrape_configs\n- job_name: a\n",
        // The job may have a name, and targets.
        "scrape_configs:\n- job_name a\n  scrape_timeout: 5s\n",
        "scrape_configs:\n- job_name: a\n  file_sd_configs: [\n",
        // The label may be read in the missing rule.
        "scrape_configs:\n- job_name: a\n  static_configs: [{targets: ['h:1']}]\n  relabel_configs:\n  - {target_label: __tmp_x, replacement: y}\n  - {source_labels: [__tmp_x], target_label: z\n",
        // A rule may be in the part without its dash.
        "scrape_configs:\n- job_name: a\n  static_configs: [{targets: ['h:1']}]\n  relabel_configs:\n    target_label: __tmp_x\n    replacement: y\n  - {source_labels: [__tmp_y], target_label: z}\n",
        // The anchor is in the missing part.
        "scrape_configs:\n- job_name: a\n  static_configs: &s [{targets: ['h:1'\n- job_name: b\n  static_configs: *s\n",
        // The merged mapping has lost a key.
        "scrape_configs:\n- &a\n  job_name: a\n  scrape_timeout: 70s\n  scrape_interval 2m\n- <<: *a\n  job_name: b\n",
    ];
    for text in cases {
        let (_, findings) = run("prometheus.yml", text, &["lint", "--format", "concise"]);
        let others: Vec<&str> = findings.lines().filter(|line| !line.ends_with("[invalid-yaml]")).collect();
        assert_eq!(others, Vec::<&str>::new(), "{text}");
        assert_eq!(findings.lines().count(), 1, "{text}{findings}");
    }
}

#[test]
fn included_files_manifests_and_target_files_have_sound_parts_as_well() {
    let inner: String = broken(STATES[1].1).lines().map(|line| format!("    {line}\n")).collect();
    let manifest = format!("kind: ConfigMap\nmetadata: {{name: x}}\ndata:\n  prometheus.yml: |\n{inner}");
    let (_, findings) = run("cm.yml", &manifest, &["lint", "--format", "concise"]);
    assert_eq!(
        findings,
        "cm.yml:14:9: error: invalid YAML: missing `:` after this key [invalid-yaml]\ncm.yml:29:21: error: job api: metric_relabel_configs[0]: unknown action \"dropp\" [invalid-action]\n"
    );
    let outside = manifest.replace("{name: x}", "{name: x").replace("scrape_timeout 5s", "scrape_timeout: 5s");
    let (_, findings) = run("cm.yml", &outside, &["lint", "--format", "concise"]);
    assert_eq!(
        findings,
        "cm.yml:2:11: error: invalid YAML: missing `}` [invalid-yaml]\ncm.yml:29:21: error: job api: metric_relabel_configs[0]: unknown action \"dropp\" [invalid-action]\n"
    );
    assert!(simulated("cm.yml", &outside).starts_with("status 1, partial: true\n\"node\" 2\n\"web\" 1\n"));
    let targets = "- targets: [a:1\n  labels: {x: y}\n- targets: ['b:1']\n  labls: {}\n";
    let (_, findings) = run("t.yml", targets, &["lint", "--format", "concise"]);
    assert_eq!(
        findings,
        "t.yml:1:12: error: invalid YAML: missing `]` [invalid-yaml]\nt.yml:4:3: error: unknown field `labls` in a target group [unknown-field]\n"
    );
}

/// A small generator of numbers: the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(end.max(1)).expect("fits")).expect("fits")
    }

    fn of<'c>(&mut self, choices: &[&'c str]) -> &'c str {
        choices[self.below(choices.len())]
    }
}

/// A valid config; each line with the number of the job that it belongs to.
fn config(random: &mut Random) -> (Vec<String>, Vec<Option<usize>>, usize) {
    let (mut lines, mut owners) = (Vec::new(), Vec::new());
    let indent = random.of(&["", "  ", "    "]);
    let inner = random.of(&["", "  "]);
    let mut add = |line: String, owner: Option<usize>| {
        lines.push(line);
        owners.push(owner);
    };
    if random.below(2) == 0 {
        add("global:".to_string(), None);
        add("  scrape_interval: 30s".to_string(), None);
        add("  external_labels: {cluster: 'a', tier: \"b\"}".to_string(), None);
    }
    add("scrape_configs:".to_string(), Some(usize::MAX));
    let count = 2 + random.below(5);
    for job in 0..count {
        let mut line = |text: &str| add(format!("{indent}{text}"), Some(job));
        if random.below(3) == 0 {
            line("# a comment about 'the job' [x");
        }
        line(&format!("- job_name: job-{job}"));
        let parts = 1 + random.below(4);
        for _ in 0..parts {
            match random.below(3) {
                0 => {}
                1 if parts > 2 => line(""),
                _ => {}
            }
        }
        if random.below(2) == 0 {
            line("  scrape_interval: 15s");
            line("  metrics_path: \"/metrics\"");
        }
        if random.below(2) == 0 {
            line("  params:");
            line(&format!("  {inner}  module: [http_2xx]"));
        }
        line("  static_configs:");
        for group in 0..=random.below(3) {
            match random.below(3) {
                0 => line(&format!("  {inner}- targets: ['h{job}-{group}:9100', \"i:80\"]")),
                1 => {
                    line(&format!("  {inner}- targets:"));
                    line(&format!("  {inner}  - h{job}-{group}:9100"));
                    line(&format!("  {inner}  - 'i:80'"));
                }
                _ => {
                    line(&format!("  {inner}- targets: [h{job}-{group}:9100,"));
                    line(&format!("  {inner}      'i:80']"));
                }
            }
            if random.below(2) == 0 {
                line(&format!("  {inner}  labels: {{env: prod, 'team': \"a b\"}}"));
            }
        }
        if random.below(2) == 0 {
            line("  relabel_configs:");
            for _ in 0..=random.below(3) {
                line(&format!("  {inner}- source_labels: [__address__, job]"));
                line(&format!("  {inner}  regex: {}", random.of(&["'(.*):\\d+'", "(.+)", "\"a|b\"", "it's"])));
                line(&format!("  {inner}  target_label: host"));
                if random.below(3) == 0 {
                    line(&format!("  {inner}  replacement: |-"));
                    line(&format!("  {inner}    $1: 'x"));
                }
            }
        }
    }
    (lines, owners, count)
}

/// Damages a line as a typist does.
fn damage(line: &str, random: &mut Random) -> String {
    let characters: Vec<char> = line.chars().collect();
    let at = random.below(characters.len() + 1);
    let (before, after): (String, String) = (characters[..at].iter().collect(), characters[at..].iter().collect());
    match random.below(8) {
        0 => before,
        1 | 2 => {
            let sign = random
                .of(&["'", "\"", "[", "{", "]", "}", ":", ",", "-", "#", "&", "*", "!", "|", "@", "%", "\t", " "]);
            format!("{before}{sign}{after}")
        }
        3 => format!("{before}{}", after.chars().skip(1).collect::<String>()),
        4 => format!("{}{line}", " ".repeat(1 + random.below(4))),
        5 => line.strip_prefix(" ").or(line.strip_prefix("  ")).unwrap_or(line).to_string(),
        6 => line.replacen(':', "", 1),
        _ => format!(
            "{}{}",
            " ".repeat(line.len() - line.trim_start().len()),
            random.of(&["scrape", "- ", "a b", "- x: [", "k: 'v", "<<<<<<< HEAD"])
        ),
    }
}

/// What became of damaged configs.
#[derive(Debug, Default)]
struct Outcome {
    broken: usize,
    kept: usize,
    judged: usize,
    noisy: usize,
}

impl Outcome {
    fn add(&mut self, other: &Self) {
        self.broken += other.broken;
        self.kept += other.kept;
        self.judged += other.judged;
        self.noisy += other.noisy;
    }
}

/// Configs of one seed, each with one damaged line. `RECOVERY_SEEDS=20` tries more seeds.
fn damaged(seed: u64, shown: &mut usize) -> Outcome {
    const CASES: usize = 1_500;
    let (mut random, mut outcome) = (Random(seed), Outcome::default());
    for _ in 0..CASES {
        let (mut lines, owners, count) = config(&mut random);
        assert!(Tree::parse(lines.join("\n")).fault().is_none(), "{}", lines.join("\n"));
        let at = random.below(lines.len());
        // All jobs hang on their key.
        if owners[at] == Some(usize::MAX) {
            continue;
        }
        let original = lines[at].clone();
        lines[at] = damage(&original, &mut random);
        let text = lines.join("\n") + "\n";
        let tree = Tree::parse(text.as_str());
        let Some(recovered) = tree.recovered() else { continue };
        outcome.broken += 1;
        let is_noisy = recovered.damages().len() > 1;
        outcome.noisy += usize::from(is_noisy);
        let mut sources = Sources::new();
        let (config, faults) = Config::read_parsed(&mut sources, "p.yml", &tree, &Options::default());
        assert!(faults.iter().all(|fault| text.get(fault.at.span.range()).is_some()), "{text}");
        let is_found = |job: usize| {
            let name = format!("job-{job}");
            config.scrape_configs.iter().find(|found| found.job_name.value == name).map(|found| found.is_valid)
        };
        let others = || (0..count).filter(|job| owners[at] != Some(*job));
        let lost: Vec<usize> = others().filter(|job| is_found(*job).is_none()).collect();
        outcome.judged += usize::from(others().all(|job| is_found(job) == Some(true)));
        outcome.kept += usize::from(lost.is_empty());
        if (is_noisy || !lost.is_empty()) && *shown < 100 {
            *shown += 1;
            let around = lines[at.saturating_sub(4)..(at + 8).min(lines.len())].join("\n");
            let damages: Vec<_> = recovered.damages().iter().map(|damage| (damage.span, &damage.cause)).collect();
            #[allow(clippy::print_stdout, reason = "shown with a failing test only")]
            {
                println!("--- jobs {lost:?} are lost: {original:?} became {:?}\n{damages:?}\n{around}", lines[at]);
            }
        }
    }
    outcome
}

#[test]
fn one_damaged_line_costs_no_job_but_its_own() {
    let seeds = std::env::var("RECOVERY_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(3);
    let (mut shown, mut all) = (0, Outcome::default());
    for seed in 18..18 + seeds {
        let outcome = damaged(seed, &mut shown);
        println!("seed {seed}: {outcome:?}");
        assert!(outcome.broken > 500, "{}", outcome.broken);
        all.add(&outcome);
    }
    let Outcome { broken, kept, judged, noisy } = all;
    println!(
        "of {broken} broken texts, all other jobs are found in {kept}, and judged in {judged}; more than one place is \
         reported in {noisy}"
    );
    assert!(kept * 1000 >= broken * 992, "{kept} of {broken}");
    assert!(judged * 100 >= broken * 98, "{judged} of {broken}");
    assert!(noisy * 100 <= broken * 3, "{noisy} of {broken}");
}
