//! Pairs and groups, class by class: what must be found and what must not.

use super::{Candidate, Decision, Decisions, Group, Reason, Settings, find, groups};

/// A candidate with a name and nothing else.
fn named(name: &'static str) -> Candidate<'static> {
    Candidate { name: Some(name), ..Candidate::default() }
}

fn grouped(candidates: &[Candidate]) -> Vec<Group> {
    groups(candidates, &Decisions::default(), &Settings::default())
}

#[track_caller]
fn one(left: Candidate, right: Candidate) -> Group {
    let mut found = grouped(&[left, right]);
    assert_eq!(found.len(), 1, "{:?} {:?} are one", left.name, right.name);
    found.remove(0)
}

#[track_caller]
fn two(left: Candidate, right: Candidate) {
    let found = grouped(&[left, right]);
    assert!(found.is_empty(), "{:?} {:?} are two, {found:?}", left.name, right.name);
}

const ONE: &str = "91350100M000100Y43";
const OTHER: &str = "91110000600037341L";

#[test]
fn the_same_name_in_another_writing_is_one() {
    let pairs = [
        ("上海瑞丰贸易有限公司", "上海市瑞丰贸易有限责任公司"),
        ("上海瑞丰贸易有限公司", "瑞丰(上海)贸易有限公司"),
        ("上海瑞丰贸易有限公司", "瑞丰贸易（上海）有限公司"),
        ("上海瑞丰贸易有限公司", "瑞丰贸易有限公司"),
        ("广东佛山顺德瑞丰家具厂", "顺德区瑞丰家具有限公司"),
        ("上海瑞豐貿易有限公司", "上海瑞丰贸易有限公司"),
        ("上海 瑞丰 贸易 有限公司", "上海瑞丰贸易有限公司"),
        ("第1毛纺厂", "第一毛纺厂"),
        ("Ruifeng Trading Co., Ltd.", "RUIFENG TRADING COMPANY LIMITED"),
        ("Ruifeng (Shanghai) Trading Co.,Ltd", "Shanghai Ruifeng Trading Co. Ltd."),
        ("Bergmann Maschinenbau GmbH", "BERGMANN MASCHINENBAU G.m.b.H."),
        ("上海瑞丰贸易有限公司", "上海瑞丰贸易有限公词"),
        ("瑞丰集团有限公司", "瑞丰有限公司"),
        ("上海市浦东新区瑞丰食品经营部", "上海浦东瑞丰食品店"),
        ("江苏省昆山市瑞丰五金厂", "苏州昆山瑞丰五金厂"),
        ("上海瑞丰贸易股份有限公司", "上海瑞丰贸易股扮有限公司"),
        ("上海瑞丰贸易有限责任公司", "上海瑞丰贸易有限责壬公司"),
        ("上海瑞丰贸易有限公司北京分公司", "瑞丰(上海)贸易有限公司北京市分公司"),
        ("SIEMENS (CHINA) CO., LTD.", "Siemens China Ltd"),
        ("【上海】瑞丰、贸易有限公司", "上海瑞丰贸易有限公司"),
    ];
    for (left, right) in pairs {
        one(named(left), named(right));
    }
}

#[test]
fn a_short_form_is_one() {
    one(named("上海瑞丰进出口有限公司"), named("瑞丰进出口"));
    one(named("上海瑞丰进出口贸易有限公司"), named("上海瑞丰进出口"));
    one(named("上海瑞丰进出口贸易有限公司"), named("上海瑞丰"));
    one(named("四川欣荣达建筑工程有限公司"), named("欣荣达"));
    let core = Candidate { phone: Some("13912345670"), ..named("瑞丰") };
    one(core, Candidate { phone: Some("13912345670"), ..named("上海瑞丰进出口有限公司") });
    two(named("瑞丰"), named("上海瑞丰进出口有限公司"));
}

#[test]
fn a_short_form_that_fits_several_is_none() {
    let found = grouped(&[named("瑞丰贸易"), named("上海瑞丰贸易有限公司"), named("北京瑞丰贸易有限公司")]);
    assert!(found.is_empty());
    let near = Candidate { address: Some("上海市黄浦区南京东路12号"), ..named("瑞丰贸易") };
    let found = grouped(&[near, named("上海瑞丰贸易有限公司"), named("北京瑞丰贸易有限公司")]);
    assert_eq!(found[0].members, [0, 1]);
}

#[test]
fn a_slip_is_one() {
    let pairs = [
        ("上海金龙鱼食品有限公司", "上海金尤鱼食品有限公司"),
        ("上海东方明珠食品有限公司", "上海东方明株食品有限公司"),
        ("上海东方明珠食品有限公司", "东方珠明食品有限公司"),
        ("上海东方明珠食品有限公司", "上海东方明食品有限公司"),
        ("上海瑞丰进出口有限公司", "上海瑞丰进出囗有限公司"),
        ("上海瑞丰进出口有限公司", "上诲瑞丰进出口有限公司"),
        ("杭州鸿运来食品有限公司", "杭州宏运来食品有限公司"),
        ("Bergmann Trading Ltd", "Bergman Trading Ltd"),
    ];
    for (left, right) in pairs {
        assert!(one(named(left), named(right)).reasons.contains(&Reason::SimilarName));
    }
}

#[test]
fn look_alikes_are_two() {
    let pairs = [
        ("上海瑞丰贸易有限公司", "北京瑞丰贸易有限公司"),
        ("昆山瑞丰贸易有限公司", "无锡瑞丰贸易有限公司"),
        ("瑞丰(上海)贸易有限公司", "瑞丰(南京)贸易有限公司"),
        ("上海瑞丰食品有限公司", "上海瑞丰物流有限公司"),
        ("瑞丰食品有限公司", "瑞丰医药有限公司"),
        ("上海瑞丰贸易有限公司", "上海瑞丰贸易有限公司北京分公司"),
        ("瑞丰贸易有限公司南京分公司", "瑞丰贸易有限公司北京分公司"),
        ("瑞丰超市人民路店", "瑞丰超市解放路店"),
        ("瑞丰第一纺织厂", "瑞丰第二纺织厂"),
        ("瑞丰一分厂", "瑞丰二分厂"),
        ("上海瑞丰贸易有限公司", "上海瑞峰贸易有限公司"),
        ("上海华联贸易有限公司", "上海联华贸易有限公司"),
        ("上海华联贸易有限公司", "上海新华联贸易有限公司"),
        ("上海瑞丰贸易有限公司", "上海兴达贸易有限公司"),
        ("王小明", "王小明"),
        ("Ruifeng Trading Ltd", "Ruixing Trading Ltd"),
        ("ABC Trading Ltd", "ABD Trading Ltd"),
        ("北京金龙鱼食品有限公司", "南京金龙鱼食品有限公司"),
        ("上海瑞丰一号仓储有限公司", "上海瑞丰二号仓储有限公司"),
        ("东方明珠食品有限公司", "西方明珠食品有限公司"),
        ("上海东方明珠食品有限公司", "上海新东方明珠食品有限公司"),
        ("上海瑞丰国际贸易有限公司", "上海瑞丰贸易有限公司"),
        ("欣荣达集团有限公司", "欣荣达建筑工程有限公司"),
        ("江苏瑞丰贸易有限公司", "苏州瑞丰贸易有限公司"),
        ("瑞丰超市(人民路店)", "瑞丰超市(解放路店)"),
        ("瑞丰(中国)有限公司", "瑞丰(上海)有限公司"),
        ("中国工商银行上海分行", "中国工商银行北京分行"),
        ("中国工商银行", "中国建设银行"),
        ("Ruifeng (Shanghai) Trading Ltd", "Ruifeng (Beijing) Trading Ltd"),
        ("Ruifeng Foods Ltd", "Ruifeng Logistics Ltd"),
    ];
    for (left, right) in pairs {
        two(named(left), named(right));
    }
}

#[test]
fn support_decides_where_names_are_short() {
    let phone = |name| Candidate { phone: Some("021-6233 4455"), ..named(name) };
    one(phone("上海瑞丰贸易有限公司"), phone("上海瑞峰贸易有限公司"));
    two(phone("上海瑞丰贸易有限公司"), phone("上海兴达贸易有限公司"));
    one(phone("上海瑞丰贸易有限公司"), phone("上海瑞丰商贸有限公司"));
    two(phone("上海瑞丰食品有限公司"), phone("上海瑞丰物流有限公司"));
    two(phone("上海瑞丰贸易有限公司"), phone("上海瑞丰贸易有限公司北京分公司"));
    let person = |phone| Candidate { phone: Some(phone), ..named("王小明") };
    one(person("13912345670"), person("+86 139 1234 5670"));
    let account = |name| Candidate { bank_account: Some("6222021001116245702"), ..phone(name) };
    one(account("上海瑞丰贸易有限公司"), account("上海兴达贸易有限公司"));
}

#[test]
fn the_credit_code_decides() {
    let code = |name, uscc| Candidate { uscc: Some(uscc), ..named(name) };
    assert_eq!(one(code("瑞丰贸易", ONE), code("兴达食品", "91350100 m000100y-43")).score, 100);
    two(code("上海金龙鱼食品有限公司", ONE), code("上海金尤鱼食品有限公司", OTHER));
    two(code("上海瑞丰贸易有限公司", ONE), code("瑞丰贸易有限公司", OTHER));
    assert!(one(code("上海瑞丰贸易有限公司", ONE), code("上海瑞丰贸易有限公司", OTHER)).score < 80);
    let slip = one(code("上海瑞丰贸易有限公司", ONE), code("上海瑞峰贸易有限公司", "91350100M000100Y44"));
    assert!(slip.reasons.contains(&Reason::SimilarCode));
    two(code("瑞丰贸易", "111111111111111111"), code("兴达食品", "111111111111111111"));
}

#[test]
fn an_agents_telephone_says_nothing() {
    let names = ["甲瑞", "乙发", "丙达", "丁兴", "戊隆", "瑞丰", "瑞峰"];
    let agent = names.map(|name| Candidate { phone: Some("13912345670"), ..named(name) });
    let (found, statistics) = find(&agent, &Decisions::default(), &Settings::default());
    assert!(found.is_empty());
    assert_eq!(statistics.crowded_values, 1);
}

#[test]
fn decisions_come_first() {
    let key = |key, name| Candidate { key, ..named(name) };
    let candidates = [
        key("a", "上海瑞丰贸易有限公司"),
        key("b", "上海市瑞丰贸易有限公司"),
        key("c", "瑞丰(上海)贸易有限公司"),
        key("d", "兴达食品"),
    ];
    let decisions = Decisions::from_iter([("b", "a", Decision::Different), ("d", "c", Decision::Same)]);
    let found = groups(&candidates, &decisions, &Settings::default());
    assert!(found.iter().all(|group| !(group.members.contains(&0) && group.members.contains(&1))));
    let with_d = found.iter().find(|group| group.members.contains(&3)).unwrap();
    assert!(with_d.members.contains(&2) && with_d.reasons[0] == Reason::Decided);
}

#[test]
fn a_chain_does_not_join_what_contradicts() {
    let code = |name, uscc| Candidate { uscc: Some(uscc), ..named(name) };
    let chain =
        [code("上海东方明珠食品有限公司", ONE), named("东方明珠食品有限公司"), code("上海东方明株食品有限公司", OTHER)];
    let found = grouped(&chain);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].members, [0, 1]);
}

