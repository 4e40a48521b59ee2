//! Edits of what several jobs read or share, and of layouts that edits rarely meet.

use super::run::Fixture;

/// Two jobs that read one target file.
const SHARED: &str = "scrape_configs:
- job_name: a
  file_sd_configs: [{files: [t/a.yml]}]
  static_configs: [{targets: [s1:1, s2:1]}]
- job_name: b
  file_sd_configs: [{files: [t/a.yml]}]
";

const GROUP: &str = "- targets: [a1:1]\n";

fn shared() -> Fixture {
    let fixture = Fixture::of_text("p.yml", SHARED);
    fixture.write("t/a.yml", GROUP);
    fixture
}

fn file_of(fixture: &Fixture) -> String {
    std::fs::read_to_string(fixture.path("t/a.yml")).unwrap()
}

#[test]
fn a_target_that_moves_goes_to_what_the_old_job_does_not_read() {
    let fixture = shared();
    let outcome = fixture.run("move-target", &["s1:1", "--to", "b"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    let after = SHARED.replace("[s1:1, s2:1]", "[s2:1]") + "  static_configs:\n  - targets:\n    - s1:1\n";
    assert_eq!((fixture.text(), file_of(&fixture)), (after, GROUP.to_string()));
    let effect = "1 target moves from job a to job b (s1:1); nothing else changes\n";
    assert!(outcome.stdout.ends_with(effect), "{}", outcome.shown());
    let note = "job a also reads t/a.yml, so the targets go to static_configs of job b";
    assert!(outcome.stderr.contains(note), "{}", outcome.shown());
    let again = fixture.run("move-target", &["s1:1", "--to", "b"]);
    assert_eq!(again.status, 0, "{}", again.shown());
    assert!(again.stdout.starts_with("nothing to do"), "{}", again.shown());
}

#[test]
fn a_target_that_moves_goes_to_a_group_that_only_the_new_job_has() {
    let own = "  static_configs:\n  - targets: [c:1]\n    labels: {env: x}\n  - targets: [d:1]\n";
    let fixture = Fixture::of_text("p.yml", &format!("{SHARED}{own}"));
    fixture.write("t/a.yml", GROUP);
    let outcome = fixture.run("move-target", &["s1:1", "--to", "b"]);
    let after = format!("{SHARED}{own}").replace("[s1:1, s2:1]", "[s2:1]").replace("[d:1]", "[d:1, s1:1]");
    assert_eq!((fixture.text(), file_of(&fixture)), (after, GROUP.to_string()), "{}", outcome.shown());
}

#[test]
fn a_target_that_moves_does_not_reach_a_third_job() {
    let config = SHARED.replacen("  file_sd_configs: [{files: [t/a.yml]}]\n", "", 1);
    let third = "- job_name: c\n  file_sd_configs: [{files: [t/*.yml]}]\n";
    let fixture = Fixture::of_text("p.yml", &format!("{config}{third}"));
    fixture.write("t/a.yml", GROUP);
    let outcome = fixture.run("move-target", &["s1:1", "--to", "b"]);
    assert_eq!((outcome.status, file_of(&fixture)), (0, GROUP.to_string()), "{}", outcome.shown());
    assert!(outcome.stdout.ends_with("1 target moves from job a to job b (s1:1); nothing else changes\n"));
    let outcome = fixture.run("move-target", &["s2:1", "--to", "b", "--to-file", "t/a.yml"]);
    assert_eq!(outcome.status, 1, "{}", outcome.shown());
    assert!(outcome.stderr.contains("job c also reads t/a.yml"), "{}", outcome.shown());
    assert!(outcome.stderr.contains("name a file that only job b reads"), "{}", outcome.shown());
}

#[test]
fn jobs_that_are_not_selected_but_read_the_file_are_named() {
    for (words, line) in [
        (["add-target", "n:1", "b"], "job a, which is not selected, also reads t/a.yml: 1 target is gained (n:1)\n"),
        (["remove-target", "a1:1", "a"], "job b, which is not selected, also reads t/a.yml: 1 target is lost (a1:1)\n"),
    ] {
        let fixture = shared();
        let [command, address, job] = words;
        let outcome = fixture.run(command, &[address, "--job", job]);
        assert_eq!(outcome.status, 0, "{}", outcome.shown());
        assert!(outcome.stdout.ends_with(line), "{}", outcome.shown());
        let outcome = shared().run(command, &[address, "--all-jobs"]);
        assert!(!outcome.stdout.contains("not selected"), "{}", outcome.shown());
    }
}

#[test]
fn a_field_of_a_monitor_is_reported_for_all_of_its_jobs() {
    let text = "apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web, namespace: shop}
spec:
  selector: {}
  endpoints:
  - port: a
  - port: b
";
    let own = ["--job", "serviceMonitor/shop/web/0"];
    for (command, words) in [("limit", vec!["--samples", "10"]), ("set", vec!["sample_limit=10"])] {
        let outcome = Fixture::of_text("p.yml", text).run(command, &[&words[..], &own].concat());
        let line = "jobs serviceMonitor/shop/web/0, serviceMonitor/shop/web/1: sampleLimit is 10, was not given\n";
        assert!(outcome.stdout.ends_with(line), "{}", outcome.shown());
    }
}

/// A job with the groups and the rules of another one, and with its own.
const MERGED: &str = "scrape_configs:
- &n
  job_name: node
  static_configs: [{targets: [n:1]}]
  relabel_configs: [{target_label: x, replacement: n}]
- <<: *n
  job_name: web
  static_configs:
  - targets:
    - a:80
    - b:80
  relabel_configs:
  - target_label: env
    replacement: web
";

#[test]
fn a_list_that_hides_that_of_a_merge_key_stays_empty() {
    let list = "  static_configs:\n  - targets:\n    - a:80\n    - b:80\n";
    let fixture = Fixture::of_text("p.yml", MERGED);
    let outcome = fixture.run("remove-target", &["a:80", "b:80", "--job", "web"]);
    assert_eq!(fixture.text(), MERGED.replace(list, "  static_configs: []\n"), "{}", outcome.shown());
}

#[test]
fn a_field_that_hides_that_of_a_merge_key_is_not_removed() {
    for field in ["static_configs", "relabel_configs"] {
        let outcome = Fixture::of_text("p.yml", MERGED).run("unset", &[field, "--job", "web"]);
        assert_eq!(outcome.status, 1, "{}", outcome.shown());
        let message = format!("without `{field}`, the value that the merge key `<<`");
        assert!(outcome.stderr.contains(&message), "{}", outcome.shown());
        assert!(outcome.stderr.contains("help: set `"), "{}", outcome.shown());
    }
}

#[test]
fn new_entries_come_after_an_explicit_key() {
    for job in [
        "- job_name: n\n  ? static_configs\n  : - targets: [a:1]\n",
        "- ? job_name\n  : n\n  ? static_configs\n  :\n    - targets: [a:1] # one\n  # end\n",
        "  -   job_name: n\n      ?   static_configs\n      :   [{targets: [a:1]}]\n",
    ] {
        let text = format!("scrape_configs:\n{job}");
        for (command, words, undo) in [
            ("add-label", vec!["x=y", "--stage", "metric", "--overwrite"], vec![]),
            ("add-label", vec!["x=y", "--method", "relabel"], vec!["remove-label", "x"]),
            ("keep-metric", vec!["a.*"], vec![]),
            ("keep-target", vec!["--shard", "0/2"], vec![]),
            ("set", vec!["params.module=[x]"], vec!["unset", "params.module"]),
        ] {
            let fixture = Fixture::of_text("p.yml", &text);
            let outcome = fixture.run(command, &[&words[..], &["--job", "n"]].concat());
            assert_eq!(outcome.status, 0, "{command}: {}", outcome.shown());
            assert!(fixture.has_changed(), "{command}: {}", outcome.shown());
            if let [command, words @ ..] = &undo[..] {
                let outcome = fixture.run(command, &[words, &["--job", "n"]].concat());
                assert_eq!(fixture.text(), text, "{command}: {}", outcome.shown());
            }
        }
    }
}

#[test]
fn comments_stay_in_the_lines_of_items_in_brackets() {
    let job = |name: &str| format!("  {{job_name: {name}, static_configs: [{{targets: ['{name}:1']}}]}}");
    for (a, b, end) in [(", # c1", ", # c2", ","), (", # c1", " # c2", ""), (",", "", " ")] {
        let text = format!("scrape_configs: [\n{}{a}\n{}{b}\n]{end}# end\n", job("a"), job("b"));
        let text = if end == "," { text.replace("],#", "] #") } else { text.replace("]#", "] #") };
        for (command, words) in [
            ("copy-job", vec!["a", "z"]),
            ("copy-job", vec!["b", "z"]),
            ("add-job", vec!["z", "--preset", "static", "--target", "z:1", "--after", "a"]),
            ("add-job", vec!["z", "--preset", "static", "--target", "z:1", "--after", "b"]),
            ("add-job", vec!["z", "--preset", "static", "--target", "z:1"]),
        ] {
            let fixture = Fixture::of_text("p.yml", &text);
            let outcome = fixture.run(command, &words);
            assert_eq!(outcome.status, 0, "{text}{}", outcome.shown());
            let outcome = fixture.run("remove-job", &["z"]);
            assert_eq!(fixture.text(), text, "{words:?}: {}", outcome.shown());
        }
    }
}
