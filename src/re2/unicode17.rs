//! What Unicode 17, which Go 1.27 knows, has beyond the tables of `regex-syntax`, which are those of Unicode 16.
//!
//! Source: `UnicodeData.txt` and `Scripts.txt` of the Unicode Character Database 17.0.

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

type Ranges = &'static [(char, char)];

/// New characters by general category.
const CATEGORIES: &[(&str, Ranges)] = &[
    ("Ll", &[('\u{A7CF}', '\u{A7CF}'), ('\u{16EBB}', '\u{16ED3}')]),
    (
        "Lm",
        &[
            ('\u{A7F1}', '\u{A7F1}'),
            ('\u{10EC5}', '\u{10EC5}'),
            ('\u{11DD9}', '\u{11DD9}'),
            ('\u{16FF2}', '\u{16FF3}'),
            ('\u{1E6FF}', '\u{1E6FF}'),
        ],
    ),
    (
        "Lo",
        &[
            ('\u{88F}', '\u{88F}'),
            ('\u{C5C}', '\u{C5C}'),
            ('\u{CDC}', '\u{CDC}'),
            ('\u{10940}', '\u{10959}'),
            ('\u{10EC6}', '\u{10EC7}'),
            ('\u{11DB0}', '\u{11DD8}'),
            ('\u{11DDA}', '\u{11DDB}'),
            ('\u{187F8}', '\u{187FF}'),
            ('\u{18D09}', '\u{18D1E}'),
            ('\u{18D80}', '\u{18DF2}'),
            ('\u{1E6C0}', '\u{1E6DE}'),
            ('\u{1E6E0}', '\u{1E6E2}'),
            ('\u{1E6E4}', '\u{1E6E5}'),
            ('\u{1E6E7}', '\u{1E6ED}'),
            ('\u{1E6F0}', '\u{1E6F4}'),
            ('\u{1E6FE}', '\u{1E6FE}'),
            ('\u{2B73A}', '\u{2B73F}'),
            ('\u{2CEA2}', '\u{2CEAD}'),
            ('\u{323B0}', '\u{33479}'),
        ],
    ),
    ("Lu", &[('\u{A7CE}', '\u{A7CE}'), ('\u{A7D2}', '\u{A7D2}'), ('\u{A7D4}', '\u{A7D4}'), ('\u{16EA0}', '\u{16EB8}')]),
    ("Mc", &[('\u{11B61}', '\u{11B61}'), ('\u{11B65}', '\u{11B65}'), ('\u{11B67}', '\u{11B67}')]),
    (
        "Mn",
        &[
            ('\u{1ACF}', '\u{1ADD}'),
            ('\u{1AE0}', '\u{1AEB}'),
            ('\u{10EFA}', '\u{10EFB}'),
            ('\u{11B60}', '\u{11B60}'),
            ('\u{11B62}', '\u{11B64}'),
            ('\u{11B66}', '\u{11B66}'),
            ('\u{1E6E3}', '\u{1E6E3}'),
            ('\u{1E6E6}', '\u{1E6E6}'),
            ('\u{1E6EE}', '\u{1E6EF}'),
            ('\u{1E6F5}', '\u{1E6F5}'),
        ],
    ),
    ("Nd", &[('\u{11DE0}', '\u{11DE9}')]),
    ("Nl", &[('\u{16FF4}', '\u{16FF6}')]),
    ("Po", &[('\u{10ED0}', '\u{10ED0}')]),
    ("Sc", &[('\u{20C1}', '\u{20C1}')]),
    ("Sm", &[('\u{1CEF0}', '\u{1CEF0}'), ('\u{1F8D0}', '\u{1F8D8}')]),
    (
        "So",
        &[
            ('\u{2B96}', '\u{2B96}'),
            ('\u{FBC3}', '\u{FBD2}'),
            ('\u{FD90}', '\u{FD91}'),
            ('\u{FDC8}', '\u{FDCE}'),
            ('\u{10ED1}', '\u{10ED8}'),
            ('\u{1CCFA}', '\u{1CCFC}'),
            ('\u{1CEBA}', '\u{1CED0}'),
            ('\u{1CEE0}', '\u{1CEEF}'),
            ('\u{1F6D8}', '\u{1F6D8}'),
            ('\u{1F777}', '\u{1F77A}'),
            ('\u{1FA54}', '\u{1FA57}'),
            ('\u{1FA8A}', '\u{1FA8A}'),
            ('\u{1FA8E}', '\u{1FA8E}'),
            ('\u{1FAC8}', '\u{1FAC8}'),
            ('\u{1FACD}', '\u{1FACD}'),
            ('\u{1FAEA}', '\u{1FAEA}'),
            ('\u{1FAEF}', '\u{1FAEF}'),
            ('\u{1FBFA}', '\u{1FBFA}'),
        ],
    ),
];

