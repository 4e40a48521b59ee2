//! `promcfg debug`: the layers of the library, open to comparison with the real ones.

use std::io::Write;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use promcfg::Release;
use promcfg::config::{debug_discovery, debug_relabel, debug_target_file};
use promcfg::exposition::{PageFormat, debug_page};
use promcfg::files::name_of;
use promcfg::re2::Syntax;
use promcfg::scrape::debug_metric;
use promcfg::simulate::{debug_config, debug_target, debug_targets};
use serde_json::{Value, json};

use super::args::{DebugCommand, DebugInput};
use super::input::Lines;
use super::lint::settings::schema;
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;

pub(crate) fn run(command: &DebugCommand, prometheus: Option<Release>, terminal: &Terminal) -> Result<Status, Stop> {
    // The conformance data is of a build with Go 1.27, which no release is.
    let release = prometheus.unwrap_or_else(|| Release::LATEST.built_with_go(27));
    match command {
        DebugCommand::Yaml(input) => {
            answer_lines(input, terminal, |question| text_of(question).map(promcfg::yaml::debug_yaml))
        }
        DebugCommand::Scalar(input) => {
            answer_lines(input, terminal, |question| text_of(question).map(promcfg::yaml::debug_scalar))
        }
        DebugCommand::Regexp(input) => answer_lines(input, terminal, |question| regexp(question, Syntax::of(release))),
        DebugCommand::Expo(input) => answer_lines(input, terminal, page),
        DebugCommand::Relabel(input) => answer_lines(input, terminal, |question| debug_relabel(question, release)),
        DebugCommand::Target(input) => answer_lines(input, terminal, |question| debug_target(question, release)),
        DebugCommand::Metric(input) => answer_lines(input, terminal, |question| debug_metric(question, release)),
        DebugCommand::Config(input) => answer_lines(input, terminal, |question| debug_config(question, release)),
        DebugCommand::Targets(input) => answer_lines(input, terminal, |question| debug_targets(question, release)),
        DebugCommand::TargetFile(input) => {
            answer_lines(input, terminal, |question| debug_target_file(question, release))
        }
        DebugCommand::Discovery(input) => answer_lines(input, terminal, |question| debug_discovery(question, release)),
        DebugCommand::SettingsSchema => print_settings_schema(terminal),
    }
}

fn print_settings_schema(terminal: &Terminal) -> Result<Status, Stop> {
    let mut output = terminal.output();
    serde_json::to_writer_pretty(&mut output, &schema()).map_err(std::io::Error::from)?;
    writeln!(output)?;
    output.flush()?;
    Ok(Status::Fine)
}

/// Answers each line as soon as it is read, so that another program can ask and wait. A line that is not a question has
/// an answer as well, so that answers and questions stay side by side.
fn answer_lines(
    input: &DebugInput,
    terminal: &Terminal,
    answer: impl Fn(&Value) -> Result<Value, String>,
) -> Result<Status, Stop> {
    let path = input.input.as_deref().map_or("-".into(), |path| name_of(path.as_os_str()));
    let mut lines = Lines::open(&path, "input")?;
    let mut output = terminal.output();
    let mut first_fault = None;
    while let Some((number, line)) = lines.next_line()? {
        if line.trim().is_empty() {
            continue;
        }
        let question = serde_json::from_str(line).map_err(|error| error.to_string());
        match question.and_then(|question| answer(&question)) {
            Ok(answer) => writeln!(output, "{answer}")?,
            Err(message) => {
                writeln!(output, "{}", json!({ "fault": message }))?;
                first_fault = first_fault.or(Some((number, message)));
            }
        }
        if lines.would_wait() {
            output.flush()?;
        }
    }
    output.flush()?;
    match first_fault {
        Some((number, message)) => Err(Failure::new(format!("{path}: line {number}: {message}")).into()),
        None => Ok(Status::Fine),
    }
}

fn text_of(question: &Value) -> Result<&str, String> {
    let text = question.get("text").and_then(Value::as_str);
    text.ok_or_else(|| "expected an object with a string `text`".to_string())
}

/// The bytes of a question: `text`, or in base 64 `b64`.
fn bytes_of(question: &Value) -> Result<Vec<u8>, String> {
    match question.get("b64") {
        None => text_of(question).map(|text| text.as_bytes().to_vec()),
        Some(encoded) => {
            let encoded = encoded.as_str().ok_or("expected a string for `b64`")?;
            BASE64_STANDARD.decode(encoded).map_err(|_| "`b64` is not base 64".to_string())
        }
    }
}

/// Without a content type, the content decides.
fn page(question: &Value) -> Result<Value, String> {
    let page = bytes_of(question)?;
    let format = match question.get("content_type") {
        None | Some(Value::Null) => PageFormat::of_content(&page),
        Some(Value::String(content_type)) => match PageFormat::of_content_type(content_type) {
            Ok(format) => format,
            Err(error) => {
                let upstream = error.upstream().ok_or_else(|| error.to_string())?;
                return Ok(json!({ "series": [], "error": upstream }));
            }
        },
        Some(_) => return Err("expected a string for `content_type`".to_string()),
    };
    Ok(debug_page(&page, format))
}

fn regexp(question: &Value, syntax: Syntax) -> Result<Value, String> {
    let pattern =
        question.get("pattern").and_then(Value::as_str).ok_or("expected an object with a string `pattern`")?;
    let none = json!([]);
    let inputs = question.get("inputs").unwrap_or(&none).as_array().ok_or("expected a list of strings for `inputs`")?;
    let inputs: Option<Vec<&str>> = inputs.iter().map(Value::as_str).collect();
    Ok(promcfg::re2::debug_regexp_in(syntax, pattern, &inputs.ok_or("expected a list of strings for `inputs`")?))
}
