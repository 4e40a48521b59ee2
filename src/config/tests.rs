//! Reading configs: which are accepted, which are refused, and with which message.

use crate::config::{Config, read_rules, read_target_file};
use crate::diagnostic::Diagnostic;
use crate::files::MemoryFiles;
use crate::options::Options;
use crate::relabel::NameScheme;
use crate::text::Sources;

/// Each fault as `line:column id: message`.
fn shown(sources: &Sources, faults: &[Diagnostic]) -> Vec<String> {
    let show = |fault: &Diagnostic| {
        let position = sources.position(fault.at);
        format!("{}:{} {}: {}", position.line, position.column, fault.id, fault.message)
    };
    faults.iter().map(show).collect()
}

fn faults(text: &str) -> Vec<String> {
    let mut sources = Sources::new();
    let file = sources.add("prometheus.yml", text);
    let (_, faults) = Config::read(&mut sources, file, &Options::default());
    shown(&sources, &faults)
}

fn config(text: &str) -> Config {
    let mut sources = Sources::new();
    let file = sources.add("prometheus.yml", text);
    let (config, faults) = Config::read(&mut sources, file, &Options::default());
    assert_eq!(shown(&sources, &faults), Vec::<String>::new());
    config
}

/// The faults of a job that has these lines besides its name.
fn faults_of_job(lines: &str) -> Vec<String> {
    faults(&format!("scrape_configs:\n- job_name: web\n  {}\n", lines.replace('\n', "\n  ")))
}

fn faults_of_rules(text: &str) -> Vec<String> {
    let mut sources = Sources::new();
    let file = sources.add("rules.yml", text);
    let (_, faults) = read_rules(&mut sources, file, NameScheme::Utf8);
    shown(&sources, &faults)
}

const NONE: [&str; 0] = [];

#[test]
fn nothing_null_and_comments_are_configs() {
    for text in ["", "null", "# nothing\n", "{}", "global:\nscrape_configs:\nalerting:\n", "scrape_configs: []"] {
        assert_eq!(faults(text), NONE, "{text:?}");
    }
}

#[test]
fn a_job_has_the_defaults_of_prometheus() {
    let config = config("scrape_configs: [{job_name: web}]");
    let job = &config.scrape_configs[0];
    assert_eq!(
        (job.scrape_interval.to_string(), job.scrape_timeout.to_string()),
        ("1m".to_string(), "10s".to_string())
    );
    assert_eq!((job.metrics_path.as_str(), job.scheme.as_str()), ("/metrics", "http"));
    assert!(!job.honor_labels && job.is_valid && job.relabel_configs.is_empty());
}

#[test]
fn a_job_inherits_from_global_what_it_does_not_set_itself() {
    let config = config(
        "global: {scrape_interval: 5s, target_limit: 7, scrape_native_histograms: true, metric_name_validation_scheme: legacy}\n\
         scrape_configs:\n\
         - {job_name: a}\n\
         - {job_name: b, scrape_interval: 30s, target_limit: 0, scrape_native_histograms: false, metric_name_validation_scheme: utf8}\n",
    );
    let [a, b] = &config.scrape_configs[..] else { panic!("two jobs") };
    let durations = |job: &crate::config::ScrapeConfig| format!("{} {}", job.scrape_interval, job.scrape_timeout);
    assert_eq!((durations(a), durations(b)), ("5s 5s".to_string(), "30s 5s".to_string()));
    assert_eq!((a.target_limit, b.target_limit), (7, 7));
    assert_eq!((a.scrape_native_histograms, b.scrape_native_histograms), (true, false));
    assert_eq!((a.name_scheme, b.name_scheme), (NameScheme::Legacy, NameScheme::Utf8));
}

#[test]
fn a_null_is_the_zero_value_and_not_the_default() {
    let config = config("scrape_configs: [{job_name: web, metrics_path: , scheme: null, scrape_interval: ~}]");
    let job = &config.scrape_configs[0];
    assert_eq!(
        (job.metrics_path.as_str(), job.scheme.as_str(), job.scrape_interval.to_string().as_str()),
        ("", "", "1m")
    );
}

