//! Which targets an address names.

use super::{NamedBy, Status, TargetResult};

/// How `address` names a target, in the strongest way.
///
/// ```
/// use promcfg::{Config, Options, Sources, simulate};
/// use promcfg::simulate::{NamedBy, SimulateOptions, named_by};
/// let mut sources = Sources::new();
/// let text = "
/// scrape_configs:
/// - job_name: web
///   static_configs: [{targets: ['10.0.0.1:80']}]
///   relabel_configs: [{target_label: instance, replacement: web-1}]
/// ";
/// let file = sources.add("prometheus.yml", text);
/// let (config, _) = Config::read(&mut sources, file, &Options::default());
/// let simulation = simulate(&config, &mut sources, &Options::default(), &SimulateOptions::default())?;
/// let target = &simulation.jobs[0].targets[0];
/// assert_eq!(named_by(target, "10.0.0.1:80"), Some(NamedBy::Address));
/// assert_eq!(named_by(target, "web-1"), Some(NamedBy::Instance));
/// assert_eq!(named_by(target, "web-2"), None);
/// # Ok::<(), promcfg::simulate::UnknownJobError>(())
/// ```
#[must_use]
pub fn named_by(target: &TargetResult, address: &str) -> Option<NamedBy> {
    NamedBy::ALL.into_iter().find(|way| name_of(target, *way) == Some(address))
}

/// The names of a target, the strongest first.
pub(crate) fn names_of(target: &TargetResult) -> impl Iterator<Item = (NamedBy, &str)> {
    NamedBy::ALL.into_iter().filter_map(move |way| Some((way, name_of(target, way)?)))
}

/// The name that a target has in one way.
fn name_of(target: &TargetResult, way: NamedBy) -> Option<&str> {
    let is_kept = target.status == Status::Kept;
    match way {
        NamedBy::Address => target.discovered.find("__address__"),
        NamedBy::Instance => target.labels.find("instance").filter(|_| is_kept),
        NamedBy::FinalAddress => target.labels.find("__address__").filter(|_| is_kept),
    }
}

/// The targets that an address names, all in the same way: the strongest in which it names any.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NamedTargets {
    /// The way.
    pub by: NamedBy,
    /// Their indices, ascending.
    pub indices: Vec<usize>,
}

/// The targets among `results` that `address` names; `None` when it names none of them. Results of several jobs
/// are given as one sequence.
///
/// ```
/// use promcfg::{Config, Options, Sources, simulate};
/// use promcfg::simulate::{NamedBy, SimulateOptions, targets_named};
/// let mut sources = Sources::new();
/// let text = "scrape_configs: [{job_name: web, static_configs: [{targets: ['a:1', 'b:1', 'a:1']}]}]";
/// let file = sources.add("prometheus.yml", text);
/// let (config, _) = Config::read(&mut sources, file, &Options::default());
/// let simulation = simulate(&config, &mut sources, &Options::default(), &SimulateOptions::default())?;
/// let named = targets_named(&simulation.jobs[0].targets, "a:1").unwrap();
/// assert_eq!((named.by, named.indices), (NamedBy::Address, vec![0, 2]));
/// # Ok::<(), promcfg::simulate::UnknownJobError>(())
/// ```
#[must_use]
pub fn targets_named<'r>(results: impl IntoIterator<Item = &'r TargetResult>, address: &str) -> Option<NamedTargets> {
    let ways = results.into_iter().map(|target| named_by(target, address));
    let (by, indices) = strongest(ways)?;
    Some(NamedTargets { by, indices })
}

/// Of the ways in which an address names each of several targets, the strongest, and the targets with it.
pub fn strongest(ways: impl IntoIterator<Item = Option<NamedBy>>) -> Option<(NamedBy, Vec<usize>)> {
    let mut best: Option<(NamedBy, Vec<usize>)> = None;
    for (index, way) in ways.into_iter().enumerate() {
        let Some(way) = way else { continue };
        match &mut best {
            Some((by, indices)) if *by == way => indices.push(index),
            Some((by, _)) if *by < way => {}
            _ => best = Some((way, vec![index])),
        }
    }
    best
}
