//! `--running`: the config that ran when targets were saved.

use promcfg::config::Config;
use promcfg::input::Input;
use promcfg::{Options, Release, Sources};
use serde::Deserialize;

use crate::cli::input::{self, only_config};
use crate::cli::status::Failure;

/// An answer of `/api/v1/status/config`.
#[derive(Deserialize)]
struct Answer {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    yaml: String,
}

/// Reads the config that ran: a config, or a saved answer of `/api/v1/status/config`.
///
/// # Errors
/// The file cannot be read; it has no config, or one that Prometheus refuses.
pub(super) fn read(path: &str, release: Release) -> Result<Config, Failure> {
    let name = input::shown_name(path);
    let bytes = input::read_bytes(path, "running config")?;
    let text = serde_json::from_slice::<Answer>(&bytes).map(|answer| answer.data.yaml.into_bytes());
    let input = Input::decode(name, &text.unwrap_or(bytes));
    let mut sources = Sources::new();
    let outer = sources.add(name, input.tree().text().clone());
    let part = only_config(&input, outer)?;
    let file = part.add_to(&mut sources, outer);
    let options = Options::default().with_release(release);
    let (config, faults) = input.config(&part, &mut sources, file, &options);
    match faults.iter().find(|fault| fault.is_error()) {
        Some(fault) => Err(Failure::new(format!("{}: {}", sources.describe(fault.at), fault.message))
            .with_note("a config that ran is one that Prometheus accepts")
            .with_help("save it with `curl -s localhost:9090/api/v1/status/config > running.json`")),
        None => Ok(config),
    }
}
