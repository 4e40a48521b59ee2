//! An optional part behind a greedy `.*`, which takes all before the part can.

use crate::analysis::{PatternFacts, RelabelList, RuleFacts};
use crate::diagnostic::{Diagnostic, Safety};
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::{Captures, Regex, Template, Token, TokenKind};
use crate::text::{Location, Span, go_quote};

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action.has_replacement()) {
        let Some(regex) = rule.rule.field("regex") else { continue };
        let found = candidates(&rule.pattern).into_iter().find_map(|found| proved(list, rule, found));
        let Some((found, lazy, [input, output, wanted])) = found else { continue };
        let pattern = rule.pattern.text();
        let message = format!(
            "`{}` takes all that `{}` could: {} gives {}",
            found.greedy.of(pattern),
            found.optional.of(pattern),
            go_quote(&input),
            go_quote(&output)
        );
        let finding: Diagnostic = in_rule(list, rule, regex.part(found.greedy), message)
            .with_label(Location::new(list.file, regex.part(found.optional)), "this never matches anything")
            .with_help(format!(
                "make it lazy, so that it takes as little as it can: `{lazy}` gives {}",
                go_quote(&wanted)
            ));
        let edits = sink.tree(list.file).and_then(|tree| fix::with_text(tree, rule.rule, regex, &lazy));
        sink.push(fix::attached(finding, "take as little as possible", Safety::Unsafe, edits));
    }
}

/// A greedy repeat of any character, and what may be left out right behind it.
#[derive(Clone, Copy)]
struct Found {
    greedy: Span,
    optional: Span,
}

fn candidates(pattern: &PatternFacts) -> Vec<Found> {
    if ![".*", ".+"].iter().any(|greedy| pattern.text().contains(greedy)) {
        return Vec::new();
    }
    let tokens = pattern.tokens();
    let pairs = tokens.windows(2).enumerate().filter(|(_, pair)| {
        pair[0].kind == TokenKind::Dot && matches!(pair[1].kind, TokenKind::Repeat { is_lazy: false })
    });
    pairs
        .filter_map(|(index, pair)| {
            let mut at = index + 2;
            while tokens.get(at)?.kind == TokenKind::Close {
                at += 1;
            }
            let end = end_of_part(tokens, at)?;
            let repeat = tokens.get(end)?;
            let text = repeat.span.of(pattern.text());
            let is_optional = text.starts_with(['?', '*']) || text.starts_with("{0,");
            let is_more_than_any = tokens.get(at)?.kind != TokenKind::Dot;
            (is_optional && is_more_than_any && matches!(repeat.kind, TokenKind::Repeat { .. }))
                .then(|| Found { greedy: pair[0].span.to(pair[1].span), optional: tokens[at].span.to(repeat.span) })
        })
        .collect()
}

/// The piece behind the one that begins at `at`: behind its parenthesis, if it is a group.
fn end_of_part(tokens: &[Token], at: usize) -> Option<usize> {
    if !matches!(tokens.get(at)?.kind, TokenKind::Open { .. }) {
        return Some(at + 1);
    }
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(at) {
        match token.kind {
            TokenKind::Open { .. } => depth += 1,
            TokenKind::Close => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(index + 1);
        }
    }
    None
}

/// The lazy pattern, and an input with what comes of it now and with that pattern, if these differ.
fn proved(list: &RelabelList<'_>, rule: &RuleFacts<'_>, found: Found) -> Option<(Found, String, [String; 3])> {
    let mut lazy = rule.pattern.text().to_string();
    lazy.insert(found.greedy.end as usize, '?');
    let regex = Regex::new(&lazy).ok()?;
    let template: &Template = &rule.replacement;
    let inputs = list.example_input(rule).into_iter().chain(rule.pattern.regex().example());
    inputs.into_iter().find_map(|input| {
        let output = rule.expanded(template, &input)?;
        let mut captures = Captures::new();
        let mut wanted = String::new();
        if regex.captures(&input, &mut captures).ok()? {
            template.expand(&regex, &input, &captures, &mut wanted);
        }
        (output != wanted && !wanted.is_empty()).then(|| (found, lazy.clone(), [input, output, wanted]))
    })
}
