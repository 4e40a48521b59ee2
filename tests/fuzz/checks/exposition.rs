//! Any bytes as a page, in each format: what is read is part of it and reads again as the same, each fault has a place and a
//! message, and what comes before the first fault does not depend on what comes after it.

use promcfg::Sources;
use promcfg::exposition::{Page, PageFormat, PageSample, debug_page, diagnostics, faults};
use promcfg::simulate::read_series;

pub(crate) fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return not_text(bytes) };
    for format in [PageFormat::Text, PageFormat::OpenMetrics] {
        page(text, format);
    }
    if let Err(error) = read_series(text) {
        let lines = text.split('\n').count();
        assert!((1..=lines).contains(&error.line), "line {} of {lines}", error.line);
        assert!(!error.message.is_empty());
    }
}

/// Bytes that are not UTF-8: each fault has a place and a message, also in the text that is shown.
fn not_text(bytes: &[u8]) {
    for format in [PageFormat::Text, PageFormat::OpenMetrics] {
        for fault in faults(bytes, format) {
            assert!(bytes.get(fault.span(bytes).range()).is_some_and(|part| !part.contains(&b'\n')));
            assert!(!fault.message(bytes).is_empty() && !fault.upstream(bytes).is_empty());
        }
        let text = String::from_utf8_lossy(bytes);
        let mut sources = Sources::new();
        let file = sources.add("page", text.clone().into_owned());
        for diagnostic in diagnostics(&sources, file, bytes, format) {
            assert!(text.get(diagnostic.at.span.range()).is_some(), "{:?}", diagnostic.at);
        }
    }
}

fn page(text: &str, format: PageFormat) {
    let lines = text.split('\n').count();
    let mut valid = Vec::new();
    let mut first = None;
    let mut read = 0;
    for item in Page::new(text, format) {
        read += 1;
        match item {
            Ok(sample) if first.is_none() => valid.push(sample),
            Ok(_) => {}
            Err(fault) => {
                assert!((1..=lines).contains(&fault.line()), "line {} of {lines}", fault.line());
                let span = fault.span(text).range();
                assert!(text.get(span.clone()).is_some_and(|part| !part.contains('\n')), "{span:?}");
                assert!(!fault.message(text).is_empty() && !fault.message(text).contains('\n'));
                first.get_or_insert(fault);
            }
        }
    }
    // The end of a page in OpenMetrics is checked beside its lines; a fault can be found where a sample ended early.
    assert!(read <= 2 * lines + 1, "{read} samples and faults in {lines} lines");
    let answer = debug_page(text, format);
    assert_eq!(answer.get("error").is_some(), first.is_some() || valid.iter().any(has_empty_name));
    if first.is_none() {
        assert!(faults(text, format).is_empty());
        reads_again(&valid);
        if format == PageFormat::Text && !text.contains('\0') {
            a_fault_after_it_changes_nothing(text, &valid);
        }
    }
}

fn has_empty_name(sample: &PageSample<'_>) -> bool {
    sample.name.is_empty()
        || sample.labels.iter().any(|(name, value)| name.is_empty() || *name == "__name__" && value.is_empty())
}

/// Samples that are written in quotes are the same samples, in both formats.
fn reads_again(samples: &[PageSample<'_>]) {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('\n', "\\n").replace('"', "\\\""));
    let mut written = String::new();
    for sample in samples {
        let mut parts = vec![quoted(&sample.name)];
        parts.extend(sample.labels.iter().map(|(name, value)| format!("{}={}", quoted(name), quoted(value))));
        written.push_str(&format!("{{{}}} 1\n", parts.join(",")));
    }
    // Quoted names and values may have no bytes of value 0 in every place.
    if written.contains('\0') {
        return;
    }
    for (end, format) in [("", PageFormat::Text), ("# EOF\n", PageFormat::OpenMetrics)] {
        let page = format!("{written}{end}");
        let again: Vec<_> = Page::new(&page, format).map(|sample| sample.expect("is written correctly")).collect();
        assert_eq!(again.len(), samples.len());
        for (again, sample) in again.iter().zip(samples) {
            assert_eq!((&again.name, &again.labels), (&sample.name, &sample.labels));
        }
    }
}

fn a_fault_after_it_changes_nothing(text: &str, valid: &[PageSample<'_>]) {
    let longer = format!("{text}\n}}\n");
    let mut page = Page::new(&longer, PageFormat::Text);
    for sample in valid {
        let again = page.next().and_then(Result::ok).expect("is read before the fault");
        assert_eq!((&again.name, &again.labels, again.timestamp), (&sample.name, &sample.labels, sample.timestamp));
    }
    assert!(page.next().is_some_and(|last| last.is_err()));
    assert!(page.next().is_none());
}
