//! Character classes: Unicode names as Go accepts them, ASCII classes.

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange, HirKind};

use super::syntax::Syntax;
use super::unicode17;

/// Unicode scripts by the names Go knows. Abbreviations such as `Grek` are refused.
const SCRIPTS: &str = "\
Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali Beria_Erfe Bhaiksuki \
Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham Cherokee Chorasmian \
Common Coptic Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan \
Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Garay Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi \
Gurmukhi Gurung_Khema Han Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic Inherited \
Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kawi Kayah_Li Kharoshthi \
Khitan_Small_Script Khmer Khojki Khudawadi Kirat_Rai Lao Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian \
Mahajani Makasar Malayalam Mandaic Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui \
Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean Nag_Mundari Nandinagari \
New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Ol_Onal Old_Hungarian Old_Italic Old_North_Arabian \
Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage Osmanya Pahawh_Hmong \
Palmyrene Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham \
Sidetic SignWriting Sinhala Sogdian Sora_Sompeng Soyombo Sundanese Sunuwar Syloti_Nagri Syriac Tagalog Tagbanwa \
Tai_Le Tai_Tham Tai_Viet Tai_Yo Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Todhri \
Tolong_Siki Toto Tulu_Tigalari Ugaritic Vai Vithkuqi Wancho Warang_Citi Yezidi Yi Zanabazar_Square";

/// Scripts that came with a version of Unicode.
const NEW_SCRIPTS: [(u16, &str); 4] = [
    (14, "Cypro_Minoan Old_Uyghur Tangsa Toto Vithkuqi"),
    (15, "Kawi Nag_Mundari"),
    (16, "Garay Gurung_Khema Kirat_Rai Ol_Onal Sunuwar Todhri Tulu_Tigalari"),
    (17, "Beria_Erfe Sidetic Tai_Yo Tolong_Siki"),
];

/// General categories: short name, then the long names.
const CATEGORIES: &[(&str, &str)] = &[
    ("C", "Other"),
    ("Cc", "Control cntrl"),
    ("Cf", "Format"),
    ("Cn", "Unassigned"),
    ("Co", "Private_Use"),
    ("Cs", "Surrogate"),
    ("L", "Letter"),
    ("LC", "Cased_Letter"),
    ("Ll", "Lowercase_Letter"),
    ("Lm", "Modifier_Letter"),
    ("Lo", "Other_Letter"),
    ("Lt", "Titlecase_Letter"),
    ("Lu", "Uppercase_Letter"),
    ("M", "Mark Combining_Mark"),
    ("Mc", "Spacing_Mark"),
    ("Me", "Enclosing_Mark"),
    ("Mn", "Nonspacing_Mark"),
    ("N", "Number"),
    ("Nd", "Decimal_Number digit"),
    ("Nl", "Letter_Number"),
    ("No", "Other_Number"),
    ("P", "Punctuation punct"),
    ("Pc", "Connector_Punctuation"),
    ("Pd", "Dash_Punctuation"),
    ("Pe", "Close_Punctuation"),
    ("Pf", "Final_Punctuation"),
    ("Pi", "Initial_Punctuation"),
    ("Po", "Other_Punctuation"),
    ("Ps", "Open_Punctuation"),
    ("S", "Symbol"),
    ("Sc", "Currency_Symbol"),
    ("Sk", "Modifier_Symbol"),
    ("Sm", "Math_Symbol"),
    ("So", "Other_Symbol"),
    ("Z", "Separator"),
    ("Zl", "Line_Separator"),
    ("Zp", "Paragraph_Separator"),
    ("Zs", "Space_Separator"),
];

/// The characters from `low` to `high`; surrogates at the ends are left out, no text has them.
pub(super) fn text_range(low: u32, high: u32) -> Option<(char, char)> {
    let low = if (0xD800..=0xDFFF).contains(&low) { 0xE000 } else { low };
    let high = if (0xD800..=0xDFFF).contains(&high) { 0xD7FF } else { high };
    if low > high {
        return None;
    }
    Some((char::from_u32(low)?, char::from_u32(high)?))
}

/// A class of the given inclusive ranges.
pub(super) fn class_of(ranges: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(ranges.iter().map(|&(low, high)| ClassUnicodeRange::new(low, high)))
}

