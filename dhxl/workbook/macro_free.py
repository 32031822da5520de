"""A workbook's package without its macros: what is left opens as a plain .xlsx."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from dhxl.workbook.container import part_key
from dhxl.workbook.package import Package, relations_name
from dhxl.workbook.sheets.hidden import SETTINGS, TEXTS
from dhxl.workbook.xmltext import attributes, elements, escaped, plain, whole_number, with_elements, with_last_child

__all__ = ["PLAIN_TYPE", "Parts", "custom_properties", "with_properties", "without_macros"]

PLAIN_TYPE: Final = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

_TYPES: Final = "[Content_Types].xml"
_ROOT: Final = "_rels/.rels"
_MACRO_RELATIONS: Final = (b"vbaProject", b"extensibility", b"userCustomization", b"attachedToolbars")
_SIGNED: Final = b"/digital-signature/origin"  # of the whole file, which a copy cannot keep
_CHAIN: Final = b"calcChain"  # lists the formulas; Excel makes a new one where there is none
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*?(?:/>|>\s*</(?:\w+:)?Relationship\s*>)")
_STATED: Final = re.compile(rb"<(?:\w+:)?(?:Override|Default)\s[^<>]*?(?:/>|>\s*</(?:\w+:)?(?:Override|Default)\s*>)")
_CODE_NAME: Final = re.compile(rb"""(<(?:\w+:)?(?:workbookPr|sheetPr)\b[^<>]*?)\scodeName\s*=\s*(?:"[^"]*"|'[^']*')""")
_CALLED: Final = re.compile(rb"""(<(?:\w+:)?\w+\b[^<>]*?\smacro\s*=\s*)(?:"[^"]+"|'[^']+')""")
_CONTROL: Final = re.compile(rb"""(<(?:\w+:)?(?:controlPr|objectPr)\b[^<>]*?)\smacro\s*=\s*(?:"[^"]*"|'[^']*')""")
_VML_NO_MACRO: Final = re.compile(rb"<(?:\w+:)?FmlaMacro\b[^<>]*/>")
_VML_CALLS: Final = re.compile(rb"<(?:\w+:)?FmlaMacro\b")
_VML_HEAD: Final = re.compile(rb"""(<(?:\w+:)?shape\s[^<>]*?\bstyle\s*=\s*["'])""")
_VML_BUTTON: Final = re.compile(rb"""ObjectType\s*=\s*["']Button["']""")
_TIED: Final = "/ctrlprops/"  # parts in which Excel keeps what it knows of each button
_DRAWN_HEAD: Final = re.compile(rb"(<(?:\w+:)?cNvPr\b)(?![^<>]*\shidden=)")
_SHOWN_BY: Final = re.compile(rb"""\sspid\s*=\s*["']([^"']*)["']""")
_PLAIN_SHEETS: Final = ("worksheet", "chartsheet")
_SERVICE_SHEETS: Final = (SETTINGS.casefold(), TEXTS.casefold())  # of no use without macros
_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*?/>")
_LOCAL_NAME: Final = rb"""<((?:\w+:)?definedName)\s[^<>]*?\blocalSheetId\s*=\s*["']%d["'][^<>]*>[^<]*</\1\s*>"""
_NAME_OF: Final = rb"""<((?:\w+:)?definedName)\s[^<>]*>\s*%b\s*</\1\s*>"""
_PLACE: Final = re.compile(rb"""(\s(?:localSheetId|activeTab|firstSheet)\s*=\s*["'])(\d{1,9})(["'])""")
_DRAWN: Final = (b"drawing+xml", b"chartshapes+xml")

