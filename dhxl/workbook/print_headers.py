"""The printed header of a sheet with another text in it."""

from __future__ import annotations

import re
from typing import Final

from dhxl.workbook.xmltext import escaped, plain

__all__ = ["with_header_text"]

LONGEST_HEADER: Final = 255  # characters with its codes; Excel calls a file with more of them damaged
_HEADER: Final = re.compile(rb"(<(?:\w+:)?oddHeader(?:\s[^<>]*)?>)([^<]*)(?=</)")


def with_header_text(xml: bytes, old: str, new: str) -> bytes:
    """Return a sheet's XML whose printed header has a new text where it had the old one.

    A text that would make the header too long is cut. Sheets without the old text stay as they are.

    Parameters
    ----------
    xml : bytes
        The worksheet part.
    old, new : str
        The texts as people read them.

    Examples
    --------
    >>> with_header_text(b"<oddHeader>&amp;L&amp;9Old town&amp;R&amp;A</oddHeader>", "Old town", "R&D 2")
    b'<oddHeader>&amp;L&amp;9R&amp;&amp;D 2&amp;R&amp;A</oddHeader>'
    """

    def replaced(found: re.Match[bytes]) -> bytes:
        header, wanted = plain(found[2]), _coded(old)
        room = LONGEST_HEADER - (len(header) - len(wanted))
        if not wanted or wanted not in header or room < 1:
            return found[0]
        text = new
        while len(_coded(text)) + text[:1].isdigit() > room:
            text = text[:-1]
        first, _, last = header.partition(wanted)
        space = " " if text[:1].isdigit() else ""  # a digit behind the code of the font's size would belong to it
        return found[1] + escaped(first + space + _coded(text) + last).encode()

    return _HEADER.sub(replaced, xml)


def _coded(text: str) -> str:
    return text.replace("&", "&&")
