"""The committed JSON Schema is what the types say, and agrees with the reader."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from belfry.document import parse
from belfry.platform_file import Platform
from belfry.reader import read
from belfry.schema import WRITTEN, schema
from tests.unit.shop import ROOT, SHOP

if TYPE_CHECKING:
    from pathlib import Path

VALIDATOR = Draft202012Validator(json.loads(schema()))
SHIPPED = sorted(ROOT.glob("platforms/*.yaml"))
COMPILED = sorted(ROOT.glob("tests/golden/stacks/*/platform.yaml"))

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
}


def judged_by_schema(text: str) -> bool:
    value: Any = yaml.safe_load(text)
    return bool(VALIDATOR.is_valid(value))


def judged_by_reader(text: str) -> bool:
    return not read(Platform, parse(text.encode(), "p")).problems


def test_the_committed_schema_is_what_the_types_say() -> None:
    assert WRITTEN.read_text(encoding="utf-8") == schema()


def test_the_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(json.loads(schema()))


def test_every_key_in_the_schema_is_described() -> None:
    whole = json.loads(schema())
    records = [whole, *whole["$defs"].values()]
    for record in records:
        assert record["description"]
        assert all(part["description"] for part in record["properties"].values())


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


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_file_names_the_schema_for_editors(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=platform.schema.json"
