//! The job of a preset with what was asked for.

use crate::release::Release;
use crate::yaml_edit::scalar;

use super::super::ops::{escaped, quote_pattern};
use super::super::request::EditError;
use super::sections::Sections;
use super::selector::fault_of;
use super::{JobOptions, Preset, PresetOption};

impl Preset {
    /// The job in YAML, with `NAME` as its name, for a release.
    ///
    /// # Errors
    /// The preset has no use for an option, or an option has a value that it cannot have.
    pub(in crate::edit) fn job(self, options: &JobOptions, release: Release) -> Result<String, EditError> {
        self.check(options)?;
        let mut job = Sections::of(self.template());
        for option in self.options() {
            let values: Vec<&str> =
                options.own.iter().filter(|(own, _)| own == option).map(|(_, value)| value.as_str()).collect();
            if !values.is_empty() {
                self.set(&mut job, *option, &values, release)?;
            }
        }
        let field = |key: &str, value: &str| vec![format!("{key}: {}", plain_if_word(value))];
        for (key, value) in [
            ("scrape_interval", &options.interval),
            ("metrics_path", &options.metrics_path),
            ("scheme", &options.scheme),
        ] {
            if let Some(value) = value {
                job.set(key, field(key, value));
            }
        }
        add_params(&mut job, &options.params);
        self.add_labels(&mut job, &options.labels);
        Ok(job.text())
    }

    fn check(self, options: &JobOptions) -> Result<(), EditError> {
        if let Some(scheme) = options.scheme.as_deref().filter(|scheme| !["http", "https"].contains(scheme)) {
            return Err(EditError::request(format!("unknown scheme {scheme:?}"), "write http or https"));
        }
        for (index, (option, value)) in options.own.iter().enumerate() {
            let name = option.name();
            if !self.options().contains(option) {
                let message = format!("the preset {self} has no use for --{name}");
                return Err(EditError::request(message, self.options_in_words()));
            }
            let is_given_before = options.own[..index].iter().any(|(before, _)| before == option);
            if is_given_before && !option.is_repeatable(self) {
                return Err(EditError::request(format!("--{name} is given twice"), "give it once"));
            }
            if let Some(fault) = fault_of(value).filter(|_| *option == PresetOption::Match && !value.is_empty()) {
                let message = format!("--match {value:?} is not a selector of series: {fault}");
                return Err(EditError::request(message, "write it like {job=\"node\"} or {__name__=~\"job:.*\"}"));
            }
            if value.is_empty() {
                return Err(EditError::request(format!("--{name} has no value"), "give it a value, or leave it out"));
            }
        }
        Ok(())
    }

    /// The options that the preset has, as a remedy.
    fn options_in_words(self) -> String {
        let target = self.has_targets().then_some("--target".to_string());
        let own = self.options().iter().map(|option| format!("--{}", option.name()));
        let all = ["--label", "--interval", "--metrics-path", "--scheme", "--param"].map(String::from);
        let names: Vec<String> = target.into_iter().chain(own).chain(all).collect();
        format!("its options are {}", names.join(", "))
    }

