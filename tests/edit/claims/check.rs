//! Whether what an edit said is true of a target, read from the old and the new config alone.

use promcfg::config::ScrapeConfig;
use promcfg::edit::{Claim, ConfigChange, CopiedValue, LabelChangeKind, LabelStage, LetterCase};
use promcfg::re2::Regex;
use promcfg::relabel::{Action, LabelBuilder, Labels, RuleSpec, Verdict};
use promcfg::scrape::{SampleOutcome, SampleRelabeler};
use promcfg::simulate::{JobSimulator, PlacedTarget, Status};
use promcfg::{Chain, Document, Options};

use super::random::{Random, sample, target};

/// Tries a change on random targets; how many.
pub(crate) fn check_targets(text: &str, change: &ConfigChange, random: &mut Random, count: usize) -> usize {
    let after = change.files[0].after();
    let (old, new) = (jobs(text), jobs(&after));
    let mut tried = 0;
    for said in &change.jobs {
        let [claim] = said.claims.as_slice() else { continue };
        let job = |jobs: &[ScrapeConfig]| {
            jobs.iter().find(|job| job.job_name.value == said.job).expect("the job exists").clone()
        };
        let (old, new) = (job(&old), job(&new));
        for _ in 0..count {
            let Some(target) = target(&old, random) else { break };
            tried += 1;
            let fault = match change.stage {
                LabelStage::Metric => of_sample(&old, &new, claim, &target, &sample(random)),
                _ => of_target(&old, &new, claim, &target),
            };
            if let Some(fault) = fault {
                panic!("{fault}\n{claim}\n{target:?}\n--- before\n{text}\n--- after\n{after}");
            }
        }
    }
    tried
}

fn jobs(text: &str) -> Vec<ScrapeConfig> {
    Document::new("p.yml", text, &Options::default()).jobs().to_vec()
}

/// Labels before and after, as the claim is about them.
struct Pair<'p> {
    /// The labels after all rules, `__` names included, by which conditions are read.
    end: &'p Labels,
    old: &'p Labels,
    new: &'p Labels,
    is_target: bool,
}

fn of_target(old: &ScrapeConfig, new: &ScrapeConfig, claim: &Claim, target: &PlacedTarget) -> Option<String> {
    let simulate = |job: &ScrapeConfig| JobSimulator::new(job, false).expect("the rules are valid").simulate(target);
    let (before, after) = (simulate(old), simulate(new));
    // What Prometheus requests may change as a whole.
    let is_request = claim.label.starts_with("__");
    if is_request && (before.status, after.status) != (Status::Kept, Status::Kept) {
        return None;
    }
    if before.status != after.status {
        return Some(format!("the status was {:?}, and is {:?}: {:?}", before.status, after.status, after.error));
    }
    if before.url != after.url && !is_request {
        return Some(format!("the URL was {}, and is {}", before.url, after.url));
    }
    if before.status != Status::Kept {
        return None;
    }
    let rules: Vec<_> = old.relabel_configs.iter().map(|rule| rule.spec.clone()).collect();
    let chain = Chain::new(&rules, old.semantics()).expect("the rules are valid");
    let mut set = LabelBuilder::new();
    set.load_added(&before.discovered);
    assert_eq!(chain.run(&mut set), Ok(Verdict::Kept));
    let end = set.to_labels();
    fault(claim, &Pair { end: &end, old: &before.labels, new: &after.labels, is_target: true })
}

fn of_sample(
    old: &ScrapeConfig,
    new: &ScrapeConfig,
    claim: &Claim,
    target: &PlacedTarget,
    sample: &[(String, String)],
) -> Option<String> {
    let result = JobSimulator::new(old, false).expect("the rules are valid").simulate(target);
    if result.status != Status::Kept {
        return None;
    }
    let run = |job: &ScrapeConfig| {
        let mut relabeler = SampleRelabeler::new(job).expect("the rules are valid");
        relabeler.relabel(sample, &result.labels, None).expect("is small")
    };
    match (run(old), run(new)) {
        (SampleOutcome::Stored(before), SampleOutcome::Stored(after)) => {
            fault(claim, &Pair { end: &before, old: &before, new: &after, is_target: false })
        }
        // A sample without any label is not stored; one label more, and it is.
        (SampleOutcome::Dropped { rule: None }, _) | (_, SampleOutcome::Dropped { rule: None }) => None,
        (SampleOutcome::Dropped { .. }, SampleOutcome::Dropped { .. }) => None,
        (before, after) => Some(format!("the sample was {before:?}, and is {after:?}")),
    }
}

