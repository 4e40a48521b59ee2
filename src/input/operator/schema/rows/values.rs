//! Lists and maps of texts.

use super::super::shape::{List, Shape, TEXTS, Text};
use super::choices::{MESSAGE_VERSIONS, SCRAPE_PROTOCOLS};

pub(super) static UNIQUE_FILLED_TEXTS: List = List::of(Shape::Text(Text::FILLED)).unique();
pub(super) static SOME_UNIQUE_MESSAGE_VERSIONS: List = List::of(Shape::Choice(MESSAGE_VERSIONS)).unique().filled();
pub(super) static UNIQUE_PROTOCOLS: List = List::of(Shape::Choice(SCRAPE_PROTOCOLS)).unique();
pub(super) static UNIQUE_TEXTS: List = List::of(Shape::Text(Text::ANY)).unique();
pub(super) static SOME_UNIQUE_FILLED_TEXTS: List = List::of(Shape::Text(Text::FILLED)).unique().filled();
pub(super) static SOME_FILLED_TEXTS: List = List::of(Shape::Text(Text::FILLED)).filled();
pub(super) static SOME_UNIQUE_PROTOCOLS: List = List::of(Shape::Choice(SCRAPE_PROTOCOLS)).unique().filled();
pub(super) static TEXT: Shape = Shape::Text(Text::ANY);
pub(super) static TEXT_LIST: Shape = Shape::List(&TEXTS);
