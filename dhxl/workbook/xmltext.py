"""XML of a workbook as text: parsed without entities, escaped and unescaped as spreadsheets do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final
from xml.etree import ElementTree
from xml.parsers import expat

from dhxl.errors import WorkbookError

__all__ = [
    "LARGEST_TREE",
    "MAIN_SPACE",
    "OFFICE_SPACE",
    "attributes",
    "checked_xml",
    "elements",
    "escaped",
    "escaped_string",
    "local_name",
    "parsed_xml",
    "plain",
    "quoted",
    "stored_xml",
    "unescaped_string",
    "utf8_xml",
    "whole_number",
    "with_elements",
    "with_last_child",
    "without_remarks",
]

MAIN_SPACE: Final = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE_SPACE: Final = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LARGEST_TREE: Final = 64 * 2**20  # bytes; as a tree they take some ten times as much memory

_DECLARED: Final = re.compile(rb"""\A<\?xml\s[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_WIDE: Final = {b"\xff\xfe": "utf-16-le", b"<\0": "utf-16-le", b"\xfe\xff": "utf-16-be", b"\0<": "utf-16-be"}
_NARROW: Final = {b"iso-8859-1": "latin-1", b"windows-1252": "cp1252"}
_READ: Final = (b"utf-8", b"us-ascii", b"ascii", b"utf-16", *_NARROW)
_ENTITY: Final = re.compile(r"&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_REMARK: Final = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_MOST_DIGITS: Final = 10
_HEX_ESCAPE: Final = re.compile(r"_x([0-9a-fA-F]{4})_")
_TO_ESCAPE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9a-fA-F]{4}_)")
_ATTRIBUTE: Final = re.compile(rb"""(?<![\w:.-])([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def utf8_xml(raw: bytes) -> tuple[bytes, str]:
    """Return XML in UTF-8 and the encoding in which it was stored, empty where it was UTF-8 already.

    What it declares of its encoding stays as it is, so that :func:`stored_xml` gives the very same bytes back.

    Examples
    --------
    >>> utf8_xml("<a>é</a>".encode("utf-16"))[0].decode("utf-8-sig")
    '<a>é</a>'
    """
    encoding = _WIDE.get(raw[:2], "")
    if not encoding and (declared := _DECLARED.match(raw)):
        encoding = _NARROW.get(declared[1].lower(), "")
    try:
        return (raw.decode(encoding).encode(), encoding) if encoding else (raw, "")
    except UnicodeError:
        return raw, ""


def stored_xml(xml: bytes, encoding: str) -> bytes:
    """Return XML in the encoding that :func:`utf8_xml` found; signs that it lacks become references."""
    return xml.decode().encode(encoding, "xmlcharrefreplace") if encoding else xml


def checked_xml(xml: bytes, where: str) -> bytes:
    """Return the XML unchanged, proved to be well-formed UTF-8 without document type and entities.

    What :func:`utf8_xml` made of other encodings may still declare these.

    Raises
    ------
    WorkbookError
        If it is not.
    """
    declared = _DECLARED.match(xml)
    if xml[:2] in _WIDE or (declared and declared[1].lower() not in _READ):
        raise WorkbookError(f"{where}: is not written in UTF-8; open and save it once in Excel or LibreOffice")
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise WorkbookError(
            f"{where}: declares a document type or entities, which no spreadsheet program writes; refused"
        )
    parser = expat.ParserCreate("UTF-8")
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise WorkbookError(f"{where}: is no well-formed XML ({error})") from error
    return xml


def parsed_xml(xml: bytes, where: str) -> ElementTree.Element:
    """Return the root element of a small part.

    Raises
    ------
    WorkbookError
        If the XML is too large, damaged, declares a document type or entities, or is not UTF-8.
    """
    if len(xml) > LARGEST_TREE:
        raise WorkbookError(f"{where}: has {len(xml):,} bytes, at most {LARGEST_TREE:,}")
    return ElementTree.fromstring(checked_xml(xml, where), ElementTree.XMLParser(encoding="utf-8"))


def local_name(element: ElementTree.Element) -> str:
    """Return an element's name without its namespace (transitional and strict files differ in it)."""
    return element.tag.rpartition("}")[2]


def attributes(tag: bytes) -> dict[bytes, bytes]:
    r"""Return the attributes of a start tag as raw bytes.

    Examples
    --------
    >>> attributes(b'<c r="A1" s=\'2\'/>')
    {b'r': b'A1', b's': b'2'}
    """
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}


