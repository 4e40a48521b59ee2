//! Alertmanagers.

use super::client::{HTTP_CLIENT, PROXY};
use super::discovery::DISCOVERY;
use super::kind::{Field, Kind, Section, SectionCheck, duration, one, text};
use super::remote::SIGV4;

pub(in crate::config) static ALERTING: Section = Section::new(
    "the `alerting` section",
    "config.plain",
    &[&[Field::new("alert_relabel_configs", Kind::Own), Field::new("alertmanagers", Kind::Own)]],
);

pub(in crate::config) static ALERTMANAGER: Section = Section::new(
    "an item of `alertmanagers`",
    "config.AlertmanagerConfig",
    &[
        &[
            text("scheme").default("http"),
            text("path_prefix"),
            duration("timeout").default("10s"),
            Field::new("api_version", Kind::Text("config.plain")).default("v2"),
            one("sigv4", &SIGV4).since(2, 48),
            Field::new("relabel_configs", Kind::Own),
            Field::new("alert_relabel_configs", Kind::Own).since(2, 51),
        ],
        HTTP_CLIENT,
        PROXY,
        DISCOVERY,
    ],
)
.checked(SectionCheck::Alertmanager);
