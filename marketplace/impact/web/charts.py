"""Charts as the page draws them: bars with their names and values, next to a table of the same."""

from collections.abc import Sequence
from dataclasses import dataclass

_ROW, _LABEL_BASE, _BAR_TOP = 44, 15, 22


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar; its label stands above it, so that it fits on every screen."""

    label: str
    value: str
    label_y: int
    bar_y: int
    width: float  # in percent of the chart's width


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Bars below one another; `height` in pixels, the width is the page's."""

    key: str
    title: str
    bars: tuple[Bar, ...]
    height: int


def bar_chart(key: str, title: str, values: Sequence[tuple[str, float, str]]) -> Chart:
    """Draw pairs of name and number, with the number as it is written."""
    most = max((number for _, number, _ in values), default=0)
    return Chart(
        key=key,
        title=title,
        bars=tuple(
            Bar(
                label=label,
                value=written,
                label_y=place * _ROW + _LABEL_BASE,
                bar_y=place * _ROW + _BAR_TOP,
                width=round(100 * number / most, 1) if most else 0,
            )
            for place, (label, number, written) in enumerate(values)
        ),
        height=len(values) * _ROW,
    )
