//! Merge keys: what a job has that inherits from another one.

use crate::config::{Config, ScrapeConfig};
use crate::diagnostic::Diagnostic;
use crate::options::Options;
use crate::text::Sources;

/// The job that inherits all of `base` and has `own`, and Prometheus's messages about the config.
fn inheriting(base: &str, own: &str) -> (Option<ScrapeConfig>, Vec<String>) {
    let text = format!("scrape_configs:\n- &base\n  job_name: a\n  {base}\n- <<: *base\n  job_name: b\n  {own}\n");
    read(&text)
}

fn read(text: &str) -> (Option<ScrapeConfig>, Vec<String>) {
    let mut sources = Sources::new();
    let file = sources.add("prometheus.yml", text);
    let (config, faults) = Config::read(&mut sources, file, &Options::default());
    let messages = faults.into_iter().filter(Diagnostic::is_error).filter_map(|fault| fault.upstream);
    (config.scrape_configs.into_iter().next_back(), messages.collect())
}

#[track_caller]
fn accepted(base: &str, own: &str) -> ScrapeConfig {
    let (job, messages) = inheriting(base, own);
    assert_eq!(messages, Vec::<String>::new());
    job.expect("there is a job")
}

#[track_caller]
fn refused(base: &str, own: &str, message: &str) {
    assert_eq!(inheriting(base, own).1, [message]);
}

fn params(job: &ScrapeConfig) -> Vec<(&str, Vec<&str>)> {
    job.params.iter().map(|(name, values)| (name.as_str(), values.iter().map(String::as_str).collect())).collect()
}

#[test]
fn a_map_has_the_keys_of_both_sides() {
    let job = accepted("params: {module: [x]}", "params: {target: [y]}");
    assert_eq!(params(&job), [("module", vec!["x"]), ("target", vec!["y"])]);
}

#[test]
fn a_key_on_both_sides_of_a_map_is_set_twice() {
    refused("params: {module: [x]}", "params: {module: [y]}", "line 7: key \"module\" already set in map");
}

#[test]
fn a_null_clears_the_inherited_map_and_an_empty_map_keeps_it() {
    assert_eq!(params(&accepted("params: {module: [x]}", "params: ~")), []);
    assert_eq!(params(&accepted("params: {module: [x]}", "params: {}")), [("module", vec!["x"])]);
}

#[test]
fn a_value_of_the_wrong_kind_leaves_the_inherited_map_as_it_is() {
    let (_, messages) = read(
        "scrape_configs:\n- &base\n  job_name: a\n  params: {module: [x]}\n- <<: *base\n  params: 5\n  <<: {params: {module: [y]}}\n  job_name: b\n",
    );
    assert_eq!(
        messages,
        ["line 6: cannot unmarshal !!int `5` into url.Values", "line 7: key \"module\" already set in map"]
    );
}

#[test]
fn a_section_has_the_fields_of_both_sides_and_its_own_ones_win() {
    accepted("basic_auth: {username: u}", "basic_auth: {username: v, password: p}");
    refused(
        "basic_auth: {username: u, password: p}",
        "basic_auth: {password_file: f}",
        "at most one of basic_auth password, password_file & password_ref must be configured",
    );
}

#[test]
fn a_null_clears_an_inherited_section() {
    accepted("basic_auth: {username: u, password: p}", "basic_auth: ~\n  authorization: {credentials: c}");
    refused(
        "basic_auth: {username: u, password: p}",
        "authorization: {credentials: c}",
        "at most one of basic_auth, oauth2 & authorization must be configured",
    );
}

#[test]
fn a_list_is_replaced_not_joined() {
    let job = accepted("static_configs: [{targets: [x, y]}]", "static_configs: [{targets: [z]}]");
    let targets: Vec<&str> = job.static_configs[0].targets.iter().map(|target| target.value.as_str()).collect();
    assert_eq!((job.static_configs.len(), targets), (1, vec!["z"]));
}

#[test]
fn a_merge_key_after_a_field_overwrites_it() {
    let (job, messages) =
        read("scrape_configs:\n- &base {job_name: a, scheme: https}\n- job_name: b\n  scheme: http\n  <<: *base\n");
    assert_eq!(messages, ["found multiple scrape configs with job name \"a\""]);
    assert_eq!(job.map(|job| (job.job_name.value, job.scheme)), Some(("a".to_string(), "https".to_string())));
}

#[test]
fn of_a_list_of_maps_the_earlier_ones_win_and_the_same_one_may_be_repeated() {
    let text = "global: &one {scrape_interval: 20s}\nscrape_configs:\n- <<: [{scheme: https}, {scheme: http, metrics_path: /p}, *one, *one]\n  job_name: b\n";
    let (job, messages) = read(text);
    assert_eq!(messages, Vec::<String>::new());
    let job = job.expect("there is a job");
    assert_eq!((job.scheme.as_str(), job.metrics_path.as_str()), ("https", "/p"));
}

#[test]
fn only_maps_can_be_merged() {
    let (_, messages) = read("scrape_configs:\n- job_name: b\n  <<: [1]\n");
    assert_eq!(messages, ["yaml: map merge requires map or sequence of maps as the value"]);
}

#[test]
fn an_anchor_that_contains_itself_is_named() {
    let (_, messages) = read("scrape_configs:\n- &m\n  job_name: b\n  <<: *m\n");
    assert_eq!(messages, ["yaml: anchor 'm' value contains itself"]);
}

#[test]
fn a_null_in_quotes_is_a_text_that_urls_durations_and_sections_refuse() {
    let messages = |field: &str| read(&format!("scrape_configs:\n- job_name: a\n  {field}\n")).1;
    assert_eq!(messages("proxy_url: '~'"), ["line 3: cannot unmarshal !!str `~` into config.URL"]);
    assert_eq!(messages("scrape_interval: 'null'"), ["line 3: cannot unmarshal !!str `null` into model.Duration"]);
    assert_eq!(messages("tls_config: \"null\"").len(), 1);
    assert_eq!(messages("tls_config: null\n  proxy_url: ~\n  basic_auth:"), Vec::<String>::new());
}

#[test]
fn what_comes_by_a_merge_key_counts_as_aliased_in_lists_as_well() {
    let rules: String =
        (0..500).map(|at| format!("  - {{target_label: t{at}, replacement: x, regex: '(.*)'}}\n")).collect();
    let errors = |jobs: usize| {
        let jobs: String = (0..jobs).map(|at| format!("- {{<<: *base, job_name: j{at}}}\n")).collect();
        let text = format!("scrape_configs:\n- &base\n  job_name: first\n  relabel_configs:\n{rules}{jobs}");
        let mut sources = Sources::new();
        let file = sources.add("p.yml", text);
        let (_, faults) = Config::read(&mut sources, file, &Options::default());
        faults.iter().filter_map(|fault| fault.upstream.clone()).collect::<Vec<_>>()
    };
    assert_eq!(errors(20), Vec::<String>::new());
    assert_eq!(errors(120), ["yaml: document contains excessive aliasing"]);
}
