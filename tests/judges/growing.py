"""Random expressions, regular expressions and templates, most of them nearly right."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def _pieces(text: str) -> list[str]:
    return text.split()


_LEAVES = _pieces(
    'a up{a="b"} 1 a:b "s" time() vector(1) {a=~"b+"} 5m a[5m] a[1h:] sum inf {"x.y"} a[5m]'
)
_OPERATORS = (
    "+",
    "-",
    "*",
    "/",
    "^",
    "==",
    "> bool",
    "and",
    "or",
    "unless",
    "and on(a)",
    "+ on(a) group_left(b)",
    "/ ignoring(a)",
    "% bool",
    "> on()",
    "atan2",
    "unless ignoring(a) group_left",
)
_AGGREGATIONS = ("sum", "topk", "count_values", "quantile", "max by (a)", "avg without (a, b)")
_FUNCTIONS = _pieces(
    "rate abs absent time round label_replace scalar vector clamp quantile_over_time "
    "histogram_quantile hour"
)
_AFTER = ("[5m]", "[5m:]", " offset 5m", " @ 1", " @ end()", '{a="b"}', "[5m] offset 1h @ 3")
_PIECES = _pieces(
    "a sum rate by on ignoring group_left bool offset and ( ) { } [ ] , : = == =~ > + - * ^ @ "
    '"x" `z` 5m 0.5 0x1F Inf [5m] {a="b"} (a)'
)
_REGULAR = _pieces(
    r"a b ( ) [ ] { } | * + ? ^ $ \ . - , 0 1 9 : P < > = ! (?: (?P<n> \d \Q \E [a-z] "
    r"[[:alpha:]] {2} {1,3} \x41 \b (?i) [^ \1 \12"
)
_GO = _pieces(
    "{{ }} {{- -}} $labels .Labels.a $value | humanize ( ) end if else range with define template "
    'block "x" ` := = , . $x 1 1.5 query printf break true nil .a $x:=1'
)


def expressions(seed: int, count: int) -> list[str]:
    """Grow expressions; a third are damaged somewhere."""
    chance = random.Random(seed)
    grown = [_expression(chance, 0) for _ in range(count)]
    return [_damaged(chance, one) if chance.random() < 0.3 else one for one in grown]


def _expression(chance: random.Random, depth: int) -> str:
    kind = chance.random()
    if depth > 3 or kind < 0.25:
        return chance.choice(_LEAVES)
    inner = _expression(chance, depth + 1)
    if kind < 0.5:
        return f"{inner} {chance.choice(_OPERATORS)} {_expression(chance, depth + 1)}"
    if kind < 0.65:
        first = chance.choice(("", "", "1,", '"x",', "a,"))
        return f"{chance.choice(_AGGREGATIONS)}({first}{inner})"
    if kind < 0.8:
        more = [_expression(chance, depth + 1) for _ in range(chance.randint(0, 2))]
        return f"{chance.choice(_FUNCTIONS)}({', '.join([inner, *more])})"
    if kind < 0.9:
        return chance.choice(("-{}", "+{}", "({})", "-({})")).format(inner)
    return inner + chance.choice(_AFTER)


def _damaged(chance: random.Random, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(("", *_PIECES)) + text[at + chance.randint(0, 2) :]


def regular_expressions(seed: int, count: int) -> list[str]:
    """Grow regular expressions, in a matcher."""
    grown = _joined(random.Random(seed), _REGULAR, count, "")
    return [f"a{{b=~{json.dumps(one)}}}" for one in grown]


def templates(seed: int, count: int) -> list[str]:
    """Grow Go templates."""
    chance = random.Random(seed)
    actions = [*_joined(chance, _GO, count // 2, " "), *_joined(chance, _GO, count // 2, "")]
    ends = ("", "{{ end }}", "{{ else }}x{{ end }}")
    return [
        one if at % 3 == 0 else f"{{{{ {one} }}}}{ends[at % 7 % 3]}"
        for at, one in enumerate(actions)
    ]


def _joined(
    chance: random.Random, pieces: Sequence[str], count: int, between: str
) -> Iterator[str]:
    for _ in range(count):
        yield between.join(chance.choice(pieces) for _ in range(chance.randint(1, 7)))
