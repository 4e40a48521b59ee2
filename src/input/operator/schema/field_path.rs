//! A field of an object by its path, typed by the schema: in the spelling of the object, or in that of the config that is
//! generated of it.

use super::super::kind::Kind;
use super::super::value::Value;
use super::field_names::{
    FieldOwner, Lowered, in_object, in_server, is_key_of_jobs, lowered, lowered_of_server, plain, refusal,
};
use super::path::Path;
use super::record::Record;
use super::rows;
use super::shape::{Object, Pattern, Shape, TEXTS};
use super::validate::validate;
use crate::config::{FieldError, FieldValue, Step, shown_steps, steps_of};
use crate::text::{FileId, most_similar};
use crate::yaml::{Node, NodeKind, Tree};

/// A field of an object.
#[derive(Clone, Debug)]
pub(crate) struct ObjectPath {
    text: String,
    owner: FieldOwner,
    /// The way from the owner.
    steps: Vec<Step>,
    /// The object that each step is a key of, if it is one.
    objects: Vec<Option<&'static Object>>,
    shape: Shape,
    form: Form,
    lowered: Lowered,
}

/// How a value is given.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// As it is written.
    Own,
    /// As a list with one item: the object has the item.
    OnlyItem,
    /// As the values of a parameter of a Probe.
    Parameter(String),
}

impl ObjectPath {
    /// A field of the object that a job is made of. Of a Probe, `parameters` are the names of its parameters.
    pub(crate) fn of_job(kind: Kind, text: &str, parameters: &[String]) -> Result<Self, FieldError> {
        let given = steps_of(text)?;
        let (is_in_spec, given) = match given.as_slice() {
            [Step::Key(first), rest @ ..] if first == "spec" && !rest.is_empty() => (true, rest.to_vec()),
            _ => (false, given),
        };
        let Some(Step::Key(first)) = given.first() else { return Err(unknown(kind, text)) };
        if let Some(refusal) = refusal(kind, first) {
            return Err(refusal);
        }
        if kind == Kind::Probe
            && let ([Step::Key(key), Step::Key(name)], false) = (given.as_slice(), is_in_spec)
            && key == "params"
        {
            return Self::of_parameter(name, parameters);
        }
        let steps = in_object(kind, &given);
        let endpoint = match kind {
            Kind::ServiceMonitor => Some(&rows::ENDPOINT),
            Kind::PodMonitor => Some(&rows::POD_ENDPOINT),
            _ => None,
        };
        let spec = spec_of(kind);
        let owners = endpoint
            .filter(|_| !is_in_spec)
            .map(|object| (FieldOwner::Endpoint, object))
            .into_iter()
            .chain(spec.map(|spec| (FieldOwner::Spec, spec)));
        for (owner, object) in owners {
            if has_field(object, &steps) {
                let Found { steps, objects, shape } = resolve(object, &steps)?;
                let lowered = lowered(kind, &steps);
                let text = shown_steps(&steps);
                return Ok(Self { text, owner, steps, objects, shape, form: Form::Own, lowered });
            }
        }
        Err(unknown(kind, first))
    }

    /// A parameter of a Probe: its `module`, or an item of `params`.
    fn of_parameter(name: &str, parameters: &[String]) -> Result<Self, FieldError> {
        let Some(spec) = spec_of(Kind::Probe) else { return Err(unknown(Kind::Probe, "params")) };
        let at = parameters.iter().position(|own| own == name);
        let (steps, form) = match (name, at) {
            ("module", None) => (vec![Step::Key("module".to_string())], Form::OnlyItem),
            (_, at) => {
                let index = at.unwrap_or(parameters.len());
                (vec![Step::Key("params".to_string()), Step::Index(index)], Form::Parameter(name.to_string()))
            }
        };
        let Found { steps, objects, shape } = resolve(spec, &steps)?;
        let lowered = match &form {
            Form::Parameter(_) => {
                let field = ["params", name].map(|key| Step::Key(key.to_string())).to_vec();
                Lowered { field: Some(field), parts: vec![vec!["params"]] }
            }
            Form::OnlyItem | Form::Own => lowered(Kind::Probe, &steps),
        };
        let text = format!("params.{name}");
        Ok(Self { text, owner: FieldOwner::Spec, steps, objects, shape, form, lowered })
    }

