"""Writes articles as a Parquet file, with one schema whatever the rows hold and row groups of bounded size.

Texts are strings, null where the page states nothing. `id` and `version` are integers, `urls` is a list of strings,
`attachments` a list of structs (url, text, digest). Our own times (`first_seen`, `last_seen`, `presence_since`) are
timestamps in UTC. `published` stays a string, as precise as the page; `published_on`, the last column, is its day as a
date. The file is compressed with zstd.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any

from lufeng_crawler.archive.db.rows import Row
from lufeng_crawler.errors import UsageError

TIMES = ("presence_since", "first_seen", "last_seen")
REPEATED = ("site", "column", "presence", "author", "source", "editor", "publisher")
"""Columns worth a dictionary in the file: they have few values, repeated often."""

MAX_GROUP_ROWS, MAX_GROUP_CHARACTERS = 10_000, 1_000_000
"""The most rows, and roughly the most characters of text, of a row group. They bound the memory that is used."""


def write_parquet(rows: Iterable[Row], columns: Sequence[str], file: IO[bytes]) -> None:
    """Write rows of `latest_articles`. Raise UsageError where the extra `parquet` is not installed."""
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ImportError:
        raise UsageError("a .parquet file needs pyarrow: pip install 'lufeng-crawler[parquet]'") from None
    schema = _arrow_schema(pyarrow, columns)
    with ParquetWriter(file, schema, compression="zstd", use_dictionary=[*REPEATED]) as writer:
        for group in _row_groups(rows):
            writer.write_table(
                pyarrow.Table.from_pylist([*map(_typed_values, group)], schema), row_group_size=MAX_GROUP_ROWS
            )


def _arrow_schema(arrow: Any, columns: Sequence[str]) -> Any:
    text = arrow.string()
    files = arrow.list_(arrow.struct([("url", text), ("text", text), ("digest", text)]))
    types = {"id": arrow.int64(), "version": arrow.int32(), "urls": arrow.list_(text), "attachments": files}
    types |= dict.fromkeys(TIMES, arrow.timestamp("ms", tz="UTC"))
    return arrow.schema([(name, types.get(name, text)) for name in columns] + [("published_on", arrow.date32())])


def _row_groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group, size = list[Row](), 0
    for row in rows:
        group.append(row)
        size += len(row["body"])
        if len(group) == MAX_GROUP_ROWS or size > MAX_GROUP_CHARACTERS:
            yield group
            group, size = [], 0
    if group:
        yield group


def _typed_values(row: Row) -> dict[str, Any]:
    times = {name: datetime.fromisoformat(row[name]) for name in TIMES}
    published = row["published"]
    return {**row, **times, "published_on": date.fromisoformat(published[:10]) if published else None}
