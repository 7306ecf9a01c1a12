"""Tests how blocks, soft 404s, redirects and errors are told from pages."""

from __future__ import annotations

import pytest

from lufeng_crawler.items import Blocked, Capture, Gone, Other, Reading, Redirect, Unchanged
from lufeng_crawler.pages import read

URL = "http://www.lufengxian.example/info/1011/1.htm"
JSL = "<script>document.cookie=('_')+('_jsl_clearance')+'__jsl_clearance_s=1'</script>"


def answered(status: int, body: str = "", **headers: str) -> Reading:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return read(Capture(URL, "2024-01-02T03:04:05Z", status, (("Content-Type", "text/html"), *named), body.encode()))


@pytest.mark.parametrize(("status", "permanent"), [(301, True), (302, False), (303, False), (307, False), (308, True)])
def test_a_redirect(status: int, permanent: bool) -> None:
    assert answered(status, Location="2.htm#a") == Redirect("http://www.lufengxian.example/info/1011/2.htm", permanent)


@pytest.mark.parametrize("where", ["", "javascript:;", "http://["])
def test_a_redirect_to_nowhere(where: str) -> None:
    assert isinstance(answered(302, Location=where), Other)


def test_the_other_codes() -> None:
    assert answered(404) == Gone("404")
    assert answered(410) == Gone("410")
    assert answered(304) == Unchanged()
    assert read(Capture(URL, "2024-01-02T03:04:05Z", 304, conditional=True)) == Unchanged()
    unasked = read(Capture(URL, "2024-01-02T03:04:05Z", 304, conditional=False))
    assert unasked == Other("304 to a request without a condition")
    assert answered(403) == Blocked("403")
    assert answered(401) == Blocked("401")
    assert answered(412, "<script>$_ts=window['$_ts']</script>") == Blocked("412 瑞数")
    assert answered(521, JSL) == Blocked("521 加速乐")
    assert answered(521, Set_Cookie="__jsluid_s=1") == Blocked("521 加速乐")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 0, 999, 206 + 200])
def test_an_error_is_other_and_names_its_status(status: int) -> None:
    reading = answered(status, "<p>维护中</p>")
    assert isinstance(reading, Other)
    assert str(status) in reading.reason


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (JSL, "加速乐"),
        ("<script>var arg1='A0B1C2D3E4F5A6B7C8D9E0F1A2B3C4D5E6F7A8B9';acw_sc__v2</script>", "阿里云 acw_sc__v2"),
        ("<script>$_ts=window['$_ts'];</script><p></p>", "瑞数"),
        ("<p>当前访问疑似黑客攻击，已被创宇盾拦截</p>", "创宇盾"),
        ("<p>您的访问请求已被拦截，请联系管理员</p>", "WAF: 您的访问请求已被拦截"),
        ("<title>系统提示</title><p>系统提示</p><p>您没有访问当前栏目的权限！</p>", "系统提示: 没有访问当前栏目的权限"),
        ("<p>请先登录系统</p>", "登录: 请先登录系统"),
    ],
)
def test_a_page_of_few_words_is_a_block(body: str, name: str) -> None:
    assert answered(200, f"<html><body>{body}</body></html>") == Blocked(name)


@pytest.mark.parametrize(
    "words",
    [
        "您访问的页面不存在",
        "对不起，您访问的页面不存在！",
        "页面已被删除",
        "404 Not Found",
        "很抱歉，找不到您要访问的页面",
        "该信息不存在",
        "对不起，该栏目暂无此信息！",
        "哎呀，页面不见了…",
        "页面走丢了",
        "文章ID不存在！",
        "没有找到相应的文章",
        "The requested URL was not found on this server.",
        "稿件已撤",
        "当前信息已被取消公开",
        "抱歉，您要查看的信息已被管理员设为不公开",
        "您来晚了，内容已过期",
        "您所访问的页面因网站改版已不存在，请从首页重新查找",
        "無此頁面",
        "此文已撤稿",
    ],
)
def test_a_soft_404(words: str) -> None:
    reading = answered(200, f"<html><body><h1>{words}</h1><a href='/'>返回首页</a></body></html>")
    assert isinstance(reading, Gone)
    assert reading.signature.startswith("soft 404: ")


