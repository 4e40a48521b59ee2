//! What is asked for a second time, or cannot be done, and is said so: nothing to do, or the reason.

use super::run::{Fixture, Outcome};

const TEXT: &str = "\
scrape_configs:
- job_name: node
  static_configs:
  - targets: [10.0.0.1:9100, 10.0.0.2:9100, 10.0.0.3:9100, 10.0.0.4:9100]
- job_name: web
  static_configs:
  - targets: [a:80, b:80]
";

const PODS: &str = "\
scrape_configs:
- job_name: pods
  kubernetes_sd_configs:
  - role: pod
  relabel_configs:
  - {regex: __meta_kubernetes_pod_label_(.+), action: labelmap}
";

trait Words {
    /// Its outputs with one blank between words: long messages are in several lines.
    fn words(&self) -> String;
}

impl Words for Outcome {
    fn words(&self) -> String {
        self.shown().split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn run_twice(fixture: &Fixture, words: &[&str]) -> (Outcome, Outcome) {
    let first = fixture.run_words(words, "");
    let text = fixture.text();
    let second = fixture.run_words(words, "");
    assert_eq!(fixture.text(), text, "the second run changes the config");
    (first, second)
}

#[test]
fn a_shard_by_instance_reads_the_address_where_nothing_else_is_the_instance() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    let words = ["keep-target", "p.yml", "--job", "node", "--shard", "1/2", "--by", "instance"];
    let (first, second) = run_twice(&fixture, &words);
    assert_eq!((first.status, second.status), (0, 0), "{}{}", first.shown(), second.shown());
    assert!(fixture.text().contains("source_labels: [__address__]\n"), "{}", fixture.text());
    assert!(second.words().contains("the job already keeps shard 1 of 2"), "{}", second.shown());

    let rule = "  relabel_configs:\n  - {source_labels: [__address__], regex: '(.+):.*', target_label: instance}\n";
    let text = TEXT.replace("- job_name: web", &format!("{rule}- job_name: web"));
    let fixture = Fixture::of_text("p.yml", &text);
    assert_eq!(fixture.run_words(&words, "").status, 0);
    assert!(fixture.text().contains("source_labels: [instance]\n"), "{}", fixture.text());
}

#[test]
fn a_shard_by_a_label_that_is_never_there_is_refused() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    let outcome = fixture.run("keep-target", &["--job", "node", "--shard", "0/2", "--by", "nosuch"]);
    assert_eq!((outcome.status, fixture.has_changed()), (1, false));
    assert!(outcome.words().contains("all targets would be in one shard"), "{}", outcome.shown());

    let fixture = Fixture::of_text("p.yml", PODS);
    fixture.write("t.yml", "- targets: [h:1, i:1]\n");
    let outcome = fixture.run("keep-target", &["--shard", "0/2", "--by", "zone", "--targets", "t.yml"]);
    assert_eq!((outcome.status, fixture.has_changed()), (1, false), "{}", outcome.shown());
    assert!(outcome.words().contains("none of the 2 known targets has a label `zone`"), "{}", outcome.shown());
}

#[test]
fn instance_is_removed_once() {
    let rule = "  relabel_configs:\n  - {source_labels: [__address__], regex: '(.+):.*', target_label: instance}\n";
    let fixture = Fixture::of_text("p.yml", &format!("{TEXT}{rule}"));
    let (first, second) = run_twice(&fixture, &["remove-label", "p.yml", "instance", "--job", "web"]);
    assert_eq!((first.status, second.status), (0, 0), "{}{}", first.shown(), second.shown());
    assert!(second.words().contains("Prometheus sets `instance` to the address"), "{}", second.shown());
    assert!(second.words().contains("nothing to do"), "{}", second.shown());
}

