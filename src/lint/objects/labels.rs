//! Labels that the operator sets on each target of a monitor, and rules of users that lose them.

use rustc_hash::FxHashSet;

use crate::diagnostic::{Diagnostic, ids};
use crate::input::operator::{Kind, Object, ObjectId, OperatorObjects, Rendering, Value};
use crate::re2::{Captures, Regex, Template};
use crate::simulate::namespaces_of_monitor;

use super::finding;

/// What is found in the monitors of a set.
pub(super) fn judge(
    set: &OperatorObjects,
    renderings: &[Rendering],
    refused: &FxHashSet<&ObjectId>,
    found: &mut Vec<Diagnostic>,
) {
    // A server may force the namespaces of every monitor.
    let is_forced = |rendering: &Rendering| {
        let server = set.object(&rendering.prometheus);
        server.and_then(|server| server.value.at_path(&["spec", "ignoreNamespaceSelectors"])?.as_bool()) == Some(true)
    };
    let is_forced = renderings.iter().any(is_forced);
    for object in set.iter().filter(|object| !refused.contains(&object.id)) {
        let Some(monitor) = Monitor::of(object) else { continue };
        monitor.lost_labels(found);
        monitor.overwritten_fields(found);
        if !is_forced {
            monitor.merged_namespaces(found);
        }
    }
}

/// A ServiceMonitor or PodMonitor.
struct Monitor<'o> {
    object: &'o Object,
    spec: &'o Value,
    list: &'static str,
    /// What the selector selects: `service` or `pod`, as in the names of meta labels.
    selected: &'static str,
}

/// A rule that sets a label.
struct Setting<'o> {
    rule: &'o Value,
    target: &'o str,
    sources: Vec<&'o Value>,
    regex: Option<Regex>,
    replacement: &'o str,
}

impl<'o> Setting<'o> {
    fn of(rule: &'o Value) -> Option<Self> {
        let is_replace = rule.get("action").is_none_or(|action| matches!(action.as_str(), Some("replace" | "Replace")));
        let target = rule.filled("targetLabel")?.as_str().filter(|target| is_replace && !target.contains('$'))?;
        let regex = match rule.filled("regex").and_then(Value::as_str) {
            Some(pattern) => Some(Regex::new(pattern).ok()?),
            None => None,
        };
        let sources = rule.get("sourceLabels").map_or(&[][..], Value::items).iter().collect();
        let replacement = rule.get("replacement").and_then(Value::as_str).unwrap_or("$1");
        Some(Self { rule, target, sources, regex, replacement })
    }

    /// Whether the rule applies to each target.
    fn is_unconditional(&self) -> bool {
        self.regex.as_ref().is_none_or(Regex::matches_everything)
    }

    fn reads(&self, label: &str) -> bool {
        self.sources.iter().any(|source| source.as_str() == Some(label))
    }

    /// Whether the rule copies one label, and removes its target label where the copied one is absent.
    fn removes_without_source(&self) -> Option<(&'o Value, &'o str)> {
        let [source] = self.sources[..] else { return None };
        let template = Template::parse(self.replacement);
        if !template.has_references() {
            return None;
        }
        let default = Regex::new("(.*)").ok()?;
        let (regex, mut captures, mut value) =
            (self.regex.as_ref().unwrap_or(&default), Captures::new(), String::new());
        if !regex.captures("", &mut captures).ok()? {
            return None;
        }
        template.expand(regex, "", &captures, &mut value);
        value.is_empty().then_some((source, source.as_str()?))
    }
}

impl<'o> Monitor<'o> {
    fn of(object: &'o Object) -> Option<Self> {
        let spec = object.value.get("spec")?;
        let (list, selected) = match object.id.kind {
            Kind::ServiceMonitor => ("endpoints", "service"),
            Kind::PodMonitor => ("podMetricsEndpoints", "pod"),
            Kind::Probe | Kind::ScrapeConfig | Kind::Prometheus | Kind::PrometheusAgent => return None,
        };
        Some(Self { object, spec, list, selected })
    }

    /// The endpoints, each with its path.
    fn endpoints(&self) -> impl Iterator<Item = (String, &'o Value)> {
        let endpoints = self.spec.get(self.list).map_or(&[][..], Value::items).iter().enumerate();
        endpoints.map(|(index, endpoint)| (format!("spec.{}[{index}]", self.list), endpoint))
    }

    /// What the operator sets a label to on each target of an endpoint; nothing for other labels.
    fn value_of(&self, label: &str, endpoint: &Value) -> Option<String> {
        let is_pod = self.object.id.kind == Kind::PodMonitor;
        Some(match label {
            "job" => match self.spec.filled("jobLabel").and_then(Value::as_str) {
                Some(own) => format!("the label `{own}` of the {}", if is_pod { "pod" } else { "Service" }),
                None if is_pod => format!("`{}/{}`", self.object.id.namespace, self.object.id.name),
                None => "the name of the Service".to_string(),
            },
            "namespace" => format!("the namespace of the {}", if is_pod { "pod" } else { "Service" }),
            "service" if !is_pod => "the name of the Service".to_string(),
            "pod" => "the name of the pod".to_string(),
            "container" => "the name of the container".to_string(),
            "node" if !is_pod => "the name of the node".to_string(),
            "endpoint" if endpoint.get("port").or(endpoint.get("targetPort")).is_some() => {
                "the port of the endpoint".to_string()
            }
            _ => return None,
        })
    }

