//! Every discovery mechanism of Prometheus 3.14.

mod amazon;
mod clouds;
mod platforms;

use super::kind::{Field, Kind, Section, SectionCheck};
use super::kind::{duration, flag, int, not_before, one, secret, text, texts};

use amazon::{AWS, EC2, ECS, ELASTICACHE, LIGHTSAIL, MSK, RDS};
use clouds::{
    AZURE, DIGITALOCEAN, GCE, HETZNER, IONOS, LINODE, OCI, OPENSTACK, OUTSCALE, OVHCLOUD, SCALEWAY, STACKIT, VULTR,
};
use platforms::{
    CONSUL, DNS, DOCKER, DOCKERSWARM, EUREKA, HTTP, KUBERNETES, KUMA, MARATHON, NERVE, NOMAD, PUPPETDB, SERVERSET,
    TRITON, UYUNI,
};

/// The keys of discovery mechanisms in scrape configs and Alertmanagers.
pub(super) const DISCOVERY: &[Field] = &[
    Field::new("static_configs", Kind::Own),
    Field::new("file_sd_configs", Kind::Own),
    mechanism("aws_sd_configs", "[]*aws.SDConfig", &AWS).since(3, 8),
    mechanism("azure_sd_configs", "[]*azure.SDConfig", &AZURE),
    mechanism("consul_sd_configs", "[]*consul.SDConfig", &CONSUL),
    mechanism("digitalocean_sd_configs", "[]*digitalocean.SDConfig", &DIGITALOCEAN),
    mechanism("dns_sd_configs", "[]*dns.SDConfig", &DNS),
    mechanism("docker_sd_configs", "[]*moby.DockerSDConfig", &DOCKER),
    mechanism("dockerswarm_sd_configs", "[]*moby.DockerSwarmSDConfig", &DOCKERSWARM),
    mechanism("ec2_sd_configs", "[]*aws.EC2SDConfig", &EC2),
    mechanism("ecs_sd_configs", "[]*aws.ECSSDConfig", &ECS).since(3, 8),
    mechanism("elasticache_sd_configs", "[]*aws.ElasticacheSDConfig", &ELASTICACHE).since(3, 11),
    mechanism("eureka_sd_configs", "[]*eureka.SDConfig", &EUREKA),
    mechanism("gce_sd_configs", "[]*gce.SDConfig", &GCE),
    mechanism("hetzner_sd_configs", "[]*hetzner.SDConfig", &HETZNER),
    mechanism("http_sd_configs", "[]*http.SDConfig", &HTTP),
    mechanism("ionos_sd_configs", "[]*ionos.SDConfig", &IONOS).since(2, 36),
    mechanism("kubernetes_sd_configs", "[]*kubernetes.SDConfig", &KUBERNETES),
    mechanism("kuma_sd_configs", "[]*xds.SDConfig", &KUMA).since(2, 29),
    mechanism("lightsail_sd_configs", "[]*aws.LightsailSDConfig", &LIGHTSAIL),
    mechanism("linode_sd_configs", "[]*linode.SDConfig", &LINODE),
    mechanism("marathon_sd_configs", "[]*marathon.SDConfig", &MARATHON),
    mechanism("msk_sd_configs", "[]*aws.MSKSDConfig", &MSK).since(3, 10),
    mechanism("nerve_sd_configs", "[]*zookeeper.NerveSDConfig", &NERVE),
    mechanism("nomad_sd_configs", "[]*nomad.SDConfig", &NOMAD).since(2, 37),
    mechanism("oci_sd_configs", "[]*oci.SDConfig", &OCI).since(3, 14),
    mechanism("openstack_sd_configs", "[]*openstack.SDConfig", &OPENSTACK),
    mechanism("outscale_sd_configs", "[]*outscale.SDConfig", &OUTSCALE).since(3, 12),
    mechanism("ovhcloud_sd_configs", "[]*ovhcloud.SDConfig", &OVHCLOUD).since(2, 40),
    mechanism("puppetdb_sd_configs", "[]*puppetdb.SDConfig", &PUPPETDB).since(2, 31),
    mechanism("rds_sd_configs", "[]*aws.RDSSDConfig", &RDS).since(3, 11),
    mechanism("scaleway_sd_configs", "[]*scaleway.SDConfig", &SCALEWAY),
    mechanism("serverset_sd_configs", "[]*zookeeper.ServersetSDConfig", &SERVERSET),
    mechanism("stackit_sd_configs", "[]*stackit.SDConfig", &STACKIT).since(3, 5),
    mechanism("triton_sd_configs", "[]*triton.SDConfig", &TRITON),
    mechanism("uyuni_sd_configs", "[]*uyuni.SDConfig", &UYUNI).since(2, 31),
    mechanism("vultr_sd_configs", "[]*vultr.SDConfig", &VULTR).since(2, 36),
];

const fn mechanism(key: &'static str, list: &'static str, section: &'static Section) -> Field {
    Field::new(key, Kind::Discovery(list, section))
}

const REFRESH: Field = duration("refresh_interval");
const PORT: Field = int("port");

#[cfg(test)]
mod tests {
    use super::DISCOVERY;
    use crate::discovery::{Mechanism, STATIC};

    #[test]
    fn every_mechanism_of_the_catalog_has_a_section_and_no_other() {
        let mut keys: Vec<&str> = DISCOVERY.iter().map(|field| field.key).filter(|key| *key != STATIC).collect();
        keys.sort_unstable();
        assert_eq!(keys, Mechanism::all().iter().map(|mechanism| mechanism.key).collect::<Vec<_>>());
    }
}
