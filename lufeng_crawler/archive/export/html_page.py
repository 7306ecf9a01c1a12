"""Renders pages that stand alone: one file with its stylesheet in it, which loads and runs nothing."""

from __future__ import annotations

from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined


def render_page(template: str, package: str = __package__, **values: object) -> str:
    """Render a template of the package, which may extend `page.html`; every value that is not Markup is escaped."""
    return _environment(package).get_template(template).render(values)


@cache
def _environment(package: str) -> Environment:
    """Return the templates in the package's folder `templates`, and behind them those of this package."""
    return Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in dict.fromkeys([package, __package__])]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
