"""The wording for the monitoring Worker, as a module of its source.

`python -m belfry.messages.worker` writes it (`make docs`); the Worker's own modules put it together
to the same messages, byte for byte, as tests/golden/messages holds.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from belfry.messages import wording
from belfry.messages.characters import ADDRESS, BLANKS, BROKEN, HIDDEN, SAFE, one_of
from belfry.messages.discord import MARKS
from belfry.messages.scrubbing import CARD, FIELD, PATTERNS
from belfry.messages.slack import ESCAPES
from belfry.messages.sms import ALIKE, BASIC, EXTENDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from belfry.values.template import Template

WRITTEN = Path(__file__).resolve().parents[2] / "worker" / "src" / "wording.js"
"""Where the module is kept."""
_HEAD = """\
// Made from belfry/messages by `make docs`: what messages say, and what is made harmless in them.

/**
 * @typedef {import("./telling.js").Kind} Kind
 * @typedef {{
 *   role: string, name: string, label: string, text: string, fields: string[], kinds: string[],
 *   isShort: boolean,
 * }} Part a labelled line, left out when one of the `fields` in its `text` is missing
 * @typedef {{ colour: string, style: string, word: string }} Look of a severity, `style` in Teams,
 *   `word` in PagerDuty
 * @typedef {{ kind: string | null, word: string, expression: string, isCard: boolean }} Scrubbed
 *   what is taken out; always, when `kind` is null
 * @typedef {{
 *   length: number, link: number, links: Record<Kind, string[]>, basic: string, extended: string,
 *   alike: Record<string, string>,
 * }} Sms
 */
"""


def module() -> str:
    """Write the module."""
    return _HEAD + "".join(
        f"\n/** @type {{{kind}}} */\nexport const {name} = {_literal(value)};\n"
        for name, (kind, value) in _constants().items()
    )


def _constants() -> Mapping[str, tuple[str, object]]:
    characters = {
        "hidden": one_of(HIDDEN, "javascript"),
        "broken": one_of(BROKEN, "javascript"),
        "blanks": f"{one_of(BLANKS, 'javascript')}+",
        "address": ADDRESS,
        "unsafe": f"[^{SAFE}]",
    }
    return {
        "HEADLINES": ("Record<Kind, string>", _texts(wording.HEADLINES.items())),
        "SHORT": ("Record<Kind, string>", _texts(wording.SHORT.items())),
        "PARTS": ("Part[]", [_part(part) for part in wording.PARTS]),
        "TROUBLES": ("Record<string, string>", wording.TROUBLES),
        "FIRST_STEP": ("string", wording.FIRST_STEP),
        "MORE": ("string", wording.MORE),
        "INCIDENT": ("string", wording.INCIDENT),
        "LOOKS": ("[Look, ...Look[]]", [_look(look) for look in wording.LOOKS]),
        "WELL": ("Look", _look(wording.WELL)),
        "LENGTHS": (
            "{ name: number, summary: number, fact: number, read: number, link: number }",
            {
                "name": wording.NAME_LENGTH,
                "summary": wording.SUMMARY_LENGTH,
                "fact": wording.FACT_LENGTH,
                "read": wording.READ_LENGTH,
                "link": wording.LINK_LENGTH,
            },
        ),
        "LISTED": ("number", wording.LISTED),
        "SMS": (
            "Sms",
            {
                "length": wording.SMS_LENGTH,
                "link": wording.SMS_LINK_LENGTH,
                "links": wording.SMS_LINKS,
                "basic": BASIC,
                "extended": EXTENDED,
                "alike": ALIKE,
            },
        ),
        "SLACK": (
            "{ header: number, fact: number, links: number, escapes: [string, string][] }",
            {**wording.SLACK_LENGTHS, "escapes": ESCAPES},
        ),
        "DISCORD": (
            "{ title: number, fact: number, links: number, marks: string }",
            {**wording.DISCORD_LENGTHS, "marks": MARKS},
        ),
        "TEAMS": ("{ fact: number }", wording.TEAMS_LENGTHS),
        "PAGERDUTY": ("{ summary: number }", wording.PAGERDUTY_LENGTHS),
        "MAIL": (
            "{ head: string, fact: string, links: string, link: string, foot: string }",
            _texts(wording.MAIL.items()),
        ),
        "CHARACTERS": (
            "{ hidden: string, broken: string, blanks: string, address: string, unsafe: string }",
            characters,
        ),
        "SCRUBBED": (
            "Scrubbed[]",
            [
                {
                    "kind": one.kind,
                    "word": one.word,
                    "expression": one.expression,
                    "isCard": one.is_card,
                }
                for one in PATTERNS
            ],
        ),
        "FIELD": ("{ before: string, after: string, word: string }", FIELD),
        "CARD": ("{ least: number, most: number, first: string }", CARD),
    }


def _texts(templates: Iterable[tuple[str, Template]]) -> Mapping[str, str]:
    return {name: str(template) for name, template in templates}


def _part(part: wording.Part) -> Mapping[str, object]:
    return {
        "role": part.role,
        "name": part.name,
        "label": part.label,
        "text": str(part.text),
        "fields": part.text.names,
        "kinds": part.kinds,
        "isShort": part.is_short,
    }


def _look(look: wording.Look) -> Mapping[str, object]:
    return {"colour": look.colour, "style": look.style, "word": look.word}


def _literal(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


if __name__ == "__main__":
    WRITTEN.write_text(module(), encoding="utf-8")
