"""A month's report with realistic words and numbers."""

from tests.themes.gallery.charts import CHARTS

REPORT: dict[str, object] = {
    "title": "Service report",
    "client_name": "Acme Outdoor",
    "period": "March 2026",
    "made_on": "2 April 2026",
    "maker": "Northwind Care",
    "charts": CHARTS,
    "headlines": [
        ("94.2%", "of 437 conversations were answered in time; the target is 90%."),
        ("38 min", "is what a shopper waits for a first answer, six minutes less than before."),
        ("91 of 100", "is the quality score of 20 conversations drawn at random, unchanged."),
    ],
    "contents": [
        ("summary", "Summary", ""),
        ("sla", "Service levels", ""),
        ("times", "Response and resolution", ""),
        ("volume", "Volume and topics", ""),
        ("quality", "Quality", ""),
        ("findings", "Findings for the shop", ""),
        ("definitions", "How we measure", ""),
    ],
}
