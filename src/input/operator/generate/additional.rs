//! Texts of Secrets to which a Prometheus refers: jobs, Alertmanagers and rules in Prometheus's own words.
//!
//! Source: `LoadSecretRef`, `generateAdditionalScrapeConfigs`. The operator reads each as a list of mappings and writes it
//! anew, without a check of what is in it.

use std::collections::BTreeSet;

use crate::config::{secret_keys, without_password};
use crate::text::{FileId, InnerMap, Location, Span};
use crate::yaml::{Node, NodeKind, PlainValue, Tree};

use super::super::assumption::Assumption;
use super::super::document::Out;
use super::super::objects::{StoreKind, StoreText};
use super::super::value::Value;
use super::common::rules;
use super::{Fault, Server};

/// The texts of a Prometheus.
#[derive(Debug, Default)]
pub(in crate::input::operator) struct Files {
    scrape_configs: Option<SecretText>,
    pub(super) alert_relabel_configs: Option<SecretText>,
    pub(super) alertmanagers: Option<SecretText>,
}

/// A text of a Secret, and where it is.
#[derive(Debug)]
pub(super) struct SecretText {
    tree: Tree,
    at: Location,
    places: Option<InnerMap>,
}

/// Reads the texts. With `leave_out`, what is not in the input is left out.
///
/// # Errors
/// A Secret, or its key, does not exist: nothing is generated.
pub(in crate::input::operator) fn files(
    server: &Server<'_>,
    leave_out: bool,
    assumed: &mut BTreeSet<Assumption>,
) -> Result<Files, Fault> {
    let mut load = |field: &'static str, words: &str| {
        let failed = |fault: Fault| Fault {
            message: format!("loading additional {words} configs from Secret failed: {}", fault.message),
            ..fault
        };
        load(server, field, leave_out, assumed).map_err(failed)
    };
    let scrape_configs = load("additionalScrapeConfigs", "scrape")?;
    let alert_relabel_configs = load("additionalAlertRelabelConfigs", "alert relabel")?;
    let alertmanagers = load("additionalAlertManagerConfigs", "alert manager")?;
    Ok(Files { scrape_configs, alert_relabel_configs, alertmanagers })
}

fn load(
    server: &Server<'_>,
    field: &'static str,
    leave_out: bool,
    assumed: &mut BTreeSet<Assumption>,
) -> Result<Option<SecretText>, Fault> {
    let Some(reference) = server.get(field) else { return Ok(None) };
    let (name, key) = (reference.text("name"), reference.text("key"));
    let is_optional = reference.get("optional").and_then(Value::as_bool) == Some(true);
    let missing = match server.objects.text(StoreKind::Secret, &server.id.namespace, name, key) {
        StoreText::Text { text, at, places } => {
            return Ok(Some(SecretText { tree: Tree::parse(&*text), at, places: places.cloned() }));
        }
        StoreText::NoKey if is_optional => return Ok(None),
        StoreText::NoKey => format!("key {key} could not be found in secret {name}"),
        StoreText::NoStore | StoreText::Unreadable if leave_out || is_optional => {
            assumed.insert(Assumption::LeftOut { field, name: name.to_string() });
            return Ok(None);
        }
        StoreText::NoStore | StoreText::Unreadable => {
            format!("secrets {} not found", crate::text::go_quote(name))
        }
    };
    Err(Fault::new(missing, reference.at))
}

impl Files {
    /// The jobs of `additionalScrapeConfigs`, with the rules that share their targets among several servers.
    pub(super) fn jobs(&self, server: &Server<'_>) -> Result<Vec<Out>, Fault> {
        let Some(text) = &self.scrape_configs else { return Ok(Vec::new()) };
        let within =
            |fault: Fault| Fault { message: format!("generate additional scrape configs: {}", fault.message), ..fault };
        let unread = |fault: Fault| Fault {
            message: format!("unmarshalling additional scrape configs failed: {}", fault.message),
            ..fault
        };
        if server.is_daemon_set() || server.shards() == 1 {
            return text.maps().map_err(unread).map_err(within);
        }
        let jobs = text.items().map_err(unread).map_err(within)?;
        jobs.into_iter().map(|job| text.shared(server, job).map_err(within)).collect()
    }
}

impl SecretText {
    /// The items of the list, which must be mappings.
    pub(super) fn maps(&self) -> Result<Vec<Out>, Fault> {
        Ok(self.items()?.into_iter().map(|item| self.out(item)).collect())
    }

