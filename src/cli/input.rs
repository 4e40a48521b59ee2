//! Reading what a user names: a whole file, standard input, or one line after the other.

use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::path::Path;

use promcfg::files::{LARGEST_FOUND_FILE, OutsideRootError, name_of, path_of, read_bounded};
use promcfg::input::{Input, Part};
use promcfg::report::{escape_text, shown_path, without_citations};
use promcfg::simulate::{SeriesError, SeriesReader};
use promcfg::text::{DecodeError, FileId, decode_text, most_similar};

use super::disk::{open_named, read_found, read_named};
use super::status::Failure;

/// The name standard input is shown by.
const STANDARD_INPUT: &str = "<stdin>";

/// The longest line of a file that is read line by line, in bytes.
const LONGEST_LINE: u64 = 128 << 20;

/// The name a file is shown by.
pub(crate) fn shown_name(path: &str) -> &str {
    if path == "-" { STANDARD_INPUT } else { path }
}

/// A path as a message shows it.
fn shown(path: &Path) -> String {
    shown_path(&name_of(path.as_os_str())).into_owned()
}

/// The bytes of the file `path`, or of standard input when it is `-`. `purpose` says what the file
/// is wanted for ("config", "target file").
///
/// # Errors
/// The problem with it and what to do, in words for a person.
pub(crate) fn read_bytes(path: &str, purpose: &str) -> Result<Vec<u8>, Failure> {
    let read = if path == "-" { read_bounded(standard_input().lock()) } else { read_named(&path_of(path)) };
    uncompressed(path, purpose, read)
}

/// The bytes of a file that nobody named.
///
/// # Errors
/// As [`read_bytes`]; it is not a regular file.
pub(crate) fn read_found_bytes(path: &str, purpose: &str) -> Result<Vec<u8>, Failure> {
    read_found_up_to(path, purpose, LARGEST_FOUND_FILE)
}

/// As [`read_found_bytes`], also of a file that is compressed.
///
/// # Errors
/// As [`read_found_bytes`].
pub(crate) fn read_found_raw(path: &str, purpose: &str) -> Result<Vec<u8>, Failure> {
    read_found(&path_of(path), LARGEST_FOUND_FILE).map_err(|error| cannot_read(path, purpose, &error))
}

fn read_found_up_to(path: &str, purpose: &str, largest: u64) -> Result<Vec<u8>, Failure> {
    uncompressed(path, purpose, read_found(&path_of(path), largest))
}

fn uncompressed(path: &str, purpose: &str, read: io::Result<Vec<u8>>) -> Result<Vec<u8>, Failure> {
    let bytes = read.map_err(|error| cannot_read(path, purpose, &error))?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return Err(compressed(path, purpose));
    }
    Ok(bytes)
}

/// Standard input. At a terminal, a note on stderr says that the tool reads it.
fn standard_input() -> io::Stdin {
    let input = io::stdin();
    if input.is_terminal() && io::stderr().is_terminal() {
        let _closed = writeln!(io::stderr(), "note: reading standard input; end it with Ctrl-D");
    }
    input
}

/// What to tell a person about a file that gzip made.
fn compressed(path: &str, purpose: &str) -> Failure {
    let name = shown_path(shown_name(path));
    let failure = Failure::new(format!("the {purpose} {name} is compressed with gzip"));
    failure.with_help(match path {
        "-" => "decompress it first: gunzip | promcfg … -".to_string(),
        _ => format!("decompress it first: gunzip -c {name} | promcfg … -"),
    })
}

/// The text of a file that nobody named, of at most `largest` bytes.
///
/// # Errors
/// As [`read_found_bytes`]; bytes that are not text.
pub(crate) fn read_found_text(path: &str, purpose: &str, largest: u64) -> Result<String, Failure> {
    text_of(path, purpose, &read_found_up_to(path, purpose, largest)?)
}

