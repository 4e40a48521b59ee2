//! Objects that a user saved from the servers of discovery, and the targets that jobs find in them.

mod known;

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashSet;

use self::known::Known;

use crate::config::{RelabelRule, Sd};
use crate::discovery::{
    Discovered, DiscoveredGroup, DiscoveryError, DiscoveryNote, DiscoveryOptions, DumpKind, DumpPart, Dumps,
    KubernetesContext, KubernetesError, KubernetesExamples, KubernetesKind, KubernetesLoss, KubernetesOptions,
    KubernetesRole, LabelPair, PlaceholderKind, Undetermined, needed_kinds,
};
use crate::re2::Regex;
use crate::relabel::Action;
use crate::scrape::DiscoveredTarget;

use super::{FoundObjects, Owner, PlacedTarget};

/// Objects of any mechanism.
///
/// ```
/// use promcfg::simulate::{DiscoverySettings, Owner, SavedObjects};
/// use promcfg::{Config, Options, Sources};
/// let mut objects = SavedObjects::default();
/// let saved = r#"{"Reservations": [{"Instances": [{"InstanceId": "i-1", "PrivateIpAddress": "10.0.0.4"}]}]}"#;
/// assert!(objects.add("instances.json", saved)?);
/// let mut sources = Sources::new();
/// let text = "scrape_configs: [{job_name: ec2, ec2_sd_configs: [{region: eu-west-1, port: 9100}]}]";
/// let file = sources.add("p.yml", text);
/// let (config, _) = Config::read(&mut sources, file, &Options::default());
/// let owner = Owner::Job(&config.scrape_configs[0]);
/// assert!(objects.are_for(owner));
/// let found = objects.discover(owner, &DiscoverySettings::default());
/// let target = found.targets().next().unwrap().0;
/// assert!(target.target.own.contains(&("__address__".to_string(), "10.0.0.4:9100".to_string())));
/// # Ok::<(), promcfg::simulate::ObjectsError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct SavedObjects {
    dumps: Dumps,
    /// The objects of Kubernetes with examples of what a cluster would make of manifests, if there are any.
    examples: OnceLock<Option<Examples>>,
    /// Whether jobs look at the objects of their namespace alone.
    is_by_namespace: bool,
    /// What the last job found, for the next one that asks for the same.
    last: Known,
}

/// Objects with examples, and the texts in the place of values that are not known.
#[derive(Clone, Debug)]
struct Examples {
    of_manifests: KubernetesExamples,
    placeholders: Arc<Placeholders>,
}

/// Why the objects of a text cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct ObjectsError {
    /// What is wrong and where, lower case, no full stop.
    pub message: String,
}

/// What neither the config nor the objects say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DiscoverySettings {
    /// The namespace that Prometheus runs in, for `own_namespace`.
    pub own_namespace: Option<String>,
    /// The region of EC2 that the objects are of, for items without a region.
    pub region: Option<String>,
}

/// What is to be said about the objects of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObjectNote {
    /// What it is, lower case, no full stop.
    pub message: String,
    /// What to do; empty where nothing can be done.
    pub help: String,
}

impl ObjectNote {
    /// A note with a remedy, which may be empty.
    ///
    /// ```
    /// let note = promcfg::simulate::ObjectNote::new("the dump has no nodes", "add the nodes to the dump");
    /// assert_eq!(note.of_job("pods").message, "job \"pods\": the dump has no nodes");
    /// ```
    #[must_use]
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }

    /// The same, with the name of the job that it is about.
    #[must_use]
    pub fn of_job(&self, job: &str) -> Self {
        Self { message: format!("job {job:?}: {}", self.message), help: self.help.clone() }
    }
}

impl From<&DiscoveryNote> for ObjectNote {
    fn from(note: &DiscoveryNote) -> Self {
        let help = note.help();
        let help = match note {
            DiscoveryNote::Unknown { field: "region", .. } => format!("{help}, or give it with --region NAME"),
            _ => help,
        };
        Self::new(note.to_string(), help)
    }
}

