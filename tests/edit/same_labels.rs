//! Edits of jobs, targets and fields after which targets would have the same labels, on given targets too.

use super::run::{Fixture, Outcome};

const CONFIG: &str = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: ['h:1']\n    labels:\n      instance: web\n\
    - job_name: b\n  static_configs:\n  - targets: ['i:1']\n- job_name: fixed\n  static_configs:\n  - targets: ['j:1']\n    labels:\n      job: x\n\
    - job_name: pods\n  kubernetes_sd_configs:\n  - role: pod\n";

fn run(words: &[&str]) -> (Fixture, Outcome) {
    let fixture = Fixture::of_text("p.yml", CONFIG);
    let outcome = fixture.run(words[0], &words[1..]);
    (fixture, outcome)
}

#[test]
fn targets_that_would_have_the_labels_of_others_are_refused_unless_forced() {
    for (words, message) in [
        (
            &["add-target", "k:1", "--job", "a", "--label", "instance=web"][..],
            "the targets h:1 and k:1 would have the same labels",
        ),
        (
            &["add-target", "k:1", "k:2", "--job", "b", "--label", "instance=v"],
            "the targets k:1 and k:2 would have the same labels",
        ),
        (&["copy-job", "fixed", "copy"], "the targets j:1 of job fixed and j:1 of job copy would have the same labels"),
        (&["rename-job", "b", "x", "--force"], ""),
        (&["set", "static_configs[0].labels.instance=web", "static_configs[0].targets=[h:1, k:1]", "--job", "a"], ""),
        (&["add-target", "k:1", "--job", "a"], ""),
        (&["add-target", "j:1", "--job", "b"], ""),
        (&["move-target", "h:1", "--to", "b"], ""),
        (&["copy-job", "a", "copy"], ""),
    ] {
        let (fixture, outcome) = run(words);
        match message {
            "" => assert!(outcome.status == 0 && fixture.has_changed(), "{words:?}: {}", outcome.shown()),
            message => {
                let stderr = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(outcome.status == 1 && stderr.contains(message), "{words:?}: {}", outcome.shown());
                assert!(stderr.contains("label-collision") && stderr.contains("--force"), "{}", outcome.shown());
                assert!(!fixture.has_changed());
                let (fixture, outcome) = run(&[words, &["--force"]].concat());
                assert!(outcome.status == 0 && fixture.has_changed(), "{words:?}: {}", outcome.shown());
            }
        }
    }
}

#[test]
fn a_field_that_makes_targets_equal_is_refused_unless_forced() {
    let text = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: ['h:1', 'h:2']\n  relabel_configs:\n  - source_labels: [__address__]\n    regex: (.+):.+\n    target_label: host\n";
    let words = ["relabel_configs[0].target_label=instance", "--job", "a"];
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("set", &words);
    let stderr = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        outcome.status == 1 && stderr.contains("the targets h:1 and h:2 would have the same labels"),
        "{}",
        outcome.shown()
    );
    assert_eq!(fixture.run("set", &[&words[..], &["--force"]].concat()).status, 0);
    assert_eq!(fixture.text(), text.replace("host", "instance"));
}

#[test]
fn jobs_are_added_copied_and_renamed_on_given_targets() {
    let pods = "{\"kind\": \"List\", \"apiVersion\": \"v1\", \"items\": [{\"kind\": \"Pod\", \"apiVersion\": \"v1\", \"metadata\": {\"name\": \"web-0\", \"namespace\": \"shop\", \
        \"annotations\": {\"prometheus.io/scrape\": \"true\"}}, \"spec\": {\"nodeName\": \"n\", \"containers\": [{\"name\": \"c\", \"ports\": [{\"name\": \"http\", \"containerPort\": 80}]}]}, \
        \"status\": {\"podIP\": \"10.0.0.1\", \"phase\": \"Running\"}}]}";
    for (words, message) in [
        (&["add-job", "new", "--preset", "kubernetes-pods"][..], "1 target is gained (10.0.0.1:80)"),
        (&["copy-job", "pods", "copy"], "1 target is gained (10.0.0.1:80)"),
        (&["rename-job", "pods", "machines"], "1 target changes job"),
        (&["remove-job", "pods"], "1 target is lost"),
    ] {
        let fixture = Fixture::of_text("p.yml", CONFIG);
        fixture.write("pods.json", pods);
        let outcome = fixture.run(words[0], &[&words[1..], &["--targets", "pods.json", "--dry-run"]].concat());
        assert!(outcome.status == 0 && outcome.stdout.contains(message), "{words:?}: {}", outcome.shown());
    }
}
