#!/usr/bin/env python3
"""A made-up customer file in which it is known who was entered twice.

    python3 duplicates.py FOLDER --customers N --seed S

Writes customers.csv (N rows, shuffled, headers of the data dictionary) and

    truth.csv       first, second, class, evidence   the same firm, entered twice
    lookalikes.csv  first, second, class, evidence   alike, but different firms
    ambiguous.csv   first, second, reason            nobody could say: not scored

first and second are 档案编号; evidence names the facts both rows give (uscc, uscc~
= one of them mistyped, phone, account, address, domain, legal_rep) or "none".
truth.csv is closed: a firm entered three times gives three pairs, the one
between its two variants of class "indirect". A pair in none of the three files
is a pair of different firms.

What counts as what
  the same     a clerk who sees the two rows, and can search the file, says
               "probably the same". No two such rows carry different valid codes.
               A row that drops the region, abbreviates or damages a core of up to
               three characters has a shared fact, except (region, abbreviation)
               where no other firm in the file has that core in that industry.
               Shops (个体) and foreign typing errors always have a shared fact.
  different    region, core, industry, branch or number differs and no fact is shared,
               or the shared fact is one that unrelated firms do share (an agent's
               telephone, a building, a group's domain) and valid codes differ.
  ambiguous    left out: (popular) a popular core without region and without a shared
               fact, with every firm it might be; (short-typo) a core of two characters
               differing by one alike character, without a shared fact, a code missing;
               (two-codes) the same full name with two valid codes; (shop) a shop's
               everyday name twice in a city, nothing else shared; (department) a firm
               and "the firm 采购部" with the firm's telephone.
The untouched firms keep away from each other: no two have the same region, industry
and core, alike characters and the order of characters disregarded.

>>> code(91, "350100", "M000100Y"), code(91, "110000", "60003734")
('91350100M000100Y43', '91110000600037341L')
>>> tradition("华联贸易")
'華聯貿易'
>>> Region(0).text("none"), Region(4).text("city")
('', '杭州')
"""
import argparse
import csv
import os
import random
from datetime import date, timedelta
from itertools import combinations

HEADER = ("档案编号 客户名称 客户类型 统一社会信用代码 法定代表人 联系人 联系电话 电子邮箱 地址 邮编 传真 "
          "开户行 银行账号 行业 企业性质 区域 负责部门 负责人 录入日期 国家/地区").split()

# ------------------------------------------------------------------ words

# city, province, division, area code, digits of a number, postcode, districts
CITIES = [line.split() for line in """
上海 - 3101 021 8 2001 浦东新区 徐汇区 闵行区 嘉定区 宝山区 松江区
北京 - 1101 010 8 1000 朝阳区 海淀区 丰台区 大兴区 通州区
深圳 广东 4403 0755 8 5180 南山区 福田区 宝安区 龙岗区
广州 广东 4401 020 8 5106 天河区 白云区 番禺区 黄埔区
杭州 浙江 3301 0571 8 3100 西湖区 余杭区 萧山区 滨江区
苏州 江苏 3205 0512 8 2150 工业园区 吴中区 相城区 虎丘区
宁波 浙江 3302 0574 8 3150 鄞州区 海曙区 北仑区 镇海区
南京 江苏 3201 025 8 2100 江宁区 鼓楼区 建邺区 栖霞区
天津 - 1201 022 8 3000 滨海新区 南开区 河西区 东丽区
成都 四川 5101 028 8 6100 武侯区 高新区 金牛区 双流区
重庆 - 5001 023 8 4000 渝北区 江北区 九龙坡区 沙坪坝区
武汉 湖北 4201 027 8 4300 洪山区 江汉区 武昌区 汉阳区
青岛 山东 3702 0532 8 2660 市南区 城阳区 黄岛区 崂山区
东莞 广东 4419 0769 8 5230 长安镇 虎门镇 南城街道 厚街镇
无锡 江苏 3202 0510 8 2140 滨湖区 新吴区 惠山区 锡山区
佛山 广东 4406 0757 8 5280 南海区 顺德区 禅城区 三水区
温州 浙江 3303 0577 8 3250 鹿城区 龙湾区 瓯海区
济南 山东 3701 0531 8 2500 历下区 市中区 历城区
郑州 河南 4101 0371 8 4500 金水区 二七区 中原区
长沙 湖南 4301 0731 8 4100 岳麓区 雨花区 芙蓉区
西安 陕西 6101 029 8 7100 雁塔区 未央区 碑林区
沈阳 辽宁 2101 024 8 1100 铁西区 和平区 浑南区
大连 辽宁 2102 0411 8 1160 甘井子区 中山区 沙河口区
合肥 安徽 3401 0551 8 2300 蜀山区 包河区 庐阳区
福州 福建 3501 0591 8 3500 鼓楼区 仓山区 台江区
厦门 福建 3502 0592 7 3610 思明区 湖里区 集美区
泉州 福建 3505 0595 8 3620 丰泽区 鲤城区 洛江区
义乌 浙江 3307 0579 8 3220 稠城街道 北苑街道 江东街道
常州 江苏 3204 0519 8 2130 武进区 新北区 天宁区
南通 江苏 3206 0513 8 2260 崇川区 海门区 通州区
石家庄 河北 1301 0311 8 0500 长安区 裕华区 桥西区
哈尔滨 黑龙江 2301 0451 8 1500 南岗区 道里区 香坊区
长春 吉林 2201 0431 8 1300 朝阳区 宽城区 南关区
昆明 云南 5301 0871 8 6500 五华区 盘龙区 官渡区
南宁 广西 4501 0771 7 5300 青秀区 西乡塘区 江南区
太原 山西 1401 0351 7 0300 小店区 迎泽区 杏花岭区
南昌 江西 3601 0791 8 3300 青山湖区 红谷滩区 东湖区
贵阳 贵州 5201 0851 8 5500 南明区 云岩区 观山湖区
烟台 山东 3706 0535 7 2640 芝罘区 莱山区 福山区
嘉兴 浙江 3304 0573 8 3140 南湖区 秀洲区
绍兴 浙江 3306 0575 8 3120 越城区 柯桥区 上虞区
中山 广东 4420 0760 8 5284 石岐街道 小榄镇 古镇镇
珠海 广东 4404 0756 7 5190 香洲区 斗门区 金湾区
兰州 甘肃 6201 0931 7 7300 城关区 七里河区
乌鲁木齐 新疆 6501 0991 7 8300 天山区 沙依巴克区
海口 海南 4601 0898 8 5700 龙华区 美兰区
徐州 江苏 3203 0516 8 2210 云龙区 泉山区
潍坊 山东 3707 0536 7 2610 奎文区 潍城区
临沂 山东 3713 0539 7 2760 兰山区 罗庄区
唐山 河北 1302 0315 7 0630 路南区 路北区
""".strip().splitlines()]
PROVINCES = sorted({city[1] for city in CITIES} - {"-"})
NO_SUFFIX = {"广西", "新疆"}
PROVINCE_BIT = {name: 1 << len(CITIES) + place for place, name in enumerate(PROVINCES)}
CITIES_IN = {name: sum(1 << place for place, city in enumerate(CITIES) if city[1] == name)
             for name in PROVINCES}
ROADS = ("人民路 中山路 解放路 建设路 和平路 胜利路 文化路 新华路 光明路 民主路 世纪大道 迎宾大道 工业路 "
         "科技路 科苑路 学府路 滨江路 滨河路 环城东路 环城西路 友谊路 团结路 青年路 长江路 黄河路 珠江路 "
         "泰山路 黄山路 昆仑路 天山路 北京路 南京路 延安路 西藏路 湖滨路 机场路 车站路 港口路 振兴路 "
         "创业路 创新大道 园区一路 园区二路 纬三路 经五路 梅园路 桃园路 杏林街 柳荫街 东风路 红旗路 朝阳路 "
         "兴业路 财富路 金融街 银杏路 翠微路 玉泉路 石桥路 通惠路").split()
BUILDINGS = ("国际大厦 商务中心 财富广场 创业园 科技楼 世贸中心 金融中心 环球大厦 时代广场 嘉里中心 银座 "
             "联合大厦 软件园 华侨大厦 中心广场 天安大厦 新世界大厦 产业园").split()

# Cores many unrelated firms have
POPULAR = ("宏达 金龙 华联 恒通 鑫源 天成 东方 永兴 长城 顺达 兴隆 瑞丰 宏图 大华 新华 华泰 鸿运 金鑫 "
           "宏远 恒源 鑫盛 华兴 中天 联创 海通 天宇 嘉华 佳和 同创 华丰 德胜 万达 盛世 天润 博远 恒泰 "
           "诚信 永盛 金桥 三星 四海 五洲 大地 蓝天 阳光 长江 黄河 泰山 昆仑 华美 远东 远大 中兴 立信 "
           "永昌 顺通 安达 腾飞 飞跃 凯达 美联 康达 康泰 和平 和谐 金马 银河 金星 明珠 宝利 富达 富源 "
           "亨通 利达 华源 天源 天和 天翼 华宇 宏宇 星光 星辰 海天 海洋 蓝海 金海 江南 江海 南方 北方 "
           "华北 华南 西域 中原 百川 百汇 百盛 千禧 万通 万兴 亿达 新世纪 新时代 新天地 金太阳 好运来 "
           "红太阳 大自然 绿洲 绿源 春天 九州 华夏 神州 龙腾 龙翔 祥云 祥瑞 吉祥 如意 平安 长安 永安 "
           "众诚 众力 聚力 汇丰 汇通 汇鑫 建业 建华 振华 振兴 光明 光大 科达 科华 创新 创世 精诚 精工 "
           "正大 正泰 方圆 广源 广达 通达 隆盛 隆达 丰达 丰源 裕丰 裕华 嘉禾 福临 福瑞").split()
