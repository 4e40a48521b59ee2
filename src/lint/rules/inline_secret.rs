//! A password or the like that stands in the config.

use crate::config::MarkedField;
use crate::diagnostic::Diagnostic;
use crate::lint::rule::{Check, Input};
use crate::lint::sink::{Sink, in_file};
use crate::text::FileId;
use crate::text::Placeholder;
use crate::yaml::{Node, NodeKind, Tree};

pub(super) const CHECK: Check = Check::Input(check);

fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    for marked_fields in input
        .marked_fields()
        .filter(|marked_fields| marked_fields.secrets.iter().any(|secret| is_secret(&secret.value)))
    {
        let message = format!("the value of `{}` stands in the config itself", marked_fields.field.name);
        let finding =
            explained(in_file(marked_fields.file, marked_fields.field.key, message)).with_help(help_for(marked_fields));
        sink.push(match &marked_fields.job {
            Some(job) => finding.with_job(job.as_str()),
            None => finding,
        });
    }
    for (file, tree) in input.trees {
        check_texts(*file, tree, sink);
    }
}

fn explained(finding: Diagnostic) -> Diagnostic {
    finding.with_note("whoever may read the file knows it, and a repository keeps it for ever")
}

/// Whether a text can be a secret, and is none that everybody knows.
fn is_secret(text: &str) -> bool {
    const KNOWN: [&str; 4] = ["password", "secret", "token", "example"];
    let mut letters = text.bytes().filter(u8::is_ascii_alphanumeric);
    let first = letters.next();
    let is_filler = first.is_some_and(|first| letters.all(|letter| letter == first));
    !text.is_empty() && !is_filler && !KNOWN.contains(&text) && Placeholder::find(text).is_none()
}

fn help_for(marked_fields: &MarkedField) -> String {
    match (marked_fields.field.name, marked_fields.file_key) {
        ("bearer_token", _) => "put it in a file, and name that in `authorization.credentials_file`".to_string(),
        (_, Some(key)) => format!("put it in a file, and name that in `{key}`"),
        ("token", None) => "put it in a file, and name that in `authorization.credentials_file`".to_string(),
        _ => "fill it in where the config is installed, and revoke it if it has been published".to_string(),
    }
}

/// Secrets in fields that are not made for them: in URLs, parameters and headers.
fn check_texts(file: FileId, tree: &Tree, sink: &mut Sink<'_>) {
    for node in tree.nodes() {
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

fn check_pairs(file: FileId, pairs: Node<'_>, sink: &mut Sink<'_>) {
    for (key, value) in pairs.entries().filter(|(key, _)| is_name_of_secret(key.value())) {
        let value = value.resolved();
        let first = if value.kind() == NodeKind::Sequence { value.items().next() } else { Some(value) };
        let is_there = first.is_some_and(|text| text.kind() == NodeKind::Scalar && is_secret(text.value()));
        if is_there && !value.is_null() {
            let message = format!("the value of `{}` stands in the config itself", key.value());
            let finding = explained(in_file(file, key.full_span(), message));
            sink.push(finding.with_help("use `authorization` or `http_headers` with a file, if the server takes it"));
        }
    }
}

fn check_url(file: FileId, node: Node<'_>, sink: &mut Sink<'_>) {
    let text = if node.kind() == NodeKind::Scalar { node.value() } else { return };
    let Some((_, rest)) = text.split_once("://") else { return };
    let (host, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = host.split('/').next().unwrap_or("");
    let password = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':'));
    let parameters = query.split('&').filter_map(|pair| pair.split_once('='));
    let message = if password.is_some_and(|(_, password)| is_secret(password)) {
        "a password stands in this URL".to_string()
    } else if let Some((name, _)) =
        parameters.into_iter().find(|(name, value)| is_name_of_secret(name) && is_secret(value))
    {
        format!("the value of `{name}` stands in this URL")
    } else {
        return;
    };
    let finding = explained(in_file(file, node.full_span(), message));
    sink.push(finding.with_help("take it out of the URL, and use `basic_auth` or `authorization` with a file"));
}

fn is_name_of_secret(name: &str) -> bool {
    const NAMES: [&str; 9] =
        ["token", "accesstoken", "authtoken", "apikey", "apitoken", "password", "passwd", "secret", "clientsecret"];
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let plain = plain.strip_prefix('x').unwrap_or(&plain);
    NAMES.contains(&plain)
}
