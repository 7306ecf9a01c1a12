"""Articles as a Parquet file: one documented schema, whatever the rows hold, and row groups of bounded size.

Texts are strings and null where the page states nothing; `id` and `version` are integers; `urls` is a list of strings,
`attachments` one of structs (url, text, digest). Times of ours (`first_seen`, `last_seen`, `presence_since`) are
timestamps in UTC. `published` stays a string, as precise as the page; `published_on`, the last column, is its day as a
date. Compressed with zstd.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import IO, Any

from lufeng_crawler.errors import UsageError

Row = Mapping[str, Any]
TIMES = ("presence_since", "first_seen", "last_seen")
REPEATED = ("site", "column", "presence", "author", "source", "editor", "publisher")
"""What is worth a dictionary in the file: few values, many times."""

MAX_GROUP_ROWS, MAX_GROUP_CHARACTERS = 10_000, 1_000_000
"""How many rows, and roughly how many characters of text, a row group holds at most: memory is bounded by them."""


def write_parquet(rows: Iterable[Row], columns: Sequence[str], file: IO[bytes]) -> None:
    """Write the rows of `latest_articles`. Raises UsageError where the extra `parquet` is not installed."""
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ImportError:
        raise UsageError("a .parquet file needs pyarrow: pip install 'lufeng-crawler[parquet]'") from None
    schema = _schema(pyarrow, columns)
    with ParquetWriter(file, schema, compression="zstd", use_dictionary=[*REPEATED]) as writer:
        for group in _groups(rows):
            writer.write_table(pyarrow.Table.from_pylist([*map(_typed, group)], schema), row_group_size=MAX_GROUP_ROWS)


def _schema(arrow: Any, columns: Sequence[str]) -> Any:
    text = arrow.string()
    files = arrow.list_(arrow.struct([("url", text), ("text", text), ("digest", text)]))
    types = {"id": arrow.int64(), "version": arrow.int32(), "urls": arrow.list_(text), "attachments": files}
    types |= dict.fromkeys(TIMES, arrow.timestamp("ms", tz="UTC"))
    return arrow.schema([(name, types.get(name, text)) for name in columns] + [("published_on", arrow.date32())])


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group, size = list[Row](), 0
    for row in rows:
        group.append(row)
        size += len(row["body"])
        if len(group) == MAX_GROUP_ROWS or size > MAX_GROUP_CHARACTERS:
            yield group
            group, size = [], 0
    if group:
        yield group


def _typed(row: Row) -> dict[str, Any]:
    times = {name: datetime.fromisoformat(row[name]) for name in TIMES}
    published = row["published"]
    return {**row, **times, "published_on": date.fromisoformat(published[:10]) if published else None}
