//! Objects that make pods, and namespaces.

use super::super::values::{Presence, Text, record};
use super::{ObjectMeta, PodSpec};

record! {
    /// A namespace.
    Namespace {
        "metadata" => meta: ObjectMeta,
    }
}

record! {
    /// An object with a template of pods: a deployment, a replica set, a stateful set, a daemon set, a replication
    /// controller.
    Workload {
        "metadata" => meta: ObjectMeta,
        "spec" => spec: WorkloadSpec,
        "status" => status: Presence,
    }
}

record! {
    /// `spec` of an object with a template of pods.
    WorkloadSpec {
        "replicas" => replicas: Option<i32>,
        "serviceName" => service_name: Text,
        "ordinals" => ordinals: Ordinals,
        "template" => template: PodTemplate,
    }
}

record! {
    /// `spec.ordinals` of a stateful set.
    Ordinals {
        "start" => start: i32,
    }
}

record! {
    /// The pods that an object makes.
    PodTemplate {
        "metadata" => meta: ObjectMeta,
        "spec" => spec: PodSpec,
    }
}

record! {
    /// A job.
    Job {
        "metadata" => meta: ObjectMeta,
        "spec" => spec: JobSpec,
        "status" => status: Presence,
    }
}

record! {
    /// `spec` of a job.
    JobSpec {
        "completionMode" => completion_mode: Text,
        "template" => template: PodTemplate,
    }
}

record! {
    /// A cron job.
    CronJob {
        "metadata" => meta: ObjectMeta,
        "spec" => spec: CronJobSpec,
        "status" => status: Presence,
    }
}

record! {
    /// `spec` of a cron job.
    CronJobSpec {
        "jobTemplate" => template: JobTemplate,
    }
}

record! {
    /// The jobs that a cron job makes.
    JobTemplate {
        "metadata" => meta: ObjectMeta,
        "spec" => spec: JobSpec,
    }
}