    /// Rules that copy a label which some targets or samples do not have to one that the operator sets.
    fn lost_labels(&self, found: &mut Vec<Diagnostic>) {
        for (path, endpoint) in self.endpoints() {
            for (key, things) in [("relabelings", "target"), ("metricRelabelings", "sample")] {
                let rules = endpoint.get(key).map_or(&[][..], Value::items);
                for (index, rule) in rules.iter().enumerate() {
                    let Some(setting) = Setting::of(rule) else { continue };
                    let Some((source, name)) = setting.removes_without_source() else { continue };
                    let Some(value) = self.value_of(setting.target, endpoint) else { continue };
                    let may_lack = match key {
                        "relabelings" => of_users(name).is_some() && !self.requires(name),
                        // `deleting-copy` reports these in every config.
                        _ if matches!(setting.target, "job" | "instance") => false,
                        _ => !name.starts_with("__") && self.value_of(name, endpoint).is_none() && name != "instance",
                    };
                    let is_alone = rules.iter().enumerate().all(|(other, rule)| {
                        other == index || !touches(rule, setting.target) && (other > index || !reads(rule, name))
                    });
                    if !may_lack || !is_alone {
                        continue;
                    }
                    let target = setting.target;
                    let place = format!("{path}.{key}[{index}]");
                    let message = format!(
                        "{}: {place}: the rule removes `{target}` from every {things} without `{name}`",
                        self.object.id
                    );
                    let note = match &setting.regex {
                        Some(regex) => format!("`{}` also matches the empty value of a missing label", regex.pattern()),
                        None => {
                            "the default pattern `(.*)` also matches the empty value of a missing label".to_string()
                        }
                    };
                    let diagnostic = finding(ids::DELETING_COPY, source.at, message)
                        .with_argument("object", self.object.id.to_string())
                        .with_argument("label", target)
                        .with_argument("source", name)
                        .with_note(note)
                        .with_note(format!("before this rule, the operator sets `{target}` to {value}"));
                    found.push(diagnostic.with_help(self.instead(&setting, name, &value)));
                }
            }
        }
    }

    /// What keeps the label of the operator.
    fn instead(&self, setting: &Setting<'_>, source: &str, value: &str) -> String {
        let target = setting.target;
        let kept = format!("write `regex: (.+)` to keep `{target}` if `{source}` is missing");
        let prefix = format!("__meta_kubernetes_{}_label_", self.selected);
        let is_plain = setting.regex.is_none() && setting.rule.get("replacement").is_none();
        match source.strip_prefix(&prefix) {
            Some(label) if target == "job" && is_plain && self.spec.filled("jobLabel").is_none() => format!(
                "write `jobLabel: {}` in `spec` instead of the rule: it keeps {value} if the label is missing",
                usual_name(label)
            ),
            _ => kept,
        }
    }

    /// Whether the selector requires the label that a meta label is made of.
    fn requires(&self, meta: &str) -> bool {
        let prefix = format!("__meta_kubernetes_{}_label_", self.selected);
        let Some(label) = meta.strip_prefix(&prefix) else { return false };
        let is_label = |key: &str| meta_name_part(key) == label;
        let selector = self.spec.get("selector");
        let part = |key: &str| selector.and_then(|selector| selector.get(key));
        let by_labels = part("matchLabels").map_or(&[][..], Value::entries).iter().any(|entry| is_label(&entry.key));
        let mut expressions = part("matchExpressions").map_or(&[][..], Value::items).iter();
        by_labels
            || expressions.any(|expression| {
                is_label(expression.text("key")) && matches!(expression.text("operator"), "In" | "Exists")
            })
    }

    /// `jobLabel` and copied labels that the rules of every endpoint overwrite.
    fn overwritten_fields(&self, found: &mut Vec<Diagnostic>) {
        let mut fields: Vec<(String, &Value, String)> = Vec::new();
        fields
            .extend(self.spec.filled("jobLabel").map(|field| ("spec.jobLabel".to_string(), field, "job".to_string())));
        for key in ["targetLabels", "podTargetLabels"] {
            let labels = self.spec.get(key).map_or(&[][..], Value::items).iter().enumerate();
            let target = |label: &Value| label.as_str().map(meta_name_part);
            fields.extend(
                labels.filter_map(|(index, label)| Some((format!("spec.{key}[{index}]"), label, target(label)?))),
            );
        }
        for (path, field, target) in fields {
            let overwriting = |(place, endpoint): (String, &Value)| self.overwriting(&place, endpoint, &target);
            let Some(rules) = self.endpoints().map(overwriting).collect::<Option<Vec<String>>>() else { continue };
            let Some(first) = rules.first() else { continue };
            let others = if rules.len() > 1 { " and the rules of the other endpoints" } else { "" };
            let verb = if rules.len() > 1 { "overwrite" } else { "overwrites" };
            let message =
                format!("{}: {path}: the field has no effect: `{first}`{others} {verb} `{target}`", self.object.id);
            found.push(
                finding(ids::SHADOWED_VALUE, field.at, message)
                    .with_argument("object", self.object.id.to_string())
                    .with_argument("label", target)
                    .with_note("the operator sets the label before the rules of a user")
                    .with_help("remove the field or the rules"),
            );
        }
    }

