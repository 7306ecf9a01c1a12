"""Tests sentences by which a site says that nothing is there, those that only speak of it, and servers' own pages."""

from __future__ import annotations

import pytest

from lufeng_crawler.items import Article, Blocked, Capture, Gone, Listing, Other, Reading
from lufeng_crawler.pages import read

URL = "http://www.lufengxian.example/info/1011/1.htm"
NAVIGATION = (
    "<div class=nav><a href='/'>首页</a><a href='/xwdt/'>新闻动态</a><a href='/zwgk/'>政务公开</a>"
    "<a href='/hdjl/'>互动交流</a></div>"
)
FOOT = (
    "<div class=foot>版权所有：鹿峰县人民政府办公室 滇ICP备12345678号 网站标识码：5323310001 "
    "地址：鹿峰县金山镇龙城路12号 电话：0878-0000000 技术支持：鹿峰县信息中心 本网站由鹿峰县人民政府主办，"
    "鹿峰县人民政府办公室承办，未经许可不得转载，建议使用1366以上分辨率浏览本站内容</div>" * 2
)
ROWS = "".join(f"<li><a href='/x/{n}.htm'>鹿峰县第{n}批重点项目开工</a>2024-05-1{n}</li>" for n in range(5))
LATEST = f"<ul>{ROWS}</ul>"
TEXT = "鹿峰县人民政府召开常务会议，研究部署防汛工作，要求各乡镇压实责任、细化措施。" * 4
WORDS = [
    "该新闻不存在或已被删除",
    "您查看的新闻不存在",
    "新闻已删除",
    "记录不存在",
    "没有找到相关记录",
    "该稿件已撤稿",
    "信息已过期",
    "该信息已下架",
    "内容已被撤销",
    "该文章尚未发布",
    "该文章已取消发布",
    "无此信息",
    "没有该新闻",
    "未查询到相关信息",
    "找不到该文章",
    "您访问的页面不存在或已删除",
    "您要查看的内容可能已被删除",
    "您所访问的页面不存在",
    "该信息未审核",
    "链接已失效",
    "頁面不存在",
    "404 Not Found",
    "Page Not Found",
    "The page you requested could not be found",
    "The article has been removed",
    "已下架",
]


def got(body: str, title: str = "鹿峰县人民政府", kind: str = "article") -> Reading:
    html = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    headers = (("Content-Type", "text/html"),)
    return read(Capture(URL, "2024-06-01T00:00:00Z", 200, headers, html.encode(), kind=kind))  # type: ignore[arg-type]


def bare(words: str) -> str:
    return "".join(words.split()).lower()


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize(
    "page",
    [
        "<h1>{}</h1><a href='/'>返回首页</a>",
        "<p>对不起，{}！</p>",
        "<div>提示：{}。</div><div>5 秒后返回首页</div>",
        f"{NAVIGATION}<div class=main><p>很抱歉，{{}}，请检查地址</p></div>{FOOT}",
        f"{NAVIGATION}<div class=main><h3>温馨提示</h3><div>{{}}</div></div>{LATEST}{FOOT}",
        "<script>alert('{}！');history.back();</script>",
    ],
)
def test_a_sites_own_word_that_nothing_is_there(page: str, words: str) -> None:
    reading = got(page.format(words))
    assert isinstance(reading, Gone), reading
    said = bare(reading.signature.removeprefix("soft 404: "))
    assert said in bare(words) or bare(words).endswith(said), "the words found are kept"


def test_the_reason_that_a_site_gives_is_kept() -> None:
    assert got("<p>该信息已过期</p>") == Gone("soft 404: 该信息已过期")
    assert got("<p>该新闻不存在或已被删除</p>") == Gone("soft 404: 该新闻不存在或已被删除")
    assert got("<p>对不起，您没有权限查看该信息！</p>") == Blocked("系统提示: 没有权限")
    assert got("<p>您没有访问该页面的权限</p>") == Blocked("系统提示: 没有访问该页面的权限")
    assert isinstance(got(f"{NAVIGATION}<p>您无权访问该信息</p>{FOOT}"), Blocked)


