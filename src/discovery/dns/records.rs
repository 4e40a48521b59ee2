//! The records in the output of `dig`.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::DnsType;

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Data {
    Srv {
        port: u16,
        target: String,
    },
    A(Ipv4Addr),
    Aaaa(Ipv6Addr),
    Mx(String),
    Ns(String),
    Cname(String),
    /// A name alone, as short output has it: of a name server, or of an alias.
    Name(String),
}

impl Data {
    pub(super) fn is_of(&self, record_type: DnsType) -> bool {
        match self {
            Self::Srv { .. } => record_type == DnsType::Srv,
            Self::A(_) => record_type == DnsType::A,
            Self::Aaaa(_) => record_type == DnsType::Aaaa,
            Self::Mx(_) => record_type == DnsType::Mx,
            Self::Ns(_) | Self::Name(_) => record_type == DnsType::Ns,
            Self::Cname(_) => false,
        }
    }
}

/// A record, and the name that it is of, if the output has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) name: Option<String>,
    pub(super) data: Data,
}

/// Records of DNS, as `dig` prints them: completely, with `+noall +answer`, or with `+short`.
///
/// ```
/// use promcfg::discovery::{DnsOptions, DnsRecords};
/// let mut records = DnsRecords::default();
/// records.add("_http._tcp.example.com. 300 IN SRV 0 5 8080 a.example.com.\n");
/// let found = records.groups(&DnsOptions::new(["_http._tcp.example.com"]), promcfg::Release::LATEST).unwrap();
/// assert!(found.groups[0].targets[0].contains(&("__address__".into(), "a.example.com:8080".into())));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DnsRecords {
    pub(super) records: Vec<Record>,
    /// The questions that are in the output, which may have no answer.
    pub(super) asked: Vec<(String, DnsType)>,
}

/// What a line of the output is.
enum Line {
    Blank,
    /// A comment, or the title of a section.
    Comment,
    Question(String, DnsType),
    Record(Record),
    /// A record of a type that discovery does not ask for.
    OtherRecord,
    Unknown,
}

impl DnsRecords {
    /// Adds the output of `dig`; how many records it has. Lines that are not records are skipped.
    pub fn add(&mut self, text: &str) -> usize {
        let before = self.records.len();
        let mut is_answer = true;
        for line in text.lines() {
            match read_line(line) {
                Line::Record(record) if is_answer => self.records.push(record),
                Line::Question(name, record_type) => self.asked.push((name, record_type)),
                Line::Comment if line.contains(" SECTION:") => is_answer = line.contains("ANSWER"),
                Line::Comment if line.contains("<<>> DiG") => is_answer = true,
                Line::Blank | Line::Comment | Line::Record(_) | Line::OtherRecord | Line::Unknown => {}
            }
        }
        self.records.len() - before
    }

    /// Whether there are neither records nor questions.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && self.asked.is_empty()
    }

    /// Whether a text is output of `dig`: nothing else is in it.
    #[must_use]
    pub(in crate::discovery) fn recognizes(text: &str) -> bool {
        let mut is_sure = false;
        for line in text.lines() {
            match read_line(line) {
                Line::Blank => {}
                Line::Comment => is_sure |= line.contains("<<>> DiG"),
                Line::Question(..) | Line::OtherRecord => is_sure = true,
                // A name alone can be anything.
                Line::Record(record) => is_sure |= !matches!(record.data, Data::Name(_)),
                Line::Unknown => return false,
            }
        }
        is_sure
    }
}

/// Names are compared without the last dot, in any case of letters.
pub(super) fn key_of(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

fn read_line(line: &str) -> Line {
    if let Some(comment) = line.strip_prefix(';') {
        let words: Vec<&str> = comment.split_whitespace().collect();
        return match words.as_slice() {
            [name, class, kind] if is_class(class) && !name.starts_with(';') => match DnsType::named(kind) {
                Some(record_type) => Line::Question((*name).to_string(), record_type),
                None => Line::Comment,
            },
            _ => Line::Comment,
        };
    }
    // No record that is read has more words.
    let words: Vec<&str> = line.split_whitespace().take(10).collect();
    match words.as_slice() {
        [] => Line::Blank,
        words => named_record(words).or_else(|| nameless_record(words)).unwrap_or(Line::Unknown),
    }
}

/// A name, the seconds that the record is valid, a class, a type and the data; both in the middle may be left out.
fn named_record(words: &[&str]) -> Option<Line> {
    let (name, mut rest) = words.split_first()?;
    if rest.first().is_some_and(|word| word.parse::<u32>().is_ok()) {
        rest = &rest[1..];
    }
    let has_class = rest.first().is_some_and(|word| is_class(word));
    if has_class {
        rest = &rest[1..];
    }
    let (kind, data) = rest.split_first()?;
    let record = |data: Data| Line::Record(Record { name: Some((*name).to_string()), data });
    match (DnsType::named(kind), data) {
        (Some(record_type), data) => Some(record(typed_data(record_type, data)?)),
        (None, [target]) if kind.eq_ignore_ascii_case("CNAME") => Some(record(Data::Cname((*target).to_string()))),
        // The class shows that it is a record.
        (None, [_, ..]) if has_class && kind.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            Some(Line::OtherRecord)
        }
        _ => None,
    }
}

