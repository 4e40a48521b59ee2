//! `keep-target --shard`: each of several servers scrapes a part of the targets.

use crate::diagnostic::{Diagnostic, ids};
use crate::effect::is_kept;
use crate::relabel::{Action, Labels, RuleSpec, hash_of};
use crate::simulate::TargetResult;
use crate::text::{Location, Span};

use super::super::change::ConfigChange;
use super::super::claim::{Claim, LabelChangeKind};
use super::super::document::Document;
use super::super::driver::{
    ADDRESS, Answer, Attempt, Command, Fate, INSTANCE, InstanceSource, Intent, JobView, Statement, without_label,
};
use super::super::ops::{NewRule, Op, RuleField};
use super::super::request::{EditError, LabelStage, Method, Selection, refused};
use super::target_losses::{addresses, explain_filter};

/// A shard of the targets of jobs: see [`Document::shard_targets`](crate::Document::shard_targets).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShardTargets {
    /// The number of the shard, from 0.
    pub shard: u64,
    /// How many shards there are.
    pub of: u64,
    /// The label whose value decides.
    pub by: String,
    /// The jobs.
    pub selection: Selection,
}

impl Document<'_> {
    /// Keeps the targets of one shard: those of which the hash of a label, modulo the number of shards, is the number of the
    /// shard. Each target is in just one shard. In a job that has these rules
    /// already, the numbers in them change.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::ShardTargets;
    /// let request = ShardTargets { shard: 0, of: 2, by: "__address__".into(), ..ShardTargets::default() };
    /// let text = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [a, b, c]\n";
    /// let change = Document::new("p.yml", text, &Options::default()).shard_targets(&request)?;
    /// let rules = "  relabel_configs:\n  - source_labels: [__address__]\n    modulus: 2\n    target_label: __tmp_hash\n    \
    ///     action: hashmod\n  - source_labels: [__tmp_hash]\n    regex: '0'\n    action: keep\n";
    /// assert_eq!(change.files[0].after(), format!("{text}{rules}"));
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// The shard does not exist, or the change is refused.
    pub fn shard_targets(&mut self, request: &ShardTargets) -> Result<ConfigChange, EditError> {
        self.method(Method::Relabel)?;
        self.run(request)
    }
}

/// The rules of the job that keep a shard.
struct OwnPair {
    hash: Span,
    keep: Span,
    /// The number of the shard, as it is written.
    shard: String,
    /// How many shards there are.
    of: u64,
    label: String,
}

impl Command for ShardTargets {
    fn check(&self) -> Result<(), EditError> {
        if self.by.is_empty() {
            return Err(EditError::request("the label has no name", "give the name of a label, such as __address__"));
        }
        if self.of < 2 {
            let shards = if self.of == 1 { "1 shard is".to_string() } else { format!("{} shards are", self.of) };
            let message = format!("{shards} not several");
            return Err(EditError::request(message, "write I/N with N the number of servers, for example 0/3"));
        }
        match self.shard < self.of {
            true => Ok(()),
            false => Err(EditError::request(
                format!(
                    "the shard {} does not exist: {} shards have the numbers 0 to {}",
                    self.shard,
                    self.of,
                    self.of - 1
                ),
                "the first shard has the number 0",
            )),
        }
    }

    fn selection(&self) -> &Selection {
        &self.selection
    }

