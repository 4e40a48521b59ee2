//! Files that are not read: what they are, and what to do with them.

use std::borrow::Cow;

/// A file of another program, or one that has to be rendered first.
///
/// ```
/// use promcfg::format::Format;
/// let Format::Neighbor(neighbor) = Format::of_lines("a.alloy", "") else { panic!("is an Alloy config") };
/// assert_eq!((neighbor.name(), neighbor.plural()), ("a Grafana Alloy config", "Grafana Alloy configs"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbor {
    name: Cow<'static, str>,
    plural: Cow<'static, str>,
    help: &'static str,
}

const fn neighbor(name: &'static str, plural: &'static str, help: &'static str) -> Neighbor {
    Neighbor { name: Cow::Borrowed(name), plural: Cow::Borrowed(plural), help }
}

const RENDER: &str = "render it first and lint the result: … | promcfg lint -";
const RULES_ONLY: &str = "promcfg does not read this format yet";
const OTHER_PROGRAM: &str = "check it with the program that reads it";

impl Neighbor {
    /// A config of vmagent.
    pub(super) const fn of_vmagent(name: &'static str, help: &'static str) -> Self {
        neighbor(name, "vmagent configs", help)
    }

    pub(super) const JINJA: Self = neighbor("a Jinja template", "Jinja templates", RENDER);
    pub(super) const GO_TEMPLATE: Self = neighbor(
        "a Go template",
        "Go templates",
        "render it first and lint the result: helm template … | promcfg lint -",
    );
    pub(super) const TERRAFORM: Self = neighbor("a Terraform template", "Terraform templates", RENDER);
    pub(super) const ERB: Self = neighbor("an ERB template", "ERB templates", RENDER);
    pub(super) const BOSH: Self = neighbor(
        "a BOSH template with ((variables))",
        "BOSH templates",
        "render it first and lint the result: bosh int FILE --vars-store … | promcfg lint -",
    );
    pub(super) const VARIABLES: Self = neighbor(
        "a template whose sections are variables",
        "templates with variables",
        "fill in the variables first and lint the result: envsubst < FILE | promcfg lint -",
    );
    pub(super) const TEMPLATE: Self = neighbor("a template", "templates", RENDER);
    pub(super) const PROGRAM: Self =
        neighbor("a program that makes configs", "programs that make configs", "lint its output: … | promcfg lint -");
    pub(super) const ALLOY: Self = neighbor(
        "a Grafana Alloy config",
        "Grafana Alloy configs",
        "check it with `alloy validate`; promcfg does not read Alloy's language",
    );
    pub(super) const COLLECTOR: Self = neighbor(
        "an OpenTelemetry Collector config",
        "OpenTelemetry Collector configs",
        "put the part below `receivers.prometheus.config` into a file of its own to lint it; there `$$` is a `$`",
    );
    pub(super) const TARGET_ALLOCATOR: Self = neighbor(
        "an OpenTelemetry target allocator config",
        "OpenTelemetry target allocator configs",
        "put the part below `config` into a file of its own to lint it",
    );
    pub(super) const VMAGENT: Self = neighbor(
        "a vmagent config with VictoriaMetrics' own fields",
        "vmagent configs",
        "check it with `vmagent -promscrape.config.dryRun`; promcfg reads what Prometheus accepts",
    );
    pub(super) const VMAGENT_VARIABLES: Self = neighbor(
        "a vmagent config with %{VARIABLES}",
        "vmagent configs",
        "check it with `vmagent -promscrape.config.dryRun`; Prometheus does not fill in variables",
    );
    pub(super) const NOTIFIER: Self =
        neighbor("a vmalert notifier config", "vmalert notifier configs", "check it with `vmalert -dryRun`");
    pub(super) const CLOUD_FORMATION: Self = neighbor(
        "an AWS CloudFormation template",
        "CloudFormation templates",
        "put the Prometheus config in it into a file of its own to lint it",
    );
    pub(super) const AGENT: Self = neighbor(
        "a Grafana Agent config",
        "Grafana Agent configs",
        "put a list of `scrape_configs` into a file of its own to lint it",
    );
    pub(super) const PROMTAIL: Self = neighbor("a promtail config", "promtail configs", RULES_ONLY);
    pub(super) const PARCA: Self = neighbor("a Parca config", "Parca configs", OTHER_PROGRAM);
    pub(super) const PYROSCOPE: Self = neighbor("a Pyroscope config", "Pyroscope configs", OTHER_PROGRAM);
    pub(super) const LOKI: Self = neighbor("a Loki config", "Loki configs", OTHER_PROGRAM);
    pub(super) const MIMIR: Self =
        neighbor("a Mimir, Cortex or Tempo config", "Mimir, Cortex or Tempo configs", OTHER_PROGRAM);
    pub(super) const THANOS: Self = neighbor("a Thanos object store config", "Thanos configs", OTHER_PROGRAM);
    pub(super) const DATADOG: Self = neighbor("a Datadog check config", "Datadog check configs", OTHER_PROGRAM);
    pub(super) const COMPOSE: Self =
        neighbor("a compose file", "compose files", "put the content of `configs` into a file of its own to lint it");
    pub(super) const RULES: Self =
        neighbor("a file of alerting and recording rules", "rule files", "check it with `promtool check rules`");
    pub(super) const ALERTMANAGER: Self =
        neighbor("an Alertmanager config", "Alertmanager configs", "check it with `amtool check-config`");
    pub(super) const BLACKBOX: Self = neighbor(
        "a config of the blackbox exporter",
        "blackbox exporter configs",
        "check it with `blackbox_exporter --config.check`",
    );
    pub(super) const SNMP: Self = neighbor("a config of the SNMP exporter", "SNMP exporter configs", OTHER_PROGRAM);
    pub(super) const JMX: Self = neighbor("a config of the JMX exporter", "JMX exporter configs", OTHER_PROGRAM);
    pub(super) const WEB: Self =
        neighbor("a web config of Prometheus", "web configs", "check it with `promtool check web-config`");
    pub(super) const RULE_TEST: Self =
        neighbor("a test of rules", "tests of rules", "run it with `promtool test rules`");
    pub(super) const SERVICE_DISCOVERY: Self = neighbor(
        "output of `promtool check service-discovery`",
        "outputs of promtool",
        "a target file is a list of `targets` and `labels`",
    );
    pub(super) const API: Self = neighbor(
        "an answer of the Prometheus API",
        "answers of the Prometheus API",
        "give it as sample targets: promcfg simulate CONFIG --targets FILE",
    );
    pub(super) const ENCRYPTED: Self =
        neighbor("an encrypted file (SOPS)", "encrypted files", "decrypt it first: sops -d FILE | promcfg lint -");
    pub(super) const KUSTOMIZATION: Self =
        neighbor("a kustomization", "kustomizations", "lint what it builds: kustomize build … | promcfg lint -");
    pub(super) const CHART: Self = neighbor(
        "the description of a Helm chart",
        "Helm chart descriptions",
        "lint what it renders: helm template … | promcfg lint -",
    );
    pub(super) const ANSIBLE: Self =
        neighbor("an Ansible playbook or role", "Ansible files", "lint the files it makes");
    pub(super) const GRAFANA: Self = neighbor("a Grafana provisioning file", "Grafana files", OTHER_PROGRAM);

