//! The program an engine runs: a parsed pattern as instructions, with a look-ahead table for each branch.

use super::error::TooLargeError;
use super::tree::{Look, Node, NodeId, Tree};

/// Programs beyond this many instructions are not built. Go accepts up to 3.36 million.
const MAX_INSTRUCTIONS: usize = 3_400_000;

#[derive(Clone, Copy, Debug)]
pub(super) enum Inst {
    /// One ASCII character.
    Byte(u8),
    /// One other character.
    Char(char),
    /// One character of [`Program::classes`].
    Class(u32),
    /// A branch: an index into [`Program::splits`].
    Split(u32),
    Jump(u32),
    /// Remember the place in a slot.
    Save(u32),
    Look(Look),
    Match,
}

/// Two ways to go on: the first is preferred.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Split {
    pub(super) first: u32,
    pub(super) second: u32,
    /// The next symbols (see [`Program::symbols`]) with which each way can lead to a match.
    pub(super) first_symbols: u64,
    pub(super) second_symbols: u64,
}

/// A set of characters.
#[derive(Clone, Debug)]
pub(super) struct Class {
    pub(super) ascii: AsciiSet,
    /// Sorted ranges beyond ASCII.
    other: Box<[(char, char)]>,
    /// Every character beyond ASCII is in it.
    every_other: bool,
}

impl Class {
    fn new(ranges: &[(char, char)]) -> Self {
        let ascii = ascii_of(ranges);
        let beyond = |&(low, high): &(char, char)| (high >= '\u{80}').then_some((low.max('\u{80}'), high));
        let other: Box<[_]> = ranges.iter().filter_map(beyond).collect();
        let every_other = *other == [('\u{80}', char::MAX)];
        Self { ascii, other, every_other }
    }

    #[inline]
    pub(super) fn has_ascii(&self, byte: u8) -> bool {
        self.ascii[usize::from(byte >> 6) & 1] >> (byte & 63) & 1 == 1
    }

    /// Its ranges of characters; those of ASCII one by one.
    pub(super) fn ranges(&self) -> impl Iterator<Item = (char, char)> {
        let ascii = (0..128_u8).filter(|byte| self.has_ascii(*byte)).map(|byte| (char::from(byte), char::from(byte)));
        ascii.chain(self.other.iter().copied())
    }

    pub(super) fn has_other(&self, c: char) -> bool {
        self.every_other || {
            let at = self.other.partition_point(|range| range.1 < c);
            self.other.get(at).is_some_and(|range| range.0 <= c)
        }
    }
}

/// The ASCII characters of sorted ranges, a bit each.
pub(super) fn ascii_of(ranges: &[(char, char)]) -> AsciiSet {
    let mut set = 0u128;
    for &(first, last) in ranges.iter().take_while(|range| range.0.is_ascii()) {
        let (first, last) = (u32::from(first), u32::from(last).min(127));
        set |= (!0u128 >> (127 - (last - first))) << first;
    }
    [set as u64, (set >> 64) as u64]
}

/// A set of ASCII characters, a bit each.
pub(super) type AsciiSet = [u64; 2];

/// The set of one ASCII character.
fn only(byte: u8) -> AsciiSet {
    let bit = 1u128 << (byte & 127);
    [bit as u64, (bit >> 64) as u64]
}

/// The characters of a set, in order.
fn bytes_of(set: AsciiSet) -> impl Iterator<Item = usize> {
    set.into_iter().enumerate().flat_map(|(word, mut bits)| {
        std::iter::from_fn(move || {
            let bit = bits.trailing_zeros() as usize;
            bits &= bits.wrapping_sub(1);
            (bit < 64).then_some(word * 64 + bit)
        })
    })
}