    fn set(self, job: &mut Sections, option: PresetOption, values: &[&str], release: Release) -> Result<(), EditError> {
        let first = values.first().copied().unwrap_or_default();
        let list = || format!("[{}]", values.iter().map(|value| scalar(value)).collect::<Vec<_>>().join(", "));
        match option {
            PresetOption::TargetFile => job.replace("[targets/*.json, targets/*.yml]", &list()),
            PresetOption::Exporter => {
                let example = self.to_replace().map_or("", |(_, example)| example);
                job.replace(example, &scalar(first));
            }
            PresetOption::Module => {
                let example = if self == Self::Snmp { "module: [if_mib]" } else { "module: [http_2xx]" };
                job.replace(example, &format!("module: {}", list()));
            }
            PresetOption::Auth => job.replace("auth: [public_v2]", &format!("auth: {}", list())),
            PresetOption::Match => {
                let items = values.iter().map(|value| format!("    - {}", scalar(value)));
                let section = ["params:".to_string(), "  match[]:".to_string()].into_iter().chain(items);
                job.set("params", section.collect());
            }
            PresetOption::Server => job.replace("localhost:8500", &scalar(first)),
            PresetOption::Tag => {
                job.replace(".*,metrics,.*", &scalar(&format!(".*,{},.*", quote_pattern(first))));
            }
            PresetOption::Region => job.replace("eu-west-1", &scalar(first)),
            PresetOption::Port => {
                let port: u16 = first.parse().map_err(|_| {
                    let message = format!("the port {first:?} is not a number from 0 to 65535");
                    EditError::request(message, "give the number of a port, such as 9100")
                })?;
                match self {
                    Self::Docker => job.insert_after("  - host:", &[format!("    port: {port}")]),
                    _ => job.replace("port: 9100", &format!("port: {port}")),
                }
            }
            PresetOption::Host => job.replace("unix:///var/run/docker.sock", &scalar(first)),
            PresetOption::Network => self.keep_network(job, first, release),
            PresetOption::Namespace => {
                let names = ["    namespaces:".to_string(), format!("      names: {}", list())];
                job.insert_after("  - role:", &names);
            }
        }
        Ok(())
    }

    /// Keeps only the addresses in a network; Prometheus finds those in all networks then.
    fn keep_network(self, job: &mut Sections, network: &str, release: Release) {
        let label = match self {
            Self::Swarm => "__meta_dockerswarm_network_name",
            _ => "__meta_docker_network_name",
        };
        if self == Self::Docker && release.matches_first_docker_network() {
            job.insert_after("  - host:", &["    match_first_network: false".to_string()]);
        }
        let rule = [
            format!("  - source_labels: [{label}]"),
            format!("    regex: {}", scalar(&quote_pattern(network))),
            "    action: keep".to_string(),
        ];
        // After the first rule of all.
        job.insert_after("    action: keep", &rule);
    }

    fn add_labels(self, job: &mut Sections, labels: &[(String, String)]) {
        if labels.is_empty() {
            return;
        }
        if self.has_targets() {
            let labels = labels.iter().map(|(name, value)| format!("      {}: {}", scalar(name), scalar(value)));
            let lines: Vec<String> = std::iter::once("    labels:".to_string()).chain(labels).collect();
            job.insert_after("  - targets:", &lines);
            return;
        }
        let mut lines = job.lines("relabel_configs").to_vec();
        if lines.is_empty() {
            lines.push("relabel_configs:".to_string());
        }
        for (name, value) in labels {
            lines.push(format!("  - target_label: {}", scalar(name)));
            lines.push(format!("    replacement: {}", scalar(&escaped(value))));
        }
        job.set("relabel_configs", lines);
    }
}

/// A value as people write it: a duration begins with a digit, but is text to every reader.
fn plain_if_word(value: &str) -> String {
    let is_duration =
        value.ends_with(|c: char| "smhdwy".contains(c)) && value.starts_with(|c: char| c.is_ascii_digit());
    match is_duration && value.chars().all(|c| c.is_ascii_digit() || "smhdwy".contains(c)) {
        true => value.to_string(),
        false => scalar(value),
    }
}

