//! What a change says about the targets of a job, and how certain that is.

use std::fmt;

use crate::effect::Effect;

use super::copied::CopiedValue;

/// How certain it is what a change does to the targets of a job. The worst of several grades counts.
///
/// ```
/// use promcfg::edit::Grade;
/// assert!(Grade::Proved < Grade::Unproved);
/// assert_eq!(Grade::Shown.to_string(), "shown");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// True for every possible target: all of them are in `static_configs`, or the rules themselves show it.
    #[default]
    Proved,
    /// True for the known targets: those of target files, and those that the user gave.
    Shown,
    /// True for example targets at most.
    Unproved,
}

impl Grade {
    /// Its name: `proved`, `shown` or `unproved`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::Shown => "shown",
            Self::Unproved => "unproved",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A statement about every target of a job that is scraped, or about every sample that is stored, whether
/// anyone has seen it or not. Whatever the statement does not name stays as it is: all other labels,
/// the URL, and whether the target is scraped.
///
/// ```
/// use promcfg::edit::{Claim, LabelChangeKind};
/// let claim = Claim {
///     label: "team".into(),
///     change: LabelChangeKind::Gains { value: "core".into(), only_if_absent: true },
///     conditions: vec![("namespace".into(), "shop".into())],
///     separator: None,
/// };
/// assert_eq!(claim.to_string(), "every target without team whose namespace is \"shop\" gains team=\"core\"");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Claim {
    /// The label that changes.
    pub label: String,
    /// How it changes.
    pub change: LabelChangeKind,
    /// The targets: those whose label, by its name, matches the pattern. The labels are those after all
    /// rules of the old config, `__` names included.
    pub conditions: Vec<(String, String)>,
    /// Nothing is said about targets whose label of a condition, or whose `label`, contains this text: the rule joins
    /// the labels with it. `None` where the labels can contain anything.
    pub separator: Option<String>,
}

/// How a label changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LabelChangeKind {
    /// The label gets a value.
    Gains {
        /// The value.
        value: String,
        /// Whether a value that the label has already stays.
        only_if_absent: bool,
    },
    /// The label gets the value of other labels, or a part of it.
    Copied {
        /// The value.
        value: CopiedValue,
        /// Whether a value that the label has already stays.
        only_if_absent: bool,
    },
    /// The label is removed; the `instance` of a target becomes its address after relabeling.
    Loses,
    /// The value that a rule gives where the label is absent is gone; the label stays where something else sets it.
    Unfilled {
        /// The value.
        value: String,
    },
    /// The sample is dropped: `label` is the one that the conditions are about.
    Dropped,
    /// All samples but those of the conditions are dropped.
    OthersDropped,
    /// A rule that keeps no others keeps these samples as well.
    NoLongerDropped,
    /// The target is dropped.
    TargetsDropped {
        /// Whether the labels of the conditions are those before all rules.
        discovered: bool,
    },
    /// All targets but those of the conditions are no longer scraped.
    OtherTargetsDropped {
        /// Whether the labels of the conditions are those before all rules.
        discovered: bool,
    },
    /// A rule that keeps no others keeps these targets as well.
    TargetsKept {
        /// Whether the labels of the conditions are those before all rules.
        discovered: bool,
    },
    /// Only targets in one of several shards are still scraped: `label` decides in which one a target is.
    OtherShardsDropped {
        /// The number of the shard, from 0.
        shard: u64,
        /// How many there are.
        of: u64,
    },
    /// The targets of another shard than before are scraped.
    ShardChanged {
        /// The number of the old one, followed by ` of N` where their number changes as well.
        from: String,
        /// The number of the new one.
        shard: u64,
        /// How many there are.
        of: u64,
    },
    /// The value that a rule copies where the label is absent is gone; the label stays where something else sets it.
    Uncopied,
    /// Labels of these names are removed.
    NamesLost {
        /// The names.
        labels: Vec<String>,
    },
    /// All labels but these are removed, and but those that Prometheus needs.
    OthersLost {
        /// Their names.
        kept: Vec<String>,
    },
    /// A rule that keeps no others keeps these labels as well.
    NamesKept {
        /// Their names.
        labels: Vec<String>,
    },
    /// Each label with the prefix is copied to a name with another one. A label of that name gives way.
    Mapped {
        /// The prefix.
        prefix: String,
        /// What the new names begin with instead.
        to: String,
    },
    /// The label has another name, with the same value.
    Renamed {
        /// The name.
        to: String,
    },
}

