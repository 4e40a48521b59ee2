//! The objects of prometheus-operator in manifests: their configs, and the objects from which no job is made.

use promcfg::config::RuleAuthor;
use promcfg::discovery::DiscoveryOptions;
use promcfg::input::operator::{ObjectId, RenderOptions, Rendering, render};
use promcfg::simulate::{Lost, lost_objects};
use promcfg::text::matches_wildcards;
use promcfg::{Config, Options, Release, Sources};

use super::configs::InnerConfig;
use crate::cli::manifests::{Manifests, release_note};
use crate::cli::status::Failure;
use crate::cli::terminal::Terminal;

/// What the operator makes of manifests.
pub(super) struct Generated {
    pub(super) configs: Vec<InnerConfig>,
    /// The objects from which no job is made.
    pub(super) lost: Vec<Lost>,
    /// Whether an object is refused, or nothing is generated for a Prometheus.
    pub(super) has_refused: bool,
}

impl Generated {
    /// Generates and reads the config of each Prometheus.
    ///
    /// # Errors
    /// Nothing is generated for any of them.
    pub(super) fn of(
        manifests: &Manifests,
        sources: &mut Sources,
        options: &Options<'_>,
        named: Option<Release>,
        terminal: &Terminal,
    ) -> Result<Self, Failure> {
        let renderings = render(
            &manifests.objects,
            &RenderOptions { leave_out_missing: true, release: named, ..RenderOptions::default() },
        );
        if renderings.iter().all(|rendering| rendering.at.is_none()) {
            terminal.note("the input has no Prometheus: one with the defaults is assumed, which selects all objects");
        }
        let mut configs = Vec::new();
        let is_one_of_several = renderings.len() > 1;
        for rendering in &renderings {
            let options = options.for_server(rendering.release.map(|release| release.release));
            if let (None, Some(release)) = (named, rendering.release) {
                terminal.note(&release_note(&rendering.prometheus, release));
            }
            let Some((config, faults)) = rendering.read(sources, &options) else {
                let Some(error) = &rendering.error else { continue };
                let message = format!("nothing is generated for {}: {}", rendering.prometheus, error.error);
                if !is_one_of_several {
                    return Err(Failure::new(message).with_note(sources.describe(error.at)));
                }
                terminal.warn(&message, "");
                continue;
            };
            note_shards(rendering, &config, terminal);
            let ObjectId { namespace, name, .. } = &rendering.prometheus;
            let name = is_one_of_several.then(|| format!("{namespace}/{name}"));
            configs.push(InnerConfig::generated(name, simulated(config), faults, !manifests.broken.is_empty()));
        }
        let mut lost = lost_objects(&manifests.objects, &renderings);
        let is_without_job = |object: &ObjectId| lost.iter().any(|lost: &Lost| lost.object == *object);
        let unscraped = manifests.cluster.unscraped(&manifests.objects);
        let unscraped: Vec<Lost> = unscraped.into_iter().filter(|lost| !is_without_job(&lost.object)).collect();
        lost.extend(unscraped);
        let has_refused =
            renderings.iter().any(|rendering| rendering.error.is_some() || !rendering.rejected.is_empty());
        Ok(Self { configs, lost, has_refused })
    }

    /// The patterns of jobs that jobs fit, and the objects without jobs that others fit. A pattern that nothing fits is
    /// kept.
    pub(super) fn select(&mut self, patterns: &[String]) -> Vec<String> {
        if patterns.is_empty() {
            return Vec::new();
        }
        let names: Vec<&str> = self.configs.iter().flat_map(InnerConfig::job_names).collect();
        let fits = |glob: &str, name: &str| glob == name || matches_wildcards(glob, name);
        let mut kept = Vec::new();
        let mut is_asked = vec![false; self.lost.len()];
        for pattern in patterns {
            let globs = globs_of(pattern);
            let mut fitting: Vec<String> =
                globs.iter().filter(|glob| names.iter().any(|name| fits(glob, name))).cloned().collect();
            let mut is_known = !fitting.is_empty();
            for (lost, is_asked) in self.lost.iter().zip(&mut is_asked) {
                let name = job_prefix(&lost.object);
                if globs.iter().any(|glob| fits(glob, &name) || fits(glob, &format!("{name}/0"))) {
                    (*is_asked, is_known) = (true, true);
                }
            }
            kept.append(&mut fitting);
            if !is_known {
                kept.push(pattern.clone());
            }
        }
        let mut asked = is_asked.into_iter();
        self.lost.retain(|_| asked.next().unwrap_or(false));
        kept
    }
}