/// Text symbols beyond ASCII share one bit, the end of the text has one; ASCII bytes that no instruction
/// tells apart share the others.
pub(super) const OTHER_SYMBOL: u64 = 1 << 62;
pub(super) const END_SYMBOL: u64 = 1 << 63;
const EVERY_SYMBOL: u64 = !0;
/// Bits left for groups of ASCII bytes.
const ASCII_GROUPS: usize = 62;

#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) code: Vec<Inst>,
    pub(super) splits: Vec<Split>,
    pub(super) classes: Vec<Class>,
    /// The bit of each byte as a symbol.
    pub(super) symbols: Box<[u64; 256]>,
    /// The ASCII bytes of each symbol.
    pub(super) groups: Vec<AsciiSet>,
    /// Whether no instruction tells bytes of one group apart.
    pub(super) groups_are_exact: bool,
    /// Two for each group, the whole match included.
    pub(super) slots: usize,
    /// A match can only start at the beginning of the text.
    pub(super) anchored: bool,
}

impl Program {
    pub(super) fn new(tree: &Tree) -> Result<Self, TooLargeError> {
        let mut emitter = Emitter { tree, nullable: tree.nullable(), ..Emitter::new(tree) };
        emitter.run()?;
        let classes: Vec<Class> = tree.classes.iter().map(|ranges| Class::new(ranges)).collect();
        let mut program = Self {
            code: emitter.code,
            splits: emitter.splits,
            classes,
            symbols: Box::new([OTHER_SYMBOL; 256]),
            groups: Vec::new(),
            groups_are_exact: true,
            slots: 2 * tree.names.len(),
            anchored: false,
        };
        program.thread_jumps();
        program.group_bytes();
        program.look_ahead();
        program.anchored = program.starts_anchored();
        Ok(program)
    }

    /// Memory of the program, in bytes, roughly.
    pub(super) fn weight(&self) -> usize {
        let classes: usize = self.classes.iter().map(|class| 64 + class.other.len() * 8).sum();
        self.code.len() * size_of::<Inst>() + self.splits.len() * size_of::<Split>() + classes + 2048
    }

    /// Branches go straight to where jumps would lead.
    fn thread_jumps(&mut self) {
        // Chains of jumps are short-cut from the end of the code; a jump backwards is followed once.
        let mut targets: Vec<u32> = (0..self.code.len() as u32).collect();
        for pc in (0..self.code.len()).rev() {
            if let Inst::Jump(to) = self.code[pc] {
                let to = targets.get(to as usize).copied().unwrap_or(to);
                targets[pc] = to;
                self.code[pc] = Inst::Jump(to);
            }
        }
        for split in &mut self.splits {
            split.first = targets.get(split.first as usize).copied().unwrap_or(split.first);
            split.second = targets.get(split.second as usize).copied().unwrap_or(split.second);
        }
    }

    /// Gives ASCII bytes that some instruction tells apart different symbols, as far as there are symbols: each set of
    /// bytes divides the groups that are partly in it.
    fn group_bytes(&mut self) {
        let mut groups: Vec<AsciiSet> = vec![[!0; 2]];
        let mut seen_bytes = [0u64; 2];
        let mut seen_classes = vec![false; self.classes.len()];
        for inst in &self.code {
            let set = match *inst {
                Inst::Byte(byte) => only(byte),
                Inst::Class(index) => {
                    let Some(seen) = seen_classes.get_mut(index as usize) else { continue };
                    if std::mem::replace(seen, true) {
                        continue;
                    }
                    self.classes.get(index as usize).map_or([0; 2], |class| class.ascii)
                }
                _ => continue,
            };
            if let Inst::Byte(_) = inst {
                if set[0] & seen_bytes[0] != 0 || set[1] & seen_bytes[1] != 0 {
                    continue;
                }
                seen_bytes = [seen_bytes[0] | set[0], seen_bytes[1] | set[1]];
            }
            for index in 0..groups.len() {
                let Some(group) = groups.get_mut(index) else { break };
                let inside = [group[0] & set[0], group[1] & set[1]];
                if inside == [0; 2] || inside == *group {
                    continue;
                }
                *group = [group[0] & !set[0], group[1] & !set[1]];
                groups.push(inside);
            }
            // Two classes for bytes of one group only make the look-ahead less sharp.
            if groups.len() > ASCII_GROUPS {
                let last = groups.split_off(ASCII_GROUPS - 1);
                groups.push(last.iter().fold([0; 2], |all, group| [all[0] | group[0], all[1] | group[1]]));
                self.groups_are_exact = false;
                break;
            }
        }
        for (symbol, &group) in groups.iter().enumerate() {
            bytes_of(group).for_each(|byte| self.symbols[byte] = 1 << symbol);
        }
        self.groups = groups;
    }

