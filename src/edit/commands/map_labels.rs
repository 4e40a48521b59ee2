//! `map-labels`: the labels of discovery that begin with a prefix, under their own names.

use crate::diagnostic::{Diagnostic, ids};
use crate::effect::address_of;
use crate::relabel::{Action, Labels, RuleSpec};
use crate::text::Location;

use super::super::change::ConfigChange;
use super::super::claim::{Claim, LabelChangeKind};
use super::super::document::Document;
use super::super::driver::{Answer, Attempt, Command, Difference, Fate, INSTANCE, Intent, JobView, Statement};
use super::super::ops::{NewRule, Op, escaped, quote_pattern, rule_in_words};
use super::super::request::{EditError, LabelStage, Method, Selection, refused};

/// Labels to be copied to names without their prefix: see [`Document::map_labels`](crate::Document::map_labels).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapLabels {
    /// What their names begin with.
    pub prefix: String,
    /// What the new names begin with instead.
    pub to: String,
    /// The jobs.
    pub selection: Selection,
    /// Whether labels of those names that are set otherwise give way.
    pub overwrite: bool,
}

impl Document<'_> {
    /// Copies all labels that begin with a prefix to names without it, by a `labelmap` after all other rules: before one of
    /// them it could change what that rule does. A rule that reads one of the new names is reported, with the label that it
    /// can read.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::MapLabels;
    /// let request = MapLabels { prefix: "__meta_kubernetes_node_label_".into(), ..MapLabels::default() };
    /// let text = "scrape_configs:\n- job_name: node\n  kubernetes_sd_configs: [{role: node}]\n";
    /// let change = Document::new("p.yml", text, &Options::default()).map_labels(&request)?;
    /// let rule = "  relabel_configs:\n  - regex: __meta_kubernetes_node_label_(.+)\n    action: labelmap\n";
    /// assert_eq!(change.files[0].after(), format!("{text}{rule}"));
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// No target has such labels, another rule sets one of the new names, or the change is refused.
    pub fn map_labels(&mut self, request: &MapLabels) -> Result<ConfigChange, EditError> {
        self.method(Method::Relabel)?;
        self.run(request)
    }
}

impl Command for MapLabels {
    fn check(&self) -> Result<(), EditError> {
        if self.prefix.is_empty() || self.prefix == self.to {
            let message = format!("the prefix {:?} does not say which labels to copy", self.prefix);
            return Err(EditError::request(
                message,
                "give the beginning of names, such as __meta_kubernetes_node_label_",
            ));
        }
        if self.to.starts_with("__") {
            let message = format!("Prometheus drops labels that begin with `{}` after relabeling", self.to);
            return Err(EditError::declined(message, "give a prefix that does not begin with `__`"));
        }
        Ok(())
    }

    fn selection(&self) -> &Selection {
        &self.selection
    }

    fn stages(&self) -> Vec<LabelStage> {
        vec![LabelStage::Target]
    }

    fn names(&self) -> Vec<&str> {
        if self.to.is_empty() { Vec::new() } else { vec![&self.to] }
    }

    fn remarks(&self, view: &JobView<'_>) -> Vec<String> {
        let is_at_risk = self.to.is_empty() && self.names_are_chosen_by_users(view);
        let job = &view.job.job_name.value;
        let note = || {
            format!(
                "job {job}: a label `job` or `instance` of discovery would replace that of the target; --to PREFIX avoids this"
            )
        };
        is_at_risk.then(note).into_iter().chain(self.early_readers(view)).collect()
    }

    fn propose(&self, view: &JobView<'_>) -> Result<Answer, Diagnostic> {
        if view.kept().is_empty() && !view.is_open() {
            return Ok(Answer::NotSelected(Box::new(view.without_targets())));
        }
        let mapped = self.mapped(view);
        let is_found = mapped.iter().flatten().any(|labels| !labels.is_empty());
        if !(is_found || self.names_are_chosen_by_users(view)) {
            return Ok(Answer::NotSelected(Box::new(self.not_found(view))));
        }
        if view.list().of(view.job).iter().any(|rule| rule.spec == self.rule()) {
            return Ok(Answer::NothingToDo);
        }
        if !self.overwrite {
            self.check_known(view, &mapped)?;
            self.check_rules(view)?;
        }
        let rule = NewRule { spec: self.rule() };
        Ok(Answer::Try(vec![vec![Op::AddRule { list: view.list(), first: false, rule }]]))
    }

    fn intent<'i>(&'i self, view: &'i JobView<'_>) -> Intent<'i> {
        let mapped = self.mapped(view);
        Intent::of(move |index| match mapped.get(index).and_then(Option::as_ref) {
            Some(labels) if !labels.is_empty() => {
                Fate::Labels(labels.iter().map(|(name, value)| (name.clone(), Some(value.clone()))).collect())
            }
            Some(_) | None => Fate::Same,
        })
    }

    fn statements(&self, _: &JobView<'_>) -> Vec<Statement> {
        let (prefix, to) = (self.prefix.clone(), self.to.clone());
        let label = format!("{to}*");
        let change = LabelChangeKind::Mapped { prefix, to };
        let claim = Claim { label, change, conditions: Vec::new(), separator: None };
        vec![Statement { claim, rule: Some(self.rule()), obstacle: None }]
    }

    fn explain(&self, view: &JobView<'_>, attempt: &Attempt<'_>) -> Diagnostic {
        let address = address_of(attempt.mismatch.old);
        let note = match &attempt.mismatch.difference {
            Difference::Status => format!("the target {address} would be kept or dropped differently"),
            Difference::Unmet(label) => format!("the target {address} would have another `{label}`"),
            Difference::Labels(labels) => {
                format!("the labels {} of the target {address} would also change", labels.join(", "))
            }
            Difference::Url => format!("the URL of the target {address} would also change"),
        };
        let message = "a labelmap does not have exactly the requested effect";
        refused(ids::LABEL_NOT_EFFECTIVE, view.at(), message).with_note(note)
    }
}

