"""One chart of each kind, with numbers a client might see."""

from themes.charts import Chart, Series, spark

WEEKS = ("2 Feb", "9 Feb", "16 Feb", "23 Feb", "2 Mar", "9 Mar", "16 Mar", "23 Mar")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOURS = tuple(f"{hour}" for hour in range(7, 21))

TOPICS = (
    "Where is my order",
    "Return or exchange",
    "Damaged item",
    "Refund not received",
    "Address change",
    "Other",
)


def _busy(day: int, hour: int) -> float:
    return max(0.0, round((31 - 4 * day) * (1 - abs(hour - 3) / 11) - day))


CHARTS = {
    "line": Chart(
        "line",
        "First answers came twelve minutes sooner than in February",
        "Median first response per week fell from 51 to 38 minutes; the target is 45.",
        WEEKS,
        (
            Series("first response", (51, 49, 52, 47, 44, None, 40, 38)),
            Series("next response", (62, 60, 55, 57, 56, 54, 50, 49)),
        ),
        unit="min",
        target=45,
    ),
    "bars": Chart(
        "bars",
        "Two of eight weeks missed the agreed 90%",
        "Share answered in time per week: lowest 84%, highest 97%; two weeks in February missed.",
        WEEKS,
        (Series("in time", (92, 84, 88, 93, 95, 91, 97, 94)),),
        unit="%",
        domain=(0, 100),
        target=90,
    ),
    "stacked": Chart(
        "stacked",
        "Returns grew with the spring sale",
        "Conversations per week by topic; returns rose from 21 to 48.",
        WEEKS,
        (
            Series("Where is my order", (40, 42, 39, 44, 41, 38, 40, 36)),
            Series("Return", (21, 20, 24, 22, 30, 35, 44, 48)),
            Series("Other", (18, 15, 17, 16, 19, 14, 15, 17)),
        ),
    ),
    "hbars": Chart(
        "hbars",
        "Every third shopper asks where the order is",
        "Topics by number of conversations, largest: where is my order with 148.",
        TOPICS,
        (Series("conversations", (148, 102, 61, 47, 33, 46)),),
    ),
    "heatmap": Chart(
        "heatmap",
        "Monday mornings carry the week",
        "Conversations by weekday and hour; the peak is Monday at 9 with 31.",
        HOURS,
        tuple(
            Series(day, tuple(_busy(row, hour) for hour in range(len(HOURS))))
            for row, day in enumerate(DAYS)
        ),
    ),
    "bullet": Chart(
        "bullet",
        "Quality 91%",
        "Quality 91%, target 90%.",
        ("Quality",),
        (Series("quality", (91,)),),
        unit="%",
        domain=(0, 100),
        target=90,
    ),
    "spark": spark((3, 4, 4, 6, 5, 8, 9), "rising from 3 to 9"),
}