/// What a job finds in saved objects.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct JobObjects {
    /// The target groups, an item each.
    groups: Vec<Arc<Vec<DiscoveredGroup>>>,
    /// How many objects there are, and which were lost, an item each.
    pub found: Vec<FoundObjects>,
    /// The objects that give no target, and why.
    pub lost: Vec<LostObject>,
    /// What is to be said.
    pub notes: Vec<ObjectNote>,
    /// The texts in the place of values that are not known.
    placeholders: Arc<Placeholders>,
}

/// An object that gives no target.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LostObject {
    /// The source of its group, such as `pod/shop/cart`.
    pub source: Arc<str>,
    /// Why, as the rest of a sentence about it.
    pub reason: &'static str,
    /// What it would need; empty where nothing can be done.
    pub need: &'static str,
}

/// The texts in the place of values that are not known.
#[derive(Clone, Debug, Default, PartialEq)]
struct Placeholders {
    /// Each pod has an address of its own.
    addresses: FxHashSet<Arc<str>>,
    others: Vec<Arc<str>>,
}

impl Placeholders {
    fn of(examples: &KubernetesExamples) -> Self {
        let mut all = Self::default();
        for placeholder in &examples.placeholders {
            if placeholder.kind == PlaceholderKind::PodIp {
                all.addresses.insert(Arc::clone(&placeholder.text));
            } else {
                all.others.push(Arc::clone(&placeholder.text));
            }
        }
        all
    }

    fn is_empty(&self) -> bool {
        self.addresses.is_empty() && self.others.is_empty()
    }

    /// Those that occur in values.
    fn in_values<'l>(&'l self, values: impl Iterator<Item = &'l str>) -> Vec<&'l str> {
        let mut used: Vec<&str> = Vec::new();
        for value in values {
            let words = value.split(|c: char| !(c.is_ascii_digit() || c == '.'));
            let addresses = words.filter_map(|word| self.addresses.get(word)).map(|address| &**address);
            let others = self.others.iter().map(|text| &**text).filter(|text| value.contains(text));
            for text in addresses.chain(others) {
                if !used.contains(&text) {
                    used.push(text);
                }
            }
        }
        used
    }
}

impl JobObjects {
    /// The target groups.
    pub fn groups(&self) -> impl Iterator<Item = &DiscoveredGroup> {
        self.groups.iter().flat_map(|groups| groups.iter())
    }

    /// Lets the groups go.
    pub fn clear_groups(&mut self) {
        self.groups = Vec::new();
    }

    /// The targets, each with the source of its group.
    pub fn targets(&self) -> impl Iterator<Item = (PlacedTarget, &Arc<str>)> {
        self.groups().flat_map(|group| Self::targets_of(group).map(|target| (target, &group.source)))
    }

    /// The targets of a group.
    pub fn targets_of(group: &DiscoveredGroup) -> impl Iterator<Item = PlacedTarget> {
        let labels = owned(&group.labels);
        let target = move |target: &Vec<LabelPair>| {
            PlacedTarget::from(DiscoveredTarget { own: owned(target), group: labels.clone() })
        };
        group.targets.iter().map(target)
    }

    /// Whether a value has a text in it that is in the place of a value that is not known.
    pub(super) fn has_placeholder(&self, value: &str) -> bool {
        !self.placeholders.is_empty() && !self.placeholders.in_values(std::iter::once(value)).is_empty()
    }

    /// The texts in the values of a target that are in the place of values that are not known: manifests do not have
    /// them.
    #[must_use]
    pub fn placeholders<'l>(&'l self, target: &'l DiscoveredTarget) -> Vec<&'l str> {
        if self.placeholders.is_empty() {
            return Vec::new();
        }
        let values = target.own.iter().chain(&target.group).map(|(_, value)| value.as_str());
        self.placeholders.in_values(values)
    }

    /// The name of the object that a group was made of; `None` where a group is not of one object.
    #[must_use]
    pub fn object_of(source: &str) -> Option<&str> {
        const PREFIXES: [&str; 6] = ["pod/", "svc/", "endpoints/", "endpointslice/", "node/", "ingress/"];
        PREFIXES.iter().any(|prefix| source.starts_with(prefix)).then_some(source)
    }

