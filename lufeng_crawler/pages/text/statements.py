"""Recognises what a page says of itself in a sentence: that it is not there, or that a server has failed to make it."""

from __future__ import annotations

import re
from itertools import islice

from lufeng_crawler.items import Blocked, Gone, Other
from lufeng_crawler.pages.text.whitespace import clean_line, collapse_spaces, split_lines

_KINDS = (
    "页面 頁面 网页 網頁 文章 信息 内容 资源 資源 栏目 文件 地址 网址 新闻 稿件 稿 公告 通知 公示 记录 链接 "
    "数据 专题 图片 视频 文档 主题 帖子 频道 正文"
)
_SUBJECT = (
    "(?:(?:您|你)?(?:所|要|想要?|正在|试图)?(?:访问|请求|查看|浏览|查找|打开|阅读|点击)?的?(?:该|此|这|本|当前|相关|指定)?(?:条|篇|个|则)?的?"
    f"(?:{'|'.join(_KINDS.split())})(?:信息|内容|页面|记录|id|编号)?"
    "|[此本该]文)(?:因(?:网站|系统|栏目|内容)?(?:改版|升级|调整|迁移))?"
)
_TAKEN_AWAY = (
    "(?:已经?|现)?被?(?:管理员|编辑|作者|发布者|网站)?(?:[删刪]除|撤[稿销回下除]?|取消公开|设(?:置)?为(?:不公开|私密|隐藏)|下架|下线|移除|移走|移动|屏蔽|隐藏|"
    "取消发布|过期|失效|关闭|迁移|转移)了?"
)
_NOT_YET = "(?:尚未|还未|还没有?|暂未|未|没有)被?(?:发布|审核(?:通过)?|公开|上线)"
_STATE = (
    f"(?:可能)?(?:{_TAKEN_AWAY}|(?:已经?)?不复?存在|(?:未|没有?|无法|不能)被?(?:找到|查到|查询到)|找不到|{_NOT_YET})"
)
_THING = "(?:新闻|文章|信息|内容|[页頁]面|网页|记录|数据|稿件|文件|资源|栏目|公告|结果|地址)"
_LOOKED_FOR = (
    "(?:任何|您|你)?(?:要|所|想)?(?:查看|访问|请求|浏览|查询|查找)?的?(?:该|此|相关|相应|符合条件的?|对应)?"
    "(?:条|篇)?的?"
)
_FIND = "(?:找到|查到|查询到|检索到|搜索到|查找到|发现)"
_STATEMENT = re.compile(
    rf"(?:{_SUBJECT}(?:[,，、/]?(?:或者?)?{_STATE}){{1,3}}"
    rf"|(?:没有?|未能?|无法|不能){_FIND}{_LOOKED_FOR}{_THING}|找不到{_LOOKED_FOR}{_THING}"
    rf"|(?:该|此|本)?栏目暂无[该此](?:条|篇)?{_THING}|(?:无|無|没有|不存在)(?:该|此|这|相关|对应)(?:条|篇)?{_THING}|暂无(?:该|此|相关)(?:条|篇)?{_THING}"
    r"|(?:您|你)?(?:所?(?:访问|查看|浏览))?的?[页頁网網][面页頁](?:好像|似乎|已经?)?(?:不见|走丢|丢失)"
    r"|已被?(?:删除|下架|撤稿|撤销|撤回|过期|下线)"
    r"|(?:http|error|错误)?404(?:[-–—:：]?(?:error|notfound|错误|[页頁]面(?:不存在|未找到|找不到)?))?"
    r"|(?:the)?(?:requested)?(?:page|url|file|article|document|content|resource)(?:you(?:are|were)?(?:requested|lookingfor|tryingtoaccess))?"
    r"(?:was|is|could|can|has|does)?(?:not?been|not|been|be|nolonger)?(?:be)?(?:found|exists?|available|removed|deleted)"
    r"|notfound)",
    re.I,
)
"""A sentence that says of the page itself that nothing is there; its own words are kept, as they state why."""
_SORRY = re.compile(
    r"(?:(?:系统|温馨|友情|操作|错误|信息)?提示(?:信息|消息)?(?=\W)|出错[啦了]?(?=\W)|(?:非常|很|十分)?(?:抱歉|遗憾)|对不起|sorry|啊哦|哎呀|您来晚了"
    r"|err(?:or)?(?=[:：])|错误(?=\W)|\W)*",
    re.I,
)
_AFTERWARDS = re.compile(r"[!！。.,，;；、~…]|$|返回|请|将|\d{1,2}秒|点击|sorry|或|了|哦|啦|呢|喔|in|on", re.I)
_PERMISSION = re.compile(
    "(?:没有|无)(?:访问|浏览|查看|阅读)?(?:该|此|本|当前)?(?:栏目|页面|信息|文章|内容)?的?权限|权限不足|无权(?:访问|浏览|查看)"
)
_HINT = re.compile(
    "不存在|不复存在|[删刪]除|撤|下[架线]|过期|失效|找不到|[未没无法有能]找到|不见|走丢|丢失|设置?为|無此|查询到|检索到|无[此该]|没有[该此相]|暂无|尚未|移[除走动]|"
    "未[发审公]|关闭|取消|[迁转]移|404|[Nn]o[tl]|NOT|removed|deleted|权限|无权"
)
"""One of these stands on every page that says that it shows nothing: most lines have none."""