fn fault(claim: &Claim, pair: &Pair<'_>) -> Option<String> {
    let Claim { label, change, conditions, separator } = claim;
    if let Some(fault) = by_names(change, pair) {
        return fault;
    }
    let other = match change {
        LabelChangeKind::Renamed { to } => to.as_str(),
        _ => label.as_str(),
    };
    let names = pair.old.iter().chain(pair.new.iter()).map(|(name, _)| name);
    let follows = |name: &str| name == "instance" && label == "__address__";
    for name in names.filter(|name| name != label && *name != other && !follows(name)) {
        if pair.old.get(name) != pair.new.get(name) {
            return Some(format!("{name} was {:?}, and is {:?}", pair.old.get(name), pair.new.get(name)));
        }
    }
    let end_value = |name: &str| match pair.end.get(name) {
        "" if name == "instance" && pair.is_target => pair.end.get("__address__"),
        value => value,
    };
    if let Some(separator) = separator {
        let copied = match change {
            LabelChangeKind::Copied { value, .. } => value.from.as_slice(),
            _ => &[],
        };
        let read = conditions.iter().map(|(name, _)| name.as_str()).chain(copied.iter().map(String::as_str));
        let read = read.chain([label.as_str(), "__address__", "instance"]);
        if read.into_iter().any(|name| pair.end.get(name).contains(separator)) {
            return None;
        }
    }
    let is_selected = conditions
        .iter()
        .all(|(name, pattern)| Regex::new(pattern).expect("is a pattern").is_match(end_value(name)) == Ok(true));
    let (before, after) = (pair.old.get(label), pair.new.get(label));
    // A rule sees an `instance` that nothing has set as absent.
    let had = if pair.is_target { pair.end.get(label) } else { before };
    let is_given_again = label == "instance" && pair.is_target && after == pair.end.get("__address__");
    let copied;
    let expected = match change {
        _ if !is_selected => before,
        LabelChangeKind::Gains { value, only_if_absent } if !only_if_absent || had.is_empty() => value,
        LabelChangeKind::Gains { .. } => before,
        LabelChangeKind::Copied { only_if_absent: true, .. } if !had.is_empty() => before,
        LabelChangeKind::Copied { value, .. } => {
            copied = copied_value(value, &end_value);
            copied.as_deref().unwrap_or(before)
        }
        LabelChangeKind::Loses if label == "instance" && pair.is_target => pair.end.get("__address__"),
        LabelChangeKind::Loses => "",
        LabelChangeKind::Unfilled { value } if before == value && after != value => "",
        LabelChangeKind::Unfilled { .. } => before,
        LabelChangeKind::Uncopied if after.is_empty() => "",
        LabelChangeKind::Uncopied if is_given_again => pair.end.get("__address__"),
        LabelChangeKind::Uncopied => before,
        LabelChangeKind::Renamed { to } => {
            if before.is_empty() || pair.new.get(to) == before {
                ""
            } else {
                return Some(format!("{to} is {:?}, not {before:?}", pair.new.get(to)));
            }
        }
        _ => return Some(format!("an unknown claim: {change:?}")),
    };
    (after != expected).then(|| format!("{label} was {before:?}, and is {after:?}, not {expected:?}"))
}

/// What is wrong, if the claim is about names.
fn by_names(change: &LabelChangeKind, pair: &Pair<'_>) -> Option<Option<String>> {
    let is_needed = |name: &str| match pair.is_target {
        true => name.starts_with("__") || ["job", "instance"].contains(&name),
        false => ["__name__", "job", "instance", "le", "quantile"].contains(&name),
    };
    let has = |names: &[String], name: &str| names.iter().any(|own| own == name);
    let expected = |name: &str| -> Option<Option<String>> {
        let old = pair.old.get(name).to_string();
        Some(match change {
            LabelChangeKind::NamesLost { labels } if has(labels, name) => Some(String::new()),
            LabelChangeKind::NamesLost { .. } => Some(old),
            LabelChangeKind::OthersLost { kept } if has(kept, name) || is_needed(name) => Some(old),
            LabelChangeKind::OthersLost { .. } => Some(String::new()),
            LabelChangeKind::NamesKept { labels } if has(labels, name) && old.is_empty() => None,
            LabelChangeKind::NamesKept { .. } => Some(old),
            LabelChangeKind::Mapped { prefix, to } => {
                let mapped = name.strip_prefix(to.as_str()).filter(|rest| !rest.is_empty());
                let mapped = mapped.map_or("", |rest| pair.end.get(&format!("{prefix}{rest}")));
                Some(if mapped.is_empty() { old } else { mapped.to_string() })
            }
            _ => return None,
        })
    };
    expected("")?;
    for (name, _) in pair.old.iter().chain(pair.new.iter()) {
        if let Some(Some(expected)) = expected(name).filter(|expected| expected.as_deref() != Some(pair.new.get(name)))
        {
            return Some(Some(format!("{name} is {:?}, not {expected:?}", pair.new.get(name))));
        }
    }
    Some(None)
}

/// What a rule of its own gives a label that nothing has.
fn copied_value<'p>(value: &CopiedValue, end_value: &impl Fn(&str) -> &'p str) -> Option<String> {
    let mut set = LabelBuilder::new();
    let mut labels = Labels::new();
    for (index, name) in value.from.iter().enumerate() {
        if value.regex.is_none() && end_value(name).is_empty() {
            return None;
        }
        labels.set(format!("source_{index}"), end_value(name));
    }
    set.load_added(&labels);
    let action = match value.case {
        Some(LetterCase::Lower) => Action::Lowercase,
        Some(_) => Action::Uppercase,
        None => Action::Replace,
    };
    let rule = RuleSpec {
        source_labels: Some((0..value.from.len()).map(|index| format!("source_{index}")).collect()),
        separator: value.separator.clone(),
        regex: value.regex.clone(),
        target_label: "copied".to_string(),
        replacement: value.replacement.clone(),
        action: Some(action),
        ..RuleSpec::default()
    };
    let chain = Chain::new(&[rule], promcfg::relabel::NameScheme::default()).expect("the rule is valid");
    assert_eq!(chain.run(&mut set), Ok(Verdict::Kept));
    Some(set.get("copied").to_string()).filter(|copied| !copied.is_empty())
}
