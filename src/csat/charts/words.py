"""Names and sentences made to fit: measured, shortened, broken into lines, and kept as text."""

from __future__ import annotations

from html import escape
from typing import Final
from unicodedata import east_asian_width

LONGEST: Final = 32
"""Width of the longest label in a chart, in Latin letters; a Chinese character is two wide."""
STATEMENT: Final = 22
"""Width of a line of a statement that is told whole; more would leave a phone no room."""
MOST_LINES: Final = 4
_NEVER_FIRST: Final = frozenset("，。、；：？！）》」』】”’…—·％")
"""Signs that no line of Chinese begins with."""
_NEVER_LAST: Final = frozenset("（《「『【“‘")
"""Signs that no line of Chinese ends with."""


def width(text: str) -> int:
    """Return how many Latin letters a text is wide.

    Examples
    --------
    >>> width("North"), width("北区")
    (5, 4)
    """
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def shorten(text: str, longest: int = LONGEST) -> str:
    """Cut a text to a width, with an ellipsis for what is missing.

    Examples
    --------
    >>> shorten("Counter service", 8), shorten("柜台服务", 8), shorten("柜台服务态度", 8)
    ('Counter…', '柜台服务', '柜台服…')
    """
    if width(text) <= longest:
        return text
    kept, used = "", 1
    for character in text:
        used += width(character)
        if used > longest:
            break
        kept += character
    return f"{kept.rstrip()}…"


def wrap(text: str, longest: int) -> list[str]:
    """Break a text into lines no wider than asked, between words or Chinese characters.

    No line begins with a sign that closes what is before it, or ends with one that opens.

    Examples
    --------
    >>> wrap("Time to answer", 8), wrap("答复时间", 4)
    (['Time to', 'answer'], ['答复', '时间'])
    >>> wrap("遇到问题，有人跟进", 8)
    ['遇到问', '题，有人', '跟进']
    """
    if width(text) <= longest:
        return [text.rstrip()]
    lines, line = [], ""
    for word in _words(text):
        if line and width(line) + width(word.rstrip()) > longest:
            lines.append(line.rstrip())
            line = ""
        while width(word.rstrip()) > longest:
            lines.append(head := _head(word, longest))
            word = word[len(head) :]
        line += word
    return [*lines, line.rstrip()] if line.strip() else lines


def tick(name: str) -> str:
    """Return a name as the label of a row: shortened, on two lines where it is long.

    Examples
    --------
    >>> tick("Staff & courtesy"), tick("Waited longer than promised")
    ('Staff &amp; courtesy', 'Waited longer<br>than promised')
    >>> tick("Contradictory advice")
    'Contradictory<br>advice'
    """
    short = shorten(name)
    if width(short) <= 18:
        return markup([short])
    for longest in range(_narrowest(short, -(-width(short) // 2), 20), 21):
        lines = wrap(short, longest)
        if len(lines) <= 2:
            return markup(lines)
    return markup(wrap(short, 20))


def statement(name: str) -> str:
    """Return a statement as the label of a row: whole, on as many lines as it takes, up to four.

    Examples
    --------
    >>> statement("It is taken seriously until it is solved")
    'It is taken seriously<br>until it is solved'
    >>> statement("每次都受到礼貌对待")
    '每次都受到礼貌对待'
    """
    for count in range(1, MOST_LINES + 1):
        longest = -(-width(name) // count)
        for size in range(_narrowest(name, longest, STATEMENT), STATEMENT + 1):
            lines = wrap(name, size)
            if len(lines) <= count:
                return markup(lines)
    *kept, last = wrap(name, STATEMENT)[:MOST_LINES]
    return markup([*kept, shorten(f"{last} …", STATEMENT)])


def markup(lines: list[str]) -> str:
    """Join lines for Plotly, so that no name is taken for markup.

    Examples
    --------
    >>> markup(["<b>", "A & B"])
    '&lt;b&gt;<br>A &amp; B'
    """
    return "<br>".join(escape(line, quote=False) for line in lines)


def _narrowest(text: str, wanted: int, longest: int) -> int:
    """Return how narrow lines may be so that only a word wider than the longest is broken."""
    return min(max(wanted, *(width(word.rstrip()) for word in _words(text))), longest)


def _words(text: str) -> list[str]:
    words = [""]
    for character in text:
        last = words[-1][-1:]
        apart = last.isspace() or width(character) == 2 or (last and width(last) == 2)
        if last and apart and character not in _NEVER_FIRST and last not in _NEVER_LAST:
            words.append("")
        words[-1] += character
    return words


def _head(word: str, longest: int) -> str:
    head = ""
    for character in word:
        if head and width(head) + width(character) > longest:
            break
        head += character
    return head