#[test]
fn a_script_that_was_carried_out_adds_no_job_that_was_renamed() {
    let script = |keep: &str| {
        format!(
            "{{\"command\":\"add-job\",\"config\":\"p.yml\",\"name\":\"db\",\"preset\":\"static\",\"target\":[\"h:1\"]}}\n\
             {{\"command\":\"rename-job\",\"config\":\"p.yml\",\"old\":\"db\",\"new\":\"database\"{keep}}}\n"
        )
    };
    let fixture = Fixture::of_text("p.yml", TEXT);
    fixture.write("s.jsonl", &script(",\"keep-label\":true"));
    let (first, second) = run_twice(&fixture, &["edit", "--script", "s.jsonl"]);
    assert_eq!((first.status, second.status), (0, 0), "{}{}", first.shown(), second.shown());
    assert!(second.words().contains("the job db is the job database"), "{}", second.shown());

    // Without the label nothing shows that it was renamed: the refusal says what to do.
    let fixture = Fixture::of_text("p.yml", TEXT);
    fixture.write("s.jsonl", &script(""));
    let (first, second) = run_twice(&fixture, &["edit", "--script", "s.jsonl"]);
    assert_eq!((first.status, second.status), (0, 1), "{}{}", first.shown(), second.shown());
    assert!(second.words().contains("db and database are the same job but for the name"), "{}", second.shown());
}

#[test]
fn objects_of_another_operator_are_refused_by_all_edits() {
    let text = "apiVersion: operator.victoriametrics.com/v1beta1\nkind: VMScrapeConfig\nmetadata:\n  name: m\n\
                spec:\n  staticConfigs:\n  - targets: [h:1]\n  relabelConfigs:\n  - {action: labeldrop, regex: x}\n";
    let fixture = Fixture::of_text("vm.yml", text);
    for line in [
        "add-label vm.yml x=y --all-jobs",
        "remove-label vm.yml x --all-jobs",
        "set vm.yml scrape_interval=30s --all-jobs",
        "set vm.yml global.scrape_interval=30s",
        "unset vm.yml global.scrape_interval",
        "add-target vm.yml a:80 --job x",
        "move-target vm.yml a:80 --to x",
        "add-job vm.yml n --preset static --target a:80",
        "remove-job vm.yml x",
        "rename-job vm.yml x y",
        "drop-metric vm.yml x --all-jobs",
        "limit vm.yml --all-jobs --samples 3",
        "fmt vm.yml",
    ] {
        let outcome = fixture.run_words(&line.split(' ').collect::<Vec<_>>(), "");
        assert_eq!((outcome.status, fixture.has_changed()), (2, false), "{line}\n{}", outcome.shown());
        assert!(outcome.words().contains("[unsupported-format]: the file is a VMScrapeConfig"), "{}", outcome.shown());
    }
    // In a folder it is left alone.
    fixture.write("p.yml", TEXT);
    let outcome = fixture.run_words(&["add-label", ".", "x=y", "--all-jobs"], "");
    assert_eq!((outcome.status, fixture.has_changed()), (0, false), "{}", outcome.shown());
}

#[test]
fn names_that_look_like_patterns_are_not_written() {
    let fixture = Fixture::of_text("p.yml", PODS);
    for (command, name) in [("drop-label", ".*"), ("keep-label", "a|b"), ("remove-label", "a.*")] {
        let outcome = fixture.run(command, &[name]);
        assert_eq!((outcome.status, fixture.has_changed()), (1, false), "{}", outcome.shown());
        assert!(outcome.words().contains("names are taken literally, not as patterns"), "{}", outcome.shown());
    }
    let text = TEXT.replace("[a:80, b:80]\n", "[a:80, b:80]\n    labels: {'a*': x}\n");
    let fixture = Fixture::of_text("p.yml", &text);
    let (first, second) = run_twice(&fixture, &["drop-label", "p.yml", "a*", "--job", "web"]);
    assert_eq!((first.status, second.status), (0, 0), "{}{}", first.shown(), second.shown());
    assert!(first.words().contains("\"a*\" is taken literally"), "{}", first.shown());
}

#[test]
fn an_address_as_a_label_of_a_group_is_refused() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    let outcome = fixture.run("add-target", &["q:1", "--job", "node", "--label", "__address__=zz:1"]);
    assert_eq!((outcome.status, fixture.has_changed()), (1, false), "{}", outcome.shown());
    assert!(outcome.words().contains("has no effect"), "{}", outcome.shown());
}

