//! Any text as manifests: the objects of prometheus-operator in it are rendered, and the configs that come out are valid
//! YAML of which each place was made of a place in the manifests.

use promcfg::input::operator::{GeneratedConfig, OperatorObjects, RenderOptions, Rendering, render};
use promcfg::text::{FileId, Location, Span, decode_text};
use promcfg::yaml::Tree;
use promcfg::{Options, Sources};

pub(crate) fn check(bytes: &[u8]) {
    let tree = Tree::from_decoded(decode_text(bytes));
    let mut sources = Sources::new();
    let outer = sources.add("objects.yml", tree.text().clone());
    let mut objects = OperatorObjects::default();
    objects.add(&tree, outer);
    for (at, why) in objects.unreadable() {
        assert!(is_place(&sources, *at) && !why.is_empty(), "{at:?}");
    }
    let all = RenderOptions { unselected: true, ..RenderOptions::default() };
    for options in [RenderOptions::default(), all] {
        for rendering in render(&objects, &options) {
            has_places(&rendering, &sources);
            if let Some(config) = &rendering.config {
                is_config(config, &rendering, &mut sources, outer);
            }
        }
    }
}

/// Everything that is said of an object has its place.
fn has_places(rendering: &Rendering, sources: &Sources) {
    for rejected in rendering.rejected.iter().chain(&rendering.error) {
        assert!(is_place(sources, rejected.at) && !rejected.error.is_empty(), "{rejected:?}");
    }
    for pruned in &rendering.pruned {
        assert!(is_place(sources, pruned.at) && !pruned.path.is_empty(), "{pruned:?}");
    }
    // Either there is a config, or a reason: an error, or that the operator manages none.
    let is_without_reason = rendering.error.is_none() && !rendering.unmanaged;
    assert!(rendering.config.is_some() || !is_without_reason, "{rendering:?}");
    assert!(rendering.config.is_none() || rendering.error.is_none(), "{:?}", rendering.error);
}

/// The text is one document, and each of its nodes was made of a place in the manifests.
fn is_config(config: &GeneratedConfig, rendering: &Rendering, sources: &mut Sources, outer: FileId) {
    let tree = Tree::parse(config.text());
    assert!(tree.fault().is_none() && tree.rest().is_none(), "{}", config.text());
    let file = config.add_to(sources, "generated");
    let spans: Vec<Span> = tree.nodes().map(promcfg::yaml::Node::full_span).collect();
    for span in spans {
        let at = sources.outermost(Location::new(file, span));
        assert!(at.file == file || at.file == outer && is_place(sources, at), "{span:?} is of {at:?}");
    }
    let (_, diagnostics) = rendering.read(sources, &Options::default()).expect("there is a config");
    for diagnostic in diagnostics {
        assert!(!diagnostic.display(sources).to_string().is_empty());
    }
}

fn is_place(sources: &Sources, at: Location) -> bool {
    sources.text(at.file).get(at.span.range()).is_some()
}
