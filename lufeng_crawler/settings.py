"""Scrapy's settings that differ from its defaults, each with its reason."""

import getpass
import os
import re
import socket

from scrapy.settings import Settings

from lufeng_crawler import __version__
from lufeng_crawler.items import MAX_BODY_BYTES

SPIDER_LOADER_CLASS = "lufeng_crawler.spiders.SiteLoader"  # every site file is a spider
SPIDER_MODULES: list[str] = []
COMMANDS_MODULE = "lufeng_crawler.commands"  # Scrapy's, with the exit codes of a run


def _contact() -> str:
    """Return LUFENG_CONTACT, else the user and machine, in the characters that a header may hold."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # in a container, a user may have no name
        user = "root"
    contact = os.environ.get("LUFENG_CONTACT") or f"{user}@{socket.gethostname()}"
    return re.sub(r"[^ -'*-~]+", "_", contact).strip()


BOT_NAME = "lufeng-crawler"
USER_AGENT = f"{BOT_NAME}/{__version__} (archive of government news; contact: {_contact()})"

# Polite by default: robots.txt is obeyed, one request at a time, seconds between two.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 1  # what Scrapy takes out of its queue beyond that would not wait for a host in back-off
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 2.0
DOWNLOAD_TIMEOUT = 60  # a page that takes longer is not coming; Scrapy's three minutes hold up the whole host
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the run's reason names it

# Where the archive and the site files are.
LUFENG_ARCHIVE = os.environ.get("LUFENG_ARCHIVE") or "data"
LUFENG_SITES = os.environ.get("LUFENG_SITES")
LUFENG_VANTAGE = os.environ.get("LUFENG_VANTAGE")  # a label for where we ask from, kept with every capture
LUFENG_REVISITS = 200  # known articles looked at again in one run, at most
LUFENG_REST = 30.0  # seconds a host is left alone after its first 429 or 503, doubled each time
LUFENG_REST_LONGEST = 600.0  # a host that asks for more is left alone until the next run
LUFENG_LARGEST = MAX_BODY_BYTES  # bytes (64 MiB) of a body; what is larger is kept that far and marked truncated
LUFENG_LARGEST_FILE = 50 << 20  # bytes of an attachment; one that states to be larger is not fetched; 0 asks for none

# Every response is stored as it comes, and parsed from the store.
DOWNLOAD_MAXSIZE = 0  # LUFENG_LARGEST stores what has come; Scrapy's own limit would throw it away
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # a cut response is evidence too; it is never parsed
METAREFRESH_ENABLED = False  # a page's body must not act before it is stored and parsed
COOKIES_ENABLED = False  # no site here needs a session to show its news
DOWNLOAD_HANDLERS = {"file": None, "data": None, "s3": None, "ftp": None}  # a page must not make us read local files
TWISTED_DNS_RESOLVER = "lufeng_crawler.middlewares.PublicResolver"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip, deflate",  # what every tool that reads WARCs can undo
}

EXTENSIONS = {
    "lufeng_crawler.extensions.CaptureResponses": 0,
    "lufeng_crawler.extensions.CrawlDelay": 0,
    "lufeng_crawler.extensions.RunRecorder": 500,
}
ITEM_PIPELINES = {"lufeng_crawler.pipelines.ArchivePipeline": 100}
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"  # listings and the like are dropped from feeds by design
SPIDER_MIDDLEWARES = {
    "lufeng_crawler.middlewares.SkipFreshArticles": 100,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # a 404 is an observation
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # pagers end by what they offer, not by counting
}
DOWNLOADER_MIDDLEWARES = {
    "lufeng_crawler.middlewares.AllowedHosts": 40,
    "lufeng_crawler.middlewares.ConditionalRequests": 60,
    "lufeng_crawler.middlewares.RobotsTxt": 100,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # RobotsTxt is a subclass
    "lufeng_crawler.middlewares.HostBackoff": 550,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,  # HostBackoff is a subclass
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # `pages` decodes the payload
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # AllowedHosts is stricter
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # nothing here logs in
}

WARN_ON_GENERATOR_RETURN_VALUE = False  # the check parses a callback for every response: a tenth of the CPU time
CONCURRENT_ITEMS = 8  # Scrapy's 100 tasks a response cost as much as all the rest on small pages
SCHEDULER_PRIORITY_QUEUE = "scrapy.pqueues.ScrapyPriorityQueue"  # one host a crawl: nothing to balance
REMOTE_CONTROL_ENABLED = False  # it would run code for whoever reaches the port
TELNETCONSOLE_ENABLED = False  # the same
LOG_LEVEL = "INFO"
LOG_FORMATTER = "lufeng_crawler.extensions.PageErrorLogFormatter"
FEED_EXPORT_ENCODING = "utf-8"  # Chinese, not \\u escapes


def configured(**more: object) -> Settings:
    """Return these settings for our own commands, which print their results themselves and log only errors."""
    settings = Settings()
    settings.setmodule(__name__, priority="project")
    settings.update({"LOG_LEVEL": "ERROR"} | more, priority="cmdline")
    return settings
