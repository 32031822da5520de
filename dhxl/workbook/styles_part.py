"""The named cell style of inputs, which XlsxWriter cannot write: added to the styles part."""

from __future__ import annotations

import re

from dhxl.workbook.rezip import with_part
from dhxl.workbook.style import Colour

__all__ = ["INPUT_STYLE", "with_input_style"]

INPUT_STYLE = "dhxl Input"


def with_input_style(package: bytes) -> bytes:
    """Return the package in which every cell format of inputs belongs to the named style ``dhxl Input``."""
    return with_part(package, "xl/styles.xml", lambda part: _named(part.decode("utf-8")).encode("utf-8"))


def _named(styles: str) -> str:
    fill = _index(styles, "fills", "fill", Colour.INPUT_FILL)
    fonts = _indices(styles, "fonts", "font", Colour.INPUT_INK)
    formats = _section(styles, "cellXfs")
    found = re.findall(r"<xf [^>]*/>|<xf [^>]*[^/]>.*?</xf>", formats, re.S)
    ours = [xf for xf in found if f'fillId="{fill}"' in xf and any(f'fontId="{font}"' in xf for font in fonts)]
    if not ours:
        return styles
    base = re.sub(r' xfId="\d+"', "", min(ours, key=len))
    named = formats
    for xf in dict.fromkeys(ours):
        named = named.replace(xf, re.sub(r'xfId="\d+"', 'xfId="1"', xf))
    styles = styles.replace(formats, named)
    style_formats = _section(styles, "cellStyleXfs")
    extended = style_formats.replace('count="1"', 'count="2"').replace("</cellStyleXfs>", base + "</cellStyleXfs>")
    styles = styles.replace(style_formats, extended)
    listed = _section(styles, "cellStyles")
    entry = f'<cellStyle name="{INPUT_STYLE}" xfId="1"/></cellStyles>'
    return styles.replace(listed, listed.replace('count="1"', 'count="2"').replace("</cellStyles>", entry))


def _section(styles: str, tag: str) -> str:
    found = re.search(rf"<{tag}[ >].*?</{tag}>", styles, re.S)
    if found is None:
        raise ValueError(f"styles part without {tag}")
    return found.group(0)


def _indices(styles: str, group: str, tag: str, colour: str) -> list[int]:
    parts = re.findall(rf"<{tag}>.*?</{tag}>", _section(styles, group), re.S)
    return [i for i, part in enumerate(parts) if f"FF{colour[1:]}" in part]


def _index(styles: str, group: str, tag: str, colour: str) -> int:
    return _indices(styles, group, tag, colour)[0]
