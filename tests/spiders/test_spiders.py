"""Scrapy's door to the sites, and what Scrapy itself is told."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader

from lufeng_crawler import settings as ours
from lufeng_crawler.sites import load_all_sites
from lufeng_crawler.spiders import SiteLoader
from lufeng_crawler.spiders.news import NewsSpider
from tests.support.commands import site


@pytest.fixture
def loader(tmp_path: Path) -> SiteLoader:
    sites = site(tmp_path, DOWNLOAD_DELAY=7)
    with (sites / "county.toml").open("a", encoding="utf-8") as file:
        file.write('EXTENSIONS = { "made.up" = 1 }\n')
    return SiteLoader(sites)


def test_every_site_file_is_a_spider(loader: SiteLoader) -> None:
    assert loader.list() == sorted({"county", *load_all_sites()})
    spider = loader.load("county")
    assert issubclass(spider, NewsSpider)
    assert (spider.name, spider.site.title) == ("county", "county")


def test_scrapy_takes_it_for_a_spider_loader() -> None:
    found = get_spider_loader(Settings({"SPIDER_LOADER_CLASS": "lufeng_crawler.spiders.SiteLoader"}))
    assert isinstance(found, SiteLoader)


def test_an_unknown_name_is_what_scrapy_expects_it_to_be(loader: SiteLoader) -> None:
    with pytest.raises(KeyError, match="no site is named countie; did you mean county"):
        loader.load("countie")


def test_who_may_be_asked_for_an_address(loader: SiteLoader) -> None:
    assert loader.find_by_request(Request("https://www.ynlf.gov.cn/a.htm")) == ["lufeng"]
    assert loader.find_by_request(Request("http://127.0.0.1:8047/")) == ["demo"]
    assert loader.find_by_request(Request("http://www.example.gov.cn/")) == []


def test_the_site_files_settings_are_added_to_ours(loader: SiteLoader) -> None:
    settings = Settings({"EXTENSIONS": {"of.ours": 0}}, priority="project")
    loader.load("county").update_settings(settings)
    assert settings.getint("DOWNLOAD_DELAY") == 7
    assert settings.getdict("EXTENSIONS") == {"of.ours": 0, "made.up": 1}


def test_settings_name_the_folder_of_site_files(tmp_path: Path) -> None:
    settings = Settings({"LUFENG_SITES": str(site(tmp_path))})
    assert "county" in SiteLoader.from_settings(settings).list()
    assert SiteLoader.from_settings(Settings()).list() == list(load_all_sites())


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("news@example.org", "news@example.org"),
        ("https://example.org/about?x=1", "https://example.org/about?x=1"),
        ("档案馆 (room 2)", "_ _room 2_"),
        ("a\r\nX-Evil: 1", "a_X-Evil: 1"),
    ],
)
def test_the_contact_is_of_letters_that_a_header_may_hold(
    monkeypatch: pytest.MonkeyPatch, given: str, shown: str
) -> None:
    monkeypatch.setenv("LUFENG_CONTACT", given)
    assert ours._contact() == shown


@pytest.mark.parametrize("problem", [KeyError("uid"), OSError("no user")])
def test_a_user_without_a_name_has_a_contact_too(monkeypatch: pytest.MonkeyPatch, problem: Exception) -> None:
    def nobody() -> str:
        raise problem

    monkeypatch.delenv("LUFENG_CONTACT", raising=False)
    monkeypatch.setattr("getpass.getuser", nobody)
    monkeypatch.setattr("socket.gethostname", lambda: "archive-1")
    assert ours._contact() == "root@archive-1"


def test_our_own_commands_add_to_the_settings() -> None:
    settings = ours.configured(LUFENG_SITES="my-sites")
    assert (settings["LUFENG_SITES"], settings["LOG_LEVEL"], settings["BOT_NAME"]) == (
        "my-sites",
        "ERROR",
        "lufeng-crawler",
    )
    assert ours.configured(LOG_LEVEL="INFO")["LOG_LEVEL"] == "INFO"


def test_what_law_7_asks_for_is_set() -> None:
    fresh = importlib.reload(ours)
    assert fresh.ROBOTSTXT_OBEY
    assert (fresh.CONCURRENT_REQUESTS, fresh.CONCURRENT_REQUESTS_PER_DOMAIN) == (1, 1)
    assert fresh.DOWNLOAD_DELAY >= 1
    assert dict.fromkeys(("file", "data", "s3", "ftp")) == fresh.DOWNLOAD_HANDLERS
    assert not fresh.REMOTE_CONTROL_ENABLED
    assert not fresh.TELNETCONSOLE_ENABLED