#[test]
fn the_first_is_who_was_entered_first() {
    let entered = |entered_on| Candidate { entered_on, ..named("上海瑞丰贸易有限公司") };
    let found = grouped(&[entered(None), entered(Some(9)), entered(Some(3))]);
    assert_eq!((found[0].members.len(), found[0].first), (3, 2));
    assert_eq!(grouped(&[entered(None), entered(None)])[0].first, 0);
}

#[test]
fn reasons_are_told_in_both_languages() {
    assert_eq!(Reason::SamePhone.describe().zh, "电话相同");
    assert_eq!(Reason::SamePhone.describe().en, "same telephone number");
}

#[test]
fn the_outcome_does_not_depend_on_the_run() {
    let names = ["上海瑞丰贸易有限公司", "瑞丰贸易", "上海瑞峰贸易有限公司", "北京瑞丰贸易有限公司", "瑞丰(上海)贸易"];
    let many: Vec<Candidate> = (0..500).map(|index| named(names[index % names.len()])).collect();
    let first = find(&many, &Decisions::default(), &Settings::default());
    assert!(first.1.blocks_cut > 0);
    assert!(first.0.iter().all(|group| group.members.is_sorted() && group.score > 0));
    for _ in 0..3 {
        assert_eq!(find(&many, &Decisions::default(), &Settings::default()), first);
    }
}

