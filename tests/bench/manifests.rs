//! Manifests for prometheus-operator: ServiceMonitors with the Services and pods that they select.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// How many objects there are.
#[derive(Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) monitors: usize,
    pub(crate) services: usize,
    pub(crate) pods: usize,
}

impl Counts {
    /// Ten monitors in each namespace.
    fn namespaces(self) -> usize {
        (self.monitors / 10).max(1)
    }
}

/// Writes `monitors.yml`, `services.yml` and `pods.yml`.
pub(crate) fn write(folder: &Path, counts: Counts) {
    for (name, text) in [("monitors", monitors(counts)), ("services", services(counts)), ("pods", pods(counts))] {
        fs::write(folder.join(format!("{name}.yml")), text).expect("can be written");
    }
}

fn monitors(counts: Counts) -> String {
    let mut text = String::new();
    for index in 0..counts.monitors {
        let service = index * counts.services / counts.monitors;
        let namespace = service % counts.namespaces();
        let _ = write!(
            text,
            "---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: app-{index}
  namespace: team-{namespace}
  labels:
    release: kube-prometheus-stack
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: app-{service}
      app.kubernetes.io/component: web
  endpoints:
  - port: metrics
    interval: 30s
    path: /metrics
    relabelings:
    - sourceLabels: [__meta_kubernetes_pod_node_name]
      targetLabel: node
    metricRelabelings:
    - sourceLabels: [__name__]
      regex: go_.*
      action: drop
"
        );
    }
    text
}

fn services(counts: Counts) -> String {
    let mut text = String::new();
    for index in 0..counts.services {
        let namespace = index % counts.namespaces();
        let _ = write!(
            text,
            "---
apiVersion: v1
kind: Service
metadata:
  name: app-{index}
  namespace: team-{namespace}
  labels:
    app.kubernetes.io/name: app-{index}
    app.kubernetes.io/component: web
spec:
  selector:
    app.kubernetes.io/name: app-{index}
  ports:
  - name: http
    port: 80
    targetPort: http
  - name: metrics
    port: 9100
    targetPort: metrics
"
        );
    }
    text
}

fn pods(counts: Counts) -> String {
    let mut text = String::new();
    for index in 0..counts.pods {
        let service = index % counts.services;
        let (namespace, node) = (service % counts.namespaces(), index % 100);
        let _ = write!(
            text,
            "---
apiVersion: v1
kind: Pod
metadata:
  name: app-{service}-{index:05x}
  namespace: team-{namespace}
  labels:
    app.kubernetes.io/name: app-{service}
    app.kubernetes.io/component: web
    pod-template-hash: 6d4b75cb6d
spec:
  nodeName: node-{node}
  containers:
  - name: web
    image: registry.example.com/app-{service}:1.4.2
    ports:
    - name: http
      containerPort: 8080
    - name: metrics
      containerPort: 9100
    resources:
      requests:
        cpu: 100m
        memory: 128Mi
    livenessProbe:
      httpGet:
        path: /healthz
        port: http
  - name: sidecar
    image: registry.example.com/proxy:1.2.0
    ports:
    - name: admin
      containerPort: 15000
"
        );
    }
    text
}
