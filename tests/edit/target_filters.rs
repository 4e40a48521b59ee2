//! `drop-target` and `keep-target`: which targets are no longer scraped, in all layouts and for random chains.

use std::collections::BTreeMap;

use promcfg::config::ScrapeConfig;
use promcfg::edit::{
    ConfigChange, EditError, FileChange, FilterTargets, Grade, LabelChangeKind, Selection, ShardTargets, TargetFilter,
};
use promcfg::re2::Regex;
use promcfg::relabel::{Chain, LabelBuilder, Labels, RuleSpec, Verdict};
use promcfg::simulate::{JobSimulator, PlacedTarget, Status, targets_of_group};
use promcfg::{Document, Options};
use serde_yaml::Value;

use super::claims::random::{Random, chain, target};
use super::corpus::{configs, corpus, is_grown, jobs_of, texts};
use super::run::Fixture;
use super::wild::in_all_styles;

const TEXT: &str = "scrape_configs:
- job_name: web
  static_configs:
  - targets: ['a:1', 'b:1'] # two
    labels: {env: prod}
  - targets: ['c:1']
    labels: {env: dev, rack: r;7}
";

fn fixture(rules: &str) -> Fixture {
    Fixture::of_text("p.yml", &format!("{TEXT}{rules}"))
}

const DROP_DEV: &str = "  relabel_configs:\n  - source_labels: [env]\n    regex: dev\n    action: drop\n";

#[test]
fn targets_are_dropped_by_a_rule_that_a_second_run_extends() {
    let fixture = fixture("");
    let outcome = fixture.run("drop-target", &["--where", "env=dev"]);
    assert_eq!((outcome.status, fixture.text()), (0, format!("{TEXT}{DROP_DEV}")), "{}", outcome.shown());
    let words = "1 target is lost, dropped by relabel_configs[0] (c:1); nothing else changes\n";
    assert!(outcome.stdout.ends_with(words), "{}", outcome.shown());
    let again = fixture.run("drop-target", &["--where", "env=dev"]);
    assert_eq!(again.stdout, "nothing to do: a rule already drops targets with env=dev (job web)\n");
    let outcome = fixture.run("drop-target", &["--where", "env=test|dev"]);
    assert_eq!(outcome.status, 1, "no target has env=test: {}", outcome.shown());
    let outcome = fixture.run("drop-target", &["--where", "env=prod"]);
    assert!(outcome.status == 1 && outcome.stderr.contains("edit-without-targets"), "{}", outcome.shown());
    let outcome = fixture.run("drop-target", &["--where", "env=prod", "--force"]);
    assert_eq!(
        fixture.text(),
        format!("{TEXT}{DROP_DEV}").replace("regex: dev", "regex: dev|prod"),
        "{}",
        outcome.shown()
    );
}

