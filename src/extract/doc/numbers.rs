//! How Word numbers its ways to write numbers.

use crate::extract::numerals::Numerals;

/// A number in one of Word's number formats (`nfc`); those not known here are digits.
pub fn written(number: u32, format: u8) -> String {
    let numerals = match format {
        1 => Numerals::UpperRoman,
        2 => Numerals::LowerRoman,
        3 => Numerals::UpperLetter,
        4 => Numerals::LowerLetter,
        5 => Numerals::Ordinal,
        9..=11 | 33 | 35..=37 | 39 => Numerals::Chinese,
        14 => Numerals::FullWidth,
        16 | 17 | 38 => Numerals::ChineseLegal,
        34 => Numerals::ChineseLegalTraditional,
        18 | 28 => Numerals::Circled,
        22 => Numerals::DecimalZero,
        27 => Numerals::Parenthesised,
        29 => Numerals::CircledChinese,
        30 => Numerals::HeavenlyStem,
        31 => Numerals::EarthlyBranch,
        255 => Numerals::Nothing,
        _ => Numerals::Decimal,
    };
    numerals.write(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_word_numbers_its_formats() {
        for (number, format, expected) in [
            (4, 0, "4"),
            (1994, 1, "MCMXCIV"),
            (4, 2, "iv"),
            (28, 3, "BB"),
            (3, 4, "c"),
            (7, 22, "07"),
            (12, 37, "十二"),
            (105, 37, "一百零五"),
            (3, 38, "叁"),
            (3, 18, "③"),
            (12, 14, "１２"),
            (0, 1, "0"),
            (0, 3, "0"),
            (2, 255, ""),
        ] {
            assert_eq!(written(number, format), expected, "{number} {format}");
        }
    }
}