    /// A field of a server, which becomes one of its config.
    pub(crate) fn of_server(kind: Kind, text: &str) -> Result<Self, FieldError> {
        let given = steps_of(text)?;
        let Some(spec) = spec_of(kind) else { return Err(unknown(kind, text)) };
        let steps = match in_server(kind, &given)? {
            Some(steps) => steps,
            None => match given.as_slice() {
                [Step::Key(first), rest @ ..] if first == "spec" && !rest.is_empty() => rest.to_vec(),
                _ => given,
            },
        };
        if !has_field(spec, &steps) {
            let first = steps.first().map_or_else(String::new, |step| shown_steps(std::slice::from_ref(step)));
            return Err(unknown(kind, &first));
        }
        let Found { steps, objects, shape } = resolve(spec, &steps)?;
        let lowered = lowered_of_server(kind, &steps)?;
        let text = shown_steps(&steps);
        Ok(Self { text, owner: FieldOwner::Spec, steps, objects, shape, form: Form::Own, lowered })
    }

    /// As the object has it.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn owner(&self) -> FieldOwner {
        self.owner
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What becomes of it.
    pub(crate) fn lowered(&self) -> &Lowered {
        &self.lowered
    }

    /// Whether the value in the generated config is the same: a scalar, a list of such, or a mapping with any keys.
    pub(crate) fn is_comparable(&self) -> bool {
        let is_scalar = |shape: Shape| {
            matches!(shape, Shape::Flag | Shape::Whole(_) | Shape::Text(_) | Shape::Choice(_) | Shape::NumberOrText(_))
        };
        let is_list = |shape: Shape| matches!(shape, Shape::List(list) if is_scalar(list.item));
        self.form != Form::Own
            || is_scalar(self.shape)
            || is_list(self.shape)
            || matches!(self.shape, Shape::Map(shape) if is_scalar(*shape) || is_list(*shape))
    }

    /// The usual place of a key in the mapping in which the step of that number is: those with lower numbers come first.
    pub(crate) fn rank(&self, step: usize, key: &str) -> Option<usize> {
        const FIRST: [&str; 24] = [
            "jobName",
            "jobLabel",
            "targetLabels",
            "podTargetLabels",
            "prober",
            "module",
            "targets",
            "selector",
            "namespaceSelector",
            "staticConfigs",
            "port",
            "portNumber",
            "targetPort",
            "scheme",
            "path",
            "metricsPath",
            "params",
            "interval",
            "scrapeInterval",
            "scrapeTimeout",
            "honorLabels",
            "honorTimestamps",
            "endpoints",
            "podMetricsEndpoints",
        ];
        const LAST: usize = 1000;
        let object = (*self.objects.get(step)?)?;
        let has = |key: &str| object.field(key).is_some();
        // Only these parts have an order that people keep.
        if !(has("relabelings") || has("scrapeClass")) {
            return None;
        }
        if let Some(rank) = FIRST.iter().position(|own| *own == key) {
            return Some(rank);
        }
        match key {
            "relabelings" | "relabelingConfigs" => Some(LAST),
            "metricRelabelings" => Some(LAST + 1),
            _ if !has("relabelings") => None,
            _ => object.fields().position(|field| field.key == key).map(|at| at + FIRST.len()),
        }
    }

    /// Reads a value for the field. Lists and mappings are written in brackets: `[a, b]`, `{a: b}`.
    pub(crate) fn value(&self, text: &str) -> Result<FieldValue, FieldError> {
        let value = match &self.form {
            Form::Own => self.read(text, self.shape)?,
            Form::OnlyItem => match self.read(text, Shape::List(&TEXTS))? {
                FieldValue::List(mut items) if items.len() == 1 => items.remove(0),
                _ => {
                    let message = format!("`{}` of a Probe has one value", self.text);
                    return Err(FieldError::new(message, format!("write a list of one: `{}=[http_2xx]`", self.text)));
                }
            },
            Form::Parameter(name) => {
                let values = self.read(text, Shape::List(&TEXTS))?;
                let name = FieldValue::Text(name.clone());
                FieldValue::Map(vec![("name".to_string(), name), ("values".to_string(), values)])
            }
        };
        self.check(&value)?;
        Ok(value)
    }

