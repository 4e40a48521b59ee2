//! Alternatives with a common beginning, which become the beginning and the alternatives of the rest.

use std::rc::Rc;

use super::super::Flags;
use super::{Exceeded, Id, Limits, MAX_HEIGHT, Op, Ranges, variants};

/// Alternatives that are being factored: those of the common beginning come first, then this one goes on.
struct Work {
    id: Id,
    subs: Vec<Id>,
    /// Whether common texts are done, and common classes are looked for.
    has_texts: bool,
    /// The first of `subs` that is not done.
    start: usize,
    out: Vec<Id>,
    /// The common beginning, while the alternatives of the rest are factored.
    prefix: Option<Id>,
}

/// What comes next.
enum Next {
    /// The rests after a common beginning are to be factored.
    Rests(Vec<Id>),
    /// All is done: the node.
    Done(Id),
}

impl Limits {
    /// One node out of several that follow each other; concatenations among them give their parts.
    pub(super) fn concatenation(&mut self, items: Vec<Id>) -> Id {
        if let [only] = items[..] {
            return only;
        }
        let id = self.node(Op::Concat, Flags::default());
        self.nodes[id].subs = self.flattened(items, Op::Concat);
        id
    }

    /// One node out of several alternatives, as Go writes them. Each common beginning inside of another adds a level, so
    /// that more than [`MAX_HEIGHT`] are never needed.
    pub(super) fn alternation(&mut self, items: Vec<Id>) -> Result<Id, Exceeded> {
        if let [only] = items[..] {
            return Ok(only);
        }
        let mut open = vec![self.work(items)];
        while let Some(work) = open.last_mut() {
            match self.next(work)? {
                Next::Rests(_) if open.len() > MAX_HEIGHT => return Err(Exceeded::Height),
                Next::Rests(rests) => {
                    let inner = self.work(rests);
                    open.push(inner);
                }
                Next::Done(suffix) => {
                    open.pop();
                    let Some(outer) = open.last_mut() else { return Ok(suffix) };
                    let id = self.node(Op::Concat, Flags::default());
                    self.nodes[id].subs = outer.prefix.take().into_iter().chain([suffix]).collect();
                    outer.out.push(id);
                }
            }
        }
        Err(Exceeded::Height)
    }

    fn work(&mut self, items: Vec<Id>) -> Work {
        let id = self.node(Op::Alternate, Flags::default());
        let subs = self.flattened(items, Op::Alternate);
        Work { id, subs, has_texts: false, start: 0, out: Vec::new(), prefix: None }
    }

    fn flattened(&mut self, items: Vec<Id>, op: Op) -> Vec<Id> {
        let mut subs = Vec::with_capacity(items.len());
        for item in items {
            if self.nodes[item].op == op {
                subs.append(&mut self.nodes[item].subs);
                self.release(item);
            } else {
                subs.push(item);
            }
        }
        subs
    }

    fn next(&mut self, work: &mut Work) -> Result<Next, Exceeded> {
        loop {
            while work.start < work.subs.len() {
                let start = work.start;
                let (end, text) = if work.has_texts { (self.end_of_class(work), None) } else { self.end_of_text(work) };
                work.start = end;
                if end == start + 1 {
                    work.out.push(work.subs[start]);
                    continue;
                }
                let run = work.subs[start..end].to_vec();
                let (prefix, rests) = match text {
                    Some((text, folds)) => self.without_texts(text, folds, &run)?,
                    None => self.without_leading_nodes(&run)?,
                };
                work.prefix = Some(prefix);
                return Ok(Next::Rests(rests));
            }
            work.subs = std::mem::take(&mut work.out);
            work.start = 0;
            if work.has_texts {
                return Ok(Next::Done(self.finished(work)));
            }
            work.has_texts = true;
        }
    }

    fn finished(&mut self, work: &mut Work) -> Id {
        let mut subs = self.joined_classes(std::mem::take(&mut work.subs));
        // Of empty alternatives in a row one is enough.
        subs.dedup_by(|next, before| self.nodes[*next].op == Op::Empty && self.nodes[*before].op == Op::Empty);
        if let [only] = subs[..] {
            self.release(work.id);
            return only;
        }
        self.nodes[work.id].subs = subs;
        work.id
    }

