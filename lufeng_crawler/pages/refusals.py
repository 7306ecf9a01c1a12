"""Recognises pages by which sites refuse to show a page (challenge, login, permission) or say that it is not there."""

from __future__ import annotations

import re

from lufeng_crawler.items import Blocked, Capture, Gone, Other, Reading, Redirect, Unchanged
from lufeng_crawler.pages.article import labels
from lufeng_crawler.pages.text import statements
from lufeng_crawler.pages.text.urls import canonical_url
from lufeng_crawler.pages.text.whitespace import collapse_spaces, split_lines

_CHALLENGES = (
    ("加速乐", ("__jsl_clearance", "__jsluid", "jsl.la")),
    ("瑞数", ("$_ts=", "$_ts =", "FSSBBIl1UgzbN7N", "r='m'>")),
    ("阿里云 acw_sc__v2", ("acw_sc__v2", "acw_sc__v3", "aliyun_waf")),
    ("创宇盾", ("创宇盾", "yunaq.com", "jiasule.com", "knownsec")),
    ("安全狗", ("safedog", "网站防火墙")),
    ("WAF", ("Web应用防火墙", "正在进行安全检查", "Checking your browser", "waf_block", "waf-block")),
)
"""What protections write into markup and cookies; literals, since searching by pattern costs more than the parse."""

_REFUSAL_WORDS = (
    (
        "WAF",
        re.compile(
            r"访问被拦截|(?:访问|请求|操作|点击)(?:次数)?(?:过于|太过?|过)频繁|(?i:toomanyrequests|ratelimited)|请求.{0,6}被.{0,6}拦截|您的(?:访问|请求).{0,12}(?:拦截|阻断|威胁)|安全验证|人机验证|请完成验证|访问验证"
        ),
    ),
    (
        "系统提示",
        re.compile(
            "没有(?:访问|浏览|查看)(?:当前|该|此|本)?(?:栏目|页面|信息|文章|内容)?的?权限|权限不足|没有权限访问|无权访问|没有访问权限|仅限(?:内网|校内|校园网)|非法访问|禁止访问|不在允许"
        ),
    ),
    (
        "maintenance",
        re.compile(
            "(?:系统|网站|平台|服务器?|页面|站点).{0,8}(?:维护|升级|改版|建设)(?:中|期间)|(?:正在|暂停|临时).{0,10}(?:维护|升级改造)"
            "|(?:系统|停机|网站)维护(?:公告|通知|中)?$|undermaintenance",
            re.I,
        ),
    ),
    (
        "备案",
        re.compile(
            "(?:网站|域名).{0,16}未.{0,24}备案|未备案网站|备案(?:信息|号)?.{0,6}(?:被)?(?:注销|取消)|(?:该|此|本)?网站暂时(?:无法|不能)(?:进行)?访问"
        ),
    ),
    (
        "登录",
        re.compile(
            "(?:上网|网络准入|准入|校园网|无线网络?|wi-?fi)(?:接入)?认证|请(?:先|您先)?登[录陆](?:后|系统|$)|尚未登[录陆]|用户登[录陆].{0,40}密码|统一身份认证.{0,40}登[录陆]"
        ),
    ),
)
_NOT_FOUND_WORDS = re.compile(
    "(?:您|你)?(?:所?(?:访问|请求|查看|浏览|查找)的)?(?:页面|网页|文章|信息|内容|资源|栏目|文件|地址|网址)"
    "(?:可能)?(?:已经?)?(?:不存在|被删除|未找到|找不到|已失效|已删除|已下线|被移除|没有找到)"
    "|(?:很?抱歉|对不起).{0,12}(?:找不到|未找到|不存在|已删除|已被删除)"
    "|404.{0,10}(?:notfound|错误|页面|error)|pagenotfound|filenotfound|无法找到该页"
    "|找不到(?:您|你)?(?:要|所)?(?:访问|请求)?的?(?:页面|网页|文件)",
    re.I,
)
"""What says anywhere on a page of few words that nothing is there."""

