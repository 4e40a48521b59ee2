//! Long words that look drawn by lot, as tokens are. Hashes, digests and ids in hexadecimal are not among them: they name
//! something.

/// The shortest token.
const SHORTEST: usize = 24;
/// The shortest token without capitals.
const SHORTEST_LOWERCASE: usize = 32;

/// Whether a byte can be in such a word.
pub(super) fn is_word_byte(byte: u8) -> bool {
    WORD_BYTES[usize::from(byte)]
}

static WORD_BYTES: [bool; 256] = {
    let mut are_of_words = [false; 256];
    let mut byte = 0;
    while byte < 0x80 {
        let ascii = byte as u8;
        are_of_words[byte] = ascii.is_ascii_alphanumeric() || matches!(ascii, b'+' | b'/' | b'=' | b'_' | b'-');
        byte += 1;
    }
    are_of_words
};

/// Whether a word looks drawn by lot. `before` is the text before it.
pub(super) fn is_random(word: &str, before: &str) -> bool {
    if word.len() < SHORTEST || names_a_digest(before) || word.starts_with("AAAAB3") || word.starts_with("AAAAC3") {
        return false;
    }
    // A digest may follow its name, as in `sha256-…`.
    let Some(word) = without_name_of_digest(word) else { return false };
    let counts = Counts::of(word);
    let letters = counts.lower + counts.upper;
    if word.bytes().filter(u8::is_ascii_alphanumeric).all(|byte| byte.is_ascii_hexdigit()) {
        return false;
    }
    if counts.upper >= 4 && counts.lower >= 4 && counts.digits >= 2 {
        return counts.changes * 5 >= word.len() * 2;
    }
    let is_one_piece = word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_one_piece
        && word.len() >= SHORTEST_LOWERCASE
        && (counts.lower == 0 || counts.upper == 0)
        && counts.digits >= 6
        && letters >= 10
        && counts.changes * 10 >= word.len() * 3
        && !before.ends_with('.')
}

fn names_a_digest(before: &str) -> bool {
    const NAMES: [&str; 4] = ["sha256:", "sha512:", "sha1:", "md5:"];
    let tail: Vec<u8> = before.bytes().rev().take(7).map(|byte| byte.to_ascii_lowercase()).collect();
    NAMES.iter().any(|name| tail.len() >= name.len() && name.bytes().rev().eq(tail[..name.len()].iter().copied()))
}

/// Nothing for a digest with its name.
fn without_name_of_digest(word: &str) -> Option<&str> {
    let is_digest = ["sha256-", "sha384-", "sha512-"].iter().any(|name| word.starts_with(name));
    (!is_digest).then_some(word)
}

/// How many characters of each kind a word has, and how often one kind follows another.
#[derive(Default)]
struct Counts {
    lower: usize,
    upper: usize,
    digits: usize,
    changes: usize,
}

impl Counts {
    fn of(word: &str) -> Self {
        let mut counts = Self::default();
        let mut last = 0;
        for byte in word.bytes() {
            let kind = match byte {
                b'a'..=b'z' => 1,
                b'A'..=b'Z' => 2,
                b'0'..=b'9' => 3,
                _ => 0,
            };
            match kind {
                1 => counts.lower += 1,
                2 => counts.upper += 1,
                3 => counts.digits += 1,
                _ => {}
            }
            counts.changes += usize::from(last != 0 && kind != 0 && last != kind);
            last = kind;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::is_random;

    #[test]
    fn tokens_look_random() {
        for word in [
            "aK9/vR2x+Lm0Tq7Yw4Zc8Bd1Nf6Hj3Gp5Us",
            "q8Zk1Vb0Rt7Ym2Xc9Ld4Pw6Hs3Jf5Ga",
            "k3j9x7q2m5v8b1n4z6w0r2t5y8u1i4o7",
            "YTpiZm9vYmFyOmJhejEyMzQ1Njc4OTA=",
        ] {
            assert!(is_random(word, ""), "{word}");
        }
    }

    #[test]
    fn names_hashes_and_ids_do_not() {
        for word in [
            "0f8fad5b-d9cb-469f-a165-70867728950e",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "container_network_receive_packets_dropped_total",
            "KubernetesServiceEndpointsDiscoveryRole2WithLongName3",
            "prometheus-kube-prometheus-stack-5d4f8c7b9d-x7k2p",
            "/apis/monitoring.coreos.com/v1/namespaces/default",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        ] {
            assert!(!is_random(word, ""), "{word}");
        }
        assert!(!is_random("47DEQpj8HBSaTImW5JCeuQeRkm5NMpJWZG3hSuFU", "x@SHA256:"));
    }
}