    fn add(&mut self, owner: Owner<'_>, found: Result<Discovered, DiscoveryError>) {
        match found {
            Ok(found) => {
                let is_heard = |note: &&DiscoveryNote| is_heard(note, owner.rules());
                self.notes.extend(found.notes.iter().filter(is_heard).map(ObjectNote::from));
                self.note_undetermined(&found.undetermined);
                self.groups.push(Arc::new(found.groups));
                self.found.push(FoundObjects::default());
            }
            Err(error) => {
                let message = format!("Prometheus would find no target: {error}");
                self.notes.push(ObjectNote::new(message, String::new()));
            }
        }
    }

    fn add_kubernetes(&mut self, options: &KubernetesOptions, found: &known::Found) {
        let (found, groups) = match found {
            Ok((found, groups)) => (found, groups),
            Err(error) => {
                let help = match error {
                    KubernetesError::UnknownNamespace => "give it with --namespace NAME",
                    KubernetesError::Selector(_) => "",
                };
                return self.notes.push(ObjectNote::new(error.to_string(), help));
            }
        };
        if let Some(error) = &found.api_error {
            let message = format!("Prometheus would find no target: the API server refuses a selector: {error}");
            self.notes.push(ObjectNote::new(message, "select by a field that the API server knows"));
        }
        if let Some(first) = found.cut.first() {
            let message = format!("{first} has too many targets to compute all of them");
            self.notes.push(ObjectNote::new(message, ""));
        }
        self.note_undetermined(&found.undetermined);
        let mut objects = FoundObjects::default();
        objects.noun = needed_kinds(options).first().map_or("", |kind| kind.resource);
        objects.objects = found.objects;
        let mut losses: Vec<(KubernetesLoss, usize, &Arc<str>)> = Vec::new();
        for (source, loss) in &found.lost {
            match losses.iter_mut().find(|(known, ..)| known == loss) {
                Some((_, count, _)) => *count += 1,
                None => losses.push((*loss, 1, source)),
            }
        }
        losses.sort_by_key(|(loss, ..)| *loss);
        objects.losses =
            losses.into_iter().map(|(loss, count, first)| (step_of(loss), count, first.to_string())).collect();
        self.found.push(objects);
        let lost = |(source, loss): &(Arc<str>, KubernetesLoss)| LostObject {
            source: Arc::clone(source),
            reason: loss.reason(),
            need: need_of(*loss),
        };
        self.lost.extend(found.lost.iter().map(lost));
        self.groups.push(Arc::clone(groups));
    }

    /// Labels whose value Prometheus does not decide.
    fn note_undetermined(&mut self, labels: &[Undetermined]) {
        let [first, others @ ..] = labels else { return };
        let values = first.values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(" or ");
        let more = match others.len() {
            0 => String::new(),
            1 => "; 1 more label is such".to_string(),
            count => format!("; {count} more labels are such"),
        };
        let Undetermined { label, source, .. } = first;
        let message = format!("`{label}` of {source} is {values}: Prometheus uses any of them{more}");
        self.notes.push(ObjectNote::new(message, "rename one of the keys that become the same label name"));
    }
}

/// What the objects are that a loss leaves.
fn step_of(loss: KubernetesLoss) -> &'static str {
    match loss {
        KubernetesLoss::Namespace => "in a listed namespace",
        KubernetesLoss::Selector => "selected",
        KubernetesLoss::NoPodIp => "with an IP address",
        KubernetesLoss::UnknownNode => "on a known node",
        KubernetesLoss::NoContainers => "with a container",
        KubernetesLoss::NoNodeAddress | KubernetesLoss::NoAddresses => "with an address",
        KubernetesLoss::NoPorts => "with a port",
        KubernetesLoss::SecondFamily => "of the first address family",
        KubernetesLoss::NoPaths => "with a path",
    }
}

