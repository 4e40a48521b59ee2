//! Write relabel rules that only some endpoints have.

use crate::lint::rule::{Check, Input};
use crate::lint::sink::{Sink, in_file};

pub(super) const CHECK: Check = Check::Input(check);

fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    let config = input.config;
    let has_rules = |index: &usize| !config.remote_write[*index].write_relabel_configs.is_empty();
    let Some(with) = (0..config.remote_write.len()).find(has_rules) else { return };
    for (index, endpoint) in config.remote_write.iter().enumerate().filter(|(index, _)| !has_rules(index)) {
        let text = sink.tree(config.file).map_or("", |tree| tree.text());
        let line = endpoint.span.of(text).find(['\n', '\r']).unwrap_or(endpoint.span.len());
        let start = endpoint.span.start as usize;
        let span = crate::text::Span::new(start, start + line);
        let message = format!(
            "remote_write[{index}] gets every series: the rules of remote_write[{with}] apply only to that endpoint"
        );
        let finding = in_file(config.file, span, message)
            .with_argument("section", "remote_write")
            .with_argument("field", "write_relabel_configs")
            .with_note("`write_relabel_configs` apply to one endpoint; no setting applies to all endpoints")
            .with_help(
                "repeat the rules here, or drop the series in `metric_relabel_configs` if no endpoint needs them",
            );
        sink.push(finding);
    }
}
