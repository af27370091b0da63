"""A text that can be shown in every language of the interface.

Source texts are English and are the keys of the catalogues. Code below the interface never
formats a sentence: it hands over the source text with its parameters, and whoever shows it
asks the catalogue of the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """A catalogue key and the values to put into its ``{placeholders}``.

    Examples
    --------
    >>> str(msg("{n} rows refused", n=3))
    '3 rows refused'
    """

    text: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**self.params) if self.params else self.text


def msg(text: str, /, **params: object) -> Message:
    """Mark a source text for the catalogues and bind its parameters.

    Parameters
    ----------
    text
        English source text with ``{named}`` placeholders.
    **params
        Values for the placeholders; a value may itself be a `Message`.

    Examples
    --------
    >>> msg("Branch {name}", name="North").params
    {'name': 'North'}
    """
    return Message(text, params)


def N_(text: str) -> str:
    """Mark a constant source text for the catalogues without changing it.

    Examples
    --------
    >>> N_("Overview")
    'Overview'
    """
    return text
