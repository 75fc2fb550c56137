//! What texts speak of, from short texts.

use super::*;
use crate::annotate::clues::Clues;
use crate::model::{Date, Year};

#[track_caller]
fn check(text: &str, expected: &[u16]) {
    check_of(text, Some(2020), None, expected);
}

#[track_caller]
fn check_of(text: &str, year: Option<i64>, published: Option<&str>, expected: &[u16]) {
    let labels = spoken_of(text, Clues::of(text), year.and_then(Year::new), published.and_then(Date::parse_iso));
    // Clues save time and change nothing.
    let all = spoken_of(text, Clues::ALL, year.and_then(Year::new), published.and_then(Date::parse_iso));
    assert_eq!(labels, all, "{text}");
    assert!(labels.iter().all(|l| text.contains(&l.words) && !l.words.is_empty()), "{text}: {labels:?}");
    let years: Vec<u16> = labels.into_iter().map(|l| l.value.get()).collect();
    assert_eq!(years, expected, "{text}");
}

#[test]
fn ranges_of_up_to_six_years_are_expanded() {
    check("2016-2019", &[2016, 2017, 2018, 2019]);
    check("2016年至2018年", &[2016, 2017, 2018]);
    check("2017―2020年度", &[2017, 2018, 2019, 2020]);
    check("from 2016 to 2018", &[2016, 2017, 2018]);
    check("between 2016 and 2018", &[2016, 2017, 2018]);
    check("in 2016 and 2018", &[2016, 2018]);
    check("from June 2016 to May 2018", &[2016, 2017, 2018]);
    check("2016年1月至2018年12月", &[2016, 2017, 2018]);
    check("1990-2015", &[1990, 2015]);
    check("2011—2016年", &[2011, 2012, 2013, 2014, 2015, 2016]);
    check(
        "the 1986-90 plan and the 2019/20 season, FY2017-18",
        &[1986, 1987, 1988, 1989, 1990, 2017, 2018, 2019, 2020],
    );
    check("on 2019-10-12 and in 2009-10", &[2009, 2019]);
    check("grew from 5 in 2016 to 9 in 2018", &[2016, 2018]);
    check("自2016年起江西用3年时间培训", &[2016, 2017, 2018]);
    check("从2003年起连续5年", &[2003, 2004, 2005, 2006, 2007]);
    check("for three years from 2016, the province", &[2016, 2017, 2018]);
    check("Since 2016, the province took three years to train", &[2016, 2017, 2018]);
    check("since 2016", &[2016]);
}

#[test]
fn plans_are_resolved_by_name() {
    let thirteenth = [2016, 2017, 2018, 2019, 2020];
    let fourteenth = [2021, 2022, 2023, 2024, 2025];
    for text in [
        "“十三五”时期",
        "十三五规划",
        "第十三个五年规划",
        "the 13th Five-Year Plan",
        "the Thirteenth Five Year Plan",
        "13th FYP",
    ] {
        check(text, &thirteenth);
    }
    for text in [
        "“十四五”开局起步",
        "the 14th Five-Year Plan",
        "China's 14th National Five-Year Plan",
        "the “Fourteenth Five-Year” period",
    ] {
        check(text, &fourteenth);
    }
    check("“十五五”规划", &[2026, 2027, 2028, 2029, 2030]);
    check("“十五”期间", &[2001, 2002, 2003, 2004, 2005]);
    check("“一五”时期", &[1953, 1954, 1955, 1956, 1957]);
    check("the 12th and 13th Five-Year Plans", &[2011, 2012, 2013, 2014, 2015, 2016, 2017, 2018, 2019, 2020]);
    check("“十四五”开局之年", &[2021]);
    check("“十三五”规划收官之年", &[2020]);
    check("实施“十三五”规划的最后一年", &[2020]);
    check("“十三五”规划第二年", &[2017]);
    check("到“十四五”末", &[2025]);
    check("the first year of the 14th Five-Year Plan", &[2021]);
    check("the final year for implementing the 13th Five-Year Plan", &[2020]);
    check("by the end of the 14th Five-Year Plan", &[2025]);
    check("“七五”普法", &thirteenth);
    check("the \"Thirteen Five\" period", &thirteenth);
    check("left under the 14th Five-Year Plan from the 13th: lines", &[thirteenth, fourteenth].concat());
    check("二十三五个, 三五成群, 五年规划, 第二个五年规划", &[]);
    check("its first five-year plan; 13th in five years; on the 13th,", &[]);
}

#[test]
fn relative_years_are_seen_from_the_documents() {
    check("this year more than last year", &[2019, 2020]);
    check("去年全州茶园，今年以来，明年春天", &[2019, 2020, 2021]);
    check("前年、后年、今明两年、去冬今春", &[2018, 2019, 2020, 2021, 2022]);
    check("过去的一年，全市", &[2019]);
    check("Over the past year, we", &[2019]);
    check("grew over the past year and in the last year", &[]);
    check("the past ten years, 近三年, 过去五年, 十年来, in recent years, today, 日前", &[]);
    check("next spring and last December", &[2019, 2021]);
    check("this September; this and next year", &[2020, 2021]);
    check("the year before last", &[2018]);
    check("current year; the next year or two; each last year", &[2020]);
    check("文明年, 目前年产, 日本年均, 成本年底, 以上年龄, 今后年度, 过去年代", &[]);
    check("同比增长, year on year, from a year earlier, that year, 当年, 同年6月", &[]);
    check("今年较上年增加，与2002年相比", &[2002, 2019, 2020]);
    check("2018年比上年增长", &[2017, 2018]);
    check("in March 2012 after a vote the previous December", &[2011, 2012]);
    check("2018年12月至次年3月", &[2018, 2019]);
    check_of("今年、去年、上半年、7月25日、庚子年、July 25", None, None, &[]);
}

