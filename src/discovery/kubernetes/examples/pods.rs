//! One example pod for each workload that no server has seen.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::objects::{
    Job, KubernetesKind, KubernetesObjects, ObjectMeta, OwnerReference, Pod, PodTemplate, Workload,
};
use super::super::placeholder::{PlaceholderKind, Placeholders};
use super::super::values::Text;
use super::defaults::fill_pod;

/// Adds the pods, and the objects between them and their workloads. Gives the workload and the source of each pod.
pub(super) fn add(objects: &mut KubernetesObjects, placeholders: &mut Placeholders) -> Vec<(String, String)> {
    let owners = Owners::of(&objects.pods);
    let mut maker = ExampleMaker { placeholders, pods: Vec::new(), replica_sets: Vec::new(), jobs: Vec::new() };
    for (kind, workloads) in &objects.workloads {
        for workload in workloads.iter().filter(|workload| is_new(&workload.meta, workload.status.0)) {
            if workload.spec.replicas != Some(0) && !owners.has(*kind, &workload.meta) {
                maker.add_workload(*kind, workload);
            }
        }
    }
    for job in objects.jobs.iter().filter(|job| is_new(&job.meta, job.status.0)) {
        if !owners.has(KubernetesKind::Job, &job.meta) {
            maker.add_job(job, KubernetesKind::Job, &job.meta);
        }
    }
    for cron_job in objects.cron_jobs.iter().filter(|cron_job| is_new(&cron_job.meta, cron_job.status.0)) {
        if !owners.has(KubernetesKind::CronJob, &cron_job.meta) {
            let minutes = maker.placeholders.text(PlaceholderKind::Minutes);
            let template = &cron_job.spec.template;
            let mut job = Job { meta: template.meta.clone(), spec: template.spec.clone(), ..Job::default() };
            job.meta.name = format!("{}-{minutes}", &*cron_job.meta.name).into();
            job.meta.namespace = cron_job.meta.namespace.clone();
            job.meta.owners = vec![controller("CronJob", &cron_job.meta.name)];
            maker.add_job(&job, KubernetesKind::CronJob, &cron_job.meta);
            maker.jobs.push(job);
        }
    }
    let ExampleMaker { pods, replica_sets, jobs, .. } = maker;
    let mut made = Vec::new();
    for (of, pod) in pods {
        made.push((of, format!("pod/{}/{}", &*pod.meta.namespace, &*pod.meta.name)));
        objects.pods.push(pod);
    }
    objects.workloads.entry(KubernetesKind::ReplicaSet).or_default().extend(replica_sets);
    objects.jobs.extend(jobs);
    made
}

/// Whether no server has seen an object that nothing else made.
fn is_new(meta: &ObjectMeta, has_status: bool) -> bool {
    meta.uid.is_empty() && !has_status && meta.controller().is_none()
}

/// The controllers of the pods that are given, by namespace.
struct Owners<'o> {
    exact: FxHashSet<(&'o str, &'o str, &'o str)>,
    /// The names without their last part, which a deployment or a cron job adds.
    shortened: FxHashMap<&'static str, FxHashSet<(String, String)>>,
}

impl<'o> Owners<'o> {
    fn of(pods: &'o [Pod]) -> Self {
        let mut owners = Self { exact: FxHashSet::default(), shortened: FxHashMap::default() };
        for pod in pods {
            let Some(controller) = pod.meta.controller() else { continue };
            owners.exact.insert((&pod.meta.namespace, &controller.kind, &controller.name));
            let maker = match &*controller.kind {
                "ReplicaSet" => "Deployment",
                "Job" => "CronJob",
                _ => continue,
            };
            if let Some((name, _)) = controller.name.rsplit_once('-') {
                let key = (pod.meta.namespace.to_string(), name.to_string());
                owners.shortened.entry(maker).or_default().insert(key);
            }
        }
        owners
    }

    /// Whether a workload has pods.
    fn has(&self, kind: KubernetesKind, meta: &ObjectMeta) -> bool {
        let shortened = self.shortened.get(kind.name());
        self.exact.contains(&(&*meta.namespace, kind.name(), &*meta.name))
            || shortened.is_some_and(|names| names.contains(&(meta.namespace.to_string(), meta.name.to_string())))
    }
}

fn controller(kind: &str, name: &str) -> OwnerReference {
    OwnerReference { kind: kind.into(), name: name.into(), uid: Text::default(), is_controller: true }
}