/// `\d`, `\w`, `\s` and their negations, by the letter after the backslash: ranges, and whether negated.
/// ASCII only, and `\s` has no vertical tab.
pub(super) fn perl_class(letter: u8) -> Option<(&'static [(char, char)], bool)> {
    const DIGIT: &[(char, char)] = &[('0', '9')];
    const SPACE: &[(char, char)] = &[('\t', '\n'), ('\u{c}', '\r'), (' ', ' ')];
    const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
    Some(match letter {
        b'd' => (DIGIT, false),
        b'D' => (DIGIT, true),
        b's' => (SPACE, false),
        b'S' => (SPACE, true),
        b'w' => (WORD, false),
        b'W' => (WORD, true),
        _ => return None,
    })
}

/// A POSIX class by its lower-case name, such as `alpha`.
pub(super) fn posix_class(name: &str) -> Option<&'static [(char, char)]> {
    Some(match name {
        "alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" => &[('A', 'Z'), ('a', 'z')],
        "ascii" => &[('\0', '\x7F')],
        "blank" => &[('\t', '\t'), (' ', ' ')],
        "cntrl" => &[('\0', '\x1F'), ('\x7F', '\x7F')],
        "digit" => &[('0', '9')],
        "graph" => &[('!', '~')],
        "lower" => &[('a', 'z')],
        "print" => &[(' ', '~')],
        "punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => &[('\t', '\r'), (' ', ' ')],
        "upper" => &[('A', 'Z')],
        "word" => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        "xdigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => return None,
    })
}

/// The class of a name in `\p{…}`, or `None` when Go does not know the name.
///
/// Since Go 1.25 case, blanks, `_` and `-` do not count and long category names are known. Before, `C` was without
/// the characters that are not assigned.
pub(super) fn unicode_class(name: &str, syntax: Syntax) -> Option<ClassUnicode> {
    let version = syntax.unicode();
    if !syntax.has_loose_class_names() {
        return exact_class(name, version);
    }
    let name = loose(name);
    match name.as_str() {
        "" => return None,
        "any" => return Some(class_of(&[('\0', char::MAX)])),
        "ascii" => return Some(class_of(&[('\0', '\x7F')])),
        "assigned" => {
            let mut class = category("Cn", version)?;
            // Surrogates are assigned, but no text has them.
            class.negate();
            return Some(class);
        }
        // No text has surrogates.
        "cs" | "surrogate" => return Some(ClassUnicode::empty()),
        _ => {}
    }
    for (short, long) in CATEGORIES {
        if short.eq_ignore_ascii_case(&name) || long.split(' ').any(|long| loose(long) == name) {
            return category(short, version);
        }
    }
    scripts(version).find(|script| loose(script) == name).map(|name| script(name, version))
}

/// The class of a name as Go knew names before 1.25.
fn exact_class(name: &str, version: u16) -> Option<ClassUnicode> {
    match name {
        "Any" => return Some(class_of(&[('\0', char::MAX)])),
        "Cs" => return Some(ClassUnicode::empty()),
        "Cn" | "LC" => return None,
        "C" => {
            let mut class = category("C", version)?;
            class.difference(&category("Cn", version)?);
            return Some(class);
        }
        _ => {}
    }
    if CATEGORIES.iter().any(|(short, _)| *short == name) {
        return category(name, version);
    }
    scripts(version).find(|script| *script == name).map(|name| script(name, version))
}

/// The scripts that a version of Unicode knows.
fn scripts(version: u16) -> impl Iterator<Item = &'static str> {
    let is_known = move |script: &&str| {
        NEW_SCRIPTS.iter().all(|(since, scripts)| version >= *since || scripts.split(' ').all(|new| new != *script))
    };
    SCRIPTS.split(' ').filter(is_known)
}

/// A general category by its short name.
fn category(name: &str, version: u16) -> Option<ClassUnicode> {
    let mut class = table("gc", name)?;
    unicode17::update_category(&mut class, name);
    let Some(mut known) = age(version) else { return Some(class) };
    if matches!(name, "C" | "Cn") {
        known.negate();
        class.union(&known);
    } else {
        class.intersect(&known);
    }
    Some(class)
}

/// A script by its name in [`SCRIPTS`].
fn script(name: &str, version: u16) -> ClassUnicode {
    let mut class = unicode17::script(name);
    if let Some(known) = table("sc", name) {
        class.union(&known);
    }
    if let Some(known) = age(version) {
        class.intersect(&known);
    }
    class
}

