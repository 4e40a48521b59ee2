//! Instances of Amazon EC2 → the target group of `ec2_sd_configs`, and of `aws_sd_configs` with the role `ec2`.
//!
//! Source: `discovery/aws/ec2.go` of Prometheus 3.14.0.

use rustc_hash::{FxHashMap, FxHashSet};

use super::address::join_host_port;
use super::filter::{Filter, matches_pattern, passes_all};
use super::found::{Discovered, DiscoveryError, DiscoveryNote, ObjectScope, Targets, note_filters};
use super::json::{DumpError, objects, read};
use super::label::{of_list, pair};
use super::{LabelPair, discovery_role};
use crate::release::Release;

const PREFIX: &str = "__meta_ec2_";

/// An item of `ec2_sd_configs`, as far as it decides on targets.
///
/// ```
/// let options = promcfg::discovery::Ec2Options::new("eu-west-1");
/// assert_eq!((options.region.as_str(), options.port), ("eu-west-1", 80));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ec2Options {
    /// `region`; empty where the config leaves it to the machine that Prometheus runs on.
    pub region: String,
    /// `port`.
    pub port: i64,
    /// `filters`.
    pub filters: Vec<Filter>,
    /// Whether the instances are those that the server selected by these filters.
    pub scope: ObjectScope,
}

impl Ec2Options {
    /// Those of an item with nothing but a region.
    #[must_use]
    pub fn new(region: impl Into<String>) -> Self {
        Self { region: region.into(), port: 80, filters: Vec::new(), scope: ObjectScope::Answer }
    }
}

objects! {
    struct Described {
        reservations: Vec<Reservation> = "Reservations",
    }
    struct Reservation {
        owner_id: Option<String> = "OwnerId",
        instances: Vec<Instance> = "Instances",
    }
    struct Instance {
        id: String = "InstanceId",
        image_id: String = "ImageId",
        instance_type: String = "InstanceType",
        lifecycle: String = "InstanceLifecycle",
        architecture: String = "Architecture",
        platform: String = "Platform",
        placement: Placement = "Placement",
        state: State = "State",
        private_ip: Option<String> = "PrivateIpAddress",
        private_dns: Option<String> = "PrivateDnsName",
        public_ip: Option<String> = "PublicIpAddress",
        public_dns: Option<String> = "PublicDnsName",
        vpc_id: Option<String> = "VpcId",
        subnet_id: Option<String> = "SubnetId",
        interfaces: Vec<Interface> = "NetworkInterfaces",
        tags: Vec<Tag> = "Tags",
    }
    struct Placement {
        zone: String = "AvailabilityZone",
    }
    struct State {
        name: String = "Name",
    }
    struct Interface {
        subnet_id: Option<String> = "SubnetId",
        attachment: Attachment = "Attachment",
        addresses: Vec<Ipv6> = "Ipv6Addresses",
    }
    struct Attachment {
        index: Option<i32> = "DeviceIndex",
    }
    struct Ipv6 {
        address: Option<String> = "Ipv6Address",
        is_primary: bool = "IsPrimaryIpv6",
    }
    struct Tag {
        key: Option<String> = "Key",
        value: Option<String> = "Value",
    }
    struct DescribedZones {
        zones: Vec<Zone> = "AvailabilityZones",
    }
    struct Zone {
        name: String = "ZoneName",
        id: String = "ZoneId",
        region: String = "RegionName",
    }
}

/// Instances and availability zones.
///
/// ```
/// use promcfg::discovery::{Ec2Objects, Ec2Options};
/// let mut objects = Ec2Objects::default();
/// objects.add_instances(r#"{"Reservations": [{"OwnerId": "1", "Instances": [
///     {"InstanceId": "i-1", "PrivateIpAddress": "10.0.0.4", "State": {"Name": "running"}}
/// ]}]}"#)?;
/// let found = objects.groups(&Ec2Options::new("eu-west-1"), promcfg::Release::LATEST).unwrap();
/// assert!(found.groups[0].targets[0].contains(&("__address__".into(), "10.0.0.4:80".into())));
/// # Ok::<(), promcfg::discovery::DumpError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ec2Objects {
    reservations: Vec<Reservation>,
    zones: Vec<Zone>,
}

