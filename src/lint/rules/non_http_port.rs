//! A port of a service that does not speak HTTP.

use std::collections::BTreeSet;

use super::computed_addresses::{ADDRESS, constants, port_of_url};
use super::discovery_items::ports;
use crate::diagnostic::Diagnostic;
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_file, in_job, in_rule};

pub(super) const CHECK: Check = Check::Job(check);

/// Well-known ports whose services do not speak HTTP, and the usual exporter.
const PORTS: [(&str, &str, &str); 37] = [
    ("21", "FTP", ""),
    ("22", "SSH", "the node exporter on port 9100"),
    ("23", "Telnet", ""),
    ("25", "SMTP", ""),
    ("53", "DNS", ""),
    ("110", "POP3", ""),
    ("143", "IMAP", ""),
    ("161", "SNMP", "snmp_exporter with the device as parameter"),
    ("389", "LDAP", ""),
    ("445", "SMB", ""),
    ("465", "SMTP", ""),
    ("587", "SMTP", ""),
    ("636", "LDAP", ""),
    ("993", "IMAP", ""),
    ("995", "POP3", ""),
    ("1433", "SQL Server", ""),
    ("1521", "Oracle", ""),
    ("1883", "MQTT", ""),
    ("2049", "NFS", ""),
    ("2181", "ZooKeeper", ""),
    ("3306", "MySQL", "mysqld_exporter on port 9104"),
    ("3389", "RDP", ""),
    ("5432", "PostgreSQL", "postgres_exporter on port 9187"),
    ("5671", "RabbitMQ", "the metrics of RabbitMQ on port 15692"),
    ("5672", "RabbitMQ", "the metrics of RabbitMQ on port 15692"),
    ("5900", "VNC", ""),
    ("6379", "Redis", "redis_exporter on port 9121"),
    ("6432", "PgBouncer", "pgbouncer_exporter on port 9127"),
    ("8125", "StatsD", "statsd_exporter on port 9102"),
    ("9042", "Cassandra", ""),
    ("9092", "Kafka", "kafka_exporter on port 9308"),
    ("11211", "Memcached", "memcached_exporter on port 9150"),
    ("26379", "Redis Sentinel", "redis_exporter on port 9121"),
    ("27017", "MongoDB", "mongodb_exporter on port 9216"),
    ("27018", "MongoDB", "mongodb_exporter on port 9216"),
    ("33060", "MySQL", "mysqld_exporter on port 9104"),
    ("61616", "ActiveMQ", ""),
];

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let (job, mut seen) = (facts.job, BTreeSet::new());
    for target in facts.targets.iter().filter(|target| target.is_kept() && target.failure.is_none()) {
        let Some(port) = port_of_url(&target.url).filter(|_| !target.has_new_address) else { continue };
        let Some(known) = known(port).filter(|_| seen.insert(port)) else { continue };
        let finding = |message: String| in_file(target.at.file, target.at.span, message);
        sink.push(explained(known, finding).with_job(job.job_name.value.as_str()));
    }
    let keeps_address = !facts.target.rules.iter().any(|rule| rule.may_write(ADDRESS));
    if keeps_address {
        for (port, span) in ports(facts) {
            if let Some(known) = known(port) {
                sink.push(explained(known, |message| in_job(job, span, message)));
            }
        }
    }
    for (rule, address) in constants(facts.target) {
        let port = address.rsplit_once(':').map_or("", |(_, port)| port);
        let (Some(known), Some(field)) = (known(port), rule.rule.field("replacement")) else { continue };
        sink.push(explained(known, |message| in_rule(facts.target, rule, field.value, message)));
    }
}

type Known = &'static (&'static str, &'static str, &'static str);

fn known(port: &str) -> Option<Known> {
    PORTS.iter().find(|(known, ..)| *known == port)
}

fn explained((port, service, exporter): Known, finding: impl FnOnce(String) -> Diagnostic) -> Diagnostic {
    let finding = finding(format!("{port} is the port of {service}, which does not speak HTTP"));
    let finding = finding.with_argument("port", *port).with_note("a scrape is an HTTP request");
    match *exporter {
        "" => finding.with_help("scrape the exporter of the service"),
        exporter => finding.with_help(format!("scrape {exporter}")),
    }
}