def plain(raw: bytes) -> str:
    r"""Return the text that XML character data stands for: references resolved, line ends normalised.

    Examples
    --------
    >>> plain(b"A1&amp;&quot;x&quot;&#10;")
    'A1&"x"\n'
    """
    text = raw.decode("utf-8")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ENTITY.sub(_resolved, text) if "&" in text else text


def whole_number(text: str) -> int | None:
    """Return a whole number of up to ten plain digits; None for anything else, such as ``1_000`` or other digits.

    Examples
    --------
    >>> whole_number("12"), whole_number("1_2"), whole_number("-1"), whole_number("١")
    (12, None, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def escaped(text: str) -> str:
    """Return text as XML character data.

    Examples
    --------
    >>> escaped('a<b & "c"')
    'a&lt;b &amp; "c"'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(text: str) -> str:
    """Return text as the value of an attribute, with its quotation marks.

    Examples
    --------
    >>> quoted('Bob & "Co"')
    '"Bob &amp; &quot;Co&quot;"'
    """
    inner = escaped(text).replace('"', "&quot;")
    return f'"{inner.replace(chr(9), "&#9;").replace(chr(10), "&#10;").replace(chr(13), "&#13;")}"'


def unescaped_string(text: str) -> str:
    r"""Return a cell's text with the spreadsheet's own ``_xHHHH_`` escapes resolved.

    Source: ECMA-376 part 1, 22.9.2.19 ST_Xstring.

    Examples
    --------
    >>> unescaped_string("a_x000D_b_x005F_x000D_")
    'a\rb_x000D_'
    """
    if "_x" not in text:
        return text
    resolved = _HEX_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return resolved.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def escaped_string(text: str) -> str:
    r"""Return a cell's text as XML: control characters and literal escapes as ``_xHHHH_``.

    Examples
    --------
    >>> escaped_string("a\rb <_x000D_>")
    'a_x000D_b &lt;_x005F_x000D_&gt;'
    """
    return escaped(_TO_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", text))


def _resolved(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if code <= 0x10FFFF else found[0]


def elements(xml: bytes, name: str) -> Iterator[tuple[int, int]]:
    """Yield the places of the elements of a name that have content, each up to the first end of one.

    Takes linear time whatever the XML is, well-formed or not.

    Examples
    --------
    >>> xml = b"<v:shape a='1'>x</v:shape><v:shape/><v:shape>y</v:shape>"
    >>> [xml[start:end] for start, end in elements(xml, "shape")]
    [b"<v:shape a='1'>x</v:shape>", b'<v:shape>y</v:shape>']
    """
    start = -1
    for tag in re.finditer(rb"<(/?)(?:\w+:)?%b(?=[\s/>])[^<>]*>" % name.encode(), xml):
        if tag[1] and start >= 0:
            yield start, tag.end()
            start = -1
        elif not tag[1] and start < 0 and not tag[0].endswith(b"/>"):
            start = tag.start()


def with_elements(xml: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return XML with the elements of a name changed."""
    pieces, at = [], 0
    for start, end in elements(xml, name):
        pieces += [xml[at:start], change(xml[start:end])]
        at = end
    return b"".join([*pieces, xml[at:]])


def without_remarks(xml: bytes) -> bytes:
    """Return well-formed XML without comments and processing instructions."""
    return _REMARK.sub(b"", xml) if b"<!--" in xml or b"<?" in xml else xml


def with_last_child(xml: bytes, element: bytes) -> bytes:
    """Return a document with one element more, the last in its root.

    Examples
    --------
    >>> with_last_child(b"<a><b/></a>", b"<c/>")
    b'<a><b/><c/></a>'
    """
    at = xml.rindex(b"</")
    return xml[:at] + element + xml[at:]
