"""Decides whether what is said of a text's source elsewhere than in its label line says where it was copied from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from lufeng_crawler.items import Evidence
from lufeng_crawler.pages.html.evidence import Finding
from lufeng_crawler.pages.text.whitespace import collapse_spaces

_LABEL = re.compile(r"来\s?源\s?[:：]")
_BEGUN = re.compile(r"""["'][^"'<>\n]{0,12}$""")


def drop_source_of_originals(found: dict[str, Evidence]) -> dict[str, Evidence]:
    """The fields without a source where the page calls its text an original (文章类型：原创).

    国家金融监督管理总局 and its bureaus explain below each page that these are their own; what 来源 names there is the
    office that wrote it. It is kept beside the page's word.
    """
    kind = found.get("kind")
    if kind and kind.value.startswith("原创") and (own := found.pop("source", None)):
        found["kind"] = replace(kind, other_rule=own.rule, other_value=own.value)
    return found


def drop_site_as_source(findings: Iterable[Finding], tags: Mapping[str, str]) -> Iterator[Finding]:
    """The findings without a source that only names the site or who runs it.

    教育部 is no source on 中华人民共和国教育部政府门户网站, where no label line says that it is.
    """
    site = collapse_spaces(tags.get("sitename", ""))
    return (found for found in findings if found.field != "source" or collapse_spaces(found.value) not in site)


def keep_shown_sources(
    findings: Iterable[Finding], tags: Mapping[str, str], zone: Sequence[str], source: str
) -> Iterator[Finding]:
    """The tags' findings without a source that no reader sees: neither its name nor a label that a script fills.

    Sites fill the tag with whoever put a text up; what they show of it is what they mean. `zone` holds the lines
    round the title, `source` is the page's markup.
    """
    seen = collapse_spaces("\n".join(zone))
    for found in drop_site_as_source(findings, tags):
        if found.field != "source" or collapse_spaces(found.value) in seen or "来源" in seen or _is_written(source):
            yield found


def _is_written(source: str) -> bool:
    """Whether a string in the markup, as scripts write them, begins with the label."""
    return any(_BEGUN.search(source, max(0, label.start() - 13), label.start()) for label in _LABEL.finditer(source))
