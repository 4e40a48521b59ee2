//! How a release reads and runs relabel rules.

use super::NameScheme;
use crate::re2::Syntax;
use crate::release::Release;

/// How a Prometheus release reads and runs the relabel rules of a list, under the names that are allowed there.
/// A [`NameScheme`] alone stands for the newest release.
///
/// ```
/// use promcfg::Release;
/// use promcfg::relabel::{Semantics, NameScheme, RuleSpec, check_rule};
/// let rule = RuleSpec { target_label: "a.b".to_string(), ..RuleSpec::default() };
/// let old: Release = "2.53".parse().unwrap();
/// assert!(check_rule(&rule, NameScheme::Utf8).is_ok());
/// assert!(check_rule(&rule, Semantics::new(old, NameScheme::Utf8)).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Semantics {
    release: Release,
    /// Names that are written out, and names that a template gives.
    pub(super) names: NameScheme,
    /// Templates of names.
    pub(super) templates: NameScheme,
    /// A labelmap refuses references under the scheme `legacy`.
    pub(super) refuses_map_references: bool,
    /// Targets of the actions that change or compare values may be templates, which are read literally.
    pub(super) reads_references_literally: bool,
    /// An empty result deletes the label that the template gives, not one named like the template.
    pub(super) deletes_templated: bool,
    /// A labelmap goes over the labels by name, whichever of them rules have added.
    pub(super) maps_by_name: bool,
    /// The syntax of patterns.
    pub(super) syntax: Syntax,
}

impl Semantics {
    /// The semantics of a release; `scheme` is the effective `metric_name_validation_scheme`.
    #[must_use]
    pub fn new(release: Release, scheme: NameScheme) -> Self {
        let (names, templates) = if release.has_name_scheme_for_rules() {
            (scheme, scheme)
        } else {
            let scheme_if = |is_utf8: bool| if is_utf8 { NameScheme::Utf8 } else { NameScheme::Legacy };
            (scheme_if(release.has_utf8_names()), scheme_if(release.has_utf8_templates()))
        };
        Self {
            release,
            names,
            templates,
            refuses_map_references: release.refuses_legacy_labelmap_references() && scheme == NameScheme::Legacy,
            reads_references_literally: release.reads_references_literally(),
            deletes_templated: release.deletes_templated_labels(),
            maps_by_name: !release.keeps_order_of_labels(),
            syntax: Syntax::of(release),
        }
    }

    /// The release.
    #[must_use]
    pub fn release(self) -> Release {
        self.release
    }

    /// The names that rules may write.
    #[must_use]
    pub fn names(self) -> NameScheme {
        self.names
    }

    /// The syntax of patterns.
    #[must_use]
    pub fn syntax(self) -> Syntax {
        self.syntax
    }
}

impl From<NameScheme> for Semantics {
    fn from(scheme: NameScheme) -> Self {
        Self::new(Release::LATEST, scheme)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relabel::{Action, RuleSpec, check_rule};

    fn message(release: &str, scheme: NameScheme, change: impl Fn(&mut RuleSpec)) -> String {
        let mut rule = RuleSpec { target_label: "t".to_string(), ..RuleSpec::default() };
        change(&mut rule);
        let semantics = Semantics::new(release.parse().unwrap(), scheme);
        check_rule(&rule, semantics).map_or_else(|fault| fault.to_string(), |()| String::new())
    }

    use NameScheme::{Legacy, Utf8};

    #[test]
    fn names_came_before_templates_and_the_scheme_came_last() {
        let plain = |release: &str, scheme| message(release, scheme, |rule| rule.target_label = "a.b".to_string());
        let template = |release: &str, scheme| message(release, scheme, |rule| rule.target_label = "a.$1".to_string());
        let refused = |name: &str| format!("\"{name}\" is invalid 'target_label' for replace action");
        assert_eq!(
            (plain("2.55", Utf8), plain("3.0", Utf8), plain("3.6", Legacy)),
            (refused("a.b"), "".into(), "".into())
        );
        assert_eq!(plain("3.7", Legacy), refused("a.b"));
        assert_eq!((template("3.1", Utf8), template("3.2", Utf8)), (refused("a.$1"), String::new()));
    }

    #[test]
    fn references_in_targets_that_are_no_templates_were_let_through_then_refused_then_names() {
        let lower = |release: &str| {
            message(release, Utf8, |rule| {
                (rule.action, rule.target_label) = (Some(Action::Lowercase), "a$1".to_string());
            })
        };
        let refused = "\"a$1\" is invalid 'target_label' for lowercase action".to_string();
        assert_eq!((lower("2.49"), lower("2.50"), lower("3.0")), (String::new(), refused, String::new()));
        let hash = |release: &str| {
            message(release, Utf8, |rule| {
                (rule.action, rule.modulus, rule.target_label) = (Some(Action::HashMod), 3, "a$b".to_string());
            })
        };
        assert_eq!(hash("2.42"), "\"a$b\" is invalid 'target_label' for hashmod action");
        assert_eq!(hash("3.14"), "");
    }

    #[test]
    fn a_labelmap_refused_references_for_two_patches() {
        let map = |release: &str| {
            message(release, Legacy, |rule| {
                (rule.action, rule.replacement) = (Some(Action::LabelMap), "a_$1".to_string());
            })
        };
        assert_eq!(map("3.7.1"), "\"a_$1\" is invalid 'replacement' for labelmap action");
        assert_eq!((map("3.7.2"), map("3.6")), (String::new(), String::new()));
    }

    #[test]
    fn a_labelmap_onto_one_name_went_over_the_labels_by_name_before_2_43() {
        let value = |release: &str| {
            let set = RuleSpec {
                source_labels: Some(vec!["z".to_string()]),
                target_label: "a".to_string(),
                ..RuleSpec::default()
            };
            let map = RuleSpec {
                action: Some(Action::LabelMap),
                regex: Some("[az]".to_string()),
                replacement: "m".to_string(),
                ..RuleSpec::default()
            };
            let spell = RuleSpec { replacement: "added".to_string(), ..set };
            let semantics = Semantics::new(release.parse().unwrap(), Utf8);
            let chain = crate::relabel::Chain::new(&[spell, map], semantics).unwrap();
            let labels = [("z", "given")].into_iter().collect();
            chain.apply(&labels).unwrap().unwrap().get("m").to_string()
        };
        assert_eq!((value("2.42"), value("2.43"), value("3.14")), ("given".into(), "added".into(), "added".into()));
    }
}
