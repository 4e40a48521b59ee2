//! Endpoints of monitors, and the ports of Services that they need: one change of several manifests.
//!
//! What is missing is copied from its neighbors (`shape`), placed in the documents of the manifests (`texts`), and proved:
//! each document is the old one with just these items, the operator generates the same jobs and the new ones, and each
//! new job has targets, while no other job loses one (`targets`).

mod shape;
mod targets;
mod texts;
mod wanted;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use self::shape::Shape;
use self::targets::{Jobs, simulate_all};
use self::texts::{Addition, Texts};
use self::wanted::{expanded, find_monitor};
use super::change::{ConfigChange, FileChange};
use super::claim::{Grade, JobChange};
use super::request::{EditError, LabelStage, refused};
use crate::diagnostic::ids;
use crate::effect::{Effect, compare};
use crate::input::operator::{Kind, ObjectId, Value};
use crate::options::Options;
use crate::simulate::{SelectedService, Simulation};
use crate::text::Location;

/// Asks for endpoints of a ServiceMonitor or PodMonitor, one for each port, and for the ports of its Service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddEndpoint {
    /// The monitor: `servicemonitor/shop/web`, or `servicemonitor/web` if there is one of that name.
    pub object: String,
    /// The names of the ports; `metrics-{1..5}` and `{http,admin}` are several.
    pub ports: Vec<String>,
    /// The number of the port of the Service, if no container declares a port of the name.
    pub port_number: Option<u16>,
    /// Whether the change is made if the manifests do not show that the new endpoints have targets.
    pub unproved: bool,
}

/// Adds what is missing for the endpoints, in all manifests at once.
///
/// ```
/// use promcfg::edit::{AddEndpoint, add_endpoint};
/// use promcfg::Options;
/// let monitor = "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata:\n  name: web\n\
///     spec:\n  selector: {}\n  podMetricsEndpoints:\n  - port: m-1\n    path: /stats\n";
/// let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{ports: [{name: m-1, containerPort: 1}, {name: m-2, containerPort: 2}]}]}\n";
/// let files = [("monitor.yml".to_string(), monitor.into()), ("pod.yml".to_string(), pod.into())];
/// let add = AddEndpoint { object: "podmonitor/web".into(), ports: vec!["m-{1..2}".into()], ..AddEndpoint::default() };
/// let change = add_endpoint(&files, &add, &Options::default())?;
/// assert_eq!(change.files[0].after(), format!("{monitor}  - port: m-2\n    path: /stats\n"));
/// # Ok::<(), promcfg::edit::EditError>(())
/// ```
///
/// # Errors
/// The monitor or its Service is not there, the number of a port is not known, or the change is not proved.
pub fn add_endpoint(
    files: &[(String, Arc<str>)],
    request: &AddEndpoint,
    options: &Options<'_>,
) -> Result<ConfigChange, EditError> {
    let ports = expanded(&request.ports)?;
    let texts = Texts::read(files);
    let id = find_monitor(&texts.objects, &request.object)?;
    let found = texts.objects.objects.iter().find(|object| object.id == id);
    let Some(object) = found else { return Err(EditError::request(format!("unknown object {}", request.object), "")) };
    let edit = Edit { texts: &texts, id: &id, value: &object.value, ports: &ports, request };
    let additions = edit.additions()?;
    let changes = texts.edited(&additions)?;
    if changes.is_empty() {
        return Ok(nothing_to_do(&id));
    }
    edit.proved(files, changes, options)
}

fn nothing_to_do(id: &ObjectId) -> ConfigChange {
    ConfigChange {
        files: Vec::new(),
        grade: Grade::Proved,
        jobs: Vec::new(),
        effect: Effect::default(),
        stage: LabelStage::Target,
        jobs_with_nothing_to_do: vec![id.to_string()],
        jobs_without_filters: Vec::new(),
        fields: Vec::new(),
        other_jobs: Vec::new(),
        layout: Vec::new(),
        notes: Vec::new(),
    }
}

/// The edit of one monitor.
struct Edit<'e> {
    texts: &'e Texts,
    id: &'e ObjectId,
    value: &'e Value,
    ports: &'e [String],
    request: &'e AddEndpoint,
}