impl Ec2Objects {
    /// Adds the output of `aws ec2 describe-instances`; how many instances it has.
    ///
    /// # Errors
    /// A text that is not JSON, or a value of a wrong type.
    pub fn add_instances(&mut self, text: &str) -> Result<usize, DumpError> {
        Ok(self.add_reservations(read::<Described>(text)?.reservations))
    }

    /// Adds a list of instances without their reservations, which say who the owner is; how many it has.
    ///
    /// # Errors
    /// A text that is not JSON, or a value of a wrong type.
    pub fn add_instance_list(&mut self, text: &str) -> Result<usize, DumpError> {
        Ok(self.add_reservations(vec![Reservation { owner_id: None, instances: read(text)? }]))
    }

    fn add_reservations(&mut self, reservations: Vec<Reservation>) -> usize {
        let count = reservations.iter().map(|reservation| reservation.instances.len()).sum();
        self.reservations.extend(reservations);
        count
    }

    /// Adds the output of `aws ec2 describe-availability-zones`; how many zones it has.
    ///
    /// # Errors
    /// A text that is not JSON, or a value of a wrong type.
    pub fn add_zones(&mut self, text: &str) -> Result<usize, DumpError> {
        let zones = read::<DescribedZones>(text)?.zones;
        let count = zones.len();
        self.zones.extend(zones);
        Ok(count)
    }

    /// Whether there are neither instances nor zones.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.reservations.is_empty() && self.zones.is_empty()
    }

    /// The region that the zones name, if they name one.
    fn region(&self) -> Option<&str> {
        let first = &self.zones.first()?.region;
        (!first.is_empty() && self.zones.iter().all(|zone| zone.region == *first)).then_some(first)
    }

    /// The target group that Prometheus would make of them.
    ///
    /// # Errors
    /// More labels than are made here.
    pub fn groups(&self, options: &Ec2Options, release: Release) -> Result<Discovered, DiscoveryError> {
        let mut found = Discovered::default();
        let region = if options.region.is_empty() { self.region().unwrap_or("") } else { &options.region };
        if region.is_empty() {
            found.notes.push(DiscoveryNote::Unknown { field: "region", label: "__meta_ec2_region" });
        }
        let filters = known_filters(options, &mut found.notes);
        let zones: FxHashMap<&str, &str> =
            self.zones.iter().map(|zone| (zone.name.as_str(), zone.id.as_str())).collect();
        let role = discovery_role("ec2_sd_configs", "");
        let has_ipv6 = role.is_some_and(|role| {
            let label = role.labels.iter().find(|label| label.name == "__meta_ec2_default_ipv6_address");
            label.is_some_and(|label| label.availability().includes(release))
        });
        let mut targets = Targets::default();
        for reservation in &self.reservations {
            for instance in reservation.instances.iter().filter(|instance| instance.passes(&filters)) {
                let addresses = Ipv6Addresses::of(instance);
                let reachable = instance.private_ip.as_deref().or_else(|| addresses.default().filter(|_| has_ipv6));
                let Some(address) = reachable else { continue };
                let zone = zones.get(instance.placement.zone.as_str()).copied().unwrap_or("");
                let mut target = vec![pair("__address__", join_host_port(address, options.port))];
                target.extend(labels(instance, reservation.owner_id.as_deref(), region, zone));
                target.extend(addresses.labels());
                target.extend(network_labels(instance));
                let tags = instance.tags.iter().filter_map(|tag| Some((tag.key.as_deref()?, tag.value.as_deref()?)));
                target.extend(of_list("__meta_ec2_tag_", tags));
                targets.push(target)?;
            }
        }
        if self.zones.is_empty() && !self.reservations.is_empty() {
            let consequence = "`__meta_ec2_availability_zone_id` is empty";
            found.notes.push(DiscoveryNote::MissingObjects { kind: "availability zones", consequence });
        }
        found.groups.push(targets.into_group(region));
        Ok(found.of_release(role, release))
    }
}

fn name(part: &str) -> String {
    format!("{PREFIX}{part}")
}

