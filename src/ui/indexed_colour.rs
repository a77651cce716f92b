//! Maps true colours to the nearest of the 256 that a terminal has by number.
//!
//! Uses only the cube and the greys, whose values are those of xterm everywhere; the first sixteen
//! are the palette of the terminal's owner. Distance is by Oklab (Björn Ottosson, 2020), which
//! matches what people see: by red, green and blue alone, a dim blue is a grey.

use ratatui::style::Color;

/// Levels of red, green and blue in the cube (source: xterm, `256colres.pl`).
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// Assigns a number to each true colour of `colours`, none of them `taken` or used twice: the nearest
/// pairs first.
pub fn table(colours: &[Color], taken: &[u8]) -> Vec<(Color, u8)> {
    let numbers: Vec<(u8, [f64; 3])> = (16..=255).map(|number| (number, oklab(value(number)))).collect();
    let mut pairs = Vec::new();
    for colour in colours {
        let Color::Rgb(red, green, blue) = *colour else { continue };
        let wanted = oklab([red, green, blue]);
        for (number, found) in &numbers {
            pairs.push((distance(wanted, *found), *colour, *number));
        }
    }
    pairs.sort_by(|(one, ..), (other, ..)| one.total_cmp(other));
    let mut table: Vec<(Color, u8)> = Vec::new();
    for (_, colour, number) in pairs {
        let is_free = !taken.contains(&number) && table.iter().all(|(known, used)| *known != colour && *used != number);
        if is_free {
            table.push((colour, number));
        }
    }
    table
}

/// Computes the square of the distance between two colours.
fn distance(one: [f64; 3], other: [f64; 3]) -> f64 {
    one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum()
}

/// Returns red, green and blue of colour number 16 to 255: the cube, then greys.
pub fn value(number: u8) -> [u8; 3] {
    if number >= 232 {
        return [8 + (number - 232) * 10; 3];
    }
    let at = usize::from(number.saturating_sub(16));
    [CUBE[at / 36], CUBE[at / 6 % 6], CUBE[at % 6]]
}

/// Converts a colour to Oklab: lightness and two opponent hues.
fn oklab(colour: [u8; 3]) -> [f64; 3] {
    let [red, green, blue] = colour.map(linear);
    let long = (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
    let medium = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
    let short = (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
    [
        0.210_454_255_3 * long + 0.793_617_785_0 * medium - 0.004_072_046_8 * short,
        1.977_998_495_1 * long - 2.428_592_205_0 * medium + 0.450_593_709_9 * short,
        0.025_904_037_1 * long + 0.782_771_766_2 * medium - 0.808_675_766_0 * short,
    ]
}

/// Removes the gamma of sRGB.
fn linear(part: u8) -> f64 {
    let part = f64::from(part) / 255.0;
    if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest(colour: Color) -> Option<[u8; 3]> {
        table(&[colour], &[]).first().map(|(_, number)| value(*number))
    }

    #[test]
    fn each_colour_is_nearest_to_itself() {
        for number in 16..=255 {
            let [red, green, blue] = value(number);
            assert_eq!(nearest(Color::Rgb(red, green, blue)), Some(value(number)), "{number}");
        }
    }

    #[test]
    fn hues_stay_hues_and_greys_greys() {
        for (hex, expected) in [
            (0x007c_b7ff, [135, 175, 255]),
            (0x0080_8080, [128, 128, 128]),
            (0x00ff_8f85, [255, 135, 135]),
            (0x0000_0000, [0, 0, 0]),
            (0x00ff_ffff, [255, 255, 255]),
        ] {
            assert_eq!(nearest(Color::from_u32(hex)), Some(expected), "{hex:x}");
        }
        assert_eq!(nearest(Color::Red), None);
    }

    #[test]
    fn no_number_is_given_twice() {
        let near = [0x0030_3030, 0x0031_3131, 0x0030_3030, 0x002f_2f2f].map(Color::from_u32);
        let mut numbers: Vec<u8> = table(&near, &[237]).into_iter().map(|(_, number)| number).collect();
        assert_eq!(numbers.first(), Some(&236), "the nearest first");
        numbers.sort_unstable();
        assert_eq!(numbers, [235, 236, 238]);
    }
}
