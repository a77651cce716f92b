//! Names that this program gives and that are stored: read again, they are its own once more.

use serde::{Deserialize, Deserializer, de::Error};

/// A name out of the program's text.
pub(super) type Name = &'static str;

/// The one of `names` that is read.
pub(super) fn known<'de, D: Deserializer<'de>>(
    name: D,
    mut names: impl Iterator<Item = Name>,
) -> Result<Name, D::Error> {
    let name = <&str>::deserialize(name)?;
    names.find(|known| *known == name).ok_or_else(|| D::Error::custom("no name of ours"))
}
