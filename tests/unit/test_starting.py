"""The first files of a platform: whatever the answers, what is written is right."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from belfry.catalogue import load_catalogue
from belfry.first_files import first_files
from belfry.formatting import formatted
from belfry.loading import load_platform
from belfry.schema import schema
from belfry.starting import KINDS, LOCAL, Answers, mistakes, wrong_with

if TYPE_CHECKING:
    from pathlib import Path

SHOP = Answers(
    platform="shop",
    domain="shop.example",
    services=("website", "api=http-api", "db=postgres"),
    health="/health",
    environments=("staging", "prod"),
    zone="America/Denver",
    slack=True,
    pagerduty=True,
    email="on-call@shop.example",
)
RULES = load_catalogue()

WORDS = ["on", "no", "null", "true", "y", "like", "off", "x1e3", "e5", "shop", "a", "big-shop-2"]
NAMES = st.sampled_from(
    [
        *WORDS,
        *("-".join(["shop", word]) for word in WORDS),
        "the-long-name-of-a-big-shop-by-the-sea",
    ]
)
DOMAINS = st.sampled_from(["shop.example", "1.5", "a", "xn--caf-dma.example", "10"])
PATHS = st.sampled_from(["/", "/health", "/api/health/", "/a,b", "/{x}", "/a:b#", "/~'x'"])
SERVICES = st.builds("{}={}".format, NAMES, st.sampled_from(KINDS)) | st.sampled_from(KINDS)
ANSWERS = st.builds(
    Answers,
    platform=NAMES,
    domain=DOMAINS,
    services=st.lists(SERVICES, max_size=6).map(tuple),
    health=PATHS,
    environments=st.lists(NAMES, max_size=3).map(tuple),
    zone=st.sampled_from([None, "America/Denver", "UTC", "Europe/Zurich"]),
    slack=st.booleans(),
    pagerduty=st.booleans(),
    email=st.sampled_from([None, "a@b.example", "a#b@c", "-x@y", "{o}@p", "1@2", "'q'@r"]),
)


def judge(answers: Answers, folder: Path) -> None:
    found = first_files(answers)
    text = found.files[found.platform_file]
    file = folder / f"{answers.platform}.yaml"
    file.write_text(text, encoding="utf-8")
    for environment in (None, LOCAL, *answers.environments):
        load_platform(file, environment=environment, catalogue=RULES)
    assert formatted(text.encode(), "f") == text
    for name, stack in found.files.items():
        if name.startswith("Pulumi."):
            config = yaml.safe_load(stack)["config"]
            assert config["belfry:platform"] == answers.platform
            assert f"Pulumi.{answers.platform}-{config['belfry:environment']}.yaml" == name


@settings(max_examples=60)
@given(ANSWERS)
def test_whatever_the_answers_the_file_is_right_or_the_answers_are_refused(
    tmp_path_factory: pytest.TempPathFactory, answers: Answers
) -> None:
    problems = mistakes(answers)
    if not problems:
        judge(answers, tmp_path_factory.mktemp("first"))
    assert all(problem.wrong and problem.right for problem in problems)


def test_the_file_of_ordinary_answers_is_right_to_editors_too(tmp_path: Path) -> None:
    assert mistakes(SHOP) == ()
    judge(SHOP, tmp_path)
    value = yaml.safe_load(first_files(SHOP).files["platforms/shop.yaml"])
    assert list(Draft202012Validator(json.loads(schema())).iter_errors(value)) == []


def test_every_secret_that_the_file_names_is_in_the_list() -> None:
    found = first_files(SHOP)
    text = found.files[found.platform_file]
    assert all(f"secret:{one.name}" in text for one in found.secrets)
    assert text.count("secret:") == len(found.secrets)


def test_the_last_environment_pages_and_has_the_domain_itself() -> None:
    text = first_files(SHOP).files["platforms/shop.yaml"]
    assert "prod: {paging: worker, domain: shop.example}" in text
    assert "staging: {paging: shadow, domain: staging.shop.example}" in text


def test_stacks_are_named_after_platform_and_environment() -> None:
    found = first_files(SHOP)
    assert found.local_stack == "shop-local"
    assert found.stacks == ("shop-staging", "shop-prod")
    assert 'belfry:localcloud: "true"' in found.files["Pulumi.shop-local.yaml"]


def test_a_stack_leaves_unsaid_what_only_the_account_knows() -> None:
    config = yaml.safe_load(first_files(SHOP).files["Pulumi.shop-prod.yaml"])["config"]
    assert set(config) == {"belfry:platform", "belfry:environment"}


MISTAKES = {
    "a name that is none": (replace(SHOP, platform="My Shop"), "--platform"),
    "no name": (replace(SHOP, platform=""), "--platform"),
    "a domain with a scheme": (replace(SHOP, domain="https://x"), "--domain"),
    "an unknown kind": (replace(SHOP, services=("api=http",)), "did you mean http-api?"),
    "a service twice": (replace(SHOP, services=("website", "website")), "named twice"),
    "nothing to check": (replace(SHOP, services=("db=postgres",)), "could be checked"),
    "a path without a slash": (replace(SHOP, health="health"), "--health"),
    "an environment twice": (replace(SHOP, environments=("prod", "prod")), "named twice"),
    "the environment that is there": (replace(SHOP, environments=(LOCAL,)), "there already"),
    "no environment": (replace(SHOP, environments=()), "--environment"),
    "a zone that is none": (replace(SHOP, zone="Mars"), "--zone"),
    "an address that is none": (replace(SHOP, email="me"), "--email"),
    "nobody to tell": (replace(SHOP, slack=False, pagerduty=False, email=None), "nobody is told"),
    "a long name": (replace(SHOP, platform="a" * 40, environments=("b" * 20,)), "longer than 29"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_in_the_answers_is_said_once(case: str) -> None:
    answers, said = MISTAKES[case]
    (problem,) = mistakes(answers)
    assert said in str(problem)


def test_all_mistakes_are_said_at_once() -> None:
    answers = replace(SHOP, platform="A", domain="B", zone="C", email="D", health="E")
    assert len(mistakes(answers)) == 5


def test_one_answer_can_be_judged_alone() -> None:
    assert wrong_with("zone", ["Europe/Zurich"]) == ()
    assert wrong_with("zone", ["Europe/Zürich"])