    /// The end of the neighbors that begin with a common text, and that text; whether it folds case.
    fn end_of_text(&self, work: &Work) -> (usize, Option<(Vec<u32>, bool)>) {
        let (first, folds) = self.leading_text(work.subs[work.start]);
        let mut length = first.len();
        let mut end = work.start + 1;
        while let Some(&sub) = work.subs.get(end) {
            let (text, also_folds) = self.leading_text(sub);
            let same = first[..length].iter().zip(text).take_while(|(one, other)| one == other).count();
            if also_folds != folds || same == 0 {
                break;
            }
            length = same;
            end += 1;
        }
        let is_run = end > work.start + 1;
        (end, is_run.then(|| (first[..length].to_vec(), folds)))
    }

    /// The end of the neighbors that begin with the same class, or with the same fixed repetition of one.
    fn end_of_class(&self, work: &Work) -> usize {
        let first = self.leading_node(work.subs[work.start]).filter(|&first| self.is_simple(first));
        let is_same = |sub: &&Id| match (first, self.leading_node(**sub)) {
            (Some(first), Some(other)) => self.is_equal(first, other),
            _ => false,
        };
        work.start + 1 + work.subs[work.start + 1..].iter().take_while(is_same).count()
    }

    fn without_texts(&mut self, text: Vec<u32>, folds: bool, run: &[Id]) -> Result<(Id, Vec<Id>), Exceeded> {
        let length = text.len();
        let prefix = self.node(Op::Text, Flags { fold_case: folds, ..Flags::default() });
        self.nodes[prefix].text = text;
        let mut rests = Vec::with_capacity(run.len());
        for &sub in run {
            let rest = self.without_text(sub, length);
            self.check(rest)?;
            rests.push(rest);
        }
        Ok((prefix, rests))
    }

    fn without_leading_nodes(&mut self, run: &[Id]) -> Result<(Id, Vec<Id>), Exceeded> {
        let prefix = run.first().map_or(0, |&sub| self.first_part(sub));
        let mut rests = Vec::with_capacity(run.len());
        for (index, &sub) in run.iter().enumerate() {
            let rest = self.without_leading_node(sub, index > 0);
            self.check(rest)?;
            rests.push(rest);
        }
        Ok((prefix, rests))
    }

    /// Makes one class of neighbors that are characters or classes.
    fn joined_classes(&mut self, mut subs: Vec<Id>) -> Vec<Id> {
        let mut out = Vec::with_capacity(subs.len());
        let mut start = 0;
        while start < subs.len() {
            let run = subs[start..].iter().take_while(|&&sub| self.nodes[sub].is_class()).count();
            let end = start + run;
            if run >= 2 {
                let mut largest = start;
                for at in start + 1..end {
                    let rank = |at: usize| (self.nodes[subs[at]].op, self.nodes[subs[at]].runes());
                    if rank(largest) < rank(at) {
                        largest = at;
                    }
                }
                subs.swap(start, largest);
                for at in start + 1..end {
                    self.merge(subs[start], subs[at]);
                    self.release(subs[at]);
                }
                self.clean(subs[start]);
            }
            if run >= 1 {
                out.push(subs[start]);
            }
            out.extend(subs.get(end));
            start = end + 1;
        }
        out
    }

    /// The text that a node begins with, and whether it folds case.
    fn leading_text(&self, id: Id) -> (&[u32], bool) {
        let first = self.first_part(id);
        let node = &self.nodes[first];
        if node.op == Op::Text { (&node.text, node.flags.fold_case) } else { (&[], false) }
    }

    fn first_part(&self, id: Id) -> Id {
        let node = &self.nodes[id];
        if node.op == Op::Concat { node.subs.first().copied().unwrap_or(id) } else { id }
    }

    /// The node without the first characters of the text that it begins with.
    fn without_text(&mut self, id: Id, length: usize) -> Id {
        let first = self.first_part(id);
        let node = &mut self.nodes[first];
        if node.op == Op::Text {
            node.text.drain(..length);
            if node.text.is_empty() {
                node.op = Op::Empty;
            }
        }
        if first == id || self.nodes[first].op != Op::Empty {
            return id;
        }
        self.release(first);
        self.nodes[id].subs.remove(0);
        if let [only] = self.nodes[id].subs[..] {
            self.release(id);
            return only;
        }
        id
    }