    /// The first rule that sets a label of each target of an endpoint, unless a rule before it reads the label.
    fn overwriting(&self, path: &str, endpoint: &Value, target: &str) -> Option<String> {
        for (index, rule) in endpoint.get("relabelings").map_or(&[][..], Value::items).iter().enumerate() {
            // A pattern may match the name of any label.
            if reads(rule, target) || rule.get("action").and_then(Value::as_str).is_some_and(is_of_names) {
                return None;
            }
            let setting = Setting::of(rule).filter(|setting| setting.target == target);
            if setting.is_some_and(|setting| setting.is_unconditional() && !setting.reads(target)) {
                return Some(format!("{path}.relabelings[{index}]"));
            }
        }
        None
    }

    /// A constant `namespace` of targets that are in several namespaces.
    fn merged_namespaces(&self, found: &mut Vec<Diagnostic>) {
        let watched = namespaces_of_monitor(&self.object.id.namespace, self.spec);
        if watched.as_ref().is_some_and(|names| names.len() < 2) {
            return;
        }
        for (path, endpoint) in self.endpoints() {
            for (index, rule) in endpoint.get("relabelings").map_or(&[][..], Value::items).iter().enumerate() {
                let Some(setting) = Setting::of(rule) else { continue };
                let is_constant = !Template::parse(setting.replacement).has_references();
                if setting.target != "namespace" || !is_constant || !setting.is_unconditional() {
                    continue;
                }
                let value = setting.replacement;
                let place = setting.rule.get("targetLabel").map_or(setting.rule.at, |target| target.at);
                let message = format!(
                    "{}: {path}.relabelings[{index}]: targets of {} get the same `namespace`: `{value}`",
                    self.object.id,
                    if watched.is_some() { "several namespaces" } else { "all namespaces" },
                );
                found.push(
                    finding(ids::MERGED_NAMESPACES, place, message)
                        .with_argument("object", self.object.id.to_string())
                        .with_argument("value", value)
                        .with_note("before this rule, the operator sets `namespace` to that of the target")
                        .with_help("remove the rule, or set another label"),
                );
            }
        }
    }
}

/// The name of a label or annotation, if it is that of a meta label that users may leave out.
fn of_users(meta: &str) -> Option<&str> {
    const KINDS: [&str; 6] = ["pod_", "service_", "endpoints_", "endpointslice_", "node_", "namespace_"];
    let rest = meta.strip_prefix("__meta_kubernetes_")?;
    let rest = KINDS.iter().find_map(|kind| rest.strip_prefix(kind))?;
    rest.strip_prefix("label_").or(rest.strip_prefix("annotation_"))
}

/// Whether a rule sets a label, or may do so.
fn touches(rule: &Value, label: &str) -> bool {
    let target = rule.text("targetLabel");
    target == label || target.contains('$') || is_of_names(rule.text("action"))
}

/// Whether a rule reads a label.
fn reads(rule: &Value, label: &str) -> bool {
    let sources = rule.get("sourceLabels").map_or(&[][..], Value::items);
    sources.iter().any(|source| source.as_str() == Some(label))
}

/// Whether an action selects labels by their names.
fn is_of_names(action: &str) -> bool {
    ["labelmap", "labeldrop", "labelkeep"].iter().any(|own| action.eq_ignore_ascii_case(own))
}

/// A name as a part of the name of a meta label.
fn meta_name_part(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// The name that a label with this part of a meta label usually has.
fn usual_name(part: &str) -> String {
    const PREFIXES: [(&str, &str); 2] = [("app_kubernetes_io_", "app.kubernetes.io/"), ("helm_sh_", "helm.sh/")];
    let found = PREFIXES.iter().find_map(|(part_prefix, prefix)| Some((prefix, part.strip_prefix(part_prefix)?)));
    found.map_or_else(|| part.to_string(), |(prefix, rest)| format!("{prefix}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_label_of_a_meta_label_has_its_usual_name() {
        assert_eq!(usual_name("app_kubernetes_io_name"), "app.kubernetes.io/name");
        assert_eq!(usual_name("app"), "app");
        assert_eq!(of_users("__meta_kubernetes_pod_annotation_x"), Some("x"));
        assert_eq!(of_users("__meta_kubernetes_pod_name"), None);
    }
}