#[test]
fn every_fault_of_a_file_is_told_and_none_hides_the_next() {
    let text = "\
scrape_configs:
- job_name: a
  scrape_timout: 5s
  honor_labels: 'yes'
- job_name: b
  scrape_interval: 15
  relabel_configs:
  - action: kep
  - regex: 'a('
    target_label: x
- job_name: a
";
    assert_eq!(
        faults(text),
        [
            "3:3 unknown-field: unknown field `scrape_timout` in a scrape config",
            "4:17 wrong-type: expected `true` or `false` for `honor_labels`, found a quoted string",
            "6:20 invalid-duration: invalid duration \"15\" for `scrape_interval`",
            "8:13 invalid-action: relabel_configs[0]: unknown action \"kep\"",
            "9:13 invalid-regex: relabel_configs[1]: invalid regular expression: missing closing `)`",
            "11:13 duplicate-job-name: duplicate job name \"a\"",
        ]
    );
}

#[test]
fn a_fault_has_the_job_the_remedy_and_prometheuss_own_words() {
    let mut sources = Sources::new();
    let file = sources.add("prometheus.yml", "scrape_configs:\n- job_name: web\n  relable_configs: []\n");
    let (config, faults) = Config::read(&mut sources, file, &Options::default());
    assert_eq!(faults[0].job.as_deref(), Some("web"));
    assert_eq!(faults[0].help.as_deref(), Some("did you mean `relabel_configs`?"));
    assert_eq!(
        faults[0].upstream.as_deref(),
        Some("line 3: field relable_configs not found in type config.ScrapeConfig")
    );
    assert!(!config.scrape_configs[0].is_valid);
}

#[test]
fn a_key_may_be_given_once_in_a_mapping() {
    assert_eq!(faults_of_job("scheme: a\nscheme: b"), ["4:3 duplicate-field: duplicate field `scheme`"]);
    assert_eq!(faults_of_job("params:\n  a: [x]\n  a: [y]"), ["5:5 duplicate-field: duplicate key `a` in `params`"]);
}

#[test]
fn merge_keys_fill_in_and_overwrite_by_their_place() {
    let text = "\
scrape_configs:
- &base
  job_name: a
  scheme: https
  metrics_path: /a
- <<: *base
  job_name: b
  metrics_path: /b
- job_name: c
  metrics_path: /c
  <<: {metrics_path: /merged}
";
    let config = config(text);
    let jobs: Vec<_> = config
        .scrape_configs
        .iter()
        .map(|job| (job.job_name.value.as_str(), job.scheme.as_str(), job.metrics_path.as_str()))
        .collect();
    assert_eq!(jobs, [("a", "https", "/a"), ("b", "https", "/b"), ("c", "http", "/merged")]);
}

#[test]
fn a_name_of_a_free_mapping_may_not_come_from_two_places() {
    let text = "static_configs:\n- labels: &l {env: a}\n- labels: {<<: *l, env: b}";
    assert_eq!(faults_of_job(text), ["5:22 duplicate-field: duplicate key `env` in `labels`"]);
}

#[test]
fn a_value_that_a_merge_key_overwrites_is_decoded_all_the_same() {
    let merged = "<<: {static_configs: [], relabel_configs: [], file_sd_configs: []}";
    assert_eq!(
        faults_of_job(&format!("static_configs: 5.5\nrelabel_configs: [{{action: kep}}]\n{merged}")),
        [
            "3:19 wrong-type: expected a list of target groups for `static_configs`, found a single value",
            "4:30 invalid-action: relabel_configs[0]: unknown action \"kep\"",
        ]
    );
    assert_eq!(
        faults_of_job(&format!("file_sd_configs: [{{}}]\n{merged}")),
        ["3:21 missing-field: missing `files` in an item of `file_sd_configs`"]
    );
    // Prometheus looks for empty items and checks rules when it has the last value.
    assert_eq!(faults_of_job(&format!("static_configs: [~]\nrelabel_configs: [~, {{}}]\n{merged}")), NONE);
    let rule = "relabel_configs: [{regex: 'a(', action: kep, <<: {regex: b, action: drop, source_labels: [x]}}]";
    assert_eq!(
        faults_of_job(rule),
        [
            "3:30 invalid-regex: relabel_configs[0]: invalid regular expression: missing closing `)`",
            "3:43 invalid-action: relabel_configs[0]: unknown action \"kep\"",
        ]
    );
    assert_eq!(
        faults("global: {scrape_interval: 5}\nscrape_configs: [{job_nam: a}]\n<<: {global: {}, scrape_configs: []}\n")
            .len(),
        3
    );
}

