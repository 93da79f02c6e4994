"""Channels and access: what is safe enough, and what counts as used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from belfry.problems import Problems

if TYPE_CHECKING:
    from tests.unit.shop import ReadsShop

AT = "\nchannels:\n"


def mail(more: str) -> str:
    return (
        f"{AT}  mail: {{email: {{host: smtp.shop.example, {more}, user: a, password: secret:smtp, "
        "from: a@shop.example, to: b@shop.example}}\n"
    )


USED = ("channels: [slack]", "channels: [slack, mail]")


@pytest.mark.parametrize(
    "encryption",
    [
        "port: 465",
        "port: 465, tls: implicit",
        "port: 587, tls: starttls",
        "port: 25, tls: starttls",
        "port: 2465",
        "port: 10587, tls: starttls",
    ],
)
def test_usual_ports_and_any_others_are_taken_as_they_are(shop: ReadsShop, encryption: str) -> None:
    assert "mail" in shop((AT, mail(encryption)), USED).channels


def test_a_mail_server_on_this_machine_needs_no_encryption(shop: ReadsShop) -> None:
    here = mail("tls: none").replace("smtp.shop.example", "localhost")
    assert "mail" in shop((AT, here), USED).channels


@pytest.mark.parametrize(
    "used",
    [
        "cost: {limit: 50 USD, tell: [mail]}",
        "routing: {events: {deployment: [mail]}}",
        "routing: {routes: {all: {channels: [mail]}}}",
    ],
)
def test_a_channel_is_used_by_costs_events_and_routes(shop: ReadsShop, used: str) -> None:
    assert "mail" in shop((AT, mail("port: 465")), ("rules:\n", f"{used}\nrules:\n")).channels


def test_a_channel_is_used_by_an_escalation(shop: ReadsShop) -> None:
    step = ("channels: [slack]}", "channels: [slack], escalate: [{after: 30m, to: mail}]}")
    assert "mail" in shop((AT, mail("port: 465")), step).channels


def test_a_key_may_be_known_to_the_worker_that_asks_for_it(shop: ReadsShop) -> None:
    keys = (
        "access: {keys: {ingest: {key: secret:ingest-key, may: [submit-metrics]}}}\n"
        "workers:\n"
        "  logs: {role: logs, script: shop-logs, serves: [/logs], "
        "secrets: {INGEST_KEY: secret:ingest-key}}\n"
    )
    assert shop(("rules:\n", f"{keys}rules:\n")).access.keys


def test_nobody_need_acknowledge_before_roles_are_written_down(shop: ReadsShop) -> None:
    assert shop(("rules:\n", "access: {public: true}\nrules:\n")).access.public


def test_people_log_in_over_an_encrypted_connection_only(shop: ReadsShop) -> None:
    oauth = (
        "access: {oauth: {issuer: http://login.shop.example, client: g, secret: secret:oauth, "
        "domains: shop.example}}\nrules:\n"
    )
    with pytest.raises(Problems, match="would tell in clear who logs in"):
        shop(("rules:\n", oauth))
