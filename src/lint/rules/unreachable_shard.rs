//! A keep or drop that compares a hash with no number or with all numbers that it can have.

use crate::analysis::{Needs, RelabelList, RuleFacts, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, short, subject};
use crate::relabel::Action;
use crate::text::Location;

pub(super) const CHECK: Check = Check::List(
    Needs::one_rule(&[Subjects::KEEP.or(Subjects::DROP), Subjects::REGEX_GIVEN]).and_in_list(&[Subjects::HASHMOD]),
    check,
);

/// The largest modulus whose numbers are tried: nobody runs more shards, and above it the rule says nothing.
const MOST: u64 = 10_000;

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| matches!(rule.action, Action::Keep | Action::Drop)) {
        let ([label], Some(regex)) = (rule.sources(), rule.rule.field("regex")) else { continue };
        // The last rule that sets it must be a hashmod.
        let Some(hash) = list.about(label).last_change(rule.index).and_then(|last| list.rules.get(last)) else {
            continue;
        };
        let modulus = hash.rule.spec.modulus;
        if hash.action != Action::HashMod
            || modulus > MOST
            // A single shard keeps all targets: generated configs contain it before targets are divided.
            || (modulus == 1 && rule.action == Action::Keep && rule.pattern.matches("0") != Some(false))
            || rule.pattern.matches_everything()
            || rule.pattern.matches_nothing()
        {
            continue;
        }
        let matches = (0..modulus).map(|number| rule.pattern.matches(&number.to_string()));
        let Some(matches) = matches.collect::<Option<Vec<bool>>>() else { continue };
        let count = matches.iter().filter(|matches| **matches).count();
        let keeps_matching = rule.action == Action::Keep;
        let subject = subject(list.stage);
        let consequence = match (count == 0, count == matches.len()) {
            (true, _) if keeps_matching => format!("drops every {subject}"),
            (_, true) if !keeps_matching => format!("drops every {subject}"),
            (true, _) | (_, true) => format!("keeps every {subject}"),
            _ => continue,
        };
        let all = if count == 0 { "none of these" } else { "all of these" };
        let range = if modulus == 1 { "always 0".to_string() } else { format!("a number from 0 to {}", modulus - 1) };
        let message =
            format!("{consequence}: `{label}` is {range}, and `{}` matches {all}", short(rule.pattern.text()));
        let finding = in_rule(list, rule, regex.value, message)
            .with_argument("label", label)
            .with_argument("regex", rule.pattern.text());
        sink.push(with_hash(list, hash, finding));
    }
}

fn with_hash(
    list: &RelabelList<'_>,
    hash: &RuleFacts<'_>,
    finding: crate::diagnostic::Diagnostic,
) -> crate::diagnostic::Diagnostic {
    match hash.rule.field("modulus") {
        Some(modulus) => {
            finding.with_label(Location::new(list.file, modulus.value), "the hash is less than this number")
        }
        None => finding,
    }
}
