//! The first step that loses all targets of a job.

use rustc_hash::FxHashMap;

use super::cluster::{ClusterObjects, Ingress};
use super::pods::{Nothing, Watched, is_watched};
use super::selector::{Comparison, Selector};
use super::types::{ClusterNoun, Lost, LostReason};
use super::unscraped::namespaces;
use super::{pods, services};
use crate::config::{RuleAuthor, ScrapeConfig};
use crate::discovery::DiscoveryOptions;
use crate::input::operator::{Kind, Object, ObjectId, OperatorObjects, Value};
use crate::relabel::Action;
use crate::simulate::LostObject;
use crate::text::Location;

/// The object from which the operator makes a job of that name, and the index of its endpoint.
///
/// ```
/// use promcfg::simulate::object_of_job;
/// let (object, index) = object_of_job("serviceMonitor/shop/web/1").unwrap();
/// assert_eq!((object.to_string().as_str(), index), ("ServiceMonitor/shop/web", Some(1)));
/// assert_eq!(object_of_job("node"), None);
/// ```
#[must_use]
pub fn object_of_job(name: &str) -> Option<(ObjectId, Option<usize>)> {
    let mut parts = name.split('/');
    let kind = match parts.next()? {
        "serviceMonitor" => Kind::ServiceMonitor,
        "podMonitor" => Kind::PodMonitor,
        "probe" => Kind::Probe,
        "scrapeConfig" => Kind::ScrapeConfig,
        _ => return None,
    };
    let object = ObjectId::new(kind, parts.next()?, parts.next()?);
    let index = match (kind, parts.next()) {
        (Kind::ServiceMonitor | Kind::PodMonitor, Some(index)) => Some(index.parse().ok()?),
        (Kind::Probe | Kind::ScrapeConfig, None) => None,
        _ => return None,
    };
    parts.next().is_none().then_some((object, index))
}

/// What became of the targets of a job that has none.
#[derive(Clone, Debug, Default)]
pub struct LostTargets<'t> {
    /// How many targets each rule of `relabel_configs` drops, by the index of the rule.
    pub dropped: &'t [(usize, usize)],
    /// The objects from which discovery makes no target.
    pub objects: &'t [LostObject],
}

impl ClusterObjects {
    /// Why a job has no targets, although discovery was given these objects. Nothing for a job that is not made of an
    /// object of the operator.
    ///
    /// ```
    /// use promcfg::simulate::{ClusterObjects, LostTargets};
    /// use promcfg::input::operator::{OperatorObjects, RenderOptions, render};
    /// use promcfg::yaml::Tree;
    /// use promcfg::{Options, Sources};
    /// let text = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: web}\n\
    ///     spec: {selector: {matchLabels: {app: web}}, endpoints: [{port: http}]}\n";
    /// let (mut sources, tree) = (Sources::new(), Tree::parse(text));
    /// let file = sources.add("web.yml", text);
    /// let mut objects = OperatorObjects::default();
    /// objects.add(&tree, file);
    /// let (config, _) = render(&objects, &RenderOptions::default())[0].read(&mut sources, &Options::default()).unwrap();
    /// let lost = ClusterObjects::default().explain(&objects, &config.scrape_configs[0], &LostTargets::default()).unwrap();
    /// assert_eq!(lost.reason.step(), "input");
    /// ```
    #[must_use]
    pub fn explain(&self, objects: &OperatorObjects, job: &ScrapeConfig, lost: &LostTargets<'_>) -> Option<Lost> {
        let (id, index) = object_of_job(&job.job_name.value)?;
        let object = objects.objects.iter().find(|object| object.id == id)?;
        let explained = watched(job)
            .and_then(|watched| self.on_the_way(&id, &object.value, index, watched))
            .or_else(|| by_rule(&id, job, lost));
        let name_at = object.value.at_path(&["metadata", "name"]).map_or(object.value.at, |name| name.at);
        let (at, reason) = explained.or_else(|| {
            let last = lost.objects.last()?;
            Some((name_at, LostReason::Discovery { source: last.source.to_string(), reason: last.reason }))
        })?;
        Some(Lost { object: id, at, reason })
    }

    /// The endpoints of a monitor whose port is missing in the Services and pods that the monitor selects: the index of
    /// the endpoint, where the mistake is, and what it is.
    pub(crate) fn port_faults(&self, object: &Object) -> Vec<(usize, Location, LostReason)> {
        let list = match object.id.kind {
            Kind::ServiceMonitor => "endpoints",
            Kind::PodMonitor => "podMetricsEndpoints",
            Kind::Probe | Kind::ScrapeConfig | Kind::Prometheus | Kind::PrometheusAgent => return Vec::new(),
        };
        let Some(spec) = object.value.get("spec") else { return Vec::new() };
        let names = namespaces(&object.id.namespace, spec);
        let fault = |index: usize| {
            let (at, reason) = self.on_the_way(&object.id, &object.value, Some(index), names.as_deref())?;
            let is_of_port = matches!(
                reason,
                LostReason::ServicePort { .. } | LostReason::TargetPort { .. } | LostReason::ContainerPort { .. }
            );
            is_of_port.then_some((index, at, reason))
        };
        (0..spec.get(list).map_or(0, |list| list.items().len())).filter_map(fault).collect()
    }

