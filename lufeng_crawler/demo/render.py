"""The county's pages as HTML, built the way a site on 博达 VSB builds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from html import escape
from importlib.resources import files
from itertools import groupby
from string import Template

from lufeng_crawler.demo import article_body
from lufeng_crawler.demo.county import County, DemoArticle, DemoColumn
from lufeng_crawler.demo.media import OWNER
from lufeng_crawler.demo.skins import NOTICE, SKINS, Skin

SITE = "鹿峰县人民政府"


def render_home(county: County) -> str:
    """The home page: the navigation, and the newest lines of every column."""
    blocks = "\n".join(_block(county, column) for column in county.columns)
    return _page(county, SITE, f'<div class="columns">\n{blocks}\n</div>', jsp="/index.jsp")


def render_listing(county: County, column: DemoColumn, path: str) -> str:
    """One page of a column, by its address."""
    pages = county.pages(column)
    paths = list(pages)
    main = _fill(
        "listing.html",
        position=_position(county, column),
        rows=_rows(column, pages[path]),
        tree=str(column.id),
        total=str(len(county.listing(column))),
        number=str(paths.index(path) + 1),
        count=str(len(paths)),
        links=_pager(paths, paths.index(path)),
    )
    return _page(county, f"{column.name}-{SITE}", main, column, jsp="/list.jsp")


def render_article(county: County, column: DemoColumn, one: DemoArticle) -> str:
    """An article under one of its columns."""
    main = _fill(
        "article.html",
        position=_position(county, column),
        title=escape(one.title),
        published=_day(one.published),
        author=escape(one.author),
        source=escape(one.source),
        owner=str(OWNER),
        id=str(one.id),
        share=SKINS[county.skin].share,
        documents=article_body.render_document_table(one),
        body=article_body.render_text(one),
        attachments=article_body.render_attachments(one),
        neighbours=_neighbours(county, column, one),
    )
    return _page(county, f"{one.title}-{SITE}", main, column, jsp="/content.jsp", news=one.id)


def render_about(county: County) -> str:
    """The page that says what the demo is."""
    return _page(county, f"关于本站-{SITE}", _fill("about.html"), jsp="/about.jsp")


def render_prompt(title: str, message: str) -> str:
    """A page of the system itself, without the site's template: an error, or VSB's 系统提示."""
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f'<body><div style="text-align:center;padding:60px 16px"><h3>{title}</h3><p>{message}</p>\n'
        f'<p><a href="/index.htm">返回首页</a></p>\n'
        f'<p style="color:#6b5200"><small>{NOTICE}</small></p></div></body></html>\n'
    )


def _page(county: County, title: str, main: str, column: DemoColumn | None = None, *, jsp: str, news: int = -1) -> str:
    look = SKINS[county.skin]
    return _fill(
        "page.html",
        charset=column.charset if column else "utf-8",
        title=escape(title),
        keywords=f"{SITE},{column.name}" if column else SITE,
        style=_fill("style.css", accent=look.accent).strip(),
        tree=str(column.id if column else 1000),
        jsp=jsp,
        news=str(news),
        owner=str(OWNER),
        notice=NOTICE,
        motto=look.motto,
        nav=_nav(county, look),
        main=main,
        foot="\n".join(f"<p>{line}</p>" for line in look.foot),
    )


def _fill(name: str, **words: str) -> str:
    return _template(name).substitute(words)


@lru_cache
def _template(name: str) -> Template:
    return Template(files(__package__).joinpath("templates", name).read_text("utf-8"))


def _day(day: date) -> str:
    return f"{day.year}年{day.month:02}月{day.day:02}日"


def _link(url: str, text: str) -> str:
    shown = text if len(text) <= 30 else f"{text[:29]}..."
    return f'<a href="{escape(url)}" title="{escape(text)}">{escape(shown)}</a>'


def _nav(county: County, look: Skin) -> str:
    tops = groupby(sorted(county.columns, key=lambda column: not column.parent), key=lambda column: column.trail[0])
    items = [_link("/index.htm", "首页")]
    items += [_nav_item(name, list(columns)) for name, columns in tops]
    items += [_link(url, text) for text, url in look.links]
    return "\n".join(f"<li>{item}</li>" for item in items)


def _nav_item(name: str, columns: Sequence[DemoColumn]) -> str:
    below = "".join(f"<li>{_link(column.path, column.name)}</li>" for column in columns if column.parent)
    return _link(columns[0].path, name) + (f"<ul>{below}</ul>" if below else "")


def _position(county: County, column: DemoColumn) -> str:
    paths = {one.parent: one.path for one in reversed(county.columns) if one.parent} | {column.name: column.path}
    steps = [("首页", "/index.htm"), *((name, paths[name]) for name in column.trail)]
    spans = " &gt;&gt; ".join(f'<span><a href="{path}">{name}</a></span>' for name, path in steps)
    return f'<div class="position">当前位置: {spans}</div>'


def _block(county: County, column: DemoColumn) -> str:
    rows = _rows(column, county.listing(column)[:6])
    return f'<div><h2>{_link(column.path, column.name)}</h2>\n<ul class="list">\n{rows}\n</ul></div>'


def _rows(column: DemoColumn, articles: Iterable[DemoArticle]) -> str:
    return "\n".join(_row(column, number, one) for number, one in enumerate(articles))


def _row(column: DemoColumn, number: int, one: DemoArticle) -> str:
    top = '<em class="top">置顶</em>' if one.pinned else ""
    link = _link(one.listed_url(column.id), one.title)
    shown = column.date.format(one.published)
    return f'<li id="line_u{column.id % 100}_{number}">{top}{link}<div class="date">{shown}</div></li>'


def _pager(paths: Sequence[str], at: int) -> str:
    before, after = paths[:at], paths[at + 1 :]
    back = _step("首页", "Prev", before[:1]) + _step("上页", "Prev", before[-1:])
    return back + _step("下页", "Next", after[:1]) + _step("尾页", "Next", after[-1:])


def _step(text: str, kind: str, to: Sequence[str]) -> str:
    return f'<a href="{to[0]}" class="{kind}">{text}</a>' if to else f'<span class="{kind}Disabled">{text}</span>'


def _neighbours(county: County, column: DemoColumn, one: DemoArticle) -> str:
    others = [other for other in county.listing(column) if not other.link]
    newer = min((other for other in others if _age(other) > _age(one)), key=_age, default=None)
    older = max((other for other in others if _age(other) < _age(one)), key=_age, default=None)
    named = (("上一条：", newer), ("下一条：", older))
    return "<br>\n".join(name + _link(other.listed_url(column.id), other.title) for name, other in named if other)


def _age(one: DemoArticle) -> tuple[date, int]:
    return one.published, one.news_id
