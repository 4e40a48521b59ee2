//! `tlsConfig` of objects.
//!
//! Source: `TLSConfig.Validate` and `SafeTLSConfig.Validate` of the API, `addTLSAssets` of `pkg/assets`.

use super::super::generate::Fault;
use super::super::value::Value;
use super::{Checks, references, within};

/// Whether the fields go together.
pub(super) fn validate(own: Option<&Value>) -> Result<(), Fault> {
    let Some(own) = own else { return Ok(()) };
    for (reference, file) in [("ca", "caFile"), ("cert", "certFile")] {
        let Some(referred) = own.get(reference).filter(|referred| is_reference(referred)) else { continue };
        if let Some(file_value) = own.filled(file) {
            return Err(Fault::new(format!("cannot specify both '{file}' and '{reference}'"), file_value.at));
        }
        one_reference(referred).map_err(within(reference))?;
    }
    if let (Some(file), Some(_)) = (own.filled("keyFile"), own.get("keySecret")) {
        return Err(Fault::new("cannot specify both 'keyFile' and 'keySecret'", file.at));
    }
    let certificate = own.filled("certFile").or_else(|| own.get("cert").filter(|cert| is_reference(cert)));
    let key = own.filled("keyFile").or_else(|| own.get("keySecret"));
    match (certificate, key) {
        (Some(certificate), None) => {
            return Err(Fault::new("cannot specify client cert without client key", certificate.at));
        }
        (None, Some(key)) => return Err(Fault::new("cannot specify client key without client cert", key.at)),
        (Some(_), Some(_)) | (None, None) => {}
    }
    match (own.get("minVersion"), own.get("maxVersion")) {
        (Some(least), Some(most)) if most.as_str() < least.as_str() => {
            Err(Fault::new("maxVersion must more than or equal to minVersion", most.at))
        }
        _ => Ok(()),
    }
}

/// Whether the fields go together, and whether the Secrets and ConfigMaps are there.
pub(super) fn add(checks: &mut Checks<'_, '_>, namespace: &str, own: Option<&Value>) -> Result<(), Fault> {
    validate(own)?;
    let Some(own) = own else { return Ok(()) };
    if let Some(authority) = own.get("ca") {
        let text = references::either(checks, namespace, authority).map_err(within("failed to get CA"))?;
        if text.is_some_and(|text| !text.is_empty() && !has_block(&text)) {
            return Err(Fault::new("failed to decode CA certificate", authority.at));
        }
    }
    if let Some(certificate) = own.get("cert") {
        references::either(checks, namespace, certificate).map_err(within("failed to get cert"))?;
    }
    if let Some(key) = own.get("keySecret") {
        references::secret(checks, namespace, key).map_err(within("failed to get key"))?;
    }
    Ok(())
}

/// As [`add`], of the member of a value.
pub(super) fn add_under(checks: &mut Checks<'_, '_>, namespace: &str, own: &Value) -> Result<(), Fault> {
    add(checks, namespace, own.get("tlsConfig"))
}

/// Whether a Secret or ConfigMap is named.
pub(super) fn is_reference(own: &Value) -> bool {
    own.get("secret").is_some() || own.get("configMap").is_some()
}

/// At most one of both is named.
pub(super) fn one_reference(own: &Value) -> Result<(), Fault> {
    if own.get("secret").is_some() && own.get("configMap").is_some() {
        return Err(Fault::new("cannot specify both Secret and ConfigMap", own.at));
    }
    Ok(())
}

/// Whether a text has a block in the format PEM.
fn has_block(text: &str) -> bool {
    let is_edge =
        |line: &str, word: &str| line.trim_end().strip_prefix(word).is_some_and(|rest| rest.ends_with("-----"));
    let start = text.lines().position(|line| is_edge(line, "-----BEGIN "));
    start.is_some_and(|start| text.lines().skip(start + 1).any(|line| is_edge(line, "-----END ")))
}

#[cfg(test)]
mod tests {
    use super::has_block;

    #[test]
    fn a_certificate_is_a_block_between_two_lines() {
        assert!(has_block("-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n"));
        assert!(has_block("text before\n-----BEGIN X-----\r\nMII\r\n-----END X-----\r\n"));
        for text in ["", "MII", "-----BEGIN X-----\nMII", "-----END X-----\n-----BEGIN X-----\n"] {
            assert!(!has_block(text), "{text:?}");
        }
    }
}
