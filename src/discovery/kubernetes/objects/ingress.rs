//! Ingresses.

use super::super::values::{Text, record};
use super::ObjectMeta;

record! {
    /// An ingress.
    Ingress {
        "metadata" => meta: ObjectMeta,
        "spec" => spec: IngressSpec,
    }
}

record! {
    /// `spec` of an ingress.
    IngressSpec {
        "ingressClassName" => class_name: Option<Text>,
        "tls" => tls: Vec<IngressTls>,
        "rules" => rules: Vec<IngressRule>,
    }
}

record! {
    /// Hosts with a certificate.
    IngressTls {
        "hosts" => hosts: Vec<Text>,
    }
}

record! {
    /// The paths of a host.
    IngressRule {
        "host" => host: Text,
        "http" => http: Option<HttpRule>,
    }
}

record! {
    /// `http` of a rule.
    HttpRule {
        "paths" => paths: Vec<HttpPath>,
    }
}

record! {
    /// A path.
    HttpPath {
        "path" => path: Text,
    }
}
