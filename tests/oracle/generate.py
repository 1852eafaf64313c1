#!/usr/bin/env python3
"""Made-up data full of boundary cases for every default rule.

    python3 generate.py FOLDER --customers N --seed S --as-of D [--country]

Writes customers, contacts, contracts, visits, changes and employees .csv.
Knows the rules' boundaries, not their outcome: oracle.py decides what fails.
"""
import argparse
import os
import random
import re
from datetime import date, datetime, timedelta

# Labels in file order
CUSTOMERS = [
    ("archive_no", "档案编号"), ("name", "客户名称"), ("kind", "客户类型"),
    ("uscc", "统一社会信用代码"), ("legal_rep", "法定代表人"), ("contact", "联系人"),
    ("phone", "联系电话"), ("email", "电子邮箱"), ("address", "地址"), ("postcode", "邮编"),
    ("fax", "传真"), ("business_scope", "经营范围"), ("registered_capital", "注册资本(万元)"),
    ("bank", "开户行"), ("bank_account", "银行账号"), ("industry", "行业"),
    ("ownership", "企业性质"), ("region", "区域"), ("tier", "客户等级"), ("secrecy", "密级"),
    ("department", "负责部门"), ("owner", "负责人"), ("signed_on", "签约日期"),
    ("entered_on", "录入日期"), ("updated_on", "最近更新日期"),
    ("sales_verified_on", "最近核实日期(销售)"), ("feedback_on", "最近反馈日期(市场)"),
    ("reconciled_on", "最近对账日期(财务)"), ("remark", "备注")]
CONTACTS = [("archive_no", "档案编号"), ("name", "姓名"), ("title", "职务"),
            ("phone", "电话"), ("email", "邮箱")]
CONTRACTS = [("contract_no", "合同编号"), ("archive_no", "档案编号"), ("signed_on", "签订日期"),
             ("amount", "合同金额(万元)"), ("status", "状态")]
VISITS = [("record_no", "记录编号"), ("archive_no", "档案编号"), ("visited_at", "拜访日期"),
          ("submitted_at", "提交时间"), ("visitor", "拜访人员"), ("topic", "拜访主题"),
          ("summary", "沟通内容摘要"), ("opinion", "客户意见和建议"), ("reviewer", "审核人"),
          ("reviewed_on", "审核日期")]
CHANGES = [("change_no", "变更编号"), ("archive_no", "档案编号"), ("field", "字段"),
           ("learned_on", "发现日期"), ("registered_on", "登记日期"), ("reviewer", "审核人")]
EMPLOYEES = [("employee_no", "工号"), ("name", "姓名"), ("department", "部门"), ("status", "状态"),
             ("left_on", "离职日期"), ("email", "邮箱")]

# What folding takes away at the ends: white space, and characters nobody sees
ENDS = ["\t", "\n", "\r\n", "\x0b", "\x0c", " ", "\x85", "\xa0", "\u1680", "\u2000", "\u2003",
        "\u2007", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000",
        "\xad", "\u200b", "\u200e", "\u200f", "\u202a", "\u202d", "\u202e", "\u2060", "\ufeff",
        " \u200b ", "\u200b\u3000\ufeff"]
INSIDE = ["\xad", "\u200b", "\u200d", "\u202c", "\u2060", "\ufeff"]
# What folding leaves: controls, U+180E, the isolates, variation selectors
STAYS = ["\x1c", "\x1f", "\u180e", "\u2061", "\u2066", "\ufe0f", "\u3164"]

NOTHING = ["", "", "", "无", "暂无", "-", "--", "/", "N/A", "NA", "n/a", "na", "null", "NULL",
           "　", "\u200b", " \xa0 ", "－", "－－", "／", "Ｎ／Ａ", "ｎｕｌｌ", " 无 ", "暂\u200b无",
           "\ufeff-\u2060", "\u3000NULL\t"]
ALMOST_NOTHING = ["无无", "Null", "N/a", "Na", "nA", "n/A", "none", "---", "//", "—", "–", "暂 无",
                  "- -", "无.", "不详", "待补", "0", "\u180e", "\u2061", "\x1f", "nil", "ＮｕＬＬ",
                  "無", "\uffe3"]

KINDS = ["经销商", "供应商", "终端", "律师事务所", "银行", "物流公司", "物流(国际)", "Agent", "A.B"]
DEPARTMENTS = ["华东销售部", "华南销售部", "北方销售部", "国际业务部", "客户服务部", "市场部"]
ORDINARY_OWNERS = ["王伟", "李娜", "张敏", "刘洋", "陈静", "Li Lei", "赵磊"]
TIERS = ["重要", "稳定", "一般", "潜在"]

GOOD_PHONES = ["13800138000", "19912345678", "+8613912345678", "+86-13912345678", "010-62265678",
               "01062265678", "0571-8765432", "0571-87654321-1", "0571-87654321-123456",
               "0209876543", "400-820-8820", "4008208820", "400-8208820", "400820-8820",
               "＋８６－１３９１２３４５６７８", "138\u200b0013\u202c8000", "00001234567",
               "\u202d13812345678\u202c"]
