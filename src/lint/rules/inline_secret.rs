//! A password or another secret in the config.

use std::sync::OnceLock;

use memchr::memmem::Finder;

use crate::config::MarkedField;
use crate::diagnostic::Diagnostic;
use crate::lint::rule::{Check, Fields, Nodes, Parts};
use crate::lint::sink::{Sink, Trees, in_file};
use crate::text::FileId;
use crate::yaml::{Node, NodeKind};

use super::stand_in::is_stand_in;

pub(super) const CHECK: Check =
    Check::Parts(Parts { fields: Some(check_fields), nodes: Some(check_nodes), ..Parts::NONE });

const HEADERS_OF_PROXY: &str = "proxy_connect_header";

fn check_fields(fields: &Fields<'_>, sink: &mut Sink<'_>) {
    for marked_fields in fields.judged().filter(|marked_fields| holds_secret(marked_fields, fields.trees)) {
        let message = format!("the config contains the value of `{}`", marked_fields.field.name);
        let finding = explained(in_file(marked_fields.file, marked_fields.field.key, message))
            .with_argument("field", marked_fields.field.name)
            .with_help(help_for(marked_fields));
        sink.push(match &marked_fields.job {
            Some(job) => finding.with_job(job.as_str()),
            None => finding,
        });
    }
}

fn explained(finding: Diagnostic) -> Diagnostic {
    finding.with_note("everybody who can read the file can read it, and a repository keeps it in its history")
}

/// Whether a field has a value that is a secret. Of headers, only some have one.
fn holds_secret(marked: &MarkedField, trees: &Trees<'_>) -> bool {
    let is_given = || marked.secrets.iter().any(|secret| is_secret(&secret.value));
    if marked.field.name != HEADERS_OF_PROXY {
        return is_given();
    }
    let tree = trees.iter().find(|(file, _)| *file == marked.file).map(|(_, tree)| *tree);
    let mut nodes = tree.into_iter().flat_map(|tree| tree.nodes_at(marked.field.value.start));
    let Some(headers) = nodes.find(|node| node.resolved().kind() == NodeKind::Mapping) else { return is_given() };
    let mut entries = headers.resolved().entries();
    entries
        .any(|(key, value)| is_header_with_secret(key.value()) && texts_of(value).any(|text| is_secret(text.value())))
}

/// The texts of a header: one, or a list.
fn texts_of<'t>(value: Node<'t>) -> impl Iterator<Item = Node<'t>> {
    let value = value.resolved();
    let items: Vec<Node<'t>> = match value.kind() {
        NodeKind::Sequence => value.items().map(Node::resolved).collect(),
        _ => vec![value],
    };
    items.into_iter().filter(|node| node.kind() == NodeKind::Scalar)
}

/// Whether the value of a header is a secret: `Proxy-Authorization`, `Cookie`, `X-Api-Key`.
fn is_header_with_secret(name: &str) -> bool {
    const PARTS: [&str; 8] =
        ["authorization", "cookie", "token", "secret", "password", "apikey", "accesskey", "credential"];
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    PARTS.iter().any(|part| plain.contains(part))
}

/// Whether a text can be a secret: not a text in its place.
fn is_secret(text: &str) -> bool {
    !text.is_empty() && !is_stand_in(text)
}

fn help_for(marked_fields: &MarkedField) -> String {
    match (marked_fields.field.name, marked_fields.file_key) {
        ("bearer_token", _) => "put it in a file, and name the file in `authorization.credentials_file`".to_string(),
        (_, Some(key)) => format!("put it in a file, and name the file in `{key}`"),
        ("token", None) => "put it in a file, and name the file in `authorization.credentials_file`".to_string(),
        _ => "insert it when you install the config, and revoke it if it was published".to_string(),
    }
}

/// Finds secrets in URLs, parameters and headers.
fn check_nodes(file: FileId, nodes: Nodes<'_>, sink: &mut Sink<'_>) {
    if !nodes.text().is_none_or(may_hold_secret) {
        return;
    }
    for node in nodes.iter() {
        match node.kind() {
            NodeKind::Mapping => {
                for (key, value) in node.entries() {
                    match key.value() {
                        "params" | "headers" if value.kind() == NodeKind::Mapping => check_pairs(file, value, sink),
                        _ => check_url(file, value, sink),
                    }
                }
            }
            NodeKind::Sequence => node.items().for_each(|item| check_url(file, item, sink)),
            _ => {}
        }
    }
}

/// Whether a text may have a URL, or the key of parameters or headers; they may be written with escapes.
fn may_hold_secret(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has_escape =
        || memchr::memchr_iter(b'\\', bytes).any(|at| bytes.get(at + 1).is_some_and(|next| b"xuU/\n\r".contains(next)));
    static PARTS: OnceLock<[Finder<'static>; 3]> = OnceLock::new();
    let parts = PARTS.get_or_init(|| ["://", "params", "headers"].map(Finder::new));
    parts.iter().any(|part| part.find(bytes).is_some()) || has_escape()
}

fn check_pairs(file: FileId, pairs: Node<'_>, sink: &mut Sink<'_>) {
    for (key, value) in pairs.entries().filter(|(key, _)| is_name_of_secret(key.value())) {
        let value = value.resolved();
        let first = if value.kind() == NodeKind::Sequence { value.items().next() } else { Some(value) };
        let is_there = first.is_some_and(|text| text.kind() == NodeKind::Scalar && is_secret(text.value()));
        if is_there && !value.is_null() {
            let message = format!("the config contains the value of `{}`", key.value());
            let finding = explained(in_file(file, key.full_span(), message)).with_argument("field", key.value());
            sink.push(
                finding.with_help("use `authorization` or `http_headers` with a file, if the server accepts them"),
            );
        }
    }
}

fn check_url(file: FileId, node: Node<'_>, sink: &mut Sink<'_>) {
    let text = if node.kind() == NodeKind::Scalar { node.value() } else { return };
    // Almost every text has no slash, which is found faster.
    let Some((_, rest)) = text.contains('/').then(|| text.split_once("://")).flatten() else { return };
    let (host, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = host.split('/').next().unwrap_or("");
    let password = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':'));
    let parameters = query.split('&').filter_map(|pair| pair.split_once('='));
    let (field, message) = if password.is_some_and(|(_, password)| is_secret(password)) {
        ("password", "the URL contains a password".to_string())
    } else if let Some((name, _)) =
        parameters.into_iter().find(|(name, value)| is_name_of_secret(name) && is_secret(value))
    {
        (name, format!("the URL contains the value of `{name}`"))
    } else {
        return;
    };
    let finding = explained(in_file(file, node.full_span(), message)).with_argument("field", field);
    sink.push(finding.with_help("remove it from the URL, and use `basic_auth` or `authorization` with a file"));
}

fn is_name_of_secret(name: &str) -> bool {
    const NAMES: [&str; 9] =
        ["token", "accesstoken", "authtoken", "apikey", "apitoken", "password", "passwd", "secret", "clientsecret"];
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let plain = plain.strip_prefix('x').unwrap_or(&plain);
    NAMES.contains(&plain)
}