#[test]
fn targets_are_kept_and_more_of_them_later() {
    let fixture = fixture("");
    let outcome = fixture.run("keep-target", &["--where", "env=dev"]);
    assert!(
        outcome.stdout.ends_with("2 targets are lost, dropped by relabel_configs[0] (a:1); nothing else changes\n")
    );
    let outcome = fixture.run("keep-target", &["--where", "env=prod", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let gained = serde_json::json!([{"kind": "gained", "count": 2, "example": {"__address__": "a:1"}}]);
    assert_eq!((&json["grade"], &json["jobs"][0]["effects"]), (&"proved".into(), &gained), "{json}");
    assert!(fixture.text().contains("regex: dev|prod\n    action: keep\n"), "{}", fixture.text());
    let again = fixture.run("keep-target", &["--where", "env=prod"]);
    assert!(again.stdout.starts_with("nothing to do: the job already keeps only targets with env=prod"));
}

#[test]
fn several_conditions_must_all_be_met() {
    let fixture = fixture("");
    let outcome = fixture.run("drop-target", &["--where", "env=dev", "--where", "rack=r;7"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert!(
        fixture.text().contains(
            "  - source_labels: [env, rack]\n    separator: '@'\n    regex: 'dev@(?:r;7)'\n    action: drop\n"
        ),
        "{}",
        fixture.text()
    );
    let outcome = fixture.run("keep-target", &["--where", "env=prod", "--where", "__address__=a:.*"]);
    assert!(
        outcome.stdout.ends_with("1 target is lost, dropped by relabel_configs[1] (b:1); nothing else changes\n"),
        "{}",
        outcome.shown()
    );
}

#[test]
fn labels_before_the_rules_are_matched_by_the_first_rule() {
    let rule = "  relabel_configs:\n  - {target_label: env, replacement: all}\n";
    let fixture = fixture(rule);
    let outcome = fixture.run("drop-target", &["--where", "env=dev"]);
    assert_eq!(outcome.status, 1, "all targets have env=all: {}", outcome.shown());
    let outcome = fixture.run("drop-target", &["--where", "env=dev", "--before-rules"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert_eq!(fixture.text(), format!("{TEXT}{}", rule.replace("configs:\n", &DROP_DEV["  relabel_".len()..])));
    let again = fixture.run("drop-target", &["--where", "env=dev", "--before-rules"]);
    assert!(again.stdout.starts_with("nothing to do: "), "{}", again.shown());
    let outcome = fixture.run("drop-target", &["--where", "zone=x", "--before-rules"]);
    let words = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("no target of the job has a label `zone` before all rules"), "{}", outcome.shown());
}

#[test]
fn a_rule_is_only_extended_where_it_means_the_same() {
    let own = "  - {source_labels: [env], regex: dev, action: drop}\n";
    let late = "  - {source_labels: [rack], regex: (.+), target_label: env}\n";
    let flags = "  - {source_labels: [env], regex: '(?i)dev', action: drop}\n";
    for (rules, is_extended) in [(own.to_string(), true), (format!("{own}{late}"), false), (flags.to_string(), false)] {
        let text = format!("{TEXT}  relabel_configs:\n{rules}").replace("env: prod", "env: test");
        let fixture = Fixture::of_text("p.yml", &text);
        let outcome = fixture.run("drop-target", &["--where", "env=test", "--force"]);
        assert_eq!(outcome.status, 0, "{}", outcome.shown());
        assert_eq!(fixture.text().contains("dev|test"), is_extended, "{}", fixture.text());
    }
}

#[test]
fn each_shard_has_other_targets_and_all_are_in_one() {
    let targets: Vec<String> = (0..30).map(|number| format!("h{number}:9100")).collect();
    let text = format!("scrape_configs:\n- job_name: web\n  static_configs: [{{targets: [{}]}}]\n", targets.join(", "));
    let mut all = Vec::new();
    for shard in 0..3 {
        let request = ShardTargets { shard, of: 3, by: "__address__".into(), ..ShardTargets::default() };
        let change = Document::new("p.yml", text.as_str(), &Options::default()).shard_targets(&request).unwrap();
        let after = change.files[0].after();
        let kept = kept(&jobs(&after)[0]);
        assert!(
            change.notes[0].starts_with(&format!("job web: {} of 30 known targets are in shard {shard}: ", kept.len())),
            "{:?}",
            change.notes
        );
        all.extend(kept);
        let next = ShardTargets { shard: (shard + 1) % 3, ..request.clone() };
        let moved = Document::new("p.yml", after.as_str(), &Options::default()).shard_targets(&next).unwrap();
        let direct = Document::new("p.yml", text.as_str(), &Options::default()).shard_targets(&next).unwrap();
        assert_eq!(moved.files[0].after(), direct.files[0].after());
        // Another number of shards changes the same rules, and back to the byte.
        for (other, number) in [(shard, 5), (4, 5), (shard, 2 + shard)] {
            let other = ShardTargets { shard: other, of: number, ..request.clone() };
            let moved = Document::new("p.yml", after.as_str(), &Options::default()).shard_targets(&other).unwrap();
            let direct = Document::new("p.yml", text.as_str(), &Options::default()).shard_targets(&other).unwrap();
            assert_eq!(moved.files.first().map_or(after.clone(), FileChange::after), direct.files[0].after());
            assert_eq!(moved.grade, Grade::Proved);
            let there = direct.files[0].after();
            let back = Document::new("p.yml", there.as_str(), &Options::default()).shard_targets(&request).unwrap();
            assert_eq!(back.files.first().map_or(there.clone(), FileChange::after), after);
        }
    }
    all.sort();
    let mut expected = targets;
    expected.sort();
    assert_eq!(all, expected);
}

#[test]
fn shards_that_cannot_be_are_refused() {
    let fixture = fixture("");
    for (shard, message) in [
        ("3/3", "the shard 3 does not exist: 3 shards have the numbers 0 to 2"),
        ("0/1", "1 shard is not several"),
        ("1", "expected I/N"),
    ] {
        let outcome = fixture.run("keep-target", &["--shard", shard]);
        assert!(outcome.status == 2 && outcome.stderr.contains(message), "{}", outcome.shown());
    }
    assert_eq!(fixture.run("keep-target", &["--shard", "0/2"]).status, 0);
    let outcome = fixture.run("keep-target", &["--shard", "0/4", "--by", "env"]);
    assert!(outcome.status == 1 && outcome.stderr.contains("already keeps a shard of 2"), "{}", outcome.shown());
    let outcome = fixture.run("keep-target", &["--where", "env=(", "--dry-run"]);
    assert!(outcome.status == 2 && outcome.stderr.contains("not a regular expression"), "{}", outcome.shown());
    let outcome = fixture.run("drop-target", &["--where", "env=.*", "--dry-run"]);
    assert!(outcome.status == 1 && outcome.stderr.contains("matches every target"), "{}", outcome.shown());
}

#[test]
fn in_every_layout_a_shard_is_kept_or_the_reason_is_shown() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edits");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    names.sort();
    for name in names {
        let fixture = Fixture::new(&name);
        let words = ["--shard", "0/2", "--all-jobs"];
        let outcome = fixture.run("keep-target", &words);
        assert_eq!(outcome.status == 0, fixture.has_changed(), "{name}: {}", outcome.shown());
        if outcome.status == 0 {
            let again = fixture.run("keep-target", &words);
            assert!(again.stdout.starts_with("nothing to do: "), "{name}: {}", again.shown());
        }
        insta::assert_snapshot!(format!("keep_shard_in_{name}"), outcome.shown());
    }
}

fn jobs(text: &str) -> Vec<ScrapeConfig> {
    Document::new("p.yml", text, &Options::default()).jobs().to_vec()
}

/// The addresses of the static targets that are scraped.
fn kept(job: &ScrapeConfig) -> Vec<String> {
    let mut simulator = JobSimulator::new(job, false).expect("the rules are valid");
    let results = job.static_configs.iter().flat_map(targets_of_group).map(|placed| simulator.simulate(&placed));
    let kept = results.filter(|result| result.status == Status::Kept);
    kept.map(|result| result.discovered.get("__address__").to_string()).collect()
}

/// Another reader's view of a config without the last `count` rules of a job.
fn without_last_rules(text: &str, job: &str, count: usize) -> Option<Vec<Value>> {
    let mut all = configs(text)?;
    for config in &mut all {
        for own in jobs_of(config).filter(|own| own.get("job_name").and_then(Value::as_str) == Some(job)) {
            let Some(entries) = own.as_mapping_mut() else { continue };
            if let Some(Value::Sequence(rules)) = entries.get_mut("relabel_configs") {
                rules.truncate(rules.len().saturating_sub(count));
            }
        }
    }
    all.iter_mut().for_each(plain);
    Some(all)
}

/// Leaves out lists without rules.
fn plain(config: &mut Value) {
    for job in jobs_of(config).filter_map(Value::as_mapping_mut) {
        if job
            .get("relabel_configs")
            .is_some_and(|rules| rules.is_null() || rules.as_sequence().is_some_and(Vec::is_empty))
        {
            job.remove("relabel_configs");
        }
    }
}

/// Filters the targets of a job in three ways: what happened, or what is wrong.
fn filtered(name: &str, text: &str, job: &str) -> Result<String, String> {
    let selection = || Selection {
        jobs: vec![job.to_string()],
        conditions: vec![("__address__".to_string(), "10\\.0\\.0\\.1.*|a:1|h.*".to_string())],
        ..Selection::default()
    };
    let filter = |filter| FilterTargets { filter, selection: selection(), may_lose_all: true, before_rules: false };
    let shard = ShardTargets {
        shard: 0,
        of: 2,
        by: "__address__".to_string(),
        selection: Selection { conditions: Vec::new(), ..selection() },
    };
    type Run<'r> = &'r dyn Fn(&mut Document<'_>) -> Result<ConfigChange, EditError>;
    let (drop, keep) = (filter(TargetFilter::Drop), filter(TargetFilter::Keep));
    let runs: [(&str, usize, Run<'_>); 3] = [
        ("drop", 1, &|document| document.filter_targets(&drop)),
        ("keep", 1, &|document| document.filter_targets(&keep)),
        ("shard", 2, &|document| document.shard_targets(&shard)),
    ];
    let mut done = Vec::new();
    for (what, count, run) in runs {
        let change = match run(&mut Document::new(name, text, &Options::default())) {
            Ok(change) if change.is_empty() => continue,
            Ok(change) => change,
            Err(EditError::Refused(refusals)) => {
                done.push(format!("{what} refused, {}", refusals[0].id));
                continue;
            }
            Err(error) => return Ok(format!("not possible, {error}")),
        };
        let after = change.files[0].after();
        if change.grade != Grade::Proved {
            return Err(format!("{what} is {}: {:?}", change.grade, change.jobs));
        }
        if !is_grown(text, &after) {
            return Err(format!("{what}: more than that has changed:\n{after}"));
        }
        let again = run(&mut Document::new(name, after.as_str(), &Options::default()));
        if !again.as_ref().is_ok_and(ConfigChange::is_empty) {
            return Err(format!("{what}: a second run: {again:?}\n{after}"));
        }
        if let (Some(old), Some(new)) = (without_last_rules(text, job, 0), without_last_rules(&after, job, count))
            && old != new
        {
            return Err(format!("{what}: another reader finds something else:\n{after}"));
        }
        done.push(what.to_string());
    }
    Ok(done.join(", "))
}

#[test]
fn whatever_the_style_rules_are_added_and_nothing_else_changes() {
    let outcomes = in_all_styles(|text, jobs, index| filtered("wild.yml", text, &jobs[index]));
    println!("{outcomes:#?}");
    let all: usize = outcomes.values().sum();
    let refused = outcomes.iter().filter(|(outcome, _)| outcome.contains("shared") || outcome.contains("alias"));
    let refused: usize = refused.map(|(_, count)| count).sum();
    let sharded: usize = outcomes.iter().filter(|(words, _)| words.ends_with("shard")).map(|(_, count)| count).sum();
    assert!(sharded * 10 >= (all - refused) * 8, "{sharded} of {all}: {outcomes:#?}");
}

#[test]
fn targets_of_real_jobs_are_filtered_and_nothing_else_changes() {
    let (mut counts, mut faults) = (BTreeMap::<String, usize>::new(), Vec::new());
    for folder in ["prometheus", "configmap"] {
        for (name, text) in texts(&corpus().join(folder)) {
            let names: Vec<String> = jobs(&text).into_iter().map(|job| job.job_name.value).collect();
            for job in names.iter().filter(|job| names.iter().filter(|other| other == job).count() == 1) {
                let outcome = filtered(&name, &text, job).unwrap_or_else(|fault| {
                    faults.push(format!("{name}, job {job}: {fault}"));
                    "FAULT".to_string()
                });
                *counts.entry(outcome).or_default() += 1;
            }
        }
    }
    counts.iter().for_each(|(what, count)| println!("{count:5} {what}"));
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn what_is_said_of_all_targets_holds_for_random_chains_and_targets() {
    let (mut random, mut counts, mut tried) = (Random::new(11), BTreeMap::<String, usize>::new(), 0);
    while tried < 8_000 {
        let text = chain(&mut random);
        let outcome = random_filter(&mut random, &text);
        let word = match &outcome {
            Ok(change) if change.is_empty() => "nothing to do".to_string(),
            Ok(change) => change.grade.to_string(),
            Err(EditError::Refused(refusals)) => format!("refused, {}", refusals[0].id),
            Err(_) => "not possible".to_string(),
        };
        *counts.entry(word).or_default() += 1;
        let Ok(change) = outcome else { continue };
        if change.grade != Grade::Proved || change.is_empty() {
            continue;
        }
        let [said] = change.jobs.as_slice() else { panic!("one job changes") };
        let [claim] = said.claims.as_slice() else { continue };
        let after = change.files[0].after();
        let (old, new) = (&jobs(&text)[0], &jobs(&after)[0]);
        for _ in 0..40 {
            let Some(target) = target(old, &mut random) else { break };
            tried += 1;
            if let Some(fault) = fault(claim, old, new, &target) {
                panic!("{fault}\n{claim}\n{target:?}\n--- before\n{text}\n--- after\n{after}");
            }
        }
    }
    counts.iter().for_each(|(what, count)| println!("{count:6} {what}"));
    assert!(counts["proved"] > 100, "{counts:?}");
}

/// A random filter of the one job of a text, perhaps after another one, which is extended.
fn random_filter(random: &mut Random, text: &str) -> Result<ConfigChange, EditError> {
    let mut document = Document::new("p.yml", text, &Options::default());
    let by = random.one_of(&["__address__", "team", "namespace", "instance"]).to_string();
    if random.one_in(4) {
        let (shard, of) = (random.below(3) as u64, 3);
        return document.shard_targets(&ShardTargets { shard, of, by, ..ShardTargets::default() });
    }
    let mut selection = Selection::default();
    for _ in 0..1 + random.below(2) {
        let label =
            random.one_of(&["namespace", "team", "instance", "__address__", "__meta_kubernetes_namespace", "env"]);
        let pattern =
            random.one_of(&["shop", "core", "s.*", "shop|core", "10.*", ".+", "a;b", "", "10\\.0\\.0\\.1:80"]);
        selection.conditions.push((label.to_string(), pattern.to_string()));
    }
    let filter = if random.one_in(2) { TargetFilter::Keep } else { TargetFilter::Drop };
    document.filter_targets(&FilterTargets { filter, selection, before_rules: random.one_in(3), may_lose_all: true })
}

/// How what is said of a target is not true, by the old and the new config.
fn fault(
    claim: &promcfg::edit::Claim,
    old: &ScrapeConfig,
    new: &ScrapeConfig,
    target: &PlacedTarget,
) -> Option<String> {
    let simulate = |job: &ScrapeConfig| JobSimulator::new(job, false).expect("the rules are valid").simulate(target);
    let (before, after) = (simulate(old), simulate(new));
    let end = end_labels(old, &before.discovered);
    let labels = |discovered: bool| if discovered { Some(&before.discovered) } else { end.as_ref() };
    let matches = |discovered: bool| {
        let labels = labels(discovered).expect("is scraped");
        claim.conditions.iter().all(|(name, pattern)| {
            let value = match labels.get(name) {
                "" if name == "instance" && !discovered => labels.get("__address__"),
                value => value,
            };
            Regex::new(pattern).expect("is a pattern").is_match(value) == Ok(true)
        })
    };
    if let Some(separator) = &claim.separator {
        let all = [Some(&before.discovered), end.as_ref()];
        if all.into_iter().flatten().any(|labels| labels.iter().any(|(_, value)| value.contains(separator))) {
            return None;
        }
    }
    let was_kept = before.status == Status::Kept;
    let is_kept = match claim.change {
        _ if before.status == Status::Invalid => {
            return (after.status == Status::Kept).then(|| "it is scraped".to_string());
        }
        LabelChangeKind::TargetsDropped { discovered } => was_kept && !matches(discovered),
        LabelChangeKind::OtherTargetsDropped { discovered } => was_kept && matches(discovered),
        LabelChangeKind::OtherShardsDropped { shard, of } => {
            was_kept && hash(old, end.as_ref()?.get(&claim.label), of) == shard
        }
        // What the extended rule dropped before is not known here.
        LabelChangeKind::TargetsKept { .. } | LabelChangeKind::ShardChanged { .. } => return None,
        _ => return Some("another claim".to_string()),
    };
    let public = |labels: &Labels| -> Vec<(String, String)> {
        let public = labels.iter().filter(|(name, _)| !name.starts_with("__"));
        public.map(|(name, value)| (name.to_string(), value.to_string())).collect()
    };
    if is_kept != (after.status == Status::Kept) {
        return Some(format!("it was {:?} and is {:?}", before.status, after.status));
    }
    (is_kept && (public(&before.labels) != public(&after.labels) || before.url != after.url))
        .then(|| "its labels or its URL change".to_string())
}

fn hash(job: &ScrapeConfig, text: &str, of: u64) -> u64 {
    let rule = RuleSpec {
        source_labels: Some(vec!["x".to_string()]),
        modulus: of,
        target_label: "y".to_string(),
        action: Some(promcfg::relabel::Action::HashMod),
        ..RuleSpec::default()
    };
    let labels: Labels = [("x", text)].into_iter().collect();
    let chain = Chain::new(&[rule], job.semantics()).expect("is valid");
    let mut set = LabelBuilder::new();
    set.load_added(&labels);
    assert_eq!(chain.run(&mut set), Ok(Verdict::Kept));
    set.to_labels().get("y").parse().expect("is a number")
}

/// The labels after all rules, `__` names included; `None` where a rule drops the target.
fn end_labels(job: &ScrapeConfig, discovered: &Labels) -> Option<Labels> {
    let rules: Vec<RuleSpec> = job.relabel_configs.iter().map(|rule| rule.spec.clone()).collect();
    let chain = Chain::new(&rules, job.semantics()).expect("the rules are valid");
    let mut set = LabelBuilder::new();
    set.load_added(discovered);
    (chain.run(&mut set) == Ok(Verdict::Kept)).then(|| set.to_labels())
}

#[test]
fn conditions_that_exclude_each_other_and_targets_that_are_dropped_are_called_so() {
    let text = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [a:1]\n    labels: {env: dev}\n  - targets: [b:1]\n    labels: {env: prod}\n  relabel_configs:\n  - {source_labels: [env], regex: dev, action: drop}\n";
    let run = |command: &str, words: &[&str]| {
        let fixture = Fixture::of_text("p.yml", text);
        let outcome = fixture.run(command, words);
        (outcome.status, outcome.shown())
    };
    for (command, more) in [("drop-target", &[][..]), ("keep-target", &["--before-rules"]), ("add-label", &["a=b"])] {
        let words = [more, &["--where", "env=prod", "--where", "env=dev|test"]].concat();
        let (status, shown) = run(command, &words);
        assert!(status == 2 && shown.contains("no `env` matches both \"prod\" and \"dev|test\""), "{shown}");
        assert!(shown.contains("--where 'env=prod|dev|test'"), "{shown}");
    }
    // Patterns that have values in common, or may have some, are one condition more.
    let (status, shown) = run("drop-target", &["--where", "env=p.*", "--where", "env=.*d", "--force"]);
    assert_eq!(status, 0, "{shown}");
    let (status, shown) = run("drop-target", &["--where", "env=d.*", "--before-rules"]);
    assert!(status == 0 && shown.contains("nothing to do: a rule already drops targets with env=d.*"), "{shown}");
    let (status, shown) = run("drop-target", &["--where", "env=x.*", "--before-rules"]);
    assert!(status == 1 && shown.contains("no target whose labels before"), "{shown}");
}
