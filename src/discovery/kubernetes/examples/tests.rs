use std::fmt::Write as _;

use super::super::{KubernetesContext, KubernetesObjects, KubernetesOptions, KubernetesRole};
use super::KubernetesExamples;

fn examples(text: &str) -> KubernetesExamples {
    let (objects, errors) = KubernetesObjects::read(text);
    assert_eq!(errors, []);
    objects.with_examples("shop")
}

/// The source and the addresses of each group, with the labels that `is_shown` shows.
fn found(examples: &KubernetesExamples, role: KubernetesRole, is_shown: impl Fn(&str) -> bool) -> String {
    let mut options = KubernetesOptions::new(role);
    options.attach.deployment = true;
    options.attach.cronjob = true;
    let found = examples.objects.discover(&options, KubernetesContext::default()).expect("is found");
    let mut text = String::new();
    for group in &found.groups {
        let _ = write!(text, "{}", group.source);
        for (name, value) in group.labels.iter().filter(|(name, _)| is_shown(name)) {
            let _ = write!(text, " {}={value}", name.trim_start_matches("__meta_kubernetes_"));
        }
        for target in &group.targets {
            let _ = write!(text, " {}", target[0].1);
        }
        text.push('\n');
    }
    text
}

const TEMPLATE: &str = "template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: i, \
                        ports: [{name: http, containerPort: 8080}]}]}}";

#[test]
fn each_workload_has_one_example_pod() {
    let text = format!(
        "kind: Deployment\nmetadata: {{name: web}}\nspec: {{replicas: 3, {TEMPLATE}}}\n---\n\
         kind: StatefulSet\nmetadata: {{name: db, namespace: data}}\nspec: {{ordinals: {{start: 5}}, {TEMPLATE}}}\n---\n\
         kind: DaemonSet\nmetadata: {{name: agent}}\nspec: {{{TEMPLATE}}}\n---\n\
         kind: Job\nmetadata: {{name: once}}\nspec: {{completionMode: Indexed, {TEMPLATE}}}\n---\n\
         kind: CronJob\nmetadata: {{name: nightly}}\nspec: {{jobTemplate: {{spec: {{{TEMPLATE}}}}}}}\n---\n\
         kind: ReplicationController\nmetadata: {{name: old}}\nspec: {{{TEMPLATE}}}\n---\n\
         kind: Deployment\nmetadata: {{name: idle}}\nspec: {{replicas: 0, {TEMPLATE}}}\n---\n\
         kind: Pod\nmetadata: {{generateName: made-}}\nspec: {{containers: [{{name: c}}]}}\n"
    );
    let examples = examples(&text);
    let is_shown =
        |name: &str| name.contains("pod_controller_") || name.contains("_deployment_") || name.contains("cronjob_name");
    assert_eq!(
        found(&examples, KubernetesRole::Pod, is_shown),
        "\
pod/shop/made-<random> 192.0.2.100
pod/shop/web-<hash>-<random> pod_controller_kind=ReplicaSet pod_controller_name=web-<hash> pod_deployment_name=web 192.0.2.101:8080
pod/data/db-5 pod_controller_kind=StatefulSet pod_controller_name=db 192.0.2.102:8080
pod/shop/agent-<random> pod_controller_kind=DaemonSet pod_controller_name=agent 192.0.2.103:8080
pod/shop/old-<random> pod_controller_kind=ReplicationController pod_controller_name=old 192.0.2.104:8080
pod/shop/once-0-<random> pod_controller_kind=Job pod_controller_name=once 192.0.2.105:8080
pod/shop/nightly-<minutes>-<random> pod_controller_kind=Job pod_controller_name=nightly-<minutes> pod_cronjob_name=nightly 192.0.2.106:8080
"
    );
    assert_eq!(examples.pods[0], ("Deployment shop/web".to_string(), "pod/shop/web-<hash>-<random>".to_string()));
    assert_eq!(examples.pods.len(), 6);
}

