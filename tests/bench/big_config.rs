//! A big, clean config: `jobs` jobs, about 700 bytes each, half of them with static targets.

use std::fmt::Write;

/// The text of a config with that many jobs.
#[must_use]
pub(crate) fn big_config(jobs: usize) -> String {
    let mut text =
        String::from("global:\n  scrape_interval: 15s\n  external_labels:\n    cluster: c1\n\nscrape_configs:\n");
    for job in 0..jobs {
        // Writing to a string cannot fail.
        let _ = if job % 2 == 1 { write_static(&mut text, job) } else { write_discovered(&mut text, job) };
    }
    text
}

fn write_static(text: &mut String, job: usize) -> std::fmt::Result {
    let (high, low) = (job >> 8 & 255, job & 255);
    writeln!(text, "  # job {job}: owned by team-{}", job % 37)?;
    writeln!(text, "  - job_name: \"svc-{job}\"\n    scrape_interval: {}s", [15, 30, 60][job % 3])?;
    writeln!(text, "    static_configs:\n      - targets:")?;
    writeln!(text, "          - \"10.{high}.{low}.1:9100\" # primary\n          - \"10.{high}.{low}.2:9100\"")?;
    writeln!(
        text,
        "        labels:\n          env: {}\n          team: team-{}",
        ["prod", "staging"][job % 2],
        job % 37
    )?;
    writeln!(text, "    relabel_configs:\n      - source_labels: [__address__]\n        regex: \"([^:]+):\\\\d+\"")?;
    writeln!(
        text,
        "        target_label: host\n      # the rack is the third octet\n      - source_labels: [__address__]"
    )?;
    writeln!(
        text,
        "        regex: '\\d+\\.\\d+\\.(\\d+)\\.\\d+:9100'\n        target_label: rack\n        replacement: rack-$1"
    )?;
    write_metric_rule(text, job)
}

fn write_discovered(text: &mut String, job: usize) -> std::fmt::Result {
    writeln!(text, "  # job {job}: owned by team-{}", job % 37)?;
    writeln!(text, "  - job_name: \"svc-{job}\"\n    scrape_interval: {}s", [15, 30, 60][job % 3])?;
    writeln!(text, "    dns_sd_configs:\n      - names:\n          - \"_metrics._tcp.svc-{job}.example.org\"")?;
    writeln!(text, "          - \"_metrics._tcp.svc-{job}-canary.example.org\" # small\n        refresh_interval: 1m")?;
    writeln!(text, "    relabel_configs:\n      - source_labels: [__meta_dns_name]")?;
    writeln!(text, "        regex: '_metrics\\._tcp\\.svc-{job}-canary\\.example\\.org'\n        action: drop")?;
    writeln!(text, "      - source_labels: [__meta_dns_srv_record_target]\n        regex: '([a-z0-9-]+)\\.(.+)\\.'")?;
    writeln!(text, "        target_label: node\n      - target_label: team\n        replacement: team-{}", job % 37)?;
    write_metric_rule(text, job)
}

fn write_metric_rule(text: &mut String, job: usize) -> std::fmt::Result {
    writeln!(text, "    metric_relabel_configs:\n      - source_labels: [__name__]")?;
    writeln!(text, "        regex: 'go_(gc|memstats)_.*|svc{}_debug_.*'\n        action: drop", job % 200)
}
