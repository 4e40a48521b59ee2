//! `--through-anchor`: edits of parts that several places share by anchors, aliases and merge keys.

use promcfg::edit::{AddLabel, Allowances, Method, Selection, ThroughAnchor};
use promcfg::{Document, Options};

use super::run::Fixture;

const SHARED: &str = "defaults: &defaults
  scrape_interval: 30s
  metric_relabel_configs:
    # noise
    - regex: tmp
      action: labeldrop
scrape_configs:
  - job_name: web
    static_configs:
      - targets: ['10.0.0.1:9100']
    relabel_configs: &rules
      # the host of the target
      - {source_labels: [__address__], target_label: host}   # always
  - job_name: db
    static_configs:
      - targets: ['10.0.0.2:9100']
    relabel_configs: *rules   # the same
  - <<: *defaults
    job_name: merged
    static_configs:
      - targets: ['10.0.0.3:9100']
";

/// Runs a command; a second run has nothing to do.
fn shown(words: &[&str]) -> String {
    let fixture = Fixture::of_text("p.yml", SHARED);
    let outcome = fixture.run(words[0], &words[1..]);
    assert_eq!(outcome.status == 0, fixture.has_changed(), "{}", outcome.shown());
    if outcome.status == 0 {
        let after = fixture.text();
        let again = fixture.run(words[0], &words[1..]);
        assert!(again.stdout.starts_with("nothing to do: ") && fixture.text() == after, "{}", again.shown());
    }
    outcome.shown()
}

#[test]
fn a_shared_list_is_refused_with_both_ways() {
    let label = ["add-label", "env=prod", "--method", "relabel", "--job"];
    let runs = [
        shown(&[&label[..], &["web"]].concat()),
        shown(&[&label[..], &["db"]].concat()),
        shown(&["drop-label", "foo", "--stage", "metric", "--job", "merged"]),
    ];
    insta::assert_snapshot!(runs.join("\n"));
}

#[test]
fn aliases_and_merged_keys_are_replaced_by_copies() {
    let label = ["add-label", "env=prod", "--method", "relabel", "--through-anchor", "expand", "--job"];
    let runs = [
        shown(&[&label[..], &["web"]].concat()),
        shown(&[&label[..], &["db"]].concat()),
        shown(&["drop-label", "foo", "--stage", "metric", "--through-anchor", "expand", "--job", "merged"]),
    ];
    insta::assert_snapshot!(runs.join("\n"));
}

#[test]
fn a_shared_list_is_changed_if_all_its_users_are_selected() {
    let label = ["add-label", "env=prod", "--method", "relabel", "--through-anchor", "change"];
    let runs = [
        shown(&[&label[..], &["--job", "web", "--job", "db"]].concat()),
        shown(&[&label[..], &["--job", "web"]].concat()),
        shown(&[&label[..], &["--job", "db"]].concat()),
        shown(&["drop-label", "foo", "--stage", "metric", "--through-anchor", "change", "--job", "merged"]),
    ];
    insta::assert_snapshot!(runs.join("\n"));
}

/// Adds a label to a job of each text, with copies or in what is shared: the other jobs stay as they are.
#[test]
fn whatever_is_shared_the_other_jobs_stay_as_they_are() {
    let texts = [
        SHARED.to_string(),
        SHARED.replace('\n', "\r\n"),
        "a: &r [{target_label: x, replacement: y}]\nscrape_configs:\n- job_name: web\n  relabel_configs: *r\n  static_configs: [{targets: [h]}]\n- {job_name: db, relabel_configs: *r}\n".to_string(),
        "scrape_configs:\n- &base\n  job_name: web\n  relabel_configs:\n  - target_label: x\n    replacement: y\n  static_configs: [{targets: [h]}]\n- <<: *base\n  job_name: db\n".to_string(),
        "rules:\n- &one\n  target_label: x\n  replacement: y\nscrape_configs:\n- job_name: web\n  relabel_configs:\n  - *one\n  - *one\n  static_configs: [{targets: [h]}]\n- job_name: db\n  relabel_configs: [*one]\n".to_string(),
    ];
    let mut done = 0;
    for text in texts {
        for through_anchor in [ThroughAnchor::Expand, ThroughAnchor::Change] {
            for job in ["web", "db"] {
                let selection = Selection { jobs: vec![job.to_string()], ..Selection::default() };
                let (name, value, method) = ("env".to_string(), "prod".to_string(), Method::Relabel);
                let request = AddLabel { name, value, selection, method, ..AddLabel::default() };
                let mut document = Document::new("p.yml", text.as_str(), &Options::default());
                document.allow(Allowances { through_anchor, ..Allowances::default() });
                let before = document.jobs().to_vec();
                let Ok(change) = document.add_label(&request) else { continue };
                let after = change.files[0].after();
                let read = Document::new("p.yml", after.as_str(), &Options::default());
                for (old, new) in before.iter().zip(read.jobs()) {
                    let specs = |job: &promcfg::config::ScrapeConfig| {
                        job.relabel_configs.iter().map(|rule| rule.spec.clone()).collect::<Vec<_>>()
                    };
                    let added = usize::from(old.job_name.value == job);
                    assert_eq!(specs(new).len(), specs(old).len() + added, "{job} {through_anchor:?}\n{after}");
                    assert_eq!(specs(new)[..specs(old).len()], specs(old)[..], "{job} {through_anchor:?}\n{after}");
                }
                done += 1;
            }
        }
    }
    assert!(done >= 8, "{done} edits were made");
}
