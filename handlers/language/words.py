"""Concepts: the words that decide what a sentence wants. Data, scanned once a sentence; packs may add to them."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.language.lexicon import Lexicon, Scanner

CONCEPTS: dict[str, str] = {
    # ---- acts
    "remind": "提醒 记得 别忘 叫我 喊我 通知我 ding 闹钟 提个醒 催我 remind 提示我 喊一声 备忘 记住",
    "cancel": "取消 不用了 别再 别提醒 不用提醒 不用再 删掉 删了 作废 关掉 停掉 停了 不提醒 去掉 不要提醒 不需要提醒 撤掉 别叫我 不要再",
    "postpone": "推迟 延后 延期 改到 挪到 推到 往后推 顺延 延到 缓一缓 提前 改成 换到 往后挪 晚点再说 稍后 推后 晚点 再提醒 往前挪 改天 移到 延一 推一 过会儿",
    "finish": "做完 完成 搞定 办完 办好 处理完 处理好 弄完 弄好 已联系 已办 打完了 ok了 done 办妥 做好了 联系过了 打过了 已处理 完事 已完成 结束了",
    "note": "跟进小结 跟进要点 拜访小结 mark一下 mark下 记一下 记录 记下 备注 记个 写跟进 写个跟进 跟进记录 补记 记到 记: 跟进: 拜访记录 帮我记 记一笔 记上 备注一下 记一条 登记一下",
    "create": "入档 多一个客户 多了个客户 加进系统 加入系统 录进系统 存进系统 建一下 建下 建上 录上 存个客 存一个客 存个新客 收一个客 存位客 加入客户 录进 录到 存进 加进来 录成 存成 加成 加为 录为 新加 新开 新添 新录 新来 加一位 加一名 录一位 登一个 登一位 添一位 添个 建立 开个 开一个 入库 add new 加个客 录客户 建客户 新增 新建 建档 录入 录个 录一个 添加 加个客户 加客户 新客 建个档 建个 登记 加一个客户 新客户 开个档 加个新 录一下 建一个 新加 加个人 收个客户 加到客户 加进客户 create",
    "update": "更名 改名 改姓名 搬去 写成 填成 记成 登成 定成 新地址 新住址 新号码 新电话 新手机 新单位 新邮箱 新微信 订正 纠正 调整 改做 改作 补录 补上 补一下 有误 录错 填错 登错 打错 设为 设成 同步 换号 换到 升了 升任 升为 转行 改行 乔迁 不对 改成 改为 换成 变成 更新 修改 变更 更正 改一下 改下 换了 改 换 变了 改名 应该是 写错 错了 调成 补充 填 记到 搬到 搬家 跳槽 换工作 升职 update",
    "delete": "移出 移走 踢出 清出 删除 移除 删掉 删了 从列表 不是我客户 剔除 拿掉 删客户",
    "merge": "合了 建两遍 建了两遍 录两遍 录了两遍 其实一个人 合一块 合到一块 合到一起 合一起 合成一块 合了吧 是同一个 并掉 并到一起 合成 合并 合一下 并一下 并成 合起来 重复建档 建重了 录重了 是同一个人 同一个人 重复了 合成一个 是一个人",
    "search": "筛选 筛 哪些客户 客户有哪些 找出 符合 名单 哪几个客户 哪几位 排一下 有多少客户 多少个客户 客户都有谁 搜一下 有几个 所有客户",
    "lookup": "查 看 找 搜 资料 档案 信息 情况 调出 打开 调一下 画像 show 查询 显示 翻出 调出来 看看 瞅瞅 客户卡",
    "draft": "写 拟 起草 草拟 文案 祝福 祝贺 写句 写条 写段 编 想一段 话术 怎么说 措辞 问候 短信 祝词 道歉信 感谢信 慰问信 贺信 邀请函 贺词 draft",
    "add": "加 添 上 新增 录入 录 登记 买了 买 投了 投 签了 签 办了 办 存了 存 认购 申购 成交 出了 出单 承保 贷了 贷 放款 批了 下款 入了 购买 开了 追加",
    "export": "导一下 导出来 打包 导出 export 下载 导一份 导个 拉个表 拉一份 导成 出一份表",
    "import": "导入 import 批量录入 导进来 上传 批量导 导进 表格导",
    "ask": "吗 什么 多少 几 哪 谁 怎么 咋 啥 是不是 有没有 能不能 可不可以 何时 ? 了没 了没有 没有呀 多大 多久 多长 呢 没有? 是否 为何 邊個 边个",
    "list": "哪些 有谁 列表 清单 列出 列一下 名单 都有谁 有哪些 谁 有没有 排一下 几个 多少个 多少人 多少位 哪几 列个 看看 一览 都有",
    "past": "了 过 刚 昨 已经 完 上次 今天上午",
    "all": "所有 全部 每个 每位 全体 都",
    "mine": "我的 我 自己 本人",
    "team": "咱组 我组 本组 咱队 全队 各人 每个顾问 team 团队 组里 组内 全组 我们组 部门 下属 组员 大家 各人 每个人 整个组 队里 咱们组 小组 同事们 全员 团队的 顾问",
    # ---- things
    "policy": "保单 保险 险种 投保 退保 失效 断保",
    "holding": "holding 持仓 持有 理财 基金 存单 定投 私募 存款 定存 买的产品 产品持有 份额",
    "loan": "贷款 房贷 车贷 经营贷 信用贷 抵押贷 月供 借款 按揭 消费贷 贷 还款",
    "credit": "授信 额度",
    "contract": "合同 所有合同",
    "audit": "审计 谁看过 谁改过 谁查过",
    "lease": "租赁 租金 设备",
    "claim": "claim 理赔 报案 出险 赔付 赔 案子 报的案 报个案 赔案 住院报 索赔 确诊 拒赔 定损 报了案",
    "ticket": "工单 投诉 需求单 提个单 提单 结案 客诉 单子 抱怨 建议单",
    "complaint": "投诉 客诉 抱怨 不满 反映 反馈 骂 态度差 登录不上",
    "demand": "需求 诉求",
    "reminder_thing": "提醒 待办 日程 安排 事 任务 事情 行程 计划 事项",
    "birthday": "生日 寿星 过生 生辰 过寿",
    "renewal": "要续 该续 待续 续保 续费 续期 续约 到期 快到期 续单",
    "maturity": "到期 满期 期满 存单到期 理财到期",
    "repayment": "还房贷 还车贷 还按揭 还经营贷 还信用贷 还款 月供 还贷 还钱 扣款 催收",
    "premium": "保费 缴费 交费 扣费 续期保费",
    "tag": "归类 分类到 归到 归入 划到 划入 打个标 挂个标 标个 标一个 标注 贴上 挂上 加个标 上标 标上 tag 标签 打标 打上 标为 标记 标成 贴 归为",
    "tier": "升a 升b 升c 升s 降a 降b 降c 降d 等级 级别 a类 b类 c类 d类 a级 b级 c级 s级 d级 升级 降级 升到 降到 升为 降为 调为 调到 分层 vip 贵宾 私行 钻石 黄金客户 白银 大众 定为",
    "consent": "consent 授权 同意 退订 拒收 撤回 撤销了 不同意 同意书 勾选 别再发 不接收 拒绝接收 隐私 协议",
    "assign": "派给 指派 分派 分给 分配给 转给 转派 派单 认领 派",
    "recommend": "推荐",
    "opportunity": "opportunity 商机 意向单 机会 赢单 丢单 谈判阶段 推进到",
    "handover": "移交 转给 交接 转移 接手 接管 过户给 划给 交给 分给 换人跟 代管 转交 代班",
    "stats": "继续率 续期率 业绩 漏斗 拜访量 转化率 转化 续保率 排名 排行 成交 佣金 提成 完成率 达成 日报 周报 月报 目标 人均 新增客户 新客 客户数 签单 出单 满意度 投诉率 响应 数据 统计 保费 开单 跟进率 aum 电话量 拜访 跟进 差多少 指标 产能 留存 流失率 件数 报表 好评",
    "digest": "日报 晨报 简报 团队日报 晚报",
    "privacy": "个保法 彻底删除 抹掉 擦除 注销 个人信息删除 清除 行使删除权 彻底删 删除权 被遗忘",
    "portability": "数据副本 个人信息副本 导出他的 导出她的 资料副本 可携带 调取",
    "settings": "设置 设成 语言 切换 免打扰 勿扰 默认 时间改 简报时间 早报时间 调到 推送时间 换成英文 早报 晨报 简报",
    "family": "家庭 家人 家属 老公 老婆 儿子 女儿 太太 配偶 孩子 丈夫 妻子 爱人 父亲 母亲 爸 妈 闺女 家里 媳妇",
    "introduced": "介绍了 介绍来 转介绍 推荐了 介绍的 推荐来 介绍给我 介绍过来",
    "relation": "配偶 夫妻 父子 母女 母子 父女 兄弟 姐妹 兄妹 姐弟 老公 老婆 丈夫 妻子 爱人 儿子 女儿 父亲 母亲 爸爸 妈妈 同事 朋友 合伙人 股东 担保人 法人 员工 闺蜜 同学 太太 关键人 子公司 母公司 哥哥 姐姐 弟弟 妹妹 岳父 女婿 媳妇 是什么关系",
    "details": "详情 详细 全部资料 完整资料 详细资料",
    "timeline": "时间线 互动记录 联系记录 跟进历史 沟通记录 跟进情况 互动轨迹 联系历史 历史记录",
    "again_message": "重推 重发",
    "dead_message": "失败消息 失败的消息 没发成的消息 死信",
    "nudge": "催办 催一下 催下 催催 催一催 督办",
    "unhandled": "漏办 升级清单 升级列表 升级的提醒 升级的待办",
    "suggest": "先做什么 先干什么 建议我 该做什么 该干什么 下一步 先联系谁 优先 先跟谁 推荐我联系 接下来做什么 干点啥",
    "today": "今天 今日",
    "agenda": "待办 日程 安排 有什么事 有啥事 什么事 要做什么 做什么 干什么 行程 事项 有事吗 要干嘛 有什么活 什么活",
    "greet": "在吗 在不 在么 你好 您好 早上好 中午好 下午好 晚上好 早安 晚安 hi hello 嗨 哈喽 谢谢 多谢 感谢 辛苦 你是谁 机器人 再见 拜拜 哈哈 呵呵 嘿嘿 真棒 厉害 贴心 天气 吃了吗 讲个笑话 累死 好热 太热 好冷 下班 无聊 加油 爱你 你真 叫什么名字 周末愉快 节日快乐 新年好",
    "help": "帮助 help 怎么用 你会什么 能做什么 会做什么 使用说明 功能 教程 有什么用 怎么操作 说明书 命令 示例 你会啥 能干什么 能干啥 怎么打 怎么说",
    "contact_verb": "拜个年 见面 打电话 打个电话 回电 回电话 回个电话 拜访 面谈 吃饭 开会 约 送 见 聊 谈 回访 联系 喝茶 签约 签合同 发资料 对账 走访 碰头 会议 接 去 打给 寄 跟进 汇报 培训 体检 签字 面签 拜年 饮茶 喝茶 meeting lunch dinner 电话 发给 寄给 送到 带给 发一份",
    "happened": "聊了 拜访了 见了 打了 通了 回访了 沟通了 表示 说考虑 说要 说他 说她 微信回 回我了 说再 谈了 跟进了 约了 反馈说 提到 告诉我 说想 没接 不接 说暂时 说不 今天说 刚说 联系了 发了 送了 吃了饭 见过 见完 聊完 打完 没人接 没打通 打不通 吃了个饭 喝了 签单了",
    "intends": "想买 想要 打算 考虑买 准备买 有意 感兴趣 想了解 想看 想配 想投 想办 想做 想存 想贷 想加 想给 想申请 想追加 想再 想增 想升 想提高 想定投 想认购 计划买 计划存 计划贷 计划投 计划申请 考虑加 考虑投 考虑存 考虑贷 考虑配 准备存 准备投 准备贷 准备加 准备申请",
    "feedback": "反馈:",
    "hint": "下周 明天 后天",
    "renewed": "已续 续了 续上了 续保了 续费了 已续保 续好了 续保成功 续保完成",
    "not_renewed": "不续 不续保 不续了 不想续 不再续 流失了 续保失败 没续",
    "wish": "意向 续保意向 意愿",
    "paid": "还上了 交上了 缴上了 补交了 补缴了 扣款成功 扣成功 扣费成功 已缴 已交 缴了 交了 缴清 交清 缴费了 交费了 已还 还了 还清 已还款 付了 已付 还款了",
    "plan": "分期 还款计划 缴费计划 生成计划 每期",
    "party": "投保人 被保险人 被保人 受益人 担保人 共借人 共同借款人 保证人 抵押人 承租人",
    "rewrite": "改写 重写 换个说法",
    "send": "发送 发出 发吧 发了吧",
    "skip": "跳过 不发 略过",
    "more": "更多 下一页 还有吗 继续 往下 more",
    "undo": "撤销 撤回 反悔 撤消 undo 弄错了 改错了 恢复",
    "customer_book": "客户 客人 的客有 的客名单",
}


def concept_scanner(extra: Mapping[str, str] | None = None) -> Scanner:
    """Word → its concepts, joined by "|"."""
    joined: dict[str, list[str]] = {}
    for table in (CONCEPTS, extra or {}):
        for concept, words in table.items():
            for word in words.split():
                if concept not in joined.setdefault(word, []):
                    joined[word].append(concept)
    return Scanner({word: "|".join(concepts) for word, concepts in joined.items()})


# The concept that each command word of the packs stands for.
_COMMANDS = {
    "查": "lookup", "新增": "create", "改": "update", "记": "note", "提醒": "remind", "完成": "finish", "稍后": "postpone",
    "取消": "cancel", "撤销": "undo", "转交": "handover", "起草": "draft", "帮助": "help", "时间线": "timeline", "详情": "details",
    "更多": "more",
}


def concepts_of(lexicon: Lexicon) -> Scanner:
    """The concept scanner with the command words of the packs, made once per lexicon."""
    made: dict[str, Scanner] = lexicon.__dict__.setdefault("_scanners", {})
    if "concepts" not in made:
        extra: dict[str, str] = {}
        for word, canonical in lexicon.commands.items():
            concept = _COMMANDS.get(canonical)
            if concept and len(word) > 1:
                extra[concept] = f"{extra.get(concept, '')} {word}"
        made["concepts"] = concept_scanner(extra)
    return made["concepts"]
