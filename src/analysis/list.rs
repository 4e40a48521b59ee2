//! A list of relabel rules with the facts about it.

use std::rc::Rc;

use crate::config::{Config, RelabelRule, ScrapeConfig};
use crate::relabel::{Action, NameScheme};
use crate::release::Release;
use crate::text::{FileId, Location};

use super::about::{About, Mentions};
use super::pattern::Facts;
use super::presence::{LabelSources, Presence};
use super::rule::RuleFacts;
use super::subjects::{Needs, Subjects};

/// The limit of rules in an analyzed list. The work is linear, so this bounds memory; a longer list is reported.
const MOST_RULES: usize = 200_000;
/// The limit of source labels in an analyzed list, likewise.
const MOST_SOURCES: usize = 1_000_000;
/// The limit of the rules that may concern any label, times all rules or all labels; more are reported.
const MOST_COMPARISONS: usize = 4_000_000;

/// The kind of label set that a list processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Targets of a scrape.
    Target,
    /// Scraped samples.
    Metric,
    /// Alerts, before Prometheus sends them.
    Alert,
    /// Alertmanagers, as targets.
    Alertmanager,
    /// Series that are written to an endpoint.
    Write,
}

impl Stage {
    /// Whether the labels are those of targets, including discovery labels.
    pub(crate) fn is_of_targets(self) -> bool {
        matches!(self, Self::Target | Self::Alertmanager)
    }
}

/// A list of relabel rules that Prometheus accepts.
#[derive(Clone, Debug)]
pub(crate) struct RelabelList<'c> {
    pub(crate) stage: Stage,
    /// Its key, such as `relabel_configs`.
    pub(crate) key: &'static str,
    pub(crate) file: FileId,
    /// The Prometheus release that runs it.
    pub(crate) release: Release,
    /// The job it belongs to, if it belongs to one.
    pub(crate) job: Option<&'c ScrapeConfig>,
    pub(crate) rules: Vec<RuleFacts<'c>>,
    /// Where the labels come from.
    pub(crate) sources: LabelSources<'c>,
    mentions: Mentions<'c>,
    /// What a check may be about.
    subjects: Subjects,
}

/// Why there are no facts about a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotAnalyzed {
    /// Prometheus refuses one of its rules.
    Invalid,
    /// It is beyond a limit.
    TooLarge(Box<TooLargeList>),
}

/// A list that is beyond a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TooLargeList {
    /// Its first rule.
    pub(crate) at: Location,
    /// The job it belongs to, if it belongs to one.
    pub(crate) job: Option<String>,
    /// Its key, such as `relabel_configs`.
    pub(crate) key: &'static str,
    /// What it has too many of, and the limit: `120000 rules, and at most 100000`.
    pub(crate) excess: String,
}

/// The places of a list.
struct Frame<'c> {
    stage: Stage,
    key: &'static str,
    file: FileId,
    release: Release,
    job: Option<&'c ScrapeConfig>,
    scheme: NameScheme,
}

impl<'c> RelabelList<'c> {
    fn new(
        facts: &mut Facts,
        frame: &Frame<'c>,
        rules: &'c [RelabelRule],
        sources: LabelSources<'c>,
    ) -> Result<Self, NotAnalyzed> {
        let &Frame { stage, key, file, release, job, scheme } = frame;
        let check = |count: usize, most: usize, things: &str| match (count > most, rules.first()) {
            (true, Some(first)) => Err(NotAnalyzed::TooLarge(Box::new(TooLargeList {
                at: Location::new(file, first.span),
                job: job.map(|job| job.job_name.value.clone()),
                key,
                excess: format!("{count} {things}, more than {most}"),
            }))),
            _ => Ok(()),
        };
        let sources_of = |rule: &RelabelRule| rule.spec.source_labels.as_ref().map_or(0, Vec::len);
        check(rules.len(), MOST_RULES, "rules")?;
        check(rules.iter().map(sources_of).sum(), MOST_SOURCES, "source labels")?;
        let facts = rules.iter().enumerate().map(|(index, rule)| RuleFacts::new(facts, index, rule, scheme));
        let facts: Vec<RuleFacts<'c>> = facts.collect::<Option<_>>().ok_or(NotAnalyzed::Invalid)?;
        let mentions = Mentions::of(&facts);
        check(
            mentions.comparisons(rules.len()),
            MOST_COMPARISONS,
            "pairs of a rule and a rule for labels of any name",
        )?;
        let subjects = facts.iter().fold(Subjects::default(), |all, rule| all.or(rule.subjects));
        Ok(Self { stage, key, file, release, job, rules: facts, sources, mentions, subjects })
    }

