"""One line of YAML on its own: its quotation marks, its brackets, and where its comment begins."""

from __future__ import annotations

from dataclasses import dataclass, field

CLOSING = {"[": "]", "{": "}"}
_OPENING = {closing: opening for opening, closing in CLOSING.items()}


@dataclass(slots=True)
class Line:
    """What a line holds when it is read from its own beginning. Columns count from 0."""

    text: str
    end: int = 0
    """Where the comment begins, or the blanks at the end."""
    open_quote: int | None = None
    """A quotation mark that is not closed on this line."""
    quoted: list[tuple[int, int]] = field(default_factory=list)
    """Where quoted texts begin and end, marks included."""
    after_quote: int | None = None
    """Where a text goes on after its closing mark."""
    open_brackets: list[int] = field(default_factory=list)
    """Brackets that are not closed on this line, the outermost first."""
    unopened: int | None = None
    """A closing bracket that closes nothing, or another kind of bracket."""
    is_surplus: bool = False
    """Whether that bracket follows others that were all closed: `{a: b}}`."""
    comment_in_brackets: int | None = None
    """A # that begins a comment while a bracket is open."""

    @property
    def code(self) -> str:
        """The line without its comment."""
        return self.text[: self.end]


def read_line(text: str) -> Line:
    """Read a line from its beginning, as if no quotation mark or bracket were open."""
    line = Line(text, end=len(text.rstrip()))
    at = 0
    begins = True
    while at < line.end:
        letter = text[at]
        if letter in " \t":
            at += 1
        elif letter == "#" and (at == 0 or text[at - 1] in " \t"):
            if line.open_brackets:
                line.comment_in_brackets = at
            line.end = len(text[:at].rstrip())
        elif begins and letter in "\"'":
            closed = _closing(text, at)
            if closed is None:
                line.open_quote = at
                return line
            line.quoted.append((at, closed + 1))
            at, begins = closed + 1, False
        elif letter in CLOSING and (begins or line.open_brackets):
            line.open_brackets.append(at)
            at, begins = at + 1, True
        elif letter in _OPENING and (line.open_brackets or begins or _after_closing(text, at)):
            _close(line, at)
            at, begins = at + 1, False
        elif begins and letter in "-?" and text[at + 1 : at + 2] in ("", " "):
            at += 1
        elif (letter == "," and line.open_brackets) or (
            letter == ":" and _ends_key(line, at, begins=begins)
        ):
            at, begins = at + 1, True
        elif begins:
            at, begins = _end_of_plain(line, at), False
        else:
            _note_after_quote(line, at)
            at += 1
    return line


def _closing(text: str, start: int) -> int | None:
    mark = text[start]
    at = start + 1
    while at < len(text):
        if mark == '"' and text[at] == "\\":
            at += 2
        elif text[at] == mark:
            if mark == '"' or text[at + 1 : at + 2] != "'":
                return at
            at += 2
        else:
            at += 1
    return None


def _close(line: Line, at: int) -> None:
    if line.open_brackets and CLOSING[line.text[line.open_brackets[-1]]] == line.text[at]:
        line.open_brackets.pop()
    elif line.unopened is None:
        line.unopened = at
        line.is_surplus = not line.open_brackets and _after_closing(line.text, at)


def _after_closing(text: str, at: int) -> bool:
    return text[:at].rstrip()[-1:] in _OPENING


def _ends_key(line: Line, at: int, *, begins: bool) -> bool:
    following = line.text[at + 1 : at + 2]
    if following in ("", " ", "\t"):
        return True
    return bool(line.open_brackets) and (following in ",[]{}" or not begins)


def _end_of_plain(line: Line, at: int) -> int:
    """Find where an unquoted text ends that begins here."""
    in_brackets = bool(line.open_brackets)
    while at < line.end:
        letter, following = line.text[at], line.text[at + 1 : at + 2]
        if letter == ":" and (following in ("", " ") or (in_brackets and following in ",[]{}")):
            return at
        if in_brackets and letter in ",[]{}":
            return at
        if letter == " " and following == "#":
            return at
        at += 1
    return at


def _note_after_quote(line: Line, at: int) -> None:
    if line.after_quote is None and line.quoted and not line.text[line.quoted[-1][1] : at].strip():
        line.after_quote = at
