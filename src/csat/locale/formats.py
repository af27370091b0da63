"""Numbers, days, periods and durations as a language writes them."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

DASH: Final = "—"
_DURATION: Final[dict[str, tuple[str, str, str]]] = {
    "en": ("{0} d", "{0} h", "{0} min"),
    "zh_CN": ("{0} 天", "{0} 小时", "{0} 分钟"),
}
_FROM_TO: Final[dict[str, str]] = {"en": "{0} to {1}", "zh_CN": "{0} 至 {1}"}
_PATTERNS: Final[dict[str, str]] = {
    "percent": "#,##0.0",
    "rating": "#,##0.00",
    "index": "#,##0.0",
    "per_1000": "#,##0.00",
    "count": "#,##0",
    "points": "#,##0",
}


class Formats:
    """How one language writes figures.

    Examples
    --------
    >>> f = Formats("en")
    >>> f.value(39.84, "points"), f.value(91.0432, "percent"), f.value(2.1667, "days")
    ('+40', '91.0%', '2 d 4 h')
    >>> f.value(None, "percent")
    '—'

    What rounds to nothing has no sign:

    >>> f.value(-0.04, "index"), f.difference(-0.04, "index")
    ('0.0', '±0.0')
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale.parse(language)

    def value(self, value: float | None, unit: str) -> str:
        """Write a figure with its unit, or a dash where there is none."""
        if value is None:
            return DASH
        if unit == "days":
            return self.duration(value)
        text = self._decimal(round(value, 6), _PATTERNS.get(unit, "#,##0.##"))
        if unit == "points":
            rounded = round(value)
            return f"+{text}" if rounded > 0 else ("0" if rounded == 0 else text.replace("-", "−"))
        signed = text.replace("-", "−" if _counts(text) else "")
        return f"{signed}{'%' if unit == 'percent' else ''}"

    def difference(self, value: float | None, unit: str) -> str:
        """Write a signed change: percentages in points, durations with their sign.

        Examples
        --------
        >>> Formats("en").difference(-3.14159, "percent")
        '−3.1 pts'
        """
        if value is None:
            return DASH
        sign = "+" if value > 0 else ("−" if value < 0 else "±")
        size = abs(value)
        if unit == "days":
            return f"{sign}{self.duration(size)}"
        text = self._decimal(size, _PATTERNS.get(unit, "#,##0.##"))
        signed = f"{sign if _counts(text) else '±'}{text}"
        if unit == "percent":
            return f"{signed} {'个百分点' if self.language == 'zh_CN' else 'pts'}"
        return signed

    def interval(self, low: float | None, high: float | None, unit: str) -> str:
        """Write an interval; an end that is not known is a dash.

        Examples
        --------
        >>> Formats("en").interval(-1.04, -0.96, "rating")
        '−1.04 to −0.96'
        """
        if low is None and high is None:
            return DASH
        return _FROM_TO[self.language].format(self.value(low, unit), self.value(high, unit))

    def changed_by(self, percent: float | None) -> str:
        """Write how much a figure changed in percent of what it was before.

        Examples
        --------
        >>> Formats("en").changed_by(-49.7), Formats("en").changed_by(1250.0)
        ('−50%', '+1,250%')
        """
        if percent is None:
            return DASH
        return f"{self.difference(round(percent), 'count')}%"

    def count(self, value: int) -> str:
        """Write a whole number with thousands separators."""
        return self._decimal(value, "#,##0")

    def duration(self, days: float) -> str:
        """Write a length of time in its two largest parts.

        Examples
        --------
        >>> [Formats("en").duration(d) for d in (0.01, 0.2725, 3.0, 4.524, 1.99)]
        ['14 min', '6 h 32 min', '3 d', '4 d 13 h', '2 d']
        """
        d, h, m = _DURATION[self.language]
        minutes = round(days * 1440)
        if minutes >= 1440:
            whole, hours = divmod(round(minutes / 60), 24)
            return (
                f"{d.format(self.count(whole))} {h.format(hours)}"
                if hours
                else d.format(self.count(whole))
            )
        hours, left = divmod(minutes, 60)
        if hours:
            return f"{h.format(hours)} {m.format(left)}" if left else h.format(hours)
        return m.format(left)

    def worked(self, seconds: float) -> str:
        """Write working time in hours and minutes: a day of it would be no day of 24 hours.

        Examples
        --------
        >>> [Formats("en").worked(s) for s in (600, 20_000, 115_200)]
        ['10 min', '5 h 33 min', '32 h']
        """
        _, h, m = _DURATION[self.language]
        hours, left = divmod(round(seconds / 60), 60)
        if not hours:
            return m.format(left)
        whole = h.format(self.count(hours))
        return f"{whole} {m.format(left)}" if left and hours < 24 else whole

    def day(self, value: date) -> str:
        """Write a day."""
        return str(format_date(value, "medium", locale=self._locale))

    def moment(self, value: datetime) -> str:
        """Write a day with its time to the minute.

        Examples
        --------
        >>> Formats("en").moment(datetime(2026, 9, 30, 22, 8, 22))
        'Sep 30, 2026, 22:08'
        """
        join = " " if self.language == "zh_CN" else ", "
        return f"{self.day(value)}{join}{format_time(value, 'HH:mm', locale=self._locale)}"

    def period(self, label: str) -> str:
        """Write a bucket label such as 2026-05, 2026-Q2 or 2026."""
        return _period(self.language, label)

    def _decimal(self, value: float, pattern: str) -> str:
        return str(format_decimal(value, format=pattern, locale=self._locale))


def _counts(text: str) -> bool:
    """Say whether a written number is anything but zero."""
    return any(digit in text for digit in "123456789")


@lru_cache(maxsize=4096)
def _period(language: str, label: str) -> str:
    if len(label) >= 10:
        day = date.fromisoformat(label[:10])
        pattern = "y年M月d日" if language == "zh_CN" else "d MMM y"
        text = str(format_date(day, pattern, locale=Locale.parse(language)))
        if not label.endswith("/P7D"):
            return text
        return f"{text}起一周" if language == "zh_CN" else f"week of {text}"
    if len(label) == 7 and label[4] == "-" and "Q" not in label:
        day = date(int(label[:4]), int(label[5:]), 1)
        pattern = "y年M月" if language == "zh_CN" else "MMM y"
        return str(format_date(day, pattern, locale=Locale.parse(language)))
    if "Q" in label:
        year, quarter = label[:4], label[-1]
        return f"{year}年第{quarter}季度" if language == "zh_CN" else f"Q{quarter} {year}"
    return f"{label}年" if language == "zh_CN" and label.isdecimal() else label