    /// Whether it has what a check needs to find something.
    #[inline]
    pub(crate) fn has(&self, needs: Needs) -> bool {
        needs.are_met_by(self.rules.iter().map(|rule| rule.subjects), self.subjects)
    }

    /// Whether a rule after `index` may read, set or remove the label.
    pub(crate) fn may_concern_later(&self, index: usize, name: &str) -> bool {
        self.mentions.may_concern_later(index, name)
    }

    /// The rules before `index`, in reverse order.
    pub(crate) fn before(&self, index: usize) -> impl Iterator<Item = &RuleFacts<'c>> {
        self.rules.iter().take(index).rev()
    }

    /// The rules after `index`.
    pub(crate) fn behind(&self, index: usize) -> impl Iterator<Item = &RuleFacts<'c>> {
        self.rules.iter().skip(index + 1)
    }

    /// What the rules do with a label.
    pub(crate) fn about(&self, name: &str) -> Rc<About> {
        self.mentions.about(&self.rules, name, || self.sources.presence(name))
    }

    /// The rules that may concern the label, in order.
    pub(super) fn rules_about(&self, name: &str) -> impl Iterator<Item = &RuleFacts<'c>> {
        self.mentions.rules_about(name).filter_map(|index| self.rules.get(index))
    }

    /// Whether a rule in the range may set a label whose name begins with the prefix.
    pub(crate) fn may_begin_in(&self, range: std::ops::Range<usize>, prefix: &str) -> bool {
        self.mentions.may_begin_in(&self.rules, range, prefix)
    }

    /// Whether a rule before `index` sets labels whose names it makes of others, or of values.
    pub(crate) fn may_set_any_name_before(&self, index: usize) -> bool {
        let mut before = self.mentions.open().take_while(|open| *open < index).filter_map(|open| self.rules.get(open));
        before.any(|rule| matches!(rule.action, Action::LabelMap | Action::Replace))
    }

    /// Whether the label exists when rule `index` runs.
    pub(crate) fn presence_at(&self, index: usize, name: &str) -> Presence {
        self.presence_and_remover_at(index, name).0
    }

    /// Whether the label exists when rule `index` runs, and if not, the last rule that removed it.
    pub(super) fn presence_and_remover_at(&self, index: usize, name: &str) -> (Presence, Option<usize>) {
        match self.mentions.unchanged(name, || self.sources.presence(name)) {
            Some(presence) => (presence, None),
            None => self.about(name).presence_at(index),
        }
    }

    /// All labels that can exist before or after the rules, by name; `None` where a source or a rule can set
    /// labels of any name.
    pub(crate) fn closed_names(&self) -> Option<Vec<String>> {
        let mut names = self.sources.closed_names()?;
        for rule in &self.rules {
            match rule.action {
                Action::LabelMap => return None,
                Action::Replace => names.push(rule.target()?.into_owned()),
                Action::HashMod | Action::Lowercase | Action::Uppercase => names.extend(rule.target().map(Into::into)),
                Action::Keep
                | Action::Drop
                | Action::KeepEqual
                | Action::DropEqual
                | Action::LabelDrop
                | Action::LabelKeep => {}
            }
        }
        Some(names)
    }

    /// Whether a rule may set or remove the label.
    pub(super) fn is_changed(&self, name: &str) -> bool {
        self.mentions.is_changed(name)
    }

    /// Whether a rule before `index` may have set the label.
    pub(crate) fn may_be_written_before(&self, index: usize, name: &str) -> bool {
        self.is_changed(name) && self.about(name).is_written_in(0..index)
    }

    /// Whether a rule before `index` may have set or removed the label.
    pub(crate) fn may_be_changed_before(&self, index: usize, name: &str) -> bool {
        self.is_changed(name) && self.about(name).is_changed_in(0..index)
    }

    /// Whether a rule after `index` may set the label.
    pub(crate) fn may_be_written_behind(&self, index: usize, name: &str) -> bool {
        self.is_changed(name) && self.about(name).is_written_in(index + 1..self.rules.len())
    }

    /// Whether a rule after `index` reads the value or the existence of the label.
    pub(crate) fn is_read_behind(&self, index: usize, name: &str) -> bool {
        self.may_concern_later(index, name) && self.about(name).is_read_in(index + 1..self.rules.len())
    }
}

/// The lists of a valid job: target rules, metric rules. A list may be empty.
pub(crate) fn lists_of_job<'c>(facts: &mut Facts, job: &'c ScrapeConfig) -> Result<[RelabelList<'c>; 2], NotAnalyzed> {
    let (release, scheme) = (job.release, job.semantics().names());
    let frame = |stage, key| Frame { stage, key, file: job.file, release, job: Some(job), scheme };
    let target = frame(Stage::Target, "relabel_configs");
    let metric = frame(Stage::Metric, "metric_relabel_configs");
    Ok([
        RelabelList::new(facts, &target, &job.relabel_configs, LabelSources::of_job(job))?,
        RelabelList::new(facts, &metric, &job.metric_relabel_configs, LabelSources::open())?,
    ])
}