@pytest.mark.parametrize(
    "sentence",
    [
        "经核查，部分信息已过期，现予以删除。",
        "因工作调整，该文件已失效。",
        "县网信办通报：该信息不存在，请广大网民不信谣、不传谣。",
        "您访问的页面不存在等问题，将于月底前整改到位。",
        "系统升级维护期间，网站暂停访问。",
        "对不起，我们来晚了！",
        "没有找到相关记录的群众，可到县档案馆查询。",
    ],
)
@pytest.mark.parametrize("box", ["zoom", "wenben"])
def test_an_article_that_speaks_of_it_is_an_article(sentence: str, box: str) -> None:
    head = "<h1>关于清理网站过期信息的公告</h1><div>发布时间：2024-05-11 来源：鹿峰县网信办</div>"
    for text in (f"<p>{sentence}</p>", f"<p>{TEXT}</p><p>{sentence}</p>", f"<p>{sentence}</p><p>{TEXT}</p>"):
        reading = got(f"{head}<div id={box}>{text}</div>", "关于清理网站过期信息的公告-鹿峰县人民政府")
        assert isinstance(reading, Article), reading
        assert sentence in reading.body


def test_a_notice_of_maintenance_with_a_date_is_an_article() -> None:
    head = "<h1>网站维护公告</h1><div>发布时间：2026-11-29 来源：鹿峰县人民政府办公室</div>"
    reading = got(f"{head}<div id=zoom><p>因系统升级维护，本网站将于今晚暂停访问，敬请谅解。</p></div>", "网站维护公告")
    assert isinstance(reading, Article)


@pytest.mark.parametrize(
    "title", ["关于我县网站域名到期续费的公告", "全县社保数据库错误排查工作启动", "系统出现错误的说明"]
)
def test_an_article_about_errors_is_one(title: str) -> None:
    text = (
        f"<h1>{title}</h1><div>发布时间：2024-05-11 来源：鹿峰县网信办</div><div id=zoom><p>{title}。{TEXT}</p></div>"
    )
    assert isinstance(got(text, f"{title}-鹿峰县人民政府"), Article)


def test_a_listing_that_has_a_pager_is_one() -> None:
    rows = LATEST.replace("<ul>", "<ul><li><a href='/x/9.htm'>该页面不存在</a>2024-05-11</li>")
    assert isinstance(got(f"{rows}<a href='2.htm'>下一页</a>{FOOT}", kind="listing"), Listing)
    assert isinstance(got(f"{rows}{FOOT}", kind="listing"), Listing)
    assert isinstance(got(f"{LATEST}<div>共5条</div>", kind="listing"), Listing)


