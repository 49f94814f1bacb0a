"""Charts as SVG text: one definition, drawn in CSS variables for pages and in hex for documents."""

from themes.charts.drawing import render
from themes.charts.model import WEB, Chart, Paint, Series, pdf_palette, spark

__all__ = ["WEB", "Chart", "Paint", "Series", "pdf_palette", "render", "spark"]
