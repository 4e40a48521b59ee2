//! Targets that are added and removed, or moved there and back: the text is as it was.

use super::run::Fixture;

fn is_undone(name: &str, text: &str, [there, back]: [&[&str]; 2]) {
    let fixture = Fixture::of_text(name, text);
    let outcome = fixture.run(there[0], &there[1..]);
    assert!(outcome.status == 0 && fixture.has_changed(), "{text}{}", outcome.shown());
    let between = fixture.text();
    let outcome = fixture.run(back[0], &back[1..]);
    assert_eq!((outcome.status, fixture.text()), (0, text.to_string()), "{between}{}", outcome.shown());
}

const ADDED: [&[&str]; 2] = [&["add-target", "n:1", "--job", "a"], &["remove-target", "n:1", "--job", "a"]];
const WITH_LABEL: [&[&str]; 2] =
    [&["add-target", "n:1", "--job", "a", "--label", "q=r"], &["remove-target", "n:1", "--job", "a"]];

#[test]
fn a_list_without_targets_comes_back_as_it_was() {
    for groups in [
        "static_configs: []",
        "static_configs: []  # none",
        "static_configs: [ ]",
        "static_configs: [\n  ]",
        "static_configs:\n    []",
        "static_configs:",
        "static_configs:   # none",
        "static_configs:\n  - targets: []",
        "static_configs:\n  - targets: [] # none",
        "static_configs:\n  - targets: []\n    labels: {env: x}",
        "static_configs:\n  - targets:",
        "static_configs:\n  - targets: # none\n    labels: {env: x}",
        "static_configs:\n  - targets: []\n  - targets: []",
        "static_configs:\n  - targets: [\n    ]",
        "static_configs:\n  - {targets: []}",
        "static_configs: [{targets: []}]",
        "static_configs: [{targets: [ ]}, {targets: []}]",
        "static_configs:\n  - targets: [x:1,]",
        "static_configs:\n  - targets: [x:1, y:1, ] # two",
        "static_configs: [{targets: [x:1,],},]",
        "metrics_path: /x",
        "metrics_path: /x\n  relabel_configs: []",
    ] {
        let text = format!(
            "scrape_configs:\n- job_name: a\n  {groups}\n- job_name: b\n  static_configs:\n  - targets: [h:1]\n"
        );
        is_undone("p.yml", &text, ADDED);
        is_undone("p.yml", &text, WITH_LABEL);
    }
}

#[test]
fn a_list_in_json_and_in_braces_comes_back_as_it_was() {
    for groups in [
        "",
        ", \"static_configs\": []",
        ", \"static_configs\": [ ]",
        ", \"static_configs\": [], \"metrics_path\": \"/x\"",
        ", \"static_configs\": [{\"targets\": []}]",
        ", \"static_configs\": [{\"targets\": [], \"labels\": {\"env\": \"x\"}}]",
        ", \"static_configs\": [{\"targets\": [\"x:1\"]}]",
    ] {
        let text = format!("{{\"scrape_configs\": [{{\"job_name\": \"a\"{groups}}}]}}\n");
        for name in ["p.json", "p.yml"] {
            is_undone(name, &text, ADDED);
            is_undone(name, &text, WITH_LABEL);
        }
        let in_lines = text.replace("[{", "[\n  {").replace("}]", "}\n]");
        is_undone("p.json", &in_lines, ADDED);
    }
}

#[test]
fn a_target_file_without_groups_comes_back_as_it_was() {
    const OF_FILE: [&[&str]; 2] = [&["add-target", "n:1"], &["remove-target", "n:1"]];
    for text in ["[]\n", "[] # none\n", "- targets: []\n  labels: {x: y}\n- targets: []\n", "- targets: [a:1,]\n"] {
        is_undone("t.yml", text, OF_FILE);
    }
    for text in ["[]\n", "[{\"targets\": []}]\n", "[\n  {\n    \"targets\": []\n  }\n]\n"] {
        is_undone("t.json", text, OF_FILE);
    }
    let fixture = Fixture::of_text("t.yml", "[]\n");
    assert_eq!(fixture.run("add-target", &["n:1"]).status, 0);
    assert_eq!(fixture.text(), "- targets:\n    - 'n:1'\n");
}

#[test]
fn a_target_that_moves_there_and_back_is_where_it_was() {
    for (from, to) in [
        (
            "static_configs:\n  - targets: ['x:1'] # one\n    labels: {env: x}\n  relabel_configs: []",
            "metrics_path: /b",
        ),
        ("static_configs:\n  - targets:\n    - x:1\n    labels: {env: x}\n  relabel_configs: []", "static_configs: []"),
        ("static_configs:\n  - targets: [y:1]\n  - targets: [k:1, x:1]\n    labels: {env: x}", "metrics_path: /b"),
        ("static_configs: [{targets: [x:1], labels: {env: x}}]", "static_configs:"),
    ] {
        let text = format!("scrape_configs:\n- job_name: a\n  {from}\n- job_name: b\n  {to}\n");
        is_undone("p.yml", &text, [&["move-target", "x:1", "--to", "b"], &["move-target", "x:1", "--to", "a"]]);
    }
}