/// The bytes of a page of series, or of series as lines of JSON. A page that is not UTF-8 stays as it is, since Prometheus
/// reads some of them; UTF-16 becomes UTF-8.
///
/// # Errors
/// As [`read_bytes`]; lines of JSON that are not text.
pub(crate) fn read_series(path: &str) -> Result<Vec<u8>, Failure> {
    let bytes = read_bytes(path, "series")?;
    let decoded = decode_text(&bytes);
    match decoded.fault {
        None => Ok(decoded.text.into_bytes()),
        Some(fault) if SeriesReader::new(&bytes).page_format().is_none() => {
            Err(not_text(path, "series", &bytes, fault))
        }
        Some(_) => Ok(bytes),
    }
}

fn text_of(path: &str, purpose: &str, bytes: &[u8]) -> Result<String, Failure> {
    let decoded = decode_text(bytes);
    match decoded.fault {
        None => Ok(decoded.text),
        Some(fault) => Err(not_text(path, purpose, bytes, fault)),
    }
}

/// Why a text gives no series.
pub(crate) fn no_series(name: &str, text: &[u8], fault: &SeriesError) -> Failure {
    let words = fault.to_string();
    let words = if is_of_first_line(text, fault) { without_citations(&words) } else { words };
    Failure::new(format!("{name}: {words}"))
        .with_note("series are a /metrics page, or lines of {\"sample\":{…},\"target\":{…},\"report\":false}")
}

/// Whether a text begins with something else than series. Such a file is not shown.
fn is_of_first_line(text: &[u8], fault: &SeriesError) -> bool {
    let lines = text.split(|byte| *byte == b'\n');
    lines.take(fault.line.saturating_sub(1)).all(|line| line.trim_ascii().is_empty())
}

/// The faults of a page: the first one, with which Prometheus stops, and the next ones.
pub(crate) fn refused_page(
    name: &str,
    text: &[u8],
    first: &SeriesError,
    mut others: impl Iterator<Item = SeriesError>,
) -> Failure {
    const MOST_SHOWN: usize = 5;
    let mut failure = no_series(name, text, first)
        .with_note("the scrape of such a page fails: up is 0, and nothing of the page is stored");
    let is_hidden = is_of_first_line(text, first);
    for other in others.by_ref().take(MOST_SHOWN) {
        let words = other.to_string();
        let words = if is_hidden { without_citations(&words) } else { words };
        failure = failure.with_note(format!("also refused: {words}"));
    }
    match others.count() {
        0 => failure,
        1 => failure.with_note("1 more line is refused"),
        more => failure.with_note(format!("{more} more lines are refused")),
    }
}

/// The one config with jobs that an input is or holds; `file` is the input.
///
/// # Errors
/// The format is not read, there is no config, or there are several.
pub(crate) fn only_config(input: &Input, file: FileId) -> Result<Part, Failure> {
    if let Some(failure) = unsupported(input, file) {
        return Err(failure);
    }
    let mut parts: Vec<Part> = input.parts().into_iter().filter(|part| part.shape().has_jobs()).collect();
    let name = input.name();
    match parts.len() {
        1 => Ok(parts.remove(0)),
        0 => Err(Failure::new(format!(
            "{} is {}, and has no scrape configs",
            shown_path(name),
            input.format().describe()
        ))
        .with_help("name the config; give target groups with --targets")),
        count => {
            let keys: Vec<String> =
                parts.iter().filter_map(Part::key).map(|key| escape_text(key).into_owned()).collect();
            Err(Failure::new(format!("{} has {count} configs; exactly one is needed", shown_path(name)))
                .with_note(format!("the configs have the keys {}", keys.join(", ")))
                .with_help("write one of them to a file of its own, or pipe it to the command"))
        }
    }
}