/// The characters that a version of Unicode has, if it is not the newest one.
fn age(version: u16) -> Option<ClassUnicode> {
    let mut known = table(
        "age",
        match version {
            17.. => return None,
            15 | 16 => "15.0",
            _ => "13.0",
        },
    )?;
    // The table has what is assigned; a private character is.
    let mut private = table("gc", "Co")?;
    private.union(&known);
    std::mem::swap(&mut known, &mut private);
    Some(known)
}

/// Lower case, without the characters that do not count.
fn loose(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).map(|c| c.to_ascii_lowercase()).collect()
}

/// The table of one property value.
fn table(property: &str, value: &str) -> Option<ClassUnicode> {
    let hir = regex_syntax::parse(&format!(r"\p{{{property}={value}}}")).ok()?;
    match hir.kind() {
        HirKind::Class(regex_syntax::hir::Class::Unicode(class)) => Some(class.clone()),
        // A class of one character.
        HirKind::Literal(literal) => {
            let only = str::from_utf8(&literal.0).ok()?.chars().next()?;
            Some(class_of(&[(only, only)]))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn size(name: &str) -> usize {
        let class = unicode_class(name, Syntax::default()).unwrap_or_else(|| panic!("{name} is not known"));
        class.ranges().iter().map(|range| (range.start()..=range.end()).count()).sum()
    }

    #[test]
    fn every_name_has_a_class() {
        for name in SCRIPTS
            .split(' ')
            .chain(CATEGORIES.iter().flat_map(|(short, long)| [*short].into_iter().chain(long.split(' '))))
        {
            assert!(matches!(name, "Cs" | "Surrogate") || size(name) > 0, "{name}");
        }
        assert_eq!((size("Zl"), size("Zp"), size("Line_Separator")), (1, 1, 1));
        assert!(unicode_class("Jurchen", Syntax::default()).is_none());
    }

    #[test]
    fn the_tables_are_those_of_unicode_17() {
        // Code points without surrogates; private use and 159,801 others are assigned.
        assert_eq!(size("Assigned"), 159_801 + 65 + 137_468);
        assert_eq!(size("Assigned") + size("Cn"), 0x11_0000 - 0x800);
        let parts = ["L", "M", "N", "P", "S", "Z", "C"].map(size);
        assert_eq!(parts.iter().sum::<usize>(), 0x11_0000 - 0x800);
        let letters = ["Lu", "Ll", "Lt", "Lm", "Lo"].map(size);
        assert_eq!((letters.iter().sum::<usize>(), letters[..3].iter().sum::<usize>()), (size("L"), size("LC")));
        assert_eq!(["Beria_Erfe", "Sidetic", "Tai_Yo", "Tolong_Siki"].map(size), [50, 26, 55, 54]);
        let scripts: usize = SCRIPTS.split(' ').map(size).sum();
        assert_eq!(scripts + 137_468, size("Assigned"));
    }

    #[test]
    fn names_and_characters_follow_the_version_of_go() {
        let in_release = |release: &str, name: &str| {
            let class = unicode_class(name, Syntax::of(release.parse().unwrap()))?;
            Some(class.ranges().iter().map(|range| (range.start()..=range.end()).count()).sum::<usize>())
        };
        for (name, first) in
            [("Vithkuqi", "2.47"), ("Kawi", "2.45.2"), ("Letter", "3.7"), ("lu", "3.5.2"), ("LC", "3.7")]
        {
            assert!(in_release("2.42", name).is_none() && in_release(first, name).is_some(), "{name}");
        }
        assert_eq!((in_release("3.14", "Todhri"), in_release("3.14", "Tai_Yo")), (None, None));
        assert!(in_release("2.42", "Greek").is_some() && in_release("2.42", "greek").is_none());
        // Unicode 13.0 has 143,859 characters and 65 controls, Unicode 15.0 has 149,186 and 65.
        let assigned = |release: &str| {
            ["L", "M", "N", "P", "S", "Z", "Cf"].iter().filter_map(|name| in_release(release, name)).sum::<usize>()
        };
        assert_eq!((assigned("2.42"), assigned("3.14")), (143_859, 149_186));
    }
}
