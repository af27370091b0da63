"""Which encoding a text is written in: a mark, strict UTF-8, else the likeliest letters."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final

from charset_normalizer import from_bytes

from csat.ingest.letters import FREQUENT, HANGUL, KANJI, LATIN, SIGNS, SIMPLIFIED, TRADITIONAL

ENCODINGS: Final[tuple[str, ...]] = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "gb18030",
    "big5",
    "cp949",
    "cp932",
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "latin-1",
)
_EASTERN: Final = ("gb18030", "big5", "cp949", "cp932")
_SCRIPTS: Final = {
    "cp1251": "CYRILLIC",
    "cp1253": "GREEK",
    "cp1255": "HEBREW",
    "cp1256": "ARABIC",
}
_TELLING: Final = 64 * 1024
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1b\ufffd](?!\Z)")
_BETWEEN: Final = re.compile(r"[A-Za-z][^\x00-\x7f][A-Za-z]")
"""A single letter between two of ours: an accent misread, no Eastern writing."""
_WORD_OR_SIGN: Final = re.compile(r"[^\W\d_]+|[^\x00-\x7f]")
_SHORTEST: Final = 3
"""Letters of a word that shows its alphabet."""
_ENOUGH: Final = 12
"""Accented letters from which a statistical guess between the Latin encodings is heard."""


def detect_encoding(head: bytes, *, whole: bool = True) -> str:
    """Guess the encoding of a text file from its first bytes.

    A byte-order mark decides; then zeros at every second byte (UTF-16 without a mark); then
    strict UTF-8; then the letters: each encoding that decodes the bytes is judged by how many
    of its letters are everyday ones of the languages written in it.

    Parameters
    ----------
    head
        First bytes of the file, or some lines of it.
    whole
        False where the bytes may end in the middle of a letter.

    Examples
    --------
    >>> detect_encoding("满意,不满意".encode("utf-8-sig"))
    'utf-8'
    >>> detect_encoding("序号,满意度".encode("gbk"))
    'gb18030'
    >>> detect_encoding("Номер,Оценка".encode("cp1251"))
    'cp1251'
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8"
    wide = _wide(head)
    if wide:
        return wide
    try:
        head.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        if not whole and error.start > len(head) - 4 and error.end >= len(head):
            return "utf-8"
    return _likeliest(_telling_lines(head, whole=whole))


