//! Any text as a page of series: it is read to the end, or the fault has a line of the page.

use promcfg::simulate::read_series;

pub(crate) fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match read_series(text) {
        Ok(series) => {
            assert!(series.len() <= text.lines().count(), "more series than lines");
        }
        Err(error) => {
            let lines = text.split('\n').count();
            assert!((1..=lines).contains(&error.line), "line {} of {lines}", error.line);
            assert!(!error.message.is_empty());
        }
    }
}
