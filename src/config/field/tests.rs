//! Paths of fields, and values for them.

use crate::release::Release;

use super::super::schema::{CONFIG, Kind, SCRAPE_CONFIG, Slot};
use super::*;

fn path(text: &str, root: FieldRoot) -> Result<FieldPath, FieldError> {
    FieldPath::parse(text, root, Release::default())
}

fn value(text: &str) -> Result<String, String> {
    let (name, value) = text.split_once('=').unwrap();
    let path = path(name, FieldRoot::Job).unwrap();
    path.value(value, Release::default()).map(|value| value.to_string()).map_err(|error| error.message)
}

#[test]
fn paths_lead_through_sections_lists_and_mappings() {
    for text in ["global.scrape_interval", "scrape_configs[0].static_configs[1].labels.env", "rule_files[0]"] {
        assert_eq!(path(text, FieldRoot::Config).unwrap().text(), text);
    }
    let quoted = path("static_configs[0].labels.\"a.b\"", FieldRoot::Job).unwrap();
    assert_eq!(quoted.steps().last(), Some(&Step::Key("a.b".to_string())));
    for text in ["", ".", "a..b", "relabel_configs[x]", "relabel_configs[0", "relabel_configs[0]regex"] {
        assert!(path(text, FieldRoot::Job).is_err(), "{text}");
    }
}

#[test]
fn unknown_keys_are_reported_with_the_nearest_one() {
    let help = |text: &str, root| path(text, root).unwrap_err();
    let error = help("global.scrape_intervall", FieldRoot::Config);
    assert_eq!(error.message, "unknown field `scrape_intervall` in the `global` section");
    assert_eq!(error.help.as_deref(), Some("did you mean `scrape_interval`?"));
    let error = help("relabel_configs.regex", FieldRoot::Job);
    assert_eq!(error.help.as_deref(), Some("name the item, counted from 0: `relabel_configs[0].regex`"));
    assert!(help("scrape_interval.x", FieldRoot::Job).message.contains("has no field `x`"));
}

#[test]
fn values_have_the_types_of_their_fields() {
    for (text, shown) in [
        ("scrape_interval=30s", "30s"),
        ("honor_labels=true", "true"),
        ("params.module=[http_2xx]", "[\"http_2xx\"]"),
        ("sample_limit=1000", "1000"),
        ("body_size_limit=10MB", "10MB"),
        ("static_configs[0].labels={a: b}", "{\"a\": \"b\"}"),
        ("metrics_path=/x: y", "/x: y"),
    ] {
        assert_eq!(value(text).as_deref(), Ok(shown), "{text}");
    }
    for text in [
        "scrape_interval=soon",
        "scrape_interval=",
        "honor_labels=maybe",
        "sample_limit=-1",
        "sample_limit=many",
        "params.module=http_2xx",
        "body_size_limit=10 XB",
        "scrape_interval=[1m]",
        "tls_config={ca_flie: x}",
    ] {
        assert!(value(text).is_err(), "{text}: {:?}", value(text));
    }
}

/// The paths of all secrets below a slot; of sections in each other, some levels.
fn secrets(slot: Slot, path: &str, depth: usize, found: &mut Vec<(String, Option<String>)>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match slot {
        Slot::Section(section) => {
            let dot = if path.is_empty() { "" } else { "." };
            for field in section.fields_of(Release::default()) {
                let key = field.key;
                let file = if key == "secrets" { "files".to_string() } else { format!("{key}_file") };
                let file = section.field(&file).map(|_| format!("{path}{dot}{file}"));
                let own = format!("{path}{dot}{key}");
                match Slot::of(field) {
                    Slot::Scalar(Kind::Secret) | Slot::List(Kind::Secret) => found.push((own, file)),
                    slot => secrets(slot, &own, depth, found),
                }
            }
        }
        Slot::Sections(section) => secrets(Slot::Section(section), &format!("{path}[0]"), depth, found),
        Slot::Map(_) => match slot.value_of_map() {
            Some(Slot::Scalar(Kind::Secret) | Slot::List(Kind::Secret)) => found.push((format!("{path}.x"), None)),
            Some(slot) => secrets(slot, &format!("{path}.x"), depth, found),
            None => {}
        },
        Slot::List(_) | Slot::Scalar(_) | Slot::Any => {}
    }
}

#[test]
fn each_secret_of_the_schema_is_refused_with_its_field_for_a_file() {
    let mut with_files = 0;
    for (root, slot) in [(FieldRoot::Config, Slot::Section(&CONFIG)), (FieldRoot::Job, Slot::Section(&SCRAPE_CONFIG))] {
        let mut found = Vec::new();
        secrets(slot, "", 12, &mut found);
        assert!(found.len() > 30, "{}", found.len());
        for (text, file) in found {
            let path = path(&text, root).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            assert!(path.is_secret(), "{text}");
            for value in ["hunter2", "[hunter2]"] {
                let error = path.value(value, Release::default()).expect_err(&text);
                assert!(!format!("{error:?}").contains("hunter2"), "{text}: {error:?}");
                let is_list = value.starts_with('[') == matches!(path.slot, Slot::List(_));
                if let (Some(file), true) = (&file, is_list) {
                    let help = error.help.unwrap_or_default();
                    assert!(help.contains(&format!("`{file}`")), "{text}: {help}");
                    with_files += 1;
                }
            }
        }
    }
    assert!(with_files > 30, "{with_files}");
}

#[test]
fn a_url_with_a_password_is_refused() {
    let of = |text: &str| path("proxy_url", FieldRoot::Job).unwrap().value(text, Release::default());
    let error = of("http://me:hunter2@proxy:3128").unwrap_err();
    assert!(error.message.contains("has a password") && !format!("{error:?}").contains("hunter2"), "{error:?}");
    for text in ["http://proxy:3128", "http://me@proxy:3128/a:b@c"] {
        assert!(of(text).is_ok(), "{text}");
    }
    for server in ["http_sd_configs[0].url", "consul_sd_configs[0].server"] {
        let of = path(server, FieldRoot::Job).unwrap().value("http://me:hunter2@h:1", Release::default());
        assert!(of.unwrap_err().message.contains("has a password"), "{server}");
    }
    let template = path("relabel_configs[0].replacement", FieldRoot::Job).unwrap();
    assert!(template.value("http://$1:$2@h", Release::default()).is_ok());
}

#[test]
fn secrets_are_refused_with_the_field_for_a_file() {
    let refusal = |text: &str| path(text, FieldRoot::Job).unwrap().value("hunter2", Release::default()).unwrap_err();
    let error = refusal("basic_auth.password");
    assert!(!error.message.contains("hunter2"));
    assert_eq!(
        error.help.as_deref(),
        Some("put it into a file, and set `basic_auth.password_file` to the name of the file")
    );
    assert!(refusal("bearer_token").help.unwrap().contains("`bearer_token_file`"));
    let whole =
        path("basic_auth", FieldRoot::Job).unwrap().value("{username: a, password: hunter2}", Release::default());
    assert!(!whole.unwrap_err().message.contains("hunter2"));
}