#[test]
fn aliases_that_never_end_are_refused_like_bombs() {
    assert_eq!(
        faults_of_job("static_configs:\n- &a\n  <<: *a"),
        ["5:9 invalid-yaml: invalid YAML: anchor 'a' value contains itself"]
    );
    let texts = vec!["x"; 300].join(", ");
    let mut bomb = format!("scrape_configs:\n- job_name: x\n  params: {{a: &texts [{texts}]}}\n  static_configs:\n");
    bomb += &"  - targets: *texts\n".repeat(2_000);
    let faults = faults(&bomb);
    assert_eq!(faults.len(), 1);
    assert!(faults[0].ends_with("invalid YAML: document contains excessive aliasing"), "{}", faults[0]);
}

#[test]
fn a_merge_of_what_is_no_mapping_is_refused() {
    assert_eq!(
        faults_of_job("<<: [1]"),
        ["3:8 invalid-yaml: invalid YAML: map merge requires map or sequence of maps as the value"]
    );
}

#[test]
fn deep_nesting_of_merges_needs_no_stack() {
    let depth = 5_000;
    let text = format!("{}{}", "{<<: ".repeat(depth), "}".repeat(depth));
    assert_eq!(faults(&format!("{text}\n")).len(), 1, "the innermost merge has no value");
}

#[test]
fn null_items_are_refused_where_they_stand() {
    assert_eq!(faults("scrape_configs:\n-\n"), ["2:1 empty-entry: empty item in `scrape_configs`"]);
    assert_eq!(faults_of_job("relabel_configs:\n- null"), ["4:5 empty-entry: relabel_configs[0]: empty relabel rule"]);
    assert_eq!(faults_of_job("static_configs: [~]"), ["3:20 empty-entry: empty item in `static_configs`"]);
}

#[test]
fn a_static_target_with_a_path_is_refused_unless_rules_could_mend_it() {
    let target = "static_configs: [{targets: ['http://h:1/x']}]";
    assert_eq!(faults_of_job(target), ["3:31 invalid-hostname: invalid target address \"http://h:1/x\""]);
    assert_eq!(faults_of_job(&format!("{target}\nrelabel_configs: [{{action: keep}}]")), NONE);
}

#[test]
fn the_timeout_must_not_exceed_the_interval() {
    assert_eq!(
        faults_of_job("scrape_interval: 5s\nscrape_timeout: 10s"),
        ["4:19 invalid-scrape-timeout: the scrape timeout of 10s is longer than the scrape interval of 5s"]
    );
    assert_eq!(
        faults("global: {scrape_interval: 5s, scrape_timeout: 10s}"),
        ["1:47 invalid-scrape-timeout: the scrape timeout of 10s is longer than the scrape interval of 5s"]
    );
}

#[test]
fn protocols_and_schemes_are_known_ones() {
    assert_eq!(
        faults_of_job("scrape_protocols: [PrometheusProto, prometheusproto, x]\nfallback_scrape_protocol: y"),
        [
            "3:39 invalid-scrape-protocol: duplicate scrape protocol \"prometheusproto\"",
            "3:56 invalid-scrape-protocol: unknown scrape protocol \"x\"",
            "4:29 invalid-scrape-protocol: unknown scrape protocol \"y\"",
        ]
    );
    assert_eq!(
        faults_of_job("metric_name_validation_scheme: UTF8\nmetric_name_escaping_scheme: no"),
        [
            "3:34 invalid-name-scheme: unknown name validation scheme \"UTF8\"",
            "4:32 invalid-escaping-scheme: unknown name escaping scheme \"no\"",
        ]
    );
}

#[test]
fn file_patterns_end_in_a_known_extension_and_have_stars_in_the_last_element() {
    assert_eq!(faults_of_job("file_sd_configs: [{files: [a/*.json, 'b?/c*.YML']}]"), NONE);
    assert_eq!(
        faults_of_job("file_sd_configs: [{files: ['a*/b.json', c.txt]}, {}]"),
        [
            "3:30 invalid-path-pattern: invalid path pattern \"a*/b.json\"",
            "3:43 invalid-path-pattern: invalid path pattern \"c.txt\"",
            "3:52 missing-field: missing `files` in an item of `file_sd_configs`",
        ]
    );
}

#[test]
fn rules_are_decoded_as_prometheus_decodes_them() {
    let mut sources = Sources::new();
    let text = "- {source_labels: [1, true, null], separator: , regex: , replacement: , target_label: 010, modulus: 1.9, action: REPLACE}\n";
    let file = sources.add("rules.yml", text);
    let (rules, faults) = read_rules(&mut sources, file, NameScheme::Utf8);
    assert_eq!(shown(&sources, &faults), NONE);
    let rule = &rules[0].spec;
    assert_eq!(rule.source_labels.as_deref(), Some(&["1".to_string(), "true".to_string(), String::new()][..]));
    assert_eq!((rule.separator.as_str(), rule.replacement.as_str(), rule.regex.as_deref()), ("", "", Some("")));
    assert_eq!((rule.target_label.as_str(), rule.modulus), ("010", 1));
}