    /// The value that the generated config has.
    pub(crate) fn lowered_value<'v>(&self, value: &'v FieldValue) -> &'v FieldValue {
        match (&self.form, value) {
            (Form::Parameter(_), FieldValue::Map(entries)) => {
                entries.iter().find(|(key, _)| key == "values").map_or(value, |(_, values)| values)
            }
            _ => value,
        }
    }

    fn wrong(&self, shape: Shape, found: &str) -> FieldError {
        let found = if found.is_empty() { String::new() } else { format!(", found {found:?}") };
        let message = format!("expected {} for `{}`{found}", wanted(shape), self.text);
        let help = match shape {
            Shape::Objects(_) => format!("write a list in brackets: `{}=[{{key: value}}]`", self.text),
            Shape::List(_) | Shape::AnyList => format!("write a list in brackets: `{}=[one, two]`", self.text),
            Shape::Object(object) if object.field("key").is_some() && object.field("name").is_some() => {
                format!("name the key of a Secret: `{}={{name: SECRET, key: KEY}}`", self.text)
            }
            Shape::Map(_) | Shape::Object(_) | Shape::AnyObject => {
                format!("write a mapping in braces: `{}={{key: value}}`", self.text)
            }
            _ => String::new(),
        };
        FieldError::with(message, Some(help).filter(|help| !help.is_empty()))
    }

    fn read(&self, text: &str, shape: Shape) -> Result<FieldValue, FieldError> {
        if let Some(value) = scalar(text, shape) {
            let value = value.ok_or_else(|| self.wrong(shape, text))?;
            let is_unset = text.is_empty()
                && matches!(shape, Shape::Text(limits) if matches!(limits.pattern, Some(Pattern::Duration)));
            if is_unset {
                let message = format!("an empty `{}` is the same as none", self.text);
                return Err(FieldError::new(message, format!("`promcfg unset` removes `{}`", self.text)));
            }
            return Ok(value);
        }
        let tree = Tree::parse(text);
        let root = tree.root().filter(|_| tree.fault().is_none() && tree.rest().is_none());
        let has_tags = |node: Node<'_>| node.tag().is_some() || node.anchor().is_some();
        let root = root.filter(|_| !tree.nodes().any(has_tags)).ok_or_else(|| self.wrong(shape, ""))?;
        self.convert(root, shape)
    }

    fn convert(&self, node: Node<'_>, shape: Shape) -> Result<FieldValue, FieldError> {
        let mismatch = || self.wrong(shape, "");
        match (node.kind(), shape) {
            (NodeKind::Scalar, _) => {
                let text = node.read_string().map_err(|_| mismatch())?;
                scalar(&text, shape).flatten().ok_or_else(mismatch)
            }
            (NodeKind::Sequence, _) => {
                let item = shape.item().ok_or_else(mismatch)?;
                node.items().map(|node| self.convert(node, item)).collect::<Result<_, _>>().map(FieldValue::List)
            }
            (NodeKind::Mapping, Shape::Map(of_values)) => {
                let entry = |(key, value): (Node<'_>, Node<'_>)| {
                    let name = key.read_string().map_err(|_| mismatch())?.into_owned();
                    Ok((name, self.convert(value, *of_values)?))
                };
                node.entries().map(entry).collect::<Result<_, _>>().map(FieldValue::Map)
            }
            (NodeKind::Mapping, Shape::Object(object)) => {
                let entry = |(key, value): (Node<'_>, Node<'_>)| {
                    let name = key.read_string().map_err(|_| mismatch())?.into_owned();
                    let field = find(object, &name).ok_or_else(|| no_field(object, &name, &self.text))?;
                    Ok((field.0.to_string(), self.convert(value, field.1)?))
                };
                node.entries().map(entry).collect::<Result<_, _>>().map(FieldValue::Map)
            }
            (NodeKind::Mapping | NodeKind::Alias, _) => Err(mismatch()),
        }
    }

    /// Checks a value as the API server does.
    fn check(&self, value: &FieldValue) -> Result<(), FieldError> {
        if let Some(Step::Key(key)) = self.steps.last()
            && key == "bearerToken"
        {
            return Err(FieldError::of_policy(
                format!("`{}` is a secret and would be written in plain text", self.text),
                "name a Secret with `authorization.credentials={name: SECRET, key: KEY}`",
            ));
        }
        let tree = Tree::parse(format!("{{\"value\": {}}}", value.written()));
        let node = tree.root().and_then(|root| root.entries().next()).map(|(_, value)| value);
        let Some(own) = node.and_then(|node| Value::of_node(node, FileId(0), 0).ok()) else {
            return Err(self.wrong(self.shape, ""));
        };
        let mut record = Record::new();
        let path = Path::Key(&Path::Root, &self.text);
        validate(&own, self.shape, &path, None, &mut record);
        match record.errors.into_iter().next() {
            None => Ok(()),
            Some(error) => {
                let message = format!("the API server would refuse `{}`: {}", error.path, error.message);
                Err(FieldError::with(message, error.help))
            }
        }
    }
}

