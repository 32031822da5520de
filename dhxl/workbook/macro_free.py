"""A workbook's package without its macros: what is left opens as a plain .xlsx."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from dhxl.errors import WorkbookError
from dhxl.workbook.package import Package
from dhxl.workbook.xmltext import attributes, escaped, plain

__all__ = ["PLAIN_TYPE", "Parts", "custom_properties", "with_properties", "without_macros"]

PLAIN_TYPE: Final = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

_TYPES: Final = "[Content_Types].xml"
_ROOT: Final = "_rels/.rels"
_MACRO_RELATIONS: Final = (b"vbaProject", b"extensibility", b"userCustomization", b"attachedToolbars")
_CHAIN: Final = b"calcChain"  # lists the formulas; Excel makes a new one where there is none
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*?(?:/>|>\s*</(?:\w+:)?Relationship\s*>)")
_STATED: Final = re.compile(rb"<(?:\w+:)?(?:Override|Default)\s[^>]*?(?:/>|>\s*</(?:\w+:)?(?:Override|Default)\s*>)")
_CODE_NAME: Final = re.compile(rb"""(<(?:\w+:)?(?:workbookPr|sheetPr)\b[^>]*?)\s+codeName\s*=\s*(?:"[^"]*"|'[^']*')""")
_CALLED: Final = re.compile(rb"""(<(?:\w+:)?\w+\b[^>]*?\smacro\s*=\s*)(?:"[^"]+"|'[^']+')""")
_CONTROL: Final = re.compile(rb"""(<(?:\w+:)?(?:controlPr|objectPr)\b[^>]*?)\s+macro\s*=\s*(?:"[^"]*"|'[^']*')""")
_VML_MACRO: Final = re.compile(rb"<(\w+:)?FmlaMacro\b[^>]*?(?:/>|>.*?</(?:\w+:)?FmlaMacro\s*>)", re.DOTALL)
_DRAWN: Final = (b"drawing+xml", b"chartshapes+xml")

