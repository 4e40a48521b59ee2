//! Every secret field of the schema in every form, among faults, through the library.

use base64::Engine;

use super::forms::{Config, FORMS, PASSWORDS, secret_paths, url_paths};
use super::{MARKER, PART, shown};

/// Faults of many kinds: of YAML, of types, of names.
const FAULTS: [&str; 9] =
    ["", "unknown_key: 1", "scheme: [", "scheme: a: b", "\tx", "scheme: {a: b}", "scheme: 'x", "x: *y", "- }"];

fn check(name: &str, text: &str, what: &str) {
    let shown = shown(name, text);
    if let Some(at) = shown.find(PART) {
        let start = shown[..at].rfind('\n').map_or(0, |end| end + 1);
        panic!(
            "{what}\n{}\n---\n{text}",
            shown[start..].lines().next().unwrap_or("").chars().take(2000).collect::<String>()
        );
    }
}

#[test]
fn every_secret_field_is_hidden_in_every_form_among_faults() {
    let mut seen = std::collections::HashSet::new();
    let mut count = 0;
    for place in secret_paths() {
        // The HTTP client is the same in all mechanisms.
        if !seen.insert((place.field.section, place.field.key)) {
            continue;
        }
        for form in &FORMS {
            count += 1;
            // Every second one has a fault, another one in another place each time.
            let fault = if count % 2 == 0 { "" } else { FAULTS[count % FAULTS.len()] };
            let text = Config { path: &place.path, fault, place: count / 2 % 4 }.with_form(form);
            assert!(text.contains(&MARKER[1..]), "{text}");
            check("p.yml", &text, &format!("{} in form {}", place.path, form.name));
        }
    }
    assert!(count > 20 * FORMS.len(), "{count}");
}

#[test]
fn every_place_of_a_secret_field_is_hidden() {
    for (index, place) in secret_paths().iter().enumerate() {
        let form = &FORMS[index % FORMS.len()];
        let text = Config { path: &place.path, fault: FAULTS[index % FAULTS.len()], place: index % 4 }.with_form(form);
        check("p.yml", &text, &format!("{} in form {}", place.path, form.name));
    }
}

#[test]
fn passwords_in_urls_are_hidden_whatever_is_in_them() {
    let quotes = ["", "'", "\""];
    for (index, place) in url_paths().iter().enumerate().step_by(7) {
        for (number, password) in PASSWORDS.iter().enumerate() {
            let quote = quotes[(index + number) % quotes.len()];
            if quote == "\"" && password.contains('"') {
                continue;
            }
            let key = place.path.rsplit('.').next().unwrap_or("");
            let host = ["@h:80/x", "@h:port/", "", "@"][(index + number) % 4];
            let url = format!(
                "http://me:{}{host}",
                password.replace('%', MARKER).replace(&format!("{MARKER}{MARKER}"), &format!("{MARKER}%"))
            );
            // A password without a host is known by its place only where nothing else could be there.
            if host.is_empty() && !matches!(*password, "%" | "%/x") {
                continue;
            }
            let lines = |_: &str| format!("{key}: {quote}{url}{quote}");
            let config = Config { path: &place.path, fault: FAULTS[number % FAULTS.len()], place: index % 4 };
            check("p.yml", &config.with_lines(lines), &format!("{} {password}", place.path));
        }
    }
}

#[test]
fn secrets_in_manifests_are_hidden() {
    for (index, place) in secret_paths().iter().enumerate().step_by(61) {
        for form in &FORMS {
            let fault = FAULTS[index % FAULTS.len()];
            let config = Config { path: &place.path, fault, place: index % 4 }.with_form(form);
            let what = format!("{} in form {}", place.path, form.name);
            let block = config.trim_end().replace('\n', "\n    ");
            check("cm.yml", &format!("kind: ConfigMap\ndata:\n  prometheus.yml: |\n    {block}\n"), &what);
            let quoted = serde_json::to_string(&config).expect("is a text");
            check("cm.yml", &format!("{{\"kind\": \"ConfigMap\", \"data\": {{\"prometheus.yml\": {quoted}}}}}"), &what);
            let encoded = base64::engine::general_purpose::STANDARD.encode(&config);
            let secret = format!("kind: Secret\ndata:\n  prometheus.yml: {encoded}\n");
            check("s.yml", &secret, &what);
            assert!(!shown("s.yml", &secret).contains(&encoded), "{secret}");
        }
    }
}

#[test]
fn the_line_ends_of_windows_change_nothing() {
    for (index, place) in secret_paths().iter().enumerate().step_by(31) {
        for form in &FORMS {
            let config = Config { path: &place.path, fault: FAULTS[index % FAULTS.len()], place: index % 4 };
            check("p.yml", &config.with_form(form).replace('\n', "\r\n"), form.name);
        }
    }
}