/// A text as a scalar of this shape: `None` for a shape of no scalars, `Some(None)` for a text that is none.
#[expect(clippy::option_option, reason = "the two are different answers")]
fn scalar(text: &str, shape: Shape) -> Option<Option<FieldValue>> {
    let bare = || FieldValue::Bare(text.to_string());
    Some(match shape {
        Shape::Flag => matches!(text, "true" | "false").then(bare),
        Shape::Whole(_) => text.parse::<i64>().is_ok_and(|number| number.to_string() == text).then(bare),
        Shape::NumberOrText(_) if text.parse::<i64>().is_ok_and(|number| number.to_string() == text) => Some(bare()),
        // A number with a unit is a text without quotes as well.
        Shape::Text(limits) if limits.pattern.is_some_and(|pattern| has_unit(text, pattern)) => Some(bare()),
        Shape::Text(_) | Shape::NumberOrText(_) => Some(FieldValue::Text(text.to_string())),
        Shape::Choice(names) => {
            let own = names.contains(&text).then_some(text);
            let name = own.or_else(|| names.iter().copied().find(|name| plain(name) == plain(text)));
            Some(FieldValue::Text(name.unwrap_or(text).to_string()))
        }
        Shape::Objects(_) | Shape::List(_) | Shape::Map(_) | Shape::Object(_) | Shape::AnyObject | Shape::AnyList => {
            return None;
        }
    })
}

/// Whether a text is a duration or size that ends with a unit.
fn has_unit(text: &str, pattern: Pattern) -> bool {
    matches!(pattern, Pattern::Duration | Pattern::Size)
        && text.starts_with(|first: char| first.is_ascii_digit())
        && text.ends_with(|last: char| last.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
        && pattern.is_match(text)
}

/// The way to a field.
struct Found {
    steps: Vec<Step>,
    objects: Vec<Option<&'static Object>>,
    shape: Shape,
}

/// The `spec` of objects of a kind.
fn spec_of(kind: Kind) -> Option<&'static Object> {
    rows::of(kind).field("spec").and_then(|field| field.shape.object())
}

fn find(object: &Object, key: &str) -> Option<(&'static str, Shape)> {
    let field = object.field(key).or_else(|| {
        let name = plain(key);
        object.fields().find(|field| plain(field.key) == name)
    });
    field.map(|field| (field.key, field.shape))
}

fn has_field(object: &Object, steps: &[Step]) -> bool {
    matches!(steps.first(), Some(Step::Key(key)) if find(object, key).is_some())
}

