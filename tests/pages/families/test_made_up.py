"""Shows that a new CMS takes one module and its registration: every rule then knows what is the CMS's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lufeng_crawler.items import Article, Attachment, Capture, Listing, Other, Reading
from lufeng_crawler.pages import read
from lufeng_crawler.pages.families import registry
from lufeng_crawler.pages.html.conventions import article_key
from lufeng_crawler.pages.site_profile import read_site_profile
from tests.pages.families import made_up

URL = "http://www.site.example/made-up/7.view"
TEXT = "鹿峰县今日召开防汛工作会议，部署下一阶段工作。"
PAGE = f"""<title>鹿峰县政府网</title><!-- Made by Made-Up CMS -->
<MUHeadline>关于召开防汛工作会议的通知</MUHeadline><p>发布日期：2024-05-11</p>
<MUText><muline>{TEXT}</muline><muline>会议要求各镇做好准备。</muline>
<a href="/made-up/file?no=5">附表</a><a href="javascript:get(6)" mu-href="6.pdf">名单</a>
<img src="blank.gif" mu-src="8.jpg"></MUText>"""
DOCUMENT = "made-up list\nrow 7.view 关于召开防汛工作会议的通知\nrow 8.view 关于停水的通知\n"


@pytest.fixture
def registered() -> Iterator[None]:
    registry.register((*registry.FAMILIES, made_up.FAMILY))
    yield
    registry.register(registry.FAMILIES)


def reading(body: str, mime: str = "text/html") -> Reading:
    return read(Capture(URL, "2024-06-01T00:00:00Z", 200, (("Content-Type", mime),), body.encode()))


def article() -> Article:
    found = reading(PAGE)
    assert isinstance(found, Article), found
    return found


@pytest.mark.usefixtures("registered")
def test_its_article_ids_are_keys() -> None:
    assert article_key(URL) == article().key == "7"


@pytest.mark.usefixtures("registered")
def test_its_own_tags_hold_headline_and_text() -> None:
    found = article()
    assert (found.family, found.title) == ("made-up", "关于召开防汛工作会议的通知")
    assert found.body.split("\n")[:2] == [TEXT, "会议要求各镇做好准备。"]
    assert found.provenance["body"].rule == "generic: mutext#."


@pytest.mark.usefixtures("registered")
def test_its_downloads_are_attachments() -> None:
    files = (("file?no=5", "附表"), ("6.pdf", "名单"))
    assert article().attachments == tuple(
        Attachment(f"http://www.site.example/made-up/{name}", text) for name, text in files
    )


@pytest.mark.usefixtures("registered")
def test_its_pictures_are_those_it_means() -> None:
    assert article().images == ("http://www.site.example/made-up/8.jpg",)


@pytest.mark.usefixtures("registered")
def test_its_listing_documents_are_read() -> None:
    listing = reading(DOCUMENT, "text/plain")
    assert isinstance(listing, Listing)
    assert [(entry.key, entry.title) for entry in listing.entries] == [
        ("7", "关于召开防汛工作会议的通知"),
        ("8", "关于停水的通知"),
    ]


@pytest.mark.usefixtures("registered")
def test_its_articles_are_no_columns() -> None:
    links = [("通知", "7.view"), ("公告", "old/9"), ("要闻", "news/")]
    markup = "".join(f"<a href='{href}'>{name}</a>" for name, href in links)
    profile = read_site_profile(Capture("http://www.site.example/made-up/", "", 200, (), markup.encode()))
    assert [link.name for link in profile.links] == ["要闻"]


def test_nothing_knows_it_unregistered() -> None:
    assert article_key(URL) == URL
    assert isinstance(reading(DOCUMENT, "text/plain"), Other)
    found = article()
    assert (found.family, found.attachments) == ("generic", ())
    assert "mutext" not in found.provenance["body"].rule
    assert TEXT not in found.body.split("\n")  # its lines break at no tag that is not known
