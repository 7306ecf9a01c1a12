"""The phrases of `event_text` in English and Chinese: one table, so that neither says what the other does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lufeng_crawler.archive import fields

Translate = Callable[..., str]
"""`say("answered", status=404)` returns that phrase, formatted with the arguments."""

LANGUAGES = ("en", "zh")

PHRASES: Mapping[str, tuple[str, str]] = {
    "column": ("{name}", "“{name}”"),
    "its_column": ("its column", "所属栏目"),
    "none": ("none", "无"),
    "and": (" and ", " 和 "),
    "comma": (", ", "、"),
    "field_and": (" and ", "、"),
    **{f"field_{field.name}": (field.english, field.chinese) for field in fields.BY_NAME.values()},
    "page": ("{count} page", "{count} 页"),
    "pages": ("{count} pages", "{count} 页"),
    # an article's events
    "new": ("first seen, {dated}", "首次见到，{dated}"),
    "new_in": ("first seen in {column}, {dated}", "首次见于{column}，{dated}"),
    "dated": ("dated {day}", "页面日期为 {day}"),
    "undated": ("without a date", "页面未载日期"),
    "appeared": (
        "appeared in {column} dated {day}, long past: the column had been read to its end without it on {swept}"
        " (backdated)",
        "出现在{column}，页面日期却早在 {day}：{swept} 曾将该栏目读到末尾，并无此文（倒填日期）",
    ),
    "silent": (
        "{fields} changed while the page kept its date of {day} (silent edit)",
        "{fields}有改动，页面日期仍为 {day}（静默修改）",
    ),
    "silent_undated": (
        "{fields} changed on a page that states no date (silent edit)",
        "{fields}有改动，页面未载日期（静默修改）",
    ),
    "date_went": ("the page's date went from {old} to {new}", "页面日期由 {old} 改为 {new}"),
    "date_back": ("the page's date was moved back from {old} to {new}", "页面日期由 {old} 提前为 {new}"),
    "backdated": (" (backdated)", "（倒填日期）"),
    "edited": ("{fields} changed, and {moved}{ending}", "{fields}有改动，{moved}{ending}"),
    "dated_anew": ("{moved}; nothing else changed{ending}", "{moved}，其余未变{ending}"),
    "missing": (
        "not there on {day}: {led}{absence}; one look does not prove that it was taken down",
        "{day} 已看不到：{led}{absence}；只见一次，不足以证明已被撤下",
    ),
    "led": ("its address led to {url}, where ", "其网址转到 {url}，"),
    "gone": ("taken down: seen gone on {days}, by {runs} runs", "已被撤下：{days} 均已不在，由 {runs} 次抓取证实"),
    "gone_often": (
        "taken down: seen gone on {count} days from {first} to {last}, by {runs} runs",
        "已被撤下：{first} 至 {last} 间有 {count} 天均已不在，由 {runs} 次抓取证实",
    ),
    "restored": ("back: it was there again on {day}", "已恢复：{day} 又能看到"),
    "delisted": (
        "no longer listed in {column} after a complete sweep ({size}), though still served",
        "将{column}读到末尾（{size}），已不再列出此文，但页面仍在",
    ),
    "delisted_twice": (
        "no longer listed in {column}: {runs} sweeps, on {days}, did not show it ({size}), though still served",
        "{column}不再列出此文：{days} 共 {runs} 次读遍列表（{size}）均未见，但页面仍在",
    ),
    "relisted": ("listed in {column} again", "重新列入{column}"),
    "moved": ("moved from {old} to {new} ({status})", "由 {old} 移至 {new}（{status}）"),
    "moved_text": (
        "moved without a redirect: the same text was found at {new}, and the old address {old} is gone",
        "移走而未设跳转：在 {new} 找到相同文字，旧网址 {old} 已不在",
    ),
    # what one answer says
    "there": ("the article was there", "文章在"),
    "unchanged": ("the article was there, unchanged", "文章在，未变"),
    "not_there": ("not there: {absence}", "不在：{absence}"),
    "not_shown": (
        "not shown to us ({reason}): says nothing of the article",
        "未让我们看到（{reason}）：不说明文章是否还在",
    ),
    "redirected": ("answered {status}, leading to {url}", "应答 {status}，转到 {url}"),
    "unconfirmed": (
        "showed something else ({reason}): no version of the article unless a later crawl reads the same",
        "显示的是别的内容（{reason}）：除非以后再次读到相同内容，不算新版本",
    ),
    "unread": ("answered {status}, with nothing to read ({reason})", "应答 {status}，没有可读的内容（{reason}）"),
    "page_said": ("the page said “{words}”", "页面写着“{words}”"),
    "answered": ("the site answered {status}", "网站应答 {status}"),
}


def translator(language: str, phrases: Mapping[str, Sequence[str]] = PHRASES) -> Translate:
    """Return a function that formats these phrases in one of LANGUAGES."""
    position = LANGUAGES.index(language)
    return lambda name, /, **values: phrases[name][position].format(**values)