def _wide(head: bytes) -> str:
    """Return the UTF-16 without a mark that a share of zero bytes gives away, or nothing."""
    sample = head[:4096]
    if len(sample) < 8 or b"\x00" not in sample:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    for zeros, others, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros > len(sample) * 0.2 and others <= len(sample) * 0.01:
            text = sample[: len(sample) // 2 * 2].decode(name, "replace")
            return "" if _CONTROL.search(text) else name
    return ""


def _telling_lines(head: bytes, *, whole: bool) -> bytes:
    """Return the lines that hold more than ASCII, not ending in the middle of a letter."""
    every = head.split(b"\n")
    lines = b"\n".join(line for line in every if not line.isascii())
    if (whole or every[-1].isascii()) and len(lines) <= _TELLING:
        return lines
    lines = lines[:_TELLING]
    # In none of these encodings is one of these signs the second half of a letter.
    end = max(lines.rfind(sign) for sign in (b"\n", b",", b";", b"\t", b" "))
    return lines[:end] if end > 0 else lines


def _likeliest(data: bytes) -> str:
    scores: dict[str, float] = {}
    for name in (*_EASTERN, *LATIN, *_SCRIPTS):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        scores[name] = _eastern(text, name) if name in _EASTERN else _western(text, name)
    if not scores:
        return "latin-1"
    best = max(scores, key=lambda name: (scores[name], -list(scores).index(name)))
    return _latin(data, scores) if best in LATIN else best


def _latin(data: bytes, scores: dict[str, float]) -> str:
    """Choose among the Latin encodings, which share most of their letters."""
    best = max(scores[n] for n in LATIN if n in scores)
    enough = sum(b > 0xBF for b in data) >= _ENOUGH
    near = [n for n in LATIN if n in scores and scores[n] > best - (0.1 if enough else 0.4)]
    if len(near) > 1 and enough:
        heard = from_bytes(data, cp_isolation=near).best()
        if heard and heard.encoding in near:
            return str(heard.encoding)
    return near[0]


def _eastern(text: str, name: str) -> float:
    """Return the mean worth, by bytes, of the letters beyond ASCII."""
    total = 0.0
    worth = -1.0 * len(_BETWEEN.findall(text))
    for letter, n in Counter(c for c in text if not c.isascii()).items():
        size = n * len(letter.encode(name))
        total += size
        worth += size * _worth(letter, name)
    return worth / total if total else 0.0


def _worth(letter: str, name: str) -> float:
    code = ord(letter)
    if "\uac00" <= letter <= "\ud7a3":
        return (1.0 if letter in HANGUL else 0.1) if name == "cp949" else -1.0
    if "\u3040" <= letter <= "\u30ff":
        return 1.0 if name == "cp932" else -0.2
    if "\uff61" <= letter <= "\uff9f":
        return 0.35 if name == "cp932" else -1.0
    if "\u4e00" <= letter <= "\u9fff":
        common = {"gb18030": SIMPLIFIED, "big5": TRADITIONAL, "cp932": KANJI}.get(name)
        if common is None:  # Korean answers are written without Chinese letters
            return -0.2
        return 1.0 if letter in common else 0.15
    if "\u3000" <= letter <= "\u303f" or "\uff01" <= letter <= "\uff5e":
        return 0.6
    if letter in SIGNS or 0x2460 <= code <= 0x24FF or letter == "┋":
        return 0.3
    return -0.6


def _western(text: str, name: str) -> float:
    """Return the mean worth of the letters beyond ASCII, judged within their words."""
    total = worth = 0.0
    for found in _WORD_OR_SIGN.finditer(text):
        word = found[0]
        if word.isascii():
            continue
        if not word.isalpha():
            before = text[found.start() - 1 : found.start()]
            after = text[found.end() : found.end() + 1]
            total += len(word)
            worth += sum(_sign(c, inside=before.isalpha() and after.isalpha()) for c in word)
        else:
            total += sum(not c.isascii() for c in word)
            worth += _word(word, name) if name in _SCRIPTS else _latin_word(word, LATIN[name])
    return worth / total if total else 0.0


def _sign(sign: str, *, inside: bool) -> float:
    if unicodedata.category(sign) == "Mn" or sign in "’\u200c\u200d":
        return 0.4
    return 0.4 if sign in SIGNS and not inside else -0.8


def _latin_word(word: str, usual: frozenset[str]) -> float:
    """Judge a word of Latin letters, in which an accented one seldom follows another."""
    worth, run = 0.0, 0
    for i, letter in enumerate(word):
        run = 0 if letter.isascii() else run + 1
        if not run:
            continue
        if letter.isupper() and word[i - 1 : i].islower():
            worth -= 0.8
        elif run > 2:
            worth -= 0.6
        else:
            worth += (0.9 if letter in usual else 0.2) / (1 if run == 1 else 2)
    return worth


def _word(word: str, name: str) -> float:
    """Judge a word of another alphabet, in which no Latin letter stands."""
    letters = [c for c in word if not c.isascii()]
    script = _SCRIPTS[name]
    if len(letters) < len(word) or not all(
        unicodedata.name(c, "").startswith(script) for c in letters
    ):
        return -0.6 * len(letters)
    if len(word) < _SHORTEST:
        return -0.1 * len(letters)
    worth = 0.0
    for i, letter in enumerate(word):
        if i and letter.isupper() and word[i - 1].islower():
            worth -= 0.5
        else:
            worth += 0.95 if letter.lower() in FREQUENT[name] else 0.4
    return worth
