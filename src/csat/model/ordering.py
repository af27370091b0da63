"""The order in which a reader looks for a name."""

from __future__ import annotations


def alphabetical(name: str) -> bytes:
    """Return what names are sorted by: letters as ever, common Chinese characters by their sound.

    The national standard GB 18030 lists the 3,755 most common characters by pinyin, and rarer
    ones after them by their strokes; Latin letters come first, in their usual order.

    Examples
    --------
    >>> sorted(["West", "East", "North"], key=alphabetical)
    ['East', 'North', 'West']
    >>> sorted(["张江网点", "北门网点", "老城网点"], key=alphabetical)
    ['北门网点', '老城网点', '张江网点']
    """
    return name.encode("gb18030")
