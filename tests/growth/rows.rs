//! The rows: what grows, the size n, and the case of that size. A new row is one line in [`ROWS`].

/// A command and the files that it reads.
pub(crate) struct Case {
    /// The command with its first arguments, divided by single spaces.
    pub(crate) command: &'static str,
    /// More arguments.
    pub(crate) more: Vec<String>,
    /// The files by their names; the first one is the file that the command names.
    pub(crate) files: Vec<(String, String)>,
    /// The exit statuses that are expected.
    pub(crate) statuses: &'static [i32],
}

impl Case {
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &str> {
        self.command.split(' ').chain(self.more.iter().map(String::as_str))
    }

    fn file(mut self, name: impl Into<String>, text: String) -> Self {
        self.files.push((name.into(), text));
        self
    }

    fn arguments_for(mut self, flag: &str, values: impl Iterator<Item = String>) -> Self {
        self.more.extend(values.flat_map(|value| [flag.to_string(), value]));
        self
    }
}

/// What grows.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// The size of the first of three runs.
    pub(crate) n: usize,
    pub(crate) make: fn(usize) -> Case,
}

const fn row(name: &'static str, n: usize, make: fn(usize) -> Case) -> Row {
    Row { name, n, make }
}

/// All rows, each in one line: its name, n, and the case of size n.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    // Lists of rules.
    row("rules, each with other labels", 50, |n| lint(rules(n, |i| format!("{{source_labels: [__meta_a{i}], regex: '(.+)', target_label: l{i}}}")))),
    row("rules that set one label", 50, |n| lint(rules(n, |i| format!("{{source_labels: [__address__], regex: 'h{i}:.*', target_label: env, replacement: v{i}}}")))),
    row("rules that are the same", 50, |n| lint(rules(n, |_| "{source_labels: [__address__], regex: '(.+):.*', target_label: host}".into()))),
    row("rules that read unknown labels", 50, |n| lint(rules(n, |i| format!("{{source_labels: [unknown{i}], target_label: env{i}}}")))),
    row("rules that set temporary labels", 50, |n| lint(rules(n, |i| format!("{{source_labels: [__tmp_{i}], target_label: __tmp_{}}}", i + 1)))),
    row("rules that drop", 50, |n| lint(rules(n, |i| format!("{{source_labels: [__address__], regex: 'a{i}.*b', action: drop}}")))),
    row("rules that keep", 50, |n| lint(rules(n, |i| format!("{{source_labels: [__address__], regex: '.*{i}.*', action: keep}}")))),
    row("rules that remove labels", 50, |n| lint(rules(n, |i| format!("{{regex: 'label{i}', action: labeldrop}}")))),
    row("rules that hash", 50, |n| lint(rules(n, |i| format!("{{source_labels: [__address__], modulus: 4, target_label: __tmp_h{i}, action: hashmod}}")))),
    row("rules of discovery", 50, |n| lint(discovered(n, |i| format!("{{source_labels: [__meta_kubernetes_pod_label_l{i}], target_label: l{i}}}")))),
    row("rules of metrics", 50, |n| lint(metric_rules(n, |i| format!("{{source_labels: [__name__], regex: 'go_{i}_.*', action: drop}}")))),
    row("rules that rename metrics", 50, |n| lint(metric_rules(n, |i| format!("{{source_labels: [__name__], regex: 'old_{i}', target_label: __name__, replacement: new_{i}}}")))),
    row("rules in a file of rules", 50, |n| lint(many("", n, |i| format!("- {{source_labels: [a{i}], regex: '(.+)', target_label: b{i}}}\n")))),
    row("source labels in a rule", 200, |n| lint(rules(1, |_| format!("{{source_labels: [{}], target_label: env}}", list(n, |i| format!("label{i}")))))),
    row("source labels in a rule, all known", 200, |n| lint(rules(1, |_| format!("{{source_labels: [{}], target_label: env}}", list(n, |_| "__address__".into()))))),
    row("alternatives in a pattern", 100, |n| lint(rules(1, |_| format!("{{source_labels: [__address__], regex: '{}', action: keep}}", list(n, |i| format!("host-{i}.example:9100")).replace(", ", "|"))))),
    row("groups in a pattern", 50, |n| lint(rules(1, |_| format!("{{source_labels: [__address__], regex: '{}', target_label: env}}", list(n, |_| "(a?)".into()).replace(", ", ""))))),
    // Jobs, targets, groups.
    row("jobs", 30, |n| lint(jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n  relabel_configs: [{{source_labels: [__address__], target_label: host}}]\n")))),
    row("jobs in one line", 50, |n| lint(one_line_jobs(n))),
    row("jobs with one name", 100, |n| lint(many("scrape_configs:\n", n, |_| "- job_name: a\n".into()))),
    row("targets in a group", 100, |n| lint(groups(1, |_| format!("{{targets: [{}]}}", list(n, |i| format!("'h{i}:9100'")))))),
    row("targets that are the same", 100, |n| lint(groups(1, |_| format!("{{targets: [{}]}}", list(n, |_| "'h:9100'".into()))))),
    row("groups with labels", 50, |n| lint(groups(n, |i| format!("{{targets: ['h{i}:9100'], labels: {{env: e{i}, l{i}: x}}}}")))),
    row("groups and rules", 25, |n| lint(groups(n, |i| format!("{{targets: ['h{i}:9100'], labels: {{l{i}: x}}}}")) + &many("  relabel_configs:\n", n, |i| format!("  - {{source_labels: [l{i}], regex: 'x(.*)', target_label: m{i}}}\n")))),
    row("labels of a group", 100, |n| lint(groups(1, |_| format!("{{targets: ['h:9100'], labels: {{{}}}}}", list(n, |i| format!("l{i}: x")))))),
    row("groups in a target file", 50, |n| lint(many("", n, |i| format!("- targets: ['h{i}:9100']\n  labels: {{env: e{i}}}\n")))),
    row("groups in a JSON target file", 50, |n| lint_of("f.json", format!("[{}]", list(n, |i| format!("{{\"targets\": [\"h{i}:9100\"], \"labels\": {{\"env\": \"e{i}\"}}}}"))))),
    // Faults and findings.
    row("unknown fields", 100, |n| lint(many("scrape_configs:\n- job_name: a\n", n, |i| format!("  unknown{i}: 1\n")))),
    row("fields that are given again", 200, |n| lint(many("scrape_configs:\n- job_name: a\n", n, |_| "  scheme: http\n".into()))),
    row("values of the wrong type", 200, |n| lint(many("scrape_configs:\n", n, |_| "- []\n".into()))),
    row("faults in one line", 200, |n| lint(format!("scrape_configs: [{}]\n", list(n, |i| format!("{{job_name: ö{i}, schema: x}}"))))),
    row("findings in lines of CRLF", 50, |n| lint(rules(n, |i| format!("{{source_labels: [a{i}], regex: '^x{i}.y$', target_label: b}}")).replace('\n', "\r\n"))),
    row("findings as JSON", 100, |n| Case { command: "lint f.yml --format json", ..lint(many("scrape_configs:\n- job_name: a\n", n, |i| format!("  unknown{i}: 1\n"))) }),
    row("findings as SARIF", 100, |n| Case { command: "lint f.yml --format sarif", ..lint(many("scrape_configs:\n- job_name: a\n", n, |i| format!("  unknown{i}: 1\n"))) }),
    row("findings in short", 100, |n| Case { command: "lint f.yml --format concise", ..lint(many("scrape_configs:\n- job_name: a\n", n, |i| format!("  unknown{i}: 1\n"))) }),
    row("comments that ignore", 100, |n| lint(groups(n, |i| format!("{{targets: ['h{i}:9100']}} # promcfg: ignore[duplicate-target]")))),
    row("rules in an ignore-file comment", 200, |n| lint(format!("# promcfg: ignore-file[{}]\nscrape_configs: []\n", list(n, |_| "duplicate-target".into())))),
    row("unknown rules in an ignore-file comment", 20, |n| lint(format!("# promcfg: ignore-file[{}]\nscrape_configs: []\n", list(n, |i| format!("duplicate-targat{i}"))))),
    row("leftover placeholders", 50, |n| lint(jobs(n, |i| format!("  metrics_path: /{{{{ path{i} }}}}\n")))),
    // YAML.
    row("depth of lists in lines", 40, |n| lint(format!("scrape_configs: {}{}\n", "[".repeat(n), "]".repeat(n)))),
    row("depth of mappings in lines", 40, |n| lint(many("scrape_configs:\n", n, |i| format!("{}a:\n", " ".repeat(i + 1))))),
    row("anchors and aliases", 100, |n| lint(many("scrape_configs:\n", n, |i| format!("- {{job_name: j{i}, static_configs: &a{i} [{{targets: ['h{i}:1']}}]}}\n- {{job_name: k{i}, static_configs: *a{i}}}\n")))),
    row("aliases of one anchor", 50, |n| lint(format!("x: &x [{{targets: ['h:1']}}]\n{}", many("scrape_configs:\n", n, |i| format!("- {{job_name: j{i}, static_configs: *x}}\n"))))),
    row("merge keys", 50, |n| lint(many("scrape_configs:\n- &base {job_name: a, scheme: https}\n", n, |i| format!("- {{<<: *base, job_name: j{i}}}\n")))),
    row("merge keys in a chain", 50, |n| lint(many("scrape_configs:\n- &m0 {job_name: m0}\n", n, |i| format!("- &m{} {{<<: *m{i}, job_name: m{}}}\n", i + 1, i + 1)))),
    row("mappings merged into one", 50, |n| lint(format!("scrape_configs:\n- &base {{scheme: https}}\n- {{job_name: a, <<: [{}]}}\n", list(n, |_| "*base".into())))),
    row("documents", 100, |n| lint(many("", n, |i| format!("---\nscrape_configs: [{{job_name: j{i}}}]\n")))),
    row("configs in a list of objects", 30, |n| lint(many("", n, |i| format!("---\nkind: ConfigMap\ndata:\n  p.yml: |\n    scrape_configs:\n    - job_nam: j{i}\n")))),
    row("a long block of text", 200, |n| lint(many("kind: ConfigMap\ndata:\n  prometheus.yml: |\n    scrape_configs:\n    - job_name: a\n      static_configs:\n", n, |i| format!("      - targets: ['h{i}:1']\n")))),
    row("a long quoted text", 500, |n| lint(format!("scrape_configs: [{{job_name: \"{}\"}}]\n", "a\\u0062 ".repeat(n)))),
    row("comments", 500, |n| lint(format!("{}scrape_configs: []\n", "# a comment\n".repeat(n)))),
    row("text that is no YAML", 100, |n| lint(many("scrape_configs:\n", n, |i| format!("- job_name: j{i}\n")) + "- {a: b: c\n")),
    row("keys of another format", 200, |n| lint(many("", n, |i| format!("key{i}: 1\n")))),
    // Files and settings.
    row("files in a folder", 15, |n| (0..n).fold(case("lint .", &[0, 1, 2]), |case, i| case.file(format!("f{i}.yml"), format!("scrape_configs: [{{job_name: j{i}}}]\n")))),
    row("patterns of files in the settings", 50, |n| lint("scrape_configs: [{job_name: a}]\n".into()).file("promcfg.toml", many("[lint.per-file-ignores]\n", n, |i| format!("\"g{i}/*.yml\" = [\"duplicate-target\"]\n")))),
    row("target files of a job", 15, |n| (0..n).fold(lint(format!("scrape_configs: [{{job_name: a, file_sd_configs: [{{files: [{}]}}]}}]\n", list(n, |i| format!("t{i}.yml")))), |case, i| case.file(format!("t{i}.yml"), format!("- targets: ['h{i}:1']\n")))),
    row("included files", 15, |n| (0..n).fold(lint(format!("scrape_config_files: [{}]\n", list(n, |i| format!("s{i}.yml")))), |case, i| case.file(format!("s{i}.yml"), format!("scrape_configs: [{{job_name: j{i}}}]\n")))),
    // Fixes.
    row("fixes", 10, |n| fix(rules(n, |i| format!("{{source_labels: [__address__], regex: '^x{i}$', target_label: b{i}}}")))),
    row("fixes in one line", 10, |n| fix(format!("scrape_configs: [{{job_name: a, static_configs: [{{targets: ['h:1']}}], relabel_configs: [{}]}}]\n", list(n, |i| format!("{{source_labels: [__address__], regex: '^x{i}$', target_label: b{i}}}"))))),
    // Simulation.
    row("simulated jobs", 50, |n| run("simulate f.yml", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    row("simulated targets", 100, |n| run("simulate f.yml", groups(1, |_| format!("{{targets: [{}]}}", list(n, |i| format!("'h{i}:9100'")))))),
    row("simulated groups", 50, |n| run("simulate f.yml", groups(n, |i| format!("{{targets: ['h{i}:9100'], labels: {{env: e{i}}}}}")))),
    row("simulated rules", 50, |n| run("simulate f.yml", rules(n, |i| format!("{{source_labels: [a{i}], target_label: l{i}}}")))),
    row("simulated labels", 50, |n| run("simulate f.yml", groups(1, |_| format!("{{targets: ['h:9100'], labels: {{{}}}}}", list(n, |i| format!("l{i}: x")))))),
    row("targets that collide", 100, |n| run("simulate f.yml", rules_of(n, &["{target_label: __address__, replacement: 'h:1'}", "{target_label: instance, replacement: x}"]))),
    row("selected targets", 50, |n| run("simulate f.yml", groups(1, |_| format!("{{targets: [{}]}}", list(n, |i| format!("'h{i}:9100'"))))).arguments_for("--target", (0..n).map(|i| format!("h{i}:9100")))),
    row("selected targets that are not known", 50, |n| run("simulate f.yml", groups(1, |_| format!("{{targets: [{}]}}", list(n, |i| format!("'h{i}:9100'"))))).arguments_for("--target", (0..n).map(|i| format!("k{i}:9100")))),
    row("selected jobs", 50, |n| run("simulate f.yml", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n"))).arguments_for("--job", (0..n).map(|i| format!("j{i}")))),
    row("an unknown job among many", 100, |n| run("simulate f.yml --job jx1", jobs(n, |_| String::new()))),
    row("an unknown label among many", 100, |n| run("simulate f.yml --where lx=1", groups(n, |i| format!("{{targets: ['h{i}:9100'], labels: {{l{i}: x}}}}")))),
    row("targets from a file", 50, |n| run("simulate f.yml --targets t.json", jobs(1, |_| "  kubernetes_sd_configs: [{role: pod}]\n".into())).file("t.json", many("", n, |i| format!("{{\"__address__\": \"h{i}:1\", \"__meta_kubernetes_pod_name\": \"p{i}\"}}\n")))),
    row("series of a page", 100, |n| run("simulate f.yml --stage metric --series page", rules_of(1, &[])).file("page", many("# TYPE m gauge\n", n, |i| format!("m{{a=\"{i}\"}} 1\n")))),
    row("relabeled lines", 200, |n| run("relabel --rules f.yml in.ndjson", "- {source_labels: [a], target_label: b}\n".into()).file("in.ndjson", many("", n, |i| format!("{{\"a\": \"{i}\"}}\n")))),
    row("relabeled labels of a line", 200, |n| run("relabel --rules f.yml in.ndjson", "- {source_labels: [a], target_label: b}\n".into()).file("in.ndjson", format!("{{{}}}\n", list(n, |i| format!("\"l{i}\": \"x\""))))),
    row("rules for relabeled lines", 100, |n| run("relabel --rules f.yml in.ndjson", many("", n, |i| format!("- {{source_labels: [a{i}], target_label: b{i}}}\n"))).file("in.ndjson", "{\"a1\": \"x\"}\n".into())),
    // Edits.
    row("jobs that get a label", 10, |n| run("add-label f.yml team=x --all-jobs --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    row("jobs beside one that gets a label", 30, |n| run("add-label f.yml team=x --job j0 --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    row("groups that get a label", 20, |n| run("add-label f.yml team=x --all-jobs --stdout -q", groups(n, |i| format!("{{targets: ['h{i}:9100']}}")))),
    row("targets that get a label", 50, |n| run("add-label f.yml team=x --all-jobs --stdout -q", groups(1, |_| format!("{{targets: [{}]}}", list(n, |i| format!("'h{i}:9100'")))))),
    row("rules beside a label", 20, |n| run("add-label f.yml team=x --all-jobs --stdout -q", rules(n, |i| format!("{{source_labels: [__address__], regex: 'h{i}:.*', target_label: l{i}}}")))),
    row("groups that lose a label", 20, |n| run("remove-label f.yml env --all-jobs --stdout -q", groups(n, |i| format!("{{targets: ['h{i}:9100'], labels: {{env: e{i}}}}}")))),
    row("groups with a renamed label", 20, |n| run("rename-label f.yml env stage --all-jobs --stdout -q", groups(n, |i| format!("{{targets: ['h{i}:9100'], labels: {{env: e{i}}}}}")))),
    row("constant rules and --where", 10, |n| run("remove-label f.yml env --all-jobs --where host=h1.* --stdout -q", rules_of(1, &["{source_labels: [__address__], target_label: host}"]) + &(0..n).map(|i| format!("  - {{source_labels: [__address__], regex: 'h{i}:.*', target_label: env, replacement: e{i}}}\n")).collect::<String>())),
];

/// A case of a command, of which the statuses are expected.
fn case(command: &'static str, statuses: &'static [i32]) -> Case {
    Case { command, more: Vec::new(), files: Vec::new(), statuses }
}

fn lint(text: String) -> Case {
    lint_of("f.yml", text)
}

fn lint_of(name: &str, text: String) -> Case {
    let command = if name == "f.json" { "lint f.json" } else { "lint f.yml" };
    case(command, &[0, 1, 2]).file(name, text)
}

fn fix(text: String) -> Case {
    case("lint f.yml --diff", &[0, 1]).file("f.yml", text)
}

fn run(command: &'static str, text: String) -> Case {
    case(command, &[0, 1, 2]).file("f.yml", text)
}

/// A text with n more parts.
fn many(start: &str, n: usize, part: impl Fn(usize) -> String) -> String {
    std::iter::once(start.to_string()).chain((0..n).map(part)).collect()
}

/// Items for a list in braces.
fn list(n: usize, item: impl Fn(usize) -> String) -> String {
    (0..n).map(item).collect::<Vec<_>>().join(", ")
}

/// A config with n jobs.
fn jobs(n: usize, fields: impl Fn(usize) -> String) -> String {
    many("scrape_configs:\n", n, |i| format!("- job_name: j{i}\n{}", fields(i)))
}

/// A config in one line.
fn one_line_jobs(n: usize) -> String {
    let job = |i| format!("{{job_name: ö{i}, static_configs: [{{targets: ['h{i}:9100', 'h{i}:9100']}}]}}");
    format!("scrape_configs: [{}]\n", list(n, job))
}

/// A job with n groups.
fn groups(n: usize, group: impl Fn(usize) -> String) -> String {
    many("scrape_configs:\n- job_name: a\n  static_configs:\n", n, |i| format!("  - {}\n", group(i)))
}

/// A job with one target and n rules.
fn rules(n: usize, rule: impl Fn(usize) -> String) -> String {
    groups(1, |_| "{targets: ['h1:9100'], labels: {env: x}}".into())
        + &many("  relabel_configs:\n", n, |i| format!("  - {}\n", rule(i)))
}

/// A job with n targets and some rules.
fn rules_of(n: usize, rules: &[&str]) -> String {
    let targets = groups(1, |_| format!("{{targets: [{}]}}", list(n, |i| format!("'h{i}:9100'"))));
    targets + &many("  relabel_configs:\n", rules.len(), |i| format!("  - {}\n", rules[i]))
}

/// A job of Kubernetes with n rules.
fn discovered(n: usize, rule: impl Fn(usize) -> String) -> String {
    let start = "scrape_configs:\n- job_name: a\n  kubernetes_sd_configs: [{role: pod}]\n  relabel_configs:\n";
    many(start, n, |i| format!("  - {}\n", rule(i)))
}

/// A job with n rules for metrics.
fn metric_rules(n: usize, rule: impl Fn(usize) -> String) -> String {
    let start = "scrape_configs:\n- job_name: a\n  static_configs: [{targets: ['h:1']}]\n  metric_relabel_configs:\n";
    many(start, n, |i| format!("  - {}\n", rule(i)))
}