/// What an object would need.
fn need_of(loss: KubernetesLoss) -> &'static str {
    match loss {
        KubernetesLoss::Namespace => "it would need its namespace in `namespaces.names`, or no `namespaces` at all",
        KubernetesLoss::Selector => "it would need the labels and fields that `selectors` ask for",
        KubernetesLoss::NoPodIp => "it gets an address when it is scheduled and its network is set up",
        KubernetesLoss::UnknownNode => "it would need its node among the nodes that Prometheus lists",
        KubernetesLoss::NoContainers => "it would need a container",
        KubernetesLoss::NoNodeAddress => "it would need an address in `status.addresses`",
        KubernetesLoss::NoPorts => "it would need a port",
        KubernetesLoss::NoAddresses => "its service would need pods that its selector matches and that have an address",
        KubernetesLoss::SecondFamily => "the slice of the first address family has the same endpoints",
        KubernetesLoss::NoPaths => "it would need a rule with a path",
    }
}

/// Whether a note matters to a job: zones of EC2 are one label, which few rules read.
fn is_heard(note: &DiscoveryNote, rules: &[RelabelRule]) -> bool {
    const ZONE_ID: &str = "__meta_ec2_availability_zone_id";
    let DiscoveryNote::MissingObjects { kind: "availability zones", .. } = note else { return true };
    rules.iter().any(|rule| {
        let is_read = rule.spec.source_labels.iter().flatten().any(|label| label == ZONE_ID);
        let is_copied = || Regex::new(rule.spec.pattern()).is_ok_and(|regex| regex.is_match(ZONE_ID) == Ok(true));
        is_read || (rule.spec.action == Some(Action::LabelMap) && is_copied())
    })
}

