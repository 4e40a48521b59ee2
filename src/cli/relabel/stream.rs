//! Lines of label maps through a chain: on all cores, in order, in constant memory.

use std::io::{self, Read, Write};

use promcfg::relabel::{LineError, LineRelabeler, Verdict};
use promcfg::{Budget, Chain};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, IntoParallelRefMutIterator, ParallelIterator};

use super::blocks::{BLOCK, BlockError, Blocks, LONGEST_LINE};

/// Bytes of results that are written before going on with a block.
const MUCH_OUTPUT: usize = 8 << 20;

/// Why not all lines went through.
#[derive(Debug)]
pub(super) enum StreamError {
    /// The output cannot be written.
    Write(io::Error),
    /// The input cannot be read, after so many whole lines.
    Read(usize, io::Error),
    /// A line, counted from 1, gives no result.
    Line(usize, String),
}

/// Relabels the lines of `input` and writes what is left to `output`, `null` for dropped sets if `show_dropped`.
/// What is done is written before waiting for more input; so are the lines before a faulty one. The blocks that are held
/// at a time take at most `max_memory`: a line that is longer than a block may be then is refused.
pub(super) fn relabel_lines(
    chain: &Chain,
    show_dropped: bool,
    max_memory: u64,
    input: impl Read + Send + 'static,
    output: &mut impl Write,
) -> Result<(), StreamError> {
    let most = rayon_threads();
    // Those that wait, those that are worked on, one that is read, and its rest.
    let held = 3 * most as u64 + 2;
    let longest = usize::try_from(max_memory / held).unwrap_or(LONGEST_LINE).clamp(BLOCK, LONGEST_LINE);
    // In whole units, as it is said.
    let longest = longest - longest % if longest > 1 << 20 { 1 << 20 } else { 1 << 10 };
    let mut stream = Stream { chain, show_dropped, longest, workers: Vec::new(), lines: 0 };
    let mut input = Blocks::start(input, 2 * most, longest).map_err(|error| StreamError::Read(0, error))?;
    let mut blocks = Vec::new();
    loop {
        input.take_ready(most, &mut blocks).map_err(|fault| stream.unreadable(fault))?;
        if blocks.is_empty() {
            output.flush().map_err(StreamError::Write)?;
            if !input.wait(&mut blocks).map_err(|fault| stream.unreadable(fault))? {
                return Ok(());
            }
            input.take_ready(most, &mut blocks).map_err(|fault| stream.unreadable(fault))?;
        }
        stream.relabel(&blocks, output)?;
        blocks.drain(..).for_each(|block| input.give_back(block));
    }
}

/// Threads that work at once: one for each core, or as many as `RAYON_NUM_THREADS` says.
fn rayon_threads() -> usize {
    let wanted =
        std::env::var("RAYON_NUM_THREADS").ok().and_then(|count| count.parse().ok()).filter(|&count| count > 0);
    wanted.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

struct Stream<'c> {
    chain: &'c Chain,
    show_dropped: bool,
    /// Bytes that a line may have.
    longest: usize,
    workers: Vec<Worker>,
    /// Lines of the blocks that are done.
    lines: usize,
}

/// What works on one block at a time.
struct Worker {
    relabeler: LineRelabeler,
    out: Vec<u8>,
    /// Bytes of the block that are done.
    done: usize,
    /// Lines that are done, the faulty one included if there is one.
    lines: usize,
    fault: Option<LineError>,
}

impl Stream<'_> {
    fn unreadable(&self, fault: BlockError) -> StreamError {
        match fault {
            BlockError::Read(error) => StreamError::Read(self.lines, error),
            BlockError::LongLine => StreamError::Line(
                self.lines + 1,
                format!("it is longer than {}", Budget::new(self.longest as u64).limit_in_words()),
            ),
        }
    }

    /// Relabels each block on a thread of its own, and writes the results in order.
    fn relabel(&mut self, blocks: &[Vec<u8>], output: &mut impl Write) -> Result<(), StreamError> {
        while self.workers.len() < blocks.len() {
            self.workers.push(Worker::new(self.chain));
        }
        let show_dropped = self.show_dropped;
        match (blocks, &mut self.workers[..]) {
            ([only], [worker, ..]) => worker.begin(only, show_dropped),
            (blocks, workers) => {
                let pairs = blocks.par_iter().zip(workers.par_iter_mut());
                pairs.for_each(|(block, worker)| worker.begin(block, show_dropped));
            }
        }
        for (worker, block) in self.workers.iter_mut().zip(blocks) {
            worker.write_rest(block, show_dropped, output).map_err(StreamError::Write)?;
            self.lines += worker.lines;
            if let Some(fault) = worker.fault.take() {
                output.flush().map_err(StreamError::Write)?;
                return Err(StreamError::Line(self.lines, fault.to_string()));
            }
        }
        Ok(())
    }
}

impl Worker {
    fn new(chain: &Chain) -> Self {
        Self { relabeler: LineRelabeler::new(chain), out: Vec::new(), done: 0, lines: 0, fault: None }
    }

    fn begin(&mut self, block: &[u8], show_dropped: bool) {
        (self.done, self.lines) = (0, 0);
        self.go_on(block, show_dropped);
    }

    /// Works on the block until it ends, a line is faulty, or there is much to write.
    fn go_on(&mut self, block: &[u8], show_dropped: bool) {
        self.out.clear();
        self.out.shrink_to(MUCH_OUTPUT);
        while self.out.len() < MUCH_OUTPUT
            && let Some(rest) = block.get(self.done..).filter(|rest| !rest.is_empty())
        {
            let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            self.done += length;
            self.lines += 1;
            match self.relabeler.relabel_into(rest.get(..length).unwrap_or(rest), &mut self.out) {
                Ok(Some(Verdict::Dropped { .. })) if show_dropped => self.out.extend_from_slice(b"null\n"),
                Ok(_) => {}
                Err(fault) => {
                    self.fault = Some(fault);
                    return;
                }
            }
        }
    }

