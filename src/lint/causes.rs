//! One cause, one finding: the findings that only follow from another one in the same relabel rule are left out.

use rustc_hash::FxHashSet;

use crate::config::{Config, RelabelRule, ScrapeConfig};
use crate::diagnostic::{Diagnostic, Fate, Id, ids, retain_counted};
use crate::text::{FileId, Location};

/// A cause, and the rules that report its effects in the same relabel rule.
const CAUSES: [(Id, &[Id]); 8] = [
    (
        ids::UNEXPANDED_VARIABLE,
        &[
            ids::CONTRADICTORY_FILTERS,
            ids::DROPPED_TARGETS,
            ids::INEFFECTIVE_RULE,
            ids::MISMATCHED_SEPARATOR,
            ids::PARTIAL_ANCHOR,
            ids::REDUNDANT_ANCHOR,
            ids::UNCONDITIONAL_DROP,
            ids::UNESCAPED_DOT,
            ids::UNKNOWN_GROUP,
            ids::UNMATCHABLE_PATTERN,
        ],
    ),
    (ids::BRACKETED_ALTERNATIVES, PATTERN_NEVER_MATCHES),
    (
        ids::MISPLACED_VALUE_PATTERN,
        &[
            ids::INEFFECTIVE_LABELDROP,
            ids::LOST_REQUIRED_LABEL,
            ids::MISSING_LABELMAP_GROUP,
            ids::UNBOUNDED_LABELMAP,
            ids::UNKNOWN_META_LABEL,
        ],
    ),
    (ids::DOUBLED_BACKSLASH, PATTERN_NEVER_MATCHES),
    (ids::GLOB_PATTERN, PATTERN_NEVER_MATCHES),
    (ids::PARTIAL_ANCHOR, PATTERN_NEVER_MATCHES),
    (ids::UNMATCHABLE_PATTERN, PATTERN_NEVER_MATCHES),
    (ids::MISMATCHED_SEPARATOR, PATTERN_NEVER_MATCHES),
];

/// What is reported of a pattern that never matches, or of its effect.
const PATTERN_NEVER_MATCHES: &[Id] = &[
    ids::CONTRADICTORY_FILTERS,
    ids::UNMATCHABLE_PATTERN,
    ids::DROPPED_TARGETS,
    ids::INEFFECTIVE_RULE,
    ids::UNCONDITIONAL_DROP,
    ids::UNESCAPED_DOT,
];

/// Rules that say nothing where the relabel rule has another finding, apart from fields with defaults.
const MINOR: [Id; 2] = [ids::NEEDLESS_SOURCE_LABEL, ids::PARTIAL_TARGET_LABEL];

/// Rules whose findings do not count for [`MINOR`].
const ABOUT_STYLE: [Id; 4] =
    [ids::NEEDLESS_SOURCE_LABEL, ids::PARTIAL_TARGET_LABEL, ids::REDUNDANT_ANCHOR, ids::REDUNDANT_DEFAULT];

/// Removes the findings that follow from others. `of_jobs` has the places of the rules of jobs that have findings, and
/// `config` the other rules.
pub(super) fn without_effects(config: &Config, of_jobs: Vec<Location>, findings: &mut Vec<Diagnostic>) {
    if !findings.iter().any(|finding| effects_of(finding.id).is_some() || MINOR.contains(&finding.id)) {
        return;
    }
    let rules = Places::of(config, of_jobs);
    let of_cause = |finding: &Diagnostic| {
        let (rule, effects) = (rules.around(finding.at)?, effects_of(finding.id)?);
        let own = finding.id;
        Some(effects.iter().filter(move |effect| **effect != own).map(move |effect| (rule, *effect)))
    };
    let effects: FxHashSet<(Location, Id)> = findings.iter().filter_map(of_cause).flatten().collect();
    let others = findings.iter().filter(|finding| !ABOUT_STYLE.contains(&finding.id));
    let with_others: FxHashSet<Location> = others.filter_map(|finding| rules.around(finding.at)).collect();
    let is_effect = |finding: &Diagnostic| {
        let is_minor = MINOR.contains(&finding.id);
        let may_be = is_minor || CAUSES.iter().any(|(_, effects)| effects.contains(&finding.id));
        let rule = if may_be { rules.around(finding.at) } else { None };
        rule.is_some_and(|rule| effects.contains(&(rule, finding.id)) || is_minor && with_others.contains(&rule))
    };
    retain_counted(findings, |finding| if is_effect(finding) { Fate::Removed } else { Fate::Kept });
}

