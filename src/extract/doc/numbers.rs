//! Numbers as lists write them.

/// Largest number of a list that is written in letters or signs; beyond it digits are used.
const LETTERS_MAX: u32 = 780;
const ROMAN_MAX: u32 = 3999;

/// A number in one of Word's number formats; those not known here are digits.
pub fn written(number: u32, format: u8) -> String {
    let digits = number.to_string();
    let from = |signs: &str| {
        let at = usize::try_from(number).ok().and_then(|n| n.checked_sub(1));
        at.and_then(|at| signs.chars().nth(at)).map_or_else(|| digits.clone(), String::from)
    };
    match format {
        1 if (1..=ROMAN_MAX).contains(&number) => roman(number),
        2 if (1..=ROMAN_MAX).contains(&number) => roman(number).to_lowercase(),
        3 if (1..=LETTERS_MAX).contains(&number) => letters(number),
        4 if (1..=LETTERS_MAX).contains(&number) => letters(number).to_lowercase(),
        9..=11 | 33 | 35..=37 | 39 => chinese(number, "〇一二三四五六七八九", ["十", "百", "千"]),
        16 | 17 | 34 | 38 => chinese(number, "零壹贰叁肆伍陆柒捌玖", ["拾", "佰", "仟"]),
        14 => digits.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c)).collect(),
        18 | 28 => from("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
        22 if number < 10 => format!("0{number}"),
        26 => from("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"),
        27 => from("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"),
        29 => from("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
        30 => from("甲乙丙丁戊己庚辛壬癸"),
        31 => from("子丑寅卯辰巳午未申酉戌亥"),
        255 => String::new(),
        _ => digits,
    }
}

fn roman(mut number: u32) -> String {
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
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while number >= value {
            out.push_str(sign);
            number -= value;
        }
    }
    out
}

/// A to Z, then AA to ZZ, and so on: the letter is repeated.
fn letters(number: u32) -> String {
    let letter = char::from(b'A' + ((number - 1) % 26) as u8);
    (0..=(number - 1) / 26).map(|_| letter).collect()
}

fn chinese(number: u32, signs: &str, units: [&str; 3]) -> String {
    let signs: Vec<char> = signs.chars().collect();
    let digits: Vec<usize> = number.to_string().bytes().map(|b| usize::from(b - b'0')).collect();
    let sign = |digit: usize| signs.get(digit).copied().unwrap_or_default();
    if digits.len() > units.len() + 1 || number == 0 {
        return digits.iter().map(|d| sign(*d)).collect();
    }
    let mut out = String::new();
    let mut is_zero = false;
    for (at, digit) in digits.iter().enumerate() {
        let place = digits.len() - 1 - at;
        if *digit == 0 {
            is_zero = true;
            continue;
        }
        if std::mem::take(&mut is_zero) {
            out.push('零');
        }
        // Ten to nineteen begin with ten.
        if !(*digit == 1 && place == 1 && at == 0) {
            out.push(sign(*digit));
        }
        out.push_str(place.checked_sub(1).and_then(|p| units.get(p)).unwrap_or(&""));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_many_ways() {
        for (number, format, expected) in [
            (4, 0, "4"),
            (1994, 1, "MCMXCIV"),
            (4, 2, "iv"),
            (28, 3, "BB"),
            (3, 4, "c"),
            (7, 22, "07"),
            (12, 37, "十二"),
            (20, 39, "二十"),
            (105, 37, "一百零五"),
            (110, 11, "一百一十"),
            (3, 38, "叁"),
            (3, 18, "③"),
            (21, 18, "21"),
            (12, 14, "１２"),
            (0, 1, "0"),
            (0, 3, "0"),
            (0, 18, "0"),
            (0, 37, "〇"),
            (u32::MAX, 37, "四二九四九六七二九五"),
            (2, 255, ""),
        ] {
            assert_eq!(written(number, format), expected, "{number} {format}");
        }
    }
}
