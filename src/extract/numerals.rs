//! Numbers as lists write them: 3, c, iii, 三, ③.
//!
//! In: a number and how it is written. Out: its text. What has no such form is written with digits.

/// How the numbers of a list are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numerals {
    /// 1, 2, 3.
    #[default]
    Decimal,
    /// 01, 02, 03.
    DecimalZero,
    /// a, b … z, aa, bb.
    LowerLetter,
    /// A, B … Z, AA, BB.
    UpperLetter,
    /// i, ii, iii.
    LowerRoman,
    /// I, II, III.
    UpperRoman,
    /// 1st, 2nd, 3rd.
    Ordinal,
    /// 一, 十, 二十一, 一百零五.
    Chinese,
    /// 一, 一〇, 二一, 一〇五.
    ChineseDigits,
    /// 壹, 贰, 拾.
    ChineseLegal,
    /// 壹, 貳, 拾.
    ChineseLegalTraditional,
    /// 甲, 乙, 丙.
    HeavenlyStem,
    /// 子, 丑, 寅.
    EarthlyBranch,
    /// ①, ②, ③.
    Circled,
    /// ㊀, ㊁, ㊂.
    CircledChinese,
    /// ⑴, ⑵, ⑶.
    Parenthesised,
    /// １, ２, ３.
    FullWidth,
    /// No number: only what stands around it.
    Nothing,
    /// No text at all, but a mark.
    Bullet,
}

/// A letter is repeated no more often than this: a longer label would be no label.
const LETTERS_MAX: u32 = 8;
const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

impl Numerals {
    /// A number, so written.
    pub fn write(self, number: u32) -> String {
        let text = match self {
            Numerals::Decimal => None,
            Numerals::DecimalZero => Some(format!("{number:02}")),
            Numerals::LowerLetter => letters(number),
            Numerals::UpperLetter => letters(number).map(|l| l.to_uppercase()),
            Numerals::LowerRoman => roman(number).map(|r| r.to_lowercase()),
            Numerals::UpperRoman => roman(number),
            Numerals::Ordinal => Some(format!("{number}{}", ordinal(number))),
            Numerals::Chinese => {
                chinese(number, &["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"], ["十", "百", "千"])
            }
            Numerals::ChineseLegal => {
                chinese(number, &["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"], ["拾", "佰", "仟"])
            }
            Numerals::ChineseLegalTraditional => {
                chinese(number, &["零", "壹", "貳", "參", "肆", "伍", "陸", "柒", "捌", "玖"], ["拾", "佰", "仟"])
            }
            Numerals::ChineseDigits => digits(number, |d| DIGITS.get(d).copied()),
            Numerals::FullWidth => digits(number, |d| char::from_u32(0xff10 + d as u32)),
            Numerals::HeavenlyStem => nth("甲乙丙丁戊己庚辛壬癸", number),
            Numerals::EarthlyBranch => nth("子丑寅卯辰巳午未申酉戌亥", number),
            Numerals::Circled => circled(number),
            Numerals::CircledChinese => nth("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉", number),
            Numerals::Parenthesised => nth("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇", number),
            Numerals::Nothing | Numerals::Bullet => Some(String::new()),
        };
        text.unwrap_or_else(|| number.to_string())
    }

    /// As OpenDocument writes the form of a number: by an example, or by a list of examples.
    pub fn of_example(example: &str) -> Numerals {
        match example.trim().chars().next() {
            None => Numerals::Nothing,
            Some('a') => Numerals::LowerLetter,
            Some('A') => Numerals::UpperLetter,
            Some('i') => Numerals::LowerRoman,
            Some('I') => Numerals::UpperRoman,
            Some('一') => Numerals::Chinese,
            Some('壹') if example.contains('貳') => Numerals::ChineseLegalTraditional,
            Some('壹') => Numerals::ChineseLegal,
            Some('甲') => Numerals::HeavenlyStem,
            Some('子') => Numerals::EarthlyBranch,
            Some('①') => Numerals::Circled,
            Some('㊀') => Numerals::CircledChinese,
            Some('１') => Numerals::FullWidth,
            Some('0') => Numerals::DecimalZero,
            Some(_) if example.contains("st") => Numerals::Ordinal,
            Some(_) => Numerals::Decimal,
        }
    }
}

