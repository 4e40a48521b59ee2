//! The rows: what grows, the size n, and the case of that size. A new row is one line in [`ROWS`]: `row` for what every
//! run of the tests counts, `more` for the rest.

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

    fn with(mut self, arguments: impl Iterator<Item = String>) -> Self {
        self.more.extend(arguments);
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
    /// Whether its instructions are counted in every run of the tests, and not only with `GROWTH_ALL`.
    pub(crate) is_usual: bool,
    pub(crate) make: fn(usize) -> Case,
}

const fn row(name: &'static str, n: usize, make: fn(usize) -> Case) -> Row {
    Row { name, n, is_usual: true, make }
}

/// A row whose instructions are counted with `GROWTH_ALL` only: each takes seconds.
const fn more(name: &'static str, n: usize, make: fn(usize) -> Case) -> Row {
    Row { name, n, is_usual: false, make }
}

/// All rows, each in one line: its name, n, and the case of size n.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    // Texts that are not valid YAML.
    row("jobs around broken places", 60, broken_jobs),
    // Lists of rules.
    row("rules, each with other labels", 120, |n| count(rules(n, |i| format!("{{source_labels: [a{i}], regex: '(.+)', target_label: l{i}}}")))),
    row("rules that set one label", 40, |n| count(rules(n, |i| format!("{{source_labels: [__address__], regex: 'h{i}:.*', target_label: env, replacement: v{i}}}")))),
    more("rules that are the same", 40, |n| count(rules(n, |_| "{source_labels: [__address__], regex: '(.+):.*', target_label: host}".into()))),
    row("rules that read unknown labels", 60, |n| count(rules(n, |i| format!("{{source_labels: [unknown{i}], target_label: env{i}}}")))),
    more("rules that set temporary labels", 40, |n| count(rules(n, |i| format!("{{source_labels: [__tmp_{i}], target_label: __tmp_{}}}", i + 1)))),
    row("rules that drop", 40, |n| count(rules(n, |i| format!("{{source_labels: [__address__], regex: 'a{i}.*b', action: drop}}")))),
    more("rules that keep", 40, |n| count(rules(n, |i| format!("{{source_labels: [__address__], regex: '.*{i}.*', action: keep}}")))),
    row("rules that remove labels", 40, |n| count(rules(n, |i| format!("{{regex: 'label{i}', action: labeldrop}}")))),
    more("rules that hash", 40, |n| count(rules(n, |i| format!("{{source_labels: [__address__], modulus: 4, target_label: __tmp_h{i}, action: hashmod}}")))),
    more("rules of discovery", 40, |n| count(discovered(n, |i| format!("{{source_labels: [__meta_kubernetes_pod_label_l{i}], target_label: l{i}}}")))),
    more("rules of metrics", 40, |n| count(metric_rules(n, |i| format!("{{source_labels: [__name__], regex: 'go_{i}_.*', action: drop}}")))),
    more("rules that rename metrics", 40, |n| count(metric_rules(n, |i| format!("{{source_labels: [__name__], regex: 'old_{i}', target_label: __name__, replacement: new_{i}}}")))),
    more("rules of several kinds", 200, |n| count(rules(n, |i| match i % 4 {
        0 => format!("{{source_labels: [env, l{i}], regex: 'x{i};.*', action: keep}}"),
        1 => format!("{{source_labels: [l{i}], regex: '(.*)-y{i}', target_label: l{}}}", i + 1),
        2 => format!("{{source_labels: [l{i}], target_label: __tmp_{i}, modulus: 4, action: hashmod}}"),
        _ => format!("{{regex: 'l{i}', action: labeldrop}}"),
    }))),
    more("rules in a file of rules", 40, |n| count(many("", n, |i| format!("- {{source_labels: [a{i}], regex: '(.+)', target_label: b{i}}}\n")))),
    row("source labels in a rule", 200, |n| count(rules(1, |_| format!("{{source_labels: [{}], target_label: env}}", list(n, |i| format!("label{i}")))))),
    more("source labels in a rule, all known", 200, |n| count(rules(1, |_| format!("{{source_labels: [{}], target_label: env}}", list(n, |_| "__address__".into()))))),
    more("alternatives in a pattern", 100, |n| count(rules(1, |_| format!("{{source_labels: [__address__], regex: '{}', action: keep}}", list(n, |i| format!("host-{i}.example:9100")).replace(", ", "|"))))),
    more("groups in a pattern", 40, |n| count(rules(1, |_| format!("{{source_labels: [__address__], regex: '{}', target_label: env}}", list(n, |_| "(a?)".into()).replace(", ", ""))))),
    // Jobs, targets, groups.
    more("jobs", 15, |n| lint(jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n  relabel_configs: [{{source_labels: [__address__], target_label: host}}]\n")))),
    row("jobs in one line", 15, |n| lint(one_line_jobs(n))),
    more("jobs with one name", 40, |n| lint(many("scrape_configs:\n", n, |_| "- job_name: a\n".into()))),
    more("targets in a group", 60, |n| lint(groups(1, |_| format!("{{targets: [{}]}}", list(n, |i| format!("'h{i}:9100'")))))),
    more("targets that are the same", 60, |n| lint(groups(1, |_| format!("{{targets: [{}]}}", list(n, |_| "'h:9100'".into()))))),
    more("groups with labels", 25, |n| lint(groups(n, |i| format!("{{targets: ['h{i}:9100'], labels: {{env: e{i}, l{i}: x}}}}")))),
    row("groups and rules", 25, |n| lint(groups(n, |i| format!("{{targets: ['h{i}:9100'], labels: {{l{i}: x}}}}")) + &many("  relabel_configs:\n", n, |i| format!("  - {{source_labels: [l{i}], regex: 'x(.*)', target_label: m{i}}}\n")))),
    more("labels of a group", 100, |n| lint(groups(1, |_| format!("{{targets: ['h:9100'], labels: {{{}}}}}", list(n, |i| format!("l{i}: x")))))),
    more("groups in a target file", 50, |n| lint(many("", n, |i| format!("- targets: ['h{i}:9100']\n  labels: {{env: e{i}}}\n")))),
    more("groups in a JSON target file", 50, |n| lint_of("f.json", format!("[{}]", list(n, |i| format!("{{\"targets\": [\"h{i}:9100\"], \"labels\": {{\"env\": \"e{i}\"}}}}"))))),
    // Faults and findings.
    row("unknown fields", 30, |n| lint(many("scrape_configs:\n- job_name: a\n", n, |i| format!("  unknown{i}: 1\n")))),
    row("fields that are given again", 40, |n| lint(many("scrape_configs:\n- job_name: a\n", n, |_| "  scheme: http\n".into()))),
    more("values of the wrong type", 60, |n| lint(many("scrape_configs:\n", n, |_| "- []\n".into()))),
    more("faults in one line", 40, |n| lint(format!("scrape_configs: [{}]\n", list(n, |i| format!("{{job_name: ö{i}, schema: x}}"))))),
    more("findings in lines of CRLF", 12, |n| lint(rules(n, |i| format!("{{source_labels: [a{i}], regex: '^x{i}.y$', target_label: b}}")).replace('\n', "\r\n"))),
    more("findings as JSON", 30, |n| Case { command: "lint f.yml --format json", ..lint(many("scrape_configs:\n- job_name: a\n", n, |i| format!("  unknown{i}: 1\n"))) }),
    more("findings as SARIF", 30, |n| Case { command: "lint f.yml --format sarif", ..lint(many("scrape_configs:\n- job_name: a\n", n, |i| format!("  unknown{i}: 1\n"))) }),
    more("findings in short", 30, |n| Case { command: "lint f.yml --format concise", ..lint(many("scrape_configs:\n- job_name: a\n", n, |i| format!("  unknown{i}: 1\n"))) }),
    row("comments that ignore", 30, |n| lint(groups(n, |i| format!("{{targets: ['h{i}:9100']}} # promcfg: ignore[duplicate-target]")))),
    row("rules in an ignore-file comment", 50, |n| lint(format!("# promcfg: ignore-file[{}]\nscrape_configs: []\n", list(n, |_| "duplicate-target".into())))),
    more("unknown rules in an ignore-file comment", 4, |n| lint(format!("# promcfg: ignore-file[{}]\nscrape_configs: []\n", list(n, |i| format!("duplicate-targat{i}"))))),
    more("leftover placeholders", 25, |n| lint(jobs(n, |i| format!("  metrics_path: /{{{{ path{i} }}}}\n")))),
    // YAML.
    more("depth of lists in lines", 80, |n| lint(format!("scrape_configs: {}{}\n", "[".repeat(n), "]".repeat(n)))),
    row("depth of mappings in one line", 80, |n| lint(format!("scrape_configs: {}{}\n", "{a: ".repeat(n), "}".repeat(n)))),
    row("depth of lists in block style", 80, |n| lint(format!("scrape_configs:\n{}a\n", "- ".repeat(n)))),
    more("anchors and aliases", 20, |n| lint(many("scrape_configs:\n", n, |i| format!("- {{job_name: j{i}, static_configs: &a{i} [{{targets: ['h{i}:1']}}]}}\n- {{job_name: k{i}, static_configs: *a{i}}}\n")))),
    more("aliases of one anchor", 25, |n| lint(format!("x: &x [{{targets: ['h:1']}}]\n{}", many("scrape_configs:\n", n, |i| format!("- {{job_name: j{i}, static_configs: *x}}\n"))))),
    more("merge keys", 40, |n| lint(many("scrape_configs:\n- &base {job_name: a, scheme: https}\n", n, |i| format!("- {{<<: *base, job_name: j{i}}}\n")))),
    more("merge keys in a chain", 200, |n| lint(many("scrape_configs:\n- &m0 {job_name: m0}\n", n, |i| format!("- &m{} {{<<: *m{i}, job_name: m{}}}\n", i + 1, i + 1)))),
    more("mappings merged into one", 50, |n| lint(format!("scrape_configs:\n- &base {{scheme: https}}\n- {{job_name: a, <<: [{}]}}\n", list(n, |_| "*base".into())))),
    row("other mappings merged into one", 40, |n| lint(format!("scrape_configs:\n{}- {{job_name: a, <<: [{}]}}\n", (0..n).map(|i| format!("- &b{i} {{job_name: b{i}}}\n")).collect::<String>(), list(n, |i| format!("*b{i}"))))),
    row("documents", 100, |n| lint(many("", n, |i| format!("---\nscrape_configs: [{{job_name: j{i}}}]\n")))),
    more("configs in a list of objects", 8, |n| lint(many("", n, |i| format!("---\nkind: ConfigMap\ndata:\n  p.yml: |\n    scrape_configs:\n    - job_nam: j{i}\n")))),
    more("a long block of text", 60, |n| lint(many("kind: ConfigMap\ndata:\n  prometheus.yml: |\n    scrape_configs:\n    - job_name: a\n      static_configs:\n", n, |i| format!("      - targets: ['h{i}:1']\n")))),
    more("a long quoted text", 500, |n| lint(format!("scrape_configs: [{{job_name: \"{}\"}}]\n", "a\\u0062 ".repeat(n)))),
    more("comments", 500, |n| lint(format!("{}scrape_configs: []\n", "# a comment\n".repeat(n)))),
    more("text that is no YAML", 100, |n| lint(many("scrape_configs:\n", n, |i| format!("- job_name: j{i}\n")) + "- {a: b: c\n")),
    more("keys of another format", 200, |n| lint(many("", n, |i| format!("key{i}: 1\n")))),
    // Objects of Kubernetes.
    row("pods", 40, |n| objects("pod", &list(n, |i| pod(&format!("p{i}"), "{\"app\": \"a\"}", "[{\"name\": \"c\", \"ports\": [{\"containerPort\": 80}]}]")))),
    more("labels of a pod", 200, |n| objects("pod", &pod("p", &format!("{{{}}}", list(n, |i| format!("\"a.b/{i}\": \"x\""))), "[{\"name\": \"c\"}]"))),
    more("labels of a pod with one name", 200, |n| objects("pod", &pod("p", &format!("{{{}}}", list(n, |i| format!("\"{}\": \"x{i}\"", one_name(i)))), "[{\"name\": \"c\"}]"))),
    more("containers of a pod", 100, |n| objects("pod", &pod("p", "{}", &format!("[{}]", list(n, |i| format!("{{\"name\": \"c{i}\", \"ports\": [{{\"containerPort\": {i}}}]}}")))))),
    row("endpoints in a slice, with their pods", 40, |n| objects("endpointslice", &format!("{}, {}", slice("s", &list(n, |i| format!("p{i}"))), list(n, |i| pod(&format!("p{i}"), "{}", "[{\"name\": \"c\", \"ports\": [{\"containerPort\": 80}, {\"containerPort\": 81}]}]"))))),
    more("slices of services", 30, |n| objects("endpointslice", &list(n, |i| slice(&format!("s{i}"), "p")))),
    more("services and pods", 40, |n| question(format!("{{\"services\": [{}], \"nodes\": [], \"pods\": [{}]}}", list(n, |i| format!("{{\"kind\": \"Service\", \"metadata\": {{\"name\": \"s{i}\"}}, \"spec\": {{\"publishNotReadyAddresses\": true, \"clusterIP\": \"10.0.0.1\", \"selector\": {{\"app\": \"a{i}\", \"tier\": \"web\"}}, \"ports\": [{{\"port\": 80}}]}}}}")), list(n, |i| pod(&format!("p{i}"), &format!("{{\"app\": \"a{i}\", \"tier\": \"web\"}}"), "[]"))))),
    // Files and settings.
    more("files in a folder", 15, |n| (0..n).fold(case("lint .", &[0, 1, 2]), |case, i| case.file(format!("f{i}.yml"), format!("scrape_configs: [{{job_name: j{i}}}]\n")))),
    more("patterns of files in the settings", 50, |n| lint("scrape_configs: [{job_name: a}]\n".into()).file("promcfg.toml", many("[lint.per-file-ignores]\n", n, |i| format!("\"g{i}/*.yml\" = [\"duplicate-target\"]\n")))),
    more("target files of a job", 15, |n| (0..n).fold(lint(format!("scrape_configs: [{{job_name: a, file_sd_configs: [{{files: [{}]}}]}}]\n", list(n, |i| format!("t{i}.yml")))), |case, i| case.file(format!("t{i}.yml"), format!("- targets: ['h{i}:1']\n")))),
    more("included files", 15, |n| (0..n).fold(lint(format!("scrape_config_files: [{}]\n", list(n, |i| format!("s{i}.yml")))), |case, i| case.file(format!("s{i}.yml"), format!("scrape_configs: [{{job_name: j{i}}}]\n")))),
    // Fixes.
    row("fixes", 10, |n| fix(rules(n, |i| format!("{{source_labels: [__address__], regex: '^x{i}$', target_label: b{i}}}")))),
    more("fixes in one line", 10, |n| fix(format!("scrape_configs: [{{job_name: a, static_configs: [{{targets: ['h:1']}}], relabel_configs: [{}]}}]\n", list(n, |i| format!("{{source_labels: [__address__], regex: '^x{i}$', target_label: b{i}}}"))))),
    // Simulation.
    more("simulated jobs", 50, |n| run("simulate f.yml", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("simulated targets", 100, |n| run("simulate f.yml", groups(1, |_| format!("{{targets: [{}]}}", list(n, |i| format!("'h{i}:9100'")))))),
    more("simulated groups", 50, |n| run("simulate f.yml", groups(n, |i| format!("{{targets: ['h{i}:9100'], labels: {{env: e{i}}}}}")))),
    row("simulated rules", 50, |n| run("simulate f.yml", rules(n, |i| format!("{{source_labels: [a{i}], target_label: l{i}}}")))),
    more("simulated labels", 50, |n| run("simulate f.yml", groups(1, |_| format!("{{targets: ['h:9100'], labels: {{{}}}}}", list(n, |i| format!("l{i}: x")))))),
    more("targets that collide", 100, |n| run("simulate f.yml", rules_of(n, &["{target_label: __address__, replacement: 'h:1'}", "{target_label: instance, replacement: x}"]))),
    row("selected targets", 50, |n| run("simulate f.yml", groups(1, |_| format!("{{targets: [{}]}}", list(n, |i| format!("'h{i}:9100'"))))).arguments_for("--target", (0..n).map(|i| format!("h{i}:9100")))),
    more("selected targets that are not known", 50, |n| run("simulate f.yml", groups(1, |_| format!("{{targets: [{}]}}", list(n, |i| format!("'h{i}:9100'"))))).arguments_for("--target", (0..n).map(|i| format!("k{i}:9100")))),
    more("selected jobs that are not known", 50, |n| run("simulate f.yml", jobs(n, |_| String::new())).arguments_for("--job", (0..n).map(|i| format!("k{i}")))),
    row("selected jobs", 50, |n| run("simulate f.yml", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n"))).arguments_for("--job", (0..n).map(|i| format!("j{i}")))),
    more("an unknown job among many", 100, |n| run("simulate f.yml --job jx1", jobs(n, |_| String::new()))),
    more("an unknown label among many", 100, |n| run("simulate f.yml --where lx=1", groups(n, |i| format!("{{targets: ['h{i}:9100'], labels: {{l{i}: x}}}}")))),
    more("targets from a file", 50, |n| run("simulate f.yml --targets t.json", jobs(1, |_| "  kubernetes_sd_configs: [{role: pod}]\n".into())).file("t.json", many("", n, |i| format!("{{\"__address__\": \"h{i}:1\", \"__meta_kubernetes_pod_name\": \"p{i}\"}}\n")))),
    more("labels of a sample", 200, |n| page(format!("m{{{}}} 1\n", list(n, |i| format!("l{i}=\"x\""))))),
    more("labels that a sample has twice", 200, |n| page(format!("m{{{}}} 1\n", list(n, |i| format!("l{i}=\"\",l{i}=\"x\""))))),
    more("comments of a page", 1000, |n| page(many("m 1\n", n, |i| format!("# comment {i}\n")))),
    more("faults of a page", 200, |n| page(many("m 1\n", n, |i| format!("m x{i}\n")))),
    more("quotes of a page that stay open", 200, |n| page(many("m 1\n", n, |i| format!("m{{a=\"x{i}\n")))),
    more("faults of bytes that are not text", 200, |n| page(many("m 1\n", n, |i| format!("m{{\u{fffd}}} x{i}\n")))),
    more("a quoted name of a page", 20_000, |n| page(format!("{{\"{}\"}} 1\n", "n".repeat(n)))),
    more("a line of a page with a fault", 20_000, |n| page(format!("m{{a=\"{}\"}} x\n", "n".repeat(n)))),
    more("refused samples of a page", 100, |n| page(many("m 1\n", n, |i| format!("m{{a=\"{i}\",a=\"x\"}} 1\n")))),
    more("series of a page", 100, |n| run("simulate f.yml --stage metric --series page", rules_of(1, &[])).file("page", many("# TYPE m gauge\n", n, |i| format!("m{{a=\"{i}\"}} 1\n")))),
    more("relabeled lines", 200, |n| run("relabel --rules f.yml in.ndjson", "- {source_labels: [a], target_label: b}\n".into()).file("in.ndjson", many("", n, |i| format!("{{\"a\": \"{i}\"}}\n")))),
    more("relabeled labels of a line", 200, |n| run("relabel --rules f.yml in.ndjson", "- {source_labels: [a], target_label: b}\n".into()).file("in.ndjson", format!("{{{}}}\n", list(n, |i| format!("\"l{i}\": \"x\""))))),
    row("rules for relabeled lines", 100, |n| run("relabel --rules f.yml in.ndjson", many("", n, |i| format!("- {{source_labels: [a{i}], target_label: b{i}}}\n"))).file("in.ndjson", "{\"a1\": \"x\"}\n".into())),
    more("relabeled lines with names of their own", 100, |n| run("relabel --rules f.yml in.ndjson", "- {action: labelmap, regex: 'a(.+)'}\n".into()).file("in.ndjson", many("", n, |i| format!("{{\"a{i}\":\"1\",\"b\":\"2\"}}\n").repeat(3)))),
    more("relabeled labels that are copied to one", 20, |n| run("relabel --rules f.yml in.ndjson", "- {action: labelmap, regex: 'l.*', replacement: x}\n".into()).file("in.ndjson", format!("{{{}}}\n", list(n, |i| format!("\"l{i}\":\"{i}\""))).repeat(20))),
    more("escapes of relabeled lines", 400, |n| run("relabel --rules f.yml in.ndjson", "- {source_labels: [a], target_label: b}\n".into()).file("in.ndjson", format!("{{\"a\":\"{}\"}}\n", "\\n\\u00e9".repeat(n)).repeat(4))),
    more("a value for a pattern that goes back", 1_000, |n| run("relabel --rules f.yml in.ndjson", "- {source_labels: [a], regex: '(.*)a(.*)a(x|a|.+)d(a|b)?c', target_label: b}\n".into()).file("in.ndjson", format!("{{\"a\":\"{}\"}}\n", "a".repeat(n)).repeat(4))),
    // Edits.
    more("jobs that get a label", 10, |n| edit("add-label f.yml team=x --all-jobs --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("jobs beside one that gets a label", 30, |n| edit("add-label f.yml team=x --job j0 --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("jobs beside one that is removed", 30, |n| edit("remove-job f.yml j0 --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("jobs that are removed", 30, |n| edit("remove-job f.yml j* --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("jobs that get a target", 20, |n| edit("add-target f.yml new:1 --all-jobs --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    row("jobs that get fields", 70, |n| edit("set f.yml scrape_timeout=7s params.module=[x] --all-jobs --stdout -q", jobs(n, |i| format!("  metrics_path: /{i}\n  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("jobs beside one that gets a field", 30, |n| edit("set f.yml scrape_timeout=7s --job j0 --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("jobs that get fields and are read as a whole", 20, |n| edit("set f.yml scrape_timeout=7s metrics_path=/x --all-jobs --stdout -q", shared(&jobs(n, |i| format!("  metrics_path: /{i} # why\n  static_configs: [{{targets: ['h{i}:9100']}}]\n"))))),
    more("jobs that lose fields", 20, |n| edit("unset f.yml metrics_path params.a --all-jobs --stdout -q", jobs(n, |i| format!("  metrics_path: /{i} # why\n  params: {{a: [b]}}\n")))),
    more("jobs that lose fields and are read as a whole", 20, |n| edit("unset f.yml metrics_path params.a --all-jobs --stdout -q", shared(&jobs(n, |i| format!("  metrics_path: /{i} # why\n  params: {{a: [b]}}\n"))))),
    more("jobs that inherit another interval", 20, |n| edit("set f.yml global.scrape_interval=7s --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("jobs that get limits", 20, |n| edit("limit f.yml --samples 5 --max-targets 9 --all-jobs --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("fields of one job", 20, |n| edit("set f.yml --job a --stdout -q", "scrape_configs:\n- job_name: a\n".into()).with((0..n).map(|i| format!("params.p{i}=[x]")))),
    more("jobs that drop metrics", 20, |n| edit("drop-metric f.yml go_.* --all-jobs --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("jobs whose rules are extended by metrics", 20, |n| edit("drop-metric f.yml go_.* --all-jobs --stdout -q", jobs(n, |_| "  metric_relabel_configs:\n  - source_labels: [__name__]\n    regex: jvm_.*|a\n    action: drop\n".into()))),
    more("jobs that keep metrics", 20, |n| edit("keep-metric f.yml go_.* --all-jobs --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("metrics that are dropped", 20, |n| edit("drop-metric f.yml --job a --stdout -q", metric_rules(1, |_| "{source_labels: [__name__], regex: 'x_.*', action: drop}".into())).with((0..n).map(|i| format!("m{i}_.*")))),
    more("metrics of a rule that drops", 20, |n| edit("drop-metric f.yml new_.* m1 --job a --stdout -q", metric_rules(1, |_| format!("{{source_labels: [__name__], regex: '{}', action: drop}}", list(n, |i| format!("m{i}_.*")).replace(", ", "|"))))),
    more("jobs with labels of discovery that are copied", 20, |n| edit("map-labels f.yml __meta_kubernetes_pod_label_ --all-jobs --stdout -q", jobs(n, |_| "  kubernetes_sd_configs: [{role: pod}]\n".into()))),
    more("jobs that drop a label", 20, |n| edit("drop-label f.yml foo --all-jobs --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100'], labels: {{foo: x}}}}]\n")))),
    row("jobs beside a renamed one", 30, |n| edit("rename-job f.yml j1 new --keep-label --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("jobs beside a copied one", 30, |n| edit("copy-job f.yml j1 new --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("jobs beside a new one", 30, |n| edit("add-job f.yml new --preset static --target h:1 --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("jobs that are removed", 20, |n| edit("remove-job f.yml j1* --stdout -q", jobs(n, |i| format!("  # about\n  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("jobs beside one that gets a target", 30, |n| edit("add-target f.yml new:1 --job j1 --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("jobs that get a group", 20, |n| edit("add-target f.yml new:1 --label env=x --all-jobs --stdout -q", jobs(n, |i| format!("  static_configs:\n  - targets: ['h{i}:9100']\n")))),
    more("jobs that lose a target", 20, |n| edit("remove-target f.yml h:1 --all-jobs --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h:1', 'h{i}:9100']}}]\n")))),
    row("lists that are indented", 30, |n| edit("fmt f.yml --stdout -q", jobs(n, |i| format!("  static_configs:\n  {}- targets: ['h{i}:9100']\n  {}  labels: {{a: 'b'}}\n", if i % 3 == 0 { "  " } else { "" }, if i % 3 == 0 { "  " } else { "" })))),
    more("lists in each other that are indented", 30, |n| edit("fmt f.yml --stdout -q", jobs(n, |i| format!("  static_configs:\n{0}  - targets:\n{0}    - 'h{i}:9100'\n{0}    labels: {{a: |-\n      b}}\n", if i % 3 == 0 { "  " } else { "" })))),
    more("lists with comments that hold them back", 30, |n| edit("fmt f.yml --stdout -q", jobs(n, |i| format!("  static_configs:\n{}  - targets: ['h{i}:9100']\n  # at the key\n", if i % 3 == 0 { "  " } else { "" })))),
    more("lines that lose blanks", 30, |n| edit("fmt f.yml --stdout -q", jobs(n, |i| format!("  metrics_path: /{i}  \n  static_configs: [{{targets: ['h{i}:9100'], labels: {{a: on}}}}]\n")))),
    more("groups that lose a target", 20, |n| edit("remove-target f.yml h:1 --all-jobs --stdout -q", groups(n, |i| format!("{{targets: ['h:1', 'h{i}:9100']}}")))),
    more("targets that are removed", 50, |n| edit("remove-target f.yml --all-jobs --stdout -q", groups(1, |_| format!("{{targets: ['x:1', {}]}}", list(n, |i| format!("'h{i}:9100'"))))).arguments_for("x:1", (0..n).map(|i| format!("h{i}:9100")))),
    more("jobs beside one that is added", 30, |n| edit("add-job f.yml new --preset blackbox --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("jobs beside one that is copied", 30, |n| edit("copy-job f.yml j0 new --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("jobs and patterns for them", 30, |n| edit("add-label f.yml team=x --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n"))).arguments_for("--job", (0..n).map(|i| format!("j{i}*")))),
    more("jobs and targets that get a label", 30, |n| edit("add-label f.yml team=x --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n"))).arguments_for("--target", (0..n).map(|i| format!("h{i}:9100")))),
    more("groups and a rule for a label", 20, |n| edit("add-label f.yml team=x --all-jobs --method relabel --stdout -q", groups(n, |i| format!("{{targets: ['h{i}:9100']}}")))),
    more("groups that get a label", 20, |n| edit("add-label f.yml team=x --all-jobs --stdout -q", groups(n, |i| format!("{{targets: ['h{i}:9100']}}")))),
    more("targets that get a label", 50, |n| edit("add-label f.yml team=x --all-jobs --stdout -q", groups(1, |_| format!("{{targets: [{}]}}", list(n, |i| format!("'h{i}:9100'")))))),
    more("rules beside a label", 20, |n| edit("add-label f.yml team=x --all-jobs --stdout -q", rules(n, |i| format!("{{source_labels: [__address__], regex: 'h{i}:.*', target_label: l{i}}}")))),
    more("groups that lose a label", 20, |n| edit("remove-label f.yml env --all-jobs --stdout -q", groups(n, |i| format!("{{targets: ['h{i}:9100'], labels: {{env: e{i}}}}}")))),
    more("groups that lose a label for some targets", 20, |n| edit("remove-label f.yml env --all-jobs --where job=a --stdout -q", groups(n, |i| format!("{{targets: ['h{i}:9100'], labels: {{env: e{i}}}}}")))),
    more("groups with a renamed label", 20, |n| edit("rename-label f.yml env stage --all-jobs --stdout -q", groups(n, |i| format!("{{targets: ['h{i}:9100'], labels: {{env: e{i}}}}}")))),
    more("rules and targets that get a label", 10, |n| edit("add-label f.yml team=x --job a --dry-run -q", discovered(n, |i| format!("{{source_labels: [__meta_kubernetes_pod_label_l{i}], target_label: l{i}}}"))).arguments_for("--target", (0..n).map(|i| format!("h{i}:9100")))),
    more("rules with a renamed source label", 20, |n| edit("rename-label f.yml env stage --all-jobs --stdout -q", rules(n, |i| format!("{{source_labels: [env], regex: 'x{i}', target_label: l{i}}}")))),
    more("constant rules and --where", 110, |n| edit("remove-label f.yml env --all-jobs --where host=h1.* --stdout -q", rules_of(1, &["{source_labels: [__address__], target_label: host}"]) + &(0..n).map(|i| format!("  - {{source_labels: [__address__], regex: 'h{i}:.*', target_label: env, replacement: e{i}}}\n")).collect::<String>())),
    more("jobs with a label from another one", 20, |n| edit("add-label f.yml host --from __address__ --regex ([^:]+).* --all-jobs --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n")))),
    more("jobs that keep a label", 20, |n| edit("keep-label f.yml env --all-jobs --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100'], labels: {{env: x, l: y}}}}]\n")))),
    more("targets that move", 30, |n| edit("move-target f.yml --to b --stdout -q", groups(1, |_| format!("{{targets: ['x:1', {}]}}", list(n, |i| format!("'h{i}:9100'")))) + "- job_name: b\n  static_configs: [{targets: ['z:1']}]\n").with((0..n).map(|i| format!("h{i}:9100")))),
    more("jobs beside those of a target that moves", 30, |n| edit("move-target f.yml h0:9100 --to j1 --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100', 'k{i}:1']}}]\n")))),
    more("targets that move to a file", 30, |n| edit("move-target f.yml --job a --to-file t.yml --dry-run -q", groups(1, |_| format!("{{targets: [{}]}}", list(n, |i| format!("'h{i}:9100'"))))).with((0..n).map(|i| format!("h{i}:9100")))),
    more("jobs that drop targets", 20, |n| edit("drop-target f.yml --where env=dev --all-jobs --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100'], labels: {{env: dev}}}}, {{targets: ['k{i}:9100']}}]\n")))),
    more("jobs that keep targets", 20, |n| edit("keep-target f.yml --where env=dev --all-jobs --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100'], labels: {{env: dev}}}}, {{targets: ['k{i}:9100']}}]\n")))),
    more("jobs that keep a shard", 20, |n| edit("keep-target f.yml --shard 0/2 --all-jobs --stdout -q", jobs(n, |i| format!("  static_configs: [{{targets: ['h{i}:9100', 'k{i}:9100', 'l{i}:1']}}]\n")))),
    more("endpoints beside a new one", 20, |n| edit("add-endpoint f.yml --object servicemonitor/n1/m --port new --port-number 9 --unproved --dry-run -q", many("apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: m, namespace: n1}\nspec:\n  selector: {matchLabels: {app: a}}\n  endpoints:\n", n, |i| format!("  - port: p{i}\n")) + &many("---\napiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: n1, labels: {app: a}}\nspec:\n  selector: {app: a}\n  ports:\n", n, |i| format!("  - {{name: p{i}, port: {}}}\n", 1000 + i)))),
    more("monitors that get a field", 10, |n| edit("set f.yml scrape_interval=7s --all-jobs --stdout -q", many("", n, |i| format!("apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {{name: m{i}, namespace: n1}}\nspec: {{selector: {{}}, podMetricsEndpoints: [{{port: web}}]}}\n---\n")))),
    more("lines of a script", 10, |n| edit("edit --script s.jsonl --dry-run -q", jobs(5, |i| format!("  static_configs: [{{targets: ['h{i}:9100']}}]\n"))).file("s.jsonl", many("", n, |i| format!("{{\"command\": \"set\", \"config\": \"f.yml\", \"fields\": [\"sample_limit={}\"], \"job\": [\"j{}\"]}}\n", i + 1, i % 5)))),
    more("listed targets with secrets", 50, |n| edit("list-targets f.yml", groups(n, |i| format!("{{targets: ['h{i}:9100'], labels: {{token: s3cr3t{i}, env: e{i}}}}}")))),
    more("secrets of a line in a diff", 100, |n| edit("rename-label f.yml env stage --all-jobs --dry-run", groups(1, |_| format!("{{targets: ['h:9100'], labels: {{env: x, {}}}}}", list(n, |i| format!("token{i}: s3cr3t{i}")))))),
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

/// Lint that prints numbers only: the work that printing takes is in other rows.
fn count(text: String) -> Case {
    Case { command: "lint f.yml --statistics", ..lint(text) }
}

fn fix(text: String) -> Case {
    case("lint f.yml --diff", &[0, 1]).file("f.yml", text)
}

fn run(command: &'static str, text: String) -> Case {
    case(command, &[0, 1, 2]).file("f.yml", text)
}

/// A command that edits, or lists what can be edited, without a refusal.
fn edit(command: &'static str, text: String) -> Case {
    case(command, &[0]).file("f.yml", text)
}

/// Discovery in Kubernetes objects.
fn objects(role: &str, objects: &str) -> Case {
    question(format!("{{\"role\": \"{role}\", \"objects\": [{objects}]}}"))
}

fn question(question: String) -> Case {
    case("debug discovery f.json", &[0]).file("f.json", question)
}

fn pod(name: &str, labels: &str, containers: &str) -> String {
    format!(
        r#"{{"kind": "Pod", "metadata": {{"name": "{name}", "labels": {labels}}}, "spec": {{"containers": {containers}}}, "status": {{"podIP": "10.0.0.1", "podIPs": [{{"ip": "10.0.0.1"}}]}}}}"#
    )
}

/// One of many keys that become the same name.
fn one_name(number: usize) -> String {
    (0..16).map(|bit| if number >> bit & 1 == 0 { '.' } else { '-' }).collect()
}

/// A slice of endpoints with pods of these names, which commas part.
fn slice(name: &str, pods: &str) -> String {
    let endpoints: Vec<String> = pods
        .split(", ")
        .map(|pod| format!(r#"{{"addresses": ["10.0.0.1"], "targetRef": {{"kind": "Pod", "name": "{pod}"}}}}"#))
        .collect();
    let endpoints = endpoints.join(", ");
    format!(
        r#"{{"kind": "EndpointSlice", "metadata": {{"name": "{name}", "labels": {{"kubernetes.io/service-name": "s"}}}}, "endpoints": [{endpoints}], "ports": [{{"port": 80}}]}}"#
    )
}

/// A page that a target is scraped from.
fn page(text: String) -> Case {
    run("simulate f.yml --stage metric --series page", rules_of(1, &[])).file("page", text)
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

/// The same with an alias, so that it is read as a whole.
fn shared(jobs: &str) -> String {
    format!("global: {{external_labels: {{a: &x b, c: *x}}}}\n{jobs}")
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

/// Jobs, of which some are broken, and a conflict.
fn broken_jobs(n: usize) -> Case {
    let jobs: String = (0..n)
        .map(|i| match i % (n / 3) {
            0 => format!("- job_name: j{i}\n  static_configs:\n  - targets: ['a{i}:1'\n"),
            1 => format!("<<<<<<< a\n- job_name: j{i}\n=======\n- job_name: k{i}\n>>>>>>> b\n"),
            _ => format!("- job_name: j{i}\n  static_configs:\n  - targets: ['a{i}:1']\n"),
        })
        .collect();
    Case { command: "lint", more: Vec::new(), files: Vec::new(), statuses: &[1] }
        .file("prometheus.yml", format!("scrape_configs:\n{jobs}"))
}
