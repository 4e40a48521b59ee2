//! An optional part after a greedy `.*`, which matches all the text that the part could match.

use crate::analysis::{Needs, PatternFacts, RelabelList, RuleFacts, Subjects};
use crate::config::WrittenField;
use crate::diagnostic::{Diagnostic, Safety};
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::{Captures, Regex, Template, Token, TokenKind};
use crate::text::{Location, Span, go_quote};

pub(super) const CHECK: Check = Check::List(
    Needs::one_rule(&[Subjects::REPLACE.or(Subjects::LABELMAP), Subjects::INNER_ANY, Subjects::REGEX_GIVEN]),
    check,
);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action.has_replacement()) {
        let Some(regex) = rule.rule.field("regex") else { continue };
        let found = candidates(&rule.pattern).into_iter().find_map(|found| proved(list, rule, found));
        let Some((found, lazy, [input, output, wanted])) = found else {
            dead_rest(list, rule, regex, sink);
            continue;
        };
        let pattern = rule.pattern.text();
        let message = format!(
            "`{}` matches all the text that `{}` could match: {} gives {}",
            found.greedy.of(pattern),
            found.optional.of(pattern),
            go_quote(&input),
            go_quote(&output)
        );
        let finding: Diagnostic = in_rule(list, rule, regex.part(found.greedy), message)
            .with_argument("pattern", pattern)
            .with_label(Location::new(list.file, regex.part(found.optional)), "this part never matches any text")
            .with_help(format!("write the lazy `.*?` or `.+?`: `{lazy}` gives {}", go_quote(&wanted)));
        let edits = sink.tree(list.file).and_then(|tree| fix::with_text(tree, rule.rule, regex, &lazy));
        sink.push(fix::attached(finding, "make the repetition lazy", Safety::Unsafe, edits));
    }
}

/// Reports a greedy repetition after which the whole rest of the pattern is optional, as in `(.*):?.*`.
fn dead_rest(list: &RelabelList<'_>, rule: &RuleFacts<'_>, regex: &WrittenField, sink: &mut Sink<'_>) {
    let pattern = rule.pattern.text();
    let found = rests(&rule.pattern).into_iter().find_map(|rest| proved_without(list, rule, rest));
    let Some((rest, narrow, [input, output, wanted])) = found else { return };
    let message = format!(
        "`{}` matches all the text that `{}` could match: {} gives {}",
        rest.greedy.of(pattern),
        rest.rest.of(pattern),
        go_quote(&input),
        go_quote(&output)
    );
    let finding: Diagnostic = in_rule(list, rule, regex.part(rest.greedy), message)
        .with_argument("pattern", pattern)
        .with_label(Location::new(list.file, regex.part(rest.rest)), "this part never matches any text")
        .with_help(format!(
            "exclude `{}` from the text before it: `{narrow}` gives {}",
            rest.separator,
            go_quote(&wanted)
        ));
    let edits = sink.tree(list.file).and_then(|tree| fix::with_text(tree, rule.rule, regex, &narrow));
    sink.push(fix::attached(finding, "exclude the separator", Safety::Unsafe, edits));
}

/// A greedy repetition of any character, and the rest of the pattern after it and its groups.
#[derive(Clone, Copy)]
struct Rest {
    greedy: Span,
    rest: Span,
    /// The punctuation character that the rest begins with.
    separator: char,
}