    /// Writes what is done, and does and writes the rest of the block.
    fn write_rest(&mut self, block: &[u8], show_dropped: bool, output: &mut impl Write) -> io::Result<()> {
        output.write_all(&self.out)?;
        while self.fault.is_none() && self.done < block.len() {
            self.go_on(block, show_dropped);
            output.write_all(&self.out)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::mpsc::{Receiver, Sender, channel};

    use promcfg::relabel::{Action, NameScheme, RuleSpec};

    use super::*;

    fn chain(rules: &[RuleSpec]) -> Chain {
        Chain::new(rules, NameScheme::Utf8).unwrap()
    }

    fn keep(regex: &str) -> RuleSpec {
        RuleSpec {
            source_labels: Some(vec!["a".to_string()]),
            regex: Some(regex.to_string()),
            action: Some(Action::Keep),
            ..RuleSpec::default()
        }
    }

    fn through(rules: &[RuleSpec], show_dropped: bool, input: &str) -> (String, Result<(), StreamError>) {
        let mut output = Vec::new();
        let done = relabel_lines(&chain(rules), show_dropped, u64::MAX, Cursor::new(input.to_string()), &mut output);
        (String::from_utf8(output).unwrap(), done)
    }

    #[test]
    fn sets_come_out_in_order_and_dropped_ones_only_if_wanted() {
        let input = "{\"a\":\"1\"}\n{\"a\":\"2\"}\n\n{\"a\":\"3\"}";
        let (output, done) = through(&[keep("[13]")], false, input);
        assert_eq!((output.as_str(), done.is_ok()), ("{\"a\":\"1\"}\n{\"a\":\"3\"}\n", true));
        let (output, done) = through(&[keep("[13]")], true, input);
        assert_eq!((output.as_str(), done.is_ok()), ("{\"a\":\"1\"}\nnull\n{\"a\":\"3\"}\n", true));
    }

    #[test]
    fn many_blocks_keep_their_order() {
        let input: String = (0..60_000).map(|number| format!("{{\"a\":\"{number}\", \"b\":\"\"}}\n")).collect();
        let expected: String = (0..60_000).map(|number| format!("{{\"a\":\"{number}\"}}\n")).collect();
        let (output, done) = through(&[], false, &input);
        assert!(done.is_ok());
        assert!(output == expected);
    }

    #[test]
    fn a_faulty_line_is_told_by_its_number_after_the_lines_before_it() {
        let mut input: String = (0..60_000).map(|number| format!("{{\"a\":\"{number}\"}}\n")).collect();
        let lines = input.clone();
        input.push_str("\n[]\n{\"a\":\"last\"}\n");
        let (output, done) = through(&[], false, &input);
        assert!(output == lines);
        let Err(StreamError::Line(line, message)) = done else { panic!("{done:?}") };
        assert_eq!(line, 60_002);
        assert_eq!(message, "not a label map: invalid type: sequence, expected an object of label names and values");
    }

    #[test]
    fn lines_are_bounded_by_the_memory_that_may_be_held() {
        let through = |length: usize, max_memory: u64| {
            let line = format!("{{\"a\":\"{}\"}}\n", "x".repeat(length));
            let mut output = Vec::new();
            relabel_lines(&chain(&[]), false, max_memory, Cursor::new(line), &mut output)
        };
        assert!(through(1 << 20, 1 << 30).is_ok());
        let Err(StreamError::Line(1, message)) = through(1 << 20, 1 << 20) else { panic!("is too long") };
        assert_eq!(message, "it is longer than 256 KiB");
    }

    #[test]
    fn large_results_of_small_lines_are_written_piece_by_piece() {
        struct Count {
            total: usize,
            largest: usize,
        }
        impl Write for Count {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.total += bytes.len();
                self.largest = self.largest.max(bytes.len());
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let large = RuleSpec { target_label: "b".to_string(), replacement: "x".repeat(1 << 20), ..RuleSpec::default() };
        let mut output = Count { total: 0, largest: 0 };
        relabel_lines(&chain(&[large]), false, u64::MAX, Cursor::new("{}\n".repeat(64)), &mut output).unwrap();
        assert_eq!(output.total, 64 * ((1 << 20) + "{\"b\":\"\"}\n".len()));
        assert!(output.largest < MUCH_OUTPUT + (2 << 20));
    }

    /// Gives a line only after the answer to the one before was flushed.
    struct Asker {
        flushed: Receiver<()>,
        left: usize,
    }

    impl Read for Asker {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.flushed.recv().is_err() || self.left == 0 {
                return Ok(0);
            }
            self.left -= 1;
            buffer[..3].copy_from_slice(b"{}\n");
            Ok(3)
        }
    }

    struct Answers {
        flushed: Sender<()>,
        text: String,
    }

    impl Write for Answers {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.text.push_str(std::str::from_utf8(bytes).unwrap());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            let _ended = self.flushed.send(());
            Ok(())
        }
    }

    #[test]
    fn every_line_is_answered_before_the_next_one_is_waited_for() {
        let (sender, flushed) = channel();
        let mut answers = Answers { flushed: sender, text: String::new() };
        relabel_lines(&chain(&[]), false, u64::MAX, Asker { flushed, left: 3 }, &mut answers).unwrap();
        assert_eq!(answers.text, "{}\n{}\n{}\n");
    }
}
