//! What each mask leaves of sound values and of broken ones.

use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use super::{Mask, digit, scrubbed};
use crate::text::Language;

#[track_caller]
fn shows(mask: Mask, pairs: &[(&str, &str)]) {
    for (value, shown) in pairs {
        assert_eq!(mask.remarked(value, Language::Zh), *shown, "{value}");
    }
}

#[test]
fn telephones_keep_three_and_four() {
    shows(
        Mask::Phone,
        &[
            ("13800138000", "138****8000"),
            ("１３８００１３８０００", "１３８****８０００"),
            ("138 0013 8000", "138 **** 8000"),
            ("+86 138-0013-8000", "+86 138-****-8000"),
            ("010-12345678", "010-****5678"),
            ("(0755)83123456", "(0755)****3456"),
            ("0574-8712345", "0574-****345"),
            ("010-12345678-801", "010-********-***"),
            ("010-12345678转801", "010-********转***"),
            ("87654321", "****4321"),
            ("1380013800", "138****800（10位）"),
            ("138001380001", "138*****0001（12位）"),
            ("1.38E+10", "1.**E+**（科学计数法）".replace('E', "*").as_str()),
            ("138O0138000", "138****000（10位，含其他字符）".replace("138****", "138*****").as_str()),
            ("1234", "****（4位）"),
            ("13800138000/13900139000", "138****8000/139****9000"),
            ("13800138000、1390013900", "138****8000、139****900（10位）"),
            ("", ""),
        ],
    );
    assert_eq!(Mask::Phone.remarked("1380013800", Language::En), "138****800 (10 digits)");
    assert_eq!(Mask::Phone.apply("张三13800138000"), "**138****8000");
}

#[test]
fn names_keep_the_surname() {
    shows(
        Mask::Name,
        &[
            ("张三", "张*"),
            ("张小三", "张**"),
            ("欧阳修远", "欧阳**"),
            ("欧阳", "欧*"),
            ("司马懿", "司马*"),
            ("王", "*"),
            ("张三、李四", "张*、李*"),
            ("John Smith", "J***"),
            ("阿卜杜拉·买买提", "阿****（8字）"),
            ("张三13800138000", "张****（13字，含其他字符）"),
            ("13800138000", "***（含其他字符）"),
        ],
    );
}

#[test]
fn other_masks_keep_what_is_customary() {
    shows(
        Mask::Email,
        &[
            ("zhang@example.com", "z***@example.com"),
            ("zhang#example.com", "z***（没有 @）"),
            ("zhang@li@example.com", "z***@example.com（2 个 @）"),
            ("zhang@example。com", "z***@example。com（含其他字符）"),
            ("a@x.com;b@y.com", "a***@x.com;b***@y.com"),
            ("13800138000@139.com", "1***@139.com"),
        ],
    );
    shows(
        Mask::Account,
        &[
            ("6222021001116245678", "****5678（19位）"),
            ("6222 0210 0111", "****0111（12位）"),
            ("12345", "****5（5位）"),
            ("6.22202E+18", "***（科学计数法）"),
        ],
    );
    shows(Mask::Identity, &[("330106199001011234", "********"), ("33010619900101123", "********（17位）")]);
    shows(
        Mask::Address,
        &[
            ("浙江省杭州市西湖区文三路1号", "浙江省杭州市西湖区***"),
            ("北京市海淀区中关村大街1号", "北京市海淀区***"),
            ("内蒙古自治区锡林郭勒盟苏尼特右旗赛汉塔拉镇", "内蒙古自治区锡林郭勒盟苏尼特右旗***"),
            ("浙江省义乌市稠州路5号", "浙江省义乌市***"),
            ("阳光小区3号楼", "***"),
            ("文三路区号", "***"),
        ],
    );
    shows(Mask::Handle, &[("wxid_abc", "wx***"), ("ab", "***")]);
    shows(Mask::Hidden, &[("爱好钓鱼", "***"), (" ", " ")]);
}

#[test]
fn running_text_loses_personal_numbers_only() {
    for (text, left) in [
        ("请联系13800138000（张总）", "请联系138****8000（张总）"),
        ("电话 138-0013-8000，邮箱 zhang@example.com。", "电话 138-****-8000，邮箱 z***@example.com。"),
        ("证号330106199001011234", "证号********"),
        ("代码91330100MA27XXXX4P", "代码91330100MA27XXXX4P"),
        ("代码913302007134567890", "代码913302007134567890"),
        ("日期2026-11-22", "日期2026-11-22"),
        ("账号6222021001116245678", "账号****5678"),
        ("13800138000 13900139000", "138****8000 139****9000"),
        ("经销商2023-001", "经销商2023-001"),
        ("由2026-11-22 2026-11-23更正", "由2026-11-22 2026-11-23更正"),
        ("138-0013-8000 139-0013-9000", "138-****-8000 139-****-9000"),
    ] {
        assert_eq!(scrubbed(text), left);
    }
}

/// The digits of a text.
fn digits(text: &str) -> Vec<char> {
    text.chars().filter_map(digit).collect()
}

proptest! {
    #[test]
    fn a_telephone_shows_no_more_than_area_or_prefix_and_four_and_hides_four(value in "[0-9 \\-+()转A-Ea-e.张０-９]{0,24}") {
        let (shown, all) = (digits(&Mask::Phone.apply(&value)).len(), digits(&value).len());
        prop_assert!(shown <= 7 + 4 && (all == 0 || all - shown >= all.min(4)), "{value}");
        prop_assert!(all > 12 || shown <= 8, "{value}");
        prop_assert!(!Mask::Phone.apply(&value).contains('张'));
    }

    #[test]
    fn no_mask_shows_more_than_it_may(value in any::<String>()) {
        let letters = |mask: Mask| mask.apply(&value).chars().filter(|letter| letter.is_alphanumeric()).count();
        if !value.contains(super::person::SEPARATORS) {
            prop_assert!(letters(Mask::Name) <= 2);
        }
        prop_assert!(letters(Mask::Account) <= 4);
        prop_assert!(letters(Mask::Handle) <= 2);
        if !value.trim().is_empty() {
            prop_assert_eq!(letters(Mask::Identity) + letters(Mask::Hidden), 0);
        }
    }

    #[test]
    fn a_blank_stays_a_blank(value in "[ \t　]{0,3}") {
        for (_, mask) in Mask::WORDS {
            prop_assert_eq!(mask.apply(&value), value.clone());
        }
    }

    #[test]
    fn no_mobile_number_survives_in_running_text(before in "[一-龥，。 :]{0,6}", number in "1[3-9][0-9]{9}", after in "[一-龥，。）]{0,6}") {
        let text = format!("{before}{number}{after}");
        prop_assert!(!scrubbed(&text).contains(&number));
    }
}