#[test]
fn the_comment_at_the_start_of_a_manifest_stays_when_its_first_object_goes() {
    let monitor = |name: &str| {
        format!(
            "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {{name: {name}, namespace: shop}}\n\
             spec:\n  selector: {{}}\n  podMetricsEndpoints:\n  - port: http\n"
        )
    };
    let fixture = Fixture::of_text("m.yml", &format!("# shop\n{}---\n# b\n{}", monitor("a"), monitor("b")));
    let outcome = fixture.run("remove-job", &["podMonitor/shop/a/*"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert_eq!(fixture.text(), format!("# shop\n# b\n{}", monitor("b")));
}

#[test]
fn the_lines_of_a_secret_keep_their_length() {
    use base64::Engine;
    let encoded = base64::engine::general_purpose::STANDARD.encode(TEXT);
    let lines: Vec<&str> = encoded.as_bytes().chunks(60).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let block = lines.join("\n    ");
    for value in [format!("|\n    {block}"), format!(">-\n    {block}"), format!("'{block}'"), format!("\"{encoded}\"")]
    {
        let text = format!("kind: Secret\nmetadata: {{name: a}}\ndata:\n  prometheus.yml: {value}\n  x: eA==\n");
        let fixture = Fixture::of_text("s.yml", &text);
        let outcome = fixture.run("add-label", &["env=x", "--job", "node"]);
        assert_eq!(outcome.status, 0, "{}", outcome.shown());
        let changed = fixture.text();
        assert!(
            encoded.len() < 240 || changed.lines().all(|line| line.len() <= 80 || value.starts_with('"')),
            "{changed}"
        );
        let shown = outcome.shown();
        let is_shown = |line: &str| shown.contains(line.trim());
        assert!(!changed.lines().skip(4).take_while(|line| !line.contains("x:")).any(is_shown), "{shown}");
        assert_eq!(fixture.run("remove-label", &["env", "--job", "node"]).status, 0);
        assert_eq!(fixture.text(), text);
    }
    let uneven = format!(
        "kind: Secret\nmetadata: {{name: a}}\ndata:\n  p.yml: |\n    {}\n    {}\n",
        &encoded[..40],
        &encoded[40..]
    );
    let fixture = Fixture::of_text("s.yml", &uneven);
    let outcome = fixture.run("add-label", &["env=x", "--job", "node"]);
    assert_eq!((outcome.status, fixture.has_changed()), (1, false));
    assert!(outcome.words().contains("in lines of different lengths"), "{}", outcome.shown());
}

#[test]
fn quotes_with_nothing_in_them_are_an_empty_value() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    let (first, second) = run_twice(&fixture, &["set", "p.yml", "metrics_path=\"\"", "--job", "web"]);
    assert_eq!((first.status, second.status), (0, 0), "{}", first.words());
    assert!(fixture.text().contains("metrics_path: ''\n"), "{}", fixture.text());
    let outcome = fixture.run("set", &["params={a: b}", "--job", "web"]);
    assert!(outcome.words().contains("`params={key: [value]}`"), "{}", outcome.words());
}

#[test]
fn helps_name_what_works() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    fixture.write("targets.json", "[{\"targets\":[\"a:1\"]}]");
    fixture.write("s.jsonl", "{\"command\":\"add-label\",\"config\":\"p.yml\",\"nonsense_at_all\":1}\n");
    for (line, help) in [
        ("add-label p.yml x=y --job node --target a:80", "job web has it, which is not selected"),
        ("drop-target targets.json --where k=v", "help: name the config that reads the file"),
        ("set targets.json x=y", "the file is a target file"),
        ("keep-target p.yml --job node --shard 0/1", "1 shard is not several"),
        ("edit --script s.jsonl", "all-jobs, "),
    ] {
        let outcome = fixture.run_words(&line.split(' ').collect::<Vec<_>>(), "");
        assert!(outcome.status != 0 && !fixture.has_changed(), "{line}");
        assert!(outcome.words().contains(help), "{line}\n{}", outcome.words());
    }
}