fn owned(labels: &[LabelPair]) -> Vec<(String, String)> {
    labels.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

impl SavedObjects {
    /// Adds the objects of a text, if it is recognized. `name` is that of its file.
    ///
    /// # Errors
    /// An object has a value of a wrong type, or a kind that nothing can be made of.
    pub fn add(&mut self, name: &str, text: &str) -> Result<bool, ObjectsError> {
        (self.examples, self.is_by_namespace, self.last) = (OnceLock::new(), false, Known::default());
        let parts = self.dumps.add(name, text).map_err(|error| ObjectsError { message: error.to_string() })?;
        // A manifest can have other objects only.
        let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']);
        let is_used = |part: &DumpPart| is_json || part.kind != DumpKind::Kubernetes || part.count > 0;
        Ok(parts.iter().any(is_used))
    }

    /// Lets a job that names one namespace look at the objects of that namespace alone, as many jobs do that are generated
    /// of objects: those of other namespaces are not counted then. Objects that are added later undo this.
    ///
    /// ```
    /// let mut objects = promcfg::simulate::SavedObjects::default();
    /// objects.sort_by_namespace();
    /// assert!(objects.is_empty());
    /// ```
    pub fn sort_by_namespace(&mut self) {
        (self.examples, self.last) = (OnceLock::new(), Known::default());
        self.is_by_namespace = true;
        self.dumps.kubernetes.sort_by_namespace();
    }

    /// Whether there are no objects.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let mut none = Dumps::default();
        if self.is_by_namespace {
            none.kubernetes.sort_by_namespace();
        }
        self.dumps == none
    }

    /// Whether there are objects of the mechanism of an item.
    fn hold(&self, options: &DiscoveryOptions) -> bool {
        self.dumps.holds(options.key())
    }

    /// Whether a section of discovery has all targets of its items among the objects.
    #[must_use]
    pub fn know(&self, sd: &Sd) -> bool {
        !sd.options.is_empty() && sd.options.iter().all(|options| options.as_ref().is_some_and(|o| self.hold(o)))
    }

    /// Whether there are objects of a mechanism of the job or Alertmanager.
    #[must_use]
    pub fn are_for(&self, owner: Owner<'_>) -> bool {
        owner.discovery().iter().flat_map(|sd| &sd.options).flatten().any(|options| self.hold(options))
    }

    /// What a job or an Alertmanager finds in the objects.
    #[must_use]
    pub fn discover(&self, owner: Owner<'_>, settings: &DiscoverySettings) -> JobObjects {
        let mut job = JobObjects::default();
        let items = owner.discovery().iter().flat_map(|sd| &sd.options).flatten();
        for options in items.filter(|options| self.hold(options)) {
            self.discover_item(options, settings, owner, &mut job);
        }
        job
    }

    fn discover_item(
        &self,
        options: &DiscoveryOptions,
        settings: &DiscoverySettings,
        owner: Owner<'_>,
        job: &mut JobObjects,
    ) {
        let release = owner.release();
        let found = match (options, &settings.region) {
            (DiscoveryOptions::Kubernetes(options), _) => {
                return self.discover_kubernetes(options, settings, owner, job);
            }
            (DiscoveryOptions::Ec2(options), Some(region)) if options.region.is_empty() => {
                let mut options = options.clone();
                options.region.clone_from(region);
                self.dumps.groups(&DiscoveryOptions::Ec2(options), release)
            }
            _ => self.dumps.groups(options, release),
        };
        if let Some(found) = found {
            job.add(owner, found);
        }
    }

    /// The objects of Kubernetes; with examples, if there are manifests among them.
    fn with_examples(&self) -> Option<&Examples> {
        /// The namespace of objects that name none, as kubectl has it.
        const NAMESPACE: &str = "default";
        let examples = || {
            let objects = &self.dumps.kubernetes;
            let mut examples = objects.has_manifests().then(|| objects.with_examples(NAMESPACE))?;
            if self.is_by_namespace {
                examples.objects.sort_by_namespace();
            }
            let placeholders = Arc::new(Placeholders::of(&examples));
            Some(Examples { of_manifests: examples, placeholders })
        };
        self.examples.get_or_init(examples).as_ref()
    }

    fn discover_kubernetes(
        &self,
        options: &KubernetesOptions,
        settings: &DiscoverySettings,
        owner: Owner<'_>,
        job: &mut JobObjects,
    ) {
        let with_examples = self.with_examples();
        let examples = with_examples.map(|examples| &examples.of_manifests);
        let objects = examples.map_or(&self.dumps.kubernetes, |examples| &examples.objects);
        let own_namespace = settings.own_namespace.as_deref();
        let context = KubernetesContext { own_namespace, release: owner.release() };
        let found = self.last.get_or_find(options, context, || objects.discover(options, context));
        job.add_kubernetes(options, &found);
        for need in needed_kinds(options) {
            let kind = KubernetesKind::all().find(|kind| kind.resource() == need.resource);
            if kind.is_some_and(|kind| objects.count(kind) == 0) {
                let are_examples = examples.is_some_and(|examples| !examples.pods.is_empty());
                let note = match need.resource {
                    "nodes" if are_examples && options.role == KubernetesRole::Pod => example_without_node(),
                    _ => ObjectNote::new(
                        format!("the dump has no {}: {}", need.resource, need.consequence),
                        format!("add them to the dump: kubectl get {}", need.resource),
                    ),
                };
                if !job.notes.contains(&note) {
                    job.notes.push(note);
                }
            }
        }
        if let (Some(examples), true) = (with_examples, job.placeholders.is_empty()) {
            job.placeholders = Arc::clone(&examples.placeholders);
            job.note_examples(&examples.of_manifests);
        }
    }
}

/// That an example pod, whose node only a cluster knows, is left out.
fn example_without_node() -> ObjectNote {
    let message = "the node of an example pod is not known: with `attach_metadata: {node: true}` the pod is left out here, \
        while in a cluster it has a node";
    ObjectNote::new(message, "give the pods and nodes of a cluster: kubectl get pods,nodes -A -o json")
}

impl JobObjects {
    fn note_examples(&mut self, examples: &KubernetesExamples) {
        let [(first, _), others @ ..] = &examples.pods[..] else { return };
        let more = match others.len() {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        let message = format!(
            "one example pod is assumed for {first}{more}: it runs and is ready, and has placeholders for \
            values that only a cluster knows"
        );
        let note = ObjectNote::new(message, "");
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

#[cfg(test)]
mod tests;