#[test]
fn rules_are_refused_with_the_field_at_fault() {
    assert_eq!(
        faults_of_rules(
            "- {}\n- action:\n- {action: hashmod, target_label: a}\n- {action: labeldrop, regex: a, source_labels: [b]}\n\
             - {source_labels: a, target_label: b}\n- {regex: 'null', target_label: b}\n- {source_labels: [''], action: keep}\n"
        ),
        [
            "1:3 missing-target-label: relabel_configs[0]: missing `target_label` for the action `replace`",
            "2:3 missing-action: relabel_configs[1]: empty `action`",
            "3:4 missing-modulus: relabel_configs[2]: missing `modulus` for the action `hashmod`",
            "4:33 unexpected-rule-field: relabel_configs[3]: `source_labels` is not allowed with the action `labeldrop`",
            "5:19 wrong-type: relabel_configs[4]: expected a list of label names for `source_labels`, found a single value",
            "6:11 wrong-type: relabel_configs[5]: expected a regular expression other than `null` and `~` for `regex`, found a quoted string",
            "7:20 invalid-label-name: relabel_configs[6]: invalid label name \"\"",
        ]
    );
}

#[test]
fn a_fault_in_a_pattern_is_shown_at_its_very_bytes() {
    assert_eq!(
        faults_of_rules("- {regex: 'ab**', target_label: x}\n")[0],
        "1:14 invalid-regex: relabel_configs[0]: invalid regular expression: nested repetition `**`"
    );
}

#[test]
fn labels_in_legacy_jobs_are_legacy_names() {
    let rules = "relabel_configs: [{source_labels: [a-b], target_label: c-d}]";
    assert_eq!(faults_of_job(rules), NONE);
    assert_eq!(
        faults_of_job(&format!("metric_name_validation_scheme: legacy\nmetric_name_escaping_scheme: dots\n{rules}")),
        ["5:44 invalid-target-label: relabel_configs[0]: invalid target label \"c-d\""]
    );
    assert_eq!(
        faults("global: {metric_name_validation_scheme: legacy, external_labels: {a-b: x}}"),
        ["1:67 invalid-label-name: invalid label name \"a-b\""]
    );
}

#[test]
fn what_follows_the_first_document_is_noted_and_not_read() {
    assert_eq!(
        faults("global: {}\n---\nnonsense: 1\n"),
        ["2:1 ignored-documents: Prometheus ignores everything from here on"]
    );
}

#[test]
fn bytes_that_are_no_text_are_noted_and_not_refused() {
    let mut sources = Sources::new();
    let text =
        "scrape_configs: [{job_name: a, static_configs: [{targets: [h], labels: {x: !!binary /w==}}]}, {job_name: b}]";
    let file = sources.add("p.yml", text);
    let (config, _) = Config::read(&mut sources, file, &Options::default());
    let jobs: Vec<_> = config.scrape_configs.iter().map(|job| (job.is_valid, job.is_text)).collect();
    assert_eq!(jobs, [(true, false), (true, true)]);
    assert_eq!(
        faults_of_job("static_configs: [{targets: [h], labels: {a: !!binary /w==}}]"),
        ["3:47 binary-value: the value of `a` is not UTF-8"]
    );
}

#[test]
fn target_files_in_yaml_are_strict_about_keys_and_lenient_about_values() {
    let mut sources = Sources::new();
    let mut read = |text: &str| {
        let (groups, faults) = read_target_file(&mut sources, "t.yml", text.as_bytes(), crate::Release::LATEST);
        let targets: Vec<String> =
            groups.iter().flat_map(|group| &group.targets).map(|target| target.value.clone()).collect();
        (targets, shown(&sources, &faults))
    };
    assert_eq!(read("- targets: [h:1, 10, null]\n").0, ["h:1", "10", ""]);
    assert_eq!(read("").1, NONE);
    assert_eq!(read("- target: [h:1]\n").1, ["1:3 unknown-field: unknown field `target` in a target group"]);
    assert_eq!(read("- null\n").1, ["1:3 empty-entry: empty item in the list of target groups"]);
    assert_eq!(
        read("a: b\n").1,
        ["1:1 wrong-type: expected a list of target groups for a target file, found a mapping"]
    );
}