    fn stages(&self) -> Vec<LabelStage> {
        vec![LabelStage::Target]
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    fn is_about_dropped(&self) -> bool {
        true
    }

    fn remarks(&self, view: &JobView<'_>) -> Vec<String> {
        let job = &view.job.job_name.value;
        if view.known == 0 || view.trial.is_without_filters() {
            return Vec::new();
        }
        let hashes = self.hashes(view);
        let after = self.own_pair(view).map(|own| self.results_without(view, &own));
        let is_kept_after = |index: &usize| match &after {
            Some(results) => results.get(*index).is_some_and(|result| result.as_ref().is_some_and(is_kept)),
            None => is_kept(&view.before.targets[*index]) && hashes.get(*index).copied().flatten() == Some(self.shard),
        };
        let stay: Vec<usize> = (0..view.known).filter(is_kept_after).collect();
        let count = stay.len();
        let verb = if count == 1 { "is" } else { "are" };
        let words = if count == 0 { String::new() } else { format!(": {}", addresses(view, &stay)) };
        let mut notes =
            vec![format!("job {job}: {count} of {} known targets {verb} in shard {}{words}", view.known, self.shard)];
        if self.is_same_for_all(view) {
            let by = self.read_label(view);
            notes.push(format!("job {job}: all known targets have the same {by}, so that one shard has all of them; --by names another label"));
        }
        notes
    }

    fn propose(&self, view: &JobView<'_>) -> Result<Answer, Diagnostic> {
        self.check_label(view)?;
        if let Some(own) = self.own_pair(view) {
            let list = view.list();
            let set = |rule, field, text: String| Op::SetRuleField { list, rule, field, text };
            let shard =
                (own.shard != self.shard.to_string()).then(|| set(own.keep, RuleField::Regex, self.shard.to_string()));
            let of = (own.of != self.of).then(|| set(own.hash, RuleField::Modulus, self.of.to_string()));
            let ops: Vec<Op> = of.into_iter().chain(shard).collect();
            return Ok(if ops.is_empty() { Answer::NothingToDo } else { Answer::Try(vec![ops]) });
        }
        if let Some(refusal) = other_shards(view) {
            return Err(refusal);
        }
        let rules = self.rules(view).map(|spec| NewRule { spec }).to_vec();
        Ok(Answer::Try(vec![vec![Op::AddRules { list: view.list(), rules }]]))
    }

    fn intent<'i>(&'i self, view: &'i JobView<'_>) -> Intent<'i> {
        if let Some(own) = self.own_pair(view) {
            let results = self.results_without(view, &own);
            return Intent::of(move |index| match results.get(index).and_then(Option::as_ref) {
                Some(result) => Fate::Becomes(Box::new(result.clone())),
                None => Fate::Dropped,
            });
        }
        let (hashes, label) = (self.hashes(view), self.free_label(view));
        Intent::of(move |index| match hashes.get(index).copied().flatten() {
            Some(hash) if hash == self.shard => Fate::Labels(vec![(label.clone(), Some(hash.to_string()))]),
            Some(_) => Fate::Dropped,
            None => Fate::Same,
        })
    }

    fn statements(&self, view: &JobView<'_>) -> Vec<Statement> {
        let (shard, of) = (self.shard, self.of);
        let (change, rule) = match self.own_pair(view) {
            Some(own) => {
                let from = if own.of == of { own.shard } else { format!("{} of {}", own.shard, own.of) };
                let change = LabelChangeKind::ShardChanged { from, shard, of };
                (change, self.keep_rule(own.label))
            }
            None => (LabelChangeKind::OtherShardsDropped { shard, of }, self.keep_rule(self.free_label(view))),
        };
        let claim = Claim { label: self.read_label(view).to_string(), change, conditions: Vec::new(), separator: None };
        vec![Statement { claim, rule: Some(rule), obstacle: None }]
    }

    fn explain(&self, view: &JobView<'_>, attempt: &Attempt<'_>) -> Diagnostic {
        explain_filter(view, attempt)
    }
}

/// The refusal where the job keeps a shard by other rules: a target would have to be in both.
fn other_shards(view: &JobView<'_>) -> Option<Diagnostic> {
    let rules = view.list().of(view.job);
    let pair = rules.windows(2).find(|pair| {
        let [hash, keep] = pair else { return false };
        let reads_hash = keep.spec.source_labels.as_deref() == Some(std::slice::from_ref(&hash.spec.target_label));
        let is_pair = hash.spec.action == Some(Action::HashMod) && keep.spec.action == Some(Action::Keep) && reads_hash;
        is_pair && hash.author.is_user() && keep.author.is_user()
    })?;
    let at = Location::new(view.job.file, pair[0].span.to(pair[1].span));
    let message = format!("the job already keeps a shard of {} by other rules", pair[0].spec.modulus);
    Some(
        refused(ids::EDIT_UNPROVED, at, message)
            .with_note("with two more rules, a target would have to be in both shards")
            .with_help("remove these two rules first, or give their label with --by"),
    )
}

/// Labels that hold the hash; the first that no rule has to do with is taken.
const LABELS: [&str; 4] = ["__tmp_hash", "__tmp_shard", "__tmp_hash_2", "__tmp_shard_2"];

impl ShardTargets {
    fn rules(&self, view: &JobView<'_>) -> [RuleSpec; 2] {
        let label = self.free_label(view);
        let hash = RuleSpec {
            source_labels: Some(vec![self.read_label(view).to_string()]),
            modulus: self.of,
            target_label: label.clone(),
            action: Some(Action::HashMod),
            ..RuleSpec::default()
        };
        [hash, self.keep_rule(label)]
    }

    /// The label that the rule reads: where nothing else gives targets an `instance`, rules find it in their address.
    fn read_label(&self, view: &JobView<'_>) -> &str {
        let is_address = self.by == INSTANCE && view.instance_source() == InstanceSource::Address;
        if is_address { ADDRESS } else { &self.by }
    }