impl Edit<'_> {
    fn list(&self) -> &'static str {
        if self.id.kind == Kind::PodMonitor { "podMetricsEndpoints" } else { "endpoints" }
    }

    fn endpoints<'v>(&self, value: &'v Value) -> &'v [Value] {
        value.at_path(&["spec", self.list()]).map_or(&[][..], Value::items)
    }

    /// What is missing in the monitor and its Services.
    fn additions(&self) -> Result<Vec<Addition>, EditError> {
        let mut additions = Vec::new();
        let has_endpoint =
            |port: &&String| self.endpoints(self.value).iter().any(|endpoint| endpoint.text("port") == **port);
        for port in self.ports.iter().filter(|port| !has_endpoint(port)) {
            let Self { id, .. } = self;
            let object = (id.kind.name().to_string(), id.namespace.clone(), id.name.clone());
            additions.push(Addition { object, list: self.list(), shape: Shape::endpoint(port) });
        }
        if self.id.kind == Kind::PodMonitor {
            return Ok(additions);
        }
        let services = self.texts.cluster.selected_services(self.id, self.value);
        if services.is_empty() {
            let message = format!("the input has no Service that {} selects", self.id);
            return Err(EditError::request(message, "name the file with the Service as well"));
        }
        let mut numbers: FxHashMap<&str, Vec<i64>> = FxHashMap::default();
        for port in self.ports {
            if services.iter().any(|service| service.ports.iter().any(|(name, _)| name == port)) {
                continue;
            }
            let (service, number, is_declared) = self.service_for(&services, port)?;
            let used = numbers.entry(&service.name.name).or_default();
            let is_used = service.ports.iter().any(|(_, own)| *own == number) || used.contains(&number);
            if is_used {
                let message = format!("{} has a port with the number {number} already", service.name);
                return Err(EditError::declined(message, "give another number with --port-number"));
            }
            used.push(number);
            let object = ("Service".to_string(), service.name.namespace.clone(), service.name.name.clone());
            let container = service.container_ports.iter().find(|(name, _)| name == port).map(|(_, number)| *number);
            let shape = Shape::service_port(port, number, container.filter(|_| is_declared));
            additions.push(Addition { object, list: "ports", shape });
        }
        Ok(additions)
    }

    /// The Service that gets a port, the number of the port, and whether a container declares it.
    fn service_for<'s>(
        &self,
        services: &'s [SelectedService],
        port: &str,
    ) -> Result<(&'s SelectedService, i64, bool), EditError> {
        let number_of = |service: &SelectedService| {
            service.container_ports.iter().find(|(name, _)| name == port).map(|(_, number)| *number)
        };
        let declaring: Vec<(&SelectedService, i64)> =
            services.iter().filter_map(|service| Some((service, number_of(service)?))).collect();
        let given = self.request.port_number.map(i64::from);
        if given.is_some() && self.ports.len() > 1 {
            let message = "--port-number is the number of one port, but several ports are given";
            return Err(EditError::request(message, "run the command for each port"));
        }
        match (declaring.as_slice(), services, given) {
            ([(service, number)], _, given) => Ok((service, given.unwrap_or(*number), true)),
            ([], [service], Some(number)) => Ok((service, number, false)),
            ([], [service], None) => {
                let message =
                    format!("the number of port {port:?} is not known: no pod of {} declares it", service.name);
                Err(EditError::request(message, "give it with --port-number, or declare the port in the container"))
            }
            ([], ..) => {
                let names = services.iter().map(|service| service.name.to_string()).collect::<Vec<_>>().join(", ");
                let message = format!(
                    "{} selects several Services, and none of their pods declares port {port:?}: {names}",
                    self.id
                );
                Err(EditError::declined(message, "declare the port in the container"))
            }
            ([(first, _), (second, _), ..], ..) => {
                let message = format!("port {port:?} can be added to {} and to {}", first.name, second.name);
                Err(EditError::declined(message, "add it to one of them by hand"))
            }
        }
    }

    /// Reads the changed manifests again, and compares the generated jobs and their targets.
    fn proved(
        &self,
        files: &[(String, Arc<str>)],
        changes: Vec<FileChange>,
        options: &Options<'_>,
    ) -> Result<ConfigChange, EditError> {
        let new: Vec<(String, Arc<str>)> = files
            .iter()
            .map(|(name, text)| {
                let change = changes.iter().find(|change| change.name == *name);
                (name.clone(), change.map_or_else(|| Arc::clone(text), |change| change.after().into()))
            })
            .collect();
        let texts = Texts::read(&new);
        let (before, after) = (simulate_all(self.texts, options), simulate_all(&texts, options));
        let unproved = |message: String| EditError::from(refused(ids::EDIT_UNPROVED, self.at(), message));
        for (job, text) in &before.texts {
            if after.texts.get(job) != Some(text) {
                return Err(unproved(format!("the change would also change job {job}")));
            }
        }
        let mut notes = self.new_jobs(&texts, &after)?;
        let effect = compare(&Simulation::of_jobs(before.jobs.clone()), &Simulation::of_jobs(after.jobs.clone()));
        let changed = self.job_changes(&before, &after, &mut notes, &unproved)?;
        let is_unseen = !notes.is_empty() && notes.iter().any(|note| note.starts_with(UNSEEN));
        if is_unseen && !self.request.unproved {
            let message = "the input does not show that the new endpoints have targets: it has no pods of them";
            let diagnostic = refused(ids::EDIT_UNPROVED, self.at(), message)
                .with_help("name the manifests of the workload as well, or allow it with --unproved");
            return Err(diagnostic.into());
        }
        Ok(ConfigChange {
            files: changes,
            grade: if is_unseen { Grade::Unproved } else { Grade::Shown },
            jobs: changed,
            effect,
            stage: LabelStage::Target,
            jobs_with_nothing_to_do: Vec::new(),
            jobs_without_filters: Vec::new(),
            fields: Vec::new(),
            other_jobs: Vec::new(),
            layout: Vec::new(),
            notes,
        })
    }

    fn at(&self) -> Location {
        self.value.at_path(&["metadata", "name"]).map_or(self.value.at, |name| name.at)
    }

    /// Checks that the wanted endpoints have targets. Gives what is to be said.
    fn new_jobs(&self, texts: &Texts, after: &Jobs) -> Result<Vec<String>, EditError> {
        let found = texts.objects.objects.iter().find(|object| object.id == *self.id);
        let Some(object) = found else {
            return Err(refused(ids::EDIT_UNPROVED, self.at(), "the changed text does not have the object").into());
        };
        let has_pods = texts.cluster.has_pods_of(self.id, &object.value);
        let mut notes = Vec::new();
        for (index, endpoint) in self.endpoints(&object.value).iter().enumerate() {
            let port = endpoint.text("port");
            if !self.ports.iter().any(|own| own == port) {
                continue;
            }
            let kind = if self.id.kind == Kind::PodMonitor { "podMonitor" } else { "serviceMonitor" };
            let name = format!("{kind}/{}/{}/{index}", self.id.namespace, self.id.name);
            let mut jobs =
                after.jobs.iter().filter(|job| job.job == name || job.job.ends_with(&format!(" {name}"))).peekable();
            if jobs.peek().is_none() {
                let message = format!("the operator makes no job of the endpoint with port {port:?}");
                let help = "see why with `promcfg simulate`: the object is refused, or no Prometheus selects it";
                return Err(refused(ids::EDIT_UNPROVED, self.at(), message).with_help(help).into());
            }
            if jobs.any(|job| !job.targets.is_empty()) {
                continue;
            }
            if has_pods {
                let message = format!("the endpoint with port {port:?} would have no target");
                let help = "see why with `promcfg simulate`, for example a port that no container declares";
                return Err(refused(ids::EDIT_UNPROVED, self.at(), message).with_help(help).into());
            }
            notes.push(format!("{UNSEEN}{port:?} are not known: the input has no pods of {}", self.id));
        }
        Ok(notes)
    }

    /// What becomes of each job that changes. Other jobs may get more targets, but lose none.
    fn job_changes(
        &self,
        before: &Jobs,
        after: &Jobs,
        notes: &mut Vec<String>,
        unproved: &dyn Fn(String) -> EditError,
    ) -> Result<Vec<JobChange>, EditError> {
        let mut changes = Vec::new();
        for job in &after.jobs {
            let old = before.jobs.iter().find(|old| old.job == job.job);
            if let Some(old) = old {
                if old.targets.iter().any(|target| {
                    !job.targets.iter().any(|new| (&new.labels, &new.url) == (&target.labels, &target.url))
                }) {
                    return Err(unproved(format!("job {} would lose a target or change it", job.job)));
                }
                let own = format!("{}/{}/", self.id.namespace, self.id.name);
                if job.targets.len() > old.targets.len() && !job.job.contains(&own) {
                    notes.push(format!("job {} finds the new port as well", job.job));
                }
            }
            let single = |job: &crate::simulate::JobResult| Simulation::of_jobs(vec![job.clone()]);
            let effect = compare(&old.map(single).unwrap_or_default(), &single(job));
            if !effect.is_none() {
                changes.push(JobChange {
                    job: job.job.clone(),
                    file: after.file_of(job),
                    grade: if job.targets.is_empty() { Grade::Unproved } else { Grade::Shown },
                    known: job.targets.len(),
                    claims: Vec::new(),
                    effect,
                    reason: None,
                    series: None,
                });
            }
        }
        Ok(changes)
    }
}

/// The beginning of a note about targets that the manifests do not show.
const UNSEEN: &str = "the targets of port ";
