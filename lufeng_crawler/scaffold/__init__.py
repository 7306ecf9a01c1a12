"""Helps to add a site: finds its columns and writes its file, or checks a file, without recording anything."""

from lufeng_crawler.scaffold.check import CheckedColumn, SiteCheck, check_site
from lufeng_crawler.scaffold.find_columns import find_site_columns
from lufeng_crawler.scaffold.run_survey import run_survey
from lufeng_crawler.scaffold.survey_result import SurveyResult
from lufeng_crawler.scaffold.write_files import SitePaths, site_paths, write_site

__all__ = [
    "CheckedColumn",
    "SiteCheck",
    "SitePaths",
    "SurveyResult",
    "check_site",
    "find_site_columns",
    "run_survey",
    "site_paths",
    "write_site",
]