/// The rules that share targets among servers have a variable that only the server has: without them the job has the
/// targets of all servers. Likewise for the node of an agent.
fn simulated(mut config: Config) -> Config {
    for job in &mut config.scrape_configs {
        // The place of a job is that of its endpoint.
        job.job_name.span = job.span;
        job.relabel_configs.retain(|rule| rule.author != RuleAuthor::Sharding);
        for options in job.discovery.iter_mut().flat_map(|sd| &mut sd.options).flatten() {
            if let DiscoveryOptions::Kubernetes(options) = options {
                options.selectors.retain(|selector| !selector.field.contains("$(NODE_NAME)"));
            }
        }
    }
    config
}

/// Says that several servers share the targets.
fn note_shards(rendering: &Rendering, config: &Config, terminal: &Terminal) {
    let rules = config.scrape_configs.iter().flat_map(|job| &job.relabel_configs);
    let mut moduli = rules.filter(|rule| rule.author == RuleAuthor::Sharding).map(|rule| rule.spec.modulus);
    if let Some(shards) = moduli.find(|modulus| *modulus > 1) {
        terminal.note(&format!(
            "{} has {shards} shards, each of which scrapes a part of the targets",
            rendering.prometheus
        ));
    }
}

/// The beginning of the names of an object's jobs.
fn job_prefix(object: &ObjectId) -> String {
    let kind = object.kind.name();
    let (first, rest) = kind.split_at(kind.len().min(1));
    format!("{}{rest}/{}/{}", first.to_lowercase(), object.namespace, object.name)
}

/// The patterns of jobs that a pattern asks for: it may be the name of an object, such as `servicemonitor/web` or
/// `ServiceMonitor/shop/web`.
fn globs_of(pattern: &str) -> Vec<String> {
    const KINDS: [&str; 4] = ["serviceMonitor", "podMonitor", "probe", "scrapeConfig"];
    let mut globs = vec![pattern.to_string()];
    let parts: Vec<&str> = pattern.split('/').collect();
    let Some((first, names)) = parts.split_first() else { return globs };
    let first = first.to_lowercase();
    let kind = KINDS.iter().find(|kind| {
        let kind = kind.to_lowercase();
        first == kind || first == format!("{kind}s")
    });
    let Some(kind) = kind else { return globs };
    match names {
        [name] => globs.extend([format!("{kind}/*/{name}"), format!("{kind}/*/{name}/*")]),
        [namespace, name] => {
            globs.extend([format!("{kind}/{namespace}/{name}"), format!("{kind}/{namespace}/{name}/*")]);
        }
        [namespace, name, index] => globs.push(format!("{kind}/{namespace}/{name}/{index}")),
        _ => {}
    }
    globs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_may_be_the_name_of_an_object() {
        let fits = |pattern: &str, name: &str| globs_of(pattern).iter().any(|glob| matches_wildcards(glob, name));
        assert!(fits("servicemonitor/web", "serviceMonitor/shop/web/0"));
        assert!(fits("ServiceMonitors/shop/web", "serviceMonitor/shop/web/1"));
        assert!(fits("serviceMonitor/shop/web/0", "serviceMonitor/shop/web/0"));
        assert!(fits("probe/api", "probe/shop/api"));
        assert!(!fits("servicemonitor/web", "serviceMonitor/shop/webhook/0"));
        assert!(!fits("servicemonitor/cart/web", "serviceMonitor/shop/web/0"));
        assert!(!fits("web", "serviceMonitor/shop/web/0"));
    }
}