    fn leading_node(&self, id: Id) -> Option<Id> {
        let first = self.first_part(id);
        (self.nodes[first].op != Op::Empty).then_some(first)
    }

    fn without_leading_node(&mut self, id: Id, is_released: bool) -> Id {
        let first = self.first_part(id);
        if is_released {
            self.release(first);
        }
        if first == id {
            return self.node(Op::Empty, Flags::default());
        }
        self.nodes[id].subs.remove(0);
        if let [only] = self.nodes[id].subs[..] {
            self.release(id);
            return only;
        }
        id
    }

    /// A class, or a fixed repetition of one.
    fn is_simple(&self, id: Id) -> bool {
        let node = &self.nodes[id];
        let of_class = || node.subs.first().is_some_and(|&sub| self.nodes[sub].is_class());
        node.is_class() || (node.op == Op::Repeat && node.max == Some(node.min) && of_class())
    }

    /// Whether two nodes are written the same, where the first is a simple one.
    fn is_equal(&self, one: Id, other: Id) -> bool {
        let (one, other) = (&self.nodes[one], &self.nodes[other]);
        one.op == other.op
            && one.text == other.text
            && one.class == other.class
            && (one.min, one.max, one.is_lazy) == (other.min, other.max, other.is_lazy)
            && one.subs.len() == other.subs.len()
            && one.subs.iter().zip(&other.subs).all(|(&one, &other)| self.is_equal(one, other))
    }

    /// Adds the characters of a node to those of one of the same kind or of a later one.
    pub(super) fn merge(&mut self, into: Id, from: Id) {
        let added = match self.nodes[from].op {
            Op::Text => {
                let code = self.nodes[from].text.first().copied().unwrap_or(0);
                if self.nodes[from].flags.fold_case { variants(code, self.unicode) } else { vec![(code, code)] }
            }
            _ => self.nodes[from].class.to_vec(),
        };
        let is_any = self.nodes[from].op == Op::Any;
        let is_same =
            self.nodes[from].text == self.nodes[into].text && self.nodes[from].flags == self.nodes[into].flags;
        let node = &mut self.nodes[into];
        match node.op {
            Op::AnyButNewline => {
                let newline = u32::from('\n');
                if is_any || added.iter().any(|&(low, high)| low <= newline && newline <= high) {
                    node.op = Op::Any;
                }
            }
            Op::Class => Rc::make_mut(&mut node.class).extend(added),
            Op::Text if !is_same => {
                let code = node.text.first().copied().unwrap_or(0);
                let mut ranges = if node.flags.fold_case { variants(code, self.unicode) } else { vec![(code, code)] };
                ranges.extend(added);
                (node.op, node.text, node.class) = (Op::Class, Vec::new(), Rc::new(ranges));
            }
            _ => {}
        }
    }

    /// Sorts the ranges of a class and joins them; one of all characters is what `.` gives.
    pub(super) fn clean(&mut self, id: Id) {
        let node = &mut self.nodes[id];
        if node.op != Op::Class {
            return;
        }
        let ranges = joined(&node.class);
        let last = u32::from(char::MAX);
        let newline = u32::from('\n');
        node.op = match ranges[..] {
            [(0, high)] if high == last => Op::Any,
            [(0, before), (after, high)] if high == last && before + 1 == newline && after == newline + 1 => {
                Op::AnyButNewline
            }
            _ => Op::Class,
        };
        node.class = if node.op == Op::Class { Rc::new(ranges) } else { Rc::default() };
    }
}

fn joined(ranges: &[(u32, u32)]) -> Ranges {
    let mut sorted = ranges.to_vec();
    sorted.sort_unstable();
    let mut joined: Ranges = Vec::with_capacity(sorted.len());
    for (low, high) in sorted {
        match joined.last_mut() {
            Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
            _ => joined.push((low, high)),
        }
    }
    joined
}