fn is_class(word: &str) -> bool {
    ["IN", "CH", "HS", "CLASS1"].iter().any(|class| class.eq_ignore_ascii_case(word))
}

fn typed_data(record_type: DnsType, data: &[&str]) -> Option<Data> {
    Some(match (record_type, data) {
        (DnsType::Srv, [priority, weight, port, target]) if is_number(priority) && is_number(weight) => {
            Data::Srv { port: port.parse().ok()?, target: (*target).to_string() }
        }
        (DnsType::A, [address]) => Data::A(address.parse().ok()?),
        (DnsType::Aaaa, [address]) => Data::Aaaa(address.parse().ok()?),
        (DnsType::Mx, [preference, exchange]) if is_number(preference) => Data::Mx((*exchange).to_string()),
        (DnsType::Ns, [server]) => Data::Ns((*server).to_string()),
        _ => return None,
    })
}

fn is_number(word: &str) -> bool {
    word.parse::<u16>().is_ok()
}

/// Short output: the data alone, whose form says which type it is of.
fn nameless_record(words: &[&str]) -> Option<Line> {
    let of = |record_type| typed_data(record_type, words);
    let is_full_name = |word: &str| word.ends_with('.') && !word.contains(['{', '[', '"', ':', ',']);
    let data = match words {
        [_, _, _, target] | [_, target] if !is_full_name(target) => None,
        [_, _, _, _] => of(DnsType::Srv),
        [_, _] => of(DnsType::Mx),
        [word] => of(DnsType::A)
            .or_else(|| of(DnsType::Aaaa))
            .or_else(|| is_full_name(word).then(|| Data::Name((*word).to_string()))),
        _ => None,
    };
    Some(Line::Record(Record { name: None, data: data? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        DnsRecords::default().add(text)
    }

    #[test]
    fn records_are_read_with_and_without_seconds_and_class() {
        let text = "\
a.example.\t300\tIN\tA\t10.0.0.1
a.example. IN A 10.0.0.2
a.example. 300 A 10.0.0.3
a.example. A 10.0.0.4
a.example. 300 IN TXT \"x y\"
";
        assert_eq!(count(text), 4);
        assert!(DnsRecords::recognizes(text));
    }

    #[test]
    fn of_complete_output_only_the_answers_count() {
        let text = "\
; <<>> DiG 9.18 <<>> example.com
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1
;; QUESTION SECTION:
;a.example.\t\t\tIN\tA

;; ANSWER SECTION:
a.example.\t60\tIN\tA\t10.0.0.1

;; AUTHORITY SECTION:
example.\t60\tIN\tNS\tns.example.

;; ADDITIONAL SECTION:
ns.example.\t60\tIN\tA\t10.0.0.53

;; Query time: 1 msec
";
        let mut records = DnsRecords::default();
        assert_eq!(records.add(text), 1);
        assert_eq!(records.asked, [("a.example.".to_string(), DnsType::A)]);
        assert!(DnsRecords::recognizes(text));
    }

    #[test]
    fn short_output_shows_its_types_by_its_form() {
        assert_eq!(count("0 5 8080 a.example.\n10 mail.example.\n10.0.0.1\nfd00::1\nns.example.\n"), 5);
        assert!(DnsRecords::recognizes("0 5 8080 a.example.\n"));
        assert!(DnsRecords::recognizes("10.0.0.1\n10.0.0.2\n"));
    }

    #[test]
    fn other_texts_are_not_output_of_dig() {
        for text in
            ["", "\n", "scrape_configs: []\n", "web.\n", "; a comment\n", "job A x\n", "- targets: [a]\n", "{}", "a b"]
        {
            assert!(!DnsRecords::recognizes(text), "{text}");
        }
    }
}