POPULAR_SET = set(POPULAR)
CHARACTERS = ("宏金龙华联恒通鑫源天成东方永兴长城顺达隆瑞丰图大新泰鸿运远盛中创海宇嘉佳和同德胜万世润博"
              "诚信桥星四五洲地蓝阳光江黄河山昆仑美立昌安腾飞跃凯康平谐马银明珠宝利富亨翼辰洋南北西域原"
              "百川汇千禧亿纪时代太绿春九州夏神翔祥云吉如意众力聚建业振科精正圆广裕禾福临"
              "奥邦贝斌彩灿畅超晨骋驰楚川纯慈聪翠丹登迪鼎栋铎恩尔帆凡沣枫弗钢高歌格冠贵国果邯寒瀚航豪浩"
              "皓合荷赫衡弘虹厚沪花桓焕皇辉惠慧火基济冀佶骥稼坚剑健将骄捷杰津锦晋京晶景竞静炯巨娟骏峻珏"
              "君卡开楷柯可坤阔莱岚朗乐雷磊黎理莉涟良亮林霖麟凌玲岭流柳隆鲁陆路禄绿罗洛迈曼茂玫梅萌"
              "梦谧妙敏铭沐慕楠能妮宁诺欧鹏品璞普齐奇琦麒启谦强巧沁青清庆秋全泉群人仁日荣融柔儒萨赛三"
              "森尚韶圣石士舒双硕思颂苏素穗檀唐涛桃特亭廷庭彤途拓旺望威维伟炜卫文闻沃梧武希曦熙先贤翔"
              "向晓欣馨雄旭轩萱学雪雅亚妍岩炎彦雁扬尧耀叶逸益艺毅英鹰迎盈颖勇优友宥余雨玉煜御元园缘跃越"
              "韵泽展章哲珍真臻政知智致卓梓紫宗尊")
LETTERS = "ABCDEFGHJKLMNPRSTWXYZ"

# family: label of 行业; words of the name (word/short form)
INDUSTRIES = [(line.split()[0], [word.partition("/")[::2] for word in line.split()[1:]]) for line in """
批发和零售业 贸易 商贸 进出口 国际贸易/国贸 经贸 进出口贸易/进出口
信息技术 智能科技/智能 信息技术/信息 网络科技/网络 软件技术/软件 信息科技
电子制造 电子 电子科技/电子 电子元器件/电子 半导体
机械制造 机械 机械设备/机械 机电设备/机电 重型机械/重机 精密机械/精机
建筑业 建筑工程/建筑 建设工程/建工 市政工程/市政 建设集团/建设
建材 建材 建筑材料/建材 装饰材料/装饰 新型建材/建材
化工 化工 精细化工/化工 化学工业/化工 石油化工/石化
食品 食品 食品工业/食品 绿色食品 粮油食品/粮油
物流 物流 国际货物运输代理/货代 供应链管理/供应链 仓储物流/物流 运输服务/运输
医药 医药 生物制药/制药 医疗器械/医械 药业
纺织服装 纺织 服装 服饰 纺织品/纺织 针织服装/针织
汽车 汽车零部件/汽配 汽车销售服务/汽车 汽车配件/汽配
金属 金属制品/金属 钢铁 不锈钢制品/不锈钢 有色金属/有色
塑料橡胶 塑料制品/塑料 橡胶制品/橡塑 塑胶
农业 农业科技/农科 农业开发/农业 种业 生态农业/农业
房地产 房地产开发/地产 置业 物业管理/物业
能源 新能源科技/新能源 光伏科技/光伏 电力设备/电力 能源
环保 环保科技/环保 环境工程/环境 水处理设备/水处理
文化传媒 文化传播/文化 广告 传媒 文化传媒/传媒
餐饮 餐饮管理/餐饮 酒店管理/酒店
印刷包装 印刷 包装制品/包装 彩印包装/彩印
家具 家具 家居用品/家居 木业
咨询 企业管理咨询/咨询 商务咨询/商务 投资管理/投资
五金 五金配件/五金 五金工具/五金 紧固件
日用化学 日化 化妆品 洗涤用品/洗涤
仪器 仪器仪表/仪表 检测技术/检测 自动化设备/自动化
实业 实业 实业发展/实业
""".strip().splitlines()]
GROUP_FAMILY = len(INDUSTRIES)
WORDS = {word for _, words in INDUSTRIES for word, _ in words}
FORMS = ["有限公司"] * 13 + ["有限责任公司"] * 4 + ["股份有限公司"] * 3
# factory: its family
FACTORIES = {"机床厂": 3, "印刷厂": 20, "五金厂": 23, "塑料厂": 13, "纺织厂": 10, "食品厂": 7, "电器厂": 2,
             "化工厂": 6, "水泵厂": 3, "家具厂": 21, "阀门厂": 3, "轴承厂": 3}
SHOPS = ("超市 五金店 小吃店 便利店 服装店 建材经营部 水果店 理发店 餐馆 文具店 汽修店 百货店 烟酒店 "
         "茶叶店 粮油店 药店 花店 母婴店").split()
SHOP_CORES = ("便民 老王 小李 张记 李记 刘记 福满 喜洋洋 家家乐 万家 旺旺 好再来 惠民 大众 兄弟 "
              "姐妹 老地方 鑫鑫 幸福 美丽 阿强 阿芳 百姓 邻里 天天 每日 聚福 来福 四季 家福").split()
SURNAMES = ("王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏"
            "吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵")
GIVEN = ("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华慧建红玉兰飞鑫波斌宇浩凯健俊帆雪婷倩琳颖晨"
         "文辉力峰旭国志海玲燕云春梅林龙")
BANKS = [("中国工商银行", 19), ("中国建设银行", 20), ("中国农业银行", 17), ("中国银行", 12), ("招商银行", 15),
         ("交通银行", 21), ("上海浦东发展银行", 17), ("中信银行", 19)]
FREE_MAIL = ["163.com", "163.com", "qq.com", "qq.com", "126.com", "sina.com", "hotmail.com", "sohu.com"]
SYLLABLES = ("an bao bei bo cai chang cheng da de dong fa fei feng fu gang gao guang hai han hao he heng "
             "hong hua hui ji jia jian jin jing jun kai kang ke li lian liang ling long lu mei ming nan "
             "ning peng ping qi qing rong rui run sen sheng shi shun tai tang tian tong wan wei wen xiang "
             "xin xing xu ya yang yi yong yu yuan yue yun ze zhen zheng zhi zhong zhuo").split()
KINDS = ["经销商"] * 6 + ["供应商"] * 4 + ["终端"] * 5 + ["物流公司"]
DEPARTMENTS = ["华东销售部", "华南销售部", "北方销售部", "西部销售部", "国际业务部", "市场部"]
EAST = {"上海", "江苏", "浙江", "安徽", "福建", "江西", "山东"}
SOUTH = {"广东", "广西", "海南", "湖南", "湖北"}
WEST = {"重庆", "四川", "云南", "贵州", "陕西", "甘肃", "新疆"}

ENGLISH_CORES = ("Acme Atlas Apex Global Pacific Delta Omega Sigma Nova Orion Phoenix Vertex Summit Titan "
                 "Universal Golden Oriental Continental Premier Royal Star Sun Ocean Eagle Falcon Dragon "
                 "Bright Prime Alpine Nordic").split()
ENGLISH_PARTS = ("ba bel ber bran cal car cor dal dan del dor el en far fen gal gar hal hel ker lan lor "
                 "mar mel mon nor or pal per ral ren ron sal sen sol tam tar ter tor val van vel ver vor "
                 "wal win zan zel").split()
ENGLISH_ENDS = "co dex ex field ford ics ix land lex mark max nix on tech ton tek tron vex worth".split()
ENGLISH_TRADES = ("Trading|Import & Export|International Trading|Electronics|Logistics|Chemicals|Textiles|"
                  "Machinery|Foods|Medical Devices|Industries|Engineering|Packaging|Furniture|Steel|"
                  "Technology|Shipping|Plastics").split("|")
