"""Nothing that is told of Workers holds the value of a secret, however the Worker wrote it."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from localcloud.runtime.journal import Journal
from localcloud.runtime.striking import Striking
from localcloud.runtime.tails import Tails
from localcloud.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SCOPE = f"accounts/{'a' * 32}"
PEM = "-----BEGIN KEY-----\nMIIE+/=\nvQ==\n-----END KEY-----\n"
HOSTILE = st.one_of(
    st.text(alphabet=st.sampled_from("ab\"\\\n\r\t/+%& é☃😀\x00\x7f{}~'"), min_size=6, max_size=30),
    st.text(min_size=6, max_size=30),
    st.sampled_from([PEM, '{"key": "v\\"al"}', "pässwörd", "a b+c/d=?&", "snow ☃ 😀 man"]),
)


def once(value: str) -> str:
    return json.dumps({"of": value})


def form(value: str) -> str:
    return urlencode({"of": value})


def small(value: str) -> str:
    return re.sub("%..", lambda escape: escape[0].lower(), quote(value, safe=""))


WRITTEN: dict[str, Callable[[str], str]] = {
    "as it is": lambda value: value,
    "in JSON": once,
    "in JSON beyond ASCII": lambda value: json.dumps([value], ensure_ascii=False),
    "in JSON in JSON": lambda value: once(once(value)),
    "in JSON in JSON beyond ASCII": lambda value: json.dumps(once(value), ensure_ascii=False),
    "as part of a URL": lambda value: quote(value, safe="!'()*"),
    "as a path": quote,
    "with small digits": small,
    "in a form": form,
    "with plus signs": quote_plus,
    "in base64": lambda value: base64.b64encode(value.encode()).decode(),
    "in base64 for URLs": lambda value: base64.urlsafe_b64encode(value.encode()).decode(),
    "in base64 without its end": lambda v: base64.b64encode(v.encode()).decode().rstrip("="),
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store.db")
    yield opened
    opened.close()


def hold(store: Store, **secrets: str) -> None:
    """Let a Worker have secrets."""
    hidden: Any = {"secrets": secrets}
    store.put("scripts", SCOPE, "w", name="w", body={}, hidden=hidden)


each_store = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@each_store
@given(value=HOSTILE)
@example(value=PEM)
def test_a_secret_is_struck_in_every_form_that_code_gives_it(store: Store, value: str) -> None:
    hold(store, WORD=value)
    striking = Striking(store)
    for how, write in WRITTEN.items():
        told = f"<<{write(value)}>>"
        struck = striking.text(told)
        assert "[WORD]" in struck, how
        assert write(value) not in struck.replace("[WORD]", "\ud800"), how


@each_store
@given(values=st.lists(HOSTILE, min_size=2, max_size=4, unique=True), data=st.data())
def test_values_that_begin_alike_or_overlap_leave_no_tail(
    store: Store, values: list[str], data: st.DataObject
) -> None:
    longer = values[0] + values[1]
    hold(store, SHORT=values[0], LONG=longer, **{f"N{i}": v for i, v in enumerate(values[1:])})
    told = data.draw(st.permutations([*values, longer, " and "]))
    struck = Striking(store).text("".join(told))
    marks = ("[SHORT]", "[LONG]", *(f"[N{i}]" for i in range(len(values))))
    for mark in marks:
        struck = struck.replace(mark, "\ud800")
    assert not [value for value in [*values, longer] if value in struck]


@each_store
@given(value=HOSTILE)
def test_a_tail_tells_no_secret_in_a_text_a_field_or_an_address(store: Store, value: str) -> None:
    assume(value not in "[WORD]")
    hold(store, WORD=value)
    told = Journal(store, lambda: None).struck_json(
        {
            "event": {"request": {"url": f"http://h/?t={quote(value, safe='')}"}},
            "logs": [{"message": [value, {value: [value]}, once(value), 7, True, None]}],
        }
    )
    leaves = json.dumps(json.loads(told.replace("[WORD]", "")), ensure_ascii=False)
    assert json.dumps(value, ensure_ascii=False)[1:-1] not in leaves
    assert json.loads(told)["logs"][0]["message"][1] == {"[WORD]": ["[WORD]"]}


def test_credentials_of_basic_authentication_are_struck(store: Store) -> None:
    for user in ("u", "us", "use", "user"):
        hold(store, WORD="swordfish")
        sent = base64.b64encode(f"{user}:swordfish".encode()).decode()
        struck = Striking(store).text(f"Basic {sent}")
        assert "[WORD]" in struck
        assert sent[-8:] not in struck


def test_digits_that_are_a_secret_are_struck_also_as_a_number(store: Store) -> None:
    hold(store, PIN="123456")
    assert Striking(store).value({"pin": 123456, "at": 1234567}) == {"pin": "[PIN]", "at": 1234567}


def test_values_too_short_to_be_told_from_chance_stay(store: Store) -> None:
    hold(store, SHORT="abcde", WORD="abcdef")
    assert Striking(store).text("abcde abcdef") == "abcde [WORD]"


def test_what_was_a_secret_until_now_is_still_struck(store: Store) -> None:
    hold(store, WORD="swordfish")
    striking = Striking(store)
    striking.read()
    hold(store, WORD="barracuda")
    striking.renew()
    assert striking.text("swordfish barracuda") == "[WORD] [WORD]"


def test_the_store_is_read_once_for_many_texts(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(store, WORD="swordfish")
    striking, everything = Striking(store), store.all
    asked: list[str] = []

    def counted(kind: str) -> object:
        asked.append(kind)
        return everything(kind)

    monkeypatch.setattr(store, "all", counted)
    for _ in range(10):
        assert striking.text("swordfish") == "[WORD]"
    assert asked.count("scripts") == 1
    striking.renew()
    striking.text("swordfish")
    assert asked.count("scripts") == 2


def test_the_password_of_a_hyperdrive_is_struck_as_its_address_has_it(store: Store) -> None:
    hidden: Any = {"sealed": {"origin": {"password": "a/secret word"}}}
    store.put("hyperdrives", SCOPE, "h", name="orders", body={}, hidden=hidden)
    told = Striking(store).text("postgres://u:a%2Fsecret%20word@h/db")
    assert told == "postgres://u:[orders password]@h/db"


def test_logs_runs_and_the_log_of_localcloud_hold_no_quoted_secret(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    hold(store, KEY=PEM)
    journal = Journal(store, lambda: None)
    line: Any = {"level": "error", "text": f"{once(PEM)} {PEM}"}
    trigger: Any = {"on": "fetch", "what": f"GET /{quote(PEM)}"}
    worker = f"{'a' * 32}/w"
    with caplog.at_level(logging.INFO):
        journal.tailed({"script": worker, "trigger": trigger, "lines": [line]})
        journal.add_restart([], f"because {PEM}")
    told = json.dumps([journal.lines(worker), journal.restarts()]) + caplog.text
    assert told.count("[KEY]") >= 4
    assert "MIIE" not in told


def test_a_listener_hears_no_quoted_secret(store: Store) -> None:
    hold(store, KEY=PEM)

    async def listened() -> str | None:
        tails = Tails(Journal(store, lambda: None), "ws://127.0.0.1")
        tail = tails.open("a/w")
        assert tail is not None
        tails.traced("a/w", {"logs": [{"message": [f'the key is "{PEM}"']}]})
        return await tail.events.get()

    heard = asyncio.run(listened())
    assert heard is not None
    assert json.loads(heard)["logs"][0]["message"] == ['the key is "[KEY]"']
