//! Bytes that are not text, and byte order marks.

use crate::yaml::{Tree, debug_yaml};

use super::{refusal, refused};

#[test]
fn bytes_cut_short_at_the_end_are_noticed_last() {
    assert_eq!(refused(b"a: b\n- c\n\xe2\x80"), "yaml: line 1: did not find expected key");
    assert_eq!(refused(b"a: b\n\xe2\x80"), "yaml: incomplete UTF-8 octet sequence");
    assert_eq!(refusal(b"a: b\n...\n1234\xe2\x80"), None);
}

#[test]
fn bad_bytes_are_noticed_with_the_piece_of_512_bytes_they_stand_in() {
    assert_eq!(refused(b"a: b\n...\n1234\xff"), "yaml: invalid leading UTF-8 octet");
    assert_eq!(refused([b"- a\n".repeat(127).as_slice(), b"...\n\xff"].concat()), "is read");
    assert_eq!(refused([b"- a\n".repeat(126).as_slice(), b"...\n\xff"].concat()), "yaml: invalid leading UTF-8 octet");
}

#[test]
fn an_unknown_escape_at_the_end_of_a_piece_comes_after_the_bad_bytes_behind_it() {
    let padding = "a".repeat(510);
    assert_eq!(refused(format!("\"{padding}\\\u{1}\"")), "yaml: control characters are not allowed");
    assert_eq!(refused(format!("\"{}\\q \u{1}\"", &padding[1..])), "yaml: found unknown escape character");
}

#[test]
fn a_second_byte_order_mark_costs_every_line_of_the_first_piece_its_first_character() {
    let tree = Tree::parse("\u{feff}\u{feff}# comment\n-a: 1\n-b: 2\n");
    let keys: Vec<&str> = tree.root().expect("has a node").entries().map(|(key, _)| key.value()).collect();
    assert_eq!(keys, ["a", "b"]);
    assert_eq!(refused("\u{feff}\u{feff}a: 1\nb: 2\n"), "yaml: line 1: did not find expected key");
    assert_eq!(refused("\u{feff}\u{feff}- a\n\n- b\n"), "yaml: line 2: did not find expected '-' indicator");
    assert_eq!(refused("\u{feff}\u{feff}- {}\n\n :  :&\""), "yaml: line 1: did not find expected '-' indicator");
}

#[test]
fn a_second_byte_order_mark_counts_in_utf_16_too() {
    let little_endian = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    assert_eq!(refusal(&little_endian("\u{feff}a: 1\nb: 2\n")), None);
    assert_eq!(refused(little_endian("\u{feff}\u{feff}a: 1\nb: 2\n")), "yaml: line 1: did not find expected key");
}

#[test]
fn a_byte_order_mark_inside_of_the_text_is_a_character() {
    let events = debug_yaml("a\u{feff}: \u{feff}b # c\n    # d\n");
    assert_eq!(events["events"][2][0], "=VAL :a\u{feff}");
    assert_eq!(events["events"][3][0], "=VAL :\u{feff}b");
}

#[test]
fn a_byte_order_mark_where_the_buffer_is_filled_again_costs_lines_their_first_character() {
    // Of CR and LF only the first is lost.
    assert_eq!(refused("\u{feff}\u{feff}k: [1]\r\n\r\n-- \r\n"), "yaml: line 2: did not find expected key");
    assert_eq!(refused("\u{feff}\u{feff}k: [1]\n\n-- \n"), "yaml: line 3: could not find expected ':'");
    assert_eq!(refusal("\u{feff}\u{feff}k: [1]\r\n\r\n- \r\n".as_bytes()), None);
    // Four characters are needed where the mark is, and three are left: the buffer begins with the mark from here on.
    let events = debug_yaml("\u{feff}a: \u{feff}b\n");
    assert_eq!(events["events"][4], serde_json::json!(["-MAP", 7, 7]));
    let events = debug_yaml("a: \u{feff}b12\n");
    assert_eq!(events["events"][4], serde_json::json!(["-MAP", 8, 8]));
}