/// Why a format is not read.
pub(crate) fn unsupported(input: &Input, file: FileId) -> Option<Failure> {
    let refusal = input.refusal(file)?;
    let failure = Failure::new(format!("{} is {}", shown_path(input.name()), input.format().describe()));
    Some(refusal.help.map_or(failure.clone(), |help| failure.with_help(help)))
}

/// What to tell a person about a file that cannot be read.
fn cannot_read(path: &str, purpose: &str, error: &io::Error) -> Failure {
    let name = shown_path(shown_name(path));
    match error.kind() {
        io::ErrorKind::NotFound => not_found(path, purpose),
        io::ErrorKind::IsADirectory => is_folder(path, purpose),
        _ if is_outside_root(error) => Failure::new(format!("cannot read the {purpose} {name}: {error}"))
            .with_help("name a folder that contains it as --root"),
        io::ErrorKind::PermissionDenied => Failure::new(format!("cannot read the {purpose} {name}: permission denied"))
            .with_help(format!("check the owner and the permissions: ls -l {name}")),
        io::ErrorKind::FileTooLarge => Failure::new(format!("the {purpose} {name} {error}")),
        _ => Failure::new(format!("cannot read the {purpose} {name}: {error}")),
    }
}

fn is_outside_root(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<OutsideRootError>)
}

fn not_found(path: &str, purpose: &str) -> Failure {
    if path.is_empty() {
        return Failure::new(format!("the {purpose} has an empty name"))
            .with_note("in a script, a variable may be empty")
            .with_help("name the file, or write `-` for standard input");
    }
    let name = shown_path(path);
    let failure = Failure::new(format!("the {purpose} {name} does not exist"));
    if path_of(path).is_symlink() {
        return failure.with_note(format!("{name} is a link to a file that does not exist"));
    }
    if path.contains('*') {
        return failure
            .with_note("no file matches the pattern, or it is quoted")
            .with_help("name files or folders: the shell expands patterns, promcfg does not");
    }
    let wanted = path_of(path);
    let Some(parent) = wanted.parent() else { return failure };
    let folder = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    if !folder.is_dir() {
        return failure.with_note(format!("the folder {} does not exist either", shown(folder)));
    }
    match most_similar_file(folder, &wanted) {
        Some(similar) => failure.with_help(format!("did you mean {}?", shown(&parent.join(&*path_of(&similar))))),
        None => failure.with_help(format!("list the folder: ls {}", shown(folder))),
    }
}

fn is_folder(path: &str, purpose: &str) -> Failure {
    let failure = Failure::new(format!("expected a file as the {purpose}, found a folder: {}", shown_path(path)));
    let inside = path_of(path).join("prometheus.yml");
    let may_be_config = matches!(purpose, "config" | "rules file");
    if may_be_config && inside.is_file() {
        failure.with_help(format!("name the file: {}", shown(&inside)))
    } else {
        failure.with_help("name a file in the folder")
    }
}

fn not_text(path: &str, purpose: &str, bytes: &[u8], fault: DecodeError) -> Failure {
    let name = shown_path(shown_name(path));
    let line = bytes.get(..fault.offset).unwrap_or(bytes).iter().filter(|&&byte| byte == b'\n').count() + 1;
    let failure = Failure::new(format!(
        "the {purpose} {name} is not text: {} in line {line} (byte {})",
        fault.message, fault.offset
    ));
    failure.with_note("promcfg reads UTF-8, and UTF-16 with a byte order mark").with_help("save the file as UTF-8")
}

/// The file in `folder` whose name differs least from that of `wanted`, if any is near.
fn most_similar_file(folder: &Path, wanted: &Path) -> Option<String> {
    const MOST_ENTRIES: usize = 10_000;
    let wanted = name_of(wanted.file_name()?);
    let entries = std::fs::read_dir(folder).ok()?.take(MOST_ENTRIES);
    let names: Vec<String> = entries.filter_map(|entry| Some(name_of(&entry.ok()?.file_name()))).collect();
    most_similar(&wanted, names.iter().map(String::as_str)).map(ToString::to_string)
}

