"""Malformed packs: each is refused with file, line and reason, and the packs in force stay.

The line that is wrong carries the mark ←."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.pack import PackError, PackStore

GOOD = {
    "pack": 'name: ours\nlabel: 我们\nversion: "1"\nline: bank\n',
    "fields": """
fields:
  - {record: client, name: name, label: 姓名, column: true}
  - {record: client, name: birthday, label: 生日, type: date, column: true}
  - {record: client, name: phone, label: 手机号, type: phone, level: 3}
  - {record: client, name: last_contact_at, label: 上次联系, type: date, column: true}
  - {record: client, name: lost_at, label: 流失时间, type: date, column: true}
  - {record: client, name: lunar_birthday, label: 农历生日, type: lunar_day, column: true}
  - {record: client, name: worship_day, label: 祭祖日, type: lunar_day}
  - {record: client, name: kyc_on, label: 尽调日, type: date}
  - {record: product, name: shelf_mark, label: 货架号}
  - {record: client, name: passport_on, label: 护照到期, type: date, level: 3}
  - {record: client, name: stage, label: 阶段, type: choice, choices_from: stages, column: true}
  - {record: client, name: vip_tier, label: 等级, type: choice, choices_from: tiers.vip_tier}
  - {record: client, name: bank_tier, label: 银行等级, type: choice, choices_from: tiers.bank_tier, column: true}
  - {record: client, name: insurance_tier, label: 保险等级, type: choice, choices_from: tiers.insurance_tier, column: true}
  - {record: contract, name: ends_on, label: 到期日, type: date, column: true}
  - {record: contract, name: state, label: 状态, type: choice, choices_from: states, column: true}
  - {record: contract, name: amount, label: 金额, type: money, column: true}
""",
    "contracts": """
kinds:
  - name: deposit
    label: 存款
    number_label: 单号
    initial: open
    states:
      - {name: open, label: 存续, moves: [closed]}
      - {name: closed, label: 结束, final: true}
""",
    "products": """
products:
  - {code: P1, name: 一年定期, kind: deposit, family: 定期, provider: 某行}
""",
    "tags": """
tags:
  - {name: 新客, group: 人群, keywords: [刚开户]}
stages:
  - {name: lead, label: 潜客, moves: [active]}
  - {name: active, label: 维护中}
tiers:
  - name: vip_tier
    label: 等级
    tiers:
      - {name: 高, rank: 2, contact_days: 30}
      - {name: 低, rank: 1, contact_days: 90}
  - name: insurance_tier
    label: 保险等级
    tiers:
      - {name: 金, rank: 1, contact_days: 30}
  - name: bank_tier
    label: 银行等级
    tiers:
      - {name: 中, rank: 1, contact_days: 30, assets_from: 0}
      - {name: 大, rank: 2, contact_days: 30, assets_from: 500}
relations:
  - {name: spouse, label: 配偶, reverse: spouse}
""",
    "templates": """
templates:
  - {id: due, label: 到期, purpose: reminder, text: "${client_name} 的${contract_name}到期"}
  - {id: told, label: 变动, purpose: reminder, text: "${client_name} 的${account_name}${event}"}
  - {id: hello, label: 问候, purpose: care, text: "${salutation}好"}
""",
    "words": "words:\n  - {canonical: 定期, kind: product, synonyms: [定存]}\n",
    "rules": """
rules:
  - {id: due, label: 到期, category: maturity, source: contract.ends_on, offsets: [0], template: due}