/// The lists outside of jobs: those of `alerting` and `remote_write`; those that Prometheus accepts, or that are too
/// large.
pub(crate) fn lists_of_config<'c>(
    facts: &mut Facts,
    config: &'c Config,
) -> Vec<Result<RelabelList<'c>, Box<TooLargeList>>> {
    let (release, scheme) = (config.release, config.semantics().names());
    let frame = |stage, key| Frame { stage, key, file: config.file, release, job: None, scheme };
    let mut lists = Vec::new();
    let mut add = |stage, key, rules: &'c [RelabelRule], sources| match RelabelList::new(
        facts,
        &frame(stage, key),
        rules,
        sources,
    ) {
        Ok(list) => lists.push(Ok(list)),
        Err(NotAnalyzed::TooLarge(list)) => lists.push(Err(list)),
        Err(NotAnalyzed::Invalid) => {}
    };
    add(Stage::Alert, "alert_relabel_configs", &config.alert_relabel_configs, LabelSources::open());
    for alertmanager in &config.alertmanagers {
        let sources = LabelSources::of_alertmanager(alertmanager);
        add(Stage::Alertmanager, "relabel_configs", &alertmanager.relabel_configs, sources);
        let rules = &alertmanager.alert_relabel_configs;
        add(Stage::Alert, "alert_relabel_configs", rules, LabelSources::open());
    }
    for endpoint in &config.remote_write {
        add(Stage::Write, "write_relabel_configs", &endpoint.write_relabel_configs, LabelSources::open());
    }
    lists
}