/// Opens a file, or standard input when `path` is `-`, to be read piece by piece.
///
/// # Errors
/// The problem with the file.
pub(crate) fn open(path: &str, purpose: &str) -> Result<Box<dyn Read + Send>, Failure> {
    if path == "-" {
        return Ok(Box::new(standard_input()));
    }
    let file = open_named(&path_of(path)).map_err(|error| cannot_read(path, purpose, &error))?;
    Ok(Box::new(file))
}

/// The lines of a file or of standard input, read one by one into the same buffer.
pub(crate) struct Lines {
    name: String,
    reader: BufReader<Box<dyn Read + Send>>,
    line: Vec<u8>,
    number: usize,
}

impl Lines {
    /// Opens a file, or standard input when `path` is `-`.
    ///
    /// # Errors
    /// The problem with the file.
    pub(crate) fn open(path: &str, purpose: &str) -> Result<Self, Failure> {
        Ok(Self::of(shown_name(path), open(path, purpose)?))
    }

    /// The lines that a reader gives.
    pub(crate) fn of(name: &str, reader: Box<dyn Read + Send>) -> Self {
        let reader = BufReader::with_capacity(1 << 16, reader);
        Self { name: name.to_string(), reader, line: Vec::new(), number: 0 }
    }

    /// The next line and its number, from 1; `None` at the end.
    ///
    /// # Errors
    /// The line cannot be read, or is not UTF-8.
    pub(crate) fn next_line(&mut self) -> Result<Option<(usize, &str)>, Failure> {
        self.line.clear();
        let read = self.reader.by_ref().take(LONGEST_LINE + 1).read_until(b'\n', &mut self.line);
        let length = read.map_err(|error| Failure::new(format!("cannot read {}: {error}", shown_path(&self.name))))?;
        if length == 0 {
            return Ok(None);
        }
        self.number += 1;
        if length as u64 > LONGEST_LINE {
            let (name, number) = (shown_path(&self.name), self.number);
            return Err(Failure::new(format!("{name}: line {number}: it is longer than {} MiB", LONGEST_LINE >> 20)));
        }
        while self.line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            self.line.pop();
        }
        match std::str::from_utf8(&self.line) {
            Ok(line) => Ok(Some((self.number, line))),
            Err(_) => Err(Failure::new(format!("{}: line {}: not UTF-8", shown_path(&self.name), self.number))
                .with_help("save the file as UTF-8")),
        }
    }

    /// The name of the input.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether the first line that is not blank is such a one; nothing is taken away. A first line
    /// longer than the buffer is none.
    ///
    /// # Errors
    /// The input cannot be read.
    pub(crate) fn first_line_is(&mut self, is_such: impl Fn(&str) -> bool) -> Result<bool, Failure> {
        let start = self.reader.fill_buf();
        let start = start.map_err(|error| Failure::new(format!("cannot read {}: {error}", shown_path(&self.name))))?;
        let start = start.trim_ascii_start();
        let line = memchr::memchr(b'\n', start).map_or(start, |end| &start[..end]);
        Ok(std::str::from_utf8(line).is_ok_and(is_such))
    }

    /// All that is left, as text.
    ///
    /// # Errors
    /// It cannot be read, or is not UTF-8.
    pub(crate) fn rest(mut self) -> Result<String, Failure> {
        let bytes = read_bounded(&mut self.reader);
        let bytes = bytes.map_err(|error| Failure::new(format!("cannot read {}: {error}", shown_path(&self.name))))?;
        String::from_utf8(bytes).map_err(|_| {
            Failure::new(format!("{} is not text", shown_path(&self.name))).with_help("save the file as UTF-8")
        })
    }

    /// Whether the next line is not yet here, so that reading it may take its time.
    pub(crate) fn would_wait(&self) -> bool {
        memchr::memchr(b'\n', self.reader.buffer()).is_none()
    }
}
