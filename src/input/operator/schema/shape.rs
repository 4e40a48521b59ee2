//! The parts of a row: the name of a field, the shape of its value, its default.

pub(super) use super::pattern::Pattern;

use super::super::value::Value;

/// What a value must look like.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// A truth value.
    Flag,
    /// A whole number.
    Whole(Whole),
    /// A text.
    Text(Text),
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A whole number or a text, which must match.
    NumberOrText(Option<Pattern>),
    /// A list of objects.
    Objects(&'static Object),
    /// A list of other values, or one with limits.
    List(&'static List),
    /// An object with any keys, whose values have this shape.
    Map(&'static Shape),
    /// An object with these fields.
    Object(&'static Object),
    /// An object that nobody looks into.
    AnyObject,
    /// A list that nobody looks into.
    AnyList,
}

impl Shape {
    /// The shape of the items of a list of this shape.
    pub(super) fn item(self) -> Option<Self> {
        match self {
            Self::Objects(object) => Some(Self::Object(object)),
            Self::List(list) => Some(list.item),
            Self::Flag
            | Self::Whole(_)
            | Self::Text(_)
            | Self::Choice(_)
            | Self::NumberOrText(_)
            | Self::Map(_)
            | Self::Object(_)
            | Self::AnyObject
            | Self::AnyList => None,
        }
    }

    /// The object that a value of this shape is, or that each of its items is.
    pub(super) fn object(self) -> Option<&'static Object> {
        match self.item().unwrap_or(self) {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

/// Limits of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text {
    /// Whether it must have a character.
    pub(super) is_filled: bool,
    pub(super) pattern: Option<Pattern>,
}

impl Text {
    pub(super) const ANY: Self = Self { is_filled: false, pattern: None };
    pub(super) const FILLED: Self = Self { is_filled: true, pattern: None };

    pub(super) const fn matching(self, pattern: Pattern) -> Self {
        Self { pattern: Some(pattern), ..self }
    }
}

/// Limits of a whole number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole {
    pub(super) format: Format,
    pub(super) least: Option<i16>,
    pub(super) most: Option<u16>,
}

impl Whole {
    pub(super) const ANY: Self = Self { format: Format::None, least: None, most: None };
    pub(super) const INT32: Self = Self { format: Format::Int32, ..Self::ANY };
    pub(super) const INT64: Self = Self { format: Format::Int64, ..Self::ANY };

    pub(super) const fn from(self, least: i16) -> Self {
        Self { least: Some(least), ..self }
    }

    pub(super) const fn to(self, most: u16) -> Self {
        Self { most: Some(most), ..self }
    }
}

/// The format of a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    None,
    Int32,
    Int64,
}

/// Limits of a list.
#[derive(Debug)]
pub(super) struct List {
    pub(super) item: Shape,
    /// What must not be repeated.
    pub(super) unique: Unique,
    /// Whether it must have an item.
    pub(super) is_filled: bool,
}

/// What must not be repeated in a list.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unique {
    Nothing,
    Items,
    /// Items with the same values of these fields.
    Keys(&'static [&'static str]),
}

impl List {
    pub(super) const fn of(item: Shape) -> Self {
        Self { item, unique: Unique::Nothing, is_filled: false }
    }

    pub(super) const fn unique(self) -> Self {
        Self { unique: Unique::Items, ..self }
    }

    pub(super) const fn by(self, keys: &'static [&'static str]) -> Self {
        Self { unique: Unique::Keys(keys), ..self }
    }

    pub(super) const fn filled(self) -> Self {
        Self { is_filled: true, ..self }
    }
}

/// A check of a whole object, which gives the messages of what is wrong.
pub(super) type Check = fn(&Value) -> Vec<&'static str>;

/// The fields of an object.
#[derive(Debug)]
pub(super) struct Object {
    /// The fields, in groups that are shared, each sorted by name.
    groups: &'static [&'static [Field]],
    pub(super) required: &'static [&'static str],
    pub(super) check: Option<Check>,
}

impl Object {
    pub(super) const fn new(groups: &'static [&'static [Field]]) -> Self {
        Self { groups, required: &[], check: None }
    }

    pub(super) const fn required(self, required: &'static [&'static str]) -> Self {
        Self { required, ..self }
    }

    pub(super) const fn checked(self, check: Check) -> Self {
        Self { check: Some(check), ..self }
    }

    /// The field of that name.
    pub(super) fn field(&self, key: &str) -> Option<&'static Field> {
        let found = |group: &&'static [Field]| {
            let group: &'static [Field] = group;
            group.binary_search_by(|field| field.key.cmp(key)).ok().map(|index| &group[index])
        };
        self.groups.iter().find_map(found)
    }

    /// All fields.
    pub(super) fn fields(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.groups.iter().flat_map(|group| group.iter())
    }

    /// Whether it is the same row of the table.
    pub(super) fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// A field.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) key: &'static str,
    pub(super) shape: Shape,
    /// What is filled in, as a text also if it is a number.
    pub(super) default: Option<&'static str>,
}

impl Field {
    pub(super) const fn new(key: &'static str, shape: Shape) -> Self {
        Self { key, shape, default: None }
    }

    pub(super) const fn default(self, text: &'static str) -> Self {
        Self { default: Some(text), ..self }
    }
}

pub(super) const fn flag(key: &'static str) -> Field {
    Field::new(key, Shape::Flag)
}

pub(super) const fn text(key: &'static str) -> Field {
    Field::new(key, Shape::Text(Text::ANY))
}

/// A text that must have a character.
pub(super) const fn filled(key: &'static str) -> Field {
    Field::new(key, Shape::Text(Text::FILLED))
}

pub(super) const fn matching(key: &'static str, pattern: Pattern) -> Field {
    Field::new(key, Shape::Text(Text::ANY.matching(pattern)))
}

pub(super) const fn choice(key: &'static str, names: &'static [&'static str]) -> Field {
    Field::new(key, Shape::Choice(names))
}

/// A whole number that is not negative.
pub(super) const fn count(key: &'static str) -> Field {
    Field::new(key, Shape::Whole(Whole::INT64.from(0)))
}

pub(super) const fn whole(key: &'static str, whole: Whole) -> Field {
    Field::new(key, Shape::Whole(whole))
}

pub(super) const fn object(key: &'static str, object: &'static Object) -> Field {
    Field::new(key, Shape::Object(object))
}

pub(super) const fn objects(key: &'static str, object: &'static Object) -> Field {
    Field::new(key, Shape::Objects(object))
}

pub(super) const fn list(key: &'static str, list: &'static List) -> Field {
    Field::new(key, Shape::List(list))
}

/// A list of any texts.
pub(super) const fn texts(key: &'static str) -> Field {
    Field::new(key, Shape::List(&TEXTS))
}

pub(super) const fn map(key: &'static str, value: &'static Shape) -> Field {
    Field::new(key, Shape::Map(value))
}

/// A list of any texts.
pub(super) static TEXTS: List = List::of(Shape::Text(Text::ANY));
