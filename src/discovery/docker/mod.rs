//! Containers and networks of Docker → the target group of `docker_sd_configs`.
//!
//! Source: `discovery/moby/docker.go` of Prometheus 3.14.0; the labels of images are on its main branch.

mod groups;
mod objects;
#[cfg(test)]
mod tests;

use super::filter::Filter;
use super::found::ObjectScope;

pub use objects::DockerObjects;

/// An item of `docker_sd_configs`, as far as it decides on targets.
///
/// ```
/// use promcfg::discovery::DockerOptions;
/// let options = DockerOptions::default();
/// assert_eq!((options.port, options.host_networking_host.as_str()), (80, "localhost"));
/// assert!(options.match_first_network && options.filters.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DockerOptions {
    /// `port`: that of targets without a port of their own.
    pub port: i64,
    /// `host_networking_host`: the address of containers in the host's network.
    pub host_networking_host: String,
    /// `match_first_network`: whether a container of several networks has only targets of the first one, by name.
    pub match_first_network: bool,
    /// `filters`.
    pub filters: Vec<Filter>,
    /// Whether the containers are those that the server selected by these filters.
    pub scope: ObjectScope,
}

impl Default for DockerOptions {
    fn default() -> Self {
        Self {
            port: 80,
            host_networking_host: "localhost".to_string(),
            match_first_network: true,
            filters: Vec::new(),
            scope: ObjectScope::Answer,
        }
    }
}
