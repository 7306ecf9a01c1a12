"""What every page has and is no article: the notice, and the site's template as it changes."""

from __future__ import annotations

from dataclasses import dataclass

NOTICE = "本站为演示用虚构站点：鹿峰县并不存在，文中人物、地名、数字均属虚构。"
"""Stands on every page, outside the article."""


@dataclass(frozen=True, slots=True)
class Skin:
    """A template of the site: all that may change on every page without any article having changed."""

    accent: str
    motto: str
    foot: tuple[str, ...]
    share: str = ""
    links: tuple[tuple[str, str], ...] = ()


_ABOUT = ("关于本站", "/about.htm")
_HOST = "主办：鹿峰县人民政府办公室　承办：鹿峰县融媒体中心"

SKINS = (
    Skin("#1d6b4f", "山有鹿　峰有云", (_HOST, '<a href="/about.htm">关于本站</a>')),
    Skin(
        accent="#9c2b23",
        motto="为民　务实　清廉",
        foot=(_HOST, "建议使用1280像素以上宽度浏览", '<a href="/about.htm">关于本站</a>'),
        share='<div class="share">分享到：微信　微博　<span>字号：大 中 小</span></div>\n',
        links=(_ABOUT,),
    ),
    Skin(
        accent="#9c2b23",
        motto="为民　务实　清廉",
        foot=(_HOST, "本站已支持手机浏览", '<a href="http://www.lanjiang.example/">岚江州人民政府</a>'),
        share='<div class="share">分享到：微信　微博　<span>字号：大 中 小</span></div>\n',
        links=(_ABOUT,),
    ),
)
"""The first template, and one for each `template` row of the events."""
