//! What texts speak of, from short texts.

use super::*;
use crate::model::Year;

#[track_caller]
fn check(text: &str, expected: &[u16]) {
    let years: Vec<u16> = spoken_of(text, Year::new(2020), None).into_iter().map(|l| l.value.get()).collect();
    assert_eq!(years, expected, "{text}");
}

#[test]
fn relative_years_ranges_and_plans_are_resolved() {
    check("this year more than last year", &[2019, 2020]);
    check("去年", &[2019]);
    check("2016-2019", &[2016, 2017, 2018, 2019]);
    check("2016年至2018年", &[2016, 2017, 2018]);
    check("1990-2015", &[1990, 2015]);
    check("“十三五”时期", &[2016, 2017, 2018, 2019, 2020]);
    check("the 14th Five-Year Plan", &[2021, 2022, 2023, 2024, 2025]);
    check("", &[]);
}
