//! The driver with commands that propose whatever a test wants.

use crate::diagnostic::{Diagnostic, ids};
use crate::effect::address_of;
use crate::files::MemoryFiles;
use crate::options::Options;
use crate::relabel::RuleSpec;

use super::super::change::ConfigChange;
use super::super::claim::LabelChangeKind;
use super::super::open::Opened;
use super::super::ops::{NewRule, Op, RuleList};
use super::super::request::{EditError, LabelStage, Selection, refused};
use super::{Answer, Attempt, Command, Difference, Fate, Intent, JobView, Statement, run};

/// Intends that all targets get env="prod", and proposes these operations.
struct Proposing {
    proposals: fn(&JobView<'_>) -> Vec<Vec<Op>>,
    selection: Selection,
    stages: Vec<LabelStage>,
}

impl Command for Proposing {
    fn check(&self) -> Result<(), EditError> {
        Ok(())
    }

    fn selection(&self) -> &Selection {
        &self.selection
    }

    fn stages(&self) -> Vec<LabelStage> {
        self.stages.clone()
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    fn propose(&self, job: &JobView<'_>) -> Result<Answer, Diagnostic> {
        Ok(Answer::Try((self.proposals)(job)))
    }

    fn intent<'i>(&'i self, _: &'i JobView<'_>) -> Intent<'i> {
        Intent::of(|_| Fate::Labels(vec![("env".into(), Some("prod".into()))]))
    }

    fn statements(&self, job: &JobView<'_>) -> Vec<Statement> {
        let change = LabelChangeKind::Gains { value: "prod".into(), only_if_absent: false };
        vec![job.statement("env", change, None)]
    }

    fn explain(&self, job: &JobView<'_>, attempt: &Attempt<'_>) -> Diagnostic {
        let what = match &attempt.mismatch.difference {
            Difference::Status => "status".to_string(),
            Difference::Unmet(name) => format!("not {name}"),
            Difference::Labels(names) => format!("also {}", names.join(", ")),
            Difference::Url => "URL".to_string(),
        };
        let address = address_of(attempt.mismatch.old);
        refused(ids::LABEL_NOT_EFFECTIVE, job.at(), format!("{:?} {address}: {what}", job.stage))
    }
}

fn label(job: &JobView<'_>, name: &str) -> Op {
    Op::SetGroupLabel { group: job.job.static_configs[0].at(), name: name.into(), value: "prod".into() }
}

fn rule(list: RuleList, target_label: &str) -> Op {
    let spec = RuleSpec { target_label: target_label.into(), replacement: "prod".into(), ..RuleSpec::default() };
    Op::AddRule { list, first: false, rule: NewRule { spec } }
}

