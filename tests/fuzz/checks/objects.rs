//! Any bytes as objects of Kubernetes: reading ends, each error has a message and a place in the text, and the groups of
//! every role have each name once, and an address in each target.

use promcfg::discovery::{
    DiscoveredGroup, KubernetesContext, KubernetesObjects, KubernetesOptions, KubernetesRole, KubernetesSelector,
    LabelPair,
};
use promcfg::text::decode_text;

pub(crate) fn check(bytes: &[u8]) {
    let text = decode_text(bytes).text;
    let (objects, errors) = KubernetesObjects::read(&text);
    let lines = text.split(['\n', '\r']).count();
    for error in &errors {
        assert!(!error.message.is_empty() && !error.message.contains('\u{1}'), "{error:?}");
        assert!(error.line <= lines, "line {} of {lines}", error.line);
    }
    let examples = objects.with_examples("default");
    assert!(examples.objects.len() >= objects.len());
    for role in KubernetesRole::ALL {
        groups(&objects, role);
        groups(&examples.objects, role);
    }
}

fn groups(objects: &KubernetesObjects, role: KubernetesRole) {
    let mut options = KubernetesOptions::new(role);
    let all = objects.discover(&options, KubernetesContext::default()).expect("needs no namespace");
    all.groups.iter().for_each(group);
    options.attach.node = true;
    options.attach.namespace = true;
    options.attach.deployment = true;
    options.attach.job = true;
    options.attach.cronjob = true;
    options.selectors.push(KubernetesSelector { role, label: "app".into(), field: "metadata.name!=x".into() });
    let selected = objects.discover(&options, KubernetesContext::default()).expect("needs no namespace");
    selected.groups.iter().for_each(group);
    let found = selected.groups.iter().filter(|group| !group.targets.is_empty()).count();
    assert!(found + selected.lost.len() <= all.objects, "{role:?}");
    assert!(selected.groups.len() <= all.groups.len());
}

fn group(group: &DiscoveredGroup) {
    has_each_name_once(&group.labels);
    for target in &group.targets {
        assert!(target.iter().any(|(name, _)| &**name == "__address__"), "{group:?}");
        has_each_name_once(target);
    }
}

fn has_each_name_once(labels: &[LabelPair]) {
    let mut names: Vec<&str> = labels.iter().map(|(name, _)| &**name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "{labels:?}");
}
