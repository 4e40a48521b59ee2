//! From the tree of a pattern to a row of pieces.

use super::super::tree::{Look, Node, NodeId, Tree};
use super::class::{Class, Next, Start};
use super::{MAX_PIECES, MAX_TEXT, Piece, Repeat, Sequence, Way, Ways};

/// What is known of a place in a row.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// Whether the start of the text was passed on all ways to it.
    is_open: bool,
    /// Whether characters come before it on any way.
    has_characters: bool,
    /// Whether the end of the text was passed on all ways; and on any.
    is_closed: bool,
    may_be_closed: bool,
}

impl State {
    /// The place where two ways meet.
    fn meet(self, other: Self) -> Self {
        Self {
            is_open: self.is_open && other.is_open,
            has_characters: self.has_characters || other.has_characters,
            is_closed: self.is_closed && other.is_closed,
            may_be_closed: self.may_be_closed || other.may_be_closed,
        }
    }
}

/// Steps that are taken to make one.
const MAX_STEPS: usize = 512;
/// Times that a group is repeated.
const MAX_COUNT: u32 = 8;

impl Sequence {
    /// The row that a pattern is, wrapper included, if it is one.
    pub(in super::super) fn of(tree: &Tree) -> Option<Self> {
        let mut maker = Maker {
            tree,
            pieces: Vec::new(),
            saves: vec![(0, 0)],
            text: Vec::new(),
            bytes: 0,
            state: State::default(),
            open: Vec::new(),
        };
        maker.run()?;
        let Maker { mut pieces, saves, .. } = maker;
        look_ahead(&mut pieces);
        let suffix = match pieces.last() {
            Some(Piece::Text(text)) => text.clone(),
            _ => Box::default(),
        };
        Some(Self { pieces, saves, suffix })
    }
}

/// Finds where each repeat can end, and with which characters each way can begin. All pieces lead forward.
fn look_ahead(pieces: &mut [Piece]) {
    let mut starts = vec![Start { set: [0; 2], at_end: true }; pieces.len() + 1];
    let start_of = |starts: &[Start], piece: usize| starts.get(piece).copied().unwrap_or_default();
    for (index, piece) in pieces.iter_mut().enumerate().rev() {
        let after = start_of(&starts, index + 1);
        let start = match piece {
            Piece::Text(text) => text.first().map_or(after, |&byte| Start::of_byte(byte)),
            Piece::Texts(texts) => {
                let bytes = texts.iter().filter_map(|text| text.first());
                bytes.fold(Start::default(), |all, &byte| all.or(Start::of_byte(byte)))
            }
            Piece::Repeat(repeat) => {
                repeat.next = Next::after(repeat.class, after);
                let own = Start { set: repeat.class.set(), at_end: false };
                if repeat.min == 0 { own.or(after) } else { own }
            }
            Piece::Ways(ways) => {
                ways.ways.iter_mut().for_each(|way| way.start = start_of(&starts, way.piece));
                ways.ways.iter().fold(Start::default(), |all, way| all.or(way.start))
            }
            Piece::Jump(to) => start_of(&starts, *to),
            Piece::Mark => after,
        };
        if let Some(place) = starts.get_mut(index) {
            *place = start;
        }
    }
}

struct Maker<'t> {
    tree: &'t Tree,
    pieces: Vec<Piece>,
    saves: Vec<(u32, usize)>,
    /// Characters that become the next piece.
    text: Vec<u8>,
    bytes: usize,
    state: State,
    /// The choices of ways that are being added: the place before one, and the place after its ways so far.
    open: Vec<(State, Option<State>)>,
}

#[derive(Clone, Copy)]
enum Task {
    Node(NodeId),
    Save(u32),
    /// At most so many times.
    Optional(NodeId, u32, bool),
    /// The beginning of a way of this piece; whether groups refer to it.
    Begin(usize, bool),
    /// The end of a way; whether it is the last one.
    End(usize, bool),
}