    /// Refuses a label by which the targets are not in different shards: all of them would be in one.
    fn check_label(&self, view: &JobView<'_>) -> Result<(), Diagnostic> {
        let by = self.read_label(view);
        if by == INSTANCE && view.instance_source() == InstanceSource::Either {
            let message = "rules do not see the `instance` of all targets";
            return Err(refused(ids::EDIT_UNPROVED, view.at(), message)
                .with_note("Prometheus sets `instance` after all rules where a target has none, so that these targets would all be in one shard")
                .with_help("use --by __address__"));
        }
        if let Some(refusal) = without_label(view, by) {
            return Err(refusal.with_note("all targets would be in one shard"));
        }
        let is_empty = |index: usize, labels: &Labels| index < view.known && labels.get(by).is_empty();
        let is_given = |index: usize, labels: &Labels| index < view.known && !labels.get(by).is_empty();
        let count =
            |test: &dyn Fn(usize, &Labels) -> bool| view.at_end(test).into_iter().flatten().filter(|is| *is).count();
        let empty = count(&is_empty);
        if empty == 0 || count(&is_given) > 0 {
            return Ok(());
        }
        let message = format!("none of the {empty} known targets has a label `{by}` after all rules");
        Err(refused(ids::LABEL_WITHOUT_TARGETS, view.at(), message)
            .with_argument("label", by)
            .with_note("all targets would be in one shard")
            .with_help(view.see_targets()))
    }

    fn keep_rule(&self, label: String) -> RuleSpec {
        RuleSpec {
            source_labels: Some(vec![label]),
            regex: Some(self.shard.to_string()),
            action: Some(Action::Keep),
            ..RuleSpec::default()
        }
    }

    fn free_label(&self, view: &JobView<'_>) -> String {
        let is_free = |label: &&str| view.is_untouched(label);
        LABELS.into_iter().find(is_free).unwrap_or(LABELS[0]).to_string()
    }

    /// The hash of the label of each target that is scraped.
    fn hashes(&self, view: &JobView<'_>) -> Vec<Option<u64>> {
        let by = self.read_label(view);
        view.at_end(|_, labels| hash_of(labels.get(by).as_bytes(), self.of))
    }

    /// Whether several targets are known, and all have the same value of the label.
    fn is_same_for_all(&self, view: &JobView<'_>) -> bool {
        let by = self.read_label(view);
        let values: Vec<String> = view
            .at_end(|index, labels| (index < view.known).then(|| labels.get(by).to_string()))
            .into_iter()
            .flatten()
            .flatten()
            .collect();
        values.len() > 1 && values.iter().all(|value| *value == values[0])
    }

    /// The rules at the end of the list, or before rules that have nothing to do with them, that keep a shard by the same label.
    fn own_pair(&self, view: &JobView<'_>) -> Option<OwnPair> {
        let (rules, by) = (view.list().of(view.job), self.read_label(view));
        (1..rules.len()).rev().find_map(|index| {
            let (hash, keep) = (&rules[index - 1], &rules[index]);
            let label = hash.spec.target_label.clone();
            let wanted = RuleSpec {
                source_labels: Some(vec![by.to_string()]),
                modulus: hash.spec.modulus,
                target_label: label.clone(),
                action: Some(Action::HashMod),
                ..RuleSpec::default()
            };
            let of = hash.spec.modulus;
            let shard = keep.spec.regex.clone()?;
            let is_pair = hash.spec == wanted
                && keep.spec == RuleSpec { regex: keep.spec.regex.clone(), ..self.keep_rule(label.clone()) }
                && shard.parse::<u64>().is_ok_and(|shard| shard < of)
                && hash.author.is_user()
                && keep.author.is_user()
                && view.is_settled_behind(index, by);
            is_pair.then_some(OwnPair { hash: hash.span, keep: keep.span, shard, of, label })
        })
    }

    /// What each result is in the shard; `None` for those that are in another one or are not scraped without these rules.
    fn results_without(&self, view: &JobView<'_>, own: &OwnPair) -> Vec<Option<TargetResult>> {
        let without = view.with(&[Op::RemoveRules { list: view.list(), spans: vec![own.hash, own.keep] }]);
        let mut all = Vec::new();
        view.trial.each_result(&without, &mut |result| {
            all.push(result.clone());
            true
        });
        let ends = view.labels_at_end_of(&without, &all);
        let by = self.read_label(view);
        let of_shard = |(mut result, end): (TargetResult, Option<Labels>)| {
            let Some(end) = end.filter(|_| is_kept(&result)) else { return Some(result) };
            let hash = hash_of(end.get(by).as_bytes(), self.of);
            if hash != self.shard {
                return None;
            }
            result.labels.set(&own.label, hash.to_string());
            Some(result)
        };
        all.into_iter().zip(ends).map(of_shard).collect()
    }
}
