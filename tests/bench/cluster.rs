//! A cluster as `kubectl get pods,services,endpointslices,nodes,namespaces -A -o json` prints it.

use std::fmt::Write as _;

const NAMESPACES: [&str; 8] =
    ["default", "kube-system", "monitoring", "payments", "shop", "search", "team-a", "team-b"];

/// What is in a cluster.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) pods: usize,
    pub(crate) services: usize,
    pub(crate) nodes: usize,
}

/// The list that kubectl prints. Each service selects the pods of one application, and has their slices.
pub(crate) fn cluster(size: Size) -> String {
    let mut text = String::with_capacity(size.pods * 5_800);
    text.push_str("{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n");
    for namespace in NAMESPACES {
        let _ = write!(
            text,
            r#"        {{"apiVersion": "v1", "kind": "Namespace", "metadata": {{"name": "{namespace}", "uid": "n-{namespace}",
            "labels": {{"kubernetes.io/metadata.name": "{namespace}", "team": "core"}}}}, "status": {{"phase": "Active"}}}},
"#
        );
    }
    (0..size.nodes).for_each(|index| node(&mut text, index));
    (0..size.services).for_each(|index| service(&mut text, index));
    (0..size.pods).for_each(|index| pod(&mut text, index, size));
    slices(&mut text, size);
    text.truncate(text.trim_end().trim_end_matches(',').len());
    text.push_str(
        "\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n",
    );
    text
}

fn pod_name(index: usize, size: Size) -> String {
    format!("app-{}-{:08x}-{index:05x}", index % size.services, index % size.services * 7_919)
}

fn pod_ip(index: usize) -> String {
    format!("10.{}.{}.{}", index >> 16, index >> 8 & 255, index & 255)
}

fn namespace_of(service: usize) -> &'static str {
    NAMESPACES[service % NAMESPACES.len()]
}

fn node(text: &mut String, index: usize) {
    let zone = ["a", "b", "c"][index % 3];
    let _ = write!(
        text,
        r#"        {{
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {{
                "annotations": {{"node.alpha.kubernetes.io/ttl": "0", "volumes.kubernetes.io/controller-managed-attach-detach": "true"}},
                "labels": {{"kubernetes.io/arch": "amd64", "kubernetes.io/hostname": "node-{index}", "kubernetes.io/os": "linux",
                    "node.kubernetes.io/instance-type": "m6i.4xlarge", "topology.kubernetes.io/region": "eu-west-1",
                    "topology.kubernetes.io/zone": "eu-west-1{zone}"}},
                "name": "node-{index}", "uid": "node-uid-{index}"
            }},
            "spec": {{"podCIDR": "10.200.{octet}.0/24", "providerID": "aws:///eu-west-1{zone}/i-{index:017x}"}},
            "status": {{
                "addresses": [{{"address": "192.168.{high}.{octet}", "type": "InternalIP"}}, {{"address": "node-{index}", "type": "Hostname"}}],
                "conditions": [{{"status": "False", "type": "MemoryPressure"}}, {{"status": "False", "type": "DiskPressure"}}, {{"status": "True", "type": "Ready"}}],
                "daemonEndpoints": {{"kubeletEndpoint": {{"Port": 10250}}}},
                "images": [{images}]
            }}
        }},
"#,
        high = index >> 8,
        octet = index & 255,
        images = (0..20)
            .map(|image| format!(r#"{{"names": ["registry.example/library/image-{image}@sha256:{image:064x}"], "sizeBytes": 1{image:02}00000}}"#))
            .collect::<Vec<_>>()
            .join(", "),
    );
}