    /// The symbols of the ASCII bytes of a set.
    pub(super) fn symbols_of(&self, set: AsciiSet) -> u64 {
        let is_met = |group: &AsciiSet| group[0] & set[0] != 0 || group[1] & set[1] != 0;
        let met = self.groups.iter().enumerate().filter(|(_, group)| is_met(group));
        met.fold(0, |symbols, (symbol, _)| symbols | 1 << symbol)
    }

    fn class_symbols(&self, index: u32) -> u64 {
        let Some(class) = self.classes.get(index as usize) else { return EVERY_SYMBOL };
        let symbols = self.symbols_of(class.ascii);
        if class.other.is_empty() { symbols } else { symbols | OTHER_SYMBOL }
    }

    /// Finds, for each branch, the symbols with which it can go on: the least solution over the
    /// instructions that take no character, or "all" where it is not found soon.
    fn look_ahead(&mut self) {
        let class_symbols: Vec<u64> = (0..self.classes.len() as u32).map(|index| self.class_symbols(index)).collect();
        let mut first = vec![0u64; self.code.len()];
        const PASSES: usize = 16;
        let mut settled = false;
        for _ in 0..PASSES {
            settled = true;
            for pc in (0..self.code.len()).rev() {
                let at = |pc: u32| first.get(pc as usize).copied().unwrap_or(EVERY_SYMBOL);
                let next = at(pc as u32 + 1);
                let symbols = match self.code[pc] {
                    Inst::Byte(byte) => self.symbols[usize::from(byte)],
                    Inst::Char(_) => OTHER_SYMBOL,
                    Inst::Class(index) => class_symbols.get(index as usize).copied().unwrap_or(EVERY_SYMBOL),
                    Inst::Split(index) => {
                        let split = &mut self.splits[index as usize];
                        split.first_symbols = at(split.first);
                        split.second_symbols = at(split.second);
                        split.first_symbols | split.second_symbols
                    }
                    Inst::Jump(to) => at(to),
                    Inst::Look(Look::TextEnd) => next & END_SYMBOL,
                    Inst::Look(Look::LineEnd) => next & (END_SYMBOL | self.symbols[usize::from(b'\n')]),
                    Inst::Look(_) | Inst::Save(_) => next,
                    Inst::Match => EVERY_SYMBOL,
                };
                if symbols != first[pc] {
                    first[pc] = symbols;
                    settled = false;
                }
            }
            if settled {
                break;
            }
        }
        if !settled {
            for split in &mut self.splits {
                split.first_symbols = EVERY_SYMBOL;
                split.second_symbols = EVERY_SYMBOL;
            }
        }
    }

    /// Whether every way from the start passes the start of the text before it matches a character.
    fn starts_anchored(&self) -> bool {
        let mut seen = vec![false; self.code.len()];
        let mut open = vec![0u32];
        while let Some(pc) = open.pop() {
            let Some(visited) = seen.get_mut(pc as usize) else { return false };
            if std::mem::replace(visited, true) {
                continue;
            }
            match self.code[pc as usize] {
                Inst::Look(Look::TextStart) => {}
                Inst::Look(_) | Inst::Save(_) => open.push(pc + 1),
                Inst::Jump(to) => open.push(to),
                Inst::Split(index) => {
                    let split = self.splits[index as usize];
                    open.extend([split.first, split.second]);
                }
                Inst::Byte(_) | Inst::Char(_) | Inst::Class(_) | Inst::Match => return false,
            }
        }
        true
    }
}