fn outcome_at(
    text: &str,
    stages: &[LabelStage],
    proposals: fn(&JobView<'_>) -> Vec<Vec<Op>>,
) -> Result<ConfigChange, EditError> {
    let selection = Selection { all_jobs: true, ..Selection::default() };
    let command = Proposing { proposals, selection, stages: stages.to_vec() };
    run(&mut Opened::new("p.yml", text, &Options::default()), &command)
}

fn outcome(text: &str, proposals: fn(&JobView<'_>) -> Vec<Vec<Op>>) -> Result<ConfigChange, EditError> {
    outcome_at(text, &[LabelStage::Target], proposals)
}

/// The refusals, each as its job, id and message.
fn refusals(outcome: Result<ConfigChange, EditError>) -> Vec<String> {
    let Err(EditError::Refused(refusals)) = outcome else { panic!("not refused: {outcome:?}") };
    let job = |refusal: &Diagnostic| refusal.job.clone().unwrap_or_default();
    refusals.iter().map(|refusal| format!("{}: {}: {}", job(refusal), refusal.id, refusal.message)).collect()
}

const ONE: &str = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: [h]\n";
const SHARED: &str = "scrape_configs:
- job_name: a
  static_configs: [{targets: [h]}]
  relabel_configs: &all
  - {target_label: x, replacement: y}
- job_name: b
  static_configs: [{targets: [h]}]
  relabel_configs: *all
";

#[test]
fn a_proposal_with_the_intended_effect_is_made() {
    let change = outcome(ONE, |job| vec![vec![label(job, "env")]]).unwrap();
    assert_eq!(change.files[0].after(), format!("{ONE}    labels:\n      env: prod\n"));
    assert_eq!(change.summary(), "1 target gains env=\"prod\"; nothing else changes");
    assert_eq!(change.notes, Vec::<String>::new());
}

#[test]
fn a_proposal_that_does_something_else_is_refused_as_the_command_explains_it() {
    let other = outcome(ONE, |job| vec![vec![label(job, "stage")]]);
    assert_eq!(refusals(other), ["a: label-not-effective: Target h: not env"]);
    let more = outcome(ONE, |job| vec![vec![label(job, "env"), label(job, "stage")]]);
    assert_eq!(refusals(more), ["a: label-not-effective: Target h: also stage"]);
    let nothing = outcome(ONE, |_| vec![vec![]]);
    assert_eq!(refusals(nothing), ["a: label-not-effective: Target h: not env"]);
    let inner = outcome(ONE, |job| vec![vec![label(job, "env"), label(job, "__metrics_path__")]]);
    assert_eq!(refusals(inner), ["a: label-not-effective: Target h: also __metrics_path__"]);
    let dropped = format!("{ONE}  relabel_configs:\n  - {{source_labels: [env], regex: prod, action: drop}}\n");
    let dropped = outcome(&dropped, |job| vec![vec![label(job, "env")]]);
    assert_eq!(refusals(dropped), ["a: label-not-effective: Target h: status"]);
}

#[test]
fn a_command_without_proposals_is_refused() {
    let none = outcome(ONE, |_| Vec::new());
    assert_eq!(refusals(none), ["a: edit-unproved: no change of the job has the requested effect"]);
}

#[test]
fn a_place_that_an_anchor_shares_is_refused_and_so_is_its_alias() {
    assert_eq!(
        refusals(outcome(SHARED, |_| vec![vec![rule(RuleList::Target, "env")]])),
        [
            "a: edit-shared-anchor: the part to change has the anchor `&all`, which 1 other place uses",
            "b: edit-through-alias: relabel_configs is an alias",
        ]
    );
}

#[test]
fn the_second_proposal_is_made_if_the_first_has_no_place_and_a_note_says_why() {
    let text = &SHARED[..SHARED.find("- job_name: b").unwrap()].replace("&all", "&all # shared");
    let text = format!(
        "{text}- job_name: b\n  static_configs: [{{targets: [h], labels: {{env: prod}}}}]\n  relabel_configs: *all\n"
    );
    let change = outcome(&text, |job| match job.job.job_name.value.as_str() {
        "a" => vec![vec![rule(RuleList::Target, "env")], vec![label(job, "env")]],
        _ => vec![vec![label(job, "env")]],
    })
    .unwrap();
    assert_eq!(change.files[0].after(), text.replacen("targets: [h]}", "targets: [h], labels: {env: prod}}", 1));
    assert_eq!(
        change.notes,
        ["job a: the part to change has the anchor `&all`, which 1 other place uses; another method was used"]
    );
}

#[test]
fn the_second_proposal_is_made_if_the_first_has_another_effect() {
    let change = outcome(ONE, |job| vec![vec![label(job, "stage")], vec![rule(RuleList::Target, "env")]]).unwrap();
    let added = "  relabel_configs:\n  - target_label: env\n    replacement: prod\n";
    assert_eq!(change.files[0].after(), format!("{ONE}{added}"));
    assert_eq!(change.notes, ["job a: Target h: not env; another method was used"]);
}

#[test]
fn an_intent_is_proved_at_every_stage() {
    let both = [LabelStage::Target, LabelStage::Metric];
    let dropped = format!("{ONE}  metric_relabel_configs:\n  - {{regex: env, action: labeldrop}}\n");
    assert!(outcome(&dropped, |job| vec![vec![label(job, "env")]]).is_ok());
    let refused = outcome_at(&dropped, &both, |job| vec![vec![label(job, "env")]]);
    assert_eq!(refusals(refused), ["a: label-not-effective: Metric h: not env"]);
    assert!(outcome_at(ONE, &both, |job| vec![vec![label(job, "env")]]).is_ok());
}

#[test]
fn a_refusal_for_one_job_refuses_the_change_of_all() {
    let text = format!("{ONE}- job_name: b\n  static_configs:\n  - targets: [h]\n");
    let refused = outcome(&text, |job| match job.job.job_name.value.as_str() {
        "a" => vec![vec![label(job, "env")]],
        _ => vec![vec![label(job, "stage")]],
    });
    assert_eq!(refusals(refused), ["b: label-not-effective: Target h: not env"]);
}

#[test]
fn an_included_file_that_changed_meanwhile_is_not_edited() {
    let jobs: MemoryFiles = [("jobs.yml", ONE)].into_iter().collect();
    let mut opened = Opened::new("p.yml", "scrape_config_files: [jobs.yml]\n", &Options::new(&jobs));
    let other: MemoryFiles = [("jobs.yml", "scrape_configs: []\n")].into_iter().collect();
    opened.options = Options::new(&other);
    let selection = Selection { all_jobs: true, ..Selection::default() };
    let proposals: fn(&JobView<'_>) -> Vec<Vec<Op>> = |job| vec![vec![label(job, "env")]];
    let command = Proposing { proposals, selection, stages: vec![LabelStage::Target] };
    assert_eq!(refusals(run(&mut opened, &command)), [": edit-changed: the file has changed since it was read"]);
}
