//! Amazon's services.

use crate::config::schema::client::{HTTP_CLIENT, PROXY};

use super::{Field, Kind, PORT, REFRESH, Section, SectionCheck, int, not_before, secret, text, texts};

/// Who asks, and where.
const ACCOUNT: &[Field] = &[
    REFRESH,
    PORT,
    text("region"),
    text("endpoint"),
    text("access_key"),
    secret("secret_key"),
    text("profile"),
    text("role_arn"),
    text("external_id").since(3, 12),
];
const CLUSTERS: &[Field] = &[texts("clusters")];
const CONCURRENCY: &[Field] = &[int("request_concurrency")];
const FILTERS: &[Field] = &[Field::new("filters", Kind::Many("[]*aws.Filter", &FILTER))];

const RDS_FILTERS: [Field; 1] = not_before(FILTERS, 3, 13);

/// The HTTP client of the mechanisms that were there before it.
const EARLY_CLIENT: [Field; HTTP_CLIENT.len()] = not_before(HTTP_CLIENT, 2, 41);
const EARLY_PROXY: [Field; PROXY.len()] = not_before(PROXY, 2, 41);

static FILTER: Section = Section::new("a filter", "aws.Filter", &[&[text("name"), texts("values")]]);

pub(super) static AWS: Section = Section::new(
    "an item of `aws_sd_configs`",
    "aws.plain",
    &[&[text("role")], ACCOUNT, CLUSTERS, FILTERS, HTTP_CLIENT, PROXY],
)
.checked(SectionCheck::Aws);

pub(super) const EC2: Section =
    Section::new("an item of `ec2_sd_configs`", "aws.plain", &[ACCOUNT, FILTERS, &EARLY_CLIENT, &EARLY_PROXY])
        .checked(SectionCheck::Ec2);

pub(super) const LIGHTSAIL: Section =
    Section::new("an item of `lightsail_sd_configs`", "aws.plain", &[ACCOUNT, &EARLY_CLIENT, &EARLY_PROXY])
        .checked(SectionCheck::Lightsail);

pub(super) const ECS: Section =
    Section::new("an item of `ecs_sd_configs`", "aws.plain", &[ACCOUNT, CLUSTERS, CONCURRENCY, HTTP_CLIENT, PROXY])
        .checked(SectionCheck::Amazon);

pub(super) const MSK: Section =
    Section::new("an item of `msk_sd_configs`", "aws.plain", &[ACCOUNT, CLUSTERS, CONCURRENCY, HTTP_CLIENT, PROXY])
        .checked(SectionCheck::Amazon);

pub(super) static ELASTICACHE: Section = Section::new(
    "an item of `elasticache_sd_configs`",
    "aws.plain",
    &[ACCOUNT, CLUSTERS, CONCURRENCY, HTTP_CLIENT, PROXY],
)
.checked(SectionCheck::Amazon);

pub(super) static RDS: Section = Section::new(
    "an item of `rds_sd_configs`",
    "aws.plain",
    &[ACCOUNT, CLUSTERS, CONCURRENCY, &RDS_FILTERS, HTTP_CLIENT, PROXY],
)
.checked(SectionCheck::Amazon);
