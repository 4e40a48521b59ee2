//! Effects as sentences.

use std::collections::BTreeMap;
use std::fmt;

use crate::secrets::{TargetSecrets, masked_value};
use crate::text::short_name;

use super::{ChangeKind, Effect, EffectGroup, LabelChange};

impl fmt::Display for Effect {
    /// A line for each group, as `3 targets gain env="prod"`; a single one says that nothing else changes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&in_lines(&self.described_together(), ToString::to_string))
    }
}

/// The number of groups that are described; of the others only the number of targets is given.
const MOST_LINES: usize = 20;

fn in_lines(groups: &[EffectGroup], words: impl Fn(&EffectGroup) -> String) -> String {
    match groups {
        [] => "nothing changes".to_string(),
        [group] => format!("{}; nothing else changes", words(group)),
        groups => {
            let mut lines: Vec<String> = groups.iter().take(MOST_LINES).map(words).collect();
            if let Some(rest) = groups.get(MOST_LINES..).filter(|rest| !rest.is_empty()) {
                let count: usize = rest.iter().map(|group| group.count).sum();
                lines.push(format!("and {count} more change in other ways"));
            }
            lines.join("\n")
        }
    }
}

impl fmt::Display for EffectGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f, &self.targets(), self.count == 1)
    }
}

impl Effect {
    /// In words, where each result is that of the samples of a target.
    pub(crate) fn of_samples(&self) -> String {
        in_lines(&self.described_together(), |group| OfSamples(group).to_string())
    }

    /// The groups; those with the same description are one.
    fn described_together(&self) -> Vec<EffectGroup> {
        let (mut told, mut index) = (Vec::<EffectGroup>::new(), BTreeMap::new());
        for group in &self.groups {
            let group = EffectGroup { happening: as_described(&group.happening), ..group.clone() };
            match index.get(&group.happening).and_then(|&at: &usize| told.get_mut(at)) {
                Some(other) => {
                    other.count += group.count;
                    other.jobs.extend(group.jobs);
                }
                None => {
                    index.insert(group.happening.clone(), told.len());
                    told.push(group);
                }
            }
        }
        told
    }
}

/// The rule that sets or removes a label is named for changed values only.
fn as_described(happening: &ChangeKind) -> ChangeKind {
    let mut happening = happening.clone();
    if let ChangeKind::Changed { labels, .. } = &mut happening {
        labels.iter_mut().filter(|change| !is_change(change)).for_each(|change| change.rule = None);
    }
    happening
}

/// Samples that are dropped or stored count themselves; of those that change, their targets do.
struct OfSamples<'e>(&'e EffectGroup);

impl fmt::Display for OfSamples<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let things = if self.0.count == 1 { "sample is" } else { "samples are" };
        match &self.0.happening {
            ChangeKind::Lost { .. } => return write!(f, "{} {things} dropped", self.0.count),
            ChangeKind::Gained => return write!(f, "{} {things} stored", self.0.count),
            ChangeKind::JobGained | ChangeKind::JobLost | ChangeKind::Moved { .. } | ChangeKind::Changed { .. } => {}
        }
        self.0.describe(f, &format!("the samples of {}", self.0.targets()), false)
    }
}

impl EffectGroup {
    fn targets(&self) -> String {
        format!("{} target{}", self.count, if self.count == 1 { "" } else { "s" })
    }

    /// What happens to `targets`; `one` says whether these words are singular.
    fn describe(&self, f: &mut fmt::Formatter<'_>, targets: &str, one: bool) -> fmt::Result {
        let is = if one { "is" } else { "are" };
        let example = match self.example.as_str() {
            "" => String::new(),
            example => format!(" ({})", short_name(&masked_value(example))),
        };
        match &self.happening {
            ChangeKind::JobGained | ChangeKind::JobLost => {
                let word = if self.happening == ChangeKind::JobGained { "gained" } else { "lost" };
                let jobs = if one { "job" } else { "jobs" };
                write!(f, "{} {jobs} {is} {word}: {}", self.count, self.jobs.join(", "))
            }
            ChangeKind::Gained => write!(f, "{targets} {is} gained{example}"),
            ChangeKind::Lost { rule: Some(rule) } => {
                write!(f, "{targets} {is} lost, dropped by relabel_configs[{rule}]{example}")
            }
            ChangeKind::Lost { rule: None } => write!(f, "{targets} {is} lost{example}"),
            ChangeKind::Moved { from } => {
                let verb = if one { "moves" } else { "move" };
                write!(f, "{targets} {verb} from job {} to job {}{example}", short_name(from), self.jobs.join(", "))
            }
            ChangeKind::Changed { labels, url } => {
                let mut parts: Vec<String> = labels.iter().map(|change| label(change, &self.secrets, one)).collect();
                if let Some((before, after)) = url {
                    let verb = match (labels.last().map(is_change), one) {
                        (Some(true), _) => "",
                        (_, true) => "changes ",
                        (_, false) => "change ",
                    };
                    let (before, after) = (self.secrets.text(before), self.secrets.text(after));
                    parts.push(format!("{verb}its URL from {} to {}", short_name(&before), short_name(&after)));
                }
                write!(f, "{targets} {}", parts.join(", "))
            }
        }
    }
}

fn is_change(change: &LabelChange) -> bool {
    change.before.is_some() && change.after.is_some()
}

fn label(change: &LabelChange, secrets: &TargetSecrets, one: bool) -> String {
    let name = short_name(&change.name);
    let shown = |value: &str| short_name(&secrets.label(&change.name, value)).into_owned();
    let short = |value: &Option<String>| value.as_deref().map(shown);
    match (short(&change.before), short(&change.after)) {
        (None, Some(after)) => format!("{} {name}={after:?}", if one { "gains" } else { "gain" }),
        (Some(before), None) => format!("{} {name}={before:?}", if one { "loses" } else { "lose" }),
        (before, after) => {
            let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
            let by = change.rule.map_or(String::new(), |rule| format!(" by relabel_configs[{rule}]"));
            format!("{} {name} from {before:?} to {after:?}{by}", if one { "changes" } else { "change" })
        }
    }
}