_ERROR_TITLE = re.compile(
    r"Welcome to (?:nginx|OpenResty|CentOS|tengine)|Apache2? .{0,20}(?:Default|Test) Page|^It works!?$"
    r"|IIS (?:Windows|\d)|Apache Tomcat/[\d.]+|HTTP (?:Status|Error|错误) ?\d{3}|^(?:HTTP )?(?:Error )?5\d\d\b"
    r"|Bad Gateway|Gateway Time-?out|Service (?:Temporarily )?Unavailable|Internal Server Error|Server Error in"
    r"|应用程序中的服务器错误|Runtime Error|运行时错误|Whitelabel Error Page|System Error|Database Error|Fatal error"
    r"|Uncaught Exception|系统(?:发生|出现)错误|数据库(?:错误|连接(?:错误|失败))|Index of /|phpMyAdmin"
    r"|站点(?:创建成功|不存在|已暂停|未找到)|没有找到站点"
    r"|域名.{0,8}(?:过期|到期|出售|转让|停放|未绑定)|domain (?:name )?(?:(?:has |is )?expired|.{0,12}for sale|parking)",
    re.I,
)
"""Titles that servers, not editors, write."""
_ERROR_START = re.compile(
    r"(?:Fatal error|Warning|Parse error|Notice)\s?[:：].{0,200}(?:on line \d|in /|in [A-Z]:)"
    r"|Microsoft (?:VBScript|JET Database|OLE DB)|ODBC .{0,40}Driver|Active Server Pages 错误|ADODB\.\w+ 错误"
    r"|\b(?:java|javax|org|com)\.[\w.]{3,80}(?:Exception|Error)\b|Traceback \(most recent call last\)"
    r"|SQLSTATE\[|Error establishing a database connection|You have an error in your SQL syntax|Too many connections"
    r"|ORA-\d{5}",
    re.I,
)
"""What programs write before they end, in the place of a page."""
_ERROR_WORD = re.compile(
    r"\s*(?:错误[:：]|提示[:：])?\s*(?:数据库(?:连接)?(?:失败|错误|出错)|无法连接到?数据库|参数(?:错误|不正确|非法|有误)|非法参数"
    r"|错误的参数|系统(?:繁忙|异常|出错)|程序(?:出错|异常)|服务器(?:繁忙|错误|异常|内部错误))"
)
"""What a page says first that is nothing but an error."""
_TITLE_MARKS = (
    "elcome", "pache", "works", "IIS", "HTTP", "50", "rror", "ateway", "navailable", "xception", "错误", "域名", "站点",
    "omain", "ndex of", "MyAdmin", "数据库",
)  # fmt: skip
_START_MARKS = (
    "rror", "arning", "otice", "Microsoft", "ODBC", "错误", "xception", "Traceback", "SQLSTATE", "onnections", "ORA-",
)  # fmt: skip
"""Pieces of the words above: looking for these is quicker than looking for words in any case on every page."""
_DOCUMENT_STATUS = re.compile("(?:文件|公告|通知|通告|公示|[此本该]文|证书?|号|办法|规定).{0,8}(?:失效|撤销|过期|废止)")
"""What a short notice says of a document, not of its own page."""
_MAX_STATEMENT_LINE, _MAX_LINES, _MAX_ERROR_START = 60, 600, 400
"""Characters of a line that states nothing else, lines that are looked at, characters among which an error begins."""


def find_statement(text: str, is_labelled: bool = False) -> Gone | Blocked | None:
    """Return what a line of a text says of the page, if the line says nothing else: that it is not there, or not shown.

    Lines of a news text that speak of deletion are sentences; these are statements, perhaps with an apology before.
    A number alone (404) counts where no line says more. On a page that states its text's date or source (`is_labelled`)
    the end of a document's force is content.
    """
    said = []
    for line in islice(split_lines(text), _MAX_LINES) if _HINT.search(text) else ():
        words = collapse_spaces(line)
        if len(words) > _MAX_STATEMENT_LINE or not _HINT.search(words):
            continue
        start = _SORRY.match(words)
        rest = words[start.end() if start else 0 :]
        if (denied := _PERMISSION.search(rest)) and denied.start() < 8:
            return Blocked(f"系统提示: {denied[0]}")
        found = _STATEMENT.match(rest)
        is_status = found and is_labelled and _DOCUMENT_STATUS.search(found[0])
        if found and not is_status and _AFTERWARDS.match(rest, found.end()):
            said.append(found[0])
    statement = next((words for words in said if words != "404"), said[0] if said else "")
    return Gone(f"soft 404: {statement}") if statement else None


def read_error_page(title: str, text: str) -> Gone | Other | None:
    """Return what a server's own page says in a page's place, whatever its status: by its title or its first words."""
    start = text[:_MAX_ERROR_START]
    heading = title or start
    match = _ERROR_TITLE.search(heading) if any(mark in heading for mark in _TITLE_MARKS) else None
    if not match:
        match = _ERROR_START.search(start) if any(mark in start for mark in _START_MARKS) else None
    match = match or _ERROR_WORD.match(start)
    if not match:
        return None
    if "404" in title or re.search(r"\b404\b", match[0]):
        return Gone(f"soft 404: {clean_line(title)[:_MAX_STATEMENT_LINE]}")
    return Other(f"error page: {clean_line(match[0])[:_MAX_STATEMENT_LINE]}")