# country: dialling code, cities, forms
COUNTRIES = [("美国", "1", "New York|Chicago|Houston|Seattle", ["Inc.", "LLC", "Corp."]),
             ("英国", "44", "London|Leeds|Bristol", ["Ltd.", "Limited", "PLC"]),
             ("德国", "49", "Hamburg|Munich|Bremen", ["GmbH", "AG"]),
             ("新加坡", "65", "Singapore", ["Pte. Ltd.", "Pte Ltd"]),
             ("日本", "81", "Tokyo|Osaka|Nagoya", ["Co., Ltd.", "Corporation"]),
             ("韩国", "82", "Seoul|Busan", ["Co., Ltd.", "Corp."]),
             ("泰国", "66", "Bangkok", ["Co., Ltd.", "Company Limited"]),
             ("越南", "84", "Hanoi|Da Nang", ["Co., Ltd.", "JSC"]),
             ("印度", "91", "Mumbai|Delhi|Chennai", ["Pvt. Ltd.", "Private Limited"]),
             ("澳大利亚", "61", "Sydney|Perth", ["Pty Ltd", "Pty. Limited"]),
             ("法国", "33", "Paris|Lyon", ["S.A.", "SAS"])]
SAME_FORM = [["Co., Ltd.", "Co., Ltd", "Co.,Ltd.", "Co.,Ltd", "Co Ltd", "Company Limited", "CO., LTD."],
             ["Inc.", "Inc", "Incorporated", ", Inc.", "INC"], ["Corp.", "Corp", "Corporation"],
             ["LLC", "L.L.C.", ", LLC"], ["Ltd.", "Ltd", "Limited", "LTD"], ["PLC", "plc", "P.L.C."],
             ["GmbH", "G.m.b.H.", "GMBH", "Gmbh"], ["AG", "A.G."], ["S.A.", "SA", "S.A"], ["SAS", "S.A.S."],
             ["Pte. Ltd.", "Pte Ltd", "Pte. Limited", "PTE LTD", "Pte Limited"], ["JSC", "J.S.C."],
             ["Pvt. Ltd.", "Private Limited", "Pvt Ltd"], ["Pty Ltd", "Pty. Limited", "Pty. Ltd.", "PTY LTD"]]
OTHER_SPELLING = [("International", "Int'l"), ("International", "Intl."), ("Import & Export", "Imp. & Exp."),
                  ("Import & Export", "Import and Export"), ("Technology", "Tech."),
                  ("Engineering", "Eng."), ("Industries", "Industries Group")]

# Characters a typist takes for each other, by sound or by shape; no character twice
ALIKE = ("宏鸿洪弘虹泓 龙隆 金锦今 华桦骅 鑫欣新馨 盛胜圣晟 瑞锐睿 诚成承城呈 源元原缘园 祥翔 辉晖 恒衡 "
         "丰锋峰枫沣 博搏柏 利力立丽莉 宇羽雨 佳嘉家 伟玮炜纬维 荣容蓉融 腾藤滕 凯铠楷 明铭鸣 星兴 泰太态 "
         "益亿义谊艺 达大 科料柯 天夫 未末 士土 日曰 晴睛 百白 千干 人入 惠慧汇 昌倡 旭煦 浩皓 旺望 康糠 "
         "远苑 通同童 福富 信欣 安桉 方芳 永泳 顺舜 运云韵 光广 东冬 联连涟 创刨 海侮 美羙 亚业 中仲 万方 "
         "建健 正政 平坪 德得 合和禾 京景晶 真珍 林霖琳 玉王 川州 耀跃 英颖鹰").split()
ALIKE_WORDS = ("贸贺 易昜 技枝 械诫 材村 料科 食飡 品晶 织帜 纺仿 建健 工土 筑竹 物勿 流硫 器噐 设没 备各 "
               "医匠 药葯 汽气 车东 配酌 制治 印卬 刷涮 传转 媒煤 询洵 管菅 理里 农衣 业亚 电由 子于 "
               "信倍 息恴 环坏 保堡 程呈 公么 司可 限很 有冇 文义 化华 具俱 金全 属厲 投设 资姿 仪议 "
               "表裱 货贷 运远 输愉 代伐 发友 地他 源原").split()
OLD_AND_NEW = ("华華联聯龙龍东東达達长長兴興远遠丰豐图圖鸿鴻运運创創润潤诚誠桥橋阳陽蓝藍仑崙飞飛跃躍凯凱银銀"
               "宝寶谐諧马馬业業汇匯亿億纪紀时時绿綠云雲众眾广廣圆圓国國贸貿进進实實发發电電机機车車术術"
               "网網络絡软軟钢鋼铁鐵书書设設备備医醫药藥农農产產纺紡织織场場厂廠务務环環宁寧济濟苏蘇无無门門"
               "岛島广廣沈瀋连連厦廈贵貴阳陽庆慶汉漢湾灣责責团團货貨输輸仓倉储儲应應链鏈制製装裝饰飾"
               "饮飲传傳询詢资資投投测測动動仪儀电電锦錦泽澤腾騰骏駿杰傑伟偉炜煒维維辉輝亚亞"
               "欧歐义義鲁魯陆陸罗羅乐樂蓝藍丽麗顺順圣聖胜勝万萬齐齊韵韻颖穎优優园園缘緣晓曉贤賢强強"
               "韩韓陈陳刘劉张張杨楊黄黃刚剛烟煙绍紹兰蘭鲜鮮风風见見钱錢铭銘鹏鵬双雙邦邦粮糧种種"
               "态態热熱气氣线線标標紧緊涤滌检檢识識财財库庫卫衛汤湯会會礼禮紫紫胶膠与與")


def alike_table(groups, once):
    """Each character with those it is taken for.

    >>> alike_table(["ab", "bc"], True) == {"a": "b", "b": "a"}
    True
    """
    table = {}
    for group in groups:
        group = [ch for ch in group if not once or ch not in table]
        for ch in group if len(group) > 1 else []:
            table.setdefault(ch, "".join(other for other in group if other != ch))
    return table


ALIKE_TABLE = alike_table(ALIKE, True)
# one character to stand for all it is taken for
CANON = str.maketrans({ch: min(ch + others) for ch, others in ALIKE_TABLE.items()})
WORD_TABLE = alike_table(ALIKE_WORDS, False)
TRADITION = str.maketrans({new: old for new, old in zip(OLD_AND_NEW[::2], OLD_AND_NEW[1::2])})


def tradition(text):
    return text.translate(TRADITION)


def wide(text):
    return "".join(chr(ord(ch) + 0xFEE0) if "!" <= ch <= "~" else "　" if ch == " " else ch for ch in text)


# ------------------------------------------------------------------ codes

SET31 = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VALUE31 = {ch: place for place, ch in enumerate(SET31)}
WEIGHTS31 = [3 ** place % 31 for place in range(17)]
VALUE36 = {ch: place for place, ch in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}


def code(pair, division, body):
    """A credit code of its first two, six and eight characters, both checks added."""
    total = 0
    for ch, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2)):
        total += VALUE36[ch] * weight
    text = f"{pair}{division}{body}{'0X987654321'[total % 11]}"
    total = 0
    for ch, weight in zip(text, WEIGHTS31):
        total += VALUE31[ch] * weight
    return text + SET31[-total % 31]


class Region:
    """A city or province, as names and the book of taken names see it."""

    def __init__(self, city, level="city"):
        self.city, self.level = city, level
        self.name, self.province = CITIES[city][:2]

    def text(self, style):
        province = "" if self.province == "-" else self.province
        return {"none": "", "city": self.name, "city+": self.name + "市",
                "province": province or self.name,
                "province+": (province + ("" if province in NO_SUFFIX else "省") if province
                              else self.name + "市"),
                "both": province + self.name,
                "both+": (province + ("" if province in NO_SUFFIX else "省") if province else "")
                         + self.name + "市"}[style]


class Firm:
    """The true facts of one firm."""
    __slots__ = ("type", "region", "style", "order", "core", "family", "word", "short", "group", "form",
                 "tail", "name", "uscc", "legal", "contact", "phone", "domain", "email", "address", "postcode",
                 "bank", "account", "popular", "country", "town", "key")


class Row:
    """One record: what is written, and the facts that stand behind it."""
    __slots__ = ("cells", "facts", "mistyped")


FACTS = ("uscc", "phone", "account", "address", "domain", "legal_rep")


def evidence(one, two):
    """The facts both rows give."""
    shared = [name for name, left, right in zip(FACTS, one.facts, two.facts) if left and left == right]
    codes = {row.facts[0] or row.mistyped for row in (one, two)}
    if "uscc" not in shared and len(codes) == 1 and None not in codes:
        shared.insert(0, "uscc~")
    return "+".join(shared) or "none"


# class: share of the groups, chance that nothing is shared (0: always something)
DUPLICATES = [("region", 15, 0.18), ("brackets", 9, 0.35), ("legal-form", 12, 0.35),
              ("abbreviation", 11, 0.12), ("typo", 15, 0.2), ("traditional", 8, 0.35),
              ("punctuation", 11, 0.35), ("english", 7, 0.25), ("former-name", 6, 0.0), ("exact", 6, 0.25)]
