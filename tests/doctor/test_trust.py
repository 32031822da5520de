"""dhxl doctor: what rules and settings of Windows and Excel let workbooks do."""

from __future__ import annotations

import pytest

from tests.doctor.machines import (
    CLOUD_POLICY,
    COMMAND_WINDOW,
    COMMON_LOCATIONS,
    INTUNE,
    LOCAL_RULES,
    POLICY,
    RULES,
    SECURITY,
    found,
    location,
    windows,
)


@pytest.mark.parametrize("state", [3, 4])
@pytest.mark.parametrize("path", [SECURITY, POLICY])
def test_macros_that_are_switched_off_are_told(path: str, state: int) -> None:
    finding = found(windows({(path, "VBAWarnings"): state}), "macros")
    assert (finding.verdict, "trusted location" in finding.mend) == ("trouble", True)
    assert ("firm" in finding.text) == (path == POLICY)


def test_trusted_locations_are_told() -> None:
    finding = found(windows(location("C:\\work\\")), "macros")
    assert (finding.verdict, "C:\\work" in finding.text) == ("ok", True)


def test_forbidden_macros_run_in_trusted_locations_all_the_same() -> None:
    finding = found(windows({(POLICY, "VBAWarnings"): 3, **location("C:\\work")}), "macros")
    assert (finding.verdict, "C:\\work" in finding.text) == ("warning", True)


def test_a_rule_of_the_firm_goes_before_excels_own_setting() -> None:
    assert found(windows({(SECURITY, "VBAWarnings"): 4, (POLICY, "VBAWarnings"): 2}), "macros").verdict == "ok"


@pytest.mark.parametrize("key", ["HKLM\\SOFTWARE\\Policies\\Microsoft\\Office", f"{CLOUD_POLICY}\\Office"])
def test_rules_for_all_users_and_from_the_cloud_are_rules_too(key: str) -> None:
    assert found(windows({(f"{key}\\16.0\\Excel\\Security", "VBAWarnings"): 4}), "macros").verdict == "trouble"


@pytest.mark.parametrize("root", ["HKCU", "HKLM"])
def test_vba_that_is_switched_off_as_a_whole_is_told(root: str) -> None:
    key = f"{root}\\Software\\Policies\\Microsoft\\Office\\16.0\\Common"
    finding = found(windows({(key, "vbaoff"): 1}), "macros")
    assert (finding.verdict, "VBA off" in finding.text) == ("trouble", True)


def test_all_macros_allowed_is_more_than_dhxl_needs() -> None:
    assert "needs only Enable Content" in found(windows({(SECURITY, "VBAWarnings"): 1}), "macros").text


@pytest.mark.parametrize(
    "closed",
    [
        {(f"{SECURITY}\\Trusted Locations", "AllLocationsDisabled"): 1},
        {(f"{POLICY}\\Trusted Locations", "AllLocationsDisabled"): 1},
        {(COMMON_LOCATIONS, "Allow User Locations"): 0},
    ],
)
def test_trusted_locations_that_rules_take_away_do_not_count(
    closed: dict[tuple[str, str], str | int | bytes],
) -> None:
    assert (
        found(windows({(SECURITY, "VBAWarnings"): 4, **location("C:\\work"), **closed}), "macros").verdict == "trouble"
    )


@pytest.mark.parametrize(("allowed", "verdict"), [(0, "trouble"), (1, "warning")])
def test_a_trusted_location_on_a_server_counts_only_where_these_are_allowed(allowed: int, verdict: str) -> None:
    registry = {
        (SECURITY, "VBAWarnings"): 4,
        (f"{SECURITY}\\Trusted Locations", "AllowNetworkLocations"): allowed,
        **location("\\\\server\\share"),
    }
    assert found(windows(registry), "macros").verdict == verdict


@pytest.mark.parametrize("key", ["HKLM\\SOFTWARE\\Microsoft\\Office\\16.0\\Excel\\Security", POLICY])
def test_trusted_locations_that_it_has_set_are_told(key: str) -> None:
    assert "C:\\work" in found(windows(location("C:\\work", key)), "macros").text


@pytest.mark.parametrize("rule", ["D4F940AB-401B-4EFC-AADC-AD5F3C50688A", "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"])
def test_a_rule_of_defender_that_blocks_is_told(rule: str) -> None:
    finding = found(windows({(RULES, rule): "1"}), "defender")
    assert (finding.verdict, rule.lower() in finding.text) == ("trouble", True)
    assert "dhxl run" in finding.mend


def test_a_rule_of_defender_that_intune_has_set_is_told() -> None:
    listed = "26190899-1602-49e8-8b27-eb1d0a1ce869=1|D4F940AB-401B-4EFC-AADC-AD5F3C50688A=1"
    assert found(windows({(INTUNE, "ASRRules"): listed}), "defender").verdict == "trouble"


def test_a_rule_of_defender_that_a_policy_leaves_to_watching_does_not_block() -> None:
    rule = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
    assert found(windows({(RULES, rule): "2", (LOCAL_RULES, rule): 1}), "defender").verdict == "ok"


def test_a_rule_of_defender_that_warns_is_a_warning() -> None:
    finding = found(windows({(RULES, "d4f940ab-401b-4efc-aadc-ad5f3c50688a"): "6"}), "defender")
    assert (finding.verdict, "allow it" in finding.mend) == ("warning", True)


@pytest.mark.parametrize(("state", "verdict"), [(1, "trouble"), (2, "warning")])
def test_a_forbidden_command_window_is_told(state: int, verdict: str) -> None:
    finding = found(windows({(COMMAND_WINDOW, "DisableCMD"): state}), "command_window")
    assert (finding.verdict, "dhxl run" in finding.mend) == (verdict, True)


def test_smart_app_control_may_block() -> None:
    key = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\CI\\Policy"
    finding = found(windows({(key, "VerifiedAndReputablePolicyState"): 1}), "app_control")
    assert (finding.verdict, "may" in finding.text) == ("warning", True)


@pytest.mark.parametrize("state", ["0", "2", "5"])
def test_a_rule_of_defender_that_only_watches_is_none(state: str) -> None:
    assert found(windows({(RULES, "d4f940ab-401b-4efc-aadc-ad5f3c50688a"): state}), "defender").verdict == "ok"


def test_access_to_the_vba_project_is_said_to_be_not_needed() -> None:
    assert "not needed" in found(windows(), "project_access").text
