"""Charts say the same in a page and in a document, and never by colour alone."""

from xml.etree import ElementTree as ET

import pytest

from tests.themes.gallery.charts import CHARTS
from themes.charts import WEB, Chart, Paint, Series, pdf_palette, render
from themes.charts.model import Kind, Value
from themes.tokens import Theme

SVG = "{http://www.w3.org/2000/svg}"
PAPER = pdf_palette(Theme(name="Acme", primary="#d9480f"))


def drawn(chart: Chart, paint: Paint = WEB) -> ET.Element:
    return ET.fromstring(str(render(chart, paint)))  # noqa: S314 - our own drawing


@pytest.mark.parametrize("name", CHARTS)
def test_each_kind_tells_its_message_and_its_numbers_without_eyes(name: str):
    chart = CHARTS[name]
    picture = drawn(chart)
    assert picture.get("role") == "img"
    assert picture.findtext(f"{SVG}desc") == chart.summary


@pytest.mark.parametrize("name", CHARTS)
def test_a_page_uses_variables_and_a_document_only_values(name: str):
    assert "var(--chart-1" in render(CHARTS[name], WEB) or "var(--heat" in render(CHARTS[name], WEB)
    assert "var(" not in render(CHARTS[name], PAPER)
    assert drawn(CHARTS[name], PAPER).findtext(f"{SVG}title") == CHARTS[name].summary


def test_a_missed_target_is_hollow_and_in_no_warning_colour():
    bars = [
        bar
        for bar in drawn(CHARTS["bars"]).iter(f"{SVG}rect")
        if bar.find(f"{SVG}title") is not None
    ]
    fills = {bar.findtext(f"{SVG}title"): bar.get("fill") for bar in bars}
    assert fills["9 Feb: 84%"] == "var(--surface-0)"
    assert fills["2 Feb: 92%"] == "var(--chart-1)"
    assert "danger" not in render(CHARTS["bars"], WEB)


def test_two_series_differ_by_dash_and_by_marker():
    picture = drawn(CHARTS["line"])
    dashes = {path.get("stroke-dasharray") for path in picture.iter(f"{SVG}path")}
    assert "5 4" in dashes
    assert list(picture.iter(f"{SVG}circle"))


def test_what_was_not_measured_is_a_gap_and_not_a_zero():
    titles = [title.text for title in drawn(CHARTS["line"]).iter(f"{SVG}title")]
    assert "9 Mar, next response: 54 min" in titles
    assert not any("9 Mar, first response" in str(title) for title in titles)


@pytest.mark.parametrize("kind", ["line", "bars", "stacked", "hbars", "heatmap"])
@pytest.mark.parametrize("values", [(), (None,), (0,), (5,), (-3, 4), (None, None, 1e9)])
def test_few_empty_negative_and_huge_values_are_drawn(kind: Kind, values: tuple[Value, ...]):
    x = tuple(str(n) for n in range(len(values)))
    drawn(Chart(kind, "Title", "Summary", x, (Series("a", values),)))


def test_words_of_a_shop_cannot_become_markup():
    chart = Chart("hbars", "<b>", "a & b", ("<script>alert(1)</script>",), (Series("<i>", (1,)),))
    assert "<script>" not in render(chart, WEB)


def test_a_chart_that_says_too_much_is_refused():
    series = tuple(Series(str(n), (1,)) for n in range(3))
    with pytest.raises(ValueError, match="at most 2 series"):
        Chart("line", "Title", "Summary", ("a",), series)
    with pytest.raises(ValueError, match="another length"):
        Chart("bars", "Title", "Summary", ("a", "b"), (Series("a", (1,)),))
