//! Configs in other styles than the big config.

const HEAD: &str = "global: {scrape_interval: 15s}\nscrape_configs:\n";

fn repeated(jobs: usize, job: impl Fn(usize) -> String) -> String {
    (0..jobs).fold(HEAD.to_string(), |text, number| text + &job(number))
}

/// A job a line, all in brackets.
pub(crate) fn flow_style(jobs: usize) -> String {
    repeated(jobs, |job| {
        let low = job & 255;
        format!(
            "- {{job_name: svc-{job}, static_configs: [{{targets: ['10.0.{low}.1:9100', \"10.0.{low}.2:9100\"], labels: \
             {{env: prod}}}}], relabel_configs: [{{source_labels: [__address__, env], regex: '([^:]+):.*;prod', \
             target_label: host, replacement: $1}}]}}\n"
        )
    })
}

/// Brackets over several lines, as in JSON.
pub(crate) fn flow_lines(groups: usize) -> String {
    let group = |group: usize| {
        format!(
            "  {{\n    \"targets\": [\n      \"10.0.0.{group}:9100\"\n    ],\n    \"labels\": {{\"n\": \"{group}\"}}\n  }}"
        )
    };
    format!("[\n{}\n]\n", (0..groups).map(group).collect::<Vec<_>>().join(",\n"))
}

/// More comments than content.
pub(crate) fn comments(jobs: usize) -> String {
    const REST: &str = "    # every half minute
    scrape_interval: 30s # usual

    static_configs:
      # two machines
      - targets: # of the rack
          - 10.0.0.1:9100 # first
          # - 10.0.0.3:9100
          - 10.0.0.2:9100 # second
";
    repeated(jobs, |job| {
        format!(
            "  # ------- job {job} -------\n  # ask its owners before a change\n  - job_name: svc-{job} # its name\n{REST}"
        )
    })
}

/// 25 relabel rules a job, lists not indented.
pub(crate) fn long_chains(jobs: usize) -> String {
    let rule = |rule: usize| {
        format!(
            "    - source_labels: [__meta_kubernetes_pod_label_app_{rule}, __meta_kubernetes_namespace]\n      separator: \
             ;\n      regex: (.+);(prod|staging)-{rule}\n      target_label: label_{rule}\n      replacement: ${{1}}-$2\n"
        )
    };
    let rules: String = (0..25).map(rule).collect();
    repeated(jobs, |job| {
        format!("  - job_name: 'svc-{job}'\n    kubernetes_sd_configs:\n    - role: pod\n    relabel_configs:\n{rules}")
    })
}

/// 30 groups of one target a job.
pub(crate) fn many_groups(jobs: usize) -> String {
    let group = |job: usize, group: usize| {
        format!(
            "    - targets:\n      - host-{job}-{group}.example.org:9100\n      labels:\n        rack: \"r{group}\"\n"
        )
    };
    repeated(jobs, |job| {
        let groups: String = (0..30).map(|number| group(job, number)).collect();
        format!("  - job_name: svc-{job}\n    static_configs:\n{groups}")
    })
}

/// 20 rules for metrics a job, of which few jobs have the same.
pub(crate) fn metric_rules(jobs: usize) -> String {
    let rule = |job: usize, rule: usize| {
        format!(
            "    - source_labels: [__name__]\n      regex: 'app{}_(http|grpc)_{rule}_(bucket|count)'\n      action: drop\n",
            job % 500
        )
    };
    repeated(jobs, |job| {
        let rules: String = (0..20).map(|number| rule(job, number)).collect();
        format!(
            "  - job_name: svc-{job}\n    static_configs:\n    - targets: ['m{job}.example.org:9100']\n    \
             metric_relabel_configs:\n{rules}"
        )
    })
}

/// Rules of several kinds, which no other job has.
pub(crate) fn distinct_rules(jobs: usize) -> String {
    repeated(jobs, |job| {
        format!(
            "  - job_name: svc-{job}\n    kubernetes_sd_configs:\n    - role: endpoints\n      namespaces:\n        names: \
             [team-{job}]\n    relabel_configs:\n    - source_labels: [__meta_kubernetes_service_name]\n      regex: \
             svc-{job}(-canary)?\n      action: keep\n    - source_labels: [__meta_kubernetes_endpoint_port_name]\n      \
             regex: http-{job}|metrics\n      action: keep\n    - source_labels: \
             [__meta_kubernetes_namespace, __meta_kubernetes_pod_name]\n      separator: /\n      regex: \
             team-{job}/(.+)-[a-z0-9]+\n      target_label: workload\n      replacement: $1\n    - regex: \
             __meta_kubernetes_service_label_(team|tier{job})\n      action: labelmap\n    - source_labels: \
             [workload]\n      regex: (.+)\n      target_label: instance_of\n      replacement: s{job}-$1\n    \
             metric_relabel_configs:\n    - source_labels: [__name__]\n      regex: svc_{job}_debug_.*\n      action: \
             drop\n    - regex: tmp_{job}_(id|uid)\n      action: labeldrop\n"
        )
    })
}

/// Two block scalars a job.
pub(crate) fn block_scalars(jobs: usize) -> String {
    repeated(jobs, |job| {
        format!(
            "  - job_name: svc-{job}\n    params:\n      match[]:\n        - >-\n          {{__name__=~\"job:.*\",\n          \
             env=\"prod\"}}\n        - |\n          some text of several lines\n          that goes on: and on\n    \
             metrics_path: /federate\n"
        )
    })
}

/// An anchor, an alias and a merge key a job.
pub(crate) fn anchors(jobs: usize) -> String {
    let job = |job: usize| {
        format!(
            "- job_name: svc-{job}\n  <<: *defaults\n  relabel_configs: &rules{job}\n  - source_labels: [a]\n    action: \
             drop\n  metric_relabel_configs: *rules{job}\n"
        )
    };
    let jobs: String = (0..jobs).map(job).collect();
    format!("defaults: &defaults\n  scrape_interval: 30s\nscrape_configs:\n{jobs}")
}