/// One step of writing the code.
#[derive(Clone, Copy)]
enum Task {
    Node(NodeId),
    /// A node as `x+`; and the same when it may be empty.
    Plus(NodeId, bool),
    Star(NodeId, bool),
    Save(u32),
    /// A branch that may skip what follows, up to the matching [`Task::EndSkip`].
    Skip(bool),
    EndSkip,
    /// A loop start: `x+` when no branch comes first.
    EndPlus(u32, bool),
    EndStar(u32),
    /// Between two alternatives, or after the last one.
    NextAlternative(bool),
    BeginAlternatives,
}

struct Emitter<'t> {
    tree: &'t Tree,
    nullable: Vec<bool>,
    code: Vec<Inst>,
    splits: Vec<Split>,
    tasks: Vec<Task>,
    /// Branches whose way around is still to be set, and whether that is the second way.
    skips: Vec<(u32, bool)>,
    /// Alternations being written: the branch to the next alternative, and the jumps to the end.
    alternations: Vec<(u32, Vec<u32>)>,
}

impl<'t> Emitter<'t> {
    fn new(tree: &'t Tree) -> Self {
        Self {
            tree,
            nullable: Vec::new(),
            code: Vec::new(),
            splits: Vec::new(),
            tasks: Vec::new(),
            skips: Vec::new(),
            alternations: Vec::new(),
        }
    }

    fn run(&mut self) -> Result<(), TooLargeError> {
        self.code.push(Inst::Save(0));
        self.tasks.push(Task::Node(self.tree.root));
        while let Some(task) = self.tasks.pop() {
            if self.code.len() > MAX_INSTRUCTIONS || self.tasks.len() > 4 * MAX_INSTRUCTIONS {
                return Err(TooLargeError);
            }
            self.step(task);
        }
        self.code.push(Inst::Save(1));
        self.code.push(Inst::Match);
        Ok(())
    }

    fn here(&self) -> u32 {
        self.code.len() as u32
    }

    fn step(&mut self, task: Task) {
        match task {
            Task::Node(id) => self.node(id),
            Task::Plus(id, greedy) => {
                self.tasks.push(Task::EndPlus(self.here(), greedy));
                self.tasks.push(Task::Node(id));
            }
            Task::Star(id, greedy) => self.star(id, greedy),
            Task::Save(slot) => self.code.push(Inst::Save(slot)),
            Task::Skip(greedy) => {
                let split = self.split(greedy, self.here() + 1, u32::MAX);
                self.skips.push((split, greedy));
            }
            Task::EndSkip => self.end_skip(),
            Task::EndPlus(start, greedy) => {
                self.split(greedy, start, self.here() + 1);
            }
            Task::EndStar(start) => {
                self.code.push(Inst::Jump(start));
                self.end_skip();
            }
            Task::BeginAlternatives => {
                let split = self.split(true, self.here() + 1, u32::MAX);
                self.alternations.push((split, Vec::new()));
            }
            Task::NextAlternative(last) => self.next_alternative(last),
        }
    }

    /// Adds a branch; a greedy one prefers `inside`.
    fn split(&mut self, greedy: bool, inside: u32, around: u32) -> u32 {
        let (first, second) = if greedy { (inside, around) } else { (around, inside) };
        let index = self.splits.len() as u32;
        self.splits.push(Split { first, second, ..Split::default() });
        self.code.push(Inst::Split(index));
        index
    }

    fn end_skip(&mut self) {
        let here = self.here();
        if let Some((split, greedy)) = self.skips.pop()
            && let Some(split) = self.splits.get_mut(split as usize)
        {
            if greedy {
                split.second = here;
            } else {
                split.first = here;
            }
        }
    }