/// A list of rules in a file of its own: nobody says what its labels belong to, so that any may exist.
pub(crate) fn list_of_rules<'c>(
    facts: &mut Facts,
    file: FileId,
    rules: &'c [RelabelRule],
) -> Result<RelabelList<'c>, NotAnalyzed> {
    if rules.is_empty() || !rules.iter().all(|rule| rule.is_valid) {
        return Err(NotAnalyzed::Invalid);
    }
    let (release, scheme) = (Release::default(), NameScheme::default());
    let frame = Frame { stage: Stage::Write, key: "rules", file, release, job: None, scheme };
    RelabelList::new(facts, &frame, rules, LabelSources::open())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;
    use crate::relabel::RuleSpec;
    use crate::text::Sources;
    use crate::text::Span;

    fn with_list(job: &str, look: impl FnOnce(&RelabelList<'_>)) {
        let mut sources = Sources::new();
        let file = sources.add("p.yml", format!("scrape_configs:\n- job_name: web\n{job}"));
        let (config, faults) = Config::read(&mut sources, file, &Options::default());
        assert!(faults.is_empty(), "{faults:?}");
        look(&lists_of_job(&mut Facts::default(), &config.scrape_configs[0]).expect("is valid")[0]);
    }

    #[test]
    fn lists_beyond_a_limit_are_not_analyzed() {
        let excess = |rules: usize, sources: usize| {
            let mut texts = Sources::new();
            let file = texts.add("p.yml", "scrape_configs: [{job_name: a, static_configs: [{targets: ['h:1']}]}]");
            let (mut config, _) = Config::read(&mut texts, file, &Options::default());
            let spec = RuleSpec {
                source_labels: Some(vec!["a".to_string(); sources]),
                target_label: "b".to_string(),
                ..RuleSpec::default()
            };
            let job = &mut config.scrape_configs[0];
            job.relabel_configs = vec![RelabelRule::new(spec, Span::empty(0)); rules];
            match lists_of_job(&mut Facts::default(), job) {
                Err(NotAnalyzed::TooLarge(list)) => list.excess,
                Err(NotAnalyzed::Invalid) => "invalid".to_string(),
                Ok(_) => String::new(),
            }
        };
        assert_eq!(excess(1, 1_000_001), "1000001 source labels, more than 1000000");
        assert_eq!(excess(11, 100_000), "1100000 source labels, more than 1000000");
        assert_eq!(excess(200_001, 1), "200001 rules, more than 200000");
        assert_eq!(excess(10, 10_000), "");
    }

    #[test]
    fn labels_come_from_discovery_and_from_earlier_rules() {
        let job = "  kubernetes_sd_configs: [{role: pod}]
  relabel_configs:
  - {source_labels: [__meta_kubernetes_pod_name], target_label: pod}
  - {regex: __meta_kubernetes_pod_label_(.+), action: labelmap}
  - {regex: pod|job, action: labeldrop}
";
        with_list(job, |list| {
            let at = |index: usize, name: &str| list.presence_at(index, name);
            assert_eq!(at(0, "__meta_kubernetes_pod_name"), Presence::Always);
            assert_eq!(at(0, "__meta_kubernetes_pod_label_app"), Presence::Sometimes);
            assert_eq!(at(0, "__meta_kubernetes_pods"), Presence::Never);
            assert_eq!((at(0, "pod"), at(1, "pod")), (Presence::Never, Presence::Sometimes));
            assert_eq!((at(1, "app"), at(2, "app")), (Presence::Never, Presence::Sometimes));
            assert_eq!(
                (at(2, "job"), at(3, "job"), at(3, "pod")),
                (Presence::Always, Presence::Never, Presence::Never)
            );
        });
    }

    #[test]
    fn labels_of_nodes_are_there_when_they_are_attached() {
        let zone = "__meta_kubernetes_node_label_zone";
        let of = |attached: &str| format!("  kubernetes_sd_configs: [{{role: pod, attach_metadata: {attached}}}]\n");
        with_list(&of("{node: false}"), |list| {
            assert_eq!(list.presence_at(0, zone), Presence::Never);
            assert_eq!(list.sources.missing_switch(zone), Some("node"));
            assert_eq!(list.sources.missing_switch("__meta_kubernetes_pod_name"), None);
        });
        with_list(&of("{node: true}"), |list| assert_eq!(list.presence_at(0, zone), Presence::Sometimes));
        with_list("  kubernetes_sd_configs: [{role: pod, <<: {attach_metadata: {node: true}}}]\n", |list| {
            assert_eq!(list.presence_at(0, zone), Presence::Sometimes);
        });
    }

    #[test]
    fn a_pattern_may_match_labels_of_discovery() {
        let pattern = |text: &str| Facts::default().pattern(text).expect("is a pattern");
        with_list("  kubernetes_sd_configs: [{role: pod}]\n", |list| {
            let may_match = |text: &str| list.sources.may_match(&pattern(text));
            assert!(may_match("__meta_kubernetes_pod_label_(.+)") && may_match("__meta_(.*)") && may_match(".*_name"));
            assert!(may_match("__meta_kubernetes_pod_label_app|x") && may_match("__meta_kubernetes_pod_(ip|uid)"));
            assert!(!may_match("__meta_kubernetes_service_label_(.+)") && !may_match("__meta_kubernetes_pod_id"));
            assert!(!may_match("__meta_kubernetes_node_label_(.+)"));
            assert_eq!(list.sources.missing_switch_for(&pattern("__meta_kubernetes_node_label_(.+)")), Some("node"));
        });
    }

    #[test]
    fn rules_overwrite_and_are_the_same_by_what_they_do() {
        let job = "  relabel_configs:
  - {source_labels: [a], target_label: b}
  - {source_labels: [a], target_label: b, regex: (.*), separator: '-', replacement: $1}
  - {source_labels: [a], target_label: b, regex: .+}
  - {target_label: b, replacement: x, regex: ''}
  - {regex: __meta_x_(.+), action: labelmap}
  - {regex: x_(.+), action: labelmap}
";
        with_list(job, |list| {
            let rule = |index: usize| &list.rules[index];
            assert!(rule(0).is_same_as(rule(1)) && !rule(0).is_same_as(rule(2)));
            let overwrites: Vec<bool> = (0..4).map(|index| rule(index).overwrites("b")).collect();
            assert_eq!(overwrites, [true, true, false, true]);
            assert_eq!((rule(3).constant_value().as_deref(), rule(0).constant_value()), (Some("x"), None));
            assert_eq!((rule(4).may_write("__meta_a"), rule(4).may_write("a")), (false, true));
            assert!(rule(5).may_write("__meta_a") && rule(5).may_write_beginning("__meta_"));
        });
    }

    #[test]
    fn labels_of_target_files_are_not_known() {
        with_list("  file_sd_configs: [{files: [a.yml]}]\n", |list| {
            assert_eq!(list.presence_at(0, "env"), Presence::Unknown);
            assert_eq!(list.presence_at(0, "__address__"), Presence::Always);
        });
    }

    #[test]
    fn labels_of_some_groups_are_there_sometimes() {
        let job = "  static_configs:\n  - {targets: ['a:1'], labels: {env: x, zone: ''}}\n  - targets: ['b:1']\n";
        with_list(job, |list| {
            assert_eq!(list.presence_at(0, "env"), Presence::Sometimes);
            assert_eq!(list.presence_at(0, "zone"), Presence::Never);
        });
    }
}
