"""Named cell styles of inputs, printed numbers and study results, which XlsxWriter cannot write."""

from __future__ import annotations

import re

from dhxl.workbook.rezip import with_part
from dhxl.workbook.style import Colour

__all__ = ["INPUT_STYLE", "PRINTED_STYLE", "STUDY_STYLE", "with_named_styles"]

INPUT_STYLE = "dhxl Input"
PRINTED_STYLE = "dhxl Printed"
STUDY_STYLE = "dhxl Study"


def with_named_styles(package: bytes) -> bytes:
    """Return the package in which cell formats of inputs, printed numbers and study results belong to named styles."""
    return with_part(package, "xl/styles.xml", lambda part: _all_named(part.decode("utf-8")).encode("utf-8"))


def _all_named(styles: str) -> str:
    fill = _indices(styles, "fills", "fill", Colour.INPUT_FILL)
    styles = _named(styles, INPUT_STYLE, _indices(styles, "fonts", "font", Colour.INPUT_INK), fill)
    styles = _named(styles, PRINTED_STYLE, _indices(styles, "fonts", "font", Colour.PRINTED_INK), [])
    return _named(styles, STUDY_STYLE, _indices(styles, "fonts", "font", Colour.STUDY_INK), [])


def _named(styles: str, name: str, fonts: list[int], fills: list[int]) -> str:
    """Return the styles part in which the cell formats with one of the fonts, and one of the fills, have a name."""
    formats = _section(styles, "cellXfs")
    found = re.findall(r"<xf [^>]*/>|<xf [^>]*[^/]>.*?</xf>", formats, re.S)
    ours = [xf for xf in found if any(f'fontId="{font}"' in xf for font in fonts)]
    ours = [xf for xf in ours if not fills or any(f'fillId="{fill}"' in xf for fill in fills)]
    if not ours:
        return styles
    style_formats = _section(styles, "cellStyleXfs")
    number = style_formats.count("<xf ")
    base = re.sub(r' xfId="\d+"', "", min(ours, key=len))
    named = formats
    for xf in dict.fromkeys(ours):
        named = named.replace(xf, re.sub(r'xfId="\d+"', f'xfId="{number}"', xf))
    styles = styles.replace(formats, named)
    counted = f'count="{number}"', f'count="{number + 1}"'
    styles = styles.replace(
        style_formats, style_formats.replace(*counted).replace("</cellStyleXfs>", base + "</cellStyleXfs>")
    )
    listed = _section(styles, "cellStyles")
    entry = f'<cellStyle name="{name}" xfId="{number}"/></cellStyles>'
    return styles.replace(listed, listed.replace(*counted).replace("</cellStyles>", entry))


def _section(styles: str, tag: str) -> str:
    found = re.search(rf"<{tag}[ >].*?</{tag}>", styles, re.S)
    if found is None:
        raise ValueError(f"styles part without {tag}")
    return found.group(0)


def _indices(styles: str, group: str, tag: str, colour: str) -> list[int]:
    parts = re.findall(rf"<{tag}>.*?</{tag}>", _section(styles, group), re.S)
    return [i for i, part in enumerate(parts) if f"FF{colour[1:]}" in part]
