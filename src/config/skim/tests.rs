//! Whoever is skimmed has no fault: compared with the reader.

use crate::config::checks;
use crate::config::reader::Reader;
use crate::config::types::Global;
use crate::release::Release;
use crate::text::Sources;
use crate::yaml::{NodeKind, Tree};

use super::Skimmer;

/// How many jobs of a list are skimmed. Panics if the reader finds a fault in one of them, or another name.
fn skimmed(text: &str, release: Release, global: &Global) -> usize {
    let tree = Tree::parse(text);
    let Some(root) = tree.root().filter(|_| tree.fault().is_none()) else { return 0 };
    if root.kind() != NodeKind::Sequence || tree.nodes().any(|node| node.kind() == NodeKind::Alias) {
        return 0;
    }
    let mut sources = Sources::new();
    let file = sources.add("p.yml", text);
    let new = || Reader::new(&sources, file, release, checks::run);
    let mut count = 0;
    for node in root.items().filter(|node| !node.is_null()) {
        let mut skimming = new();
        let Some(name) = Skimmer::new(&mut skimming, global).job(node) else { continue };
        let mut reader = new();
        let job = reader.scrape_config(node, global).expect("a skimmed job can be read");
        assert!(job.is_valid && job.is_text && job.job_name == name, "{text}");
        assert_eq!(reader.take_faults(), [], "{text}");
        count += 1;
    }
    count
}

fn is_skimmed(job: &str) -> bool {
    skimmed(&format!("- {job}\n"), Release::LATEST, &Global::default()) == 1
}

const USUAL: [&str; 14] = [
    "job_name: a",
    "{job_name: 'a b', scrape_interval: 30s, scrape_timeout: 10s, metrics_path: /m, scheme: https, honor_labels: true}",
    "{job_name: a, static_configs: [{targets: ['h:1', i], labels: {env: x, 'team': ''}}, {targets: []}]}",
    "{job_name: a, file_sd_configs: [{files: [t.json, 'x/*.yml'], refresh_interval: 5m}]}",
    "{job_name: a, dns_sd_configs: [{names: [_m._tcp.x], refresh_interval: 1m}], sample_limit: 1000}",
    "{job_name: a, kubernetes_sd_configs: [{role: pod, namespaces: {names: [x]}}], bearer_token_file: /t, tls_config: {ca_file: /c}}",
    "{job_name: a, consul_sd_configs: [{server: 'c:8500', services: [x]}], basic_auth: {username: u, password: p}}",
    "{job_name: a, ec2_sd_configs: [{region: eu-west-1, port: 80}], params: {module: [m], x: []}}",
    "{job_name: a, relabel_configs: [{source_labels: [a, __b], regex: '(.+)', target_label: c, replacement: '$1:2'}]}",
    "{job_name: a, relabel_configs: [{source_labels: [a], regex: '(?i)x', action: keep}, {action: labelmap, regex: x_(.+)}]}",
    "{job_name: a, metric_relabel_configs: [{action: labeldrop, regex: x}, {action: hashmod, modulus: 4, source_labels: [a], target_label: b}]}",
    "{job_name: a, relabel_configs: [{action: lowercase, source_labels: [a], target_label: b}, {action: Keep, regex: 'a{2}'}]}",
    "{job_name: a, relabel_configs: [{action: dropequal, source_labels: [a], target_label: b}], body_size_limit: 10MB}",
    "{job_name: a, static_configs: [{targets: [a/b]}], relabel_configs: [{target_label: x, replacement: y}], http_sd_configs: [{url: 'http://x/y'}]}",
];

#[test]
fn jobs_of_the_usual_kind_are_skimmed() {
    for job in USUAL {
        assert!(is_skimmed(job), "{job}");
    }
}

