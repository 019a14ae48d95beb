"""Pure geometry for charts: numbers in, drawing attributes and words out.

Horizontal positions are percentages and vertical ones are pixels, so that one `<svg>` without a
viewBox fits a column of any width while its text keeps its size. Nothing here knows a colour. Every
chart carries its finding in words (`label`) and its numbers (`table`); neither is ever sampled.
"""

from config.figures.charts.bars import (
    BarChart,
    GrantVesting,
    YearPay,
    vested_totals,
    vesting_bars,
    year_bars,
)
from config.figures.charts.curves import CurveChart, Line, payout_curve
from config.figures.charts.deadlines import DeadlineChart, deadline_line
from config.figures.charts.dots import DotChart, dot_plot
from config.figures.charts.months import MonthChart, month_chart
from config.figures.charts.scales import DataTable, Scale, joined, nice_ticks, shared_scale
from config.figures.charts.spreads import SpreadChart, spread_chart
from config.figures.charts.strips import StripChart, market_strip

__all__ = [
    "BarChart",
    "CurveChart",
    "DataTable",
    "DeadlineChart",
    "DotChart",
    "GrantVesting",
    "Line",
    "MonthChart",
    "Scale",
    "SpreadChart",
    "StripChart",
    "YearPay",
    "deadline_line",
    "dot_plot",
    "joined",
    "market_strip",
    "month_chart",
    "nice_ticks",
    "payout_curve",
    "shared_scale",
    "spread_chart",
    "vested_totals",
    "vesting_bars",
    "year_bars",
]
