//! Role `ingress`: each path of each host.
//!
//! Source: `ingress.go` of Prometheus 3.14.0.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::super::loss::KubernetesLoss;
use super::super::maker::{Maker, MetaOf};
use super::super::names::Label;
use super::super::objects::Ingress;
use super::Made;

pub(in crate::discovery::kubernetes) fn ingress_group<'o>(maker: &mut Maker<'o>, ingress: &'o Ingress) -> Made {
    let mut group = maker.group("ingress", &ingress.meta);
    group.labels.push(maker.fixed.pair(Label::Namespace, ingress.meta.namespace.shared()));
    if let Some(class) = &ingress.spec.class_name {
        group.labels.push(maker.fixed.pair(Label::IngressClassName, class.shared()));
    }
    maker.add_meta(MetaOf::Ingress, &ingress.meta, &mut group.labels);
    maker.add_namespace(&ingress.meta, &mut group.labels);
    let encrypted = EncryptedHosts::of(ingress);
    let schemes: [Arc<str>; 2] = ["http".into(), "https".into()];
    let root: Arc<str> = "/".into();
    let mut is_cut = false;
    for rule in &ingress.spec.rules {
        let scheme = &schemes[usize::from(encrypted.contain(&rule.host))];
        let paths: Vec<Arc<str>> = match &rule.http {
            None => vec![Arc::clone(&root)],
            Some(http) => {
                let path = |text: &Arc<str>| if text.is_empty() { Arc::clone(&root) } else { Arc::clone(text) };
                http.paths.iter().map(|own| path(&own.path.shared())).collect()
            }
        };
        for path in paths {
            let target = vec![
                maker.fixed.pair(Label::Address, rule.host.shared()),
                maker.fixed.pair(Label::IngressScheme, Arc::clone(scheme)),
                maker.fixed.pair(Label::IngressHost, rule.host.shared()),
                maker.fixed.pair(Label::IngressPath, path),
            ];
            is_cut |= !maker.push(&mut group, target);
        }
    }
    Made { is_cut, ..Made::of(group, KubernetesLoss::NoPaths) }
}

/// The hosts with a certificate.
struct EncryptedHosts<'o> {
    exact: FxHashSet<&'o str>,
    /// The hosts whose first part is `*`, without the star: `.a.com`, or nothing.
    below: FxHashSet<&'o str>,
}

impl<'o> EncryptedHosts<'o> {
    fn of(ingress: &'o Ingress) -> Self {
        let hosts = || ingress.spec.tls.iter().flat_map(|tls| &tls.hosts).map(|host| &**host);
        let rests = hosts().filter_map(|host| host.strip_prefix('*'));
        let below = rests.filter(|rest| rest.is_empty() || rest.starts_with('.'));
        Self { exact: hosts().collect(), below: below.collect() }
    }

    /// A star is one part of a name: `*.a.com` is `x.a.com`, not `a.com` and not `x.y.a.com`.
    fn contain(&self, host: &str) -> bool {
        let rest = host.find('.').map_or("", |dot| &host[dot..]);
        self.exact.contains(host) || self.below.contains(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::KubernetesObjects;
    use super::*;

    #[test]
    fn a_star_is_one_part_of_a_name() {
        let text = r#"{"kind": "Ingress", "spec": {"tls": [{"hosts": ["*.a.com", "b.com", "*x.c.com"]}]}}"#;
        let (objects, _) = KubernetesObjects::read(text);
        let hosts = EncryptedHosts::of(&objects.ingresses[0]);
        for host in ["x.a.com", "*.a.com", "b.com", ".a.com"] {
            assert!(hosts.contain(host), "{host}");
        }
        for host in ["a.com", "x.y.a.com", "x.b.com", "yx.c.com", "", "c"] {
            assert!(!hosts.contain(host), "{host}");
        }
        let (objects, _) = KubernetesObjects::read(r#"{"kind": "Ingress", "spec": {"tls": [{"hosts": ["*"]}]}}"#);
        let hosts = EncryptedHosts::of(&objects.ingresses[0]);
        assert!(hosts.contain("") && hosts.contain("localhost") && !hosts.contain("a.com"));
    }
}