_CUSTOM: Final = "docProps/custom.xml"
_CUSTOM_TYPE: Final = b"application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM_RELATION: Final = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_CUSTOM_SPACE: Final = b"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUE_SPACE: Final = b"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT: Final = b"{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # of properties that a user names (MS-OLEPS 2.18)
_PROPERTY: Final = re.compile(rb"<(?:\w+:)?property\s[^>]*>.*?</(?:\w+:)?property\s*>", re.DOTALL)
_TEXT: Final = re.compile(rb"<(?:\w+:)?lpwstr\b[^>]*>([^<]*)</")


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
        real = {name: new for name, new in self.changed.items() if new != package.part(name)}
        return package.container.rebuilt(real, removed=self.removed, added=self.added or {})


def without_macros(package: Package, changed: Mapping[str, bytes]) -> Parts:
    """Return a package's parts without macros and without what only macros need.

    The VBA project and its signatures, ribbons, toolbars and the list of formulas go with all relations to them;
    code names go; buttons and pictures stay, and call nothing. All other parts stay as they are.

    Parameters
    ----------
    package : Package
        The workbook.
    changed : mapping of str to bytes
        Parts that have been changed already, by name.

    Raises
    ------
    WorkbookError
        It has sheets of Excel 4 macros or dialogs, which no macro-free file can hold.
    """
    for sheet in package.sheets:
        if sheet.kind not in ("worksheet", "chartsheet"):
            raise WorkbookError(f"the sheet {sheet.name!r} holds macros of Excel 4 or a dialog; delete it first")
    new = dict(changed)
    names = {_key(name): name for name in package.part_names}
    for name in package.part_names:
        if name.endswith(".rels"):
            new[name] = _RELATION.sub(_kept_relation, package.part(name))
    reached = _reachable(package, names, {}), _reachable(package, names, new)
    removed = frozenset(reached[0] - reached[1])
    stated = package.part(names[_key(_TYPES)])
    new[names[_key(_TYPES)]] = _plain_types(stated, package, removed)
    drawn = {
        _key(attributes(entry)[b"PartName"].decode())
        for entry in _STATED.findall(stated)
        if attributes(entry).get(b"ContentType", b"").endswith(_DRAWN) and b"PartName" in attributes(entry)
    }
    for name in package.part_names:
        if name in removed:
            continue
        if _key(name) in drawn:
            new[name] = _CALLED.sub(rb'\1""', new.get(name) or package.part(name))
        elif name.lower().endswith(".vml"):
            new[name] = _VML_MACRO.sub(b"", new.get(name) or package.part(name))
    for name in (package.main, *(sheet.part for sheet in package.sheets)):
        spelled = names[_key(name)]
        content = new.pop(name, None) or package.part(spelled)
        new[spelled] = _CONTROL.sub(rb"\1", _CODE_NAME.sub(rb"\1", content))
    return Parts({name: content for name, content in new.items() if name not in removed}, removed)


def with_properties(package: Package, parts: Parts, properties: Mapping[str, str]) -> Parts:
    """Return the parts with texts among the file's own properties (Excel: File, Info, Properties, Custom)."""
    kept = next((name for name in package.part_names if _key(name) == _key(_CUSTOM)), None)
    old = parts.content(package, kept) if kept else b""
    entries = [entry for entry in _PROPERTY.findall(old) if plain(attributes(entry)[b"name"]) not in properties]
    first = max((int(attributes(entry).get(b"pid", b"1")) for entry in entries), default=1) + 1
    for number, (name, text) in enumerate(properties.items(), start=first):
        entries.append(
            b'<property fmtid="%b" pid="%d" name="%b"><vt:lpwstr>%b</vt:lpwstr></property>'
            % (_FORMAT, number, escaped(name).encode(), escaped(text).encode())
        )
    begin = b'<Properties xmlns="%b" xmlns:vt="%b">' % (_CUSTOM_SPACE, _VALUE_SPACE)
    start = re.search(rb"<(?:\w+:)?Properties\b[^>]*[^/>]>", old)
    head = old[: start.end()] if start else b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + begin
    content = head + b"".join(entries) + (old[old.rindex(b"</") :] if start else b"</Properties>")
    if kept:
        return Parts({**parts.changed, kept: content}, parts.removed, parts.added)
    changed = dict(parts.changed)
    names = {_key(name): name for name in package.part_names}
    types, root = names[_key(_TYPES)], names[_ROOT]
    override = b'<Override PartName="/%b" ContentType="%b"/>' % (_CUSTOM.encode(), _CUSTOM_TYPE)
    changed[types] = _inserted(parts.content(package, types), override)
    relations = parts.content(package, root)
    taken = {attributes(entry).get(b"Id") for entry in _RELATION.findall(relations)}
    identity = next(one for one in (b"rId%d" % number for number in range(1, len(taken) + 2)) if one not in taken)
    relation = b'<Relationship Id="%b" Type="%b" Target="%b"/>' % (identity, _CUSTOM_RELATION, _CUSTOM.encode())
    changed[root] = _inserted(relations, relation)
    return Parts(changed, parts.removed, {**(parts.added or {}), _CUSTOM: content})


def custom_properties(package: Package) -> dict[str, str]:
    """Return the texts among the file's own properties."""
    name = next((name for name in package.part_names if _key(name) == _key(_CUSTOM)), None)
    found = {}
    for entry in _PROPERTY.findall(package.part(name)) if name else ():
        text = _TEXT.search(entry)
        if text:
            found[plain(attributes(entry).get(b"name", b""))] = plain(text[1])
    return found


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _kept_relation(found: re.Match[bytes]) -> bytes:
    kind = attributes(found[0]).get(b"Type", b"").rpartition(b"/")[2]
    return b"" if kind.startswith(_MACRO_RELATIONS) or kind == _CHAIN else found[0]


def _reachable(package: Package, names: Mapping[str, str], changed: Mapping[str, bytes]) -> set[str]:
    """Return the parts that relations lead to from the package's root, with their own lists of relations."""
    reached: set[str] = set()
    waiting = [_ROOT]
    while waiting:
        spelled = names.get(_key(waiting.pop()))
        if spelled is None or spelled in reached:
            continue
        reached.add(spelled)
        folder = posixpath.dirname(posixpath.dirname(spelled))
        for entry in _RELATION.findall(changed.get(spelled) or package.part(spelled)):
            marks = attributes(entry)
            if marks.get(b"TargetMode") != b"External":
                target = unquote(plain(marks.get(b"Target", b""))).replace("\\", "/")
                part = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
                if _key(part) in names:
                    reached.add(names[_key(part)])
                    waiting.append(f"{posixpath.dirname(part)}/_rels/{posixpath.basename(part)}.rels")
    return reached


def _plain_types(content: bytes, package: Package, removed: Iterable[str]) -> bytes:
    """Return the list of content types for a plain workbook, without parts that are gone."""
    gone = {_key(name) for name in removed}
    listed = {_key(attributes(one).get(b"PartName", b"").decode()) for one in _STATED.findall(content)}
    by_suffix = {name.rpartition(".")[2].lower() for name in package.part_names if _key(name) not in gone | listed}

    def kept(found: re.Match[bytes]) -> bytes:
        marks = attributes(found[0])
        part, suffix = _key(marks.get(b"PartName", b"").decode()), marks.get(b"Extension", b"").decode().lower()
        kind = marks.get(b"ContentType", b"")
        if part in gone or (b"vbaProject" in kind and suffix and suffix not in by_suffix):
            return b""
        if part == _key(package.main):
            return found[0].replace(kind, PLAIN_TYPE)
        return found[0].replace(kind, b"application/octet-stream") if b"vbaProject" in kind else found[0]

    return _STATED.sub(kept, content)


def _inserted(xml: bytes, element: bytes) -> bytes:
    at = xml.rindex(b"</")
    return xml[:at] + element + xml[at:]
