"""Marks that are missing, or one too many, on a line: quotation marks, brackets, colons, commas."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from belfry.diagnosis.line import CLOSING, read_line
from belfry.diagnosis.mend import Mend, Mistake
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from belfry.diagnosis.line import Line

_TYPOGRAPHIC = str.maketrans(dict.fromkeys("“”„‟", '"') | dict.fromkeys("‘’‚‛", "'"))
_CLOSERS = re.compile(r"[\]}\s,]+$")
_KEY = r"^(\s*(?:- +)*)([\w.-]+)"
_NO_BLANK = re.compile(_KEY + r":([^\s:].*)$")
_NO_COLON = re.compile(_KEY + r"(?: +([^\s:].*))?$")
_NO_BLANK_AFTER_DASH = re.compile(r"^(\s*)-([^\s-].*)$")
_NO_COLON_IN_BRACKETS = re.compile(r"(?<=[{,])( *)([\w-]+)(?= +[\"'\[{])")
_VALUE = re.compile(r"^(\s*(?:- +)*(?:[^\s:'\"{\[#][^:]*: +)?)(\S.*)$")
_IN_BRACKETS = re.compile(r"(?<=[:\[{,] )([^\s,\[\]{}'\"]*\$\{[^{}]*\}[^\s,\[\]{}'\"]*)")
_ESCAPE = re.compile(r"\\(?![0abt\tnvfre \"/\\N_LPxuU])")
_HEX = "[0-9a-fA-F]"
_NO_SIGN = re.compile(
    rf"\\(?:u[dD][89a-fA-F]{_HEX}{{2}}|x(?!{_HEX}{{2}})|u(?!{_HEX}{{4}})|U(?!{_HEX}{{8}}))"
)
"""A number that stands for no sign: half of a pair, or with too few digits."""
_CRON = r"[\d*][\d*/,-]*(?: [\d*/,A-Za-z-]*[\d*A-Za-z]){4}"
_SIGN_IN_BRACKETS = re.compile(
    rf"(?<=[\[{{,:])( *)({_CRON}|[*@`%|>][^,\[\]{{}}\"']*[^,\[\]{{}}\"'\s])"
)
_TWO_COMMAS = re.compile(r",\s*(?=,)")
_SIGNS = "@`%*&!|>,]}[{?"
_OTHER = {opening: closing for closing, opening in CLOSING.items()}


def quotation_mends(lines: Sequence[str], at: int) -> Iterator[Mend]:
    """Guess at quotation marks that are missing on a line, or stand inside a text."""
    text = lines[at]
    line = read_line(text)
    if text != (straight := text.translate(_TYPOGRAPHIC)):
        column = next(i for i, letter in enumerate(text) if letter != straight[i])
        wrong = f"the typographic mark {text[column]} does not quote in YAML"
        yield _mend(at, column, wrong, 'quote with straight marks: "…"', straight)
    if (column_of_open := line.open_quote) is not None:
        yield from _unclosed(at, text, column_of_open)
    if (column_after := line.after_quote) is not None:
        yield from _inside(at, line, column_after)
    if line.quoted and (escape := _ESCAPE.search(text)):
        column = escape.start()
        wrong = f"{text[column : column + 2]} means nothing between double marks"
        right = "quote with single marks: '…', or write \\\\ for a backslash"
        yield _mend(at, column, wrong, right, _ESCAPE.sub(r"\\\\", text))
    if line.quoted and (number := _NO_SIGN.search(text)):
        wrong = f"{number[0]} stands for no sign"
        right = "write the sign itself; between single marks, '…', a backslash means nothing"
        yield _mend(at, number.start(), wrong, right, _NO_SIGN.sub("?", text))


def bracket_mends(lines: Sequence[str], at: int) -> Iterator[Mend]:
    """Guess at brackets that are missing on a line, or one too many."""
    text = lines[at]
    line = read_line(text)
    if (comment := line.comment_in_brackets) is not None:
        end = _before_closers(text, comment)
        word = _quote(text[comment:end].rstrip("\"'"))
        quoted = text[:comment] + word + text[end:]
        yield _mend(at, comment, "# begins a comment here", f"quote the text: {word}", quoted)
    if line.unopened is not None:
        yield from _unopened(at, line, line.unopened)
    if line.open_brackets:
        column = line.open_brackets[-1]
        closing = "".join(CLOSING[text[one]] for one in reversed(line.open_brackets))
        right = f"close it with {CLOSING[text[column]]}"
        wrong = f"the bracket {text[column]} is not closed"
        yield _mend(at, column, wrong, right, text[: line.end] + closing)
        for opened in line.open_brackets:
            one = CLOSING[text[opened]]
            wrong = f"the bracket {text[opened]} is not closed"
            right = f"close it with {one}"
            for mark in (one, one + ","):
                closed = text[: line.end].rstrip(",") + mark
                yield _mend(at, opened, wrong, right, closed)
    if (last := line.code[-1:]) in _OTHER and (colon := text.find(": ")) > 0:
        opening = _OTHER[last]
        wrong = f"the bracket {last} closes nothing"
        mended = f"{text[: colon + 2]}{opening}{text[colon + 2 :]}"
        yield _mend(at, line.end - 1, wrong, f"open it with {opening}, or remove it", mended)


def mark_mends(lines: Sequence[str], at: int, column: int | None) -> Iterator[Mend]:
    """Guess at colons, commas and blanks that are missing on a line.

    Args:
        lines: all lines.
        at: the line.
        column: where the parser gave up, if it was on this line.

    """
    text = lines[at]
    code = read_line(text).code
    if match := _NO_BLANK.match(code):
        start, key, value = match.groups()
        wrong = f"no blank stands after the colon of {shown(key)}"
        right = f"put a blank after the colon: {key}: …"
        yield _mend(at, match.end(2), wrong, right, f"{start}{key}: {value}")
    if match := _NO_COLON.match(code):
        start, key, value = match.groups()
        wrong = f"no colon stands after {shown(key)}"
        right = f"write a colon and a blank after the key: {key}: …"
        yield _mend(at, match.end(2), wrong, right, f"{start}{key}: {value or ''}".rstrip())
    for match in _NO_COLON_IN_BRACKETS.finditer(code):
        wrong = f"no colon stands after {shown(match[2])}"
        right = f"write a colon and a blank after the key: {match[2]}: …"
        mended = f"{code[: match.end()]}:{code[match.end() :]}"
        yield _mend(at, match.end(), wrong, right, mended)
    if match := _NO_BLANK_AFTER_DASH.match(code):
        wrong = "no blank stands after the dash"
        right = "put a blank after the dash"
        yield _mend(at, len(match[1]), wrong, right, f"{match[1]}- {match[2]}")
    if "[" in code or "{" in code:
        for commas in _TWO_COMMAS.finditer(code):
            mended = code[: commas.start()] + code[commas.end() :]
            yield _mend(at, commas.start(), "two commas stand here", "remove one of them", mended)
    yield from _commas(text, at, column, code)


def quoting_mends(lines: Sequence[str], at: int) -> Iterator[Mend]:
    """Guess that a whole text must be quoted, for what it holds."""
    text = lines[at]
    code = read_line(text).code
    if found := _IN_BRACKETS.search(code):
        column = found.start()
        mended = _IN_BRACKETS.sub(lambda one: f'"{one[0]}"', code)
        wrong = "this text holds brackets, and stands in brackets"
        yield _mend(at, column, wrong, 'quote it: "…"', mended)
    if (found := _SIGN_IN_BRACKETS.search(code)) and set(code[: found.end(1)]) & set("[{"):
        mended = _SIGN_IN_BRACKETS.sub(lambda one: f'{one[1]}"{one[2]}"', code)
        wrong = f"a text cannot begin with {found[2][0]}"
        yield _mend(at, found.start(2), wrong, f"quote it: {_quoted_cron(found[2])}", mended)
    match = _VALUE.match(code)
    if match is None:
        return
    before, value = match.groups()
    column = len(before)
    if (column, len(code)) in read_line(text).quoted:
        return
    if value[0] in _SIGNS:
        wrong = f"a text cannot begin with {value[0]}"
    elif ": " in value:
        column += value.index(": ")
        wrong = "the text holds a colon and a blank, which make a key of it"
    else:
        wrong = "this text cannot be told from YAML's own signs"
    right = f"quote the whole text: {_quoted_cron(value)}"
    yield _mend(at, column, wrong, right, before + _quote(value))


def _quoted_cron(text: str) -> str:
    """Quote a cron expression for a message; any other text may be a secret."""
    return f'"{text}"' if re.fullmatch(_CRON, text) else '"…"'


def _unclosed(at: int, text: str, column: int) -> Iterator[Mend]:
    mark = text[column]
    wrong = f"the quotation mark {mark} is not closed"
    right = f"close it with {mark} at the end of the text"
    rest = text[column + 1 :]
    end = _before_closers(text, column + 1)
    comment = re.search(r"\s+#", rest)
    for where in (end, len(text.rstrip()), *([column + 1 + comment.start()] if comment else ())):
        closed = text[:where] + mark + text[where:]
        yield _mend(at, column, wrong, right, closed)
        if unclosed := read_line(closed).open_brackets:
            brackets = "".join(CLOSING[closed[one]] for one in reversed(unclosed))
            yield _mend(at, column, wrong, right, closed + brackets)
    for found in re.finditer(r"[,\]}]", rest):
        where = column + 1 + found.start()
        yield _mend(at, column, wrong, right, text[:where] + mark + text[where:])


def _inside(at: int, line: Line, column: int) -> Iterator[Mend]:
    """Guess at a text that holds the marks which quote it, or goes on after them."""
    text = line.text
    start, end = next((s, e) for s, e in reversed(line.quoted) if e <= column)
    mark = text[start]
    if text[column] == mark:
        wrong = f"the quotation mark {mark} stands twice"
        yield _mend(at, column, wrong, "remove one of them", text[:column] + text[column + 1 :])
    wrong = f"the text goes on after its quotation mark {mark}"
    right = "quote the whole text with '…'" if mark == '"' else 'quote the whole text with "…"'
    last = text.rfind(mark, column)
    if last > column:
        inner = text[start + 1 : last]
        doubled = inner.replace("'", "''") if mark == "'" else inner.replace('"', '\\"')
        mended = text[:start] + mark + doubled + mark + text[last + 1 :]
        yield _mend(at, column, wrong, right, mended)
    for cut in (max(_before_closers(line.code, start), end), line.end):
        whole = _quote(text[start:cut].rstrip("\"'"))
        yield _mend(at, column, wrong, right, text[:start] + whole + text[cut:])


def _unopened(at: int, line: Line, column: int) -> Iterator[Mend]:
    text, closing = line.text, line.text[column]
    if line.is_surplus:
        without = text[:column] + text[column + 1 :]
        yield _mend(at, column, f"one {closing} too many stands here", "remove it", without)
    opened = [one for one in line.open_brackets if one < column]
    if opened and CLOSING[text[opened[-1]]] != closing:
        mark = CLOSING[text[opened[-1]]]
        wrong = f"the bracket {text[opened[-1]]} is not closed"
        mended = text[:column] + mark + text[column:]
        yield _mend(at, opened[-1], wrong, f"close it with {mark}", mended)
        replaced = text[:column] + mark + text[column + 1 :]
        wrong = f"the bracket {text[opened[-1]]} is closed with {closing}"
        yield _mend(at, column, wrong, f"close it with {mark}", replaced)
    wrong = f"the bracket {closing} closes nothing"
    opening = _OTHER[closing]
    colon = text.rfind(": ", 0, column)
    right = f"open it with {opening}, or remove it"
    if colon > 0:
        mended = f"{text[: colon + 2]}{opening}{text[colon + 2 :]}"
        yield _mend(at, column, wrong, right, mended)
    yield _mend(at, column, wrong, right, text[:column] + text[column + 1 :])


def _commas(text: str, at: int, column: int | None, code: str) -> Iterator[Mend]:
    right = "put commas between the parts in brackets"
    if column is None:
        yield _mend(at, len(code), "no comma stands after this", right, code + ",")
        return
    where = column
    if word := re.search(r"[^\s,\[\]{}]+\s*$", text[:column]):
        where = word.start()
        wrong = f"no comma stands before {shown(word[0].strip())}"
        yield _mend(at, where, wrong, right, f"{text[:where]}, {text[where:]}")
    yield _mend(
        at, column, "no comma stands before this", right, f"{text[:column]}, {text[column:]}"
    )


def _before_closers(text: str, start: int) -> int:
    """Find where the brackets begin that close at the end of a line."""
    closers = _CLOSERS.search(text, start)
    return closers.start() if closers else len(text)


def _quote(text: str) -> str:
    return '"' + text + '"' if not set(text) & set('"\\') else "'" + text.replace("'", "''") + "'"


def _mend(at: int, column: int, wrong: str, right: str, instead: str) -> Mend:
    mistake = Mistake(line=at, column=column, wrong=wrong, right=right)
    return Mend(mistake=mistake, line=at, instead=(instead,))