_CUSTOM: Final = "docProps/custom.xml"
_CUSTOM_TYPE: Final = b"application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM_RELATION: Final = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_CUSTOM_SPACE: Final = b"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUE_SPACE: Final = b"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT: Final = b"{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # of properties that a user names (MS-OLEPS 2.18)
_TEXT: Final = re.compile(rb"<(?:\w+:)?lpwstr\b[^<>]*>([^<]*)</")


@dataclass(frozen=True, slots=True)
class Parts:
    """A package's parts after a change: new content by name, names of those that are gone, and new ones."""

    changed: Mapping[str, bytes]
    removed: frozenset[str] = frozenset()
    added: Mapping[str, bytes] | None = None

    def content(self, package: Package, name: str) -> bytes:
        """Return a part as it will be."""
        return self.changed.get(name) or package.part(name)

    def rebuilt(self, package: Package) -> bytes:
        """Return the file's bytes with these changes and every other member as it was."""
        return package.rebuilt(self.changed, removed=self.removed, added=self.added or {})


def without_macros(package: Package, changed: Mapping[str, bytes]) -> Parts:
    """Return a package's parts without macros and without what only macros need.

    The VBA project and its signatures, the signature of the file, ribbons, toolbars and the list of formulas go with
    all relations to them; so do code names, sheets of Excel 4 macros, dialogs and modules, and the hidden sheets that
    only macros read. Buttons go, or are hidden where Excel has tied them to parts of their own; pictures stay, and call
    nothing. All other parts stay as they are.

    Parameters
    ----------
    package : Package
        The workbook.
    changed : mapping of str to bytes
        Parts that have been changed already, by name.
    """
    new = dict(changed)
    names = {part_key(name): name for name in package.part_names}
    for name in package.part_names:
        if name.endswith(".rels"):
            new[name] = _RELATION.sub(_kept_relation, package.part(name))
    _leave_out_macro_sheets(package, new)
    reached = _reachable(package, names, {}), _reachable(package, names, new)
    removed = frozenset(reached[0] - reached[1])
    stated = package.part(names[part_key(_TYPES)])
    new[names[part_key(_TYPES)]] = _plain_types(stated, package, removed)
    drawn = {
        part_key(attributes(entry)[b"PartName"].decode())
        for entry in _STATED.findall(stated)
        if attributes(entry).get(b"ContentType", b"").endswith(_DRAWN) and b"PartName" in attributes(entry)
    }
    left = [name for name in package.part_names if name not in removed]
    buttons: set[bytes] = set()
    tied = any(_TIED in name.lower() for name in left)
    for name in left:
        if name.lower().endswith(".vml"):
            vml = new.get(name) or package.part(name)
            vml = with_elements(vml, "shape", lambda shape: _out_of_sight(shape, buttons, tied=tied))
            new[name] = _VML_NO_MACRO.sub(b"", with_elements(vml, "FmlaMacro", lambda _: b""))
    for name in left:
        if part_key(name) in drawn:
            drawing = _CALLED.sub(rb'\1""', new.get(name) or package.part(name))
            new[name] = with_elements(drawing, "sp", lambda shape: _drawn_out_of_sight(shape, buttons))
    for name in {package.main, *(sheet.part for sheet in package.sheets if sheet.part)} - removed:
        content = new.get(name) or package.part(name)
        new[name] = _CONTROL.sub(rb"\1", _CODE_NAME.sub(rb"\1", content))
    return Parts({name: content for name, content in new.items() if name not in removed}, removed)


def with_properties(package: Package, parts: Parts, properties: Mapping[str, str]) -> Parts:
    """Return the parts with texts among the file's own properties (Excel: File, Info, Properties, Custom)."""
    kept = next((name for name in package.part_names if part_key(name) == part_key(_CUSTOM)), None)
    old = parts.content(package, kept) if kept else b""
    entries = [entry for entry in _properties(old) if plain(attributes(entry).get(b"name", b"")) not in properties]
    first = max((whole_number(attributes(entry).get(b"pid", b"").decode()) or 1 for entry in entries), default=1) + 1
    for number, (name, text) in enumerate(properties.items(), start=first):
        entries.append(
            b'<property fmtid="%b" pid="%d" name="%b"><vt:lpwstr>%b</vt:lpwstr></property>'
            % (_FORMAT, number, escaped(name).encode(), escaped(text).encode())
        )
    begin = b'<Properties xmlns="%b" xmlns:vt="%b">' % (_CUSTOM_SPACE, _VALUE_SPACE)
    start = re.search(rb"<(?:\w+:)?Properties\b[^<>]*[^<>/]>", old)
    head = old[: start.end()] if start else b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + begin
    content = head + b"".join(entries) + (old[old.rindex(b"</") :] if start else b"</Properties>")
    if kept:
        return Parts({**parts.changed, kept: content}, parts.removed, parts.added)
    changed = dict(parts.changed)
    names = {part_key(name): name for name in package.part_names}
    types, root = names[part_key(_TYPES)], names[_ROOT]
    override = b'<Override PartName="/%b" ContentType="%b"/>' % (_CUSTOM.encode(), _CUSTOM_TYPE)
    changed[types] = with_last_child(parts.content(package, types), override)
    relations = parts.content(package, root)
    taken = {attributes(entry).get(b"Id") for entry in _RELATION.findall(relations)}
    identity = next(one for one in (b"rId%d" % number for number in range(1, len(taken) + 2)) if one not in taken)
    relation = b'<Relationship Id="%b" Type="%b" Target="%b"/>' % (identity, _CUSTOM_RELATION, _CUSTOM.encode())
    changed[root] = with_last_child(relations, relation)
    return Parts(changed, parts.removed, {**(parts.added or {}), _CUSTOM: content})


def custom_properties(package: Package) -> dict[str, str]:
    """Return the texts among the file's own properties."""
    name = next((name for name in package.part_names if part_key(name) == part_key(_CUSTOM)), None)
    found = {}
    for entry in _properties(package.part(name)) if name else ():
        text = _TEXT.search(entry)
        if text:
            found[plain(attributes(entry).get(b"name", b""))] = plain(text[1])
    return found


def _properties(xml: bytes) -> list[bytes]:
    return [xml[start:end] for start, end in elements(xml, "property")]


def _kept_relation(found: re.Match[bytes]) -> bytes:
    stated = attributes(found[0]).get(b"Type", b"")
    kind = stated.rpartition(b"/")[2]
    gone = kind.startswith(_MACRO_RELATIONS) or kind == _CHAIN or stated.endswith(_SIGNED)
    return b"" if gone else found[0]


def _leave_out_macro_sheets(package: Package, new: dict[str, bytes]) -> None:
    """Leave out the sheets that are of use with macros only; the places of the sheets behind them move up."""
    places = [
        place
        for place, sheet in enumerate(package.sheets)
        if sheet.kind not in _PLAIN_SHEETS
        or (sheet.name.casefold() in _SERVICE_SHEETS and sheet.visibility != "visible")
    ]
    if not places:
        return
    last = len(package.sheets) - len(places) - 1
    content = new.get(package.main) or package.part(package.main)
    entries = _SHEET.findall(content)
    lost = {package.sheets[place].name for place in places}
    gone = {value for place in places for name, value in attributes(entries[place]).items() if name.endswith(b":id")}
    for place in places:
        content = content.replace(entries[place], b"")

    def moved(found: re.Match[bytes]) -> bytes:
        place = int(found[2])
        return b"%b%d%b" % (found[1], min(place - sum(one < place for one in places), last), found[3])

    for place in places:
        content = re.sub(_LOCAL_NAME % place, b"", content)
    for text in {one.text for one in package.names if one.reference and one.reference.sheet in lost}:
        content = re.sub(_NAME_OF % re.escape(escaped(text).encode()), b"", content)
    new[package.main] = _PLACE.sub(moved, content)
    relations = next(one for one in new if part_key(one) == part_key(relations_name(package.main)))
    new[relations] = _RELATION.sub(
        lambda found: b"" if attributes(found[0]).get(b"Id") in gone else found[0], new[relations]
    )


def _out_of_sight(shape: bytes, found: set[bytes], *, tied: bool) -> bytes:
    """Return a shape of VML; of a button with a macro nothing, or the hidden button where it is tied to other parts.

    The identities of buttons go among the found ones.
    """
    head = _VML_HEAD.match(shape)
    button = _VML_BUTTON.search(shape)
    if not head or not button or not _VML_CALLS.search(shape, button.end()):
        return shape
    found.add(attributes(shape[: shape.index(b">") + 1]).get(b"id", b""))
    return head[0] + b"visibility:hidden;" + shape[head.end() :] if tied else b""


def _drawn_out_of_sight(shape: bytes, buttons: set[bytes]) -> bytes:
    """Return a shape of a drawing, hidden where it stands for one of the buttons."""
    shown_by = _SHOWN_BY.search(shape)
    return _DRAWN_HEAD.sub(rb'\1 hidden="1"', shape, count=1) if shown_by and shown_by[1] in buttons else shape


def _reachable(package: Package, names: Mapping[str, str], changed: Mapping[str, bytes]) -> set[str]:
    """Return the parts that relations lead to from the package's root, with their own lists of relations."""
    reached: set[str] = set()
    waiting = [_ROOT]
    while waiting:
        spelled = names.get(part_key(waiting.pop()))
        if spelled is None or spelled in reached:
            continue
        reached.add(spelled)
        folder = posixpath.dirname(posixpath.dirname(spelled.replace("\\", "/")))
        for entry in _RELATION.findall(changed.get(spelled) or package.part(spelled)):
            marks = attributes(entry)
            if marks.get(b"TargetMode") != b"External":
                target = plain(marks.get(b"Target", b"")).replace("\\", "/")
                part = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
                if part_key(part) in names:
                    reached.add(names[part_key(part)])
                    waiting.append(relations_name(part))
    return reached


def _plain_types(content: bytes, package: Package, removed: Iterable[str]) -> bytes:
    """Return the list of content types for a plain workbook, without parts that are gone."""
    gone = {part_key(name) for name in removed}
    listed = {part_key(attributes(one).get(b"PartName", b"").decode()) for one in _STATED.findall(content)}
    by_suffix = {name.rpartition(".")[2].lower() for name in package.part_names if part_key(name) not in gone | listed}

    def kept(found: re.Match[bytes]) -> bytes:
        marks = attributes(found[0])
        part, suffix = part_key(marks.get(b"PartName", b"").decode()), marks.get(b"Extension", b"").decode().lower()
        kind = marks.get(b"ContentType", b"")
        if part in gone or (b"vbaProject" in kind and suffix and suffix not in by_suffix):
            return b""
        if kind.lower().endswith(b".main+xml"):
            return found[0].replace(kind, PLAIN_TYPE)
        return found[0].replace(kind, b"application/octet-stream") if b"vbaProject" in kind else found[0]

    return _STATED.sub(kept, content)
