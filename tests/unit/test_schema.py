"""The committed JSON Schema is what the types say, and agrees with the reader."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from belfry.document import parse
from belfry.language.platform import Platform
from belfry.overlay import variants
from belfry.reader import read
from belfry.reference import tables
from belfry.schema import WRITTEN, schema
from belfry.sections import ENVIRONMENTS
from belfry.written import sections
from tests.unit.shop import ROOT, SHOP

if TYPE_CHECKING:
    from pathlib import Path

    from belfry.reference import Shown

VALIDATOR = Draft202012Validator(json.loads(schema()))
SHIPPED = sorted(ROOT.glob("platforms/*.yaml"))
COMPILED = sorted(ROOT.glob("tests/golden/stacks/*/platform.yaml"))

PROD = "domain: shop.example"
USUAL = "defaults: {checks: {usual: {of: api, http: {path: /}}}}\n"
LIKE_USUAL = "checks:\n  x: {like: usual}\n"

STRUCTURAL = {
    "an unknown key": ("platform: shop", "platform: shop\ncolour: red"),
    "an unknown key of a part": ("{is: postgres}", "{is: postgres, size: 5}"),
    "a missing key": ("platform: shop\n", ""),
    "a missing key of a part": ("{is: postgres}", "{title: The database}"),
    "an unknown word": ("is: postgres", "is: postgress"),
    "a duration without unit": ("answer: 15m", "answer: 15"),
    "a duration in words": ("answer: 15m", "answer: soon"),
    "a number that is a word": ("rank: 0", "rank: first"),
    "a number out of range": ("rank: 0", "rank: -1"),
    "a truth that is a word": ("stand-ins: true", "stand-ins: sometimes"),
    "a text instead of a list": ("channels: [slack]", "channels: slack"),
    "a list instead of a text": ("of: api", "of: [api]"),
    "a list instead of names": ("services:\n", "services: []\nold:\n"),
    "a text instead of a part": ("{is: postgres}", "postgres"),
    "a name that is none": ("  slack: {", "  Slack!: {"),
    "a secret in clear": ("secret:slack", "hunter2"),
    "no kind of channel": ("{slack: {webhook: secret:slack}}", "{}"),
    "an unknown kind of channel": ("{slack: {webhook: secret:slack}}", "{fax: {number: 1}}"),
    "two kinds of channel": (
        "{slack: {webhook: secret:slack}}",
        "{slack: {webhook: secret:a}, pagerduty: {key: secret:b}}",
    ),
    "a path without slash": ("path: /health}", "path: health}"),
    "an empty text": ("is: postgres", "title: '', is: postgres"),
    "a status that is none": ("path: /health}", "path: /health, expect: {status: 99}}"),
    "a script name with capitals": ("is: postgres", "script: Shop, is: postgres"),
    "a check that is like nothing and says too little": ("{of: api, http", "{http"),
    "an unknown key of an override": (PROD, f"{PROD}, checks: {{api-health: {{evry: 5m}}}}"),
    "a list instead of a table in an override": (PROD, f"{PROD}, checks: {{api-health: []}}"),
    "an override of what is no section": (PROD, f"{PROD}, title: Shop"),
    "a check that is off where nothing is overridden": ("{of: database, through", "off\n  x: {of"),
    "a default of what is no section": (
        "services:\n",
        "defaults: {team: {x: {}}}\nservices:\n",
    ),
    "a default that is a text": ("services:\n", "defaults: {checks: {usual: 5m}}\nservices:\n"),
    "a default with an unknown key": (
        "checks:\n  api-health: {",
        "defaults: {checks: {usual: {evry: 5m}}}\nchecks:\n  api-health: {like: usual, ",
    ),
    "something in an environment that is like a list": (
        "  api-health: {",
        "  api-health: {like: [usual], ",
    ),
}

GOOD = {
    "an environment that differs in a part of a part": (
        PROD,
        f"{PROD}, checks: {{api-health: {{http: {{expect: {{status: 204}}}}, every: 5m}}}}",
    ),
    "an environment that leaves out a check": (PROD, f"{PROD}, checks: {{database-health: off}}"),
    "an environment with another channel of another kind": (
        PROD,
        f"{PROD}, channels: {{slack: {{slack: off, pagerduty: {{key: secret:pagerduty}}}}}}",
    ),
    "an environment with a service of its own": (PROD, f"{PROD}, services: {{x: {{is: redis}}}}"),
    "an environment that differs in a default": (
        f"{PROD}}}\n",
        f"{PROD}, defaults: {{checks: {{usual: {{every: 5m}}}}}}}}\n{USUAL}",
    ),
    "an entry that leaves what is required to its default": (
        "  api-health: {of: api, http: {path: /health}}",
        "  api-health: {like: usual, http: {expect: {status: 204}}}",
    ),
    "a default that is like another": (
        "checks:\n",
        "defaults: {checks: {usual: {like: any}, any: {of: api, http: {path: /}}}}\nchecks:\n",
    ),
    "a text that looks like a number": ("platform: shop", "platform: shop\ntitle: 2026"),
}


class Core(yaml.SafeLoader):
    """YAML as editors read it, by the core schema of YAML 1.2: `yes` and dates are texts."""


Core.yaml_implicit_resolvers = {}


for _tag, _pattern, _first in (
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", "[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", "~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    Core.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), list(_first)
    )


def judged_by_schema(text: str) -> bool:
    value: Any = yaml.load(text, Loader=Core)
    return bool(VALIDATOR.is_valid(value))


def judged_by_reader(text: str) -> bool:
    """Whether the form is right, of what stands there and of what becomes of it anywhere."""
    document = parse(text.encode(), "p")
    found = variants(document, sections())
    if document.problems or found.problems:
        return False
    readings = (
        read(Platform, one.document, beside=sections().beside).problems for one in found.all
    )
    return not any(readings)


def test_the_committed_schema_is_what_the_types_say() -> None:
    assert WRITTEN.read_text(encoding="utf-8") == schema()


def test_the_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(json.loads(schema()))


def test_every_key_in_the_schema_is_described() -> None:
    whole = json.loads(schema())
    records = [whole, *whole["$defs"].values()]
    for record in records:
        assert record["description"]
        for part in record.get("properties", {}).values():
            assert (
                part.get("description") or part["$ref"].removeprefix("#/$defs/") in whole["$defs"]
            )


def test_every_default_in_the_schema_is_one_that_it_would_take() -> None:
    whole = json.loads(schema())
    keys = [part for part in whole["$defs"].values() if "default" in part]
    assert keys
    for key in keys:
        assert Draft202012Validator(key).is_valid(key["default"]), key


def test_what_a_key_means_stands_in_the_schema_once() -> None:
    assert schema().count("How much later it may come.") == 1


@pytest.mark.parametrize(
    "path", [*SHIPPED, *COMPILED], ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_schema_and_reader_agree_that_a_good_file_is_good(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert judged_by_schema(text)
    assert judged_by_reader(text)


@pytest.mark.parametrize("mistake", STRUCTURAL)
def test_schema_and_reader_agree_that_a_mistake_of_form_is_one(mistake: str) -> None:
    old, new = STRUCTURAL[mistake]
    assert old in SHOP
    text = SHOP.replace(old, new, 1)
    assert not judged_by_schema(text)
    assert not judged_by_reader(text)


@pytest.mark.parametrize("case", GOOD)
def test_schema_and_reader_agree_that_what_is_said_in_part_is_good(case: str) -> None:
    old, new = GOOD[case]
    assert old in SHOP
    text = SHOP.replace(old, new, 1)
    if "usual" in text:
        text = text.replace("checks:\n  api", f"{LIKE_USUAL}  api")
    if "defaults:" not in text and "usual" in text:
        text += USUAL
    assert judged_by_reader(text)
    assert judged_by_schema(text)


@pytest.mark.parametrize(
    "table",
    [one for one in tables() if len(one.path) > 1 and one.path[0] != ENVIRONMENTS],
    ids=lambda one: one.title,
)
def test_every_table_may_stand_in_an_environment_as_an_override(table: Shown) -> None:
    lines = [f"      {line}" for line in table.example]
    text = SHOP.replace(
        "severities:", "\n".join(["  x:", "      paging: shadow", *lines, "severities:"]), 1
    )
    assert judged_by_schema(text)


@cache
def value_of(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=Core)
    return value


@settings(max_examples=60)
@given(st.sampled_from(SHIPPED), st.data())
def test_an_editor_underlines_nothing_that_the_reader_takes(
    path: Path, data: st.DataObject
) -> None:
    """Change any part of a good file into something else; what the schema refuses is refused."""
    value = deepcopy(value_of(path))
    holder: Any = value
    key: Any = data.draw(st.sampled_from(list(value)))
    while (part := holder[key]) and isinstance(part, dict | list) and data.draw(st.integers(0, 3)):
        keys: list[Any] = list(part) if isinstance(part, dict) else list(range(len(part)))
        holder, key = part, data.draw(st.sampled_from(keys))
    change: Any = data.draw(st.sampled_from([None, {"new": 1}, [], {}, "words", "off", 7]))
    if change is None:
        del holder[key]
    elif change == {"new": 1} and isinstance(holder[key], dict):
        holder[key] |= change
    else:
        holder[key] = change
    text = json.dumps(value, ensure_ascii=False)
    if not VALIDATOR.is_valid(json.loads(text)):
        assert not judged_by_reader(text)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_file_names_the_schema_for_editors(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=platform.schema.json"
