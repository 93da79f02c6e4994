"""What a fuzzer does to a request: odd values, odd JSON, odd bytes, odd addresses."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

    from tests.fuzz.recorded import Part

ODD_TEXTS = (
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "x\udfff",
    "é" * 300,
    "x" * 70_000,
    "../../etc/passwd",
    "%00",
    "{0}",
    "{name}",
    "{",
    "%s",
    "'; DROP TABLE objects; --",
    "<script>",
    "٣",
    "\u202e",
    "1",
    "true",
    "null",
    "2026-13-45T99:99:99Z",
    "-1h",
    "9" * 400,
    "a/b",
    ".",
    "..",
    "x\r\ny: z",
    "com.cloudflare.api.account.*",
    "*",
)
ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    1.5,
    -0.0,
    2**31,
    2**63,
    -(2**64),
    10**400,
    1e308,
    float("nan"),
    float("inf"),
    float("-inf"),
    [],
    {},
    [None],
    [[]],
    [{}],
    {"": None},
    {"a": {"b": {"c": []}}},
    {"\ud800": 1},
    ["a", 1, None, {}, []],
)
ODD_SEGMENTS = (
    "",
    ".",
    "..",
    "%2e%2e",
    "%2e%2e%2fstore.py",
    "%00",
    "a%00b",
    "%ff",
    "%c3%28",
    "%",
    "%zz",
    "%25",
    "%F0%9F%92%A9",
    "%ED%A0%80",
    "a%2Fb",
    "x" * 9_000,
    "~",
    "-1",
    "1:x",
    "%7Bscope%7D",
    "a;b",
    "'",
    "0" * 32,
)
ODD_QUERIES = (
    b"",
    b"page=0",
    b"page=-1&per_page=99999999999999999999",
    b"page=2&per_page=5",
    b"per_page=NaN",
    b"page=%ff",
    b"page[]=1",
    b"cursor=%00",
    b"cursor=_____w==&limit=10",
    b"limit=1e9",
    b"prefix=%F0%28%8C%28",
    b"name=" + b"x" * 5_000,
    b"force",
    b"force=true&force=false",
    b"forceDeleteRules=maybe",
    b"folderUIDs=,,,&type=x&query=%00",
    b"expiration=-1",
    b"expiration_ttl=99999999999999999999999",
    b"from=x&to=y&dashboardId=z&limit=-1",
    b"order=&direction=",
    b"=&&=&%",
    b"\xff\xfe",
    b"kind=\xf0",
    b"perpage=0&page=0",
    b"perpage=-1&limit=0",
    b"after=" + b"9" * 5_000 + b"&limit=" + b"9" * 5_000,
    b"table=%22%00&prefix=%ED%A0%80",
)
ODD_HEADERS: tuple[dict[str, str], ...] = (
    {"content-type": "text/plain"},
    {"content-type": "application/json; charset=utf-16"},
    {"content-type": "multipart/form-data"},
    {"content-type": "multipart/form-data; boundary="},
    {"content-type": 'multipart/form-data; boundary="é"'},
    {"content-type": "multipart/form-data; boundary=" + "x" * 300},
    {"content-type": ";;;"},
    {"content-type": ""},
    {"x-grafana-org-id": "-1"},
    {"x-grafana-org-id": "x"},
    {"x-grafana-org-id": "99999999999999999999"},
    {"x-grafana-org-id": "2"},
    {"x-disable-provenance": ""},
    {"cf-r2-storage-class": "Odd"},
    {"cf-r2-jurisdiction": "\xff"},
    {"if-none-match": '"'},
    {"if-match": "*"},
    {"accept": "\xff"},
    {"content-length": "-1"},
    {"content-encoding": "gzip"},
    {"transfer-encoding": "odd"},
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW", "get", "TRACE")


def odd_value(random: Random) -> Any:
    """Return a value that nobody means."""
    return copy.deepcopy(random.choice((*ODD_VALUES, *ODD_TEXTS)))


def mutated(value: Any, random: Random) -> Any:
    """Return a value with one place, at any depth, made otherwise; it uses up what it is given."""
    root = [value]
    holder, key = random.choice([(root, 0), *_places(value)])
    match random.randrange(6):
        case 0 | 1 | 2:
            holder[key] = odd_value(random)
        case 3:
            del holder[key]
            return root[0] if root else None
        case 4:
            holder[key] = [holder[key], holder[key]]
        case _:
            # As deep as a parser of its own kind would still go, and deeper.
            for _ in range(random.choice((1, 50, 3_000))):
                holder[key] = [holder[key]] if random.random() < 0.5 else {"x": holder[key]}
    return root[0]


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, (dict, list)):
            continue
        for key, below in one.items() if isinstance(one, dict) else enumerate(one):
            found.append((one, key))
            waiting.append(below)
    return found


def written(value: Any, random: Random) -> bytes:
    """Return a value as JSON, or nearly."""
    try:
        text = json.dumps(value)
    except RecursionError:
        text = "[" * 100_000 + "]" * 100_000
    if isinstance(value, dict) and value and random.random() < 0.1:
        key = random.choice(list(value))
        text = text[:-1] + f", {json.dumps(key)}: {json.dumps(random.choice(ODD_TEXTS))}}}"
    told = text.encode()
    match random.randrange(24):
        case 0:
            return told[: random.randrange(len(told) + 1)]
        case 1:
            place = random.randrange(len(told) + 1)
            return told[:place] + random.randbytes(3) + told[place:]
        case 2:
            return text.encode("utf-16")
        case 3:
            return b"\xef\xbb\xbf" + told
        case 4:
            return told + b"}"
        case 5:
            return random.choice((b"", b"null", b"[]", b"0", b'"', b"\xff\xff", b"{" * 50_000))
        case _:
            return told


def multipart(parts: tuple[Part, ...], random: Random, *, odd: bool) -> tuple[str, bytes]:
    """Return the media type and bytes of a multipart body, sometimes broken if it is to be odd."""

    def now_and_then(chance: float) -> bool:
        return odd and random.random() < chance

    boundary = "".join(random.choices("abcdef0123456789", k=16))
    lines: list[bytes] = []
    for part in parts:
        if now_and_then(0.05):
            continue
        name = random.choice(ODD_TEXTS) if now_and_then(0.05) else part.name
        disposition = f'form-data; name="{name}"'
        if part.filename is not None:
            disposition += f'; filename="{part.filename}"'
        head = [f"--{boundary}", f"Content-Disposition: {disposition}"]
        if part.media_type:
            strange = random.choice(("", "x", "application/source-map", "é", "text/x;charset=odd"))
            head.append(f"Content-Type: {strange if now_and_then(0.1) else part.media_type}")
        if now_and_then(0.05):
            head.append(random.choice(("no colon", ": no name", "X: " + "y" * 9_000, "\0: \0")))
        content = part.content
        if isinstance(content, (dict, list)):
            sent = copy.deepcopy(content)
            if now_and_then(0.6):
                sent = mutated(sent, random)
            body = written(sent, random) if odd else json.dumps(sent).encode()
        else:
            body = str(content).encode("utf-8", "replace")
        lines.append("\r\n".join(head).encode("utf-8", "replace") + b"\r\n\r\n" + body)
    told = b"\r\n".join([*lines, f"--{boundary}--\r\n".encode()])
    if now_and_then(0.1):
        told = told[: random.randrange(len(told) + 1)]
    return f"multipart/form-data; boundary={boundary}", told