impl MapLabels {
    /// Which rules read a label that this one sets after them. They read nothing today, and go on to do so: the rule comes
    /// after all others, because before them it would change what they do.
    fn early_readers(&self, view: &JobView<'_>) -> Vec<String> {
        const MOST: usize = 3;
        let (list, job) = (view.list(), &view.job.job_name.value);
        let rules = list.of(view.job);
        let is_set = |name: &str| {
            let by_rule = rules
                .iter()
                .any(|rule| rule.spec.action.is_some_and(Action::has_target_label) && rule.spec.target_label == name);
            by_rule || view.job.static_configs.iter().any(|group| group.labels.iter().any(|(own, _)| own.value == name))
        };
        let is_mapped = |name: &&String| {
            name.strip_prefix(self.to.as_str()).is_some_and(|rest| !rest.is_empty())
                && !name.starts_with("__")
                && !matches!(name.as_str(), "job" | INSTANCE)
                && !is_set(name)
                && view.can_have(&self.source_of(name))
        };
        let readers = rules.iter().enumerate().filter_map(|(index, rule)| {
            let name = rule.spec.source_labels.iter().flatten().find(is_mapped)?;
            Some(format!(
                "job {job}: {} reads `{name}` before the labelmap, which comes after all rules; it can read `{}`",
                rule_in_words(view.job, list, index),
                self.source_of(name)
            ))
        });
        readers.take(MOST).collect()
    }

    fn rule(&self) -> RuleSpec {
        let replacement = match self.to.as_str() {
            "" => RuleSpec::default().replacement,
            to => format!("{}$1", escaped(to)),
        };
        let regex = Some(format!("{}(.+)", quote_pattern(&self.prefix)));
        RuleSpec { regex, replacement, action: Some(Action::LabelMap), ..RuleSpec::default() }
    }

    /// The labels that each result gets, by its index.
    fn mapped(&self, view: &JobView<'_>) -> Vec<Option<Vec<(String, String)>>> {
        view.at_end(|_, labels: &Labels| {
            let of_prefix = |(name, value): (&str, &str)| {
                let rest = name.strip_prefix(&self.prefix).filter(|rest| !rest.is_empty() && !value.is_empty())?;
                Some((format!("{}{rest}", self.to), value.to_string()))
            };
            labels.iter().filter_map(of_prefix).collect()
        })
    }

    /// Whether users choose the names of such labels, as those of pods and tags, so that any name is possible.
    fn names_are_chosen_by_users(&self, view: &JobView<'_>) -> bool {
        view.is_open() && view.can_have(&format!("{}any_name_that_users_choose", self.prefix))
    }

    fn not_found(&self, view: &JobView<'_>) -> Diagnostic {
        let (job, prefix) = (&view.job.job_name.value, &self.prefix);
        let message = format!("no target of job {job} has a label that begins with `{prefix}` after all rules");
        refused(ids::LABEL_WITHOUT_TARGETS, view.at(), message).with_help(view.see_targets())
    }

    /// Refuses to replace a label of a target that is known.
    fn check_known(&self, view: &JobView<'_>, mapped: &[Option<Vec<(String, String)>>]) -> Result<(), Diagnostic> {
        for (index, labels) in mapped.iter().enumerate().take(view.known) {
            for (name, value) in labels.iter().flatten() {
                let own = view.value(index, name);
                if !own.is_empty() && own != value && !(name == INSTANCE && view.is_address_instance(index)) {
                    let target = address_of(&view.before.targets[index]);
                    let (at, origin) = view.origin(view.job, &view.traced(index), name);
                    let message = format!("the target {target} already has {name}={own:?}");
                    return Err(refused(ids::LABEL_HAS_OTHER_VALUE, at, message).with_note(origin).with_help(ADVICE));
                }
            }
        }
        Ok(())
    }

    /// Refuses where labels of any name can replace one that a rule or a group sets.
    fn check_rules(&self, view: &JobView<'_>) -> Result<(), Diagnostic> {
        if !self.names_are_chosen_by_users(view) {
            return Ok(());
        }
        let is_possible = |name: &str| name.starts_with(&self.to) && !name.starts_with("__") && !name.is_empty();
        let list = view.list();
        let of_rules = list.of(view.job).iter().enumerate().filter(|(_, rule)| {
            rule.spec.action.is_some_and(Action::has_target_label) && is_possible(&rule.spec.target_label)
        });
        let of_rules = of_rules.map(|(index, rule)| {
            (
                rule.spec.target_label.clone(),
                Location::new(view.job.file, rule.span),
                format!("{} sets it", rule_in_words(view.job, list, index)),
            )
        });
        let groups = view.job.static_configs.iter().flat_map(|group| {
            group.labels.iter().filter(|(name, _)| is_possible(&name.value)).map(|(name, value)| {
                let at = Location::new(group.file, name.span.to(value.span));
                (name.value.clone(), at, "a label of its group sets it".to_string())
            })
        });
        match of_rules.chain(groups).next() {
            None => Ok(()),
            Some((name, at, origin)) => {
                let message = format!("a label `{}` of discovery would replace `{name}`", self.source_of(&name));
                Err(refused(ids::LABEL_HAS_OTHER_VALUE, at, message).with_note(origin).with_help(ADVICE))
            }
        }
    }

    fn source_of(&self, name: &str) -> String {
        format!("{}{}", self.prefix, name.strip_prefix(&self.to).unwrap_or(name))
    }
}

const ADVICE: &str = "give the new names a prefix with --to PREFIX, such as k8s_, or use --overwrite";