fn service(text: &mut String, index: usize) {
    let namespace = namespace_of(index);
    let _ = write!(
        text,
        r#"        {{
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {{
                "annotations": {{"prometheus.io/port": "8080", "prometheus.io/scrape": "true"}},
                "creationTimestamp": "2026-05-01T10:00:00Z",
                "labels": {{"app.kubernetes.io/name": "app-{index}", "team": "team-{team}"}},
                "name": "app-{index}", "namespace": "{namespace}", "resourceVersion": "{index}", "uid": "svc-uid-{index}"
            }},
            "spec": {{
                "clusterIP": "10.96.{high}.{low}", "clusterIPs": ["10.96.{high}.{low}"], "internalTrafficPolicy": "Cluster",
                "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack",
                "ports": [{{"name": "http", "port": 80, "protocol": "TCP", "targetPort": "http"}}],
                "selector": {{"app.kubernetes.io/name": "app-{index}"}}, "sessionAffinity": "None", "type": "ClusterIP"
            }},
            "status": {{"loadBalancer": {{}}}}
        }},
"#,
        team = index % 31,
        high = index >> 8,
        low = index & 255,
    );
}

/// Some 5 KB: most of it is not read.
fn pod(text: &mut String, index: usize, size: Size) {
    let service = index % size.services;
    let (namespace, name, ip) = (namespace_of(service), pod_name(index, size), pod_ip(index));
    let variables: String = (0..12)
        .map(|number| {
            format!(
                r#"
                            {{
                                "name": "SETTING_{number}",
                                "value": "a value of some length, number {number}"
                            }},"#
            )
        })
        .collect();
    let _ = write!(
        text,
        r#"        {{
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {{
                "annotations": {{
                    "checksum/config": "{index:064x}",
                    "kubectl.kubernetes.io/restartedAt": "2026-10-01T08:00:00Z",
                    "prometheus.io/path": "/metrics",
                    "prometheus.io/port": "8080",
                    "prometheus.io/scrape": "true"
                }},
                "creationTimestamp": "2026-10-01T08:00:00Z",
                "generateName": "app-{service}-{hash:08x}-",
                "labels": {{
                    "app.kubernetes.io/instance": "app-{service}",
                    "app.kubernetes.io/name": "app-{service}",
                    "app.kubernetes.io/version": "1.{minor}.0",
                    "pod-template-hash": "{hash:08x}",
                    "team": "team-{team}"
                }},
                "name": "{name}",
                "namespace": "{namespace}",
                "ownerReferences": [
                    {{
                        "apiVersion": "apps/v1",
                        "blockOwnerDeletion": true,
                        "controller": true,
                        "kind": "ReplicaSet",
                        "name": "app-{service}-{hash:08x}",
                        "uid": "rs-uid-{service}"
                    }}
                ],
                "resourceVersion": "{index}",
                "uid": "{index:08x}-0000-4000-8000-000000000000"
            }},
            "spec": {{
                "containers": [
                    {{
                        "env": [{variables}
                            {{
                                "name": "PASSWORD",
                                "valueFrom": {{"secretKeyRef": {{"key": "password", "name": "app-{service}"}}}}
                            }}
                        ],
                        "image": "registry.example/team/app-{service}:1.{minor}.0",
                        "imagePullPolicy": "IfNotPresent",
                        "livenessProbe": {{"failureThreshold": 3, "httpGet": {{"path": "/healthz", "port": "http", "scheme": "HTTP"}}, "periodSeconds": 10}},
                        "name": "app",
                        "ports": [
                            {{"containerPort": 8080, "name": "http", "protocol": "TCP"}},
                            {{"containerPort": 9090, "name": "metrics", "protocol": "TCP"}}
                        ],
                        "resources": {{"limits": {{"cpu": "1", "memory": "512Mi"}}, "requests": {{"cpu": "100m", "memory": "256Mi"}}}},
                        "terminationMessagePath": "/dev/termination-log",
                        "volumeMounts": [{{"mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "name": "kube-api-access", "readOnly": true}}]
                    }},
                    {{
                        "args": ["proxy", "sidecar", "--log_output_level=default:info", "--concurrency", "2"],
                        "image": "registry.example/proxy:1.22.3",
                        "name": "proxy",
                        "ports": [{{"containerPort": 15090, "name": "http-envoy-prom", "protocol": "TCP"}}]
                    }}
                ],
                "dnsPolicy": "ClusterFirst",
                "enableServiceLinks": true,
                "nodeName": "node-{node}",
                "restartPolicy": "Always",
                "schedulerName": "default-scheduler",
                "serviceAccount": "app-{service}",
                "serviceAccountName": "app-{service}",
                "tolerations": [
                    {{"effect": "NoExecute", "key": "node.kubernetes.io/not-ready", "operator": "Exists", "tolerationSeconds": 300}},
                    {{"effect": "NoExecute", "key": "node.kubernetes.io/unreachable", "operator": "Exists", "tolerationSeconds": 300}}
                ],
                "volumes": [{{"name": "kube-api-access", "projected": {{"defaultMode": 420, "sources": [{{"serviceAccountToken": {{"expirationSeconds": 3607, "path": "token"}}}}]}}}}]
            }},
            "status": {{
                "conditions": [
                    {{"lastProbeTime": null, "lastTransitionTime": "2026-10-01T08:00:01Z", "status": "True", "type": "Initialized"}},
                    {{"lastProbeTime": null, "lastTransitionTime": "2026-10-01T08:00:09Z", "status": "True", "type": "Ready"}},
                    {{"lastProbeTime": null, "lastTransitionTime": "2026-10-01T08:00:09Z", "status": "True", "type": "ContainersReady"}},
                    {{"lastProbeTime": null, "lastTransitionTime": "2026-10-01T08:00:00Z", "status": "True", "type": "PodScheduled"}}
                ],
                "containerStatuses": [
                    {{"containerID": "containerd://{index:064x}", "image": "registry.example/team/app-{service}:1.{minor}.0", "name": "app", "ready": true, "restartCount": 0, "state": {{"running": {{"startedAt": "2026-10-01T08:00:05Z"}}}}}},
                    {{"containerID": "containerd://{other:064x}", "image": "registry.example/proxy:1.22.3", "name": "proxy", "ready": true, "restartCount": 0, "state": {{"running": {{"startedAt": "2026-10-01T08:00:05Z"}}}}}}
                ],
                "hostIP": "192.168.{high}.{low}",
                "phase": "Running",
                "podIP": "{ip}",
                "podIPs": [{{"ip": "{ip}"}}],
                "qosClass": "Burstable",
                "startTime": "2026-10-01T08:00:00Z"
            }}
        }},
"#,
        hash = service * 7_919,
        minor = service % 20,
        team = service % 31,
        node = index % size.nodes,
        other = index + size.pods,
        high = (index % size.nodes) >> 8,
        low = (index % size.nodes) & 255,
    );
}

/// The slices of each service, of a hundred endpoints at most.
fn slices(text: &mut String, size: Size) {
    for service in 0..size.services {
        let pods: Vec<usize> = (service..size.pods).step_by(size.services).collect();
        for (number, chunk) in pods.chunks(100).enumerate() {
            let namespace = namespace_of(service);
            let endpoints: Vec<String> = chunk.iter().map(|&index| endpoint(index, namespace, size)).collect();
            let _ = write!(
                text,
                r#"        {{
            "addressType": "IPv4",
            "apiVersion": "discovery.k8s.io/v1",
            "endpoints": [{}],
            "kind": "EndpointSlice",
            "metadata": {{"generateName": "app-{service}-", "labels": {{"app.kubernetes.io/name": "app-{service}", "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io", "kubernetes.io/service-name": "app-{service}"}}, "name": "app-{service}-{number:05x}", "namespace": "{namespace}", "uid": "slice-{service}-{number}"}},
            "ports": [{{"name": "http", "port": 8080, "protocol": "TCP"}}]
        }},
"#,
                endpoints.join(", "),
            );
        }
    }
}

fn endpoint(index: usize, namespace: &str, size: Size) -> String {
    format!(
        r#"{{"addresses": ["{}"], "conditions": {{"ready": true, "serving": true, "terminating": false}}, "nodeName": "node-{}", "targetRef": {{"kind": "Pod", "name": "{}", "namespace": "{namespace}", "uid": "{index:08x}-0000-4000-8000-000000000000"}}, "zone": "eu-west-1a"}}"#,
        pod_ip(index),
        index % size.nodes,
        pod_name(index, size),
    )
}