def test_a_full_page_with_a_challenge_in_it_is_a_page() -> None:
    text = "鹿峰县人民政府今天召开会议，研究部署安全生产工作，要求各乡镇各部门抓好落实。" * 12
    page = f"<title>会议</title>{JSL}<h1>会议召开了</h1><p>发布时间：2023-06-29</p><div id='zoom'><p>{text}</p></div>"
    assert type(answered(200, page)).__name__ == "Article"


@pytest.mark.parametrize(
    ("mime", "body"),
    [
        ("application/pdf", b"%PDF-1.4"),
        ("image/png", b"\x89PNG"),
        ("text/html", b"%PDF-1.4"),
        ("text/html", b"PK\x03\x04a"),
    ],
)
def test_what_is_no_text_is_other(mime: str, body: bytes) -> None:
    reading = read(Capture(URL, "", 200, (("Content-Type", mime),), body))
    assert isinstance(reading, Other)
    assert reading.reason.startswith("not a page")


def test_an_empty_body_is_other() -> None:
    assert answered(200, "  ") == Other("empty body")


@pytest.mark.parametrize(
    "words",
    [
        "网站正在升级维护中...",
        "系统维护中，请稍后访问",
        "本网站改版升级期间暂停服务",
        "系统维护公告",
        "Under Maintenance",
    ],
)
def test_a_site_under_maintenance_shows_nothing(words: str) -> None:
    reading = answered(200, f"<html><body><h1>{words}</h1></body></html>")
    assert isinstance(reading, Blocked)
    assert reading.signature.startswith("maintenance: ")


def test_an_article_about_maintenance_is_one() -> None:
    text = "<p>为提升服务能力，鹿峰县政务服务网定于本周六进行系统维护，期间暂停办理业务，请群众合理安排时间。</p>" * 6
    page = f"<title>系统维护公告</title><h1>系统维护公告</h1><p>发布时间：2023-06-29</p><div id='zoom'>{text}</div>"
    assert type(answered(200, page)).__name__ == "Article"


@pytest.mark.parametrize("frame", ['<div id="app"></div>', "<div class='x' id=root></div>", "<app-root></app-root>"])
def test_a_frame_that_scripts_would_fill_is_told_apart(frame: str) -> None:
    reading = answered(200, f"<title>鹿峰县</title>{frame}<script src='/js/app.1a2b.js'></script>")
    assert reading == Other("SPA shell: what it shows is fetched by its scripts")


def notice(text: str) -> str:
    head = "<title>通知</title><h1>关于管理办法的通知</h1><p>发布时间：2023-06-29 来源：县政府办</p>"
    return f"{head}<div id='zoom'><p>{text}</p></div>"


@pytest.mark.parametrize(
    "text",
    [
        "该文件已失效",
        "该文件已失效。",
        "该公告已撤销。",
        "本通知已过期，各乡镇不再执行。",
        "采购Web应用防火墙一台，成交金额为十二万元。",
        "网站防火墙将于明日升级。",
    ],
)
def test_a_labelled_notice_speaks_of_documents_and_not_of_its_page(text: str) -> None:
    assert type(answered(200, notice(text))).__name__ == "Article"


def test_a_labelled_page_whose_whole_text_is_that_it_was_withdrawn_is_gone() -> None:
    assert answered(200, notice("此文已撤稿")) == Gone("soft 404: 此文已撤稿")
    assert answered(200, notice("该信息已删除")) == Gone("soft 404: 该信息已删除")


def test_a_challenge_is_one_beside_a_label() -> None:
    assert answered(200, notice("正在进行安全检查")) == Blocked("WAF")
