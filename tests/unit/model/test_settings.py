"""Settings come from the environment, have defaults, and refuse what they cannot be."""

from __future__ import annotations

import pytest

from csat.model.people import ROLES
from csat.model.problem import UsageProblem
from csat.model.settings import SETTINGS, Config


def test_without_any_variable_every_setting_has_its_default() -> None:
    config = Config.from_environment({})
    assert str(config.store) == "data/csat.duckdb"
    assert (config.sample, config.timezone, config.auth) == ("auto", "UTC", "none")
    assert config.roles == ROLES
    assert config.max_upload_mb == 200
    limits = config.thresholds
    assert (limits.withhold_under, limits.caution_under) == (5, 30)


def test_an_empty_variable_counts_as_unset() -> None:
    assert Config.from_environment({"CSAT_WITHHOLD_UNDER": ""}).thresholds.withhold_under == 5


def test_variables_override_the_defaults() -> None:
    config = Config.from_environment(
        {"CSAT_WITHHOLD_UNDER": "10", "CSAT_ROLES": " executive , quality ", "CSAT_AUTH": "proxy"}
    )
    assert config.thresholds.withhold_under == 10
    assert config.roles == ("executive", "quality")
    assert config.auth == "proxy"


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("CSAT_WITHHOLD_UNDER", "0", "whole number from 1 up"),
        ("CSAT_WITHHOLD_UNDER", "-3", "whole number from 1 up"),
        ("CSAT_CAUTION_UNDER", "many", "whole number from 1 up"),
        ("CSAT_CAUTION_UNDER", "7.5", "whole number from 1 up"),
        ("CSAT_MAX_UPLOAD_MB", "0", "whole number from 1 up"),
        ("CSAT_SAMPLE", "yes", "auto, en, zh-CN, none"),
        ("CSAT_AUTH", "ldap", "none, proxy"),
        ("CSAT_ROLES", "executive,boss", "executive, quality, analyst"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(name: str, value: str, remedy: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        Config.from_environment({name: value})
    assert name in str(caught.value.title)
    assert remedy in str(caught.value.remedy)


def test_every_setting_is_named_once_and_says_what_it_means() -> None:
    names = [s.name for s in SETTINGS]
    assert len(set(names)) == len(names)
    assert all(s.name.startswith("CSAT_") and s.meaning.endswith(".") for s in SETTINGS)