_ALERT = re.compile(r"""\b(?:alert|msg|confirm|open)\(\s*\{?\s*(?:content\s*:\s*)?(['"])([^'"<>]{2,80})\1""")
_JSON_MESSAGE = re.compile(r'''"(?:msg|message|error|errmsg|errormsg|info|tips?)"\s*:\s*"([^"]{2,80})"''', re.I)
_SENTENCE = re.compile(r"[^\s。！]{6,}[。！；]")
"""Running text: a labelled page has it where it is an article."""
_MAX_REFUSAL_LENGTH, _QUICK_LENGTH, _MAX_WORDLESS, _MAX_LABELLED = 200, 800, 20, 4000
"""Characters of text that a refusal has at most, whatever markers its scripts hold, those that mostly show it, and
those below which a page says nothing itself,
and those among which an article has its labels."""


def read_status(capture: Capture, source: str) -> Reading | None:
    """Return what the status line alone decides; None for a response whose body has to be read.

    `source` is the body's text.
    """
    status = capture.status
    if status in {301, 302, 303, 307, 308}:
        location = capture.header("Location")
        target = canonical_url(location, capture.url) if location else ""
        return Redirect(target, status in {301, 308}) if target else Other(f"{status} without a usable Location")
    if status == 304:
        return Other("304 to a request without a condition") if capture.conditional is False else Unchanged()
    if status in {404, 410}:
        return Gone(str(status))
    if status in {401, 403, 412, 521}:
        return Blocked(f"{status} {find_challenge(source, join_cookies(capture)) or ''}".strip())
    return None if 200 <= status < 300 else Other(f"{status} server error" if status >= 500 else f"status {status}")


def read_refusal(source: str, text: str, set_cookies: str = "") -> Blocked | Gone | None:
    """Return what a page of few words says: a challenge, a refusal, or that nothing is there; None for any other page.

    `source` is the markup, `text` what a reader sees of it. A page that states when a text was published, or from
    where it is, is an article, whatever its sentences speak of.
    """
    if any(len("".join(part.split())) > _MAX_REFUSAL_LENGTH for part in (text[:_QUICK_LENGTH], text)):
        return None
    words = collapse_spaces(text)
    is_text = is_labelled(text) and _SENTENCE.search(text) is not None
    if name := find_challenge(source, set_cookies if len(words) < _MAX_WORDLESS else "", text if is_text else ""):
        return Blocked(name)
    if len(words) < _MAX_WORDLESS and (alert := _ALERT.search(source)):
        words, text = collapse_spaces(alert[2]), alert[2]
    is_article = is_labelled(text)
    for name, pattern in () if is_article else _REFUSAL_WORDS:
        if match := pattern.search(words):
            return Blocked(f"{name}: {match[0]}")
    if statement := statements.find_statement(text, is_article):
        return statement
    match = None if is_article else _NOT_FOUND_WORDS.search(words)
    return Gone(f"soft 404: {match[0]}") if match else None


def is_labelled(text: str) -> bool:
    """Return whether a page states when its text was published or from where it is, as no refusal does."""
    lines = "\n".join(split_lines(text))[:_MAX_LABELLED]  # no run of white space left, which labels take long to leave
    return any(field in {"published", "source"} for field, _ in labels.find_labelled_values(lines))


def read_json_message(text: str) -> Blocked | Gone | None:
    """Return what the message in a document for scripts says of the page; None for one that says something else."""
    match = _JSON_MESSAGE.search(text[:2000])
    return read_refusal("", match[1]) if match else None


def find_challenge(source: str, set_cookies: str = "", text: str = "") -> str | None:
    """Return the name of the protection whose marks stand in the markup or the cookies.

    What an article's `text` speaks of is no mark.
    """
    marked = ((name, mark) for name, marks in _CHALLENGES for mark in marks if mark in source or mark in set_cookies)
    return next((name for name, mark in marked if mark not in text), None)


def join_cookies(capture: Capture) -> str:
    """Return the names and values of all cookies that a response sets."""
    return " ".join(value for name, value in capture.headers if name.lower() == "set-cookie")