#[test]
fn jobs_that_the_reader_refuses_are_not_skimmed() {
    for job in [
        "scrape_interval: 1m",
        "{job_name: ''}",
        "{job_name: ~}",
        "{job_name: a, nosuch: 1}",
        "{job_name: a, job_name: a}",
        "{job_name: a, scrape_interval: 10s, scrape_timeout: 20s}",
        "{job_name: a, scrape_timeout: 2m}",
        "{job_name: a, scrape_interval: 10}",
        "{job_name: a, sample_limit: x}",
        "{job_name: a, honor_labels: maybe}",
        "{job_name: a, fallback_scrape_protocol: nosuch}",
        "{job_name: a, metric_name_validation_scheme: nosuch}",
        "{job_name: a, static_configs: [{targets: [a/b]}]}",
        "{job_name: a, static_configs: [{targets: [a/b]}], relabel_configs: []}",
        "{job_name: a, static_configs: [{targets: [a], labels: {'': x}}]}",
        "{job_name: a, static_configs: [{nosuch: [a]}]}",
        "{job_name: a, static_configs: [~]}",
        "{job_name: a, file_sd_configs: [{files: []}]}",
        "{job_name: a, file_sd_configs: [{files: [x.txt]}]}",
        "{job_name: a, dns_sd_configs: [{names: []}]}",
        "{job_name: a, dns_sd_configs: [{names: [x], type: A}]}",
        "{job_name: a, kubernetes_sd_configs: [{role: pods}]}",
        "{job_name: a, consul_sd_configs: [{server: ' '}]}",
        "{job_name: a, basic_auth: {username: u, password: p}, bearer_token_file: /t}",
        "{job_name: a, basic_auth: {password: p, password_file: f}}",
        "{job_name: a, tls_config: {cert_file: f}}",
        "{job_name: a, relabel_configs: [{action: kep}]}",
        "{job_name: a, relabel_configs: [{action: keep, regex: (}]}",
        "{job_name: a, relabel_configs: [{source_labels: [a]}]}",
        "{job_name: a, relabel_configs: [~]}",
        "{job_name: a, relabel_configs: [{action: labeldrop, regex: x, separator: ','}]}",
        "{job_name: a, relabel_configs: [{action: hashmod, modulus: 0, target_label: x}]}",
        "{job_name: a, relabel_configs: [{action: keepequal, source_labels: [a], target_label: b, regex: x}]}",
        "{job_name: a, relabel_configs: [{action: uppercase, source_labels: [a], target_label: b, replacement: x}]}",
        "{job_name: !!binary /w==}",
        "{job_name: a, params: {x: [a], x: [b]}}",
    ] {
        assert!(!is_skimmed(job), "{job}");
    }
}

#[test]
fn a_job_that_is_valid_only_without_globals_is_not_skimmed() {
    let mut global = Global::default();
    assert_eq!(skimmed("[{job_name: a, scrape_timeout: 30s}]", Release::LATEST, &global), 1);
    global.scrape_interval = crate::config::Duration::from_seconds(10);
    assert_eq!(skimmed("[{job_name: a, scrape_timeout: 30s}]", Release::LATEST, &global), 0);
    global.escaping_scheme.value = "nosuch".to_string();
    assert_eq!(skimmed("[{job_name: a}]", Release::LATEST, &global), 0);
}

#[test]
fn a_mutated_job_that_is_skimmed_has_no_fault() {
    const PIECES: [&str; 30] = [
        "~",
        "null",
        "''",
        "0",
        "1",
        "-1",
        "x",
        "a-b",
        "é",
        "{}",
        "[]",
        "[x]",
        "{a: b}",
        "!!str x",
        "!!binary /w==",
        "<<",
        "true",
        "30s",
        "2m",
        "job_name",
        "regex",
        "action",
        "labelmap",
        "hashmod",
        "(",
        "$1",
        "/",
        "10MB",
        "Null",
        "",
    ];
    let mut state = 11_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % below
    };
    let releases = ["2.30", "2.53", "3.0", "3.14"].map(|release| release.parse().expect("is a release"));
    let legacy = Global { name_scheme: crate::relabel::NameScheme::Legacy, ..Global::default() };
    let globals = [Global::default(), legacy];
    let mut count = 0;
    for _ in 0..6_000 {
        let mut job = USUAL[next(USUAL.len())].to_string();
        for _ in 0..1 + next(2) {
            let words: Vec<(usize, usize)> = job
                .match_indices(|character: char| !character.is_alphanumeric() && character != '_')
                .map(|(at, found)| (at + found.len(), at))
                .collect();
            let Some(window) = words.windows(2).nth(next(words.len().max(2) - 1)) else { continue };
            let (start, end) = (window[0].0, window[1].1);
            job.replace_range(start..end.max(start), PIECES[next(PIECES.len())]);
        }
        count += skimmed(&format!("- {job}\n"), releases[next(4)], &globals[next(2)]);
    }
    assert!(count > 500, "{count}");
}
