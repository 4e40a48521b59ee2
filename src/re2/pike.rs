//! Runs all threads of a program side by side: memory grows with the program, not with the text.

use super::error::TooLargeError;
use super::position::{NOWHERE, char_at, look_holds};
use super::program::{Inst, Program};

/// Slots of all threads together.
const MAX_SLOTS: usize = 1 << 24;
/// Instructions looked at in one search.
const MAX_STEPS: u64 = 1 << 27;

/// Working memory, kept for the next search.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    now: Threads,
    next: Threads,
    stack: Vec<Follow>,
    slots: Vec<u32>,
}

/// The instructions reached at one place, best first, each with its slots.
#[derive(Clone, Debug, Default)]
struct Threads {
    order: Vec<u32>,
    position: Vec<u32>,
    slots: Vec<u32>,
}

impl Threads {
    fn prepare(&mut self, instructions: usize, slots: usize) {
        self.order.clear();
        self.position.clear();
        self.position.resize(instructions, 0);
        self.slots.clear();
        self.slots.resize(instructions * slots, NOWHERE);
    }

    fn insert(&mut self, pc: u32) -> bool {
        let Some(position) = self.position.get_mut(pc as usize) else { return false };
        if self.order.get(*position as usize) == Some(&pc) {
            return false;
        }
        *position = self.order.len() as u32;
        self.order.push(pc);
        true
    }
}

#[derive(Clone, Copy, Debug)]
enum Follow {
    Visit(u32),
    Restore(u32, u32),
}

/// Finds the first match at or after `from`.
pub(super) fn search(
    program: &Program,
    text: &str,
    from: usize,
    slots: &mut [u32],
    memory: &mut Memory,
) -> Result<bool, TooLargeError> {
    let width = slots.len();
    if program.code.len().saturating_mul(width.max(1)) > MAX_SLOTS {
        return Err(TooLargeError);
    }
    memory.now.prepare(program.code.len(), width);
    memory.next.prepare(program.code.len(), width);
    let Memory { now, next, stack, slots: current } = memory;
    slots.fill(NOWHERE);
    let mut at = from;
    let mut matched = false;
    let mut steps = 0u64;
    loop {
        if !matched && (at == from || !program.anchored) {
            current.clear();
            current.resize(width, NOWHERE);
            follow(program, text, at, 0, now, stack, current);
        }
        if now.order.is_empty() && (matched || program.anchored) {
            break;
        }
        steps += now.order.len() as u64;
        if steps > MAX_STEPS {
            return Err(TooLargeError);
        }
        let c = char_at(text, at);
        let after = at + c.map_or(1, char::len_utf8);
        for index in 0..now.order.len() {
            let Some(&pc) = now.order.get(index) else { break };
            let taken = match (program.code.get(pc as usize), c) {
                (Some(Inst::Match), _) => {
                    slots.copy_from_slice(thread_slots(now, pc, width));
                    matched = true;
                    break;
                }
                (Some(Inst::Byte(byte)), Some(c)) => c == char::from(*byte),
                (Some(Inst::Char(wanted)), Some(c)) => c == *wanted,
                (Some(Inst::Class(class)), Some(c)) => program
                    .classes
                    .get(*class as usize)
                    .is_some_and(|class| if c.is_ascii() { class.has_ascii(c as u8) } else { class.has_other(c) }),
                _ => false,
            };
            if taken {
                current.clear();
                current.extend_from_slice(thread_slots(now, pc, width));
                follow(program, text, after, pc + 1, next, stack, current);
            }
        }
        std::mem::swap(now, next);
        next.order.clear();
        if c.is_none() {
            break;
        }
        at = after;
    }
    Ok(matched)
}

fn thread_slots(threads: &Threads, pc: u32, width: usize) -> &[u32] {
    let start = pc as usize * width;
    threads.slots.get(start..start + width).unwrap_or(&[])
}

/// Adds the instructions reached from `pc` without taking a character, best first.
fn follow(
    program: &Program,
    text: &str,
    at: usize,
    pc: u32,
    threads: &mut Threads,
    stack: &mut Vec<Follow>,
    slots: &mut [u32],
) {
    stack.clear();
    stack.push(Follow::Visit(pc));
    while let Some(entry) = stack.pop() {
        let pc = match entry {
            Follow::Visit(pc) => pc,
            Follow::Restore(slot, old) => {
                if let Some(place) = slots.get_mut(slot as usize) {
                    *place = old;
                }
                continue;
            }
        };
        if !threads.insert(pc) {
            continue;
        }
        match program.code.get(pc as usize) {
            Some(&Inst::Jump(to)) => stack.push(Follow::Visit(to)),
            Some(&Inst::Split(index)) => {
                if let Some(split) = program.splits.get(index as usize) {
                    stack.extend([Follow::Visit(split.second), Follow::Visit(split.first)]);
                }
            }
            Some(&Inst::Save(slot)) => {
                if let Some(place) = slots.get_mut(slot as usize) {
                    stack.push(Follow::Restore(slot, *place));
                    *place = at as u32;
                }
                stack.push(Follow::Visit(pc + 1));
            }
            Some(&Inst::Look(look)) if look_holds(look, text.as_bytes(), at) => stack.push(Follow::Visit(pc + 1)),
            Some(Inst::Look(_)) | None => {}
            Some(Inst::Byte(_) | Inst::Char(_) | Inst::Class(_) | Inst::Match) => {
                let start = pc as usize * slots.len();
                if let Some(own) = threads.slots.get_mut(start..start + slots.len()) {
                    own.copy_from_slice(slots);
                }
            }
        }
    }
}
