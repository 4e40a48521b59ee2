//! A line that chooses an edit, then a text of any format: the configs in it are read and simulated, and an edit of
//! one of them changes just that one.

use promcfg::input::{Input, Part};
use promcfg::simulate::SimulateOptions;
use promcfg::text::{Edits, Span, decode_text};
use promcfg::{Options, Sources, simulate};

pub(crate) fn check(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (choice, text) = bytes.split_at(end);
    let name = if choice.first() == Some(&b'j') { "x.json" } else { "x.yml" };
    let input = Input::decode(name, text);
    let mut sources = Sources::new();
    let outer = sources.add(input.name(), input.tree().text().clone());
    if let Some(refusal) = input.refusal(outer) {
        assert!(refusal.display(&sources).to_string().contains("error: "));
    }
    let parts = input.parts();
    for (index, part) in parts.iter().enumerate() {
        read(&input, part, &mut sources, outer);
        let place = choice.get(index % choice.len().max(1)).copied().map_or(0, usize::from);
        raise(&input, &parts, index, place);
    }
}

/// The config is read, its places lie in both texts, and its targets are found.
fn read(input: &Input, part: &Part, sources: &mut Sources, outer: promcfg::text::FileId) {
    let file = part.add_to(sources, outer);
    let (config, diagnostics) = input.config(part, sources, file, &Options::default());
    for diagnostic in diagnostics {
        let inner = diagnostic.at;
        assert!(sources.text(inner.file).get(inner.span.range()).is_some(), "{diagnostic:?}");
        let at = sources.outermost(inner);
        assert!(sources.text(at.file).get(at.span.range()).is_some(), "{diagnostic:?}");
        assert!(!diagnostic.display(sources).to_string().is_empty());
    }
    let simulated = simulate(&config, sources, &Options::default(), &SimulateOptions::default());
    assert!(simulated.is_ok(), "no job was named");
}

/// A comment at the end of a line of an inner text becomes one in the outer text, and in no other part.
fn raise(input: &Input, parts: &[Part], index: usize, place: usize) {
    // Of a broken text the configs before the fault are read, and an edit may move the fault.
    if parts[index].is_whole() || input.tree().fault().is_some() {
        return;
    }
    let inner = parts[index].text();
    let ends: Vec<usize> = inner.match_indices('\n').map(|(at, _)| at).collect();
    let Some(&at) = ends.get(place % ends.len().max(1)) else { return };
    let edits = Edits::new(vec![(Span::new(at, at), " # mark".to_string())]).expect("one replacement does not overlap");
    let Ok(raised) = parts[index].raise(&edits) else { return };
    let after = raised.apply(input.tree().text());
    let again = Input::of_tree(input.name(), promcfg::yaml::Tree::from_decoded(decode_text(after.as_bytes())));
    let texts: Vec<String> = again.parts().iter().map(|part| part.text().to_string()).collect();
    let mut expected: Vec<String> = parts.iter().map(|part| part.text().to_string()).collect();
    // An alias gives one text to several parts.
    let is_shared = parts.iter().filter(|part| part.text() == inner).count() > 1;
    expected[index] = edits.apply(inner);
    assert!(is_shared || texts == expected, "the parts of {after:?}");
}
