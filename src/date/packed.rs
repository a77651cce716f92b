//! Days as stored numbers.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serializer, de::Error};

/// Packs a day into a number: nine bits for day and month, the year above them. Later days are larger numbers.
pub fn pack(day: Date) -> i32 {
    i32::from(day.year()) << 9 | i32::from(day.month()) << 5 | i32::from(day.day())
}

/// The day of a packed number; `None` when the number is no day.
pub fn unpack(number: i32) -> Option<Date> {
    let (year, month, day) = (i16::try_from(number >> 9).ok()?, (number >> 5 & 15) as i8, (number & 31) as i8);
    Date::new(year, month, day).ok()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
pub fn serialize<S: Serializer>(day: &Date, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_i32(pack(*day))
}

pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    unpack(i32::deserialize(from)?).ok_or_else(|| D::Error::custom("no day"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn packed_days_keep_value_and_order() {
        let days = [date(-1, 12, 31), date(1969, 12, 31), date(1970, 1, 1), date(2024, 2, 29), date(9999, 12, 31)];
        assert!(days.iter().all(|day| unpack(pack(*day)) == Some(*day)));
        assert!(days.map(pack).is_sorted());
        assert_eq!([pack(date(2023, 2, 28)) + 1, 0, i32::MAX, i32::MIN].map(unpack), [None; 4]);
    }
}