struct ExampleMaker<'p> {
    placeholders: &'p mut Placeholders,
    /// The workloads with their pods.
    pods: Vec<(String, Pod)>,
    replica_sets: Vec<Workload>,
    jobs: Vec<Job>,
}

impl ExampleMaker<'_> {
    fn text(&mut self, kind: PlaceholderKind) -> &'static str {
        self.placeholders.text(kind)
    }

    fn add_workload(&mut self, kind: KubernetesKind, workload: &Workload) {
        let meta = &workload.meta;
        let mut pod = pod_of(&workload.spec.template, &meta.namespace);
        let own = &*meta.name;
        match kind {
            KubernetesKind::Deployment => {
                let (hash, random) = (self.text(PlaceholderKind::Hash), self.text(PlaceholderKind::Random));
                let replica_set = format!("{own}-{hash}");
                pod.meta.name = format!("{replica_set}-{random}").into();
                pod.meta.labels.set("pod-template-hash", hash);
                pod.meta.owners = vec![controller("ReplicaSet", &replica_set)];
                let mut made = Workload::default();
                made.meta.name = replica_set.into();
                made.meta.namespace = meta.namespace.clone();
                made.meta.owners = vec![controller("Deployment", own)];
                self.replica_sets.push(made);
            }
            KubernetesKind::StatefulSet => {
                let index = workload.spec.ordinals.start.to_string();
                let name = format!("{own}-{index}");
                let hash = self.text(PlaceholderKind::Hash);
                pod.meta.labels.set("statefulset.kubernetes.io/pod-name", name.as_str());
                pod.meta.labels.set("apps.kubernetes.io/pod-index", index);
                pod.meta.labels.set("controller-revision-hash", format!("{own}-{hash}"));
                pod.spec.hostname = name.as_str().into();
                pod.spec.subdomain = workload.spec.service_name.clone();
                pod.meta.name = name.into();
                pod.meta.owners = vec![controller(kind.name(), own)];
            }
            KubernetesKind::DaemonSet => {
                pod.meta.labels.set("controller-revision-hash", self.text(PlaceholderKind::Hash));
                pod.meta.labels.set("pod-template-generation", self.text(PlaceholderKind::Generation));
                self.name_by_owner(&mut pod, kind, own);
            }
            _ => self.name_by_owner(&mut pod, kind, own),
        }
        self.push(pod, kind, meta);
    }

    fn add_job(&mut self, job: &Job, kind: KubernetesKind, of: &ObjectMeta) {
        let mut pod = pod_of(&job.spec.template, &job.meta.namespace);
        let uid = self.text(PlaceholderKind::Uid);
        for (label, value) in [
            ("batch.kubernetes.io/job-name", &*job.meta.name),
            ("job-name", &*job.meta.name),
            ("batch.kubernetes.io/controller-uid", uid),
            ("controller-uid", uid),
        ] {
            pod.meta.labels.set(label, value);
        }
        let mut name = job.meta.name.to_string();
        if &*job.spec.completion_mode == "Indexed" {
            pod.meta.labels.set("batch.kubernetes.io/job-completion-index", "0");
            pod.meta.annotations.set("batch.kubernetes.io/job-completion-index", "0");
            pod.spec.hostname = format!("{name}-0").into();
            name.push_str("-0");
        }
        let random = self.text(PlaceholderKind::Random);
        pod.meta.name = format!("{name}-{random}").into();
        pod.meta.owners = vec![controller("Job", &job.meta.name)];
        self.push(pod, kind, of);
    }

    fn name_by_owner(&mut self, pod: &mut Pod, kind: KubernetesKind, owner: &str) {
        pod.meta.name = format!("{owner}-{}", self.text(PlaceholderKind::Random)).into();
        pod.meta.owners = vec![controller(kind.name(), owner)];
    }

    fn push(&mut self, mut pod: Pod, kind: KubernetesKind, of: &ObjectMeta) {
        fill_pod(&mut pod, self.placeholders);
        self.pods.push((format!("{} {}/{}", kind.name(), &*of.namespace, &*of.name), pod));
    }
}

/// A pod as its template says, in the namespace of the workload.
fn pod_of(template: &PodTemplate, namespace: &Text) -> Pod {
    let meta = ObjectMeta {
        namespace: namespace.clone(),
        labels: template.meta.labels.clone(),
        annotations: template.meta.annotations.clone(),
        ..ObjectMeta::default()
    };
    Pod { meta, spec: template.spec.clone(), ..Pod::default() }
}
