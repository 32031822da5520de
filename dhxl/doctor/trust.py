"""What a Windows machine allows: macros, trusted locations, and programs that Excel starts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PureWindowsPath
from typing import Final

from dhxl.doctor.excel import expanded
from dhxl.doctor.findings import Finding, fine, looked, trouble, warning
from dhxl.doctor.machine import Machine

__all__ = ["marked_files_blocked", "trust_findings", "trusted"]

_CLOUD_POLICY: Final = "HKCU\\Software\\Policies\\Microsoft\\Cloud\\Office\\16.0"
_POLICIES: Final = (
    _CLOUD_POLICY,
    "HKCU\\Software\\Policies\\Microsoft\\Office\\16.0",
    "HKLM\\SOFTWARE\\Policies\\Microsoft\\Office\\16.0",
)
_SETTINGS: Final = "HKCU\\Software\\Microsoft\\Office\\16.0"
_SECURITY: Final = "\\Excel\\Security"
_LOCATIONS: Final = "\\Trusted Locations"
_FOR_ALL: Final = (
    "HKLM\\SOFTWARE\\Microsoft\\Office\\16.0\\Excel\\Security\\Trusted Locations",
    "HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\Office\\16.0\\Excel\\Security\\Trusted Locations",
)
_ALL, _SIGNED_ONLY, _NONE = 1, 3, 4  # VBAWarnings; 2 is the yellow bar with Enable Content, as without a setting

_DEFENDER: Final = "SOFTWARE\\Policies\\Microsoft\\Windows Defender"
_LISTED: Final = f"HKLM\\{_DEFENDER}\\Policy Manager"  # by Intune: "rule=state|rule=state"
_RULES: Final = (
    f"HKLM\\{_DEFENDER}\\Windows Defender Exploit Guard\\ASR\\Rules",
    "HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Windows Defender Exploit Guard\\ASR\\Rules",
)
_MEANING: Final = {
    "d4f940ab-401b-4efc-aadc-ad5f3c50688a": "Office may start no other programs",
    "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b": "macros may not call Windows",
}
_BLOCKS, _WARNS = 1, 6
_CMD: Final = "HKCU\\Software\\Policies\\Microsoft\\Windows\\System"
_APP_CONTROL: Final = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\CI\\Policy"
_MEANWHILE: Final = "dhxl run calculates workbooks without Excel meanwhile"


@dataclass(frozen=True, slots=True)
class _Location:
    folder: PureWindowsPath
    below: bool

    def holds(self, folder: PureWindowsPath) -> bool:
        return folder == self.folder or (self.below and folder.is_relative_to(self.folder))


def trust_findings(machine: Machine) -> Iterator[Finding]:
    """Yield what a Windows machine allows workbooks to do."""
    checks = (
        ("macros", _macros),
        ("defender", _rules),
        ("command_window", _command_window),
        ("app_control", _app_control),
    )
    for name, check in checks:
        yield from looked(name, partial(check, machine))
    yield fine("project_access", "Trust access to the VBA project object model is not needed; leave it off")


def trusted(machine: Machine, place: PureWindowsPath) -> bool:
    """Return whether a file lies in a folder whose files Excel trusts without asking."""
    return any(one.holds(place.parent) for one in _locations(machine))


def marked_files_blocked(machine: Machine) -> bool:
    """Return whether Excel blocks macros of files from the internet outright, as it does unless a policy says no."""
    return _policy(machine, _SECURITY, "blockcontentexecutionfrominternet") != 0


def _policy(machine: Machine, key: str, name: str) -> int | None:
    values = (_number(machine.registry.value(policy + key, name)) for policy in _POLICIES)
    return next((value for value in values if value is not None), None)


def _number(value: str | int | None) -> int | None:
    try:
        return None if value is None else int(value)
    except ValueError:
        return None


def _macros(machine: Machine) -> Iterator[Finding]:
    if any(_policy(machine, key, "vbaoff") for key in ("\\Common", _SECURITY)):
        yield trouble(
            "macros",
            "your firm's rules switch VBA off in Office as a whole",
            "ask IT (policy Disable VBA for Office applications); " + _MEANWHILE,
        )
        return
    forced = _policy(machine, _SECURITY, "VBAWarnings")
    chosen = _number(machine.registry.value(_SETTINGS + _SECURITY, "VBAWarnings"))
    state, owner = (chosen, "Excel's settings") if forced is None else (forced, "your firm's rules")
    folders = [str(one.folder) for one in _locations(machine)]
    listed = ", ".join(folders[:3]) + (" ..." if len(folders) > 3 else "")
    if state in (_SIGNED_ONLY, _NONE):
        allowed = "only signed macros, and dhxl's are not" if state == _SIGNED_ONLY else "no macros"
        if folders:
            yield warning(
                "macros",
                f"{owner} allow {allowed}, except in trusted locations: {listed}",
                "put workbooks into one of these, or a new one (File, Options, Trust Center, Trusted Locations)",
            )
            return
        ask = ", which IT has to allow" if forced is not None else ""
        sign = "; or IT signs the firm's template" if state == _SIGNED_ONLY else ""
        yield trouble(
            "macros",
            f"{owner} allow {allowed}",
            f"put workbooks into a trusted location (File, Options, Trust Center, Trusted Locations){ask}{sign}; "
            + _MEANWHILE,
        )
    elif state == _ALL:
        yield fine("macros", f"{owner} let all macros of all files run; dhxl needs only Enable Content")
    else:
        where = f"; without asking in: {listed}" if folders else ""
        yield fine("macros", f"macros run after Enable Content{where}")


def _locations(machine: Machine) -> tuple[_Location, ...]:
    """Return the folders that Excel trusts, as far as policies leave them."""
    if _policy(machine, _SECURITY + _LOCATIONS, "AllLocationsDisabled") == 1:
        return ()
    own = _SETTINGS + _SECURITY + _LOCATIONS
    if _number(machine.registry.value(own, "AllLocationsDisabled")) == 1:
        return ()
    forced = _policy(machine, _SECURITY + _LOCATIONS, "AllowNetworkLocations")
    chosen = _number(machine.registry.value(own, "AllowNetworkLocations"))
    network = (chosen if forced is None else forced) == 1
    keys = [policy + part + _LOCATIONS for policy in _POLICIES for part in (_SECURITY, "\\Common\\Security")]
    if _policy(machine, "\\Common\\Security" + _LOCATIONS, "Allow User Locations") != 0:
        keys += [own, *_FOR_ALL]
    found: dict[str, _Location] = {}
    for key in keys:
        for name in machine.registry.keys(key):
            path = machine.registry.value(f"{key}\\{name}", "Path")
            folder = PureWindowsPath(expanded(machine, str(path or "")))
            if not path or (folder.drive.startswith("\\\\") and not network):
                continue
            below = _number(machine.registry.value(f"{key}\\{name}", "AllowSubFolders")) == 1
            found.setdefault(str(folder).lower(), _Location(folder, below))
    return tuple(found.values())


def _rules(machine: Machine) -> Iterator[Finding]:
    states = {rule: _state(machine, rule) for rule in _MEANING}
    for wanted in (_BLOCKS, _WARNS):
        found = ", ".join(f"{_MEANING[rule]} ({rule})" for rule, state in states.items() if state == wanted)
        if found and wanted == _BLOCKS:
            yield trouble(
                "defender",
                "rules of Microsoft Defender (attack surface reduction) block it, unless IT has made an exception: "
                + found,
                f"ask IT for an exception (Excel starts cmd.exe, and that {machine.python}); {_MEANWHILE}",
            )
        elif found:
            yield warning(
                "defender",
                f"rules of Microsoft Defender warn before: {found}",
                "allow it in the message that Windows shows, or ask IT for an exception",
            )
    if not {_BLOCKS, _WARNS} & set(states.values()):
        yield fine("defender", "no rule of Microsoft Defender against it is known here")


def _state(machine: Machine, rule: str) -> int | None:
    """Return the state of a rule: of a policy, else of the machine's own settings."""
    listed = str(machine.registry.value(_LISTED, "ASRRules") or "").lower()
    pairs = dict(pair.partition("=")[::2] for pair in listed.split("|"))
    named = (machine.registry.value(path, one) for path in _RULES for one in (rule, rule.upper()))
    stated = (_number(one) for one in (pairs.get(rule), *named))
    return next((one for one in stated if one is not None), None)


def _command_window(machine: Machine) -> Iterator[Finding]:
    """Look for the policy against cmd.exe, by which xlwings starts Python; 2 leaves it to batch files."""
    state = _number(machine.registry.value(_CMD, "DisableCMD"))
    ask = f"ask IT (policy Prevent access to the command prompt); {_MEANWHILE}, from PowerShell"
    if state == 1:
        yield trouble(
            "command_window", "your firm's rules forbid the command window (cmd.exe), by which Excel starts Python", ask
        )
    elif state == 2:
        yield warning(
            "command_window",
            "your firm's rules leave the command window (cmd.exe) to batch files; Excel, which starts Python by it, "
            "may be refused",
            ask,
        )


def _app_control(machine: Machine) -> Iterator[Finding]:
    if _number(machine.registry.value(_APP_CONTROL, "VerifiedAndReputablePolicyState")) == 1:
        yield warning(
            "app_control",
            "Smart App Control is on; it may block programs that few people use, such as Python's libraries",
            "if Python or a library is blocked, Windows Security, App & browser control tells; " + _MEANWHILE,
        )