/// New characters by script; the scripts that are new themselves are here whole.
const SCRIPTS: &[(&str, Ranges)] = &[
    (
        "Arabic",
        &[
            ('\u{88F}', '\u{88F}'),
            ('\u{FBC3}', '\u{FBD2}'),
            ('\u{FD90}', '\u{FD91}'),
            ('\u{FDC8}', '\u{FDCE}'),
            ('\u{10EC5}', '\u{10EC7}'),
            ('\u{10ED0}', '\u{10ED8}'),
            ('\u{10EFA}', '\u{10EFB}'),
        ],
    ),
    ("Beria_Erfe", &[('\u{16EA0}', '\u{16EB8}'), ('\u{16EBB}', '\u{16ED3}')]),
    (
        "Common",
        &[
            ('\u{20C1}', '\u{20C1}'),
            ('\u{2B96}', '\u{2B96}'),
            ('\u{1CCFA}', '\u{1CCFC}'),
            ('\u{1CEBA}', '\u{1CED0}'),
            ('\u{1CEE0}', '\u{1CEF0}'),
            ('\u{1F6D8}', '\u{1F6D8}'),
            ('\u{1F777}', '\u{1F77A}'),
            ('\u{1F8D0}', '\u{1F8D8}'),
            ('\u{1FA54}', '\u{1FA57}'),
            ('\u{1FA8A}', '\u{1FA8A}'),
            ('\u{1FA8E}', '\u{1FA8E}'),
            ('\u{1FAC8}', '\u{1FAC8}'),
            ('\u{1FACD}', '\u{1FACD}'),
            ('\u{1FAEA}', '\u{1FAEA}'),
            ('\u{1FAEF}', '\u{1FAEF}'),
            ('\u{1FBFA}', '\u{1FBFA}'),
        ],
    ),
    (
        "Han",
        &[
            ('\u{16FF2}', '\u{16FF6}'),
            ('\u{2B73A}', '\u{2B73F}'),
            ('\u{2CEA2}', '\u{2CEAD}'),
            ('\u{323B0}', '\u{33479}'),
        ],
    ),
    ("Inherited", &[('\u{1ACF}', '\u{1ADD}'), ('\u{1AE0}', '\u{1AEB}')]),
    ("Kannada", &[('\u{CDC}', '\u{CDC}')]),
    (
        "Latin",
        &[('\u{A7CE}', '\u{A7CF}'), ('\u{A7D2}', '\u{A7D2}'), ('\u{A7D4}', '\u{A7D4}'), ('\u{A7F1}', '\u{A7F1}')],
    ),
    ("Sharada", &[('\u{11B60}', '\u{11B67}')]),
    ("Sidetic", &[('\u{10940}', '\u{10959}')]),
    ("Tai_Yo", &[('\u{1E6C0}', '\u{1E6DE}'), ('\u{1E6E0}', '\u{1E6F5}'), ('\u{1E6FE}', '\u{1E6FF}')]),
    ("Tangut", &[('\u{187F8}', '\u{187FF}'), ('\u{18D09}', '\u{18D1E}'), ('\u{18D80}', '\u{18DF2}')]),
    ("Telugu", &[('\u{C5C}', '\u{C5C}')]),
    ("Tolong_Siki", &[('\u{11DB0}', '\u{11DDB}'), ('\u{11DE0}', '\u{11DE9}')]),
];

/// Was a lower-case letter, and is a letter without case now.
const NO_LONGER_LOWER: char = '\u{295}';

/// Brings the class of a general category, given by its short name, up to date.
pub(super) fn update_category(class: &mut ClassUnicode, category: &str) {
    let added = CATEGORIES.iter().filter(|(name, _)| belongs(name, category)).flat_map(|(_, ranges)| *ranges);
    if category == "Cn" || category == "C" {
        let assigned = CATEGORIES.iter().flat_map(|(_, ranges)| *ranges);
        class.difference(&class_of(assigned));
        return;
    }
    class.union(&class_of(added));
    match category {
        "Ll" | "LC" => class.difference(&class_of(&[(NO_LONGER_LOWER, NO_LONGER_LOWER)])),
        "Lo" => class.union(&class_of(&[(NO_LONGER_LOWER, NO_LONGER_LOWER)])),
        _ => {}
    }
}

/// Whether a category is the wanted one or a part of it.
fn belongs(category: &str, wanted: &str) -> bool {
    match wanted {
        "LC" => matches!(category, "Lu" | "Ll" | "Lt"),
        _ => category.starts_with(wanted),
    }
}

/// The new characters of a script.
pub(super) fn script(name: &str) -> ClassUnicode {
    class_of(SCRIPTS.iter().filter(|(script, _)| *script == name).flat_map(|(_, ranges)| *ranges))
}

fn class_of<'a>(ranges: impl IntoIterator<Item = &'a (char, char)>) -> ClassUnicode {
    ClassUnicode::new(ranges.into_iter().map(|&(low, high)| ClassUnicodeRange::new(low, high)))
}
