"""Renders an article's own part of its page: the table of a document, the body, the attachments."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby

from lufeng_crawler.demo.county import DemoArticle, split_cells
from lufeng_crawler.demo.media import attachment_url, picture_url


def render_document_table(article: DemoArticle) -> str:
    """Render the 政府信息公开 table above a document; nothing above other articles."""
    if not article.index_number:
        return ""
    stated = (("索引号", article.index_number), ("发文字号", article.doc_number), ("发布机构", article.publisher))
    rows = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in stated if value)
    return f'<table class="xxgk">{rows}</table>'


def render_text(article: DemoArticle) -> str:
    """Render the content of `div.v_news_content`."""
    parts = groupby(article.body.splitlines(), key=lambda line: line.startswith("|"))
    return "\n".join(_render_table(lines) if table else _render_paragraphs(article, lines) for table, lines in parts)


def _render_table(lines: Iterable[str]) -> str:
    rows = ("".join(f"<td>{escape(cell)}</td>" for cell in split_cells(line)) for line in lines)
    return "<table><tbody>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</tbody></table>"


def _render_paragraphs(article: DemoArticle, lines: Iterable[str]) -> str:
    return "\n".join(_render_paragraph(article, line[0], escape(split_cells(line)[0])) for line in lines)


def _render_paragraph(article: DemoArticle, mark: str, text: str) -> str:
    if mark == ">":
        return f'<p style="text-align: right;">{text}</p>'
    if mark == "!":
        url = picture_url(article.picture)
        image = f'<img src="{url}" orisrc="{url}" width="640" height="360" alt="" class="img_vsb_content">'
        return f'<p class="vsbcontent_img">{image}</p>\n<p style="text-align: center;">{text}</p>'
    return f"<p>{text}</p>"


def render_attachments(article: DemoArticle) -> str:
    """Render the list below the body, as VSB words it."""
    if not article.attachment:
        return ""
    link = f'<a href="{escape(attachment_url(article.news_id))}" target="_blank">{escape(article.attachment)}</a>'
    return f"<ul><li>附件【{link}】</li></ul>"