BAD_PHONES = ["12800138000", "1380013800", "138001380000", "86-13800138000", "+86 13800138000",
              "008613800138000", "0571-876543", "0571-876543210", "0571-87654321-1234567",
              "0571-87654321-", "0571 87654321", "01-62265678", "01234-6226567", "800-820-8820",
              "400-82-08820", "400--8208820", "4008208820-1", "13800138000/010-62265678",
              "(010)62265678", "+86--13800138000", "+85213800138", "٠١٣٨٠٠١٣٨٠٠",
              "1380013800٠", "138 0013 8000", "138\u30000013\u30008000", "13800138000\x1f",
              "\u180e13800138000", "1.38E+10", "1.3800138e+10", "１．３８Ｅ＋１０", "1.38E+",
              "1.38 E+10", "62265678", "电话13800138000", "13800138000.0", "010—62265678",
              "+86\n13800138000"]
GOOD_EMAILS = ["a@b.co", "A.b_c%d+e-f@x-y.com.cn", "a@1.cn", "a@-.cn", "..@b.cn", "a@b.c-d.Museum",
               "ａｂｃ＠ｘ．ｃｎ", "info\u200b@b.cn", "a@163.comcn"]
BAD_EMAILS = ["a@b", "a@b.c", "a@b..cn", "a@.cn", "@b.cn", "a@b.cn.", "a@b.c1", "a@b_c.cn", "a b@c.cn",
              "a@b.cn;c@d.cn", "a@b@c.cn", "张@b.cn", "a@华联.cn", "a@b.\u212an", "a。b@c。cn",
              "a@b.cn\x1f", "a@b,cn", "<a@b.cn>", "mailto:a@b.cn", "a@\nb.cn"]
GOOD_POSTCODES = ["010010", "000000", "２００１２０", "200\u200b120"]
BAD_POSTCODES = ["20012", "2001200", "20012O", "200 120", "1.0E+05", "1E+05", "٢٠٠١٢٠", "200120\x1c",
                 "200-120", "²00120", "200120.0"]
UNREADABLE_DATES = ["2025-02-29", "2026-02-30", "2025-13-01", "2025-00-10", "2025-04-31", "20250229",
                    "2025-1", "2025年1月", "2025", "5/1/2025", "23.1.5", "45000", "五月五日", "待定",
                    "2025-01-05-06", "2025--1-05", "202501051", "2025-011-05", "Jan 5, 2025",
                    "2025-01-05上午", "２０２５－０２－２９", "1900-02-29", "2025\\01\\05", "٢٠٢٥-01-05"]
UNREADABLE_TIMES = UNREADABLE_DATES + ["2025-01-05 9:5", "2025-01-05 25:00", "2025-01-05 10:60",
                                       "2025-01-05 10", "10:30", "2025-01-05 10:30:60",
                                       "2025-01-05 10:30 PM", "2025-01-05_10:30"]
UNREADABLE_AMOUNTS = ["约500", "五百", "500-600", "12.3.4", "待定", "500万元", "USD 500", "5OO", "不详",
                      "500 ?", "５００左右", "1 000", "٥٠٠"]

# State Council arrangements: weekdays off and weekend days worked
OFF = [("2024-01-01", 1), ("2024-02-10", 8), ("2024-04-04", 3), ("2024-05-01", 5), ("2024-06-10", 1),
       ("2024-09-15", 3), ("2024-10-01", 7), ("2025-01-01", 1), ("2025-01-28", 8), ("2025-04-04", 3),
       ("2025-05-01", 5), ("2025-05-31", 3), ("2025-10-01", 8), ("2026-01-01", 3), ("2026-02-15", 9),
       ("2026-04-04", 3), ("2026-05-01", 5), ("2026-06-19", 3), ("2026-09-25", 3), ("2026-10-01", 7)]
WORK = ("2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12 "
        "2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11 "
        "2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10").split()
# (start, working days, day of the deadline)
DEADLINES = [("2026-09-18", 3, "2026-09-22"), ("2026-09-30", 3, "2026-10-10"),
             ("2026-02-13", 3, "2026-02-25"), ("2026-01-01", 3, "2026-01-06"),
             ("2026-05-08", 1, "2026-05-09"), ("2025-09-26", 3, "2025-09-30"),
             ("2025-01-24", 5, "2025-02-07"), ("2024-04-30", 3, "2024-05-08"),
             ("2024-09-13", 3, "2024-09-19"), ("2024-02-09", 3, "2024-02-20")]
ONE = timedelta(days=1)
PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def holiday_days():
    days = {}
    for first, number in OFF:
        for step in range(number):
            days[date.fromisoformat(first) + step * ONE] = False
    for day in WORK:
        days[date.fromisoformat(day)] = True
    return days


HOLIDAYS = holiday_days()


def works(day):
    return HOLIDAYS.get(day, day.weekday() < 5)


def nth_working_day(start, number):
    day = start
    while number:
        day += ONE
        number -= works(day)
    return day


def clipped(day, months):
    index = day.year * 12 + day.month - 1 - months
    for last in range(day.day, 0, -1):
        try:
            return date(index // 12, index % 12 + 1, last)
        except ValueError:
            continue


# ------------------------------------------------------------- credit codes

ALLOWED = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def check31(body):
    total = sum(ALLOWED.index(ch) * pow(3, place, 31) for place, ch in enumerate(body))
    return ALLOWED[(31 - total % 31) % 31]


def check11(body):
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = sum(letters.index(ch) * weight for ch, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2)))
    return "0123456789X0"[11 - total % 11]