impl Claim {
    /// The statement about `things`, such as `target` or `sample`.
    pub(super) fn about<'c>(&'c self, things: &'c str) -> impl fmt::Display + 'c {
        About { claim: self, things }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No target has the name of a metric.
        self.about(if self.label == "__name__" { "sample" } else { "target" }).fmt(f)
    }
}

struct About<'c> {
    claim: &'c Claim,
    things: &'c str,
}

impl fmt::Display for About<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Claim { label, change, conditions, separator } = self.claim;
        write!(f, "every {}", self.things)?;
        match change {
            LabelChangeKind::Gains { only_if_absent: true, .. } => write!(f, " without {label}")?,
            LabelChangeKind::Copied { value, only_if_absent } => {
                copied_from(f, value, only_if_absent.then_some(label))?;
            }
            LabelChangeKind::Gains { .. }
            | LabelChangeKind::Loses
            | LabelChangeKind::Unfilled { .. }
            | LabelChangeKind::Uncopied
            | LabelChangeKind::NamesLost { .. }
            | LabelChangeKind::OthersLost { .. }
            | LabelChangeKind::NamesKept { .. }
            | LabelChangeKind::Mapped { .. }
            | LabelChangeKind::Dropped
            | LabelChangeKind::OthersDropped
            | LabelChangeKind::NoLongerDropped
            | LabelChangeKind::TargetsDropped { .. }
            | LabelChangeKind::OtherTargetsDropped { .. }
            | LabelChangeKind::TargetsKept { .. }
            | LabelChangeKind::OtherShardsDropped { .. }
            | LabelChangeKind::ShardChanged { .. }
            | LabelChangeKind::Renamed { .. } => {}
        }
        // Of several conditions, one that is not met is enough.
        let is_other = matches!(change, LabelChangeKind::OtherTargetsDropped { .. });
        if is_other && conditions.len() > 1 {
            write!(f, " but those")?;
        }
        let is_not = matches!(change, LabelChangeKind::OthersDropped) || (is_other && conditions.len() == 1);
        let is_whose = matches!(change, LabelChangeKind::Copied { value, .. } if value.regex.is_some());
        for (index, (name, pattern)) in conditions.iter().enumerate() {
            let word = if index == 0 && !is_whose { " whose" } else { " and" };
            match literal(pattern) {
                Some(text) if is_not => write!(f, "{word} {name} is not {text:?}")?,
                None if is_not => write!(f, "{word} {name} does not match {pattern:?}")?,
                Some(text) => write!(f, "{word} {name} is {text:?}")?,
                None => write!(f, "{word} {name} matches {pattern:?}")?,
            }
        }
        match change {
            LabelChangeKind::Gains { value, .. } => write!(f, " gains {label}={value:?}")?,
            LabelChangeKind::Copied { value, .. } => {
                write!(f, " gains {label}{value}")?;
                if label.starts_with("__") && self.things == "target" {
                    write!(f, ", and its URL follows")?;
                }
            }
            LabelChangeKind::Loses if label == "instance" && self.things == "target" => {
                write!(f, " has its address as instance")?;
            }
            LabelChangeKind::Loses => write!(f, " with {label} loses it")?,
            LabelChangeKind::Unfilled { value } => {
                write!(f, " with {label}={value:?} from the rule loses it, and another {label} stays")?;
            }
            LabelChangeKind::Dropped | LabelChangeKind::OthersDropped => write!(f, " is dropped")?,
            LabelChangeKind::TargetsDropped { discovered } | LabelChangeKind::OtherTargetsDropped { discovered } => {
                write!(f, "{} is dropped", before_rules(*discovered))?;
            }
            LabelChangeKind::TargetsKept { discovered } => {
                write!(f, "{} is kept as well by the rule that keeps targets", before_rules(*discovered))?;
            }
            LabelChangeKind::OtherShardsDropped { shard, of } => {
                write!(f, " outside of shard {shard} of {of} by {label} is dropped")?;
            }
            LabelChangeKind::ShardChanged { from, shard, of } => {
                write!(f, " in shard {shard} of {of} by {label} is scraped instead of those in shard {from}")?;
            }
            LabelChangeKind::NoLongerDropped => write!(f, " is kept as well by the rule that keeps metrics")?,
            LabelChangeKind::Uncopied => write!(f, " with {label} from the rule loses it, and another {label} stays")?,
            LabelChangeKind::NamesLost { labels } => write!(f, " loses {}", listed(labels))?,
            LabelChangeKind::OthersLost { kept } => {
                let needed = if self.things == "target" {
                    "instance and job"
                } else {
                    "the name, instance, job, le and quantile"
                };
                write!(f, " loses all labels but {} (and {needed})", listed(kept))?;
            }
            LabelChangeKind::NamesKept { labels } => {
                write!(f, " keeps {} as well by the rule that keeps labels", listed(labels))?;
            }
            LabelChangeKind::Mapped { prefix, to } => write!(f, " gains each label {prefix}NAME as {to}NAME")?,
            LabelChangeKind::Renamed { to } => write!(f, " with {label} has it as {to}")?,
        }
        match separator {
            Some(separator) => write!(f, " (labels that contain {separator:?} aside)"),
            None => Ok(()),
        }
    }
}