    fn items(&self) -> Result<Vec<Node<'_>>, Fault> {
        if let Some(fault) = self.tree.fault() {
            return Err(Fault::new(fault.to_string(), self.place(fault.span).0));
        }
        let Some(root) = self.tree.root().map(Node::resolved) else { return Ok(Vec::new()) };
        let mut faults = Vec::new();
        let items: Vec<Node<'_>> = match root.kind() {
            NodeKind::Sequence => root.items().collect(),
            NodeKind::Scalar if root.is_null() => Vec::new(),
            NodeKind::Mapping | NodeKind::Scalar | NodeKind::Alias => {
                faults.push((root, "[]yaml.MapSlice"));
                Vec::new()
            }
        };
        let is_map = |item: Node<'_>| {
            let item = item.resolved();
            item.kind() == NodeKind::Mapping || (item.kind() == NodeKind::Scalar && item.is_null())
        };
        faults.extend(items.iter().filter(|item| !is_map(**item)).map(|item| (item.resolved(), "yaml.MapSlice")));
        let Some((first, _)) = faults.first() else { return Ok(items) };
        let place = self.place(first.full_span()).0;
        let lines: Vec<String> = faults.iter().map(|(node, wanted)| self.mismatch(*node, wanted)).collect();
        Err(Fault::new(format!("yaml: unmarshal errors:\n{}", lines.join("\n")), place))
    }

    /// What yaml.v2 says of a node of another type. A scalar could be a secret and is not shown.
    fn mismatch(&self, node: Node<'_>, wanted: &str) -> String {
        let line = self.tree.text()[..node.span().start as usize].matches('\n').count() + 1;
        let tag = match node.kind() {
            NodeKind::Mapping => "!!map",
            NodeKind::Sequence => "!!seq",
            NodeKind::Scalar | NodeKind::Alias => match node.read_plain() {
                Ok(PlainValue::Bool(_)) => "!!bool",
                Ok(PlainValue::Int(_) | PlainValue::Unsigned(_)) => "!!int",
                Ok(PlainValue::Float(_)) => "!!float",
                Ok(PlainValue::Null | PlainValue::Text(_)) | Err(_) => "!!str",
            },
        };
        format!("  line {line}: cannot unmarshal {tag} into {wanted}")
    }

    /// A job with the sharding rules at its end, unless it hashes already.
    fn shared(&self, server: &Server<'_>, job: Node<'_>) -> Result<Out, Fault> {
        let job = job.resolved();
        let mut out = Out::map();
        let mut list = Vec::new();
        let mut hashes = false;
        for (key, value) in job.entries().filter(|(key, _)| !key.is_merge_key()) {
            if key.value() != "relabel_configs" {
                out.put(key.value(), self.member(key.value(), value));
                continue;
            }
            let value = value.resolved();
            let refused = |what: &str, node: Node<'_>| {
                Err(Fault::new(format!("error parsing relabel {what}"), self.place(node.full_span()).0))
            };
            if value.kind() != NodeKind::Sequence {
                return refused("configs", value);
            }
            for rule in value.items() {
                let rule = rule.resolved();
                if rule.kind() != NodeKind::Mapping {
                    return refused("config", rule);
                }
                let is_hash = |(key, value): (Node<'_>, Node<'_>)| {
                    key.value() == "action" && value.resolved().value() == "hashmod"
                };
                hashes |= rule.entries().any(is_hash);
                list.push(self.out(rule));
            }
        }
        if !hashes {
            list.extend(rules::sharding(server, "__address__"));
        }
        out.put("relabel_configs", Out::list(list));
        Ok(self.placed(out, job))
    }

    /// A node as yaml.v2 reads and writes it: entries keep their order, merge keys are lost.
    fn out(&self, node: Node<'_>) -> Out {
        let own = node.resolved();
        let out = match own.kind() {
            NodeKind::Sequence => Out::list(own.items().map(|item| self.out(item)).collect()),
            NodeKind::Mapping => {
                let mut out = Out::map();
                for (key, value) in own.entries().filter(|(key, _)| !key.is_merge_key()) {
                    out.put(key.value(), self.member(key.value(), value));
                }
                out
            }
            NodeKind::Scalar | NodeKind::Alias => match own.read_plain() {
                Ok(PlainValue::Null) => Out::null(),
                Ok(PlainValue::Bool(value)) => Out::bool(value),
                Ok(PlainValue::Int(value)) => Out::int(value),
                Ok(PlainValue::Float(value)) => Out::float(value),
                Ok(PlainValue::Unsigned(value)) => Out::text(value.to_string()),
                Ok(PlainValue::Text(text)) => Out::text(text),
                Err(_) => Out::text(own.value()),
            },
        };
        self.placed(out, node)
    }

    /// The value of a key. What is secret, by the key or as the password in a URL, is not shown; labels are no secrets.
    fn member(&self, key: &str, node: Node<'_>) -> Out {
        if secret_keys().contains(&key) {
            return self.hidden(node);
        }
        let own = node.resolved();
        if key == "labels" && own.kind() == NodeKind::Mapping {
            let mut out = Out::map();
            own.entries().for_each(|(name, value)| out.put(name.value(), self.out(value)));
            return self.placed(out, node);
        }
        let url = without_password(own.value());
        if own.kind() == NodeKind::Scalar && !matches!(key, "regex" | "replacement") && url != own.value() {
            return Out::text(url).because(self.place(node.full_span()).0);
        }
        self.out(node)
    }

    /// A value that is not shown, in any form.
    fn hidden(&self, node: Node<'_>) -> Out {
        let own = node.resolved();
        let at = self.place(node.full_span()).0;
        match own.kind() {
            NodeKind::Sequence => Out::list(own.items().map(|item| self.hidden(item)).collect()).because(at),
            NodeKind::Mapping => {
                let mut out = Out::map();
                own.entries().for_each(|(key, value)| out.put(key.value(), self.hidden(value)));
                out.because(at)
            }
            NodeKind::Scalar | NodeKind::Alias if own.is_null() => Out::null().because(at),
            NodeKind::Scalar | NodeKind::Alias => Out::secret().because(at),
        }
    }

    fn placed(&self, out: Out, node: Node<'_>) -> Out {
        let (at, is_exact) = self.place(node.full_span());
        if is_exact { out.written(at) } else { out.because(at) }
    }

    /// The place of a part of the text, and whether it is just the part.
    fn place(&self, span: Span) -> (Location, bool) {
        let file: FileId = self.at.file;
        match &self.places {
            Some(places) => (Location::new(file, places.outer_span(span)), true),
            None => (self.at, false),
        }
    }
}
