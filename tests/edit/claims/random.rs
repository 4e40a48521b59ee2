//! Random chains of rules with all actions, and random targets as the mechanism of a job finds them.

use promcfg::config::ScrapeConfig;
use promcfg::simulate::{PlacedTarget, example_targets};

/// Numbers that look random and are the same in each run (xorshift64*).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let wide = u128::from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)) * bound as u128;
        (wide >> 64) as usize
    }

    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn one_of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }
}

const DISCOVERY: [&str; 7] = [
    "kubernetes_sd_configs: [{role: pod}]",
    "kubernetes_sd_configs: [{role: pod}]",
    "kubernetes_sd_configs: [{role: node}]",
    "ec2_sd_configs: [{region: r}]",
    "consul_sd_configs: [{server: 's:1'}]",
    "http_sd_configs: [{url: 'http://h/'}]",
    "static_configs: [{targets: ['10.0.0.1:80', '10.0.0.2:80'], labels: {team: core}}]\n  kubernetes_sd_configs: [{role: pod}]",
];
const SOURCES: [&str; 12] = [
    "__meta_kubernetes_namespace",
    "__meta_kubernetes_pod_name",
    "__meta_kubernetes_pod_label_team",
    "__meta_ec2_tag_env",
    "__address__",
    "__metrics_path__",
    "team",
    "env",
    "namespace",
    "instance",
    "job",
    "zone",
];
const TARGETS: [&str; 11] = [
    "team",
    "env",
    "namespace",
    "zone",
    "pod",
    "instance",
    "__address__",
    "__param_x",
    "x_$1",
    "$1",
    "__metrics_path__",
];
const PATTERNS: [&str; 11] =
    ["", "(.*)", "(.+)", "shop", "s(.*)", "(a|core)", ".*;.*", "team|env", "(te)(am)?", "[a-z]+", "1.*"];
const NAMES: [&str; 9] = [
    "__meta_kubernetes_pod_label_(.+)",
    "__meta_ec2_tag_(.+)",
    "__meta_(.+)_label_(team|env)",
    "(team|env)",
    "__meta_.*",
    "te.*",
    "zone",
    "(.*)_?pod.*",
    "__.*|job|team",
];
const REPLACEMENTS: [&str; 9] = ["$1", "core", "", "x_$1", "$1-$2", "a$$b", "10.0.0.1:9102", "${1}", "shop"];