fn before_rules(discovered: bool) -> &'static str {
    if discovered { " before all rules" } else { "" }
}

/// Names in words: `a, b and c`.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The targets whose labels are copied; without this label, if one is given.
fn copied_from(f: &mut fmt::Formatter<'_>, value: &CopiedValue, without: Option<&String>) -> fmt::Result {
    match (&value.regex, without) {
        (None, Some(label)) => write!(f, " with {} and without {label}", value.from.join(" and ")),
        (None, None) => write!(f, " with {}", value.from.join(" and ")),
        (Some(regex), Some(label)) => write!(f, " without {label} whose {} matches {regex:?}", value.names()),
        (Some(regex), None) => write!(f, " whose {} matches {regex:?}", value.names()),
    }
}

/// The one text that a pattern matches, where that is plain to see.
fn literal(pattern: &str) -> Option<String> {
    let mut text = String::new();
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => text.push(characters.next().filter(char::is_ascii_punctuation)?),
            '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => return None,
            c => text.push(c),
        }
    }
    Some(text)
}

/// How many of the series that the user gave a target stores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeriesCount {
    /// Before the change.
    pub before: usize,
    /// After it.
    pub after: usize,
}

/// What a change says about the targets of one job.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct JobChange {
    /// Its name.
    pub job: String,
    /// The file it is in.
    pub file: String,
    /// How certain the statement is.
    pub grade: Grade,
    /// The number of targets that are known: those in the config, in target files, and those given.
    pub known: usize,
    /// The statements about all targets, one for each label; none where the known ones are all there are.
    pub claims: Vec<Claim>,
    /// What becomes of the known targets.
    pub effect: Effect,
    /// Why nothing is proved of targets that are not known, if that is so.
    pub reason: Option<String>,
    /// How many of the given series are stored, where a change drops or keeps whole samples.
    pub series: Option<SeriesCount>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gains(only_if_absent: bool) -> LabelChangeKind {
        LabelChangeKind::Gains { value: "x".into(), only_if_absent }
    }

    #[test]
    fn a_claim_is_a_sentence() {
        let claim = |change, conditions: &[(&str, &str)], separator: Option<&str>| {
            let conditions = conditions.iter().map(|(name, pattern)| (name.to_string(), pattern.to_string())).collect();
            let claim = Claim { label: "env".into(), change, conditions, separator: separator.map(Into::into) };
            claim.to_string()
        };
        assert_eq!(claim(gains(false), &[], None), "every target gains env=\"x\"");
        assert_eq!(
            claim(gains(false), &[("a", "b\\.c"), ("d", "e.*")], Some(";")),
            "every target whose a is \"b.c\" and d matches \"e.*\" gains env=\"x\" (labels that contain \";\" aside)"
        );
        let copied = |value: CopiedValue, only_if_absent| LabelChangeKind::Copied { value, only_if_absent };
        let part = CopiedValue { regex: Some("(.+)-.*".into()), ..CopiedValue::of(["zone"]) };
        assert_eq!(
            claim(copied(CopiedValue::of(["a", "b"]), true), &[("c", "d")], None),
            "every target with a and b and without env whose c is \"d\" gains env, copied from a and b with \";\" between them"
        );
        assert_eq!(
            claim(copied(part, false), &[("c", "d")], None),
            "every target whose zone matches \"(.+)-.*\" and c is \"d\" gains env=$1 with the groups of that pattern"
        );
        assert_eq!(claim(LabelChangeKind::Loses, &[], None), "every target with env loses it");
        assert_eq!(claim(LabelChangeKind::Renamed { to: "y".into() }, &[], None), "every target with env has it as y");
    }
}