fn effects_of(id: Id) -> Option<&'static [Id]> {
    CAUSES.iter().find(|(cause, _)| *cause == id).map(|(_, effects)| *effects)
}

fn placed(file: FileId, rules: &[RelabelRule]) -> impl Iterator<Item = Location> {
    rules.iter().map(move |rule| Location::new(file, rule.span))
}

/// The places of relabel rules, in order.
pub(super) struct Places {
    places: Vec<Location>,
}

impl Places {
    /// Those of a config without jobs, and of others.
    fn of(config: &Config, mut places: Vec<Location>) -> Self {
        places.extend(placed(config.file, &config.alert_relabel_configs));
        for alertmanager in &config.alertmanagers {
            places.extend(placed(config.file, &alertmanager.relabel_configs));
            places.extend(placed(config.file, &alertmanager.alert_relabel_configs));
        }
        for endpoint in &config.remote_write {
            places.extend(placed(config.file, &endpoint.write_relabel_configs));
        }
        Self::new(places)
    }

    /// Those of jobs.
    pub(super) fn of_jobs(jobs: &[ScrapeConfig]) -> Self {
        let lists = |job: &'_ ScrapeConfig| {
            let target = placed(job.file, &job.relabel_configs);
            target.chain(placed(job.file, &job.metric_relabel_configs)).collect::<Vec<_>>()
        };
        Self::new(jobs.iter().flat_map(lists).collect())
    }

    /// Places of rules, of which none is in another one.
    pub(super) fn new(mut places: Vec<Location>) -> Self {
        places.sort_unstable();
        Self { places }
    }

    /// The rule that a place is in.
    pub(super) fn around(&self, place: Location) -> Option<Location> {
        let before = self.places.partition_point(|rule| (rule.file, rule.span.start) <= (place.file, place.span.start));
        let rule = *self.places.get(before.checked_sub(1)?)?;
        (rule.file == place.file && rule.span.contains(place.span)).then_some(rule)
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::lint_config;
    use crate::options::Options;
    use crate::text::Sources;
    use crate::yaml::Tree;

    fn found(rules: &str) -> Vec<String> {
        let head = "scrape_configs:\n- job_name: a\n  static_configs: [{targets: ['h:1'], labels: {env: x}}]\n";
        let tree = Tree::parse(format!("{head}  relabel_configs:\n{rules}"));
        let mut sources = Sources::new();
        let findings = lint_config(&mut sources, "p.yml", &tree, &Options::default());
        findings.iter().map(|finding| finding.id.to_string()).collect()
    }

    #[test]
    fn a_variable_that_nobody_filled_in_is_the_only_finding_of_its_rule() {
        for variable in ["${environment}", "${ENV}", "$(ENV)", "${env}-eu", "(?:a|${env.name})"] {
            let keep = format!("  - {{source_labels: [env], regex: '{variable}', action: keep}}\n");
            assert_eq!(found(&keep), ["unexpanded-variable"], "{variable}");
        }
        assert_eq!(
            found("  - {source_labels: [env], regex: '${environment}', target_label: stage}\n"),
            ["unexpanded-variable"]
        );
    }

    #[test]
    fn each_rule_has_findings_of_its_own() {
        let rules = "  - {source_labels: [env], regex: '${environment}', action: drop}
  - {source_labels: [env], regex: 'a^', action: keep}\n";
        assert_eq!(found(rules), ["unexpanded-variable", "unconditional-drop"]);
    }
}