#[test]
fn a_workload_whose_pods_are_given_or_that_a_server_has_seen_has_no_example() {
    let pod = |kind: &str, name: &str| {
        format!(
            "---\nkind: Pod\nmetadata: {{name: p, namespace: shop, uid: u, ownerReferences: [{{kind: {kind}, name: {name}, controller: true}}]}}\n"
        )
    };
    let web = format!("kind: Deployment\nmetadata: {{name: web}}\nspec: {{{TEMPLATE}}}\n");
    assert!(examples(&format!("{web}{}", pod("ReplicaSet", "web-7d9"))).pods.is_empty());
    assert_eq!(examples(&format!("{web}{}", pod("ReplicaSet", "webs-7d9"))).pods.len(), 1);
    assert_eq!(examples(&format!("{web}{}", pod("StatefulSet", "web"))).pods.len(), 1);
    assert!(examples(&format!("{web}status: {{replicas: 0}}\n")).pods.is_empty());
    let db = format!("kind: StatefulSet\nmetadata: {{name: db, uid: u}}\nspec: {{{TEMPLATE}}}\n");
    assert!(examples(&db).pods.is_empty());
}

#[test]
fn services_of_manifests_have_the_endpoints_of_their_pods() {
    let text = format!(
        "kind: Deployment\nmetadata: {{name: web}}\nspec: {{{TEMPLATE}}}\n---\n\
         kind: Service\nmetadata: {{name: web, labels: {{team: a}}}}\nspec: {{selector: {{app: web}}, ports: [{{port: 80, targetPort: http}}]}}\n---\n\
         kind: Service\nmetadata: {{name: none}}\nspec: {{clusterIP: None, selector: {{app: x}}, ports: [{{port: 80}}]}}\n---\n\
         kind: Service\nmetadata: {{name: manual}}\nspec: {{ports: [{{port: 80}}]}}\n"
    );
    let examples = examples(&text);
    let is_shown = |name: &str| name.contains("_label_");
    assert_eq!(
        found(&examples, KubernetesRole::EndpointSlice, is_shown),
        "\
endpointslice/shop/web-<random> endpointslice_label_endpointslice_kubernetes_io_managed_by=endpointslice-controller.k8s.io \
endpointslice_label_kubernetes_io_service_name=web endpointslice_label_team=a service_label_team=a 192.0.2.100:8080
endpointslice/shop/none-<random> endpointslice_label_endpointslice_kubernetes_io_managed_by=endpointslice-controller.k8s.io \
endpointslice_label_kubernetes_io_service_name=none endpointslice_label_service_kubernetes_io_headless=
"
    );
    assert_eq!(
        found(&examples, KubernetesRole::Endpoints, is_shown),
        "\
endpoints/shop/web service_label_team=a endpoints_label_endpoints_kubernetes_io_managed_by=endpoint-controller \
endpoints_label_team=a 192.0.2.100:8080
endpoints/shop/none endpoints_label_endpoints_kubernetes_io_managed_by=endpoint-controller \
endpoints_label_service_kubernetes_io_headless=
"
    );
    assert_eq!(
        found(&examples, KubernetesRole::Service, |_| false),
        "svc/shop/web web.shop.svc:80\nsvc/shop/none none.shop.svc:80\nsvc/shop/manual manual.shop.svc:80\n"
    );
}

#[test]
fn a_new_service_has_the_endpoints_of_pods_that_run() {
    let text = "kind: Service\nmetadata: {name: s, namespace: d}\nspec: {selector: {app: a}, ports: [{port: 80}]}\n---\n\
        kind: Pod\nmetadata: {name: p, namespace: d, uid: u, labels: {app: a}}\nspec: {nodeName: node-1}\n\
        status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}], conditions: [{type: Ready, status: 'False'}]}\n";
    let with_slice = format!(
        "{text}---\nkind: EndpointSlice\nmetadata: {{name: x, namespace: d, labels: {{kubernetes.io/service-name: s}}}}\n"
    );
    assert_eq!(
        found(&examples(text), KubernetesRole::EndpointSlice, |_| false),
        "endpointslice/d/s-<random> 10.0.0.1:80\n"
    );
    assert_eq!(found(&examples(text), KubernetesRole::Endpoints, |_| false), "endpoints/d/s 10.0.0.1:80\n");
    assert_eq!(found(&examples(&with_slice), KubernetesRole::EndpointSlice, |_| false), "endpointslice/d/x\n");
}

#[test]
fn a_pod_with_a_written_status_has_the_defaults_of_its_ports_and_one_list_of_addresses() {
    let text = "kind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}\n---\n\
        kind: Pod\nmetadata: {name: web-1, labels: {app: web}}\nspec: {containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]}\n\
        status: {phase: Running, podIP: 10.0.0.7, conditions: [{type: Ready, status: 'True'}]}\n";
    let found = found(&examples(text), KubernetesRole::Endpoints, |_| false);
    assert_eq!(found, "endpoints/shop/web 10.0.0.7:8080\n");
}
