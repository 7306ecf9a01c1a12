"""Ingests WARC files of any maker into the archive: the same two steps as a crawl, without the network."""

from lufeng_crawler.ingest.ingest import Ingest, IngestResult

__all__ = ["Ingest", "IngestResult"]