/// A config of one job with random rules in both lists.
pub(crate) fn chain(random: &mut Random) -> String {
    let mut text = format!("scrape_configs:\n- job_name: a\n  {}\n", random.one_of(&DISCOVERY));
    if random.one_in(4) {
        text.push_str("  honor_labels: true\n");
    }
    for key in ["relabel_configs", "metric_relabel_configs"] {
        let count = random.below(7);
        if count > 0 {
            text.push_str(&format!("  {key}:\n"));
        }
        (0..count).for_each(|_| text.push_str(&format!("  - {}\n", rule(random))));
    }
    text
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn rule(random: &mut Random) -> String {
    let sources = |random: &mut Random, least: usize| {
        let count = least + random.below(3 - least);
        (0..count).map(|_| random.one_of(&SOURCES)).collect::<Vec<_>>().join(", ")
    };
    let fixed = &TARGETS[..8];
    let pattern = quoted(random.one_of(&PATTERNS));
    let names = quoted(random.one_of(&NAMES));
    match random.below(16) {
        0 => format!("{{action: keep, source_labels: [{}], regex: {pattern}}}", sources(random, 1)),
        1 => format!("{{action: drop, source_labels: [{}], regex: {pattern}}}", sources(random, 1)),
        2 => format!(
            "{{action: keepequal, source_labels: [{}], target_label: {}}}",
            sources(random, 1),
            random.one_of(fixed)
        ),
        3 => format!(
            "{{action: dropequal, source_labels: [{}], target_label: {}}}",
            sources(random, 1),
            random.one_of(fixed)
        ),
        4 => format!(
            "{{action: hashmod, source_labels: [{}], modulus: 4, target_label: {}}}",
            sources(random, 1),
            random.one_of(fixed)
        ),
        5 => format!(
            "{{action: labelmap, regex: {names}, replacement: {}}}",
            quoted(random.one_of(&["$1", "x_$1", "team"]))
        ),
        6 => format!("{{action: labeldrop, regex: {names}}}"),
        7 => format!("{{action: labelkeep, regex: {}}}", quoted(&format!("__.*|job|{}", random.one_of(&NAMES)))),
        8 => format!(
            "{{action: lowercase, source_labels: [{}], target_label: {}}}",
            sources(random, 1),
            random.one_of(fixed)
        ),
        9 => format!(
            "{{action: uppercase, source_labels: [{}], target_label: {}}}",
            sources(random, 1),
            random.one_of(fixed)
        ),
        10 => {
            format!("{{target_label: {}, replacement: {}}}", random.one_of(fixed), quoted(random.one_of(&REPLACEMENTS)))
        }
        _ => format!(
            "{{source_labels: [{}], regex: {pattern}, target_label: {}, replacement: {}}}",
            sources(random, 0),
            quoted(random.one_of(&TARGETS)),
            quoted(random.one_of(&REPLACEMENTS))
        ),
    }
}

const VALUES: [&str; 12] =
    ["", "core", "shop", "prod", "a;b", ";shop", "s", "10.0.0.1:80", "10.0.0.1", "true", "A b", "te"];

/// A target as the mechanism of the job might find it: the labels of the catalog, those that the rules read, and
/// labels with names that users choose, with other values.
pub(crate) fn target(job: &ScrapeConfig, random: &mut Random) -> Option<PlacedTarget> {
    let mut examples = example_targets(job);
    if examples.is_empty() {
        return None;
    }
    let index = random.below(examples.len());
    let mut placed = examples.swap_remove(index);
    let key = job.discovery.iter().find(|sd| !sd.is_static()).map_or("", |sd| sd.key.as_str());
    // Examples can have labels that the mechanism does not set; a target cannot.
    let is_node = placed.target.own.iter().any(|(own, _)| own == "__meta_kubernetes_node_name");
    let is_open = matches!(key, "http_sd_configs" | "file_sd_configs");
    placed.target.own.retain(|(name, _)| name.starts_with("__") || is_open || (is_node && name == "instance"));
    for name in ["team", "env", "namespace", "zone"] {
        let prefix = match key {
            "kubernetes_sd_configs"
                if placed.target.own.iter().any(|(own, _)| own.starts_with("__meta_kubernetes_pod")) =>
            {
                "__meta_kubernetes_pod_label_"
            }
            "kubernetes_sd_configs" => "__meta_kubernetes_node_label_",
            "ec2_sd_configs" => "__meta_ec2_tag_",
            "http_sd_configs" | "file_sd_configs" => "",
            _ => continue,
        };
        if random.one_in(2) {
            placed.target.own.retain(|(own, _)| *own != format!("{prefix}{name}"));
            placed.target.own.push((format!("{prefix}{name}"), String::new()));
        }
    }
    for (name, value) in &mut placed.target.own {
        if name == "__address__" {
            *value = random.one_of(&["10.0.0.1:80", "10.0.0.2:9102", "h", "10.0.0.3:443"]).to_string();
        } else if value.is_empty() || random.one_in(2) {
            *value = random.one_of(&VALUES).to_string();
        }
    }
    Some(placed)
}

/// A sample as a target might expose it.
pub(crate) fn sample(random: &mut Random) -> Vec<(String, String)> {
    let mut sample = vec![("__name__".to_string(), random.one_of(&["up", "shop", "te_total", "s;x"]).to_string())];
    for name in ["team", "env", "namespace", "instance", "zone", "pod"] {
        if random.one_in(3) {
            sample.push((name.to_string(), random.one_of(&VALUES).to_string()));
        }
    }
    sample
}
