"""Tests how an article's fields, container, files and columns are found and weighed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.items import Article, Attachment, Capture, Evidence, Layout, Listing, Other, Reading
from lufeng_crawler.pages import read, recognise
from lufeng_crawler.pages.article.title import find_confirmed_line
from lufeng_crawler.pages.families.registry import FAMILIES
from lufeng_crawler.pages.html.evidence import Finding, weigh_findings
from lufeng_crawler.pages.html.page import parse

URL = "http://www.lanwan.example/tzgg/88.html"
TEXT = (
    "<p>为做好暑期防溺水工作，现将有关事项通知如下。请各学校高度重视，层层压实责任，"
    "开好主题班会，发放告家长书，做到家喻户晓。</p>"
)
TITLE = "关于做好防溺水工作的通知"


def got(html: str, layout: Layout = Layout()) -> Reading:  # noqa: B008
    return read(Capture(URL, "2024-06-01T00:00:00Z", 200, (("Content-Type", "text/html"),), html.encode()), layout)


def article(fields: str = "", body: str = TEXT, head: str = "", foot: str = "") -> Article:
    page = (
        f"<title>{TITLE}-蓝湾市</title>{head}<h1>{TITLE}</h1><div>{fields}</div>"
        f"<div id='zoom'>{body}</div><div>{foot}</div>"
    )
    reading = got(page)
    assert isinstance(reading, Article), reading
    return reading


def test_an_empty_label_is_none() -> None:
    found = article("作者：&nbsp;&nbsp;来源：&nbsp;&nbsp;日期：2024-05-11")
    assert (found.author, found.source, found.published) == (None, None, "2024-05-11")


def test_absent_stays_none() -> None:
    found = article()
    assert {found.author, found.source, found.editor, found.publisher, found.doc_number, found.published} == {None}


def test_a_date_without_a_label() -> None:
    assert article("2024-05-11<em>作者：</em>浏览次数：<span></span>").published == "2024-05-11"


def test_when_it_was_signed_is_not_when_it_was_published() -> None:
    assert article("成文日期：2024-05-10").published is None


def test_the_visible_date_goes_before_the_tag_and_the_disagreement_is_kept() -> None:
    found = article("发布时间：2024-05-11", head="<meta name='PubDate' content='2024-05-12 09:30'>")
    assert found.published == "2024-05-11"
    assert found.provenance["published"] == Evidence(
        "label line", "2024-05-11", "meta pubdate", "2024-05-12T09:30:00+08:00"
    )


def test_of_one_day_the_more_precise_wins() -> None:
    found = article("发布时间：2024-05-11", head="<meta name='PubDate' content='2024-05-11 09:30'>")
    assert found.published == "2024-05-11T09:30:00+08:00"


def test_the_sites_name_is_no_source_and_the_tags_author_no_author() -> None:
    head = "<meta name='SiteName' content='蓝湾市'><meta name='ContentSource' content='蓝湾市'>"
    found = article(head=head + "<meta name='Author' content='admin'>")
    assert (found.source, found.author) == (None, None)


def test_the_tags_source_counts_where_readers_see_it_or_its_label() -> None:
    head = "<meta name='SiteName' content='蓝湾市人民政府网'><meta name='ContentSource' content='蓝湾日报'>"
    assert article(head=head).source is None
    assert article("2024-05-11 来源：", head=head).source == "蓝湾日报"
    assert article("2024-05-11 蓝湾日报", head=head).source == "蓝湾日报"
    assert article("<script>document.write('来源：' + from)</script>", head=head).source == "蓝湾日报"


def test_who_runs_the_site_is_a_source_only_in_the_label_line() -> None:
    head = "<meta name='SiteName' content='蓝湾市教育局门户网站'>"
    assert article("来源：教育局", head=head).source == "教育局"
    assert article(head=head, foot="<p>来源：蓝湾市教育局</p>").source is None


def test_of_two_sources_that_differ_by_a_place_in_brackets_the_plain_one() -> None:
    assert article("来源：蓝湾日报(北京)", foot="<p>本文来源：蓝湾日报</p>").source == "蓝湾日报"


def test_an_original_is_copied_from_nowhere_and_a_copy_from_its_source() -> None:
    original = article("发布时间：2024-05-11 来源：防汛办 文章类型：原创")
    assert original.source is None
    assert original.provenance["kind"] == Evidence("label line", "原创", "label line", "防汛办")
    assert article("发布时间：2024-05-11 来源：蓝湾日报 文章类型：转载").source == "蓝湾日报"


def test_a_date_behind_the_labels_of_its_line() -> None:
    assert article("来源：外贸科 类型：原创 2024-05-11 16:56").published == "2024-05-11T16:56:00+08:00"
    assert article("来源：外贸科 截止日期：2024-05-11").published is None


def test_a_number_in_a_wide_table_is_another_documents() -> None:
    cells = "<td>1</td><td>甲公司</td><td>蓝教罚〔2024〕12号</td>"
    assert article(body=f"{TEXT}<table><tr>{cells}</tr></table>").doc_number is None
    pair = "<td>决定书文号</td><td>蓝教罚〔2024〕12号</td>"
    assert article(body=f"<table><tr>{pair}</tr></table>{TEXT}").doc_number == "蓝教罚〔2024〕12号"


def test_what_a_script_has_set_aside_is_not_seen() -> None:
    assert article("<p hidden>来源：甲</p><p class='a ng-hide'>作者：乙</p>").provenance.keys() == {"title", "body"}


def test_links_to_other_texts_behind_the_text_are_not_its_own() -> None:
    links = "<div><a href='1.html'>蓝湾市召开防汛工作会议</a> <a href='2.html'>蓝湾市开展植树活动</a></div>"
    assert article(body=f"{TEXT}{links}<p>本文来源：蓝湾日报 责任编辑：甲</p>").body == TEXT[3:-4]
    files = "<div><a href='1.pdf'>附件1：防溺水工作方案</a></div>"
    assert article(body=TEXT + files).body.endswith("防溺水工作方案")


def test_files_whose_addresses_a_mirror_took() -> None:
    body = (
        "<p>附 &nbsp;件：<a href='javascript:;'>1.工作方案</a></p><p><a href='javascript:;'>2.名单</a></p>"
        "<p><a href='javascript:;' title='20240511.docx'>统计表</a>"
        "<a href='javascript:;' oldsrc='W020240511.pdf'>．《手册》</a></p>"
    )
    assert article(body=TEXT + body).attachments == (
        Attachment("", "1.工作方案"),
        Attachment("", "2.名单"),
        Attachment("", "统计表"),
        Attachment("http://www.lanwan.example/tzgg/W020240511.pdf", "．《手册》"),
    )


def test_a_standing_page_is_no_article() -> None:
    page = "<title>学校简介</title><h1>学校简介</h1><div id='zoom'>"
    assert isinstance(got(f"{page}{TEXT}</div>"), Other)
    assert isinstance(got(f"{page}{TEXT}<p>来源：蓝湾日报</p></div>"), Article)


def test_a_line_inside_the_text_stays_and_fills_its_field() -> None:
    found = article(body=f"<p>蓝教〔2024〕12号</p>{TEXT}<p>（责任编辑：甲乙）</p>")
    assert (found.doc_number, found.editor) == ("蓝教〔2024〕12号", "甲乙")
    assert found.body.splitlines()[0] == "蓝教〔2024〕12号"
    assert found.body.splitlines()[-1] == "（责任编辑：甲乙）"


def test_a_line_under_the_text() -> None:
    found = article(foot="<p>来源：蓝湾日报</p><p>责任编辑：甲乙</p><p>上一篇：来源：别处</p>")
    assert (found.source, found.editor) == ("蓝湾日报", "甲乙")


def test_an_information_table() -> None:
    cells = "<tr><td>索 引 号：</td><td>99/2024-1</td><td>发布机构：</td><td>蓝湾市教育局</td></tr>"
    found = article(head=f"<table>{cells}<tr><td>发文字号：</td><td>蓝教〔2024〕12号</td></tr></table>")
    assert (found.index_number, found.publisher, found.doc_number) == ("99/2024-1", "蓝湾市教育局", "蓝教〔2024〕12号")


def test_nothing_around_the_container_is_text() -> None:
    assert article("来源：蓝湾日报", foot="<p>上一篇：别的</p><p>分享到</p>").body == TEXT[3:-4]


def test_files_and_pictures() -> None:
    body = (
        f"{TEXT}<p><a href='a.PDF?x=1'>告家长书</a><a href='b.html'>别的网页</a></p><p>附件：<a href='c'>名单</a></p>"
        "<p><img src='data:image/gif;base64,AA' data-src='1.jpg'><img src='1.jpg'><img src='/2.png'></p>"
        "<p><a href='http://else.example/x.pdf'>http://else.example/x.pdf</a></p>"
    )
    found = article(body=body)
    assert found.attachments == (
        Attachment("http://www.lanwan.example/tzgg/a.PDF?x=1", "告家长书"),
        Attachment("http://www.lanwan.example/tzgg/c", "名单"),
    )
    assert found.images == ("http://www.lanwan.example/tzgg/1.jpg", "http://www.lanwan.example/2.png")


def test_what_runs_is_not_kept() -> None:
    body = f"{TEXT}<p onclick='a()'>一<a href='javascript:a()'>二</a><iframe src='x'></iframe><script>a()</script></p>"
    html = article(body=body).body_html
    assert "为做好" in html
    assert not {word for word in ("onclick", "javascript", "iframe", "script", "style") if word in html}


def test_a_text_in_no_known_container() -> None:
    inside = f"<h2>{TITLE}</h2><p>发布时间：2024-05-11 来源：蓝湾日报</p>{TEXT * 3}<p>上一篇：无</p>"
    page = f"<title>{TITLE}</title><div class='q'>{inside}</div>"
    found = got(page)
    assert isinstance(found, Article)
    assert (found.title, found.published, found.source) == (TITLE, "2024-05-11", "蓝湾日报")
    assert found.body.splitlines() == [TEXT[3:-4]] * 3


def test_a_long_text_that_states_nothing_is_no_article() -> None:
    assert isinstance(got(f"<title>单位简介</title><div class='q'>{TEXT * 3}</div>"), Other)


def test_related_articles_beside_it_make_no_listing() -> None:
    related = "".join(f"<li><a href='{n}.html'>关于第{n}号事项的通知</a>2024-05-0{n}</li>" for n in range(1, 9))
    assert isinstance(
        got(f"<title>{TITLE}</title><h1>{TITLE}</h1><div id='zoom'>{TEXT}</div><ul>{related}</ul>"), Article
    )


def vsb(inside: str, fields: str = "", foot: str = "") -> Article:
    found = got(
        f"<!--Announced by Visual SiteBuilder 9--><title>{TITLE}-蓝湾市</title><form name='_newscontent_fromname'>"
        f"<div class='t'>{TITLE}</div><div>{fields}</div>{inside}{foot}</form>"
    )
    assert isinstance(found, Article), found
    assert found.family == "vsb"
    return found


def test_the_innermost_container_of_vsb() -> None:
    inner = f"<div id='vsb_content'><div class='v_news_content'>{TEXT}</div></div>"
    found = vsb(f"<div id='vsb_content'><div class='v_news_content'>{inner}<p>附件</p></div></div>")
    assert found.body == TEXT[3:-4]


def test_a_picture_is_a_legitimate_text_of_vsb() -> None:
    found = vsb(
        "<div id='vsb_content_2'><div class='v_news_content'><p><img src='/a.jpg' orisrc='/b.jpg'></p></div></div>"
    )
    assert (found.body, found.images) == ("", ("http://www.lanwan.example/b.jpg",))


def test_a_pdf_of_vsb_comes_with_advice_that_is_no_text() -> None:
    advice = "<ul><li>如果您无法在线浏览此 PDF 文件，则可以</li><li>下载免费小巧的 PDF 阅读器</li></ul>"
    file = "<li>附件【<a href='/system/_content/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=7'>公告</a>】</li>"
    found = vsb(f"<div id='vsb_content'><div class='v_news_content'><iframe></iframe>{advice}</div></div>", foot=file)
    assert (found.body, [each.text for each in found.attachments]) == ("", ["公告"])


def test_a_bracket_that_only_the_pages_title_has_is_put_back() -> None:
    assert find_confirmed_line(
        ["通知公告", "防溺水进校园", "一堂好课"], "【暑期安全】防溺水进校园一堂好课-蓝湾市", set()
    ) == ("【暑期安全】防溺水进校园 一堂好课")
    assert find_confirmed_line(["通知公告"], "通知公告-蓝湾市", {"通知公告"}) is None


def test_families_are_known_by_their_marks_never_by_host() -> None:
    assert recognise(parse(URL, "<!--Announced by Visual SiteBuilder 9-->")).name == "vsb"
    assert recognise(parse(URL, "<div class='v_news_content'>")).name == "generic"
    assert recognise(parse(URL, '<div class="v_news_content"></div><li id="line_u5_0">')).name == "vsb"
    assert recognise(parse(URL, "<p>"), "vsb").name == "vsb"
    assert recognise(parse(URL, "<p>"), "unheard of").name == "generic"
    assert len({family.name for family in FAMILIES}) == len(FAMILIES)


def test_the_first_finding_wins_and_a_disagreement_is_kept() -> None:
    weighed = weigh_findings(
        [Finding("source", "甲", "a"), Finding("source", "甲 ", "b"), Finding("source", "乙", "c")]
    )
    assert weighed == {"source": Evidence("a", "甲", "c", "乙")}


@given(st.lists(st.tuples(st.sampled_from(["source", "published"]), st.sampled_from("甲乙丙"), st.text(max_size=3))))
def test_a_value_always_comes_from_a_finding(findings: list[tuple[str, str, str]]) -> None:
    weighed = weigh_findings(Finding(*finding) for finding in findings)
    assert {(field, evidence.value) for field, evidence in weighed.items()} <= {finding[:2] for finding in findings}


@pytest.mark.parametrize("title", ["", "蓝湾市教育局"])
def test_a_title_that_the_page_does_not_confirm(title: str) -> None:
    above = f"<div>首页 > 通知公告</div><div>{TITLE}</div><p>日期：2024-05-11</p>"
    found = got(f"<title>{title}</title>{above}<div id='zoom'>{TEXT}</div>")
    assert isinstance(found, Article)
    assert (found.title, found.columns) == (TITLE, ("通知公告",))


def test_a_headline_that_only_the_pages_title_has() -> None:
    found = got(f"<title>{TITLE} - 蓝湾市人民政府门户网站</title><p>日期：2024-05-11</p><div id='zoom'>{TEXT}</div>")
    assert isinstance(found, Article)
    assert (found.title, found.provenance["title"].rule) == (TITLE, "the beginning of <title>")


def test_a_page_with_a_thousand_links_in_one_box_takes_no_long() -> None:
    links = "<a href='a.pdf'>附件</a>" * 5_000
    assert len(article(body=f"{TEXT * 400}<div>{links}</div>").attachments) == 1


def test_a_long_text_outweighs_the_lines_beside_it() -> None:
    beside = "".join(f"<li><a href='{n}.htm'>关于停水的通知之{n}</a> 2024-05-0{n}</li>" for n in range(1, 5))
    labels = "<p>来源：蓝湾市教育局 2024-05-11</p>"
    reading = got(f"<title>蓝湾市</title><div><b>{TITLE}</b>{TEXT * 4}</div>{labels}<h4>相关阅读</h4><ul>{beside}</ul>")
    assert isinstance(reading, Article)
    assert reading.body.count("现将有关事项通知如下") == 4


def test_lines_with_summaries_are_a_listing() -> None:
    rows = "".join(f"<li><a href='{n}.htm'>关于停水的通知之{n}</a> 2024-05-0{n}{TEXT}</li>" for n in range(1, 5))
    reading = got(f"<title>通知公告</title><ul>{rows}</ul>")
    assert isinstance(reading, Listing)
    assert len(reading.entries) == 4


def test_buttons_over_a_guessed_text_do_not_end_it() -> None:
    reading = got(
        f"<title>{TITLE}</title><div><p>{TITLE}</p><p>2024-05-11 来源：教育局</p><p>打印</p>{TEXT * 2}<p>打印</p></div>"
    )
    assert isinstance(reading, Article)
    assert reading.body.count("现将有关事项通知如下") == 2
    assert "打印" not in reading.body
