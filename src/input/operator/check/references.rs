//! Keys of Secrets and ConfigMaps that objects refer to.
//!
//! Source: `pkg/assets/store.go`. A Secret or ConfigMap that is not in the input is assumed to have the key.

use std::borrow::Cow;

use crate::text::go_quote;

use super::super::assumption::Assumption;
use super::super::generate::Fault;
use super::super::objects::{StoreKind, StoreText};
use super::super::value::Value;
use super::Checks;

/// The key of a Secret to which a member refers, if there is such a member.
pub(super) fn secret_under(checks: &mut Checks<'_, '_>, namespace: &str, own: &Value, key: &str) -> Result<(), Fault> {
    match own.get(key) {
        Some(reference) => secret(checks, namespace, reference).map(drop),
        None => Ok(()),
    }
}

/// The key of a Secret that a reference names: its text, if it is in the input.
pub(super) fn secret<'o>(
    checks: &mut Checks<'_, 'o>,
    namespace: &str,
    reference: &Value,
) -> Result<Option<Cow<'o, str>>, Fault> {
    key(checks, StoreKind::Secret, namespace, reference)
}

/// The key of a Secret or ConfigMap that a reference names: its text, if it is in the input.
pub(super) fn either<'o>(
    checks: &mut Checks<'_, 'o>,
    namespace: &str,
    reference: &Value,
) -> Result<Option<Cow<'o, str>>, Fault> {
    match (reference.get("secret"), reference.get("configMap")) {
        (Some(own), _) => secret(checks, namespace, own),
        (None, Some(own)) => key(checks, StoreKind::ConfigMap, namespace, own),
        (None, None) => Ok(None),
    }
}

fn key<'o>(
    checks: &mut Checks<'_, 'o>,
    kind: StoreKind,
    namespace: &str,
    reference: &Value,
) -> Result<Option<Cow<'o, str>>, Fault> {
    let (name, key) = (reference.text("name"), reference.text("key"));
    let (word, plural) = match kind {
        StoreKind::Secret => ("secret", "secrets"),
        StoreKind::ConfigMap => ("configmap", "configmaps"),
    };
    if name.is_empty() {
        return Err(Fault::new(format!("unable to get {word} \"\": {plural} \"\" not found"), reference.at));
    }
    match checks.server.objects.text(kind, namespace, name, key) {
        StoreText::Text { text, .. } => Ok(Some(text)),
        StoreText::NoKey => {
            let message = format!("key {} in {word} {} not found", go_quote(key), go_quote(name));
            Err(Fault::new(message, reference.at))
        }
        StoreText::NoStore | StoreText::Unreadable => {
            checks.assumed.insert(Assumption::key(kind, namespace, name, key));
            Ok(None)
        }
    }
}