class Maker:
    def __init__(self, options):
        self.random = random.Random(options.seed)
        self.number = options.customers
        self.as_of = options.as_of
        self.country = options.country
        self.customers, self.contacts, self.contracts = [], [], []
        self.visits, self.changes, self.employees = [], [], []
        self.serial = 0

    # ------------------------------------------------------------ small helps
    def one(self, items):
        return self.random.choice(items)

    def chance(self, part):
        return self.random.random() < part

    def next(self):
        self.serial += 1
        return self.serial

    def wide(self, text):
        return "".join(chr(ord(ch) + 0xFEE0) if "!" <= ch <= "~" else ch for ch in text)

    def dress(self, text, part=0.06):
        """The same value otherwise written: folding gives it back."""
        if text == "" or not self.chance(part):
            return text
        way = self.random.randrange(4)
        if way == 0:
            return self.wide(text)
        if way == 1:
            place = self.random.randrange(len(text))
            return text[:place] + self.one(INSIDE) + text[place:]
        if way == 2:
            return self.one(ENDS) + text
        return self.one(ENDS) + text + self.one(ENDS)

    def mostly(self, text, nothing=0.06, almost=0.02):
        """A plain text field: now and then missing, or nearly."""
        if self.chance(nothing):
            return self.one(NOTHING)
        if self.chance(almost):
            return self.one(ALMOST_NOTHING)
        return self.dress(text)

    def write_date(self, day, time=True):
        form = self.random.randrange(9)
        y, m, d = day.year, day.month, day.day
        text = [f"{y}-{m:02}-{d:02}", f"{y}-{m:02}-{d:02}", f"{y}/{m}/{d}", f"{y}.{m}.{d}",
                f"{y}年{m}月{d}日", f"{y}{m:02}{d:02}", f"{y}年{m:02}月{d:02}日",
                f"{y}-{m}-{d}", f"{y}.{m:02}.{d:02}"][form]
        if time and self.chance(0.08):
            text += self.one([" ", "T", "\u3000"]) + self.one(["0:00", "9:05", "23:59", "23:59:59",
                                                                "08:00:00"])
        return self.dress(text)

    def write_moment(self, when):
        day = self.one([f"{when:%Y-%m-%d}", f"{when:%Y-%m-%d}", f"{when.year}/{when.month}/{when.day}",
                        f"{when:%Y%m%d}", f"{when.year}年{when.month}月{when.day}日"])
        clock = self.one([f"{when.hour}:{when:%M}", f"{when:%H:%M}"])
        if when.second or self.chance(0.2):
            clock += f":{when:%S}"
        return self.dress(day + self.one([" ", " ", "T", "\xa0"]) + clock)

    def write_amount(self, text):
        """`text` a plain decimal: thousands separators and wide digits now and then."""
        whole, _, part = text.partition(".")
        if len(whole.lstrip("-")) > 3 and self.chance(0.7):
            whole = f"{int(whole):,}"
        text = whole + ("." + part if part else self.one(["", "", ".0", ".00"]))
        return self.dress(text, 0.12)

    # -------------------------------------------------------------- employees
    def make_employees(self):
        D = self.as_of
        rows = [("王伟", "华东销售部", "在职", ""), ("王伟", "国际业务部", "在职", ""),
                ("李娜", "华南销售部", "在职", "无"), ("张敏", "北方销售部", "在职", ""),
                ("刘洋", "", "在职", ""), ("陈静", "国际业务部", "在职", "2020-01-01"),
                ("Li Lei", "国际业务部", "在职", ""), ("LI LEI", "国际业务部", "离职", "2020-01-01"),
                ("赵磊", " 华东销售部\u3000", "在职", ""),
                ("离一", "华东销售部", "离职", D), ("离二", "华东销售部", "离职", D + ONE),
                ("离三", "华南销售部", "离职", D - ONE), ("离四", "华南销售部", "离职", ""),
                ("离五", "北方销售部", "离职", "2025-02-30"), ("离六", "北方销售部", " 离职\u200b", "－－"),
                ("离七", "市场部", "已离职", "2020-01-01"), ("离八", "市场部", "离 职", "2020-01-01"),
                ("离九", "市场部", "无", "2020-01-01"), ("孙同", "华东销售部", "在职", ""),
                ("孙同", "华南销售部", "离职", "2021.5.6"), ("钱二", "华东销售部", "离职", D + ONE),
                ("钱二", "华南销售部", "离职", D + 2 * ONE), ("周 空", "市场部", "离职", ""),
                ("周空", "市场部", "在职", ""), ("Ａｎｎ", "国际业务部", "离职", "2022年3月4日"),
                ("无", "市场部", "离职", "2020-01-01"), ("", "市场部", "离职", "")]
        for place, (name, department, status, left) in enumerate(rows):
            if isinstance(left, date):
                left = self.write_date(left)
            self.employees.append({"employee_no": f"{place + 1:05}", "name": name,
                                   "department": department, "status": status, "left_on": left,
                                   "email": f"e{place}@hualian.example"})
        for number in range(max(3, self.number // 40)):
            gone = self.chance(0.2)
            left = self.write_date(D + self.random.randint(-3, 3) * ONE) if gone else ""
            if self.chance(0.05):
                left = self.one(UNREADABLE_DATES)
            self.employees.append({
                "employee_no": self.one(["1.23E+10", "1.23E+", "E1023"]) if self.chance(0.08)
                else f"{len(self.employees) + 1:05}",
                "name": self.dress(f"员工{number}", 0.15), "department": self.mostly(self.one(DEPARTMENTS), 0.1, 0),
                "status": "离职" if gone else "在职", "left_on": left, "email": ""})

    def owner(self):
        pick = self.random.random()
        if pick < 0.6:
            return self.one(ORDINARY_OWNERS)
        if pick < 0.9:
            return self.one(self.employees)["name"].strip()
        return self.one(["不在册的人", "离\u3000一", "ann", "Ann", "离一 ", "孙同、王伟"])

    # -------------------------------------------------------------- customers
    def stale_date(self, boundary):
        pick = self.random.random()
        if pick < 0.45:
            days = (self.as_of - boundary).days
            return self.write_date(boundary + self.random.randint(0, days) * ONE)
        if pick < 0.6:
            return self.write_date(boundary)
        if pick < 0.75:
            return self.write_date(boundary - ONE)
        if pick < 0.8:
            return self.write_date(boundary + ONE)
        if pick < 0.87:
            return self.write_date(self.one([self.as_of, self.as_of + ONE, date(2099, 12, 31),
                                             date(2001, 2, 3), date(2024, 2, 29)]))
        if pick < 0.92:
            return self.one(UNREADABLE_DATES)
        return self.one(NOTHING if pick < 0.98 else ALMOST_NOTHING)

    def term(self, limit):
        """Two dates on, one off, or far from a deadline of so many working days."""
        pick = self.random.random()
        if pick < 0.1:
            start, number, end = self.one(DEADLINES)
            start, end = date.fromisoformat(start), date.fromisoformat(end)
            if number != limit:
                end = nth_working_day(start, limit)
            return start, end + self.random.randint(-1, 1) * ONE
        if pick < 0.65:
            start = self.one(sorted(HOLIDAYS)) + self.random.randint(-9, 3) * ONE
        elif pick < 0.8:
            start = date(2024, 1, 1) + self.random.randrange(1090) * ONE
        else:       # other years: the exceptions of 2005-2023, and years without any
            start = date(self.one([1999, 2004, 2007, 2012, 2015, 2019, 2020, 2022, 2023, 2027, 2031]),
                         self.one([1, 2, 4, 5, 9, 10, 12]), self.random.randint(1, 28))
        way = self.random.randrange(10)
        if way < 6:
            end = nth_working_day(start, limit + (way == 5)) + self.one([-1, 0, 0, 1]) * ONE
        elif way == 6:          # rest days behind the last allowed day still count nothing
            end = nth_working_day(start, limit + 1) - ONE
        elif way == 7:
            end = start + self.one([-30, -1, 0, 1]) * ONE
        else:
            end = start + self.random.randint(0, 20) * ONE
        return start, end

    def term_texts(self, limit):
        start, end = (self.write_date(day) for day in self.term(limit))
        if self.chance(0.05):
            start = self.one(UNREADABLE_DATES + NOTHING)
        if self.chance(0.08):
            end = self.one(UNREADABLE_DATES + NOTHING)
        return start, end

    def good_code(self):
        body = self.one("123456789ANY") + self.one("1239")
        body += "".join(self.one("0123456789") for _ in range(6))
        organisation = "".join(self.one(ALLOWED if self.chance(0.3) else "0123456789") for _ in range(8))
        body += organisation + check11(organisation)
        return body + check31(body)

    def other(self, ch, among=ALLOWED):
        return self.one([item for item in among if item != ch])

    def code(self):
        good = self.good_code()
        pick = self.random.random()
        if pick < 0.55:
            return self.dress(good)
        ways = [
            lambda: good.lower(),
            lambda: good[:6] + " " + good[6:12] + "　" + good[12:],
            lambda: good[:8] + "-" + good[8:16] + "－" + good[16:],
            lambda: good[:8] + self.one(["\u2003", "\n", "\xa0", "\u2028", "\x85"]) + good[8:],
            lambda: good[:17] + self.other(good[17]),                        # to be verified
            lambda: (good[:17] + self.other(good[17])).lower(),
            lambda: self.spoil_both(good),                                   # both wrong
            lambda: self.spoil_organisation(good),                           # passes
            lambda: good[:17], lambda: good + "0", lambda: good[:9],
            lambda: good[:4] + self.one("IOZSV") + good[5:],
            lambda: good[:10] + self.one("IOZSV") + good[11:],
            lambda: good[:17] + self.one("IOZSV"),
            lambda: self.recheck(self.one("0BCDEFGHJKLMPQRTUWX") + good[1:17]),
            lambda: self.recheck("0" + good[1:17]),
            lambda: self.recheck(good[:4] + self.one("ABCXY") + good[5:17]),
            lambda: self.recheck(good[:2] + "A" + good[3:17]),
            lambda: self.recheck(good[:7] + "Y" + good[8:17]),
            lambda: self.recheck(good[0] + self.one("0ABXY") + good[2:17]),  # 2nd is free: passes
            lambda: good[:5] + self.one(STAYS) + good[5:],
            lambda: good[:9] + "–" + good[9:], lambda: good[:9] + "." + good[9:],
            lambda: "110108000000016", lambda: "60003734-1", lambda: "1E+17", lambda: "9.11101E+17",
            lambda: "---", lambda: "- -", lambda: " -\u3000-　- ",
            lambda: self.one(NOTHING), lambda: self.one(NOTHING), lambda: self.one(NOTHING),
            lambda: self.one(ALMOST_NOTHING),
            lambda: self.one(["91350100M000100Y43", "91110000600037341L", "91110108551385082Q",
                              "91440300708461136T", "12440600MB2C07549J", "91110105MA00003490",
                              "91310115MA1H8R7C6D", "111111111111111111", "91350203M0001QKT19",
                              "362322198709086409"]),
            lambda: self.check_zero(),
        ]
        return self.one(ways)()

    def recheck(self, body):
        return body + check31(body)

    def spoil_organisation(self, good):
        return self.recheck(good[:16] + self.other(good[16]))

    def spoil_both(self, good):
        body = good[:16] + self.other(good[16])
        return body + self.other(check31(body))

    def check_zero(self):
        while True:
            good = self.good_code()
            if good[17] == "0":
                return good

    def from_lists(self, good, listed, bad, plain=0.5, odd=0.25):
        pick = self.random.random()
        if pick < plain:
            return self.dress(good)
        if pick < plain + 0.2:
            return self.dress(self.one(listed), 0.1)
        if pick < plain + 0.2 + odd:
            return self.one(bad)
        return self.one(NOTHING + NOTHING + ALMOST_NOTHING)

    def archive(self, kind, number):
        good = f"{kind}{self.random.randint(1990, 2026)}-{number:03}"
        pick = self.random.random()
        if pick < 0.86:
            return self.dress(good)
        tail = f"{number:03}"
        return self.one([
            f"{kind}1899-{tail}", f"{kind}2100-{tail}", f"{kind}202-{tail}", f"{kind}2023{tail}",
            f"{kind}2023–{tail}", f"{kind}2023—{tail}", f"{kind}2023 -{tail}", f"{kind}2023-{tail} A",
            f"{kind} 2023-{tail}", f"{kind}-2023-{tail}", f"别类2023-{tail}", f"{kind}2023-{number % 100:02}x{tail}",
            f"{kind}{1900 + number // 100 % 200}-{number % 100:02}", f"{kind.lower()}2024-{tail}",
            f"{kind.upper()}2023-{tail}", f"{kind.replace('.', 'x')}2023-{tail}", f"2023-{tail}",
            f"{kind}1900-{tail}", f"{kind}2099-{tail}9999", f"{kind}2023-{tail}\x1f",
            f"{kind}2023-{tail}", f"2.02{number:04}E+10", f"{kind}２０２３－{tail}",
            f"{kind}2023-{tail.translate({48 + n: 0x660 + n for n in range(10)})}",
            *NOTHING[:14], "　", "－", f"无无{number}"])

    def country_cell(self):
        pick = self.random.random()
        if pick < 0.6:
            return self.dress("中国")
        return self.one(["中华人民共和国", "China", "CN", "CHN", "ＣＮ", " Chi\u200bna ", "china", "cn",
                         "中國", "中国香港", "CHINA", "美国", "USA", "Deutschland", "日本", "中 国",
                         "", "", "无", "N/A", "null", "Null", "\u3000"])

    def make_customer(self, number):
        D = self.as_of
        kind = self.one(KINDS[:5] if self.chance(0.7) else KINDS)
        bare = f"{self.one(['上海', '宁波', '苏州', '广州'])}{self.one(['华', '联', '兴', '恒'])}" \
               f"{number}{self.one(['贸易', '食品', 'Tech', '物流'])}有限公司"
        signed_on, entered_on = self.term_texts(5)
        row = {
            "name": self.mostly(bare, 0.03), "kind": kind, "uscc": self.code(),
            "legal_rep": self.mostly("法人甲"), "contact": self.mostly("联系乙"),
            "phone": self.from_lists(f"1{self.random.randint(3, 9)}{self.random.randrange(10**9):09}",
                                     GOOD_PHONES, BAD_PHONES),
            "email": self.from_lists(f"c{number}@example.com", GOOD_EMAILS, BAD_EMAILS),
            "address": self.mostly(self.one(["上海市浦东新区世纪大道1号", "杭州市\n西湖区", "No. 1, \"A\" Road"])),
            "postcode": self.from_lists(f"{self.random.randrange(10**6):06}", GOOD_POSTCODES, BAD_POSTCODES),
            "fax": self.one(["", "021-62265678", "2.16E+09", "无"]) if self.chance(0.3) else "",
            "business_scope": self.mostly("进出口贸易, 批发"),
            "registered_capital": self.mostly(self.write_amount(self.one(["100", "1200", "50.5", "12345678.9",
                                                                          "-1", "0"])), 0.1, 0)
            if self.chance(0.93) else self.one(UNREADABLE_AMOUNTS),
            "bank": self.mostly("工商银行上海分行"),
            "bank_account": self.one(["6.222E+18", "6.222e+18", "６．２２２Ｅ＋１８", "6222021001116240000"])
            if self.chance(0.05) else self.mostly(str(self.random.randrange(10**18, 10**19))),
            "industry": self.mostly("批发"), "ownership": self.one(["民营", "国有", "合资", "", "外资"]),
            "region": self.one(["华东", "华南", "国外", ""]), "secrecy": self.one(["公开", "内部", "秘密", ""]),
            "department": self.mostly(self.one(DEPARTMENTS), 0.05, 0.01),
            "owner": self.mostly(self.owner(), 0.05), "signed_on": signed_on, "entered_on": entered_on,
            "updated_on": self.stale_date(D - 180 * ONE),
            "sales_verified_on": self.stale_date(clipped(D, 1)),
            "feedback_on": self.stale_date(clipped(D, 3)),
            "reconciled_on": self.stale_date(clipped(D, 12)),
            "remark": self.mostly(self.one(["年度重点", "第一行\n第二行", "a\r\nb", "他说\"好\",再谈", "="]), 0.2),
        }
        row["archive_no"] = self.archive(kind, number)
        row["kind"] = self.mostly(kind, 0.03, 0.01)
        if self.country:
            row["country"] = self.country_cell()
        contracts, computed = self.tier_case()
        if self.chance(0.7):
            row["tier"] = self.dress(computed)
        else:
            row["tier"] = self.one(TIERS + TIERS + NOTHING + ["VIP", "重 要", "重要客户", "无无", "稳 定"])
        for signed, amount, status in contracts:
            self.add_contract(row["archive_no"], signed, amount, status)
        self.add_contacts(row)
        for _ in range(self.one([0, 1, 1, 2])):
            self.add_visit(row["archive_no"])
        for _ in range(self.one([0, 0, 1, 2])):
            self.add_change(row["archive_no"])
        self.customers.append(row)

    # -------------------------------------------------------------- contracts
    def day_in(self, year):
        return self.one([date(year, 1, 1), date(year, 12, 31), date(year, 2, 28),
                         date(year, 1, 1) + self.random.randrange(365) * ONE])

    def tier_case(self):
        """Contracts [(day or text, amount text, status)] and the tier they come to."""
        D, Y = self.as_of, self.as_of.year
        day = self.day_in
        three, two = (Y - 3, Y - 2, Y - 1), (Y - 2, Y - 1)

        def years(which, *amounts):
            return [(day(year), amount, "履行中") for year in which for amount in amounts]

        exact = years(three, "199.99", "100.01", "200")
        steady = years(two, "50", "49.99", "0.01")
        cases = [
            (exact, "重要"),
            (years(three, "500"), "重要"),
            (years(three, "1200.50", "-700.50"), "重要"),
            (years(three, "166.67", "166.67", "166.66") + years([Y - 2], "200"), "重要"),
            (years(three, "166.67", "166.67", "166.66"), "稳定"),                # none reaches 200
            (years(three, "199.99", "199.99", "100.02"), "稳定"),                # 199.99 is not 200
            (years(three, "199.99", "199.99", "100.02") + years([Y - 4], "200"), "稳定"),
            (years(two, "250", "250") + years([Y - 3], "250", "249.99"), "稳定"),
            (years(two, "250", "250") + years([Y - 3], "200", "299.99999999999999999"), "稳定"),
            (years([Y - 3, Y - 1], "250", "250") + years([Y - 2], "0.1", "0.2", "499.7"), "重要"),
            (years([Y - 3, Y - 1], "250", "250") + years([Y - 2], "499.999"), "稳定"),
            (years(two, "500") + [(date(Y - 4, 12, 31), "500", "履行中")], "稳定"),
            (years(two, "500") + [(date(Y - 3, 1, 1), "500", "已完成")], "重要"),
            (years([Y - 3, Y - 2], "500") + [(date(Y - 1, 12, 31), "500", "")], "重要"),
            (years([Y - 3, Y - 2], "500") + [(date(Y, 1, 1), "500", "履行中")], "一般"),
            (years(two, "500") + [(day(Y - 3), "500", self.one(["作废", " 作废\u3000", "作\u200b废"]))], "稳定"),
            (years(two, "500") + [(day(Y - 3), "500", self.one(["作废?", "已作废", "作 废", "无", "无效"]))], "重要"),
            (years(two, "500") + [(day(Y - 3), "约500", "履行中")], "稳定"),
            (years(two, "500") + [(day(Y - 3), "", "履行中"), (day(Y - 3), "499.99", "履行中")], "稳定"),
            (years(two, "1,000.00") + [(self.one(["2025-02-29", "", "待定"]), "500", "履行中")], "稳定"),
            (years(three, "500") + years([Y], "-9999"), "重要"),
            (exact + years([Y - 3], "-0.01"), "稳定"),
            (steady, "稳定"),
            (years(two, "100"), "稳定"),
            (years(two, "49.99", "49.99", "0.02"), "一般"),                      # none reaches 50
            (years(two, "49.99", "49.99", "0.02") + years([Y], "50"), "一般"),
            (years(two, "49.99", "49.99", "0.02") + years([Y - 3], "50"), "一般"),
            (years([Y - 1], "50", "50") + years([Y - 2], "50", "49.99"), "一般"),
            (years([Y - 1], "100") + years([Y - 2], "99.9999999999999999999"), "一般"),
            (years([Y - 2], "100") + [(date(Y, 1, 1), "100", "履行中")], "一般"),
            (years([Y - 1], "100") + [(date(Y - 2, 1, 1), "100", "履行中")], "稳定"),
            ([(date(Y - 3, 1, 1), "1", "已完成")], "一般"),
            ([(date(Y - 4, 12, 31), "1000", "已完成")], "潜在"),
            ([(D, "1", "履行中")], "一般"),
            ([(D + ONE, "1000", "履行中")], "潜在"),
            ([(D, self.one(UNREADABLE_AMOUNTS), "履行中")], "一般"),
            ([(D, "0", "履行中")], "一般"), ([(D, "-5", "无")], "一般"),
            ([(D, "5", "作废")], "潜在"),
            ([(self.one(UNREADABLE_DATES), "300", "履行中")], "潜在"),
            ([], "潜在"), ([], "潜在"), ([], "潜在"),
        ]
        return self.one(cases)

    def add_contract(self, archive, signed, amount, status):
        if isinstance(signed, date):
            signed = self.write_date(signed)
        if PLAIN_NUMBER.fullmatch(amount):
            amount = self.write_amount(amount)
        pick = self.random.random()
        number = f"HT-{self.next():06}"
        if pick < 0.02:
            number = self.one(NOTHING)
        elif pick < 0.03:
            number = self.one(["2.024E+11", "2.024E+", "HT-SAME"])
        self.contracts.append({"contract_no": self.dress(number), "archive_no": self.again(archive),
                               "signed_on": signed, "amount": amount, "status": status})

    def again(self, archive):
        """The key once more in another table: otherwise dressed."""
        return self.dress(archive, 0.08)

    def orphan(self):
        return self.one(NOTHING + ["经销商2099-999", "不存在", "经销商 2023-001", "无无", "agent2023-001",
                                   "经销商2023–001"])

    # --------------------------------------------------------------- contacts
    def add_contacts(self, row):
        number = self.one([0, 1, 2, 2, 3])
        for place in range(number):
            name = self.one(NOTHING) if self.chance(0.12) else self.dress(f"联系{self.one('甲乙丙丁')}")
            self.contacts.append({
                "archive_no": self.again(row["archive_no"]), "name": name, "title": self.one(["经理", "", "主管"]),
                "phone": self.one(["1.38E+10", "1.38E+1O", "+1.38E+10"]) if self.chance(0.05) else "13900000000",
                "email": self.one(["", "x@y.cn", "坏的"])})
            if self.chance(0.04):
                self.contacts.append(dict(self.contacts[-1]))

    # ----------------------------------------------------------------- visits
    def add_visit(self, archive):
        when = datetime(2024, 1, 1) + timedelta(minutes=self.random.randrange(1400000))
        if self.chance(0.2):
            when = when.replace(hour=self.one([0, 23]), minute=self.one([0, 59]))
        day = timedelta(days=1)
        minute, second = timedelta(minutes=1), timedelta(seconds=1)
        late = self.one([day, day, day - minute, day + minute, day + minute, timedelta(hours=3), timedelta(0),
                         -day, 2 * day, 7 * day])
        visited, submitted = when, when + late
        if self.chance(0.25):       # seconds are dropped before anything is counted
            visited += self.one([0, 59]) * second
            submitted += self.one([0, 1, 59]) * second
        texts = [self.write_moment(visited), self.write_moment(submitted)]
        if self.chance(0.25):       # a day alone on one side or both
            steps = self.one([-1, 0, 1, 1, 2, 2])
            end = datetime(when.year, when.month, when.day) + steps * day
            end += self.one([timedelta(0), day - minute, timedelta(hours=9)])
            texts = self.one([
                [self.write_date(when.date(), False), self.write_moment(end)],
                [self.write_moment(when), self.write_date(end.date(), False)],
                [self.write_date(when.date(), False), self.write_date(end.date(), False)]])
        for side in (0, 1):
            if self.chance(0.06):
                texts[side] = self.one(UNREADABLE_TIMES)
            elif self.chance(0.06):
                texts[side] = self.one(NOTHING)
        # one row an employee only: whose department it is must not depend on the row taken
        visitor = self.one(["李娜", "张敏", "刘洋", "陈静", "赵磊", "路人", "离三", "离一", "员工0", "员工1"])
        pick = self.random.random()
        number = f"BF-{self.next():06}"
        if pick < 0.02:
            number = self.one(NOTHING)
        elif pick < 0.03:
            number = self.one(["3.1E+12", "3.1E+", "BF-SAME"])
        self.visits.append({
            "record_no": self.dress(number),
            "archive_no": self.orphan() if self.chance(0.05) else self.again(archive),
            "visited_at": texts[0], "submitted_at": texts[1], "visitor": self.mostly(visitor),
            "topic": self.mostly("回访"), "summary": self.mostly(self.one(["谈价格", "一\n二", "\"约\",再谈"])),
            "opinion": self.one(["", "无", "快一点"]), "reviewer": self.mostly("陈静"),
            "reviewed_on": self.one(["", "无", "2025-03-04", "2025-02-30", "2025年3月4日 10:00"])})

    def add_change(self, archive):
        learned, registered = self.term_texts(3)
        pick = self.random.random()
        number = f"BG-{self.next():06}"
        if pick < 0.02:
            number = self.one(NOTHING)
        elif pick < 0.03:
            number = self.one(["7E+10", "7.0E+10", "7.0E", "BG-SAME"])
        self.changes.append({
            "change_no": self.dress(number),
            "archive_no": self.orphan() if self.chance(0.05) else self.again(archive),
            "field": self.one(["联系电话", "地址"]), "learned_on": learned, "registered_on": registered,
            "reviewer": self.mostly("陈静")})

    # -------------------------------------------------- duplicates and the rest
    def pairs(self, part):
        """Disjoint pairs of customers."""
        places = list(range(len(self.customers)))
        self.random.shuffle(places)
        number = max(2, int(len(places) * part))
        return [(self.customers[a], self.customers[b])
                for a, b in zip(places[0:2 * number:2], places[1:2 * number:2])]

    def make_duplicates(self):
        for first, second in self.pairs(0.03):
            base = f"{self.one(['上海', '宁波'])}（双{self.next()}）Abc Tech 有限公司"
            other = self.one([
                base, base.replace("（", "(").replace("）", ")"), base.replace(" ", ""),
                base.replace("有限公司", "有限责任公司"), base.replace("有限公司", "有限 责任\u3000公司"),
                base.upper(), base.lower(), base + "\u200b", " " + base, base.replace(" ", "\n"),
                self.wide(base), base.replace("Abc", "A\u2003b c"),
                # these are not the same
                base.replace("有限公司", "股份有限公司"), base.replace("（", "[").replace("）", "]"),
                base.replace("Abc", "A-bc"), base + ".", base.replace("Abc", "Äbc"),
                base.replace("有限公司", "有限责任"), base + "\x1f", base.replace("T", "\u0422")])
            first["name"], second["name"] = base, other
        for first, second in self.pairs(0.01):      # upper case is ASCII's
            number = self.next()
            first["name"], second["name"] = self.one([("straße", "STRASSE"), ("café", "CAFÉ"), ("αβ", "ΑΒ"),
                                                      ("ﬁn", "FIN"), ("ıst", "IST"), ("k", "\u212a"),
                                                      ("straße", "STRAßE")])
            first["name"] += f"{number}公司"
            second["name"] += f"{number}公司"
        for first, second in self.pairs(0.03):
            code = self.good_code()
            second["uscc"] = self.one([
                code, code.lower(), code[:8] + "-" + code[8:], code[:2] + " " + code[2:], self.wide(code),
                code[:9] + "\u3000" + code[9:], "\u200b" + code, "---", code[:17] + self.other(code[17]),
                code[:9] + "\u2011" + code[9:], code + "0"])
            first["uscc"] = "-- -" if second["uscc"] == "---" else code
        for first, second in self.pairs(0.02):
            number = first["archive_no"]
            same = self.one([number, number + "\u3000", "\u200b" + number, self.wide(number), " " + number + "\xad",
                             number.replace("-", " -"), number + "\x1f", number.lower(), number.upper()])
            second["archive_no"] = same
            # which of two customers' departments counts is nobody's to say: make them one
            second["department"] = first["department"]

    def make_orphans(self):
        for _ in range(max(3, self.number // 50)):
            self.add_contract("占位", self.one([self.as_of, "2025-02-29"]), self.one(["5", "约5"]), "履行中")
            self.contracts[-1]["archive_no"] = self.orphan()
            self.contacts.append({"archive_no": self.orphan(), "name": "孤儿", "title": "", "phone": "1.38E+10",
                                  "email": ""})

    def make(self):
        self.make_employees()
        for number in range(1, self.number + 1):
            self.make_customer(number)
        self.make_duplicates()
        self.make_orphans()
        for rows in (self.contacts, self.contracts, self.visits, self.changes):
            self.random.shuffle(rows)

    # ---------------------------------------------------------------- writing
    def quoted(self, cell):
        needs = any(ch in cell for ch in ',"\r\n') or (cell.strip() != cell and self.chance(0.5))
        if needs or self.chance(0.02):
            return '"' + cell.replace('"', '""') + '"'
        return cell

    def write(self, path, columns, rows, end, mark):
        lines = [",".join(self.quoted(label) for _, label in columns)]
        if self.chance(0.3):
            lines.append(self.one(["", "," * (len(columns) - 1)]))
        for place, row in enumerate(rows):
            lines.append(",".join(self.quoted(row.get(field, "")) for field, _ in columns))
            if place == 1 or self.chance(0.01):         # blank records, of every look
                lines.append(self.one(["", "", "," * (len(columns) - 1), '""',
                                       ",".join([" "] * len(columns)),
                                       ",".join(["\u3000", "\u200b", '"\n"'] + [""] * (len(columns) - 3))]))
        if self.chance(0.5):
            lines.append("")
        with open(path, "w", encoding="utf-8", newline="") as handle:
            handle.write(mark + end.join(lines) + end)

    def write_all(self, folder):
        os.makedirs(folder, exist_ok=True)
        customers = list(CUSTOMERS)
        if self.country:
            customers.insert(8, ("country", "国家/地区"))
        for name, columns, rows, end, mark in [
                ("customers", customers, self.customers, "\n", ""),
                ("contacts", CONTACTS, self.contacts, "\r\n", ""),
                ("contracts", CONTRACTS, self.contracts, "\r\n", "\ufeff"),
                ("visits", VISITS, self.visits, "\n", "\ufeff"),
                ("changes", CHANGES, self.changes, "\n", ""),
                ("employees", EMPLOYEES, self.employees, "\r\n", "")]:
            self.write(os.path.join(folder, name + ".csv"), columns, rows, end, mark)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--customers", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--as-of", type=date.fromisoformat, required=True)
    parser.add_argument("--country", action="store_true")
    options = parser.parse_args()
    maker = Maker(options)
    maker.make()
    maker.write_all(options.folder)


if __name__ == "__main__":
    main()
