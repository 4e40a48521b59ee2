//! `promcfg render`: the configs that prometheus-operator generates.

use std::borrow::Cow;
use std::io::Write;

use promcfg::input::operator::{Assumption, GeneratedConfig, OperatorObjects, RenderOptions, Rendering, render};
use promcfg::input::{Format, Input};
use promcfg::lint::{object_faults, stage_diagnostics};
use promcfg::report::{Secrets, escape_text, masked_value, write_document};
use promcfg::{Diagnostic, Sources};
use serde_json::{Value, json};

use super::args::{GlobalOptions, RenderArguments, RenderFormat};
use super::input;
use super::lint::files::{Candidates, candidates};
use super::manifests::release_note;
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;

pub(crate) fn run(arguments: &RenderArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    let Read { objects, sources, faults, has_failed } = read(arguments, terminal);
    let options = RenderOptions {
        only: arguments.server.clone(),
        unselected: arguments.unselected,
        release: global.prometheus,
        ..RenderOptions::default()
    };
    if let Some((namespace, name)) = &arguments.server
        && !objects.ids().any(|id| id.kind.is_server() && id.namespace == *namespace && id.name == *name)
        && objects.ids().any(|id| id.kind.is_server())
    {
        return Err(unknown_server(namespace, name, &objects).into());
    }
    if objects.is_empty() {
        return nothing(arguments, &sources, &faults, has_failed, terminal);
    }
    let renderings = render(&objects, &options);
    let mut output = terminal.output();
    match arguments.format {
        RenderFormat::Yaml => write_configs(&mut output, &sources, &renderings)?,
        RenderFormat::Json => {
            let servers: Vec<Value> = renderings.iter().map(rendering_json).collect();
            write_document(&mut output, &json!({ "version": 1, "prometheuses": servers }))?;
        }
    }
    output.flush()?;
    let mut diagnostics = faults;
    diagnostics.extend(once_each(stage_diagnostics(&renderings)));
    terminal.show(&sources, &diagnostics);
    notes(arguments, &renderings, terminal);
    let is_named = global.prometheus.is_some();
    for rendering in renderings.iter().filter(|rendering| rendering.config.is_some() && !is_named) {
        // Without `version`, the operator generates for its own default, whatever the image is.
        if let Some(release) = rendering.release.filter(|release| release.field == "version") {
            terminal.note(&release_note(&rendering.prometheus, release));
        }
    }
    let is_refused =
        |rendering: &Rendering| (rendering.config.is_none() && !rendering.unmanaged) || !rendering.rejected.is_empty();
    let is_found = renderings.iter().any(is_refused) || diagnostics.iter().any(Diagnostic::is_error);
    Ok(match (has_failed, is_found) {
        (true, _) => Status::CouldNot,
        (false, true) => Status::Found,
        (false, false) => Status::Fine,
    })
}

/// Says that there is nothing to render, and why: no config is printed, as nobody asked for one.
fn nothing(
    arguments: &RenderArguments,
    sources: &Sources,
    faults: &[Diagnostic],
    has_failed: bool,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    if arguments.format == RenderFormat::Json {
        let mut output = terminal.output();
        write_document(&mut output, &json!({ "version": 1, "prometheuses": [] }))?;
        output.flush()?;
    }
    terminal.show(sources, faults);
    match (has_failed, faults.iter().any(Diagnostic::is_error)) {
        (true, _) => Ok(Status::CouldNot),
        (false, true) => Ok(Status::Found),
        (false, false) => Err(Failure::new("nothing to render: the input has no object of prometheus-operator")
            .with_help("name manifests with a Prometheus, ServiceMonitor, PodMonitor, Probe or ScrapeConfig")
            .into()),
    }
}

/// What was read of the files.
struct Read {
    objects: OperatorObjects,
    sources: Sources,
    /// Documents that are broken.
    faults: Vec<Diagnostic>,
    /// Whether a file could not be read.
    has_failed: bool,
}

fn read(arguments: &RenderArguments, terminal: &Terminal) -> Read {
    let Candidates { files, failures, notes } = candidates(&arguments.paths);
    notes.iter().for_each(|note| terminal.note(note));
    failures.iter().for_each(|failure| terminal.fail(failure));
    let mut read = Read {
        objects: OperatorObjects::default(),
        sources: Sources::new(),
        faults: Vec::new(),
        has_failed: !failures.is_empty(),
    };
    let mut templates = 0;
    for candidate in files {
        let purpose = "manifest";
        let bytes = match candidate.is_named {
            true => input::read_bytes(&candidate.path, purpose),
            false => input::read_found_bytes(&candidate.path, purpose),
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(failure) => {
                terminal.fail(&failure);
                read.has_failed = true;
                continue;
            }
        };
        let input = Input::decode_owned(input::shown_name(&candidate.path), bytes);
        templates += usize::from(read.add(&input, candidate.is_named));
    }
    if templates > 0 {
        let files = if templates == 1 { "1 file is a template and was" } else { "some files are templates and were" };
        terminal.note(&format!("{files} skipped; render it first: helm template … | promcfg render -"));
    }
    for replaced in read.objects.take_replaced() {
        terminal.note(&format!("{replaced} is several times in the input; the last one is used"));
    }
    read
}