    fn star(&mut self, id: NodeId, greedy: bool) {
        if self.nullable.get(id as usize).copied().unwrap_or(true) {
            // As `(x+)?`: so an empty round of x is tried once, as Go does.
            self.tasks.extend([Task::EndSkip, Task::Plus(id, greedy), Task::Skip(greedy)]);
            return;
        }
        let start = self.here();
        let split = self.split(greedy, start + 1, u32::MAX);
        self.skips.push((split, greedy));
        self.tasks.extend([Task::EndStar(start), Task::Node(id)]);
    }

    fn next_alternative(&mut self, last: bool) {
        let here = self.here();
        let Some((split, jumps)) = self.alternations.last_mut() else { return };
        if last {
            for jump in std::mem::take(jumps) {
                if let Some(inst) = self.code.get_mut(jump as usize) {
                    *inst = Inst::Jump(here);
                }
            }
            self.alternations.pop();
            return;
        }
        jumps.push(here);
        self.code.push(Inst::Jump(u32::MAX));
        if let Some(split) = self.splits.get_mut(*split as usize) {
            split.second = here + 1;
        }
    }

    fn node(&mut self, id: NodeId) {
        match *self.tree.node(id) {
            Node::Empty => {}
            Node::Char(c) if c.is_ascii() => self.code.push(Inst::Byte(c as u8)),
            Node::Char(c) => self.code.push(Inst::Char(c)),
            Node::Class(index) => self.code.push(Inst::Class(index)),
            Node::Look(look) => self.code.push(Inst::Look(look)),
            Node::Concat(start, end) => {
                self.tasks.extend(self.tree.span(start, end).iter().rev().map(|&id| Task::Node(id)));
            }
            Node::Alternate(start, end) => self.alternate(start, end),
            Node::Capture { group, sub } => {
                let slot = group * 2;
                self.tasks.extend([Task::Save(slot + 1), Task::Node(sub), Task::Save(slot)]);
            }
            Node::Repeat { sub, min, max, greedy } => self.repeat(sub, min, max, greedy),
        }
    }

    fn alternate(&mut self, start: u32, end: u32) {
        let alternatives = self.tree.span(start, end);
        let Some((&last, others)) = alternatives.split_last() else { return };
        // Written backwards, as tasks are taken from the end: a | (b | (c)).
        self.tasks.extend(others.iter().map(|_| Task::NextAlternative(true)));
        self.tasks.push(Task::Node(last));
        for &id in others.iter().rev() {
            self.tasks.extend([Task::NextAlternative(false), Task::Node(id), Task::BeginAlternatives]);
        }
    }

    fn repeat(&mut self, sub: NodeId, min: u32, max: Option<u32>, greedy: bool) {
        let same = matches!(*self.tree.node(sub), Node::Repeat { min: inner, max: inner_max, greedy: inner_greed, .. }
            if (inner, inner_max, inner_greed) == (min, max, greedy));
        let simple = matches!((min, max), (0 | 1, None) | (0, Some(1)));
        if (same && simple) || matches!(self.tree.node(sub), Node::Empty) {
            // x** is x*, and repeating nothing is nothing.
            self.tasks.push(Task::Node(sub));
            return;
        }
        match max {
            None if min == 0 => self.tasks.push(Task::Star(sub, greedy)),
            None => {
                self.tasks.push(Task::Plus(sub, greedy));
                self.tasks.extend((1..min).map(|_| Task::Node(sub)));
            }
            Some(max) => {
                let optional = max.saturating_sub(min);
                self.tasks.extend((0..optional).map(|_| Task::EndSkip));
                self.tasks.extend((0..optional).flat_map(|_| [Task::Node(sub), Task::Skip(greedy)]));
                self.tasks.extend((0..min).map(|_| Task::Node(sub)));
            }
        }
    }
}
