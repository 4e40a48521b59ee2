//! Patterns of names, as people write them: `*` and `?`.

/// Whether `name` fits `pattern`, where `*` is any run of characters, `/` included, and `?` is any one.
///
/// ```
/// use promcfg::text::matches_wildcards;
/// assert!(matches_wildcards("node*", "node/eu-1"));
/// assert!(!matches_wildcards("web-?", "web-12"));
/// ```
#[must_use]
pub fn matches_wildcards(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut read) = (0, 0);
    let mut last_star: Option<(usize, usize)> = None;
    while read < name.len() {
        match pattern.get(at) {
            Some('*') => {
                last_star = Some((at, read));
                at += 1;
            }
            Some(&wanted) if wanted == '?' || wanted == name[read] => {
                at += 1;
                read += 1;
            }
            _ => match last_star {
                Some((star, from)) => {
                    last_star = Some((star, from + 1));
                    (at, read) = (star + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|&rest| rest == '*')
}

#[cfg(test)]
mod tests {
    use super::matches_wildcards;

    #[test]
    fn a_star_is_any_run_of_characters() {
        assert!(matches_wildcards("node*", "node/eu-1"));
        assert!(matches_wildcards("*-*-c", "a-b-b-c"));
        assert!(matches_wildcards("*", ""));
        assert!(!matches_wildcards("node*x", "node-y"));
    }

    #[test]
    fn a_question_mark_is_one_character() {
        assert!(matches_wildcards("web-?", "web-é"));
        assert!(!matches_wildcards("web-?", "web-"));
        assert!(!matches_wildcards("web-?", "web-12"));
    }
}
