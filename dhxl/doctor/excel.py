"""Which Excel is on a Windows machine, and what of it keeps Python away."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from typing import Final

from dhxl.doctor.findings import Finding, absent, fine, trouble, warning
from dhxl.doctor.machine import Machine

__all__ = ["disabled_items", "excel_bits", "excel_findings", "expanded"]

_APP_PATH: Final = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\App Paths\\excel.exe"
_CLICK_TO_RUN: Final = "HKLM\\SOFTWARE\\Microsoft\\Office\\ClickToRun\\Configuration"
# Office installed by MSI; of 32 bits on Windows of 64 it stands under WOW6432Node
_OFFICE: Final = ("HKLM\\SOFTWARE\\Microsoft\\Office\\16.0", "HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\Office\\16.0")
_PACKAGES: Final = (
    "HKCU\\Software\\Classes\\Local Settings\\Software\\Microsoft\\Windows\\CurrentVersion\\AppModel"
    "\\Repository\\Packages"
)
_STORE_EXCEL: Final = ("microsoft.office.desktop_", "microsoft.office.desktop.excel_")
_DISABLED: Final = "HKCU\\Software\\Microsoft\\Office\\16.0\\Excel\\Resiliency\\DisabledItems"
_LAYERS: Final = "Software\\Microsoft\\Windows NT\\CurrentVersion\\AppCompatFlags\\Layers"
_STORE: Final = "\\windowsapps\\"
_TOO_OLD: Final = re.compile(r"\\office1[0-5]\\", re.IGNORECASE)  # 2002 to 2013; 2016 to 2024 and 365 are 16
_BUILDS: Final = {0x014C: "x86", 0x8664: "x64", 0xAA64: "arm64"}  # "Machine" in the header of a program (PE format)


def excel_findings(machine: Machine) -> Iterator[Finding]:
    """Yield what is found of Excel itself."""
    place = _place(machine)
    packaged = any(
        key.lower().startswith(_STORE_EXCEL) for key in machine.registry.keys(_PACKAGES)
    )  # key names end in version, processor and publisher
    if _STORE in place.lower() or (packaged and not place):
        where = f" ({place})" if place else ""
        yield trouble(
            "store_office",
            f"Excel comes from the Microsoft Store{where}, which cannot start Python (Could not activate Python COM "
            "server)",
            "uninstall it and install Office from office.com, or ask IT to; meanwhile dhxl run calculates",
        )
        return
    if not place:
        yield absent(
            "excel",
            "Excel is not on this machine",
            "install the desktop version of Microsoft 365 or Excel 2016 to 2024, or calculate with dhxl run",
        )
        return
    if _TOO_OLD.search(place):
        yield trouble("excel", f"Excel at {place} is older than 2016", "Excel 2016 or later, or dhxl run")
        return
    build, certain = _build(machine, place)
    made = _release(machine, place)
    bits = f"{_bits(build)} bits" if certain else f"probably {_bits(build)} bits"
    yield fine("excel", f"Excel, {bits}{made}, at {place}")
    if packaged:
        yield warning(
            "store_office",
            "a second Excel comes from the Microsoft Store; workbooks that open in it do not reach Python",
            "uninstall the one from the Store",
        )
    if build == "arm64":
        yield warning(
            "excel_arm",
            "this Excel is built for ARM processors, the library of xlwings for Intel's; such an Excel may load it "
            "(Windows 11 emulates), which was not tried",
            "if functions do not answer, calculate with dhxl run",
        )
    if any("RUNASADMIN" in str(machine.registry.value(f"{root}\\{_LAYERS}", place)) for root in ("HKCU", "HKLM")):
        yield warning(
            "administrator",
            "Excel is set to start as administrator; it may then not reach Python, nor your network drives",
            f"right click on {place}, Properties, Compatibility: take out the tick",
        )
    if disabled_items(machine, "xlwings"):
        yield warning(
            "disabled_items",
            "Excel has put something of xlwings on its list of disabled items, after a crash perhaps",
            "File, Options, Add-ins, Manage: Disabled Items, Go: enable it",
        )
    add_in = machine.environment.get("APPDATA", "") + "\\Microsoft\\Excel\\XLSTART\\xlwings.xlam"
    if machine.exists(Path(add_in)):
        yield fine("add_in", "the add-in of xlwings is installed, too; workbooks of dhxl neither need nor use it")


def excel_bits(machine: Machine) -> int:
    """Return whether Excel has 32 or 64 bits: the library of xlwings that it loads is the one for these."""
    return _bits(_build(machine, _place(machine))[0])


def disabled_items(machine: Machine, text: str) -> bool:
    """Return whether Excel's list of disabled items mentions a text.

    Each item is a block of bytes with a path and a name in UTF-16, in small letters.
    """
    items = machine.registry.values(_DISABLED).values()
    told = [item.decode("utf-16-le", errors="replace").lower() for item in items if isinstance(item, bytes)]
    return any(text.lower() in one for one in told)


def expanded(machine: Machine, text: str) -> str:
    """Return a text of the registry with environment variables such as ``%APPDATA%`` put in."""
    known = {name.upper(): value for name, value in machine.environment.items()}
    return re.sub(r"%([^%]+)%", lambda found: known.get(found[1].upper(), found[0]), text)


def _place(machine: Machine) -> str:
    """Return where Excel is, as Windows would start it; empty where it is not."""
    registry = machine.registry
    named = [registry.value(f"{root}\\{_APP_PATH}", "") for root in ("HKCU", "HKLM")]
    roots = [registry.value(f"{office}\\Excel\\InstallRoot", "Path") for office in _OFFICE]
    folder = registry.value(_CLICK_TO_RUN, "InstallationPath")
    named += [f"{str(root).rstrip(chr(92))}\\EXCEL.EXE" for root in roots if root]
    named += [f"{folder}\\root\\Office16\\EXCEL.EXE"] if folder else []
    places = [expanded(machine, str(name)).strip('" ') for name in named if name]
    return next((one for one in places if _STORE in one.lower() or machine.exists(Path(one))), "")


def _build(machine: Machine, place: str) -> tuple[str, bool]:
    """Return what Excel was built for, and whether that is certain: its own header tells, settings may be left over."""
    head = machine.head(Path(place)) if place else b""
    if head[:2] == b"MZ" and len(head) >= 0x40:
        at = int(struct.unpack_from("<I", head, 0x3C)[0])
        if head[at : at + 4] == b"PE\0\0" and len(head) >= at + 6:
            return _BUILDS.get(int(struct.unpack_from("<H", head, at + 4)[0]), "x64"), True
    if "(x86)" in place:
        return "x86", True
    platform = machine.registry.value(_CLICK_TO_RUN, "Platform")
    stated = [platform, *(machine.registry.value(f"{office}\\Outlook", "Bitness") for office in _OFFICE)]
    return next((str(one).lower() for one in stated if str(one).lower() in _BUILDS.values()), "x64"), False


def _bits(build: str) -> int:
    return 32 if build == "x86" else 64


def _release(machine: Machine, place: str) -> str:
    version = machine.registry.value(_CLICK_TO_RUN, "VersionToReport")
    products = machine.registry.value(_CLICK_TO_RUN, "ProductReleaseIds")
    if PureWindowsPath(place).parent.parent.name.lower() != "root" or not version:
        return ""
    return f", {version} ({products})" if products else f", {version}"
