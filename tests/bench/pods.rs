//! Targets as Kubernetes discovery gives them, and the rules most clusters have for them.

/// Ten rules: two filters, five copies, one with a pattern that needs an engine, two labelmaps.
pub(crate) const RULES: &str = r"
- {source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_scrape], action: keep, regex: true}
- {source_labels: [__meta_kubernetes_pod_phase], action: drop, regex: Pending|Succeeded|Failed|Completed}
- {source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_scheme], regex: '(https?)', target_label: __scheme__}
- {source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_path], regex: (.+), target_label: __metrics_path__}
- source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_port, __meta_kubernetes_pod_ip]
  regex: (\d+);((([0-9]+?)(\.|$)){4})
  replacement: $2:$1
  target_label: __address__
- action: labelmap
  regex: __meta_kubernetes_pod_annotation_prometheus_io_param_(.+)
  replacement: __param_$1
- {action: labelmap, regex: __meta_kubernetes_pod_label_(.+)}
- {source_labels: [__meta_kubernetes_namespace], target_label: namespace}
- {source_labels: [__meta_kubernetes_pod_name], target_label: pod}
- {source_labels: [__meta_kubernetes_pod_node_name], target_label: node}
";

/// Rules whose patterns need an engine, as a quarter of those in use do.
pub(crate) const GENERAL_RULES: &str = r"
- {source_labels: [__address__], regex: '([^:]+)(?::\d+)?', target_label: host}
- {source_labels: [__meta_kubernetes_pod_name], regex: '(.*)-[a-z0-9]+-[a-z0-9]{5}', target_label: workload}
- {source_labels: [__address__, __meta_kubernetes_pod_name, __meta_kubernetes_pod_ip], regex: '(.*):\d+;([^;]+);(.+)', replacement: '$2/$3', target_label: instance}
- {source_labels: [__meta_kubernetes_pod_node_name], regex: 'node-(\d+)\.(.*)', replacement: '${1}', target_label: node}
- {action: labelmap, regex: '__meta_kubernetes_pod_label_(app|team)(_.+)?', replacement: 'k8s_$1'}
";

/// Names and values of one target.
pub(crate) type Target = Vec<(String, String)>;

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }

    fn address(&mut self) -> String {
        format!("10.{}.{}.{}", self.below(256), self.below(256), self.below(256))
    }
}

/// That many targets of 28 to 32 labels each. Seven in ten stay.
pub(crate) fn targets(count: usize) -> Vec<Target> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    (0..count).map(|index| target(index, &mut random)).collect()
}

fn target(index: usize, random: &mut Random) -> Target {
    let mut target = Target::new();
    let mut add = |name: &str, value: &str| target.push((name.to_string(), value.to_string()));
    let app = format!("{}{}", random.pick(&["web", "api", "db", "cache", "worker"]), random.below(400));
    let hash = format!("{:010x}", random.below(1 << 40));
    let pod = format!("{app}-{hash}-{:05x}", random.below(1 << 20));
    add("__address__", &format!("{}:8080", random.address()));
    add("__metrics_path__", "/metrics");
    add("__scheme__", "http");
    add("__scrape_interval__", "1m");
    add("__scrape_timeout__", "10s");
    add("job", "kubernetes-pods");
    let mut add = |name: &str, value: &str| add(&format!("__meta_kubernetes_{name}"), value);
    add("namespace", random.pick(&["default", "kube-system", "team-a", "team-b", "payments", "monitoring"]));
    add("pod_name", &pod);
    add("pod_ip", &random.address());
    add("pod_node_name", &format!("node-{}.internal", random.below(500)));
    add("pod_phase", random.pick(&[["Running"; 9].as_slice(), &["Succeeded"]].concat()));
    add("pod_ready", "true");
    add("pod_uid", &format!("{:016x}{:016x}", random.below(u64::MAX), random.below(u64::MAX)));
    add("pod_controller_kind", "ReplicaSet");
    add("pod_controller_name", &format!("{app}-{hash}"));
    add("pod_host_ip", "192.168.0.1");
    add("pod_container_name", &app);
    add("pod_container_port_number", "8080");
    add("pod_container_port_name", "http");
    add("pod_container_port_protocol", "TCP");
    let team = format!("team{}", index % 31);
    for (label, value) in
        [("app", &app), ("app_kubernetes_io_name", &app), ("team", &team), ("pod_template_hash", &hash)]
    {
        add(&format!("pod_label_{label}"), value);
        add(&format!("pod_labelpresent_{label}"), "true");
    }
    if random.below(10) < 8 {
        add("pod_annotation_prometheus_io_scrape", "true");
        add("pod_annotationpresent_prometheus_io_scrape", "true");
    }
    if random.below(10) < 6 {
        add("pod_annotation_prometheus_io_port", random.pick(&["8080", "9090", "9102"]));
    }
    if random.below(10) < 2 {
        add("pod_annotation_prometheus_io_path", "/actuator/prometheus");
    }
    target
}