fn rests(pattern: &PatternFacts) -> Vec<Rest> {
    if !pattern.has_repeated_dot() {
        return Vec::new();
    }
    let (text, tokens) = (pattern.text(), pattern.tokens());
    if tokens.iter().any(|token| token.kind == TokenKind::Alternate) {
        return Vec::new();
    }
    let pairs = tokens.windows(2).enumerate().filter(|(_, pair)| {
        pair[0].kind == TokenKind::Dot && matches!(pair[1].kind, TokenKind::Repeat { is_lazy: false })
    });
    let rest_after = |(index, pair): (usize, &[Token])| {
        let mut at = index + 2;
        while tokens.get(at)?.kind == TokenKind::Close {
            at += 1;
        }
        // What ends the pattern can only be empty if it is repeated, a group or a condition.
        let is_needed = |token: &Token| {
            matches!(token.kind, TokenKind::Literal(_) | TokenKind::Escaped(_) | TokenKind::Class | TokenKind::Dot)
        };
        let last = tokens.last().filter(|last| !is_needed(last))?;
        let rest = tokens[at].span.to(last.span);
        let written = rest.of(text);
        let separator = tokens[at..].iter().find_map(|token| match token.kind {
            TokenKind::Literal(c) | TokenKind::Escaped(c) => Some(c),
            _ => None,
        })?;
        let is_empty_match = Regex::new(written).is_ok_and(|rest| rest.is_match("") == Ok(true));
        let is_other = separator.is_ascii_punctuation() && !matches!(tokens[at].kind, TokenKind::Dot);
        (is_empty_match && is_other).then_some(Rest { greedy: pair[0].span.to(pair[1].span), rest, separator })
    };
    pairs.filter_map(rest_after).collect()
}

/// The pattern whose first part does not contain the separator, and an input with the outputs of both, if they differ.
fn proved_without(list: &RelabelList<'_>, rule: &RuleFacts<'_>, rest: Rest) -> Option<(Rest, String, [String; 3])> {
    let mut narrow = rule.pattern.text().to_string();
    let class = match rest.separator {
        c @ ('\\' | ']' | '^' | '-') => format!("[^\\{c}]"),
        c => format!("[^{c}]"),
    };
    let dot = rest.greedy.start as usize;
    narrow.replace_range(dot..dot + 1, &class);
    let regex = Regex::new(&narrow).ok()?;
    let example = rule.pattern.example().into_iter().map(|example| format!("{example}{}x", rest.separator));
    let inputs = list.example_input(rule).into_iter().chain(example);
    inputs.filter(|input| input.contains(rest.separator)).find_map(|input| {
        let (output, wanted) =
            (rule.expanded(&rule.replacement, &input)?, expanded(&regex, &rule.replacement, &input)?);
        (output != wanted && !wanted.is_empty()).then(|| (rest, narrow.clone(), [input, output, wanted]))
    })
}

/// The result of a template for a match of a value.
fn expanded(regex: &Regex, template: &Template, input: &str) -> Option<String> {
    let (mut captures, mut output) = (Captures::new(), String::new());
    if regex.captures(input, &mut captures).ok()? {
        template.expand(regex, input, &captures, &mut output);
    }
    Some(output)
}

/// A greedy repetition of any character, and the optional part right after it.
#[derive(Clone, Copy)]
struct Found {
    greedy: Span,
    optional: Span,
}

fn candidates(pattern: &PatternFacts) -> Vec<Found> {
    if !pattern.has_repeated_dot() {
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

/// The index after the element that begins at `at`; for a group, after its parenthesis.
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

/// The lazy pattern, and an input with the outputs of the current and the lazy pattern, if they differ.
fn proved(list: &RelabelList<'_>, rule: &RuleFacts<'_>, found: Found) -> Option<(Found, String, [String; 3])> {
    let mut lazy = rule.pattern.text().to_string();
    lazy.insert(found.greedy.end as usize, '?');
    let regex = Regex::new(&lazy).ok()?;
    let template: &Template = &rule.replacement;
    let inputs = list.example_input(rule).into_iter().chain(rule.pattern.example().map(str::to_string));
    inputs.into_iter().find_map(|input| {
        let output = rule.expanded(template, &input)?;
        let wanted = expanded(&regex, template, &input)?;
        (output != wanted && !wanted.is_empty()).then(|| (found, lazy.clone(), [input, output, wanted]))
    })
}
