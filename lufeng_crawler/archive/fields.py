"""The fields of an article that a page states: the one table that storage, digests, search, commands and UI read.

To add a field, add it to `items.Article` and here, add its column in a migration of `db/schema.py` (and raise
`SCHEMA_VERSION`), describe it in `ui/tables.toml`, and teach `pages/article/labels.py` how pages label it. A test fails
for what was forgotten, labels excepted.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """A field by its name in `items.Article` and in the table `versions`, and what people call it.

    `digested`: a difference in it makes a new version. `searched`: it is a column of the full-text index. `aliases` are
    further names that a search query may use before the colon, beside `name` and `chinese`.
    """

    name: str
    english: str
    chinese: str
    digested: bool = False
    searched: bool = True
    aliases: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return the English name as it stands before a value."""
        return self.english[0].upper() + self.english[1:]


FIELDS = (
    Field("title", "title", "标题", digested=True),
    Field("published", "date", "日期", digested=True, searched=False),
    Field("author", "author", "作者", digested=True),
    Field("source", "source", "来源", digested=True),
    Field("editor", "editor", "责任编辑", aliases=("责编",)),
    Field("publisher", "publisher", "发布机构"),
    Field("doc_number", "document no.", "文号", aliases=("发文字号",)),
    Field("index_number", "index no.", "索引号"),
    Field("body", "body text", "正文", digested=True),
)
"""In the order in which people read them."""

ATTACHMENTS = Field("attachments", "attachments", "附件", digested=True, searched=False)
"""Stored in a table of their own, and compared like a field."""

NAMES = tuple(field.name for field in FIELDS)
DIGESTED = tuple(field.name for field in FIELDS if field.digested)
BY_NAME = {field.name: field for field in (*FIELDS, ATTACHMENTS)}

_INDEXED_FIRST = ("body", "title", "source", "author")
_SEARCHED = {field.name: field for field in FIELDS if field.searched}
SEARCHED = tuple(_SEARCHED[name] for name in dict.fromkeys((*_INDEXED_FIRST, *_SEARCHED)))
"""The fields of the full-text index in the order of its columns; a new field comes last."""
