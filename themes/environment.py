"""The Jinja environment: the same for pages, mails and documents, with or without a request."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from themes import formats
from themes.assets import asset_url
from themes.charts import WEB, Chart, Paint, render, spark
from themes.tokens import monogram_of

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
COMPONENTS = TEMPLATES / "components"

_ICON = Markup('<svg class="icon" width="%s" height="%s" %s><use href="%s#%s"></use></svg>')
_DECORATION = Markup('aria-hidden="true"')


def template_folders() -> Iterable[Path]:
    """Layouts and components first, then the folder of every feature."""
    yield TEMPLATES
    for package in ("app", "billing", "tenants"):
        yield from sorted((HERE.parent / package).glob("**/templates"))


def template_loader() -> BaseLoader:
    """Finds 'layouts/…', 'components/…' and '<feature>/…'."""
    return FileSystemLoader(list(template_folders()))


@lru_cache(maxsize=1)
def environment() -> Environment:
    """For mails and documents, which are made by workers and know no request."""
    made = Environment(loader=template_loader(), autoescape=select_autoescape(("html", "svg")))
    furnish(made)
    return made


def furnish(env: Environment) -> None:
    """Give an environment our filters, globals and components, and make it strict."""
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(asset_url=asset_url, attributes=attributes, icon=icon)
    env.globals.update(draw_chart=draw_chart, sparkline=sparkline)
    env.filters.update({
        "ago": formats.time_tag,
        "date": formats.format_date,
        "datetime": formats.format_datetime,
        "duration": formats.format_duration,
        "filesize": formats.format_size,
        "initials": monogram_of,
        "list_words": formats.format_list,
        "money": formats.format_money,
        "number": formats.format_number,
        "percent": formats.format_percent,
        "time": formats.format_time,
    })  # fmt: skip
    for path in sorted(COMPONENTS.glob("*.html")):
        env.globals[path.stem] = _component(env, path.stem)


@lru_cache(maxsize=1024, typed=True)
def icon(name: str, label: str | None = None, size: int = 16) -> Markup:
    """A Lucide icon from the sprite; without a label it is decoration and stands beside a word."""
    described = Markup('role="img" aria-label="%s"') % label if label else _DECORATION
    return _ICON % (size, size, described, asset_url("vendor/icons.svg"), name)


def draw_chart(chart: Chart, paint: Paint = WEB) -> Markup:
    """A chart; on a page in the colours of whatever it stands in, in a document with its paint."""
    return render(chart, paint)


def sparkline(values: Sequence[float | None], summary: str) -> Markup:
    """A line the size of a word for tiles and tables; the summary is for who cannot see it."""
    return render(spark(values, summary), WEB)


def attributes(values: Mapping[str, object]) -> Markup:
    """Keywords as HTML attributes: data_key="e" -> data-key="e"; True has no value, None none."""
    # Every row of a list comes here several times, hence no formatting of and with Markup.
    written = "".join(
        f" {escape(name.replace('_', '-'))}" + ("" if value is True else f'="{escape(value)}"')
        for name, value in values.items()
        if value is not None and value is not False
    )
    return Markup(written)  # noqa: S704 - every part is escaped


def _component(env: Environment, name: str) -> Callable[..., Markup]:
    """The macro of components/<name>.html as a global of that name; read when it is first used."""

    def find() -> Callable[..., Markup]:
        macro: Callable[..., Markup] = getattr(
            env.get_template(f"components/{name}.html").module, name
        )
        return macro

    found_once = cache(find)

    def call(*args: object, **kwargs: object) -> Markup:
        macro = find() if env.auto_reload else found_once()
        return macro(*args, **kwargs)

    return call