impl Read {
    /// Adds the objects of a file. Whether it is a template.
    fn add(&mut self, input: &Input, is_named: bool) -> bool {
        let is_manifest = *input.format() == Format::Manifest;
        if let Format::Neighbor(neighbor) = input.format()
            && neighbor.is_template()
        {
            return true;
        }
        let before = self.objects.unreadable().len();
        let file = self.sources.add(input.name(), input.tree().text().clone());
        self.objects.add(input.tree(), file);
        if is_manifest || is_named {
            self.faults.extend(object_faults(input, file, &self.objects.unreadable()[before..]));
        }
        false
    }
}

fn unknown_server(namespace: &str, name: &str, objects: &OperatorObjects) -> Failure {
    let known: Vec<String> = objects
        .ids()
        .filter(|id| id.kind.is_server())
        .map(|id| format!("{}/{}", escape_text(&id.namespace), escape_text(&id.name)))
        .collect();
    Failure::new(format!("no Prometheus {namespace}/{name} in the input"))
        .with_note(format!("the input has {}", known.join(", ")))
}

fn write_configs(output: &mut impl Write, sources: &Sources, renderings: &[Rendering]) -> Result<(), Stop> {
    let configs = renderings.iter().filter_map(|rendering| Some((rendering, rendering.config.as_ref()?)));
    for (index, (rendering, config)) in configs.enumerate() {
        if index > 0 {
            writeln!(output, "---")?;
        }
        writeln!(output, "# {}", escape_text(&heading(rendering)))?;
        output.write_all(without_secrets(&config.annotated(sources)).as_bytes())?;
    }
    Ok(())
}

/// A config with `<secret>` also in the place of the secrets that an object has outside of Secrets, such as a parameter.
fn without_secrets(text: &str) -> Cow<'_, str> {
    let secrets = Secrets::find(text);
    if secrets.is_empty() {
        return text.into();
    }
    let mut at = 0;
    let line = |line: &str| {
        let (start, content) = (at, line.trim_end_matches('\n'));
        at += line.len();
        secrets.masked(text, start..start + content.len()) + &line[content.len()..]
    };
    text.split_inclusive('\n').map(line).collect::<String>().into()
}

fn heading(rendering: &Rendering) -> String {
    match rendering.at {
        Some(_) => rendering.prometheus.to_string(),
        None => format!("{}: assumed, with the defaults", rendering.prometheus),
    }
}

fn rendering_json(rendering: &Rendering) -> Value {
    let texts = |ids: &mut dyn Iterator<Item = String>| Value::from(ids.collect::<Vec<_>>());
    let rejected = rendering.rejected.iter().map(
        |rejected| json!({ "object": rejected.object.to_string(), "by": rejected.by.name(), "error": rejected.error }),
    );
    let mut members = json!({
        "prometheus": rendering.prometheus.to_string(),
        "rejected": rejected.collect::<Vec<_>>(),
        "pruned": texts(&mut rendering.pruned.iter().map(|pruned| format!("{}: {}", pruned.object, pruned.path))),
        "not_selected": texts(&mut rendering.not_selected.iter().map(|other| other.object.to_string())),
    });
    let (key, value) = match (&rendering.config, &rendering.error) {
        (Some(config), _) => ("config", without_secrets(config.text())),
        (None, Some(error)) => ("error", masked_value(&error.error)),
        (None, None) => ("unmanaged", "it has no selector".into()),
    };
    members[key] = Value::from(&*value);
    members
}

/// Each once: an object that several Prometheuses select is refused for each of them.
fn once_each(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut known: std::collections::HashSet<(promcfg::text::Location, String)> = std::collections::HashSet::new();
    diagnostics.into_iter().filter(|found| known.insert((found.at, found.message.clone()))).collect()
}

/// What else is to be known of the configs.
fn notes(arguments: &RenderArguments, renderings: &[Rendering], terminal: &Terminal) {
    const MOST: usize = 10;
    for rendering in renderings {
        let server = &rendering.prometheus;
        if rendering.unmanaged && rendering.config.is_none() {
            terminal.note(&format!("{server}: it has no selector, so the operator leaves its config to others"));
            continue;
        }
        for assumption in rendering.assumed.iter().filter_map(assumption_note).take(MOST) {
            terminal.note(&format!("{server}: {assumption}"));
        }
        let others = &rendering.not_selected;
        let what = if arguments.unselected { "rendered, but not selected" } else { "not selected" };
        for other in others.iter().take(MOST) {
            terminal.note(&format!("{server}: {what}: {}: {}", other.object, promcfg::lint::why_not_selected(other)));
        }
        if others.len() > MOST {
            terminal.note(&format!("{server}: {what}: {} more objects", others.len() - MOST));
        }
    }
    let has_secret = |rendering: &Rendering| rendering.config.as_ref().is_some_and(GeneratedConfig::has_secrets);
    if renderings.iter().any(has_secret) {
        terminal.note("values of Secrets are not read: they are assumed to exist, and shown as <secret>");
    }
}

/// What is said of an assumption. Secrets are mentioned together.
fn assumption_note(assumption: &Assumption) -> Option<String> {
    match assumption {
        Assumption::Namespace { namespace, selector } => Some(format!(
            "the labels of the namespace `{}` are not in the input: it is taken as selected by `{selector}`",
            escape_text(namespace)
        )),
        Assumption::LeftOut { field, name } => {
            Some(format!("the Secret `{}` of `{field}` is not in the input: it is left out", escape_text(name)))
        }
        _ => None,
    }
}