    /// A step before the relabel rules of users.
    fn on_the_way(
        &self,
        id: &ObjectId,
        object: &Value,
        index: Option<usize>,
        watched: Watched<'_>,
    ) -> Option<(Location, LostReason)> {
        let spec = object.get("spec")?;
        let (noun, selector, list) = match id.kind {
            Kind::ServiceMonitor => (ClusterNoun::Service, spec.get("selector"), "endpoints"),
            Kind::PodMonitor => (ClusterNoun::Pod, spec.get("selector"), "podMetricsEndpoints"),
            Kind::Probe => (ClusterNoun::Ingress, spec.at_path(&["targets", "ingress", "selector"]), ""),
            Kind::ScrapeConfig | Kind::Prometheus | Kind::PrometheusAgent => return None,
        };
        let by_role = spec.text("selectorMechanism") == "RoleSelector";
        let comparison = if by_role { Comparison::Exact } else { Comparison::ByRules };
        let name_at = object.at_path(&["metadata", "name"]).map_or(object.at, |name| name.at);
        let namespaces = spec.get("namespaceSelector").or(spec.at_path(&["targets", "ingress", "namespaceSelector"]));
        let selected = Selector::of(selector, comparison);
        let wanted = selected.requirements.iter().filter_map(|requirement| requirement.wanted());
        let names = wanted.map(|(_, value)| value).chain([id.name.as_str()]).collect();
        let nothing = Nothing {
            noun,
            selector: &selected,
            at: selector.map_or(name_at, |selector| selector.at),
            namespaces_at: namespaces.map_or(name_at, |namespaces| namespaces.at),
            watched,
            names,
        };
        let endpoint = || spec.get(list)?.items().get(index?);
        match noun {
            ClusterNoun::Service => services::of_monitor(self, &nothing, endpoint()?),
            ClusterNoun::Pod => pods::of_monitor(self, &nothing, endpoint()?),
            ClusterNoun::Ingress => self.of_probe(&nothing),
        }
    }

    fn of_probe(&self, nothing: &Nothing<'_>) -> Option<(Location, LostReason)> {
        let is_found = |ingress: &&Ingress| {
            is_watched(nothing.watched, &ingress.object.name.namespace)
                && nothing.selector.accepts(&ingress.object.labels)
        };
        let found: Vec<&Ingress> = self.ingresses.iter().filter(is_found).collect();
        let Some(first) = found.first() else {
            let objects: Vec<_> = self.ingresses.iter().map(|ingress| &ingress.object).collect();
            return Some(nothing.reason(&objects));
        };
        let has_rules = found.iter().any(|ingress| ingress.has_rules);
        (!has_rules).then(|| (first.object.at, LostReason::NoPaths { ingress: first.object.name.clone() }))
    }
}

/// The namespaces in which the job looks for targets; nothing for a job without Kubernetes.
fn watched(job: &ScrapeConfig) -> Option<Watched<'_>> {
    let options = job.discovery.iter().flat_map(|sd| &sd.options).flatten();
    let mut kubernetes = options.filter_map(|options| match options {
        DiscoveryOptions::Kubernetes(options) => Some(options),
        _ => None,
    });
    let options = kubernetes.next()?;
    Some((!options.namespaces.is_empty()).then_some(options.namespaces.as_slice()))
}

/// The rule that drops the targets that come farthest.
fn by_rule(id: &ObjectId, job: &ScrapeConfig, lost: &LostTargets<'_>) -> Option<(Location, LostReason)> {
    let by_index: FxHashMap<usize, usize> = lost.dropped.iter().copied().collect();
    let last = *by_index.keys().max()?;
    let rule = job.relabel_configs.get(last)?;
    if !rule.spec.action.is_some_and(Action::is_filter) {
        return None;
    }
    let targets = by_index.values().sum();
    let author = rule.author;
    let is_before = |index: usize| job.relabel_configs.get(..index).unwrap_or(&[]).iter();
    let rule_name = match author {
        RuleAuthor::User => {
            let list = if id.kind == Kind::Probe { "relabelingConfigs" } else { "relabelings" };
            format!("{list}[{}]", is_before(last).filter(|rule| rule.author.is_user()).count())
        }
        RuleAuthor::Class => {
            format!("relabelings[{}]", is_before(last).filter(|rule| rule.author == RuleAuthor::Class).count())
        }
        RuleAuthor::Fixed | RuleAuthor::Enforced | RuleAuthor::Sharding => format!("relabel_configs[{last}]"),
    };
    let at = Location::new(job.file, rule.span);
    Some((at, LostReason::Rule { author, rule: rule_name, targets }))
}
