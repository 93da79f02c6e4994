"""Secrets in clear: which are found, which texts are none, and that no message repeats them."""

from __future__ import annotations

import random
import string
from base64 import b64encode, urlsafe_b64encode
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.document import lines_of, load, parse
from belfry.loading import load_document, load_platform
from belfry.meaning.clear_text import hushed, secrets_in
from belfry.problems import Code, Problems
from belfry.randomness import is_drawn
from belfry.secret_looks import form_of
from tests.unit.shop import ROOT, SHOP

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from belfry.catalogue import Catalogue
    from belfry.tree import Document

DRAWN = "q7ZpT0xVb93LmKcR5uYwE1sD"


def found_in(text: str) -> list[str]:
    return [str(secret.problem) for secret in secrets_in(parse(text.encode(), "p"))]


def digits(count: int) -> str:
    return "0123456789"[:10] * (count // 10) + "0123456789"[: count % 10]


FORMS = {
    "https://hooks.slack.com/services/T01/B01/abcdef": "Slack webhook",
    "https://discord.com/api/webhooks/123/abc": "Discord webhook",
    "https://canary.discordapp.com/api/v10/webhooks/123/abc": "Discord webhook",
    "https://shop.webhook.office.com/webhookb2/abc": "Teams workflow",
    "https://prod-1.westeurope.logic.azure.com:443/workflows/x?sv=1&sig=abc": "Teams workflow",
    f"https://{'0a' * 16}@o1.ingest.sentry.io/123": "Sentry DSN",
    "postgres://shop:hunter2@db.shop.example/shop": "address with a password",
    "https://probe:pass@shop.example": "address with a password",
    "redis://:hunter2@cache:6379": "address with a password",
    "-----BEGIN RSA PRIVATE KEY-----": "private key",
    "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQ": "age key",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln": "JSON Web Token",
    "Bearer abc-123-def": "Authorization header",
    "Basic cHJvYmU6cGFzcw==": "Authorization header",
    "sk_" + "live_" + digits(10): "Stripe",
    "rk_" + "test_" + digits(10): "Stripe",
    "whsec_" + digits(20): "Stripe webhook",
    "ghp_" + digits(36): "GitHub",
    "github_pat_" + digits(30): "GitHub",
    "glpat-" + digits(20): "GitLab",
    "xoxb-" + digits(12): "Slack token",
    "AKIA" + "ABCDEFGHIJKLMNOP": "AWS",
    "AIza" + digits(35): "Google",
    "SG." + digits(20) + "." + digits(20): "SendGrid",
    "xkeysib-" + digits(20): "Brevo",
    "key-" + "0a" * 16: "Mailgun",
    "glsa_" + digits(24): "Grafana",
    "sntrys_" + digits(24): "Sentry token",
    "pul-" + "0a" * 20: "Pulumi",
    "hvs." + digits(24): "Vault",
    "NRAK-" + digits(24): "New Relic",
    "shpat_" + "0a" * 16: "Shopify",
    "dop_v1_" + "0a" * 32: "DigitalOcean",
    "npm_" + digits(36): "npm",
    "pypi-" + digits(60): "PyPI",
    "sk-ant-" + digits(30): "AI service",
}

ORDINARY = (
    "https://api.${domain}",
    "https://hooks.shop.example/incidents",
    "https://user@shop.example",
    "postgres://shop:${password}@db/shop",
    "Bearer ${token}",
    "Bearer of bad news since long ago",
    "Basic authentication of operators",
    '{"user": "probe", "password": "${password}"}',
    "/api/monitoring/alerts/:id/resolve",
    "/api/pitches/browse/enhanced?sort=newest",
    "pitchey_http_response_time_bucket",
    "cloudflare_worker_requests_total",
    "DatabaseConnectionPoolExhaustedForTooLong",
    "HTTP5xxErrorRateOfCheckoutP99TooHigh",
    "mtls_certificate_store_certificate_expiration_type",
    "The cache answers too few requests",
    "prom/prometheus:v3.5.0@sha256:" + "0123456789abcdef" * 4,
    "550e8400-e29b-41d4-a716-446655440000",
    "AC0123456789abcdef0123456789abcdef",
    "AC00000000000000000000000000000000",
    "2026-12-24T22:00:00.000+01:00",
    "America/Argentina/Buenos_Aires",
    "*/5 0-23/2 1,15 1-12 Mon-Fri",
    "+14155550100",
    "secret:pagerduty-critical-production-key",
    "content-type: application/json; charset=utf-8",
    "matches ^application/(json|problem\\+json)(;.*)?$",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "--------------------------------",
    "Donaudampfschifffahrtsgesellschaft",
    "sehr-lange-namen-von-diensten-in-der-produktion",
    "shop-production-eu-west-1-blue-green-canary",
    "prometheus.staging.eu-central-1.internal.shop.example",
    "key-of-the-house-and-of-the-garden",
    "task-force-for-checkout-and-payments",
)


@pytest.mark.parametrize(("text", "what"), FORMS.items())
def test_secrets_are_known_by_their_form(text: str, what: str) -> None:
    assert what in (form_of(text) or "")
    assert what in (form_of(f"use {text}") or "")


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_texts_are_no_secrets(text: str) -> None:
    assert found_in(f"title: {text!r}") == []


@pytest.mark.parametrize(
    "path",
    [
        *sorted(ROOT.glob("platforms/*.yaml")),
        *sorted(ROOT.glob("alert_rules/*.yaml")),
        *sorted(ROOT.glob("tests/golden/stacks/*/platform.yaml")),
    ],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_nothing_of_this_project_looks_like_a_secret(path: Path) -> None:
    assert secrets_in(load(path)) == ()


def test_no_word_of_the_documentation_looks_drawn() -> None:
    pages = [*ROOT.glob("docs/*.md"), *ROOT.glob("runbooks/*.md"), ROOT / "README.md"]
    words = {word for page in pages for word in page.read_text(encoding="utf-8").split()}
    assert [word for word in words if is_drawn(word)] == []


@given(st.integers(0, 2**63), st.integers(20, 64), st.booleans())
def test_random_hexadecimal_digits_are_caught(seed: int, length: int, capitals: bool) -> None:
    token = "".join(random.Random(seed).choices("0123456789abcdef", k=length))
    assert is_drawn(token.upper() if capitals else token)


@given(st.integers(0, 2**63), st.integers(24, 64), st.sampled_from([b64encode, urlsafe_b64encode]))
def test_random_bytes_in_base64_are_caught(seed: int, length: int, encode: object) -> None:
    assert callable(encode)
    assert is_drawn(encode(random.Random(seed).randbytes(length)).decode())


@pytest.mark.parametrize(
    "alphabet",
    [
        string.ascii_letters + string.digits + "+/",
        string.ascii_letters + string.digits + "-_",
        string.ascii_letters + string.digits,
        string.ascii_uppercase + "234567",
        string.ascii_lowercase + string.digits,
    ],
)
def test_of_a_thousand_random_texts_of_twenty_characters_few_pass(alphabet: str) -> None:
    drawn = random.Random(alphabet)
    passed = [
        token
        for token in ("".join(drawn.choices(alphabet, k=20)) for _ in range(1000))
        if not is_drawn(token)
    ]
    assert len(passed) < 10


@pytest.mark.parametrize(
    "text",
    [
        f"checks: {{a: {{http: {{headers: {{x-probe: {DRAWN}}}}}}}}}",
        f"errors: {{tags: [{DRAWN}, other]}}",
        f"{DRAWN}: {{is: http-api}}",
        "checks: {a: {http: {headers: {x-api-key: hunter-22}}}}",
        "checks: {a: {http: {headers: {cookie-token: abc123}}}}",
        "workers: {a: {variables: {DB_PASSWORD: hunter}}}",
        'journeys: {a: {steps: [{body: \'{"password": "hunter"}\'}]}}',
        "journeys: {a: {steps: [{body: user=probe&password=hunter}]}}",
        f"services: {{a: {{url: https://shop.example/hooks/{DRAWN}}}}}",
        f"services: {{a: {{url: 'https://shop.example?key={DRAWN}'}}}}",
        f"services: {{a: {{url: 'https://{DRAWN}@shop.example'}}}}",
        f"services: {{a: {{host: {DRAWN}}}}}",
        f"services: {{a: {{bucket: {DRAWN}}}}}",
        f"checks: {{a: {{http: {{expect: {{status: {DRAWN}}}}}}}}}",
        f"checks: {{a: {{http: {{expect: {{body: ghp_{digits(36)}}}}}}}}}",
    ],
)
def test_secrets_are_found_wherever_they_stand(text: str) -> None:
    assert len(found_in(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "checks: {a: {http: {headers: {x-api-key: secret:api-key}}}}",
        "checks: {a: {http: {expect: {headers: {x-token: present}}}}}",
        'checks: {a: {http: {expect: {body: \'"token":"\'}}}}',
        "journeys: {a: {steps: [{headers: {authorization: 'Bearer ${token}'}}]}}",
        "journeys: {a: {steps: [{capture: {token: data.token}}]}}",
        f"workers: {{a: {{variables: {{ACCOUNT_ID: {'0123456789abcdef' * 2}}}}}}}",
        f"workers: {{a: {{variables: {{RELEASE: {DRAWN}}}}}}}",
        "workers: {a: {variables: {TOKEN_HEADER: x-token, MAX_TOKENS: '4000', TOKEN: session}}}",
        f"workers: {{a: {{variables: {{STRIPE_PUBLISHABLE_KEY: pk_{'test'}_123}}}}}}",
        f"operations: {{playbook: https://docs.example.com/document/d/{DRAWN}/edit}}",
        f"checks: {{a: {{dns: {{type: TXT, expect: [site-verification={DRAWN}]}}}}}}",
        "privacy: {fields: [password, api_key, authorization]}",
        "services: {a: {host: ep-cool-darkness-a1b2c3d4-pooler.us-east-2.aws.neon.tech}}",
        "services: {a: {url: https://corner-api-7h3kq2lx5a-ew.a.run.app}}",
        "services: {a: {url: 'https://xkqwzjvbnmpltrsdfghc.supabase.co:8443/health'}}",
        "services: {a: {url: https://c-hbgyd5eqf0c3a8dz.westeurope-01.azurewebsites.net}}",
        "services: {a: {address: 'k8s-ingress-1a2b3c4d5e.eu-west-1.elb.amazonaws.com:443'}}",
        "environments: {b: {services: {a: {origin: db-7h3kq2lx5a8dz.a.run.app}}}}",
        "checks: {a: {tcp: {to: 'pg-3b2f1c9a-7h3kq2lx5a.a.aivencloud.com:5432'}}}",
        "routes: {a: {hosts: [hbgyd5eqf0c3a8dz7h3kq2lx5a.shop.example]}}",
        "services: {a: {host: hbgyd5eqf0c3a8dz7h3kq2lx5a.cloud}}",
        "services: {a: {url: 'https://hbgyd5eqf0c3a8dz7h3kq2lx5a.${domain}/health'}}",
        "services: {a: {bucket: prod-eu1-a8f3k2-7h3kq2lx5a}}",
        "workers: {a: {script: prod-eu1-a8f3k2-7h3kq2lx5a}}",
        "workers: {a: {kv: {STATE: prod-eu1-a8f3k2-7h3kq2lx5a}}}",
        "workers: {a: {queues: {STATE: prod-eu1-a8f3k2-7h3kq2lx5a}}}",
        "application: {image: 'ghcr.io/shop/api:3f786850e387550fdab836ed7e6dc881de23001b'}",
        "checks: {a: {http: {expect: {body: build 3f786850e387550fdab836ed7e6dc881de23001b}}}}",
    ],
)
def test_what_is_public_or_named_is_no_secret(text: str) -> None:
    assert found_in(text) == []


def told(folder: Path, catalogue: Catalogue, *edits: tuple[str, str]) -> Problems:
    text = SHOP
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path = folder / "shop.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as raised:
        load_platform(path, catalogue=catalogue)
    return raised.value


@pytest.mark.parametrize(
    "edit",
    [
        ("is: postgres", f"is: {DRAWN}"),
        ("url: ", f"script: {DRAWN}, url: "),
        ("needs: [database]", f"needs: [{DRAWN}]"),
        ("  slack: {slack", f"  {DRAWN}: {{slack"),
        ("slack: {webhook: secret:slack}", f"slack: {{webhook: {DRAWN}, chanel: x}}"),
        ("platform: shop", f"platform: shop\n{DRAWN}: 1"),
        ("answer: 15m", f"answer: {DRAWN}"),
    ],
)
def test_no_message_repeats_a_secret_or_shows_its_line(
    tmp_path: Path, catalogue: Catalogue, edit: tuple[str, str]
) -> None:
    problems = told(tmp_path, catalogue, edit)
    assert any(problem.code is Code.SECRET for problem in problems.problems)
    assert DRAWN not in problems.render(sources=lines_of)
    assert DRAWN not in str(problems.as_json())


GITHUB = "ghp_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789"
SLACK = "https://hooks.slack.com/services/T01ABCDEF/B01ABCDEF/aBcDeFgHiJkLmNoPqRsTuVwX"
NOT_YAML = (
    (SLACK, "chat: {slack: {webhook: %s channel: x}}"),
    (SLACK, "chat:\n   webhook: %s\n    channel: x"),
    (SLACK, 'chat: {webhook: "%s, channel: "x"}'),
    (SLACK, "chat: {webhook: %s\u00a0, channel: \x01}"),
    ("9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c", "pager: key: %s"),
    (DRAWN, "title: !%s x"),
    (DRAWN, "%s: 1\n%s: 2"),
    (GITHUB, "title: !%s x"),
    (GITHUB, "title: &%s x"),
    (GITHUB, "needs: *%s"),
    (GITHUB, "chat: {slack: {channel: #%s}}"),
    (GITHUB, "title: !with-a-long-name-of-forty-characters-before-%s x"),
    ("hunter-two", "chat: {email: {password: hunter-two from: x}}"),
)


@pytest.mark.parametrize(("secret", "text"), NOT_YAML)
def test_no_message_shows_a_secret_of_what_cannot_be_read(
    tmp_path: Path, catalogue: Catalogue, secret: str, text: str
) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(text.replace("%s", secret) + "\n", encoding="utf-8")
    for read in (load, load_document):
        assert not parts_shown(secret, problems_of(read, path))
    with pytest.raises(Problems) as raised:
        load_platform(path, catalogue=catalogue)
    assert not parts_shown(secret, raised.value)


def problems_of(read: Callable[[Path], Document], path: Path) -> Problems:
    try:
        return Problems(read(path).problems)
    except Problems as problems:
        return problems


def parts_shown(secret: str, problems: Problems) -> list[str]:
    assert problems.problems
    shown = f"{problems.render(sources=lines_of)} {problems.as_json()}"
    fewest = len("https://-") if secret.startswith("https") else 6
    parts = (secret[:end] for end in range(fewest, len(secret) + 1))
    return [part for part in parts if part in shown]


def test_the_line_of_a_mistake_is_shown_where_no_secret_is() -> None:
    with pytest.raises(Problems) as raised:
        parse(f"a: [1\nb: 2\n# {SLACK}\n".encode(), "p")
    assert [(one.code, one.hidden) for one in raised.value.problems] == [
        (Code.YAML, False),
        (Code.SECRET, True),
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (f"a: 1\n# {SLACK}\n", [(2, 3)]),
        (f"a: 1  # of old: {GITHUB}\nb: 2 # {GITHUB}\n", [(1, 17), (2, 8)]),
        (f"a: 'x # {GITHUB}'\n", []),
        (f"a: |\n  # {GITHUB}\nb: 1\n", []),
        (f"a: 'x # y' # {GITHUB}\n", [(1, 14)]),
        (f"a: '{GITHUB}' # {GITHUB} {SLACK}\n", [(1, 49)]),
        (f"\u00a0a: 1\n\u00a0b: 2 # {GITHUB}\n", [(2, 9)]),
        (f"a: x#{GITHUB}\n", []),
        (f"a: 1 # {DRAWN}\n", []),
        ("a: 1 # https://user@shop.example\n", []),
    ],
)
def test_a_secret_in_a_comment_is_refused_by_its_form(
    text: str, places: list[tuple[int, int]]
) -> None:
    found = [one for one in parse(text.encode(), "p").problems if one.code is Code.SECRET]
    assert [(one.place.line, one.place.column) for one in found if one.place] == places
    assert all(one.hidden for one in found)


def test_no_message_shows_the_line_of_a_password_that_has_no_form(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    edit = ("slack: {webhook: secret:slack}", "slack: {webhook: hunter2, chanel: x}")
    problems = told(tmp_path, catalogue, edit)
    assert len(problems.problems) == 2
    assert "hunter2" not in problems.render(sources=lines_of)


def test_a_secret_is_told_once_though_several_environments_have_it(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    override = "domain: shop.example, checks: {api-health: {every: 2m}}"
    problems = told(
        tmp_path,
        catalogue,
        ("domain: shop.example", override),
        ("is: postgres", f"is: postgres, title: {DRAWN}"),
    )
    assert [problem.path for problem in problems.problems] == [("services", "database", "title")]


def test_a_secret_of_an_override_is_told_where_it_is_written(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    override = f"domain: shop.example, services: {{api: {{title: {DRAWN}}}}}"
    problems = told(tmp_path, catalogue, ("domain: shop.example", override))
    path = ("environments", "prod", "services", "api", "title")
    assert [problem.path for problem in problems.problems] == [path]


def test_without_secrets_problems_stay_as_they_are() -> None:
    problems = Problems([]).problems
    assert hushed(problems, ()) == problems
