//! What a job discovers from objects: the way from them to targets, and which of many targets are shown.

use promcfg::Labels;
use promcfg::config::RuleAuthor;
use promcfg::report::HiddenTargets;
use promcfg::simulate::{Funnel, FunnelStep, JobObjects, LostObject, ObjectNote, Owner, Status, TargetResult};

/// What a job discovered.
#[derive(Default)]
pub(super) struct Discovery {
    pub(super) funnel: Vec<FunnelStep>,
    pub(super) notes: Vec<ObjectNote>,
    /// The object that is asked about, if it gives no target.
    pub(super) lost: Option<LostObject>,
}

impl Discovery {
    /// `object` is the one that is asked about.
    pub(super) fn of(owner: Owner<'_>, mut funnel: Funnel, objects: JobObjects, object: Option<&str>) -> Self {
        objects.found.into_iter().for_each(|found| funnel.add_objects(found));
        let lost = objects.lost.into_iter().find(|lost| Some(&*lost.source) == object);
        Self { funnel: funnel.steps(owner), notes: objects.notes, lost }
    }
}

/// The name of an object as groups have it: `service/a/b` is `svc/a/b`, and kinds are in the singular.
pub(super) fn source_of(object: &str) -> String {
    let (kind, name) = object.split_once('/').unwrap_or(("pod", object));
    let kind = match kind {
        "service" | "services" => "svc",
        "pods" | "po" => "pod",
        "nodes" => "node",
        "endpointslices" => "endpointslice",
        "ingresses" => "ingress",
        other => other,
    };
    format!("{kind}/{name}")
}

/// Whether a target is made of an object, or of an object that points to it.
pub(super) fn is_of(object: &str, source: Option<&str>, discovered: &Labels) -> bool {
    if source == Some(object) {
        return true;
    }
    let has = |kind: &str, label: &str| {
        let names =
            object.strip_prefix(kind).and_then(|rest| rest.strip_prefix('/')).and_then(|rest| rest.split_once('/'));
        names.is_some_and(|(namespace, name)| {
            discovered.get("__meta_kubernetes_namespace") == namespace && discovered.get(label) == name
        })
    };
    has("pod", "__meta_kubernetes_pod_name") || has("svc", "__meta_kubernetes_service_name")
}

/// Whether a target is of other Services, pods and ports than those that the job is about: a rule of the operator drops it.
pub(super) fn is_of_others(owner: Owner<'_>, target: &TargetResult) -> bool {
    let by = target.dropped_by.as_ref().and_then(|by| owner.rules().get(by.rule));
    by.is_some_and(|rule| rule.author == RuleAuthor::Fixed)
}

/// The targets of a job that are shown: all, or of many some with each result.
pub(super) struct Selected {
    is_brief: bool,
    pub(super) targets: Vec<TargetResult>,
    pub(super) hidden: Vec<HiddenTargets>,
}

impl Selected {
    /// Up to this number, all are shown.
    const FEW: usize = 20;
    /// Of more, the number that is shown of each result.
    const OF_EACH: usize = 3;

    pub(super) fn new(is_brief: bool) -> Self {
        Self { is_brief, targets: Vec::new(), hidden: Vec::new() }
    }

    /// Whether a further target is held. One that is not is counted.
    pub(super) fn wants(&mut self, target: &TargetResult) -> bool {
        if !self.is_brief || (self.hidden.is_empty() && self.targets.len() < Self::FEW) {
            return true;
        }
        if self.hidden.is_empty() {
            let all = std::mem::take(&mut self.targets);
            for target in all {
                if self.is_one_of_few(&target) {
                    self.targets.push(target);
                }
            }
        }
        self.is_one_of_few(target)
    }

    /// Whether few targets with the same result are shown so far. Else it is counted.
    fn is_one_of_few(&mut self, target: &TargetResult) -> bool {
        let same = |shown: &&TargetResult| result_of(shown) == result_of(target);
        if self.targets.iter().filter(same).count() < Self::OF_EACH {
            return true;
        }
        let (status, rule) = result_of(target);
        match self.hidden.iter_mut().find(|hidden| (hidden.status, hidden.rule) == (status, rule)) {
            Some(hidden) => hidden.count += 1,
            None => self.hidden.push(HiddenTargets { status, rule, count: 1 }),
        }
        false
    }
}

fn result_of(target: &TargetResult) -> (Status, Option<usize>) {
    let by = target.dropped_by.as_ref().or(target.undecided_by.as_ref());
    (target.status, by.map(|by| by.rule))
}