fn letters(number: u32) -> Option<String> {
    let before = number.checked_sub(1)?;
    let times = before / 26 + 1;
    let letter = char::from_u32(u32::from('a') + before % 26)?;
    (times <= LETTERS_MAX).then(|| std::iter::repeat_n(letter, times as usize).collect())
}

fn roman(number: u32) -> Option<String> {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..4000).contains(&number) {
        return None;
    }
    let (mut left, mut out) = (number, String::new());
    for (value, sign) in SIGNS {
        while left >= value {
            out.push_str(sign);
            left -= value;
        }
    }
    Some(out)
}

fn ordinal(number: u32) -> &'static str {
    match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

/// A number below ten thousand by digits and powers of ten.
fn chinese(number: u32, digits: &[&str; 10], powers: [&str; 3]) -> Option<String> {
    if !(1..10_000).contains(&number) {
        return None;
    }
    let [ten, hundred, thousand] = powers;
    let (mut out, mut gap) = (String::new(), false);
    for (unit, power) in [(1000, thousand), (100, hundred), (10, ten), (1, "")] {
        let digit = number / unit % 10;
        if digit == 0 {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push_str(digits[0]);
            gap = false;
        }
        // Ten is 十, but a hundred and ten is 一百一十.
        if !(unit == 10 && digit == 1 && out.is_empty()) {
            out.push_str(digits.get(digit as usize)?);
        }
        out.push_str(power);
    }
    Some(out)
}

fn digits(number: u32, digit: impl Fn(usize) -> Option<char>) -> Option<String> {
    number.to_string().bytes().map(|b| digit(usize::from(b.wrapping_sub(b'0')))).collect()
}

fn nth(signs: &str, number: u32) -> Option<String> {
    signs.chars().nth(number.checked_sub(1)? as usize).map(String::from)
}

fn circled(number: u32) -> Option<String> {
    let sign = match number {
        1..=20 => 0x2460 + number - 1,
        21..=35 => 0x3251 + number - 21,
        36..=50 => 0x32b1 + number - 36,
        _ => return None,
    };
    char::from_u32(sign).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::Numerals::*;
    use super::*;

    #[test]
    fn numbers_are_written_as_lists_write_them() {
        for (numerals, number, expected) in [
            (Decimal, 12, "12"),
            (DecimalZero, 3, "03"),
            (LowerLetter, 3, "c"),
            (UpperLetter, 27, "AA"),
            (LowerLetter, 0, "0"),
            (LowerLetter, u32::MAX, "4294967295"),
            (LowerRoman, 14, "xiv"),
            (UpperRoman, 3999, "MMMCMXCIX"),
            (UpperRoman, 4000, "4000"),
            (Ordinal, 12, "12th"),
            (Ordinal, 22, "22nd"),
            (Chinese, 10, "十"),
            (Chinese, 21, "二十一"),
            (Chinese, 105, "一百零五"),
            (Chinese, 110, "一百一十"),
            (Chinese, 2000, "二千"),
            (ChineseDigits, 10, "一〇"),
            (ChineseLegal, 12, "拾贰"),
            (HeavenlyStem, 3, "丙"),
            (EarthlyBranch, 13, "13"),
            (Circled, 20, "⑳"),
            (Circled, 36, "㊱"),
            (Circled, 51, "51"),
            (CircledChinese, 10, "㊉"),
            (Parenthesised, 2, "⑵"),
            (FullWidth, 10, "１０"),
            (Nothing, 5, ""),
        ] {
            assert_eq!(numerals.write(number), expected, "{numerals:?} {number}");
        }
    }

    #[test]
    fn forms_are_told_by_their_examples() {
        for (example, expected) in
            [("1", Decimal), ("a", LowerLetter), ("I", UpperRoman), ("一, 二, 三, ...", Chinese), ("", Nothing)]
        {
            assert_eq!(Numerals::of_example(example), expected, "{example}");
        }
    }
}
