//! Input in blocks of whole lines, read ahead by a thread of its own.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Bytes of a block, unless one line is longer.
pub(super) const BLOCK: usize = 256 << 10;
/// The longest line: more than any label set that may be worked on takes, however it is escaped.
pub(super) const LONGEST_LINE: usize = 128 << 20;

/// Why there is no further block.
#[derive(Debug)]
pub(super) enum BlockError {
    /// The system's error.
    Read(io::Error),
    /// A line is longer than is allowed.
    LongLine,
}

/// The blocks of an input, in order. Whoever is done with one gives its memory back.
#[derive(Debug)]
pub(super) struct Blocks {
    full: Receiver<Result<Vec<u8>, BlockError>>,
    empty: SyncSender<Vec<u8>>,
    /// What comes after the blocks taken last.
    fault: Option<BlockError>,
}

impl Blocks {
    /// Starts to read. At most `ahead` blocks wait to be taken; a line may have `longest` bytes.
    pub(super) fn start(input: impl Read + Send + 'static, ahead: usize, longest: usize) -> io::Result<Self> {
        let (full_sender, full) = sync_channel(ahead);
        let (empty, empty_receiver) = sync_channel(2 * ahead + 2);
        let reader = BlockReader {
            input,
            longest,
            buffer: vec![0; BLOCK].into(),
            rest: Vec::new(),
            full: full_sender,
            empty: empty_receiver,
        };
        // Nobody waits for the thread: it ends when the blocks are no longer wanted.
        thread::Builder::new().name("input".to_string()).spawn(move || reader.run())?;
        Ok(Self { full, empty, fault: None })
    }

    /// Takes the blocks that are there already, up to `most`.
    pub(super) fn take_ready(&mut self, most: usize, blocks: &mut Vec<Vec<u8>>) -> Result<(), BlockError> {
        while self.fault.is_none() && blocks.len() < most {
            match self.full.try_recv() {
                Ok(Ok(block)) => blocks.push(block),
                Ok(Err(fault)) => self.fault = Some(fault),
                Err(_) => break,
            }
        }
        match self.fault.take_if(|_| blocks.is_empty()) {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }

    /// Waits for the next block; says whether there is one.
    pub(super) fn wait(&mut self, blocks: &mut Vec<Vec<u8>>) -> Result<bool, BlockError> {
        match self.full.recv() {
            Ok(block) => blocks.push(block?),
            Err(_) => return Ok(false),
        }
        Ok(true)
    }

    /// Gives memory back.
    pub(super) fn give_back(&self, block: Vec<u8>) {
        let _kept = self.empty.try_send(block);
    }
}

/// The reading side.
struct BlockReader<R> {
    input: R,
    longest: usize,
    buffer: Box<[u8]>,
    /// The beginning of a line that was not yet read to its end.
    rest: Vec<u8>,
    full: SyncSender<Result<Vec<u8>, BlockError>>,
    empty: Receiver<Vec<u8>>,
}

impl<R: Read> BlockReader<R> {
    fn run(mut self) {
        while let Some(block) = self.next_block().transpose() {
            let is_fault = block.is_err();
            if self.full.send(block).is_err() || is_fault {
                return;
            }
        }
    }

    /// As many whole lines as one block takes and as can be read without waiting for more; `None` at the end.
    fn next_block(&mut self) -> Result<Option<Vec<u8>>, BlockError> {
        let mut block = self.empty.try_recv().unwrap_or_default();
        block.clear();
        block.shrink_to(2 * BLOCK);
        block.append(&mut self.rest);
        loop {
            if block.len() > self.longest {
                return Err(BlockError::LongLine);
            }
            let read = self.read().map_err(BlockError::Read)?;
            let bytes = self.buffer.get(..read).unwrap_or(&[]);
            if let Some(end) = memchr::memrchr(b'\n', bytes) {
                let (lines, rest) = bytes.split_at(end + 1);
                block.extend_from_slice(lines);
                self.rest.extend_from_slice(rest);
                return Ok(Some(block));
            }
            block.extend_from_slice(bytes);
            if read == 0 {
                return Ok((!block.is_empty()).then_some(block));
            }
        }
    }

    fn read(&mut self) -> io::Result<usize> {
        loop {
            match self.input.read(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => return done,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its parts one read at a time; an empty one is an error.
    struct Parts(Vec<&'static str>);

    impl Read for Parts {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Ok(0);
            }
            let part = self.0.remove(0);
            if part.is_empty() {
                return Err(io::Error::other("broken"));
            }
            buffer[..part.len()].copy_from_slice(part.as_bytes());
            Ok(part.len())
        }
    }

    fn blocks_of(parts: &[&'static str]) -> (Vec<String>, bool) {
        let mut input = Blocks::start(Parts(parts.to_vec()), 1, LONGEST_LINE).unwrap();
        let mut all = Vec::new();
        let mut blocks = Vec::new();
        loop {
            match input.wait(&mut blocks) {
                Ok(true) => all.extend(blocks.drain(..).map(|block| String::from_utf8(block).unwrap())),
                Ok(false) => return (all, true),
                Err(_) => return (all, false),
            }
        }
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn blocks_are_whole_lines_as_they_come() {
        assert_eq!(blocks_of(&[]), (texts(&[]), true));
        assert_eq!(blocks_of(&["a\nb\n"]), (texts(&["a\nb\n"]), true));
        assert_eq!(blocks_of(&["a\nb", "c\n", "d\n"]), (texts(&["a\n", "bc\n", "d\n"]), true));
        assert_eq!(blocks_of(&["a", "b", "c"]), (texts(&["abc"]), true));
        assert_eq!(blocks_of(&["\n", "\nx"]), (texts(&["\n", "\n", "x"]), true));
    }

    #[test]
    fn a_fault_comes_after_the_lines_before_it() {
        assert_eq!(blocks_of(&["a\nb", ""]), (texts(&["a\n"]), false));
        let mut input = Blocks::start(Parts(vec!["a\n", ""]), 2, LONGEST_LINE).unwrap();
        let mut blocks = Vec::new();
        assert!(input.wait(&mut blocks).unwrap());
        while blocks.len() == 1 {
            if input.take_ready(2, &mut blocks).is_err() || input.fault.is_some() {
                break;
            }
        }
        assert_eq!(blocks, [b"a\n"]);
        blocks.clear();
        assert!(input.take_ready(2, &mut blocks).is_err());
    }

    #[test]
    fn a_line_may_be_longer_than_a_block() {
        let long = "x".repeat(3 * BLOCK);
        let text = format!("{long}\ny\n");
        let mut input = Blocks::start(io::Cursor::new(text.into_bytes()), 1, LONGEST_LINE).unwrap();
        let mut blocks = Vec::new();
        while input.wait(&mut blocks).unwrap() {}
        assert_eq!(blocks.concat(), format!("{long}\ny\n").into_bytes());
        assert!(blocks.iter().all(|block| block.ends_with(b"\n")));
    }
}
