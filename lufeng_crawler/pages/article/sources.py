"""Decides whether a source that stands elsewhere than in the label line says where a text was copied from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from lufeng_crawler.items import Evidence
from lufeng_crawler.pages.html.evidence import Finding
from lufeng_crawler.pages.text.whitespace import collapse_spaces

_SOURCE_LABEL = re.compile(r"来\s?源\s?[:：]")
_STRING_START = re.compile(r"""["'][^"'<>\n]{0,12}$""")


def drop_source_of_originals(evidence: dict[str, Evidence]) -> dict[str, Evidence]:
    """Return the fields without a source where the page calls its text an original (文章类型：原创).

    国家金融监督管理总局 and its bureaus explain below each page that these are their own; what 来源 names there is the
    office that wrote it. It is kept as the disagreeing value of `kind`.
    """
    kind = evidence.get("kind")
    if kind and kind.value.startswith("原创") and (source := evidence.pop("source", None)):
        evidence["kind"] = replace(kind, other_rule=source.rule, other_value=source.value)
    return evidence


def drop_site_as_source(findings: Iterable[Finding], tags: Mapping[str, str]) -> Iterator[Finding]:
    """Return the findings without a source that only names the site or who runs it.

    教育部 is no source on 中华人民共和国教育部政府门户网站, where no label line says that it is.
    """
    site = collapse_spaces(tags.get("sitename", ""))
    return (finding for finding in findings if finding.field != "source" or collapse_spaces(finding.value) not in site)


def keep_shown_sources(
    findings: Iterable[Finding], tags: Mapping[str, str], zone: Sequence[str], source: str
) -> Iterator[Finding]:
    """Yield the tags' findings without a source that no reader sees: neither its name nor a label that a script fills.

    Sites fill the tag with the account that put a text up; only a source that they also show is meant as one. `zone`
    holds the lines round the title, `source` is the page's markup.
    """
    shown = collapse_spaces("\n".join(zone))
    for finding in drop_site_as_source(findings, tags):
        is_shown = collapse_spaces(finding.value) in shown or "来源" in shown
        if finding.field != "source" or is_shown or _is_label_in_script(source):
            yield finding


def _is_label_in_script(source: str) -> bool:
    """Return whether a string in the markup, as scripts write them, begins with the label."""
    labels = _SOURCE_LABEL.finditer(source)
    return any(_STRING_START.search(source, max(0, label.start() - 13), label.start()) for label in labels)
