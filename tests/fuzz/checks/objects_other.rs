//! Any text as a dump of objects: it is recognized and read, or refused at one of its lines; the target groups that are
//! made of it have an address each, and each label once; made again they are the same.

use std::collections::HashSet;

use promcfg::Release;
use promcfg::discovery::{
    ConsulOptions, Discovered, DiscoveryOptions, DnsOptions, DnsType, DockerOptions, Dumps, Ec2Options, Filter,
    HttpOptions, LabelPair, SwarmOptions, SwarmRole, recognize,
};

pub(crate) fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let kinds = recognize(&text);
    let mut dumps = Dumps::default();
    match dumps.add("health-web.json", &text) {
        Ok(parts) => {
            let added: HashSet<_> = parts.iter().map(|part| part.kind).collect();
            assert_eq!(parts.len(), added.len());
            assert!(kinds.iter().all(|kind| added.contains(kind)), "{kinds:?} {added:?}");
        }
        Err(error) => {
            assert!(error.line() <= text.split('\n').count(), "{error}");
            assert!(error.to_string().starts_with("health-web.json:"));
        }
    }
    for options in options() {
        for release in [Release::LATEST, Release::NEXT, "2.30".parse().expect("is known")] {
            let Some(found) = dumps.groups(&options, release) else { continue };
            assert!(dumps.holds(options.key()));
            if let Ok(found) = &found {
                groups(found);
            }
            assert!(dumps.groups(&options, release) == Some(found));
        }
    }
}

/// Every mechanism, with and without what its config can ask for.
fn options() -> Vec<DiscoveryOptions> {
    let filters = vec![Filter::new("label", ["a=1"]), Filter::new("tag:a", ["*1"]), Filter::new("role", ["worker"])];
    let mut docker = DockerOptions::default();
    docker.match_first_network = false;
    let mut ec2 = Ec2Options::new("");
    ec2.filters = filters.clone();
    let mut consul = ConsulOptions::default();
    consul.tags = vec!["a".to_string()];
    let mut all = vec![
        DiscoveryOptions::Docker(DockerOptions::default()),
        DiscoveryOptions::Docker(docker),
        DiscoveryOptions::Ec2(Ec2Options::new("r")),
        DiscoveryOptions::Ec2(ec2),
        DiscoveryOptions::Consul(ConsulOptions::default()),
        DiscoveryOptions::Consul(consul),
        DiscoveryOptions::Http(HttpOptions::new("http://h/")),
    ];
    for role in SwarmRole::ALL {
        all.push(DiscoveryOptions::Swarm(SwarmOptions::new(role)));
        let mut filtered = SwarmOptions::new(role);
        filtered.filters = filters.clone();
        all.push(DiscoveryOptions::Swarm(filtered));
    }
    for record_type in DnsType::ALL {
        for names in [&["a.example"][..], &["a", "b.example."]] {
            let mut dns = DnsOptions::new(names.iter().copied());
            dns.record_type = record_type;
            all.push(DiscoveryOptions::Dns(dns));
        }
    }
    all
}

fn groups(found: &Discovered) {
    let each_once = |labels: &[LabelPair]| {
        let names: HashSet<&str> = labels.iter().map(|(name, _)| &**name).collect();
        names.len() == labels.len()
    };
    for group in &found.groups {
        assert!(each_once(&group.labels));
        for target in &group.targets {
            assert!(each_once(target), "{target:?}");
            assert!(target.iter().any(|(name, _)| &**name == "__address__"));
        }
    }
    for label in &found.undetermined {
        let distinct: HashSet<_> = label.values.iter().collect();
        assert!(distinct.len() == label.values.len() && distinct.len() > 1);
    }
    for note in &found.notes {
        assert!(!note.to_string().is_empty());
        let _ = note.help();
    }
}