/// Parameters of the URL, each with its values; those of the preset with the same names give way.
fn add_params(job: &mut Sections, params: &[(String, String)]) {
    if params.is_empty() {
        return;
    }
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in params {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let mut lines = vec!["params:".to_string()];
    let mut is_kept = true;
    for line in job.lines("params").iter().skip(1) {
        // A parameter begins in the third column.
        if let Some(key) = line.strip_prefix("  ").filter(|rest| !rest.starts_with([' ', '#'])) {
            is_kept = !names.iter().any(|name| key.starts_with(&format!("{}:", scalar(name))));
        }
        if is_kept {
            lines.push(line.clone());
        }
    }
    for name in names {
        let values = params.iter().filter(|(own, _)| own == name).map(|(_, value)| scalar(value));
        lines.push(format!("  {}: [{}]", scalar(name), values.collect::<Vec<_>>().join(", ")));
    }
    job.set("params", lines);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn job(preset: Preset, options: &JobOptions) -> String {
        preset.job(options, Release::LATEST).unwrap()
    }

    fn own(options: &[(PresetOption, &str)]) -> JobOptions {
        let own = options.iter().map(|(option, value)| (*option, value.to_string())).collect();
        JobOptions { own, ..JobOptions::default() }
    }

    #[test]
    fn without_options_the_job_is_that_of_the_document() {
        for preset in Preset::ALL {
            assert_eq!(job(preset, &JobOptions::default()), preset.template(), "{preset}");
        }
    }

    #[test]
    fn each_option_of_a_preset_changes_its_job() {
        for preset in Preset::ALL {
            for option in preset.options() {
                let value = match option {
                    PresetOption::Port => "1",
                    PresetOption::Match => "{x=\"y\"}",
                    _ => "x y",
                };
                let changed = job(preset, &own(&[(*option, value)]));
                assert!(changed != preset.template() && changed.contains(value), "{preset} --{}", option.name());
                assert!(preset.document().contains(&format!("--{}", option.name())), "{preset} {}", option.name());
            }
        }
    }

    #[test]
    fn a_scheme_and_a_selector_that_no_server_has_are_refused() {
        let refusal = |preset: Preset, options: &JobOptions| {
            preset.job(options, Release::LATEST).err().map(|error| error.to_string()).unwrap_or_default()
        };
        let scheme = |scheme: &str| JobOptions { scheme: Some(scheme.into()), ..JobOptions::default() };
        assert_eq!(refusal(Preset::Static, &scheme("ftp")), "unknown scheme \"ftp\" (write http or https)");
        assert_eq!(refusal(Preset::Static, &scheme("https")), "");
        let message = refusal(Preset::Federation, &own(&[(PresetOption::Match, "{job=")]));
        assert!(message.contains("--match \"{job=\" is not a selector of series: no text in quotes"), "{message}");
    }

    #[test]
    fn a_preset_refuses_the_options_that_it_has_no_use_for() {
        let refused = Preset::Consul.job(&own(&[(PresetOption::Exporter, "x:1")]), Release::LATEST);
        let message = "the preset consul has no use for --exporter (its options are --server, --tag, --label, \
                       --interval, --metrics-path, --scheme, --param)";
        assert_eq!(refused.unwrap_err().to_string(), message);
        let twice =
            Preset::Blackbox.job(&own(&[(PresetOption::Module, "a"), (PresetOption::Module, "b")]), Release::LATEST);
        assert_eq!(twice.unwrap_err().to_string(), "--module is given twice (give it once)");
    }

    #[test]
    fn labels_and_parameters_are_written_where_they_belong() {
        let pair = |name: &str, value: &str| (name.to_string(), value.to_string());
        let labels = vec![pair("env", "a$b")];
        let params = vec![pair("module", "m"), pair("x", "1"), pair("x", "2")];
        let options = JobOptions { labels: labels.clone(), params, ..JobOptions::default() };
        let probe = job(Preset::Blackbox, &options);
        assert!(probe.contains("params:\n  module: [m]\n  x: ['1', '2']\nstatic_configs"), "{probe}");
        assert!(probe.contains("com']\n    labels:\n      env: a$b\n"), "{probe}");
        let files = job(Preset::FileSd, &JobOptions { labels, ..JobOptions::default() });
        assert!(files.ends_with("yml]\nrelabel_configs:\n  - target_label: env\n    replacement: a$$b\n"), "{files}");
    }
}
