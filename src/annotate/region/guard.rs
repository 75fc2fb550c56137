//! Names of places inside other names: banks, newspapers, streets, dishes, teams, companies, people.
//!
//! What the table of names does not know by itself is told by the words around a name.

use crate::pattern::{Pattern, pattern};

/// What the words around a name make of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// The place itself.
    Free,
    /// A university, an institute, a consulate: the place is where it is, and no more is said of it.
    Affiliation,
    /// A river, a lake, a mountain: not the county of that name, but of a province's it may be.
    Nature,
    /// Part of another name.
    Other,
}

/// So many bytes after a name can be looked at: a long company's name.
const AFTER_BYTES: usize = 120;
/// And so many before it.
const BEFORE_BYTES: usize = 48;

/// Judges the name from `start` to `end` of a simplified text.
pub fn guard(text: &str, start: usize, end: usize) -> Guard {
    let after = &text[end..floor(text, end + AFTER_BYTES)];
    let before = &text[ceil(text, start.saturating_sub(BEFORE_BYTES))..start];
    if text[start..end].is_ascii() || !text[start..end].chars().any(crate::analysis::is_ideograph) {
        english(text, before, after, &text[start..end])
    } else {
        let is_full = text[..end].ends_with(['省', '市', '县', '区', '州', '旗', '盟']);
        chinese(before, after, is_full)
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

fn chinese(before: &str, after: &str, is_full: bool) -> Guard {
    static OTHER: Pattern = pattern!(
        r"(?x)^(?: (?:银行|证券|农商行|农信社|人寿|基金公司)(?:[^业系]|$)
        | 汽车(?:[^产工制零整及站客]|$) | 航空公司 | 航空(?:[^枢港运产口物客货工制业]|$)
        | 卫视|电视台|日报|晚报|晨报|商报|早报|时报|都市报|青年报|网讯|广播电台
        | (?:[东南西北中]{1,2}|[一二三四五])?(?:大道|大街|大马路|步行街) | [东南西北中]{0,2}路(?:[^网桥段况线径子由政权口]|$) | [东南西北中]街(?:[^道]|$)
        | 菜(?:[^籽篮市农地园品单价种])|菜$|菜系|烤鸭|拉面|火锅|小吃|炒饭|米粉|凉皮|泡馍|热干面|黄酒|陈醋|白酒|普洱
        | 精神(?:[^文病卫障])|精神$ | 号(?:[^文召称线码楼角令])|号$
        | (?:男|女)(?:篮|排|足|队|乒) | 足球|篮球队|球队|队(?:[^伍友列员长]) | 队员|队长|球迷|俱乐部|德比
        | 话剧|梆子|评弹|昆曲 | 烟草公司 | 饭店|酒店|宾馆|大酒店|大厦|啤酒|小面
        | 舰(?:[^队艇]|$) | 公报|公约|议定书|共识 | 时间(?:[0-9一二三四五六七八九十今昨明同])
        | 石油(?:[^化资]|$)|石化公司|联通|移动公司|电信公司 )"
    );
    static FIRM: Pattern = pattern!(
        r"^[^的在将与和等各内有对向为是一两多本当，。、；：！？“”《》\x20\u{3000}]{0,14}?(?:有限责任公司|有限公司|股份公司|集团公司|控股集团|实业集团|集团股份|股份有限)"
    );
    static SEAT: Pattern = pattern!(
        r"^(?:[^的在将与和等各内有对向为是，。、；：！？“”《》\x20\u{3000}]{0,8}?(?:大学|学院|科学院|研究院|研究所|研究中心|师范|附属医院)|医院|总领事?馆|领事馆|驻\p{Han}{1,4}办)"
    );
    let Some(next) = after.chars().next() else { return person(before) };
    if !crate::analysis::is_ideograph(next) {
        return person(before);
    }
    if OTHER.is_match(after) {
        return Guard::Other;
    }
    const SMALLER: &[&str] = &[
        "村",
        "镇",
        "乡",
        "街道",
        "社区",
        "水库",
        "灌区",
        "河",
        "湖",
        "沟",
        "岛",
        "桥",
        "寺",
        "塔",
        "楼",
        "苑",
        "沙地",
        "沙漠",
        "水厂",
        "江",
        "山",
        "自然保护区",
        "国家级自然保护区",
        "森林公园",
        "国家森林公园",
        "水电站",
    ];
    const LARGER: &[&str] = &["湖北", "湖南", "河北", "河南", "镇江", "乡宁", "桥西", "桥东", "岛内", "村级", "镇级"];
    let begins = |words: &[&str]| words.iter().any(|w| after.starts_with(w));
    if !is_full && begins(SMALLER) && !begins(LARGER) {
        return Guard::Nature;
    }
    // 安徽古井贡酒股份有限公司: no particle, verb or mark between the place and the firm.
    // Longer than both can be.
    let near = &after[..after.floor_char_boundary(100)];
    let has = |words: &[&str]| words.iter().any(|w| near.contains(w));
    if has(&["公司", "集团", "股份"]) && FIRM.is_match(after) {
        return Guard::Other;
    }
    if has(&["学", "院", "研究", "师范", "领", "驻"]) && SEAT.is_match(after) {
        return Guard::Affiliation;
    }
    person(before)
}

/// 记者王昆: a surname after what people are called by.
fn person(before: &str) -> Guard {
    static PERSON: Pattern = pattern!(
        r"(?:记者|主任|局长|书记|省长|市长|县长|区长|教授|院长|校长|通讯员|代表|委员|同志|主席|经理|专家|村民|居民|女士|先生)[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕张孔曹严华金魏陶姜谢邹柏章苏潘葛范彭鲁韦马苗凤方俞任袁柳唐罗薛雷贺倪汤殷毕郝安常乐于傅卞齐康伍余顾孟黄穆萧尹姚邵汪毛戴谈宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾路江童颜郭梅盛林钟徐邱骆高夏蔡田胡凌霍万柯卢莫房解应丁邓洪包左石崔龚程陆翁荀甄曲储段富侯全秋仲伊宫宁仇甘武刘景詹龙叶幸黎白蒲赖乔谭姬申冉桑桂牛燕温柴阎翟连习鱼容向古易廖耿匡文欧师关勾荆游权盖]$"
    );
    if PERSON.is_match(before) { Guard::Other } else { Guard::Free }
}

fn english(text: &str, before: &str, after: &str, name: &str) -> Guard {
    static OTHER: Pattern = pattern!(
        r"(?x)^\x20(?: (?:(?:East|West|North|South|Middle|Central)\x20)?(?:Road|Street|Avenue|Boulevard|Lane|Highway\x20No)
        | Bank|Commercial\x20Bank|Airlines|Daily|Evening|Morning\x20Post|Post(?-u:\b)|Times|Youth\x20Daily|News(?-u:\b) | FC|United|Shenhua|Guoan|Evergrande | (?:Satellite\x20)?TV|Television
        | (?:(?:International|Rural|Development)\x20){1,2}(?:Commercial\x20)?Bank
        | (?:[A-Z][0-9A-Za-z_]+\x20)?(?:Tigers|Leopards|Ducks|Lions|Sharks|Bulls|Dragons|Eagles|Whales|Taishan|SIPG|Port\x20FC|R&F)(?-u:\b)
        | Securities|Stock\x20Exchange|Composite | [Dd]uck|(?:[0-9A-Za-z_]+\x20)?[Nn]oodles?|[Hh]ot\x20?pot|[Cc]uisine|[Ff]ried\x20[Rr]ice|[Oo]pera | Auto(?:mobile)?(?-u:\b)|Motors?(?-u:\b)
        | Semiconductor|Brewery|Distillery|Beer(?-u:\b)|Pharmaceuticals?(?-u:\b)|Cement(?-u:\b) | Hotel|Spirit|spirit(?-u:\b)|time(?-u:\b)|Time(?-u:\b)|Communiqu[eé]|Consensus|Declaration|Cooperation\x20Organi[sz]ation|(?:dollars?|dlrs?)(?-u:\b) )"
    );
    static FIRM: Pattern = pattern!(
        r"^(?:\x20[A-ZÀ-Þ&][A-Za-zÀ-ÿ&'’.-]*){0,6},?\x20(?:Co(?-u:\b)|Company\x20(?:Limited|Ltd)|Corp(?-u:\b)|Corporation|Inc(?-u:\b)|Ltd(?-u:\b)|Limited(?-u:\b)|PLC(?-u:\b)|Holdings?(?-u:\b)|Group(?-u:\b))"
    );
    static SEAT: Pattern = pattern!(
        r"^(?:\x20(?:of\x20|and\x20)?[A-ZÀ-Þ][A-Za-zÀ-ÿ'’-]*){0,4}\x20(?:University|College|Academy|Institute|Polytechnic)(?-u:\b)"
    );
    static NATURE: Pattern = pattern!(
        r"^\x20(?:(?:National\x20)?(?:Nature\x20Reserve|Forest\x20Park|Wetland\x20Park)|River|Creek|Lake|Mountains?|Reservoir|Gorge|Valley|Canal|Glacier|Peak|Waterfall)(?-u:\b)|^(?:,?\x20(?:and\x20)?[A-Z][0-9A-Za-z_]+){0,6},?\x20(?:and\x20other\x20)?(?:rivers|lakes|mountains|reservoirs)(?-u:\b)"
    );
    static BEFORE: Pattern = pattern!(
        r"(?:(?-u:\b)(?:Bank\x20of|Battle\x20of|Treaty\x20of|Gulf\x20of|Mr\.?|Ms\.?|Mrs\.?|Wang|Li|Zhang|Liu|Chen|Yang|Huang|Zhao|Wu|Zhou|Xu|Sun|Ma|Zhu|Hu|Guo|Lin|Gao|Luo|Zheng|Liang|Xie|Tang|Han|Feng|Deng|Cao|Peng|Zeng|Xiao|Tian|Dong|Pan|Yuan|Cai|Jiang|Yu|Du|Ye|Cheng|Wei|Su|Lu|Ding|Ren|Yao|Shen|Zhong|Cui|Tan|Fan|Liao|Shi|Jin|Jia|Xia|Fu|Fang|Zou|Xiong|Bai|Meng|Qin|Qiu|Hou|Yin|Xue|Yan|Lei|Long|Tao|Pang|Gu|Bao|Dai|Kang|Mao|Hao|Gong|Shao|Wan|Qian|Tang|Duan|Hong|Niu|Xing|Zhuang|Ouyang)\x20)$"
    );
    static GIVEN: Pattern = pattern!(
        r"^\x20(?:Wang|Li|Zhang|Liu|Chen|Yang|Huang|Zhao|Wu|Zhou|Xu|Sun|Zhu|Lin|Gao)(?:[,./)]|\x20(?:of|said|told|says)(?-u:\b))"
    );
    static BRAND: Pattern =
        pattern!(r"^\x20(?:[A-Z][a-z]{3,})(?:\x20and|,|\x20(?:reported|raised|said|posted|rose|fell|gained|shares))");
    static SEAT_BEFORE: Pattern = pattern!(
        r"(?:University\x20(?:of|in)|Consulate(?:\x20General)?\x20in|Academy\x20of\x20[0-9A-Za-z_]+\x20in)\x20$"
    );
    if OTHER.is_match(after) || FIRM.is_match(after) {
        return Guard::Other;
    }
    if NATURE.is_match(after) {
        return Guard::Nature;
    }
    if SEAT.is_match(after) {
        return Guard::Affiliation;
    }
    if SEAT_BEFORE.is_match(before) {
        return Guard::Affiliation;
    }
    // Names of people: a surname before a name that stands without a word for what it is.
    // Yunnan Chen of the institute: a given name.
    if GIVEN.is_match(after) {
        return Guard::Other;
    }
    // In what is said of profits, a place and a name after it are a firm: Sichuan Changhong.
    let generic = [
        "Province",
        "City",
        "County",
        "District",
        "Prefecture",
        "Autonomous",
        "Municipality",
        "Region",
        "Port",
        "Airport",
        "Customs",
    ];
    if is_of_business(text) && BRAND.is_match(after) && !generic.iter().any(|g| after[1..].starts_with(g)) {
        return Guard::Other;
    }
    if BEFORE.is_match(before) && !name.contains(' ') { Guard::Other } else { Guard::Free }
}

