//! A file that the config names and that does not exist.

use crate::lint::missing_files::names_patterns;
use crate::lint::rule::{Check, Fields, Parts};
use crate::lint::sink::{Sink, in_file};
use crate::text::go_quote;

pub(super) const CHECK: Check = Check::Parts(Parts { fields: Some(check), ..Parts::NONE });

fn check(fields: &Fields<'_>, sink: &mut Sink<'_>) {
    for field in fields.judged() {
        for path in field.paths.iter().filter(|path| fields.is_missing(field.file, path.span)) {
            let shown = go_quote(&path.value);
            let is_pattern = names_patterns(field) && path.value.contains(['*', '?', '[']);
            let message = if is_pattern {
                format!("no file matches {shown}")
            } else {
                format!("the file {shown} does not exist")
            };
            let mut finding = in_file(field.file, path.span, message)
                .with_argument("field", field.field.name)
                .with_argument("path", path.value.as_str())
                .with_note("a path is relative to the folder of the config")
                .with_help("correct the path; ignore this if the file exists only where Prometheus runs");
            finding.job.clone_from(&field.job);
            sink.push(finding);
        }
    }
}