/// The labels of an instance itself.
fn labels(instance: &Instance, owner: Option<&str>, region: &str, zone_id: &str) -> Vec<LabelPair> {
    let always = [
        ("instance_id", instance.id.as_str()),
        ("region", region),
        ("ami", &instance.image_id),
        ("availability_zone", &instance.placement.zone),
        ("availability_zone_id", zone_id),
        ("instance_state", &instance.state.name),
        ("instance_type", &instance.instance_type),
    ];
    let public = instance.public_ip.as_deref();
    let given = |value: &'_ str| (!value.is_empty()).then(|| value.to_string());
    let sometimes = [
        ("owner_id", owner.map(str::to_string)),
        ("private_ip", instance.private_ip.clone()),
        ("private_dns_name", instance.private_dns.clone()),
        ("platform", given(&instance.platform)),
        ("public_ip", public.map(str::to_string)),
        ("public_dns_name", public.map(|_| instance.public_dns.clone().unwrap_or_default())),
        ("instance_lifecycle", given(&instance.lifecycle)),
        ("architecture", given(&instance.architecture)),
    ];
    let always = always.into_iter().map(|(part, value)| pair(&name(part), value));
    let sometimes = sometimes.into_iter().filter_map(|(part, value)| Some(pair(&name(part), value?)));
    always.chain(sometimes).collect()
}

/// The labels of an instance in a virtual private cloud.
fn network_labels(instance: &Instance) -> Vec<LabelPair> {
    let Some(vpc) = &instance.vpc_id else { return Vec::new() };
    let mut seen = FxHashSet::default();
    let subnets = instance.interfaces.iter().filter_map(|interface| interface.subnet_id.as_deref());
    let subnets: Vec<&str> = subnets.filter(|subnet| seen.insert(*subnet)).collect();
    vec![
        pair(&name("vpc_id"), vpc.as_str()),
        pair(&name("primary_subnet_id"), instance.subnet_id.as_deref().unwrap_or("")),
        pair(&name("subnet_id"), in_commas(&subnets)),
    ]
}

/// A list with a comma around each item, so that a rule can look for one with its commas.
fn in_commas(items: &[&str]) -> String {
    format!(",{},", items.join(","))
}

/// The IPv6 addresses of an instance.
struct Ipv6Addresses<'i> {
    all: Vec<&'i str>,
    /// The primary ones, each at the place that its interface has; empty where an interface has none.
    primary: Vec<&'i str>,
}

impl<'i> Ipv6Addresses<'i> {
    /// The highest place of an interface that is counted. Instances have far fewer interfaces.
    const MAX_INDEX: i32 = 4_096;

    fn of(instance: &'i Instance) -> Self {
        let (mut all, mut primary) = (Vec::new(), Vec::new());
        let is_in_cloud = instance.vpc_id.is_some();
        let interfaces = instance.interfaces.iter().filter(|interface| is_in_cloud && interface.subnet_id.is_some());
        for interface in interfaces {
            for address in &interface.addresses {
                let Some(text) = address.address.as_deref() else { continue };
                all.push(text);
                let place = interface.attachment.index.filter(|index| (0..=Self::MAX_INDEX).contains(index));
                if let Some(place) = place.filter(|_| address.is_primary).and_then(|place| usize::try_from(place).ok())
                {
                    if primary.len() <= place {
                        primary.resize(place + 1, "");
                    }
                    primary[place] = text;
                }
            }
        }
        Self { all, primary }
    }

    /// The first primary address, or else the first one.
    fn default(&self) -> Option<&'i str> {
        self.primary.iter().chain(&self.all).copied().find(|address| !address.is_empty())
    }

    fn labels(&self) -> Vec<LabelPair> {
        let list = |addresses: &[&str]| (!addresses.is_empty()).then(|| in_commas(addresses));
        let labels = [
            ("default_ipv6_address", self.default().map(str::to_string)),
            ("primary_ipv6_addresses", list(&self.primary)),
            ("ipv6_addresses", list(&self.all)),
        ];
        labels.into_iter().filter_map(|(part, value)| Some(pair(&name(part), value?))).collect()
    }
}

/// The filters that are applied here, all others being noted.
fn known_filters<'o>(options: &'o Ec2Options, notes: &mut Vec<DiscoveryNote>) -> Vec<&'o Filter> {
    if options.scope == ObjectScope::Answer {
        return Vec::new();
    }
    let nothing = Instance::default();
    let (known, unknown): (Vec<&Filter>, Vec<&Filter>) =
        options.filters.iter().partition(|filter| nothing.values_of(&filter.name).is_some());
    note_filters("filters", &unknown, notes);
    known
}