/// Whether a text is of profits and shares.
fn is_of_business(text: &str) -> bool {
    ["net profit", "dividend", "shareholder", "share price", "listed compan", "operating income"]
        .iter()
        .any(|w| text.contains(w))
}

/// Whether a text is of matches: there a place that plays is a team.
pub fn is_of_sport(text: &str) -> bool {
    const SIGNS: &[&str] = &[
        "赛季",
        "夺冠",
        "联赛",
        "主场",
        "客场",
        "降级",
        "战胜",
        "击败",
        "不敌",
        "中超",
        "积分榜",
        "主教练",
        "球迷",
        "季后赛",
        "半决赛",
        "beat ",
        "defeated",
        "playoff",
        "semi-final",
        "semifinal",
        "quarter-final",
        "relegat",
        "head coach",
        "CBA",
    ];
    SIGNS.iter().filter(|s| text.contains(**s)).count() >= 2
}

/// Whether a place in such a text plays, and is not where something takes place.
pub fn plays(text: &str, start: usize, end: usize) -> bool {
    let (before, after) = (&text[..start], &text[end..]);
    let is_where = ["在", "于", "来自", "in ", "at ", "from ", "of "].iter().any(|w| before.ends_with(w));
    let generic = ["省", "市", "县", "区", "州", " Province", " City", " County", " District", "举行", "开幕", "举办"];
    let is_full = text[..end].ends_with(['省', '市', '县', '区', '州']) || generic.iter().any(|g| after.starts_with(g));
    !is_where && !is_full && !after.starts_with(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, name: &str, expected: Guard) {
        let start = text.find(name).unwrap();
        assert_eq!(guard(text, start, start + name.len()), expected, "{text}");
    }

    #[test]
    fn in_matches_places_are_teams() {
        let text = "2023赛季收官，上海提前夺冠，球队在武汉庆祝";
        assert!(is_of_sport(text));
        let at = |name: &str| text.find(name).map(|start| (start, start + name.len())).unwrap();
        assert!(plays(text, at("上海").0, at("上海").1));
        assert!(!plays(text, at("武汉").0, at("武汉").1));
        assert!(!is_of_sport("The coach of the season"));
    }

    #[test]
    fn whatever_an_institution_or_a_firm_is_called_it_is_told() {
        for what in [
            "大学",
            "师范",
            "医学院",
            "科学院",
            "研究院",
            "研究所",
            "研究中心",
            "附属医院",
            "医院",
            "总领馆",
            "总领事馆",
            "领事馆",
            "驻京办",
        ] {
            check(&format!("山东{what}发布消息"), "山东", Guard::Affiliation);
        }
        for what in ["有限责任公司", "有限公司", "股份公司", "集团公司", "控股集团", "实业集团", "集团股份", "股份有限"]
        {
            check(&format!("山东古井贡酒{what}发布消息"), "山东", Guard::Other);
            check(&format!("山东{}{what}发布消息", "古".repeat(14)), "山东", Guard::Other);
        }
    }

    #[test]
    fn names_of_others_are_told_from_places() {
        for (text, name) in [
            ("江苏银行净利润", "江苏"),
            ("湖南卫视播出", "湖南"),
            ("四川北路商圈", "四川"),
            ("安徽古井贡酒股份有限公司", "安徽"),
            ("辽宁男篮夺冠", "辽宁"),
            ("重庆火锅香辣", "重庆"),
            ("北京时间10时", "北京"),
            ("along Nanjing Road at night", "Nanjing"),
            ("the Bank of Jiangsu said", "Jiangsu"),
            ("Anhui Gujing Distillery Company Limited", "Anhui"),
            ("Wei Xinjiang and Pang Yong", "Xinjiang"),
        ] {
            check(text, name, Guard::Other);
        }
        for (text, name) in [
            ("江苏银行业运行平稳", "江苏"),
            ("新疆路网不断完善", "新疆"),
            ("广东汽车产业", "广东"),
            ("云南队伍建设", "云南"),
            ("Jiangsu banks lent more", "Jiangsu"),
            ("the Xinjiang government", "Xinjiang"),
        ] {
            check(text, name, Guard::Free);
        }
        check("宁夏大学公布了规则", "宁夏", Guard::Affiliation);
        check("Peking University said", "Peking", Guard::Affiliation);
        check("the U.S. Consulate General in Chengdu", "Chengdu", Guard::Affiliation);
    }
}
