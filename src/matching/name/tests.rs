//! Names taken apart.

use super::Name;
use crate::matching::lexicon::lexicon;

fn core(text: &str) -> String {
    Name::read(text).map(|name| name.core.iter().collect()).unwrap_or_default()
}

#[track_caller]
fn cores(expected: &str, names: &[&str]) {
    for name in names {
        assert_eq!(core(name), expected, "{name}");
    }
}

fn name(text: &str) -> Name {
    Name::read(text).unwrap()
}

#[test]
fn the_core_is_what_is_left() {
    let written = [
        "上海瑞丰贸易有限公司",
        "上海市瑞丰贸易有限责任公司",
        "瑞丰(上海)贸易有限公司",
        "瑞丰贸易(上海)有限公司",
        "瑞丰贸易上海有限公司",
        "上海市浦东新区瑞丰贸易商行",
        "瑞丰国际贸易集团股份有限公司",
        "江苏省苏州市昆山市瑞丰五金厂",
        "昆山瑞丰五金制品有限公司",
        "瑞丰",
        "中国瑞丰控股有限公司",
        "广东省东莞市长安镇瑞丰电子厂",
        "瑞丰食品(个体工商户)",
        "瑞丰贸易有限公司(原华夏贸易有限公司)",
        "瑞丰贸易有限公司 Ruifeng Trading Co., Ltd.",
        "延边朝鲜族自治州瑞丰粮油经销部",
        "苏州工业园区瑞丰精细化工有限公司",
    ];
    cores("瑞丰", &written);
}

#[test]
fn a_place_may_be_the_core() {
    cores("黄山", &["黄山旅游发展有限公司"]);
    cores("江山", &["江山贸易有限公司", "上海江山贸易有限公司"]);
    cores("白云山", &["广州白云山制药有限公司"]);
    cores("长安", &["南京长安汽车销售有限公司"]);
    cores("上海", &["上海食品有限公司"]);
}

#[test]
fn digits_and_scripts_are_one() {
    cores("三一", &["三一重工股份有限公司", "31重工股份有限公司"]);
    cores("华联发", &["華聯發實業有限公司"]);
    cores(
        "abc",
        &["ABC(中国)有限公司", "abc贸易（上海）有限公司", "ABC Trading Co., Ltd.", "A.B.C. TRADING COMPANY LIMITED"],
    );
    assert_eq!(name("长春第1机械厂").numbers, name("长春第一机械厂").numbers);
    assert_ne!(name("长春第二机械厂").numbers, name("长春第一机械厂").numbers);
    assert_ne!(name("金华一厂").numbers, name("金华二厂").numbers);
}

#[test]
fn branches_are_told_by_place_and_number() {
    let head = name("上海瑞丰贸易有限公司");
    let north = name("上海瑞丰贸易有限公司北京分公司");
    assert_eq!(head.branch, 0);
    assert_ne!(north.branch, 0);
    assert_eq!(north.core, head.core);
    assert_eq!(north.branch, name("瑞丰贸易(北京市分公司)").branch);
    assert_eq!(north.branch, name("瑞丰贸易北京分公司").branch);
    assert_ne!(north.branch, name("上海瑞丰贸易有限公司南京分公司").branch);
    assert_ne!(name("瑞丰超市人民路店").branch, name("瑞丰超市解放路店").branch);
    assert_eq!(name("瑞丰超市人民路店").core, head.core);
}

#[test]
fn places_lie_within_one_another() {
    let place = |text| name(text).place;
    assert!(place("昆山瑞丰贸易").contradicts(place("无锡瑞丰贸易")));
    assert!(!place("昆山瑞丰贸易").contradicts(place("江苏瑞丰贸易")));
    assert!(place("昆山瑞丰贸易").agreement(place("苏州瑞丰贸易")) == 2);
    assert!(place("上海瑞丰贸易").contradicts(place("北京瑞丰贸易")));
    assert!(!place("瑞丰贸易").contradicts(place("北京瑞丰贸易")));
    assert!(!place("上海浦东新区瑞丰贸易").contradicts(place("上海浦东瑞丰贸易")));
    assert!(place("吉林省瑞丰贸易").agreement(place("吉林市瑞丰贸易")) == 1);
    assert_eq!(place("Ruifeng (Shanghai) Trading"), place("瑞丰(上海)贸易"));
}

#[test]
fn trades_are_read_word_by_word() {
    assert_eq!(name("瑞丰信息科技有限公司").trades().len(), 2);
    assert_eq!(name("瑞丰进出口贸易有限公司").trades().len(), 2);
    assert!(lexicon().trades.word(&['食', '品']).is_some());
    assert!(lexicon().characters.alike('宏', '鸿') && lexicon().characters.alike('未', '末'));
}

#[test]
fn a_person_is_told_from_a_firm() {
    assert!(name("王小明").person);
    assert!(!name("王小明商店").person);
    assert!(!name("瑞丰贸易").person);
}

#[test]
fn a_word_that_begins_like_a_mark_is_no_place() {
    assert_ne!(name("中山鑫邦市政工程有限公司").core, name("中山鸿雷市政工程有限公司").core);
    assert_eq!(name("中山鑫邦市政工程有限公司").core, name("鑫邦市政工程").core);
}