impl Maker<'_> {
    fn run(&mut self) -> Option<()> {
        let mut tasks = vec![Task::Node(self.tree.root)];
        let mut steps = 0;
        while let Some(task) = tasks.pop() {
            steps += 1;
            if steps > MAX_STEPS || tasks.len() > MAX_STEPS {
                return None;
            }
            match task {
                Task::Node(id) => self.node(id, &mut tasks)?,
                Task::Save(slot) => {
                    self.end_text()?;
                    self.saves.push((slot, self.pieces.len()));
                }
                Task::Optional(_, 0, _) => {}
                Task::Optional(sub, count, greedy) => {
                    let piece = self.ways()?;
                    let more = Task::Optional(sub, count - 1, greedy);
                    let begin = Task::Begin(piece, self.tree.names.len() > 1);
                    tasks.extend(match greedy {
                        true => [Task::End(piece, true), Task::Begin(piece, false), Task::End(piece, false)],
                        false => [Task::End(piece, true), more, Task::Node(sub)],
                    });
                    match greedy {
                        true => tasks.extend([more, Task::Node(sub), begin]),
                        false => tasks.extend([begin, Task::End(piece, false), Task::Begin(piece, false)]),
                    }
                }
                Task::Begin(piece, is_marked) => self.begin(piece, is_marked)?,
                Task::End(piece, is_last) => self.end(piece, is_last)?,
            }
        }
        self.end_text()?;
        self.saves.push((1, self.pieces.len()));
        (self.state.is_open && self.state.is_closed).then_some(())
    }

    fn node(&mut self, id: NodeId, tasks: &mut Vec<Task>) -> Option<()> {
        if let Node::Char(_) | Node::Class(_) | Node::Repeat { .. } = self.tree.node(id) {
            let is_one = !matches!(self.tree.node(id), Node::Repeat { .. });
            if is_one && self.state.is_closed {
                // Nothing comes after the end of a text.
                return self.push_repeat(Class::NONE, (1, 1), true);
            }
            if !self.state.is_open || self.state.may_be_closed {
                return None;
            }
            self.state.has_characters |= is_one;
        }
        match *self.tree.node(id) {
            Node::Empty => {}
            // Before all characters, and after them; a match begins and ends there.
            Node::Look(Look::TextStart) if !self.state.has_characters => self.state.is_open = true,
            Node::Look(Look::TextEnd) => (self.state.is_closed, self.state.may_be_closed) = (true, true),
            Node::Alternate(start, end) if start < end => {
                if let Some(texts) = self.texts(self.tree.span(start, end)) {
                    self.state.has_characters = true;
                    self.end_text()?;
                    return self.push(Piece::Texts(texts));
                }
                let piece = self.ways()?;
                for (index, &way) in self.tree.span(start, end).iter().rev().enumerate() {
                    let begin = Task::Begin(piece, self.has_groups(way));
                    tasks.extend([Task::End(piece, index == 0), Task::Node(way), begin]);
                }
            }
            Node::Look(_) | Node::Alternate(..) => return None,
            Node::Concat(start, end) => {
                tasks.extend(self.tree.span(start, end).iter().rev().map(|&id| Task::Node(id)));
            }
            Node::Capture { group, sub } => {
                tasks.extend([Task::Save(group * 2 + 1), Task::Node(sub), Task::Save(group * 2)]);
            }
            Node::Char(c) => self.push_character(c)?,
            Node::Class(index) => self.push_repeat(Class::of(self.tree.class(index)), (1, 1), true)?,
            Node::Repeat { sub, min, max, greedy } => self.repeat(sub, (min, max), greedy, tasks)?,
        }
        Some(())
    }

    fn repeat(
        &mut self,
        sub: NodeId,
        (min, max): (u32, Option<u32>),
        greedy: bool,
        tasks: &mut Vec<Task>,
    ) -> Option<()> {
        let class = match *self.tree.node(sub) {
            Node::Class(index) => Class::of(self.tree.class(index)),
            Node::Char(c) if c.is_ascii() => Class::of(&[(c, c)]),
            _ => {
                // Each round is written out.
                let max = max.filter(|max| (min..=MAX_COUNT).contains(max))?;
                tasks.push(Task::Optional(sub, max - min, greedy));
                tasks.extend((0..min).map(|_| Task::Node(sub)));
                return Some(());
            }
        };
        self.state.has_characters = true;
        let max = max.map_or(usize::MAX, |max| max as usize);
        self.push_repeat(class, (min as usize, max), greedy)
    }

    /// Whether a group is in a node, as far as it is easily seen.
    fn has_groups(&self, id: NodeId) -> bool {
        if self.tree.names.len() == 1 {
            return false;
        }
        let is_plain = |id: NodeId| matches!(self.tree.node(id), Node::Char(_) | Node::Class(_) | Node::Empty);
        match *self.tree.node(id) {
            Node::Concat(start, end) => !self.tree.span(start, end).iter().all(|&id| is_plain(id)),
            _ => !is_plain(id),
        }
    }

    /// The texts of alternatives, if each is a plain text.
    fn texts(&mut self, alternatives: &[NodeId]) -> Option<Box<[Box<[u8]>]>> {
        if !self.state.is_open || self.state.may_be_closed {
            return None;
        }
        let texts: Option<Box<[Box<[u8]>]>> = alternatives.iter().map(|&id| self.plain_text(id)).collect();
        self.bytes += texts.iter().flatten().map(|text| text.len() + 1).sum::<usize>();
        texts.filter(|_| self.bytes <= MAX_TEXT)
    }

    /// The text of a node, if it is a plain one that is not empty.
    fn plain_text(&self, id: NodeId) -> Option<Box<[u8]>> {
        let byte = |id: NodeId| match *self.tree.node(id) {
            Node::Char(c) => u8::try_from(c).ok().filter(u8::is_ascii),
            _ => None,
        };
        match *self.tree.node(id) {
            Node::Char(_) => Some([byte(id)?].into()),
            Node::Concat(start, end) if end - start <= MAX_TEXT as u32 => {
                let text: Box<[u8]> = self.tree.span(start, end).iter().map(|&id| byte(id)).collect::<Option<_>>()?;
                (!text.is_empty()).then_some(text)
            }
            _ => None,
        }
    }

    /// Adds a choice of ways, which are added one after the other.
    fn ways(&mut self) -> Option<usize> {
        self.end_text()?;
        self.push(Piece::Ways(Ways { ways: Vec::new(), end: 0 }))?;
        self.open.push((self.state, None));
        Some(self.pieces.len() - 1)
    }

    fn begin(&mut self, piece: usize, is_marked: bool) -> Option<()> {
        let first = self.pieces.len();
        self.state = self.open.last()?.0;
        if let Some(Piece::Ways(ways)) = self.pieces.get_mut(piece) {
            ways.ways.push(Way { piece: first, start: Start::default() });
        }
        if is_marked { self.push(Piece::Mark) } else { Some(()) }
    }

    fn end(&mut self, piece: usize, is_last: bool) -> Option<()> {
        self.end_text()?;
        let (_, after) = self.open.last_mut()?;
        let met = after.map_or(self.state, |after| after.meet(self.state));
        *after = Some(met);
        if !is_last {
            // Where to is not known yet: the number of the choice says which jumps are its own.
            return self.push(Piece::Jump(piece));
        }
        self.state = met;
        self.open.pop();
        let end = self.pieces.len();
        self.push(Piece::Mark)?;
        for each in self.pieces.get_mut(piece..)? {
            match each {
                Piece::Jump(to) if *to == piece => *to = end,
                Piece::Text(_) | Piece::Texts(_) | Piece::Repeat(_) | Piece::Ways(_) | Piece::Jump(_) | Piece::Mark => {
                }
            }
        }
        if let Some(Piece::Ways(ways)) = self.pieces.get_mut(piece) {
            ways.end = end;
        }
        Some(())
    }

    fn push_character(&mut self, c: char) -> Option<()> {
        if !c.is_ascii() {
            return None;
        }
        self.text.push(c as u8);
        self.bytes += 1;
        (self.bytes <= MAX_TEXT).then_some(())
    }

    fn end_text(&mut self) -> Option<()> {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.push(Piece::Text(text.into()))?;
        }
        Some(())
    }

    fn push_repeat(&mut self, class: Class, (min, max): (usize, usize), greedy: bool) -> Option<()> {
        self.end_text()?;
        self.push(Piece::Repeat(Repeat { class, min, max, greedy, next: Next::Anywhere }))
    }

    fn push(&mut self, piece: Piece) -> Option<()> {
        self.pieces.push(piece);
        (self.pieces.len() <= MAX_PIECES).then_some(())
    }
}