#[test]
fn months_and_parts_of_the_year_are_the_documents() {
    for text in [
        "7月25日0-24时，新增",
        "7月疫情发生后",
        "6月底前",
        "1—11月份",
        "七月二十五日",
        "上半年，新疆",
        "前三季度",
        "前11个月",
        "一季度下降",
        "年底前完成",
        "As of 2400 hours on July 25, the",
        "since mid-July",
        "February in Jilin is still cold",
        "by the end of June",
        "lifted on Feb. 17,",
        "From July 1 the minimum wage",
        "the 25th of July",
        "In May, the",
        "from March to May",
        "left in the first half, customs said",
        "first-half profits",
        "in the first quarter",
        "in the first eleven months of the year",
        "by the end of the year",
        "by year-end",
        "in Jan-Aug exports",
        "前10月进出口",
        "年初以来",
        "Some 500 by June (in Xinjiang)",
    ] {
        check(text, &[2020]);
    }
    for text in [
        "3个月大，6月龄，月底，26日",
        "每年5月底，藏羚羊",
        "every year in July; each May; in July every year",
        "on the 25th and on Monday",
        "it may march; the Long March; May I; MAY",
        "the May Fourth Movement and the October Revolution",
        "创下半年以来新低",
        "3年内，多年内，半年来",
        "scored in the first half",
        "last Spring Festival",
        "the first half of the century",
        "the first three months of operation",
        "农历7月15日",
        "an august decision",
    ] {
        check(text, &[]);
    }
}

#[test]
fn months_belong_to_the_year_that_stands_by_them() {
    check("去年10月至12月", &[2019]);
    check("2019年12月29日通水", &[2019]);
    check("2019年第一季度、2019年上半年、2018年底", &[2018, 2019]);
    check("2018年2、3月", &[2018]);
    check("July-September 2018; between June and August 2019", &[2018, 2019]);
    check("in December last year and in June that year", &[2019]);
    check("the first half of 2019 and the second half of last year", &[2019]);
    check("2018年，全市建港。6月，铁路通车。", &[2018]);
    check("In 2018, a port was built. In June trains ran.", &[2018]);
    check("2018年，全市建港。今年6月通车，7月又", &[2018, 2020]);
    check("获2019年以后各类奖项的产品，活动7月举行", &[2019, 2020]);
    check("自2018年以来，7月最多", &[2018, 2020]);
}

#[test]
fn a_late_month_in_the_first_quarter_is_that_of_the_year_before() {
    check_of("12月29日，港口开通。", Some(2021), Some("2021-01-04"), &[2020]);
    check_of("港口将于12月29日开通。", Some(2021), Some("2021-01-04"), &[2021]);
    check_of("12月29日，港口开通。", Some(2021), Some("2021-12-30"), &[2021]);
}

#[test]
fn datelines_do_not_count() {
    check("新华社南昌7月26日电（记者郭）江西省", &[]);
    check("新华社北京2019年7月26日电 今年", &[2020]);
    check("YIWU, June 18 -- Some trains left in 2019", &[2019]);
    check("Nanchang, China, July 26 (Yuan Yujing) Jiangxi", &[]);
    check("Shanghai, July 25 (Xinhua) On July 24, projects", &[2020]);
    check("据纪委监委7月26日消息", &[2020]);
    check("——2019年1月20日在自治区第十三届人民代表大会第四次会议上", &[]);
}

#[test]
fn years_of_the_old_calendar_are_resolved() {
    check("庚子年春，武汉", &[2020]);
    check("丁亥年", &[2007]);
    check("辛亥革命、甲午战争、庚子赔款、甲丑年", &[]);
    check("鼠年春节, the Year of the Pig", &[2019, 2020]);
    check("养猪年产、黑马年", &[]);
}

#[test]
fn each_year_has_its_words_and_its_rule() {
    let labels =
        spoken_of("2019年与今年，7月5日，2019年", Clues::of("2019年与今年，7月5日，2019年"), Year::new(2020), None);
    let found: Vec<(u16, &str, &str)> = labels.iter().map(|l| (l.value.get(), l.words.as_str(), l.rule)).collect();
    assert_eq!(found, [(2019, "2019年", "year written out"), (2020, "今年", "this year")]);
}

#[test]
fn a_long_text_without_an_end_is_read_in_linear_time() {
    for part in [
        "7月26日电",
        "2019-",
        "May 5 ",
        "2019年7月",
        "13th Five-Year ",
        "去年",
        "last year ",
        "庚子年",
        "“十三五”",
        "2019 and ",
    ] {
        let started = std::time::Instant::now();
        let text = part.repeat(40_000);
        let _ = spoken_of(&text, Clues::of(&text), Year::new(2020), None);
        assert!(started.elapsed().as_secs() < 20, "{part}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_gives_years_in_order_none_twice(
        text in "(?:[0-9年月日至到—/.,“”五十四普法 -]|20[0-9]{2}|19[0-9]{2}|July|May |last |year|first half|及|电|上半年|13th Five-Year|庚子年|\\PC){0,40}",
        year in proptest::option::of(1900i64..=2100),
    ) {
        let labels = spoken_of(&text, Clues::of(&text), year.and_then(Year::new), Date::new(2021, 1, 5));
        let years: Vec<u16> = labels.iter().map(|l| l.value.get()).collect();
        proptest::prop_assert!(years.windows(2).all(|w| w[0] < w[1]));
        proptest::prop_assert!(years.iter().all(|y| (Year::FIRST..=Year::LAST).contains(y)));
        proptest::prop_assert!(labels.iter().all(|l| text.contains(&l.words)));
    }
}