#[test]
fn a_customer_without_a_name_needs_an_account_and_more() {
    let nameless = Candidate { name: None, phone: Some("021-62334455"), ..Candidate::default() };
    two(nameless, nameless);
    let account = Candidate { bank_account: Some("6222021001116245702"), ..nameless };
    assert_eq!(one(account, account).reasons, [Reason::SameAccount, Reason::SamePhone]);
    assert!(grouped(&[]).is_empty());
    assert!(grouped(&[Candidate { name: Some("???"), ..Candidate::default() }; 3]).is_empty());
}

#[test]
fn the_initials_of_a_firm_need_support() {
    let phone = |name| Candidate { phone: Some("010-59960114"), ..named(name) };
    one(phone("中石化"), phone("中国石油化工股份有限公司"));
    two(named("中石化"), named("中国石油化工股份有限公司"));
}

#[test]
fn free_mail_and_placeholders_say_nothing() {
    let short = |name, email| Candidate { email: Some(email), ..named(name) };
    two(short("上海瑞丰贸易有限公司", "a@qq.com"), short("上海瑞丰商贸有限公司", "b@QQ.com"));
    one(short("上海瑞丰贸易有限公司", "a@ruifeng.cn"), short("上海瑞丰商贸有限公司", "b@ruifeng.cn"));
    let phone = |name| Candidate { phone: Some("13800138000"), ..named(name) };
    two(phone("上海瑞丰贸易有限公司"), phone("上海瑞峰贸易有限公司"));
}

#[test]
fn no_text_makes_it_stumble() {
    let pieces: Vec<&str> = "上海 市 浦东新区 瑞丰 丰 贸易 食品 有限公司 公司 分公司 店 第 一 十 2 ( ) （ 】 个体户 - · a Co. ltd & 自治 县 区 集团 \
        股 份 北京 中国 新 😀 ㈱ é 13800138000 021-62334455-801 @ qq.com . 转 91350100M000100Y43 号 室"
        .split_whitespace()
        .collect();
    let mut state = 7_usize;
    let mut piece = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        pieces[(state >> 33) % pieces.len()]
    };
    let texts: Vec<String> = (0..20_000).map(|length| (0..length % 9).map(|_| piece()).collect()).collect();
    let text = |index: usize| texts.get(index % texts.len()).map(String::as_str);
    let candidates: Vec<Candidate> = (0..texts.len())
        .map(|index| Candidate {
            key: "",
            name: text(index),
            uscc: text(index * 3),
            phone: text(index * 5),
            bank_account: text(index * 7),
            address: text(index * 11),
            email: text(index * 13),
            entered_on: None,
        })
        .collect();
    let found = grouped(&candidates);
    assert!(found.iter().all(|group| group.members.len() > 1 && !group.links.is_empty()));
}
