//! Endpoints of services: whole, and in slices.

use super::super::values::{StringMap, Text, record};
use super::ObjectMeta;

record! {
    /// The endpoints of a service.
    Endpoints {
        "metadata" => meta: ObjectMeta,
        "subsets" => subsets: Vec<EndpointSubset>,
    }
}

record! {
    /// Addresses that have the same ports.
    EndpointSubset {
        "addresses" => addresses: Vec<EndpointAddress>,
        "notReadyAddresses" => not_ready_addresses: Vec<EndpointAddress>,
        "ports" => ports: Vec<EndpointPort>,
    }
}

record! {
    /// An address.
    EndpointAddress {
        "ip" => ip: Text,
        "hostname" => hostname: Text,
        "nodeName" => node_name: Option<Text>,
        "targetRef" => target: Option<AddressReference>,
    }
}

record! {
    /// A port.
    EndpointPort {
        "name" => name: Text,
        "port" => number: i32,
        "protocol" => protocol: Text,
    }
}

record! {
    /// The object that an address belongs to.
    AddressReference {
        "kind" => kind: Text,
        "namespace" => namespace: Text,
        "name" => name: Text,
        "uid" => uid: Text,
    }
}

record! {
    /// A slice of the endpoints of a service.
    EndpointSlice {
        "metadata" => meta: ObjectMeta,
        "addressType" => address_type: Text,
        "endpoints" => endpoints: Vec<SliceEndpoint>,
        "ports" => ports: Vec<SlicePort>,
    }
}

record! {
    /// An endpoint.
    SliceEndpoint {
        "addresses" => addresses: Vec<Text>,
        "conditions" => conditions: EndpointConditions,
        "hostname" => hostname: Option<Text>,
        "nodeName" => node_name: Option<Text>,
        "zone" => zone: Option<Text>,
        "targetRef" => target: Option<AddressReference>,
        "deprecatedTopology" => topology: StringMap,
    }
}

record! {
    /// The conditions of an endpoint.
    EndpointConditions {
        "ready" => ready: Option<bool>,
        "serving" => serving: Option<bool>,
        "terminating" => terminating: Option<bool>,
    }
}

record! {
    /// A port of a slice.
    SlicePort {
        "name" => name: Option<Text>,
        "port" => number: Option<i32>,
        "protocol" => protocol: Option<Text>,
        "appProtocol" => app_protocol: Option<Text>,
    }
}