ERRORS = {
    "nginx": (
        "Welcome to nginx!",
        "<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is installed.</p>",
    ),
    "apache": (
        "Apache2 Ubuntu Default Page: It works",
        "<p>This is the default welcome page used to test the correct operation</p>",
    ),
    "tomcat": (
        "Apache Tomcat/7.0.70 - Error report",
        "<h1>HTTP Status 500 -</h1><pre>java.lang.NullPointerException</pre>",
    ),
    "iis": ("IIS 8.5 详细错误 - 500.0 - Internal Server Error", f"<h2>HTTP 错误 500.0</h2><p>{'出现错误 ' * 80}</p>"),
    "aspnet": (
        "“/”应用程序中的服务器错误。",
        f"<h1>“/”应用程序中的服务器错误。</h1><p>{'未将对象引用设置到对象的实例。' * 30}</p>",
    ),
    "spring": ("", "<h1>Whitelabel Error Page</h1><p>This application has no explicit mapping for /error</p>"),
    "php": ("", "Warning: mysqli_connect(): (HY000/2002): Connection refused in /www/web/inc/db.php on line 12"),
    "asp": ("", "Microsoft OLE DB Provider for ODBC Drivers 错误 '80004005' [Microsoft][ODBC SQL Server Driver]"),
    "database": ("", f"数据库连接失败，请联系管理员。 {'at java.lang.Thread.run(Thread.java:745) ' * 40}"),
    "trace": ("", f"<pre>org.springframework.dao.DataAccessException: {'at a.b.C(D.java:9)<br>' * 60}</pre>"),
    "python": ("", "<pre>Traceback (most recent call last): File 'a.py', line 1</pre>"),
    "oracle": ("", "ORA-12541: TNS:no listener"),
    "parked": ("lufengxian.example - 域名出售", "<p>您正在访问的域名可以转让！</p>"),
    "expired": ("域名已过期", "<h2>您访问的域名已过期</h2><p>该域名已到期，请域名所有者及时续费。</p>"),
    "panel": ("恭喜，站点创建成功！", "<h3>这是默认index.html，本页面由系统自动生成</h3>"),
    "folder": ("Index of /xwdt", "<pre><a href=../>../</a> <a href=a.htm>a.htm</a> 2024-05-11</pre>"),
    "busy": ("", "<div>系统繁忙，请稍后再试</div>"),
    "parameter": ("", "<div>参数错误</div>"),
    "gateway": ("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center>"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_a_servers_own_page_is_no_article(name: str) -> None:
    title, body = ERRORS[name]
    reading = got(body, title)
    assert isinstance(reading, Other)
    assert reading.reason.startswith("error page: ")


@pytest.mark.parametrize(
    ("title", "body", "name"),
    [
        ("提示", "<div>您的访问过于频繁，请稍后再试！</div>", "WAF"),
        ("", "429 Too Many Requests", "WAF"),
        ("该网站暂时无法进行访问", "<p>该网站未根据工信部相关法规规定进行备案，未备案网站不能访问。</p>", "备案"),
        ("上网认证", "<form><h2>校园网上网认证系统</h2><input name=user><input type=password name=pw></form>", "登录"),
        ("无线认证", "<p>欢迎使用无线网络认证，请输入手机号</p>", "登录"),
        ("系统维护中", "<h1>系统维护中</h1><p>网站正在升级维护，请稍后访问。</p>", "maintenance"),
    ],
)
def test_a_refusal_is_a_block(title: str, body: str, name: str) -> None:
    reading = got(body, title)
    assert isinstance(reading, Blocked)
    assert reading.signature.startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("json", "reading"),
    [
        ('{"code":404,"msg":"该文章不存在"}', Gone("soft 404: 该文章不存在")),
        ('{"code":500,"msg":"系统繁忙，请稍后重试","data":null}', Other("not a page: JSON that lists no articles")),
        ('{"code":401,"message":"请先登录"}', Blocked("登录: 请先登录")),
    ],
)
def test_a_document_for_scripts_says_so_too(json: str, reading: Reading) -> None:
    assert got("")
    headers = (("Content-Type", "application/json"),)
    assert read(Capture(URL, "2024-06-01T00:00:00Z", 200, headers, json.encode())) == reading


def test_a_server_that_answers_404_in_its_own_words() -> None:
    body = (
        "<h1>HTTP Status 404 – Not Found</h1><p><b>Type</b> Status Report</p>"
        + "<p>The origin server did not find it</p>" * 9
    )
    assert got(body, "HTTP Status 404 – Not Found") == Gone("soft 404: HTTP Status 404 – Not Found")


def test_a_text_that_is_not_there_yet_is_empty() -> None:
    head = "<h1>鹿峰县召开防汛工作会议部署工作</h1><div>发布时间：2024-05-11</div>"
    reading = got(f"{head}<div id=zoom><p>加载中...</p></div>", "鹿峰县召开防汛工作会议部署工作")
    assert isinstance(reading, Article)
    assert reading.body == ""
