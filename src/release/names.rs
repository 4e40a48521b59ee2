//! Names of labels and metrics.

use super::Release;

/// Names.
impl Release {
    /// Whether names of labels may hold any characters.
    #[must_use]
    pub fn has_utf8_names(self) -> bool {
        self.is_at_least(3, 0)
    }

    /// Whether the templates of `target_label` and of a labelmap's `replacement` may hold any characters:
    /// later than plain names.
    #[must_use]
    pub fn has_utf8_templates(self) -> bool {
        self.is_at_least(3, 2)
    }

    /// Whether `metric_name_validation_scheme: legacy` is about relabel rules and external labels, besides
    /// what is scraped.
    #[must_use]
    pub fn has_name_scheme_for_rules(self) -> bool {
        self.is_at_least(3, 7)
    }

    /// Whether a labelmap under the scheme `legacy` refuses references such as `$1` by mistake.
    #[must_use]
    pub fn refuses_legacy_labelmap_references(self) -> bool {
        self.is_minor(3, 7) && self.patch < 2
    }

    /// Whether a job with the scheme `legacy` in a config with `utf8` must also choose how names are escaped.
    #[must_use]
    pub fn needs_escaping_for_legacy_jobs(self) -> bool {
        self.is_at_least(3, 4) && !self.is_at_least(3, 7)
    }

    /// Whether `utf8` may be chosen as `metric_name_validation_scheme` without a feature flag.
    #[must_use]
    pub fn has_utf8_scheme(self) -> bool {
        self.is_at_least(3, 0)
    }

    /// Whether names are checked after `metric_relabel_configs`.
    #[must_use]
    pub fn checks_sample_names(self) -> bool {
        self.is_at_least(2, 41)
    }

    /// Whether the target label of `lowercase`, `uppercase`, `keepequal` and `dropequal` may hold references,
    /// which are then read literally.
    #[must_use]
    pub fn reads_references_literally(self) -> bool {
        !self.is_at_least(2, 50)
    }
}
