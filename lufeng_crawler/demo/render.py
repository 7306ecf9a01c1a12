"""Renders the county's pages as HTML, built the way a site on 博达 VSB builds them."""

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
    """Render the home page: the navigation, and the newest entries of every column."""
    blocks = "\n".join(_render_column_block(county, column) for column in county.columns)
    return _render_page(county, SITE, f'<div class="columns">\n{blocks}\n</div>', jsp="/index.jsp")


def render_listing(county: County, column: DemoColumn, path: str) -> str:
    """Render one page of a column, by its URL."""
    pages = county.pages(column)
    paths = list(pages)
    main = _fill_template(
        "listing.html",
        position=_render_breadcrumb(county, column),
        rows=_render_rows(column, pages[path]),
        tree=str(column.id),
        total=str(len(county.listing(column))),
        number=str(paths.index(path) + 1),
        count=str(len(paths)),
        links=_render_pager(paths, paths.index(path)),
    )
    return _render_page(county, f"{column.name}-{SITE}", main, column, jsp="/list.jsp")


def render_article(county: County, column: DemoColumn, article: DemoArticle) -> str:
    """Render an article under one of its columns."""
    main = _fill_template(
        "article.html",
        position=_render_breadcrumb(county, column),
        title=escape(article.title),
        published=_format_date(article.published),
        author=escape(article.author),
        source=escape(article.source),
        owner=str(OWNER),
        id=str(article.id),
        share=SKINS[county.skin].share,
        documents=article_body.render_document_table(article),
        body=article_body.render_text(article),
        attachments=article_body.render_attachments(article),
        neighbours=_render_neighbours(county, column, article),
    )
    return _render_page(county, f"{article.title}-{SITE}", main, column, jsp="/content.jsp", news=article.id)


def render_about(county: County) -> str:
    """Render the page that says what the demo is."""
    return _render_page(county, f"关于本站-{SITE}", _fill_template("about.html"), jsp="/about.jsp")


def render_prompt(title: str, message: str) -> str:
    """Render a page of the system itself, without the site's template: an error, or VSB's 系统提示."""
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f'<body><div style="text-align:center;padding:60px 16px"><h3>{title}</h3><p>{message}</p>\n'
        f'<p><a href="/index.htm">返回首页</a></p>\n'
        f'<p style="color:#6b5200"><small>{NOTICE}</small></p></div></body></html>\n'
    )


def _render_page(
    county: County, title: str, main: str, column: DemoColumn | None = None, *, jsp: str, news: int = -1
) -> str:
    skin = SKINS[county.skin]
    return _fill_template(
        "page.html",
        charset=column.charset if column else "utf-8",
        title=escape(title),
        keywords=f"{SITE},{column.name}" if column else SITE,
        style=_fill_template("style.css", accent=skin.accent).strip(),
        tree=str(column.id if column else 1000),
        jsp=jsp,
        news=str(news),
        owner=str(OWNER),
        notice=NOTICE,
        motto=skin.motto,
        nav=_render_navigation(county, skin),
        main=main,
        foot="\n".join(f"<p>{line}</p>" for line in skin.foot),
    )


def _fill_template(name: str, **words: str) -> str:
    return _load_template(name).substitute(words)


@lru_cache
def _load_template(name: str) -> Template:
    return Template(files(__package__).joinpath("templates", name).read_text("utf-8"))


def _format_date(day: date) -> str:
    return f"{day.year}年{day.month:02}月{day.day:02}日"


def _render_link(url: str, text: str) -> str:
    shown = text if len(text) <= 30 else f"{text[:29]}..."
    return f'<a href="{escape(url)}" title="{escape(text)}">{escape(shown)}</a>'


def _render_navigation(county: County, skin: Skin) -> str:
    tops = groupby(sorted(county.columns, key=lambda column: not column.parent), key=lambda column: column.trail[0])
    items = [_render_link("/index.htm", "首页")]
    items += [_render_navigation_item(name, list(columns)) for name, columns in tops]
    items += [_render_link(url, text) for text, url in skin.links]
    return "\n".join(f"<li>{item}</li>" for item in items)


def _render_navigation_item(name: str, columns: Sequence[DemoColumn]) -> str:
    below = "".join(f"<li>{_render_link(column.path, column.name)}</li>" for column in columns if column.parent)
    return _render_link(columns[0].path, name) + (f"<ul>{below}</ul>" if below else "")


def _render_breadcrumb(county: County, column: DemoColumn) -> str:
    paths = {each.parent: each.path for each in reversed(county.columns) if each.parent} | {column.name: column.path}
    steps = [("首页", "/index.htm"), *((name, paths[name]) for name in column.trail)]
    spans = " &gt;&gt; ".join(f'<span><a href="{path}">{name}</a></span>' for name, path in steps)
    return f'<div class="position">当前位置: {spans}</div>'


def _render_column_block(county: County, column: DemoColumn) -> str:
    rows = _render_rows(column, county.listing(column)[:6])
    return f'<div><h2>{_render_link(column.path, column.name)}</h2>\n<ul class="list">\n{rows}\n</ul></div>'


def _render_rows(column: DemoColumn, articles: Iterable[DemoArticle]) -> str:
    return "\n".join(_render_row(column, number, article) for number, article in enumerate(articles))


def _render_row(column: DemoColumn, number: int, article: DemoArticle) -> str:
    top = '<em class="top">置顶</em>' if article.pinned else ""
    link = _render_link(article.listed_url(column.id), article.title)
    shown = column.date.format(article.published)
    return f'<li id="line_u{column.id % 100}_{number}">{top}{link}<div class="date">{shown}</div></li>'


def _render_pager(paths: Sequence[str], index: int) -> str:
    before, after = paths[:index], paths[index + 1 :]
    back = _render_pager_link("首页", "Prev", before[:1]) + _render_pager_link("上页", "Prev", before[-1:])
    return back + _render_pager_link("下页", "Next", after[:1]) + _render_pager_link("尾页", "Next", after[-1:])


def _render_pager_link(text: str, kind: str, targets: Sequence[str]) -> str:
    return (
        f'<a href="{targets[0]}" class="{kind}">{text}</a>'
        if targets
        else f'<span class="{kind}Disabled">{text}</span>'
    )


def _render_neighbours(county: County, column: DemoColumn, article: DemoArticle) -> str:
    others = [other for other in county.listing(column) if not other.link]
    newer = min(
        (other for other in others if _publication_order(other) > _publication_order(article)),
        key=_publication_order,
        default=None,
    )
    older = max(
        (other for other in others if _publication_order(other) < _publication_order(article)),
        key=_publication_order,
        default=None,
    )
    named = (("上一条：", newer), ("下一条：", older))
    return "<br>\n".join(
        name + _render_link(other.listed_url(column.id), other.title) for name, other in named if other
    )


def _publication_order(article: DemoArticle) -> tuple[date, int]:
    return article.published, article.news_id
