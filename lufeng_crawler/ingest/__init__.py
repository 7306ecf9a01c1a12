"""Ingests WARC files of any maker into the archive: the same two steps as a crawl, without the network."""

from lufeng_crawler.ingest.ingest import ArchiveCounts, Ingest, IngestResult

__all__ = ["ArchiveCounts", "Ingest", "IngestResult"]