impl Instance {
    /// Of the values of a filter one must agree, and all filters must pass.
    fn passes(&self, filters: &[&Filter]) -> bool {
        passes_all(filters, |name, patterns| {
            let own = self.values_of(name).unwrap_or_default();
            own.iter().any(|value| patterns.iter().any(|pattern| matches_pattern(pattern, value)))
        })
    }

    /// The values of the instance that a filter looks at; `None` for a filter that is not applied here.
    fn values_of(&self, filter: &str) -> Option<Vec<&str>> {
        let tags = || self.tags.iter().filter_map(|tag| Some((tag.key.as_deref()?, tag.value.as_deref()?)));
        if let Some(key) = filter.strip_prefix("tag:") {
            return Some(tags().filter(|(own, _)| *own == key).map(|(_, value)| value).collect());
        }
        Some(match filter {
            "tag-key" => tags().map(|(key, _)| key).collect(),
            "instance-id" => vec![&self.id],
            "instance-state-name" => vec![&self.state.name],
            "instance-type" => vec![&self.instance_type],
            "image-id" => vec![&self.image_id],
            "availability-zone" => vec![&self.placement.zone],
            "architecture" => vec![&self.architecture],
            "vpc-id" => self.vpc_id.as_deref().into_iter().collect(),
            "subnet-id" => self.subnet_id.as_deref().into_iter().collect(),
            "private-ip-address" => self.private_ip.as_deref().into_iter().collect(),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(instance: &str, options: &Ec2Options, release: Release) -> Discovered {
        let mut objects = Ec2Objects::default();
        objects
            .add_instances(&format!(r#"{{"Reservations": [{{"OwnerId": "1", "Instances": [{instance}]}}]}}"#))
            .unwrap();
        objects
            .add_zones(r#"{"AvailabilityZones": [{"ZoneName": "a-1a", "ZoneId": "z3", "RegionName": "a-1"}]}"#)
            .unwrap();
        objects.groups(options, release).unwrap()
    }

    fn values(instance: &str, names: &[&str]) -> Vec<Vec<String>> {
        values_of(&found(instance, &Ec2Options::new("r"), Release::LATEST), names)
    }

    /// The labels of these names, of each target; `-` where a target does not have one.
    fn values_of(found: &Discovered, names: &[&str]) -> Vec<Vec<String>> {
        let value = |target: &Vec<LabelPair>, wanted: &str| {
            let wanted = if wanted == "__address__" { wanted.to_string() } else { name(wanted) };
            target.iter().find(|(own, _)| **own == *wanted).map_or("-".to_string(), |(_, value)| value.to_string())
        };
        let of_target = |target| names.iter().map(|name| value(target, name)).collect();
        found.groups[0].targets.iter().map(of_target).collect()
    }

    #[test]
    fn an_instance_without_an_address_is_skipped_and_a_stopped_one_stays() {
        assert_eq!(values(r#"{"InstanceId": "i-1", "State": {"Name": "terminated"}}"#, &["__address__"]), [[""; 0]; 0]);
        let stopped = r#"{"InstanceId": "i-1", "PrivateIpAddress": "10.0.0.4", "State": {"Name": "stopped"}}"#;
        let names = ["__address__", "instance_state", "ami", "owner_id", "public_ip", "vpc_id", "region"];
        assert_eq!(values(stopped, &names), [["10.0.0.4:80", "stopped", "", "1", "-", "-", "r"]]);
    }

    #[test]
    fn subnets_are_listed_once_in_commas() {
        let instance = |interfaces: &str| {
            format!(
                r#"{{"PrivateIpAddress": "10.0.0.4", "VpcId": "v", "SubnetId": "s1", "NetworkInterfaces": [{interfaces}]}}"#
            )
        };
        let subnets = |interfaces: &str| values(&instance(interfaces), &["subnet_id", "primary_subnet_id"]);
        assert_eq!(subnets(""), [[",,", "s1"]]);
        assert_eq!(subnets(r#"{"SubnetId": "s1"}, {"SubnetId": "s2"}, {}, {"SubnetId": "s1"}"#), [[",s1,s2,", "s1"]]);
    }

    #[test]
    fn primary_ipv6_addresses_stand_at_the_place_of_their_interface() {
        let interface = |index: &str, address: &str, primary: bool| {
            format!(
                r#"{{"SubnetId": "s", "Attachment": {{"DeviceIndex": {index}}},
                    "Ipv6Addresses": [{{"Ipv6Address": "{address}", "IsPrimaryIpv6": {primary}}}]}}"#
            )
        };
        let instance =
            |interfaces: &[String]| format!(r#"{{"VpcId": "v", "NetworkInterfaces": [{}]}}"#, interfaces.join(","));
        let names = ["__address__", "default_ipv6_address", "primary_ipv6_addresses", "ipv6_addresses"];
        let two = instance(&[interface("0", "2001:db8::1", false), interface("2", "2001:db8::3", true)]);
        let expected = ["[2001:db8::3]:80", "2001:db8::3", ",,,2001:db8::3,", ",2001:db8::1,2001:db8::3,"];
        assert_eq!(values(&two, &names), [expected]);
        let none = instance(&[interface("0", "2001:db8::1", false)]);
        assert_eq!(values(&none, &names), [["[2001:db8::1]:80", "2001:db8::1", "-", ",2001:db8::1,"]]);
        for index in ["-1", "null", "2000000000"] {
            let odd = instance(&[interface(index, "2001:db8::1", true)]);
            assert_eq!(values(&odd, &["primary_ipv6_addresses"]), [["-"]], "{index}");
        }
        let old = found(&two, &Ec2Options::new("r"), "3.11".parse().unwrap());
        assert_eq!(old.groups[0].targets.len(), 0);
    }

    #[test]
    fn the_region_is_that_of_the_config_or_of_the_zones() {
        let instance = r#"{"PrivateIpAddress": "10.0.0.4", "Placement": {"AvailabilityZone": "a-1a"}}"#;
        let found = found(instance, &Ec2Options::new(""), Release::LATEST);
        assert_eq!(&*found.groups[0].source, "a-1");
        assert_eq!(values_of(&found, &["region", "availability_zone_id"]), [["a-1", "z3"]]);
        let mut objects = Ec2Objects::default();
        objects.add_instance_list(&format!("[{instance}]")).unwrap();
        let notes = objects.groups(&Ec2Options::new(""), Release::LATEST).unwrap().notes;
        assert_eq!(
            notes[0].to_string(),
            "neither the config nor the dump has the region: `__meta_ec2_region` is empty"
        );
        assert_eq!(
            notes[1].to_string(),
            "the dump has no availability zones: `__meta_ec2_availability_zone_id` is empty"
        );
    }

    #[test]
    fn of_tags_with_one_name_the_last_one_counts_and_one_without_a_value_is_skipped() {
        let tags = r#"{"PrivateIpAddress": "10.0.0.4", "Tags": [{"Key": "a.b", "Value": "1"}, {"Key": "a/b", "Value": "2"},
            {"Key": "c"}, null, {"Key": "Name", "Value": ""}]}"#;
        assert_eq!(values(tags, &["tag_a_b", "tag_c", "tag_Name"]), [["2", "-", ""]]);
    }

    #[test]
    fn of_a_dump_only_the_instances_that_pass_the_filters_are_targets() {
        let instance = r#"{"PrivateIpAddress": "10.0.0.4", "State": {"Name": "running"}, "Tags": [{"Key": "env", "Value": "prod-1"}]}"#;
        let count = |filters: Vec<Filter>| {
            let options = Ec2Options { filters, scope: ObjectScope::Dump, ..Ec2Options::new("r") };
            let found = found(instance, &options, Release::LATEST);
            (found.groups[0].targets.len(), found.notes.len())
        };
        assert_eq!(count(vec![Filter::new("tag:env", ["dev", "prod-*"])]), (1, 0));
        assert_eq!(count(vec![Filter::new("tag:env", ["prod"])]), (0, 0));
        assert_eq!(
            count(vec![Filter::new("instance-state-name", ["running"]), Filter::new("tag-key", ["Env"])]),
            (0, 0)
        );
        assert_eq!(count(vec![Filter::new("network-interface.status", ["in-use"])]), (1, 1));
    }
}