    /// Values of a Helm chart; `chart` is its name, if it is known.
    pub(super) fn helm_values(chart: &str) -> Self {
        let name = if chart.is_empty() {
            "values of a Helm chart".to_string()
        } else {
            format!("values of the Helm chart {chart}")
        };
        let help = "render the chart and lint the result: helm template … | promcfg lint -";
        Self { name: name.into(), plural: "Helm values files".into(), help }
    }

    /// A Kubernetes object of a kind.
    pub(crate) fn object(group: &str, kind: &str) -> Self {
        let article = if kind.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
        let (of, plural, help) = match group.split('/').next().unwrap_or("") {
            "monitoring.coreos.com" => (
                " of the Prometheus Operator",
                "Prometheus Operator objects",
                "promcfg reads the objects from which the operator generates scrape configs: ServiceMonitor, PodMonitor, \
                 Probe, ScrapeConfig, Prometheus and PrometheusAgent",
            ),
            "monitoring.rhobs" => (
                " of the Prometheus Operator",
                "Prometheus Operator objects",
                "promcfg does not read objects of this group; lint the config that the operator makes of them: \
                 kubectl get secret prometheus-NAME -o yaml | promcfg lint -",
            ),
            "azmonitoring.coreos.com" => (" of Azure Monitor", "Azure Monitor objects", RULES_ONLY),
            "operator.victoriametrics.com" => {
                (" of the VictoriaMetrics operator", "VictoriaMetrics operator objects", RULES_ONLY)
            }
            "opentelemetry.io" => (
                " of the OpenTelemetry operator",
                "OpenTelemetry operator objects",
                "put the part below `receivers.prometheus.config` into a file of its own to lint it",
            ),
            "monitoring.grafana.com" => {
                (" of the Grafana Agent operator", "Grafana Agent operator objects", RULES_ONLY)
            }
            "bitnami.com" | "external-secrets.io" | "secrets.hashicorp.com" => {
                (" without its values", "sealed secrets", "lint the Secret that is made of it")
            }
            _ => ("", "Kubernetes objects without a config", "it holds no Prometheus config"),
        };
        let name = match of {
            "" => format!("a Kubernetes {kind}"),
            of => format!("{article} {kind}{of}"),
        };
        Self { name: name.into(), plural: plural.into(), help }
    }

    /// A Kubernetes object with a text of this kind inside.
    pub(crate) fn inside_object(self, kind: &str) -> Self {
        Self { name: format!("a Kubernetes {kind} with {}", self.name).into(), ..self }
    }

    /// Whether another program has to render it first.
    #[must_use]
    pub fn is_template(&self) -> bool {
        let templates =
            [Self::GO_TEMPLATE, Self::JINJA, Self::TEMPLATE, Self::ERB, Self::TERRAFORM, Self::VARIABLES, Self::BOSH];
        templates.contains(self)
    }

    /// What it is, with its article, such as `an OpenTelemetry Collector config`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What one of them is, without an article.
    #[must_use]
    pub fn singular(&self) -> &str {
        ["a ", "an ", "the "].iter().find_map(|article| self.name.strip_prefix(article)).unwrap_or(&self.name)
    }

    /// What several of them are, such as `OpenTelemetry Collector configs`.
    #[must_use]
    pub fn plural(&self) -> &str {
        &self.plural
    }

    /// What to do with it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        self.help
    }
}