fn resolve(object: &'static Object, given: &[Step]) -> Result<Found, FieldError> {
    let mut found = Found { steps: Vec::new(), objects: Vec::new(), shape: Shape::Object(object) };
    for step in given {
        let before = shown_steps(&found.steps);
        let (step, object, shape) = match (step, found.shape) {
            (Step::Key(key), Shape::Object(object)) => {
                let (key, shape) = find(object, key).ok_or_else(|| no_field(object, key, &before))?;
                (Step::Key(key.to_string()), Some(object), Some(shape))
            }
            (Step::Key(key), Shape::Map(shape)) => (Step::Key(key.clone()), None, Some(*shape)),
            (Step::Key(_), _) => (step.clone(), None, None),
            (Step::Index(index), shape) => (Step::Index(*index), None, shape.item()),
        };
        found.shape = shape.ok_or_else(|| no_step(&step, found.shape, &before))?;
        found.steps.push(step);
        found.objects.push(object);
    }
    match found.shape {
        Shape::AnyObject | Shape::AnyList => {
            let message =
                format!("`{}` is about the pods of the server, not about its config", shown_steps(&found.steps));
            Err(FieldError::new(message, "edit it by hand"))
        }
        _ => Ok(found),
    }
}

fn no_step(step: &Step, shape: Shape, before: &str) -> FieldError {
    let message = format!("`{before}` is {}", wanted(shape));
    match step {
        Step::Key(key) if shape.item().is_some() => {
            FieldError::new(message, format!("name the item, counted from 0: `{before}[0].{key}`"))
        }
        Step::Key(key) => {
            FieldError::new(format!("{message}: it has no field `{key}`"), format!("set `{before}` itself"))
        }
        Step::Index(_) => {
            FieldError::new(format!("{message}, not a list"), format!("write `{before}` without the index"))
        }
    }
}

fn no_field(object: &Object, key: &str, of: &str) -> FieldError {
    let known = most_similar(key, object.fields().map(|field| field.key));
    let help = known.map(|known| format!("did you mean `{known}`?"));
    let help = help.or_else(|| {
        let all: Vec<&str> = object.fields().map(|field| field.key).collect();
        (all.len() <= 12).then(|| format!("it has {}", all.join(", ")))
    });
    FieldError::with(format!("unknown field `{key}` in `{of}`"), help)
}

/// An unknown field of an object as a whole.
fn unknown(kind: Kind, key: &str) -> FieldError {
    let name = kind.name();
    let endpoint = match kind {
        Kind::ServiceMonitor => Some(&rows::ENDPOINT),
        Kind::PodMonitor => Some(&rows::POD_ENDPOINT),
        _ => None,
    };
    let own = endpoint.into_iter().chain(spec_of(kind)).flat_map(Object::fields).map(|field| field.key);
    let known: Vec<&str> = own.collect();
    let similar = most_similar(key, known.iter().copied());
    let help = similar.map(|similar| format!("did you mean `{similar}`?"));
    if is_key_of_jobs(key) && !kind.is_server() {
        let message = format!("a {name} has no field that becomes `{key}` of the job");
        return FieldError::with(message, None);
    }
    FieldError::with(format!("unknown field `{key}` of a {name}"), help)
}