LOOKALIKES = [("other-region", 14), ("other-industry", 14), ("branch", 11), ("numbered", 8),
              ("one-character-core", 14), ("only-core-differs", 9), ("agent-phone", 7),
              ("same-building", 7), ("free-mail", 5), ("same-region-and-form", 4), ("group-siblings", 8),
              ("same-shop-name", 4)]


class Maker:
    def __init__(self, number, seed):
        self.random = random.Random(seed)
        self.draw = self.random.random
        self.number = number
        self.rows = []                 # (kind, year, the rest of the line as bytes)
        self.truth, self.lookalikes, self.ambiguous = [], [], []
        self.taken = {}                # core+family: bits of the regions that have it, -1: all
        self.bare = set()              # core+family already written without region
        self.shorts = set()            # names without industry or region already written
        self.crowd = {}                # core+family of popular cores: rows
        self.crowded = None            # such keys left, once all firms are there
        self.serial = 0
        self.offset = self.random.randrange(10 ** 7)
        self.domains = set()
        self.lines = [0] * len(CITIES)
        self.days = [(date(2016, 1, 4) + timedelta(days=day)).isoformat() for day in range(3800)]
        self.employees = [self.person() for _ in range(60)]

    # ------------------------------------------------------------ small helps
    def one(self, items):
        return items[int(self.draw() * len(items))]

    def chance(self, part):
        return self.draw() < part

    def weighted(self, table):
        place = self.draw() * sum(item[1] for item in table)
        for item in table:
            place -= item[1]
            if place < 0:
                return item
        return table[-1]

    def unique(self):
        """A number of eight digits, never twice."""
        self.serial += 1
        return ((self.serial + self.offset) * 48271019) % 99999989

    def person(self):
        return self.one(SURNAMES) + self.one(GIVEN) + (self.one(GIVEN) if self.draw() < 0.65 else "")

    def new_code(self, city, pair=91):
        number = self.unique()
        if self.draw() < 0.5:
            body = f"{number:08}"
        else:
            body = ""
            for _ in range(6):
                number, digit = divmod(number, 31)
                body = SET31[digit] + body
            body = "MA" + body
        return code(pair, f"{CITIES[city][2]}{1 + int(self.draw() * 6):02}", body)

    def mobile(self):
        return self.one("130 131 133 135 136 137 138 139 150 151 158 159 177 180 186 187 188 189".split()) \
            + f"{self.unique():08}"

    def line(self, city):
        """A fixed line, never twice."""
        self.lines[city] += 1
        area, digits = CITIES[city][3], CITIES[city][4]
        number = self.lines[city] * 1299709 + self.offset + city * 1234577
        if digits == "8":
            return f"{area}-{20000000 + number % 59999999}"
        return f"{area}-{2000000 + number % 5999993}"

    def foreign_line(self, dial):
        return f"+{dial}{self.unique():08}"

    def new_domain(self, foreign=None):
        while True:
            if foreign:
                name = foreign.lower().replace(" ", "") + self.one(["", "", "group", "-intl"])
                if self.chance(0.3):
                    name += str(int(self.draw() * 100))
            else:
                name = self.one(SYLLABLES) + self.one(SYLLABLES)
                if self.draw() < 0.6:
                    name += self.one(SYLLABLES)
                if self.draw() < 0.3:
                    name += str(int(self.draw() * 1000))
            name += self.one([".com", ".com", ".cn", ".com.cn", ".net"])
            if name not in self.domains:
                self.domains.add(name)
                return name
            foreign = None

    def free_mail(self):
        host = self.one(FREE_MAIL)
        if host == "qq.com":
            return f"{self.unique() * 10 + 10 ** 8}@qq.com"
        return f"{self.one(SYLLABLES)}{self.one(SYLLABLES)}{self.unique() % 10 ** 7}@{host}"

    def company_mail(self, domain):
        box = self.one(["info", "sales", "office", "market", "contact", "admin", ""])
        return (box or self.one(SYLLABLES) + "." + self.one(SYLLABLES)) + "@" + domain

    def district(self, name):
        for end in ("街道", "新区", "区", "镇"):
            if name.endswith(end):
                return name[:-len(end)]
        return name

    def new_address(self, city, house=None):
        """City, district, road, number, the part behind."""
        if house:
            return house[:4] + (f"{1 + int(self.draw() * 28)}{int(self.draw() * 20):02}室",)
        behind = ""
        if self.draw() < 0.55:
            behind = f"{1 + int(self.draw() * 28)}{1 + int(self.draw() * 19):02}室"
            if self.draw() < 0.6:
                behind = self.one(BUILDINGS) + behind
        elif self.draw() < 0.4:
            behind = f"{1 + int(self.draw() * 12)}幢"
        return (city, self.one(CITIES[city][6:]), self.one(ROADS), 1 + int(self.draw() * 1999), behind)

    # ---------------------------------------------------------------- firms
    def claim(self, core, family, region, order):
        """Takes core and industry in a region; False if a firm too alike has it."""
        key = "".join(sorted(core.translate(CANON))) + chr(0x100 + family)
        mask = self.taken.get(key, 0)
        if order == "none":
            if mask:
                return None
            self.taken[key] = -1
            return key
        province = PROVINCE_BIT.get(region.province, 0)
        if region.level == "province" and province:
            mine, never = province, province | CITIES_IN[region.province]
        else:
            mine = 1 << region.city
            never = mine | province
        if mask & never:
            return None
        self.taken[key] = mask | mine
        return key

    def new_core(self, common=True):
        """A core, and whether many have it."""
        place = self.draw()
        if common and place < 0.33:
            return POPULAR[int(len(POPULAR) * self.draw() ** 2.2)], True
        size = len(CHARACTERS)
        if common and place < 0.55:
            first = CHARACTERS[int(size * self.draw() ** 2)]
            second = CHARACTERS[int(size * self.draw() ** 2)]
            core = first + (second if second != first else "谊")
            return core, core in POPULAR_SET
        if common and place < 0.58:
            return "".join(self.one(LETTERS) for _ in range(2 + int(self.draw() * 3))), False
        length = 2 if common and place < 0.74 else 3 if place < 0.87 else 4
        core = ""
        while len(core) < length:
            ch = self.one(CHARACTERS)
            if ch not in core:
                core += ch
        return core, False

    def write_name(self, firm, region=None, order=None, core=None, word=None, form=None, group=None, tail=None):
        region = firm.region.text(firm.style) if region is None else region
        order = order or firm.order
        core = core or firm.core
        word = firm.word if word is None else word
        form = firm.form if form is None else form
        group = firm.group if group is None else group
        tail = firm.tail if tail is None else tail
        if order == "none":
            region = ""
        if order == "middle":
            return f"{core}（{region}）{group}{word}{form}{tail}"
        return f"{region}{core}{group}{word}{form}{tail}"

    def company(self, **wish):
        """A firm of this country. wish: city, core, family, word, form, order, group, common, claim, style."""
        firm = Firm()
        firm.type = "company"
        for attempt in range(1000):
            city = wish["city"] if "city" in wish else int(len(CITIES) * self.draw() ** 1.8)
            place = self.draw()
            order = wish.get("order") or ("front" if place < 0.86 else "middle" if place < 0.93 else "none")
            style = "none"
            if order != "none":
                place = self.draw()
                style = wish.get("style") or ("city" if place < 0.7 else "city+" if place < 0.82 else
                                              "province" if place < 0.97 else "province+")
                if order == "middle":
                    style = style.rstrip("+")
            region = Region(city, "province" if style.startswith("province") else "city")
            if "core" in wish:
                core, popular = wish["core"], wish.get("popular", False)
            else:
                core, popular = self.new_core(wish.get("common", True) and attempt < 6)
            group = wish.get("group", "")
            if group:
                family, (word, short) = GROUP_FAMILY, ("", "")
            else:
                family = wish["family"] if "family" in wish else int(len(INDUSTRIES) * self.draw() ** 1.6)
                word, short = wish.get("word") or self.one(INDUSTRIES[family][1])
            firm.key = self.claim(core, family, region, order) if wish.get("claim", True) else ""
            if firm.key is not None:
                break
        else:
            return None
        firm.region, firm.order, firm.style = region, order, style
        firm.core, firm.popular = core, popular
        firm.family, firm.word, firm.short, firm.group = family, word, short or word, group
        firm.form = wish["form"] if "form" in wish else self.one(FORMS)
        firm.tail = wish.get("tail", "")
        firm.country = "中国"
        firm.town = ""
        firm.name = self.write_name(firm)
        self.facts(firm)
        return firm

    def shop(self, city=None, core=None, noun=None, style=None):
        firm = Firm()
        firm.type = "shop"
        fixed = core
        while True:
            place = int(len(CITIES) * self.draw() ** 1.4) if city is None else city
            region = Region(place)
            firm.core = core or (self.one(SHOP_CORES) if self.chance(0.35) else self.one(SURNAMES) + self.one(
                GIVEN) + self.one("记家氏"))
            firm.word = noun or self.one(SHOPS)
            firm.key = self.claim("店" + firm.core + firm.word, 90, region, "front")
            if firm.key is not None:
                break
            if fixed:
                return None
            core = self.person() if self.chance(0.5) else None
        firm.region, firm.style = region, style or self.one(["city+", "city", "city+"])
        firm.order, firm.family, firm.short, firm.group = "front", 0, firm.word, ""
        firm.form = firm.tail = firm.town = ""
        firm.popular, firm.country = True, "中国"
        firm.name = self.write_name(firm)
        self.facts(firm, 92)
        return firm

    def foreign(self, core=None, trade=None, country=None, again=False):
        firm = Firm()
        firm.type = "foreign"
        while True:
            firm.country, dial, towns, forms = country or self.one(COUNTRIES)
            if core:
                firm.core = core
            elif self.chance(0.15):
                firm.core = " ".join(self.random.sample(ENGLISH_CORES, 2))
            else:
                firm.core = (self.one(ENGLISH_PARTS) + (self.one(ENGLISH_PARTS) if self.draw() < 0.7 else "")
                             + self.one(ENGLISH_ENDS)).capitalize()
            firm.word = trade or self.one(ENGLISH_TRADES)
            key = "E" + "".join(sorted(firm.core.lower())) + (
                "Trade" if "Trading" in firm.word or "Export" in firm.word else firm.word)
            if key not in self.taken or again:
                self.taken[key] = -1
                break
            if core:
                return None
        firm.key = key
        firm.form = self.one(forms)
        firm.name = f"{firm.core} {firm.word} {firm.form}"
        firm.region, firm.style, firm.order, firm.family = None, "none", "none", 0
        firm.short, firm.group, firm.tail, firm.popular = firm.word, "", "", False
        firm.town = self.one(towns.split("|"))
        firm.uscc = firm.bank = firm.account = firm.legal = ""
        firm.contact = self.one("John Mary Peter Anna David Kenji Minh Klaus Priya Lucas".split()) + " " + \
            self.one("Smith Lee Tan Kim Tanaka Nguyen Weber Singh Brown Martin".split())
        firm.phone = self.foreign_line(dial)
        firm.domain = self.new_domain(firm.core) if self.draw() < 0.75 else ""
        firm.email = self.company_mail(firm.domain) if firm.domain else f"{self.unique()}@gmail.com"
        firm.address = (-1, firm.town, self.one("Main Street|Park Avenue|Harbour Road|Station Road|King Street|"
                                                "Industrial Road|Market Street|Lake Road".split("|")),
                        1 + int(self.draw() * 1999), "")
        firm.postcode = ""
        return firm

    def facts(self, firm, pair=91):
        city = firm.region.city
        firm.uscc = self.new_code(city, pair)
        firm.legal = self.person()
        firm.contact = firm.legal if self.draw() < 0.2 else self.person()
        firm.phone = self.mobile() if self.draw() < (0.6 if pair == 91 else 0.95) else self.line(city)
        firm.domain = self.new_domain() if pair == 91 and self.draw() < 0.5 else ""
        firm.email = self.company_mail(firm.domain) if firm.domain else self.free_mail()
        firm.address = self.new_address(city)
        firm.postcode = CITIES[city][5] + f"{int(self.draw() * 90):02}"
        bank, length = self.one(BANKS)
        firm.bank = f"{bank}{CITIES[city][0]}{self.district(firm.address[1])}支行"
        firm.account = f"{self.unique():08}{int(self.draw() * 10 ** 13):013}"[:length]

    # ---------------------------------------------------------------- rows
    def write_address(self, address, way=0):
        city, district, road, number, behind = address
        if city < 0:
            return [f"{number} {road}, {district}", f"{road} {number}, {district}",
                    f"No. {number}, {road}, {district}".upper()][way % 3]
        name, province = CITIES[city][:2]
        province = "" if province == "-" else province + ("" if province in NO_SUFFIX else "省")
        if way == 1:
            return f"{name}{district}{road}{number}号{behind}"
        if way == 2:
            return f"{district}{road}{number}号{behind}"
        if way == 3:
            return f"{province}{name}市{district}{road}{number}号{behind}"
        if way == 4:
            return f"{name}市{district}{road}{number}号"
        if way == 5:
            return wide(f"{name}市{district}{road}{number}号{behind}")
        if way == 6:
            return f"{name}市{road}{number}号{behind.replace('室', '')}"
        return f"{name}市{district}{road}{number}号{behind}"

    def write_phone(self, phone):
        way = int(self.draw() * 6)
        if phone[0] == "1":
            return [phone, phone, f"{phone[:3]} {phone[3:7]} {phone[7:]}", "+86" + phone, "86-" + phone,
                    f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"][way]
        if phone[0] == "+":
            return phone
        area, rest = phone.split("-")
        return [phone, area + rest, f"({area}){rest}", f"{area} {rest}", phone + "-801", wide(phone)][way]

    def write_account(self, account):
        way = int(self.draw() * 4)
        if way == 0 or way == 1:
            return account
        return (" " if way == 2 else "-").join(account[at:at + 4] for at in range(0, len(account), 4))

    def mistype(self, uscc):
        while True:
            at = 2 + int(self.draw() * 15)
            if self.chance(0.4):
                wrong = uscc[:at] + uscc[at + 1] + uscc[at] + uscc[at + 2:]
            elif self.chance(0.2):
                wrong = uscc[:at] + uscc[at + 1:]
            elif self.chance(0.3) and "0" in uscc[2:]:
                wrong = uscc[:2] + uscc[2:].replace("0", "O", 1)
            else:
                wrong = uscc[:at] + self.one("0123456789") + uscc[at + 1:]
            if wrong != uscc:
                return wrong

    def make_row(self, firm, name, uscc, legal, contact, phone, email, address, bank, account, day=None):
        row = Row()
        if firm.region:
            region = firm.region.name if firm.region.province == "-" else firm.region.province
            part = ("华东" if region in EAST else "华南" if region in SOUTH else "西部" if region in WEST else "北方")
            department = part + "销售部" if self.draw() < 0.9 else "市场部"
        else:
            part, department = "海外", "国际业务部"
        industry = ("零售" if firm.type == "shop" else "集团" if firm.family == GROUP_FAMILY else
                    "" if firm.type == "foreign" else INDUSTRIES[firm.family][0])
        row.cells = [name, self.one(KINDS), uscc, legal, contact, phone, email, address,
                     firm.postcode if address and self.draw() < 0.85 else "",
                     self.line(firm.region.city) if firm.region and self.draw() < 0.15 else "",
                     bank, account, industry,
                     "个体" if firm.type == "shop" else "外资" if firm.type == "foreign" else
                     "民营" if self.draw() < 0.85 else self.one(["国有", "合资"]),
                     part, department, self.one(self.employees), day or self.one(self.days), firm.country]
        row.facts = (uscc or None, phone or None, account or None, firm.address if address else None,
                     firm.domain or None if email else None, legal or None)
        row.mistyped = None
        return row

    def base_row(self, firm, always=(), code_part=0.8, uscc=None):
        draw = self.draw
        if uscc is None:
            uscc = firm.uscc if draw() < code_part or "uscc" in always else ""
        rich = firm.account and (draw() < 0.5 or "account" in always)
        mail = draw() < 0.7 or "domain" in always
        return self.make_row(
            firm, firm.name, uscc,
            firm.legal if draw() < 0.75 else "", firm.contact if draw() < 0.93 else "",
            firm.phone if draw() < 0.95 or "phone" in always else "", firm.email if mail else "",
            self.write_address(firm.address, 0 if draw() < 0.6 else int(draw() * 5))
            if draw() < 0.9 or "address" in always else "",
            firm.bank if rich else "", firm.account if rich else "")

    def supports(self, firm, nothing):
        """Which facts the second record has in common with the first."""
        if self.chance(nothing):
            return ()
        table = [("phone", 35), ("address", 24), ("domain", 13)]
        if firm.type != "foreign":
            table += [("uscc", 16), ("account", 12)]
        place = self.draw()
        chosen = []
        while len(chosen) < (1 if place < 0.5 else 2 if place < 0.8 else 3):
            fact = self.weighted(table)[0]
            if fact == "domain" and firm.type == "shop":
                fact = "phone"
            if fact not in chosen:
                chosen.append(fact)
            elif len(table) == len(chosen):
                break
        if "domain" in chosen and not firm.domain:
            firm.domain = self.new_domain(firm.core if firm.type == "foreign" else None)
            firm.email = self.company_mail(firm.domain)
        return tuple(chosen)

    def second_row(self, firm, name, shared, first):
        """Another record of a firm. shared: the facts it has in common with the first."""
        draw = self.draw
        mistyped = None
        if "uscc" in shared:
            uscc = firm.uscc
            place = draw()
            written = uscc.lower() if place < 0.15 else wide(uscc) if place < 0.25 else uscc
        elif shared and firm.uscc and first.facts[0] and draw() < 0.15:
            uscc, written, mistyped = None, self.mistype(firm.uscc), firm.uscc
        elif firm.uscc and not first.facts[0] and draw() < 0.4:
            uscc = written = firm.uscc
        else:
            uscc = written = ""
        if "phone" in shared:
            phone, written_phone = firm.phone, self.write_phone(firm.phone)
        elif draw() < 0.75:
            if firm.region is None:
                dial = next(dial for country, dial, *_ in COUNTRIES if country == firm.country)
                phone = self.foreign_line(dial)
            else:
                phone = self.mobile() if draw() < 0.6 else self.line(firm.region.city)
            written_phone = phone
        else:
            phone = written_phone = ""
        if "domain" in shared:
            email = firm.email if draw() < 0.3 else self.company_mail(firm.domain)
            if draw() < 0.1:
                email = email.upper()
        else:
            email = self.free_mail() if draw() < 0.4 else ""
        if "address" in shared:
            address, written_address = firm.address, self.write_address(firm.address, int(draw() * 7))
        elif draw() < 0.5 and firm.region is not None:
            address = self.new_address(firm.region.city)
            written_address = self.write_address(address)
        else:
            address, written_address = None, ""
        if "account" in shared:
            account, bank = firm.account, firm.bank
            written_account = self.write_account(account)
        else:
            account = bank = written_account = ""
        # with no shared fact at all not even the legal representative is known
        legal = firm.legal if shared and draw() < 0.5 else ""
        contact = firm.contact if "phone" in shared and draw() < 0.7 else self.person()
        row = self.make_row(firm, name, written, legal, contact, written_phone, email, written_address,
                            bank, written_account)
        row.facts = (uscc or None, phone or None, account or None, address,
                     firm.domain if "domain" in shared else None, legal or None)
        row.mistyped = mistyped
        return row

    def add(self, row):
        """Puts a row into the file; its place (shuffled later)."""
        cells = row.cells
        text = ",".join(['"' + cell.replace('"', '""') + '"' if "," in cell or '"' in cell else cell
                         for cell in cells])
        self.rows.append((cells[1], cells[17][:4], text.encode("utf-8")))
        return len(self.rows) - 1

    def add_popular(self, firm, place):
        if firm.popular and firm.type == "company":
            self.crowd.setdefault(firm.key, []).append(place)

    # ---------------------------------------------------------- duplicates
    def loneliness(self, firm):
        """No other firm has the core in the industry: nobody shall have it later."""
        mask = self.taken.get(firm.key, 0)
        if mask == -1 or mask & (mask - 1) == 0:
            self.taken[firm.key] = -1
            return True
        return False

    def go_bare(self, firm):
        """Leave to write core and industry without region: one firm only may."""
        if firm.key in self.bare:
            return False
        self.bare.add(firm.key)
        return True

    def typing_error(self, text, table, words=()):
        """One character replaced, dropped, doubled or two swapped: (text, how), or None."""
        for _ in range(12):
            place = self.draw()
            if place < 0.55:
                spots = [at for at, ch in enumerate(text) if ch in table]
                if not spots:
                    continue
                at = self.one(spots)
                result, how = text[:at] + self.one(table[text[at]]) + text[at + 1:], "replace"
            else:
                at = int(self.draw() * len(text))
                if place < 0.7 and len(text) > 2:
                    result, how = text[:at] + text[at + 1:], "drop"
                elif place < 0.82:
                    result, how = text[:at] + text[at] + text[at:], "double"
                elif at + 1 < len(text):
                    result, how = text[:at] + text[at + 1] + text[at] + text[at + 2:], "swap"
                else:
                    continue
            if result != text and result not in words:
                return result, how
        return None

    def damaged(self, firm):
        """(name, needs a shared fact) or None."""
        if firm.type == "foreign":
            error = self.typing_error(firm.core, {"a": "e", "e": "a", "i": "l", "l": "i", "n": "m", "m": "n",
                                                  "o": "0", "r": "t", "v": "w"})
            return (f"{error[0]} {firm.word} {firm.form}", True) if error else None
        place = self.draw()
        if place < 0.5:
            table = ALIKE_TABLE
            error = self.typing_error(firm.core, table, POPULAR)
            if not error:
                return None
            core, how = error
            if how == "drop" and not ("\u4e00" <= firm.core[0] <= "\u9fff"):
                return None
            key = "".join(sorted(core.translate(CANON))) + firm.key[-1]
            if key != firm.key and firm.type == "company":
                if key in self.taken:
                    return None
                self.taken[key] = -1
            return self.write_name(firm, core=core), how != "double" and len(firm.core) <= 3
        if place < 0.85 and firm.word:
            error = self.typing_error(firm.word, WORD_TABLE, WORDS)
            return (self.write_name(firm, word=error[0]), False) if error else None
        if firm.form:
            error = self.typing_error(firm.form, WORD_TABLE, ("有限公司", "股份公司"))
            return (self.write_name(firm, form=error[0]), False) if error else None
        return None

    def punctuated(self, name):
        way = int(self.draw() * 7)
        at = 1 + int(self.draw() * (len(name) - 1))
        if way == 0:
            return name[:at] + self.one([" ", "　", "\xa0", "  "]) + name[at:]
        if way == 1:
            return " ".join(name) if len(name) < 16 else name[:2] + " " + name[2:]
        if way == 2:
            return name + self.one(["。", ".", "，", " .", "、"])
        if way == 3:
            return name[:at] + self.one(["·", "-", ".", "、", "\u200b"]) + name[at:]
        if way == 4:
            return self.one(["“{}”", "\"{}\"", "《{}》", "*{}", "、{}"]).format(name)
        if way == 5 and any("!" <= ch <= "~" for ch in name):
            return wide(name) if self.chance(0.5) else name.lower()
        return self.one(["　", " ", "\t"]) + name[:at] + " " + name[at:] + " "

    def english(self, firm):
        same = next(forms for forms in SAME_FORM if firm.form in forms)
        core, word, form = firm.core, firm.word, self.one(same)
        needs = False
        place = self.draw()
        if place < 0.15:
            form = ""
        elif place < 0.27:
            form, needs = self.one([other[0] for other in SAME_FORM if other is not same]), True
        if self.chance(0.25):
            for long, short in OTHER_SPELLING:
                if long in word and self.chance(0.6):
                    word = word.replace(long, short)
                    break
        name = f"{core} {word} {form}".replace(" ,", ",").strip()
        place = self.draw()
        if place < 0.3:
            name = name.upper()
        elif place < 0.4:
            name = name.lower()
        elif place < 0.45:
            name = "The " + name
        elif place < 0.5:
            name = wide(name)
        elif place < 0.55:
            name = name.replace(" ", "  ", 1)
        return name, needs

    def subject(self, kind):
        """A firm fit for a class of duplicates."""
        if kind == "english":
            return self.foreign()
        if kind == "brackets":
            if self.chance(0.65):
                return self.company(order="middle")
            return self.company(order="front", group="（集团）")
        if kind == "abbreviation" or kind == "legal-form":
            return self.company(order="front" if self.chance(0.8) else None)
        if kind == "region":
            return self.company(order=self.one(["front"] * 6 + ["middle", "none"]))
        if kind in ("typo", "punctuation", "exact"):
            place = self.draw()
            if place < 0.08:
                return self.shop()
            if place < 0.14:
                return self.foreign()
        return self.company()

    def variant(self, firm, kind):
        """(name, needs a shared fact, may lack one) of another record, or None if it cannot be."""
        if kind == "english":
            return (*self.english(firm), None) if firm.type == "foreign" else None
        if firm.type == "foreign" and kind not in ("typo", "punctuation", "exact", "former-name"):
            return None
        if kind == "exact":
            return firm.name, firm.type == "shop", None
        if kind == "punctuation":
            name = self.punctuated(firm.name)
            return (name, firm.type == "shop", None) if name != firm.name else None
        if kind == "traditional":
            name = tradition(firm.name)
            if self.chance(0.3):       # an input method gets half of it
                at = int(len(name) * self.draw())
                name = name[:at] + firm.name[at:]
            return (name, firm.type == "shop", None) if name != firm.name else None
        if kind == "typo":
            result = self.damaged(firm)
            return (result[0], result[1] or firm.type == "shop", None) if result else None
        if kind == "former-name":
            if firm.type == "foreign":
                return None
            other = self.company(city=firm.region.city, order="front", style="city", common=False,
                                 **({"family": firm.family} if firm.family < GROUP_FAMILY and self.chance(0.6)
                                    else {}))
            return other.name, True, "uscc"
        if firm.type == "shop":
            return None
        if kind == "brackets":
            if "（" not in firm.name:
                return None
            left, right = self.one([("(", ")"), ("(", ")"), ("", ""), (" (", ") "), ("【", "】"), ("〔", "〕"),
                                    ("(", "）"), ("[", "]")])
            return firm.name.replace("（", left).replace("）", right), False, None
        if kind == "legal-form":
            form = self.one(["有限公司", "有限责任公司", "有限责任公司", "股份有限公司", "", "", "公司"])
            return (self.write_name(firm, form=form), False, None) if form != firm.form else None
        if kind == "abbreviation":
            if not firm.word or firm.tail or firm.order == "none" and self.chance(0.8):
                return None
            place = self.draw()
            if place < 0.2:
                name = firm.core
                if place < 0.12 and firm.order != "none":
                    name = firm.region.text(firm.style) + firm.core
                if name in self.shorts:
                    return None
                self.shorts.add(name)
                return name, True, None
            if not self.go_bare(firm):
                return None
            alone = len(firm.core) >= 3 and self.loneliness(firm)
            return firm.core + (firm.short if self.chance(0.5) else firm.word), not alone, None
        if kind == "region":
            region, order = firm.region, firm.order
            if order == "none":
                return self.write_name(firm, region=region.text(self.one(["city", "city+"])), order="front"), \
                    False, None
            place = self.draw()
            if place < 0.4:
                if not self.go_bare(firm):
                    return None
                return self.write_name(firm, order="none"), not self.loneliness(firm), None
            if place < 0.6:
                to = "front" if order == "middle" else "middle"
                return self.write_name(firm, order=to, region=firm.region.text(firm.style.rstrip("+"))), False, None
            if order == "middle":
                return None
            if region.level == "province":
                style = "province" if firm.style == "province+" else "province+"
                if region.province == "-":
                    style = "city" if firm.style == "province+" else "city+"
            else:
                style = self.one([style for style in ("city", "city+", "both", "both+") if style != firm.style])
            name = self.write_name(firm, region=region.text(style))
            return (name, False, None) if name != firm.name else None
        raise ValueError(kind)

    def plan_variant(self, firm, kind, nothing):
        for _ in range(20):
            result = self.variant(firm, kind)
            if result:
                name, needs, fact = result
                shared = self.supports(firm, 0 if needs or fact else nothing)
                if fact and fact not in shared:
                    shared = (fact,) + (shared if self.chance(0.5) else ())
                return kind, name, shared
        return None

    def duplicate_group(self, kind, nothing, size):
        for _ in range(50):
            firm = self.subject(kind)
            plans = [self.plan_variant(firm, kind, nothing)]
            if plans[0]:
                break
        else:
            return 0
        others = [item for item in DUPLICATES if item[0] != "exact"]
        for _ in range(40):
            if len(plans) >= size - 1:
                break
            more, _, part = self.weighted(others)
            plan = self.plan_variant(firm, more, part)
            if plan and plan[1] not in [done[1] for done in plans] and plan[1] != firm.name:
                plans.append(plan)
        first = self.base_row(firm, always={fact for plan in plans for fact in plan[2]}, code_part=0.7)
        rows = [first]
        for kind, name, shared in plans:
            if kind == "exact" and shared and self.chance(0.65):
                row = self.copy(first)
            else:
                row = self.second_row(firm, name, shared, first)
            rows.append(row)
        places = [self.add(row) for row in rows]
        for place in places:
            self.add_popular(firm, place)
        for left, right in combinations(range(len(rows)), 2):
            self.truth.append((places[left], places[right], plans[right - 1][0] if left == 0 else "indirect",
                               evidence(rows[left], rows[right])))
        return len(rows)

    def copy(self, first):
        row = Row()
        row.cells, row.facts, row.mistyped = list(first.cells), first.facts, first.mistyped
        row.cells[1] = self.one(KINDS)
        row.cells[15:18] = [row.cells[15], self.one(self.employees), self.one(self.days)]
        if self.chance(0.3):
            row.cells[4] = self.person()
        return row

    # ----------------------------------------------------------- lookalikes
    def other_city(self, cities):
        while True:
            city = int(len(CITIES) * self.draw() ** 1.3)
            if not any(city == done or CITIES[city][1] == CITIES[done][1] != "-" for done in cities):
                return city

    def lookalike_firms(self, kind, room):
        """The firms of a group, and the chance that a code is given."""
        one, company = self.one, self.company
        size = min(room, 2 + (self.draw() < 0.3))
        firms = []
        if kind in ("other-region", "other-industry") and self.chance(0.1):
            first = self.foreign()
            country = next(item for item in COUNTRIES if item[0] == first.country)
            if kind == "other-industry":
                trade = one([trade for trade in ENGLISH_TRADES if trade[:6] != first.word[:6] and
                             "Trading" not in trade])
                if "Trading" in first.word and "Export" in trade:
                    trade = "Steel"
                second = self.foreign(first.core, trade, country)
                return ([first, second], 0) if second else None
            other = one([item for item in COUNTRIES if item is not country])
            second = self.foreign(first.core, first.word, other, again=True)
            second.name = f"{second.core} {second.word} ({second.town}) {second.form}"
            return [first, second], 0
        if kind == "other-region":
            first = company(order=one(["front", "front", "middle"]), style="city")
            firms, cities = [first], [first.region.city]
            while len(firms) < size:
                city = self.other_city(cities)
                firm = company(city=city, core=first.core, popular=first.popular, family=first.family,
                               word=(first.word, first.short), form=one([first.form, one(FORMS)]),
                               order=first.order, style="city")
                if firm is None:
                    return None
                firms.append(firm)
                cities.append(city)
            return firms, 0.9
        if kind == "other-industry" or kind == "group-siblings":
            first = company(order="front", **({"group": one(["集团", "（集团）", "控股集团"])}
                                              if kind == "group-siblings" and self.chance(0.6) else {}))
            if kind == "group-siblings":
                first.domain = first.domain or self.new_domain()
                first.email = self.company_mail(first.domain)
            firms, used = [first], {first.family}
            while len(firms) < size:
                family = int(len(INDUSTRIES) * self.draw())
                if family in used:
                    continue
                used.add(family)
                firm = company(city=first.region.city, style=first.style, order="front", core=first.core,
                               popular=first.popular, family=family, form=first.form)
                if firm is None:
                    return None
                if kind == "group-siblings":
                    if self.chance(0.7):
                        firm.domain = first.domain
                        firm.email = self.company_mail(first.domain)
                    if self.chance(0.3):
                        firm.address = first.address
                firms.append(firm)
            return firms, 0.97 if kind == "group-siblings" else 0.9
        if kind == "branch":
            head = company(order="front", style="city")
            head.domain = head.domain or (self.new_domain() if self.chance(0.5) else "")
            firms = [head] if self.chance(0.6) else []
            used = []
            while len(firms) < size:
                if self.chance(0.75):
                    city = self.other_city(used)
                    tail = CITIES[city][0] + one(["分公司"] * 5 + ["经营部", "分店"])
                else:
                    city = head.region.city
                    tail = self.district(one(CITIES[city][6:])) + one(["分公司", "经营部", "门市部"])
                if tail in [firm.tail for firm in firms]:
                    continue
                used.append(city)
                branch = company(city=city, core=head.core, popular=head.popular, family=head.family,
                                 word=(head.word, head.short), form=head.form, claim=False, order="front",
                                 style="city")
                branch.tail = tail
                branch.name = head.name + tail
                branch.popular = False
                branch.domain = head.domain if self.chance(0.6) else ""
                branch.email = self.company_mail(branch.domain) if branch.domain else self.free_mail()
                firms.append(branch)
            return firms, 0.95
        if kind == "numbered":
            first = company(order="front", style="city")
            pattern, name = self.draw(), first.name
            noun = one(list(FACTORIES))
            numbers = self.random.sample("一二三四五六七八", size)
            for number in numbers:
                firm = first if not firms else company(
                    city=first.region.city, core=first.core, popular=first.popular, claim=False, order="front",
                    family=first.family, word=(first.word, first.short), form=first.form, style="city")
                start = first.region.text("city") + first.core
                firm.name = (f"{start}第{number}{noun}" if pattern < 0.35 else
                             f"{start}建筑第{number}工程有限公司" if pattern < 0.55 else
                             f"{start}{noun}（{number}厂）" if pattern < 0.65 else
                             f"{name}第{number}分公司" if pattern < 0.85 else
                             f"{start}超市{'一二三四五六七八'.index(number) + 1}号店")
                if pattern < 0.65:
                    firm.family = 4 if 0.35 <= pattern < 0.55 else FACTORIES[noun]
                elif pattern >= 0.85:
                    firm.family = 0
                firm.key, firm.popular = "", False
                firms.append(firm)
            return firms, 0.95
        if kind == "one-character-core":
            first = company(order="front", style="city")
            if len(first.core) != 2 or first.core[0] not in CHARACTERS:
                return None
            at = int(self.draw() * 2)
            alike = ALIKE_TABLE.get(first.core[at])
            if alike and self.chance(0.35):
                other, claim = one(alike), False
            else:
                other, claim = one(CHARACTERS), True
                if other in first.core or other in (alike or ""):
                    return None
            core = first.core[:at] + other + first.core[at + 1:]
            firm = company(city=first.region.city, style="city", order="front", core=core, family=first.family,
                           word=(first.word, first.short), form=first.form, claim=claim)
            if firm is None:
                return None
            if not claim:
                firm.key, first.popular = "", False
            return [first, firm], 1
        if kind == "only-core-differs":
            city = int(len(CITIES) * self.draw() ** 1.5)
            family, word = one([(family, word) for family, (_, words) in enumerate(INDUSTRIES)
                                for word in words if len(word[0]) >= 4])
            form = one(FORMS)
            firms = [company(city=city, style="city", order="front", family=family, word=word, form=form)
                     for _ in range(size)]
            for left, right in combinations(firms, 2):
                if left is None or right is None or set(left.core.translate(CANON)) & set(
                        right.core.translate(CANON)):
                    return None
            return firms, 0.95
        if kind == "agent-phone":
            size = min(room, 3 + int(self.draw() * 3))
            city = int(len(CITIES) * self.draw() ** 1.5)
            same = {"family": int(len(INDUSTRIES) * self.draw()), "order": "front", "style": "city"} \
                if self.chance(0.3) else {}
            phone = self.mobile()
            firms = [company(city=city, **same) for _ in range(size)]
            if None in firms:
                return None
            for firm in firms:
                firm.phone = phone
        elif kind == "same-building":
            size = min(room, 2 + int(self.draw() * 3))
            city = int(len(CITIES) * self.draw() ** 1.5)
            house = self.new_address(city)
            room_too = self.chance(0.3)          # a registration address: one room for many
            house = house[:4] + (f"{1 + int(self.draw() * 28)}{1 + int(self.draw() * 19):02}室",)
            firms = [company(city=city) for _ in range(size)]
            if None in firms:
                return None
            for firm in firms:
                firm.address = house if room_too else self.new_address(city, house)
        elif kind == "free-mail":
            city = int(len(CITIES) * self.draw() ** 1.5)
            host, box = one(FREE_MAIL), one("sales info market office service".split())
            firms = [company(city=city) for _ in range(size)]
            if None in firms:
                return None
            for firm in firms:
                firm.domain = ""
                firm.email = f"{box}{self.unique() % 10 ** 6}@{host}"
        elif kind == "same-region-and-form":
            city, form = int(len(CITIES) * self.draw() ** 1.5), one(FORMS)
            family = int(len(INDUSTRIES) * self.draw())
            firms = [company(city=city, style="city", order="front", form=form, family=family)
                     for _ in range(2)]
            if None in firms:
                return None
        else:                                    # same-shop-name
            core, noun = one(SHOP_CORES), one(SHOPS)
            if core + noun in self.shorts:
                core = one(SURNAMES) + one(GIVEN) + one("记家")
                if core + noun in self.shorts:
                    return None
            self.shorts.add(core + noun)
            for city in (first := self.other_city([]), self.other_city([first])):
                firm = self.shop(city, core, noun)
                if firm is None:
                    return None
                firm.name = core + noun          # the city stands in the address only
                firms.append(firm)
            return firms, 1
        # cores of unrelated firms must not be alike either
        for left, right in combinations(firms, 2):
            if set(left.core.translate(CANON)) & set(right.core.translate(CANON)):
                return None
        return firms, 0.93

    def lookalike_group(self, kind, room):
        for _ in range(60):
            made = self.lookalike_firms(kind, room)
            if made:
                break
        else:
            return 0
        firms, part = made
        always = {"agent-phone": {"phone"}, "same-building": {"address"}, "free-mail": {"domain"},
                  "same-shop-name": {"address", "phone"}, "one-character-core": {"phone"},
                  "group-siblings": {"domain"}}.get(kind, ())
        # part 0: foreign firms, which have no code
        rows = [self.base_row(firm, always, part) for firm in firms]
        places = [self.add(row) for row in rows]
        for firm, place in zip(firms, places):
            self.add_popular(firm, place)
        for left, right in combinations(range(len(rows)), 2):
            self.lookalikes.append((places[left], places[right], kind, evidence(rows[left], rows[right])))
        return len(rows)

    # ------------------------------------------------------------ ambiguous
    def ambiguous_pair(self, kind):
        if kind == "popular":
            if self.crowded is None:
                self.crowded = [key for key, places in self.crowd.items() if 2 <= len(places) <= 12
                                and ord(key[-1]) - 0x100 < GROUP_FAMILY]
                self.random.shuffle(self.crowded)
            while self.crowded:
                key = self.crowded.pop()
                if key not in self.bare and self.taken[key] != -1:
                    break
            else:
                return 0
            self.bare.add(key)
            core = next(core for core in POPULAR
                        if "".join(sorted(core.translate(CANON))) == key[:-1])
            firm = self.company(core=core, family=ord(key[-1]) - 0x100, order="none", claim=False)
            place = self.add(self.base_row(firm, uscc=""))
            self.ambiguous += [(user, place, kind) for user in self.crowd[key]]
            self.taken[key] = -1
            return 1
        for _ in range(60):
            firm = self.shop() if kind == "shop" else self.company(order="front", style="city")
            rows = []
            if kind == "short-typo":
                error = self.typing_error(firm.core, ALIKE_TABLE)
                if len(firm.core) != 2 or not error or error[1] not in ("replace", "swap"):
                    continue
                name = self.write_name(firm, core=error[0])
                rows = [self.base_row(firm), self.second_row(firm, name, (), self.base_row(firm, uscc=firm.uscc))]
            elif kind == "two-codes":
                rows = [self.base_row(firm, ("uscc",))]
                uscc, firm.uscc = firm.uscc, self.new_code(firm.region.city)
                second = self.second_row(firm, firm.name, ("uscc",), rows[0])
                firm.uscc = uscc
                rows.append(second)
            elif kind == "shop":
                rows = [self.base_row(firm, ("address",)),
                        self.second_row(firm, firm.name, (), self.base_row(firm, uscc=firm.uscc))]
            else:
                rows = [self.base_row(firm, ("phone",))]
                firm.uscc = ""
                name = firm.name + self.one(["采购部", "财务部", "销售部", "工程部"])
                rows.append(self.second_row(firm, name, ("phone",), rows[0]))
            break
        else:
            return 0
        places = [self.add(row) for row in rows]
        if firm.key and firm.type == "company":
            for place in places:
                self.add_popular(firm, place)
        self.ambiguous.append((places[0], places[1], kind))
        return 2

    # ----------------------------------------------------------------- all
    def quotas(self, table, number):
        """The classes of so many groups, by their shares."""
        total = sum(item[1] for item in table)
        classes = []
        for item in table:
            classes += [item] * max(1 if number >= len(table) else 0, round(number * item[1] / total))
        self.random.shuffle(classes)
        return classes

    def make(self):
        number = self.number
        extra = []
        for kind, _, nothing in self.quotas(DUPLICATES, int(number * 0.07)):
            place = self.draw()
            extra.append(("duplicate", kind, nothing, 2 if place < 0.86 else 3 if place < 0.97 else 4))
        for item in self.quotas(LOOKALIKES, int(number * 0.035)):
            extra.append(("lookalike", item[0], 0, 5))
        needed = sum(item[3] if item[0] == "duplicate" else 2.7 for item in extra)
        unclear = int(number * 0.004)
        for _ in range(int(number - needed - unclear * 2)):
            place = self.draw()
            firm = self.company() if place < 0.86 else self.shop() if place < 0.95 else self.foreign()
            self.add_popular(firm, self.add(self.base_row(firm)))
        self.random.shuffle(extra)
        for what, kind, nothing, size in extra:
            room = number - len(self.rows)
            if room < 2:
                break
            if what == "duplicate":
                self.duplicate_group(kind, nothing, min(size, room))
            else:
                self.lookalike_group(kind, room)
        kinds = ["popular", "popular", "short-typo", "two-codes", "shop", "department"]
        for turn in range(unclear):
            if number - len(self.rows) < 2:
                break
            self.ambiguous_pair(kinds[turn % len(kinds)])
        while len(self.rows) < number:
            firm = self.company(common=False)
            self.add(self.base_row(firm))

    def write(self, folder):
        order = list(range(len(self.rows)))
        self.random.shuffle(order)
        numbers, counts = [""] * len(order), {}
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "customers.csv"), "wb") as handle:
            handle.write((",".join(HEADER) + "\r\n").encode("utf-8"))
            for place in order:
                kind, year, line = self.rows[place]
                counts[kind, year] = count = counts.get((kind, year), 0) + 1
                numbers[place] = number = f"{kind}{year}-{count:03}"
                handle.write(number.encode("utf-8") + b"," + line + b"\r\n")
        for name, pairs, columns in (("truth", self.truth, "first second class evidence"),
                                     ("lookalikes", self.lookalikes, "first second class evidence"),
                                     ("ambiguous", self.ambiguous, "first second reason")):
            pairs = sorted((*sorted((numbers[left], numbers[right])), *more) for left, right, *more in pairs)
            with open(os.path.join(folder, name + ".csv"), "w", encoding="utf-8", newline="") as handle:
                writer = csv.writer(handle)
                writer.writerow(columns.split())
                writer.writerows(pairs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--customers", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    maker = Maker(options.customers, options.seed)
    maker.make()
    maker.write(options.folder)
    print(f"{len(maker.rows)} customers, {len(maker.truth)} pairs the same, "
          f"{len(maker.lookalikes)} alike but different, {len(maker.ambiguous)} ambiguous")


if __name__ == "__main__":
    main()