#[test]
fn jobs_of_included_files_take_the_globals_of_the_config() {
    let mut sources = Sources::new();
    let text = "global: {scrape_interval: 7s}\nscrape_config_files: [jobs/*]\nscrape_configs: [{job_name: a}]\n";
    let file = sources.add("conf/p.yml", text);
    let files = MemoryFiles::from_iter([
        ("conf/jobs/1.yml", "scrape_configs: [{job_name: b}]"),
        ("conf/jobs/2.yml", "scrape_configs:\n- job_name: a\n- job_name: b\nglobal: {}\n"),
    ]);
    let (config, faults) = Config::read(&mut sources, file, &Options::new(&files));
    let jobs: Vec<_> = config.scrape_configs.iter().map(|job| (sources.name(job.file), job.is_valid)).collect();
    assert_eq!(
        jobs,
        [("conf/p.yml", true), ("conf/jobs/1.yml", true), ("conf/jobs/2.yml", false), ("conf/jobs/2.yml", false)]
    );
    assert_eq!(config.scrape_configs[1].scrape_interval.to_string(), "7s");
    assert_eq!(
        shown(&sources, &faults),
        [
            "2:13 duplicate-job-name: duplicate job name \"a\"",
            "3:13 duplicate-job-name: duplicate job name \"b\"",
            "4:1 unknown-field: unknown field `global` in a file of scrape configs",
        ]
    );
    let upstream = "found multiple scrape configs with job name \"b\", first found in \"conf/jobs/1.yml\"";
    assert_eq!(faults[1].upstream.as_deref(), Some(upstream));
}

#[test]
fn fields_and_actions_of_victoriametrics_are_named_with_the_way_of_prometheus() {
    let help = |line: &str| {
        let text = format!("scrape_configs:\n- job_name: a\n  relabel_configs:\n  - {line}\n");
        let mut sources = Sources::new();
        let file = sources.add("p.yml", text);
        let (_, faults) = Config::read(&mut sources, file, &Options::default());
        assert_eq!(faults.len(), 1, "{line}");
        assert!(faults[0].notes.iter().any(|note| note.contains("VictoriaMetrics")), "{line}: {:?}", faults[0].notes);
        faults[0].help.clone().unwrap_or_default()
    };
    assert!(help("{source_labels: [a, b], action: keep_if_equal}").contains("`action: keepequal`"));
    assert!(help("{source_labels: [a, b], action: DROP_IF_EQUAL}").contains("`action: dropequal`"));
    assert!(help("{regex: x, action: drop_metrics}").contains("`source_labels: [__name__]`"));
    assert!(help("{source_labels: [a], regex: '-', target_label: b, action: replace_all}").contains("`replace`"));
    assert!(help("{regex: '-', action: labelmap_all}").contains("`labelmap`"));
    assert!(help("{if: '{a=\"b\"}', action: drop}").contains("`regex`"));
}

#[test]
fn a_target_file_of_another_shape_gets_no_advice_for_items() {
    let help = |text: &str| {
        let mut sources = Sources::new();
        let (_, faults) = read_target_file(&mut sources, "t.yml", text.as_bytes(), crate::Release::LATEST);
        faults[0].help.clone().unwrap_or_default()
    };
    assert!(help("targets: ['h:1']\n").starts_with("write a `-` before"));
    assert_eq!(help("web: {hosts: ['h:1']}\n"), "write a list of groups with `targets` and `labels`");
    assert!(help("job_name: a\nstatic_configs: [{targets: ['h:1']}]\n").ends_with("`scrape_config_files`"));
}

#[test]
fn a_url_to_probe_gets_the_rules_for_a_probe() {
    let help = |job: &str| {
        let text = format!(
            "scrape_configs:\n- job_name: a\n{job}  static_configs: [{{targets: ['https://shop.example/cart']}}]\n"
        );
        let mut sources = Sources::new();
        let file = sources.add("p.yml", text);
        let (_, faults) = Config::read(&mut sources, file, &Options::default());
        assert_eq!((faults.len(), faults[0].id.as_str()), (1, "invalid-hostname"));
        faults[0].help.clone().unwrap_or_default()
    };
    for job in ["  metrics_path: /probe\n", "  metrics_path: /snmp\n", "  params: {module: [http_2xx]}\n"] {
        assert!(help(job).contains("__param_target"), "{job}");
    }
    assert!(help("  metrics_path: /metrics\n").contains("`scheme: https`"));
}