#[test]
fn groups_with_different_labels_move_to_a_job_without_a_list() {
    let groups = "static_configs:\n  - targets: [x:1]\n    labels: {e: f}\n  - targets: [y:1]\n    labels: {e: g}";
    for to in ["metrics_path: /b", "static_configs: []", "static_configs: [] # none", "static_configs:"] {
        let text = format!("scrape_configs:\n- job_name: a\n  {groups}\n- job_name: b\n  {to}\n");
        is_undone(
            "p.yml",
            &text,
            [&["move-target", "x:1", "y:1", "--to", "b"], &["move-target", "x:1", "y:1", "--to", "a"]],
        );
    }
}

#[test]
fn a_name_that_a_rule_keeps_comes_back_without_the_rule() {
    let text = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: [x:1]\n";
    for rules in ["", "  relabel_configs:\n  - {source_labels: [x], target_label: y}\n"] {
        for back in [&["rename-job", "b", "a"][..], &["rename-job", "b", "a", "--keep-label"]] {
            is_undone("p.yml", &format!("{text}{rules}"), [&["rename-job", "a", "b", "--keep-label"], back]);
        }
    }
}

#[test]
fn a_value_keeps_its_quotes() {
    for old in ["15s", "'15s'", "\"15s\""] {
        let text = format!("global:\n  scrape_interval: {old} # often\n");
        let words: [&[&str]; 2] = [&["set", "global.scrape_interval=30s"], &["set", "global.scrape_interval=15s"]];
        is_undone("p.yml", &text, words);
    }
    let text = "scrape_configs:\n- job_name: a\n  params: {m: ['x', 'y']}\n";
    let words: [&[&str]; 2] = [&["set", "params.m=[z]", "--job", "a"], &["set", "params.m=[x,y]", "--job", "a"]];
    is_undone("p.yml", text, words);
}

#[test]
fn a_shared_list_is_changed_where_all_of_its_users_are_selected() {
    let text = "scrape_configs:\n- job_name: a\n  static_configs: &t\n  - targets: [x:1, y:1]\n- job_name: b\n  metrics_path: /b\n  static_configs: *t\n";
    for jobs in [&["--all-jobs"][..], &["--job", "a", "--job", "b"]] {
        let with = |words: &[&'static str]| [words, jobs, &["--through-anchor", "change"]].concat();
        is_undone("p.yml", text, [&with(&["add-target", "n:1"]), &with(&["remove-target", "n:1"])]);
    }
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("add-target", &["n:1", "--job", "a", "--through-anchor", "change"]);
    assert!(outcome.status == 1 && outcome.stderr.contains("job b uses it"), "{}", outcome.shown());
}

#[test]
fn an_address_that_no_scrape_reaches_is_refused_or_noted() {
    let text = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: [x:1]\n";
    for (address, status, words) in [
        ("a:1,b:1", 1, "is more than one address"),
        ("a:x", 1, "is not a number"),
        ("fd00::1", 1, "has no brackets"),
        ("a:99999", 0, "note: job a: the port 99999 of \"a:99999\" is greater than 65535"),
        (":9100", 0, "note: job a: \":9100\" has no host: Prometheus connects to its own machine"),
        ("[::1]:9100", 0, ""),
        ("${HOST}:1", 0, ""),
    ] {
        let fixture = Fixture::of_text("p.yml", text);
        let outcome = fixture.run("add-target", &[address]);
        assert!(outcome.status == status && outcome.stderr.contains(words), "{address}: {}", outcome.shown());
    }
}

#[test]
fn the_last_target_of_a_scrape_config_takes_its_group_along() {
    let object = |name: &str, groups: &str| {
        format!(
            "apiVersion: monitoring.coreos.com/v1alpha1\nkind: ScrapeConfig\nmetadata:\n  name: {name}\nspec:\n{groups}  metricsPath: /m\n"
        )
    };
    let text = format!("{}---\n{}", object("x", "  staticConfigs:\n  - targets: [\"a:1\"]\n"), object("z", ""));
    let fixture = Fixture::of_text("sc.yml", &text);
    let job = |name: &str| format!("scrapeConfig/default/{name}");
    let outcome = fixture.run("move-target", &["a:1", "--job", &job("x"), "--to", &job("z")]);
    let moved = "  metricsPath: /m\n  staticConfigs:\n    - targets:\n        - 'a:1'\n";
    let after = format!("{}---\n{}", object("x", ""), object("z", "").replace("  metricsPath: /m\n", moved));
    assert_eq!((outcome.status, fixture.text()), (0, after), "{}", outcome.shown());
    is_undone(
        "sc.yml",
        &text,
        [&["add-target", "n:1", "--job", &job("z"), "--label", "q=r"], &["remove-target", "n:1", "--job", &job("z")]],
    );
}