fn wanted(shape: Shape) -> String {
    match shape {
        Shape::Flag => "true or false".to_string(),
        Shape::Whole(_) => "a whole number".to_string(),
        Shape::Text(_) => "a text".to_string(),
        Shape::Choice(names) => format!("one of {}", names.join(", ")),
        Shape::NumberOrText(_) => "a number or a text".to_string(),
        Shape::Objects(_) | Shape::List(_) | Shape::AnyList => "a list".to_string(),
        Shape::Map(_) | Shape::Object(_) | Shape::AnyObject => "a mapping".to_string(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn path(kind: Kind, text: &str) -> String {
        match ObjectPath::of_job(kind, text, &["target".to_string()]) {
            Ok(path) => format!("{:?} {}", path.owner, shown_steps(&path.steps)),
            Err(error) => error.message,
        }
    }

    #[test]
    fn fields_of_jobs_have_names_in_objects() {
        for (kind, given, found) in [
            (Kind::ServiceMonitor, "scrape_interval", "Endpoint interval"),
            (Kind::ServiceMonitor, "interval", "Endpoint interval"),
            (Kind::PodMonitor, "metrics_path", "Endpoint path"),
            (Kind::ServiceMonitor, "tls_config.server_name", "Endpoint tlsConfig.serverName"),
            (Kind::ServiceMonitor, "enable_http2", "Endpoint enableHttp2"),
            (Kind::ServiceMonitor, "sample_limit", "Spec sampleLimit"),
            (Kind::ServiceMonitor, "spec.sampleLimit", "Spec sampleLimit"),
            (Kind::ScrapeConfig, "scrape_interval", "Spec scrapeInterval"),
            (Kind::ScrapeConfig, "enable_http2", "Spec enableHTTP2"),
            (Kind::ScrapeConfig, "lightsail_sd_configs[0].region", "Spec lightSailSDConfigs[0].region"),
            (Kind::ScrapeConfig, "static_configs[0].labels.env", "Spec staticConfigs[0].labels.env"),
            (Kind::Probe, "metrics_path", "Spec prober.path"),
            (Kind::Probe, "params.module", "Spec module"),
            (Kind::Probe, "params.target", "Spec params[0]"),
            (Kind::Probe, "params.other", "Spec params[1]"),
        ] {
            assert_eq!(path(kind, given), found, "{given}");
        }
    }

    #[test]
    fn what_the_operator_decides_is_refused() {
        for (kind, given) in [
            (Kind::ServiceMonitor, "job_name"),
            (Kind::ServiceMonitor, "relabel_configs[0].regex"),
            (Kind::ServiceMonitor, "static_configs"),
            (Kind::ServiceMonitor, "enforcedSampleLimit"),
            (Kind::Probe, "honor_labels"),
            (Kind::PodMonitor, "consul_sd_configs"),
        ] {
            assert!(ObjectPath::of_job(kind, given, &[]).is_err(), "{given}");
        }
        let error = ObjectPath::of_job(Kind::ServiceMonitor, "intervall", &[]).unwrap_err();
        assert_eq!(error.help.as_deref(), Some("did you mean `interval`?"));
    }

    #[test]
    fn fields_from_the_top_are_those_of_servers() {
        let path = |text: &str| ObjectPath::of_server(Kind::Prometheus, text).map(|path| path.text().to_string());
        for (given, found) in [
            ("global.scrape_interval", "scrapeInterval"),
            ("global.external_labels.x", "externalLabels.x"),
            ("scrapeInterval", "scrapeInterval"),
            ("remote_write[0].url", "remoteWrite[0].url"),
            ("storage.exemplars.max_exemplars", "exemplars.maxSize"),
            ("runtime.gogc", "runtime.goGC"),
        ] {
            assert_eq!(path(given).as_deref(), Ok(found), "{given}");
        }
        for given in ["replicas", "enforcedSampleLimit", "scrape_configs", "rule_files", "global.x", "containers"] {
            assert!(path(given).is_err(), "{given}");
        }
    }

    #[test]
    fn values_are_typed_by_the_schema() {
        let value = |path: &str, text: &str| {
            ObjectPath::of_job(Kind::ServiceMonitor, path, &[]).unwrap().value(text).map(|value| value.to_string())
        };
        assert_eq!(value("interval", "30s").as_deref(), Ok("30s"));
        assert_eq!(value("params.a", "[x, y]").as_deref(), Ok("[\"x\", \"y\"]"));
        assert_eq!(
            value("basicAuth.password", "{name: a, key: b}").as_deref(),
            Ok("{\"name\": \"a\", \"key\": \"b\"}")
        );
        for (path, text) in [
            ("interval", "30"),
            ("interval", ""),
            ("sampleLimit", "-1"),
            ("sampleLimit", "many"),
            ("honorLabels", "yes"),
            ("scheme", "ftp"),
            ("params.a", "x"),
            ("basicAuth.password", "hunter2"),
        ] {
            let error = value(path, text).unwrap_err();
            assert!(!error.message.contains("hunter2"), "{path}");
        }
    }
}