""",
}


def rule(**changes: str) -> str:
    """A rule in block form with one part changed; the changed line is marked."""
    parts = {
        "id": "due", "label": "到期", "category": "maturity", "source": "contract.ends_on", "offsets": "[-7, 0]",
        "template": "due",
    }
    lines = [
        f"    {key}: {value}" + (" # ←" if key in changes else "") for key, value in (parts | changes).items()
    ]
    return "rules:\n  -\n" + "\n".join(lines) + "\n"


def event(said: str, other: str = "", mark: str = "id") -> str:
    """A rule on an event, with another part besides; the line of `mark` is marked."""
    parts = {"id": "moved", "label": "变动", "category": "event", "event": said, "template": "told"}
    parts |= dict([other.split(": ", 1)]) if other else {}
    lines = [f"    {key}: {value}" + (" # ←" if key == mark else "") for key, value in parts.items()]
    return "rules:\n  -\n" + "\n".join(lines) + "\n"


def field(text: str) -> str:
    return GOOD["fields"] + f"  - {{record: client, {text}}} # ←\n"


def field_of(record: str, text: str) -> str:
    return GOOD["fields"] + f"  - {{record: {record}, {text}}} # ←\n"


CASES: dict[str, tuple[str, str, str]] = {
    # ---------------------------------------------------------------- YAML itself
    "tab": ("words", "words:\n\t- {canonical: 查, kind: command} # ←\n", "Tab"),
    "unclosed quote": ("words", 'words:\n  - {canonical: "查, kind: command}\n# ←', "写法有误"),
    "unclosed bracket": ("words", "words:\n  - {canonical: 查, kind: command\n# ←", "写法有误"),
    "bad indent": ("words", "words:\n  - canonical: 查\n   kind: command # ←\n", "写法有误"),
    "anchor": ("words", "words:\n  - &a {canonical: 查, kind: command} # ←\n", "锚点"),
    "alias bomb": ("words", "a: &a [x, x] # ←\nb: [*a, *a]\nwords: []\n", "锚点"),
    "python tag": ("words", "words: !!python/object/apply:os.system [ls] # ←\n", "标签"),
    "own tag": ("words", "words:\n  - !word {canonical: 查} # ←\n", "标签"),
    "merge key": ("words", "words:\n  - {canonical: 查, kind: command, <<: {}} # ←\n", "只能是一个词"),
    "duplicate key": ("words", "words:\n  - canonical: 查\n    kind: command\n    kind: tag # ←\n", "写了两次"),
    "duplicate heading": ("words", "words: []\nwords: [] # ←\n", "写了两次"),
    "key that is a list": ("words", "words:\n  - {[查]: command} # ←\n", "只能是一个词"),
    "two documents": ("words", "words: []\n--- # ←\nwords: []\n", "---"),
    "too deep": ("words", "words: " + "[" * 25 + "]" * 25 + " # ←\n", "层数太多"),
    "too large": ("words", "# ←\n" + "#" * (256 * 1024), "文件太大"),
    "control character": ("words", "words:\n  - {canonical: 查\x07, kind: command} # ←\n", "控制字符"),
    # ---------------------------------------------------------------- shape
    "not a mapping": ("words", "- 查 # ←\n", "最外层"),
    "unknown heading": ("words", "wordz: [] # ←\n", "不认识「wordz」"),
    "heading is no list": ("words", "words: {canonical: 查} # ←\n", "应是列表"),
    "entry is no mapping": ("words", "words:\n  - 查 # ←\n", "名称: 值"),
    "unknown key": ("fields", field("name: x, label: 甲, lable: 乙"), "是不是「label」"),
    "missing key": ("tags", "tags:\n  - {name: 新客} # ←\n", "缺少「group」"),
    "wrong type of field": ("fields", field("name: x, label: 甲, type: number"), "不能是「number」"),
    "label is a number": ("fields", field("name: x, label: 5"), "请加引号"),
    "label is empty": ("fields", field('name: x, label: ""'), "不能为空"),
    "label too long": ("fields", field("name: x, label: " + "长" * 21), "最多 20 个字"),
    "name in Chinese": ("fields", field("name: 宠物, label: 宠物"), "小写英文字母"),
    "level out of range": ("fields", field("name: x, label: 甲, level: 9"), "不能大于 4"),
    "column is no boolean": ("fields", field("name: x, label: 甲, column: maybe"), "true 或 false"),
    "unknown role": ("fields", field("name: x, label: 甲, see: [boss]"), "不能是「boss」"),
    "pack without line": ("pack", 'name: ours # ←\nlabel: 我们\nversion: "1"\n', "缺少「line」"),
    "version is a number": ("pack", "name: ours\nlabel: 我们\nversion: 1.0 # ←\nline: bank\n", "请加引号"),
    # ---------------------------------------------------------------- fields
    "choice without choices": ("fields", field("name: x, label: 甲, type: choice"), "必须写 choices"),
    "choices without choice": ("fields", field("name: x, label: 甲, choices: [a]"), "type 应写 choice"),
    "sealed column": ("fields", field("name: aum, label: 甲, level: 3, column: true"), "要加密保存"),
    "open phone": ("fields", field("name: x, label: 甲, type: phone, level: 1"), "至少 3 级"),
    "may edit but not see": ("fields", field("name: x, label: 甲, see: [ops], export: []"), "必须也能看"),
    "column that is none": ("fields", field("name: pet, label: 甲, column: true"), "不是表里的固定列"),
    "column not marked": ("fields", field("name: gender, label: 甲"), "请写上 column"),
    "column of another type": ("fields", field("name: aum, label: 甲, column: true"), "type 只能是 money"),
    "moment as text": ("fields", field_of("interaction", "name: happened_at, label: 甲, column: true"), "只能是 date"),
    "choice as text": ("fields", field("name: gender, label: 甲, column: true"), "type 只能是 choice"),
    "own field of a party": ("fields", field_of("party", "name: pet, label: 甲"), "没有地方保存"),
    "own field of an instalment": ("fields", field_of("instalment", "name: review_on, label: 甲, type: date"), "没有地方保存"),
    "own field of an interaction": ("fields", field_of("interaction", "name: mood, label: 甲, level: 3"), "没有地方保存"),
    "unknown list": ("fields", field("name: x, label: 甲, type: choice, choices_from: pets"), "没有「pets」"),
    "word used twice": ("fields", field("name: x, label: 甲, synonyms: [生日]"), "已经是「生日」"),
    "field twice": ("fields", field("name: birthday, label: 甲, type: date"), "已经有了"),
    "min above max": ("fields", field("name: x, label: 甲, checks: {min: 2, max: 1}"), "min 不能大于 max"),
    "broken pattern": ("fields", field("name: x, label: 甲, checks: {pattern: '['}"), "正则"),
    "pattern that runs for minutes": ("fields", field(r"name: x, label: 甲, checks: {pattern: '(\d+)+$'}"), "重复"),
    "replaces nothing": ("fields", field("name: x, label: 甲, replace: true"), "没有同名"),
    "receivers who are nobody": ("hours", "receivers:\n  - {name: digest} # ←\n", "至少写一个"),
    "receivers of a role that sees no team": (
        "hours", "receivers:\n  - {name: digest, roles: [adviser]} # ←\n", "不能是「adviser」",
    ),
    "receivers by their names": ("hours", "receivers:\n  - {name: weekly, users: [王珂]} # ←\n", "王珂"),
    "receivers of the brief": ("hours", "receivers:\n  - {name: brief, users: [wangke]} # ←\n", "不能是「brief」"),
    # ---------------------------------------------------------------- kinds, products, tags
    "move to nowhere": ("contracts", GOOD["contracts"].replace("[closed]}", "[gone]} # ←"), "「gone」不在"),
    "initial state unknown": ("contracts", GOOD["contracts"].replace("initial: open", "initial: new # ←"), "「new」"),
    "final with moves": (
        "contracts", GOOD["contracts"].replace("final: true}", "final: true, moves: [open]} # ←"), "终态",
    ),
    "dead end": ("contracts", GOOD["contracts"].replace(", final: true}", "} # ←"), "没有 moves"),
    "kind's field unknown": ("contracts", GOOD["contracts"] + "    fields: [rate] # ←\n", "没有定义"),
    "product of no kind": ("products", GOOD["products"].replace("deposit", "bond").rstrip() + " # ←", "「bond」"),
    "product of no family": (
        "products", GOOD["products"].replace("family: 定期", "family: 债").rstrip() + " # ←", "「债」",
    ),
    "risk class R9": (
        "products", GOOD["products"].replace("provider", "risk_class: R9, provider").rstrip() + " # ←", "「R9」",
    ),
    "stage to nowhere": ("tags", GOOD["tags"].replace("moves: [active]}", "moves: [gone]} # ←"), "「gone」"),
    "relation without reverse": ("tags", GOOD["tags"].replace("reverse: spouse}", "reverse: ex} # ←"), "「ex」"),
    "same rank twice": (
        "tags", GOOD["tags"].replace("{name: 高, rank: 2, contact_days: 30}", "{name: 高, rank: 1, contact_days: 30} # ←"),
        "rank",
    ),
    "tier without a floor beside others": (
        "tags", GOOD["tags"].replace(", assets_from: 500}", "} # ←"), "「大」没有写 assets_from",
    ),
    "lowest tier above nothing": ("tags", GOOD["tags"].replace("assets_from: 0}", "assets_from: 9} # ←"), "从 0 起"),
    "floors out of order": ("tags", GOOD["tags"].replace("assets_from: 500}", "assets_from: 0} # ←"), "要大于「中」"),
    "second scheme by assets": (
        "tags", GOOD["tags"].replace("30}\n  - name: bank_tier", "30, assets_from: 0}\n  - name: bank_tier # ←"),
        "只能有一套写 assets_from",
    ),
    "scheme by assets without a column": (
        "tags", GOOD["tags"].replace("name: vip_tier", "name: vip_tier # ←").replace(", assets_from: 500}", "}").replace(
            ", assets_from: 0}", "}"
        ).replace("90}", "90, assets_from: 0}").replace("rank: 2, contact_days: 30}", "rank: 2, contact_days: 30, assets_from: 5}", 1),
        "要存在固定列里",
    ),
    "keyword of one character": ("tags", GOOD["tags"].replace("[刚开户]}", "[户]} # ←"), "太短"),
    # ---------------------------------------------------------------- templates and rules
    "unknown variable": ("templates", GOOD["templates"].replace('${salutation}好"}', '${phone}好"} # ←'), "「phone」"),
    "attribute in a template": (
        "templates", GOOD["templates"].replace('${salutation}好"}', '${client_name.secrets}"} # ←'), "client_name.secrets",
    ),
    "stray dollar": ("templates", GOOD["templates"].replace('${salutation}好"}', '$salutation好"} # ←'), "${名称}"),
    "variant for no tier": (
        "templates", GOOD["templates"] + '    # \n  - id: x\n    label: x\n    purpose: care\n    text: x\n'
        "    variants:\n      钻: y # ←\n", "没有客户等级「钻」",
    ),
    "rule's source unknown": ("rules", rule(source="contract.renews_on"), "没有字段「contract.renews_on」"),
    "rule's source is no date": ("rules", rule(source="contract.amount"), "不是客户、合同或期次上的日期"),
    "rule's source is sealed": ("rules", rule(source="client.passport_on"), "加密字段"),
    "rule's source is the moment of a contact": ("rules", rule(source="client.last_contact_at"), "时刻"),
    "rule's source is the moment of a loss": ("rules", rule(source="client.lost_at"), "时刻"),
    "rule's source is a lunar day of one's own": ("rules", rule(source="client.worship_day"), "农历"),
    "rule's template unknown": ("rules", rule(template="nothing"), "没有模板「nothing」"),
    "rule's template is for clients": ("rules", rule(template="hello"), "用途是 care"),
    "template asks what the rule cannot know": (
        "rules", rule(source="client.birthday").replace(" # ←", "").replace("template: due", "template: due # ←"),
        "contract_name",
    ),
    "rule's kind unknown": ("rules", rule(kinds="[bond]"), "没有合同类别「bond」"),
    "rule's category unknown": ("rules", rule(category="party"), "不能是「party」"),
    "surplus of one month": ("rules", event("{kind: surplus, over: 20000, months: 1}", mark="event"), "不能小于 2"),
    "surplus over nothing": ("rules", event("{kind: surplus, over: 0, months: 3}", mark="event"), "必须大于 0"),
    "surplus without months": ("rules", event("{kind: surplus, over: 20000}", mark="event"), "缺少「months」"),
    "event of no kind": ("rules", event("{kind: wedding, over: 1}", mark="event"), "kind 不能是「wedding」"),
    "event with what it does not take": ("rules", event("{kind: outflow, over: 1, months: 3}", mark="event"), "「months」"),
    "event before it happens": ("rules", event("{kind: outflow, over: 1}", "offsets: [-1]"), "offsets 不能是负数"),
    "event moved before it happens": ("rules", event("{kind: outflow, over: 1}", "shift: previous"), "不能是 previous"),
    "event beside a date": ("rules", event("{kind: outflow, over: 1}", "source: client.birthday"), "不写 source"),
    "event of another category": ("rules", event("{kind: outflow, over: 1}", "category: expiry"), "分类 event"),
    "event on accounts of no kind": (
        "rules", event("{kind: outflow, over: 1}", "kinds: [piggy]", mark="kinds"), "没有账户类别「piggy」",
    ),
    "event that suggests no sort": (
        "rules", event("{kind: outflow, over: 1}", "suggests: 古董", mark="suggests"), "产品类型「古董」",
    ),
    "rule of the category without an event": (
        "rules", rule(category="event").replace(" # ←", "").replace("id: due", "id: due # ←"), "分类 event",
    ),
    "hint of no sort": ("advice", "hints:\n  - {id: x, lacking: [古董], text: 可以聊} # ←\n", "产品类型「古董」"),
    "score of no part": ("advice", "scores:\n  - {id: luck, label: 运气, weight: 5} # ←\n", "不能是「luck」"),
    "hour 25": ("rules", rule(hour='"25:00"'), "时刻"),
    "weight 101": ("rules", rule(weight="101"), "不能大于 100"),
    "offsets are words": ("rules", rule(offsets="[soon]"), "应是整数"),
    "offsets are one number": ("rules", rule(offsets="-7"), "应是列表"),
    "offsets twice the same": (
        "rules", rule(offsets="[0, 0]").replace(" # ←", "").replace("id: due", "id: due # ←"), "重复",
    ),
    "no such day": ("rules", rule(valid_from="2026-02-30"), "应是日期"),
    "condition on an unknown field": ("rules", rule(where='[{field: client.pet, op: "=", value: 猫}]'), "client.pet"),
    "condition on a sealed field": ("rules", rule(where='[{field: client.phone, op: "=", value: "1"}]'), "加密字段"),
    "condition with a value that is none": (
        "rules", rule(where='[{field: contract.state, op: "=", value: gone}]'), "「gone」",
    ),
    "condition without a list": ("rules", rule(where="[{field: contract.state, op: in, value: open}]"), "列表"),
    "condition with code": ("rules", rule(where="[{field: client.name, op: eval, value: x}]"), "不能是「eval」"),
    "condition that compares words": ("rules", rule(where='[{field: client.name, op: ">=", value: x}]'), "比大小"),
    "condition on a product field that no product has": (
        "rules", rule(where='[{field: product.shelf_mark, op: "=", value: A1}]'), "产品目录里没有",
    ),
    "condition on a day with slashes": (
        "rules", rule(where='[{field: contract.ends_on, op: ">=", value: 2026/10/01}]'), "2026-10-01",
    ),
    "condition on a day without dashes": (
        "rules", rule(where='[{field: client.kyc_on, op: "=", value: 20261001}]'), "要写日期",
    ),
    "condition on a day that is none": (
        "rules", rule(where='[{field: contract.ends_on, op: in, value: [2026-10-01, 2026-02-30]}]'), "2026-02-30",
    ),
    "condition that wants a number": ("rules", rule(where='[{field: contract.amount, op: ">=", value: x}]'), "写数字"),
}


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "ours"
    folder.mkdir()
    for name, text in GOOD.items():
        write(folder, name, text)
    return folder


@pytest.mark.parametrize("case", CASES)
def test_a_bad_file_is_refused_by_file_line_and_reason_and_the_old_packs_stay(case: str, folder: Path) -> None:
    name, text, reason = CASES[case]
    store = PackStore([folder])
    before = store.current
    write(folder, name, text)
    with pytest.raises(PackError) as caught:
        store.reload()
    first = next(p for p in caught.value.problems if reason in p.reason)
    marked = next(number for number, line in enumerate(text.split("\n"), 1) if "←" in line)
    assert (first.file, first.line) == (f"ours/{name}.yaml", marked)
    assert store.current is before


@pytest.mark.parametrize("case", CASES)
def test_a_bad_file_is_explained_in_chinese(case: str, folder: Path) -> None:
    name, text, _ = CASES[case]
    write(folder, name, text)
    with pytest.raises(PackError) as caught:
        PackStore([folder])
    for problem in caught.value.problems:
        assert any("一" <= char <= "鿿" for char in problem.reason)
        assert "Input should" not in problem.reason


def test_a_mended_file_comes_into_force_at_the_next_reload(folder: Path) -> None:
    store = PackStore([folder])
    write(folder, "words", "words: [")
    with pytest.raises(PackError):
        store.reload()
    write(folder, "words", GOOD["words"].replace("定存", "整存整取"))
    assert store.reload().words[0].synonyms == ("整存整取",)


def test_a_file_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / "words.yaml").write_bytes("words:\n  - {canonical: 查, kind: command}\n".encode("gbk"))
    with pytest.raises(PackError, match=r"ours/words.yaml 第 2 行：不是 UTF-8"):
        PackStore([folder])


def test_a_misspelt_file_name_is_told(folder: Path) -> None:
    write(folder, "field", "fields: []\n")
    with pytest.raises(PackError, match=r"ours/field.yaml 第 1 行：不认识这个文件名"):
        PackStore([folder])


def test_a_folder_without_pack_yaml_is_refused(folder: Path) -> None:
    (folder / "pack.yaml").unlink()
    with pytest.raises(PackError, match=r"缺少 pack\.yaml"):
        PackStore([folder])


def test_free_text_may_be_narrowed_to_a_choice(folder: Path) -> None:
    write(folder, "fields", field("name: industry, label: 行业, type: choice, choices: [制造, 零售], column: true"))
    assert PackStore([folder]).current.field("client", "industry").type == "choice"


def test_the_lunar_birthday_and_own_dates_may_be_a_rules_source(folder: Path) -> None:
    for source in ("client.lunar_birthday", "client.kyc_on"):
        write(folder, "rules", rule(source=source, template="nice"))
        write(folder, "templates", GOOD["templates"] + "  - {id: nice, label: 好, purpose: reminder, text: 记得联系}\n")
        assert PackStore([folder]).current.rules[0].source == source


def test_empty_files_and_empty_headings_are_fine(folder: Path) -> None:
    write(folder, "rules", "# 还没有规则\n")
    write(folder, "products", "products:\n")
    packs = PackStore([folder]).current
    assert packs.rules == packs.products == ()


def test_words_that_yaml_would_guess_stay_words(folder: Path) -> None:
    write(folder, "rules", rule(hour="08:30", label="2026-01-01", valid_from="2026-01-01"))
    loaded = PackStore([folder]).current.rules[0]
    assert (loaded.hour, loaded.label, str(loaded.valid_from)) == ("08:30", "2026-01-01", "2026-01-01")
