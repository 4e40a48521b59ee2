//! Relabeling written down as plainly as can be: what the compiled chain is compared with, in results and in speed.

use promcfg::re2::{Captures, Regex, Template};
use promcfg::relabel::{Action, NameScheme, RuleSpec};

/// A rule, its pattern, and its target label and replacement as templates.
type PeerRule = (RuleSpec, Regex, Template, Template);

/// Rules with their patterns compiled.
pub(crate) struct Peer {
    rules: Vec<PeerRule>,
    scheme: NameScheme,
}

/// The working set: an unchanging base, what was added, and the names that were deleted.
#[derive(Clone, Debug, Default)]
pub(crate) struct PeerSet {
    pub(crate) base: Vec<(String, String)>,
    pub(crate) added: Vec<(String, String)>,
    pub(crate) deleted: Vec<String>,
}

impl PeerSet {
    /// A set with these labels as its base; a name stands there once.
    pub(crate) fn from_base<'a>(labels: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut set = Self::default();
        for (name, value) in labels {
            set.base.push((name.to_string(), value.to_string()));
            if value.is_empty() {
                set.deleted.push(name.to_string());
            }
        }
        set.base.sort();
        set
    }

    /// A set with these labels added one after the other.
    pub(crate) fn from_added<'a>(labels: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut set = Self::default();
        for (name, value) in labels {
            set.set(name, value);
        }
        set
    }

    pub(crate) fn get(&self, name: &str) -> &str {
        let of = |labels: &[(String, String)]| labels.iter().position(|(other, _)| other == name);
        if let Some(index) = of(&self.added) {
            return &self.added[index].1;
        }
        if self.deleted.iter().any(|other| other == name) {
            return "";
        }
        of(&self.base).map_or("", |index| &self.base[index].1)
    }

    fn set(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            self.delete(name);
        } else if let Some((_, old)) = self.added.iter_mut().find(|(other, _)| other == name) {
            *old = value.to_string();
        } else {
            self.added.push((name.to_string(), value.to_string()));
        }
    }

    fn delete(&mut self, name: &str) {
        self.added.retain(|(other, _)| other != name);
        self.deleted.push(name.to_string());
    }

    /// The labels in the order in which rules about names go over them.
    pub(crate) fn snapshot(&self) -> Vec<(String, String)> {
        let is_untouched =
            |name: &String| !self.deleted.contains(name) && !self.added.iter().any(|(other, _)| other == name);
        let base = self.base.iter().filter(|(name, _)| is_untouched(name));
        base.chain(&self.added).cloned().collect()
    }

    /// The labels by name.
    pub(crate) fn result(&self) -> Vec<(String, String)> {
        let mut labels = self.snapshot();
        labels.sort();
        labels
    }
}

impl Peer {
    /// Compiles rules that are known to be valid.
    pub(crate) fn new(rules: &[RuleSpec], scheme: NameScheme) -> Self {
        let compile = |rule: &RuleSpec| {
            let regex = Regex::new(rule.pattern()).expect("the pattern is valid");
            (rule.clone(), regex, Template::parse(&rule.target_label), Template::parse(&rule.replacement))
        };
        Self { rules: rules.iter().map(compile).collect(), scheme }
    }

    /// Runs the rules; gives the index of the rule that dropped the set.
    pub(crate) fn run(&self, set: &mut PeerSet) -> Option<usize> {
        self.rules.iter().position(|rule| !self.step(rule, set))
    }

    /// Runs one rule; says whether the set stays.
    fn step(&self, (rule, regex, target, replacement): &PeerRule, set: &mut PeerSet) -> bool {
        let names = rule.source_labels.as_deref().unwrap_or(&[]);
        let input = names.iter().map(|name| set.get(name)).collect::<Vec<_>>().join(&rule.separator);
        let matches = |text: &str| regex.is_match(text).expect("the pattern is small");
        match rule.action.expect("the rule has an action") {
            Action::Keep => return matches(&input),
            Action::Drop => return !matches(&input),
            Action::KeepEqual => return set.get(&rule.target_label) == input,
            Action::DropEqual => return set.get(&rule.target_label) != input,
            Action::Replace => self.replace(regex, target, replacement, &input, set),
            Action::HashMod => {
                let hash = u64::from_be_bytes(md5(input.as_bytes())[8..].try_into().expect("has eight bytes"));
                set.set(&rule.target_label, &(hash % rule.modulus).to_string());
            }
            Action::Lowercase => {
                let lower: String = input.chars().filter_map(|c| c.to_lowercase().next()).collect();
                set.set(&rule.target_label, &lower);
            }
            Action::Uppercase => set.set(&rule.target_label, &input.chars().map(simple_upper).collect::<String>()),
            Action::LabelMap => {
                for (name, value) in set.snapshot() {
                    let mut mapped = String::new();
                    if matches(&name) {
                        regex.replace_all(&name, replacement, &mut mapped).expect("the pattern is small");
                        set.set(&mapped, &value);
                    }
                }
            }
            action @ (Action::LabelDrop | Action::LabelKeep) => {
                for (name, _) in set.snapshot() {
                    if matches(&name) == (action == Action::LabelDrop) {
                        set.delete(&name);
                    }
                }
            }
        }
        true
    }

    fn replace(&self, regex: &Regex, target: &Template, replacement: &Template, input: &str, set: &mut PeerSet) {
        let mut captures = Captures::new();
        if !regex.captures(input, &mut captures).expect("the pattern is small") {
            return;
        }
        let (mut name, mut value) = (String::new(), String::new());
        target.expand(regex, input, &captures, &mut name);
        replacement.expand(regex, input, &captures, &mut value);
        if self.scheme.allows(&name) {
            set.set(&name, &value);
        }
    }
}

/// The simple mapping: where the full one has several characters, the character itself.
fn simple_upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

/// The MD5 digest, as RFC 1321 defines it.
fn md5(message: &[u8]) -> [u8; 16] {
    const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut text = message.to_vec();
    text.push(0x80);
    while text.len() % 64 != 56 {
        text.push(0);
    }
    text.extend((message.len() as u64 * 8).to_le_bytes());
    let mut state: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in text.chunks(64) {
        let word = |index: usize| u32::from_le_bytes([0, 1, 2, 3].map(|byte| block[index * 4 + byte]));
        let [mut a, mut b, mut c, mut d] = state;
        for round in 0..64usize {
            let (mixed, index) = match round / 16 {
                0 => (b & c | !b & d, round),
                1 => (d & b | !d & c, (5 * round + 1) % 16),
                2 => (b ^ c ^ d, (3 * round + 5) % 16),
                _ => (c ^ (b | !d), 7 * round % 16),
            };
            let constant = ((round as f64 + 1.0).sin().abs() * 4_294_967_296.0) as u32;
            let sum = a.wrapping_add(mixed).wrapping_add(constant).wrapping_add(word(index));
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(SHIFTS[round / 16][round % 4]));
        }
        for (old, new) in state.iter_mut().zip([a, b, c, d]) {
            *old = old.wrapping_add(new);
        }
    }
    let mut digest = [0; 16];
    for (place, word) in digest.chunks_mut(4).zip(state) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    digest
}
