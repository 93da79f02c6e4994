"""The Go templates of labels and annotations: whether Prometheus can read them, and what they use.

Source: text/template/parse of Go, and the functions of prometheus/template/template.go (3.14).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from belfry.lint.go_tokens import KEYWORDS, Broken, Token, Wrong, action_tokens
from belfry.problems import suggestion

FUNCTIONS = frozenset(
    [
        "and",
        "call",
        "eq",
        "ge",
        "gt",
        "html",
        "index",
        "js",
        "le",
        "len",
        "lt",
        "ne",
        "not",
        "or",
        "print",
        "printf",
        "println",
        "slice",
        "urlquery",
        "query",
        "first",
        "label",
        "value",
        "strvalue",
        "args",
        "reReplaceAll",
        "safeHtml",
        "match",
        "title",
        "toUpper",
        "toLower",
        "graphLink",
        "tableLink",
        "sortByLabel",
        "stripPort",
        "stripDomain",
        "humanize",
        "humanize1024",
        "humanizeDuration",
        "humanizePercentage",
        "humanizeTimestamp",
        "toTime",
        "toDuration",
        "now",
        "pathPrefix",
        "externalURL",
        "parseDuration",
        "urlQueryEscape",
    ]
)
"""Of Go's own and of Prometheus."""

_GIVEN = ("$labels", "$externalLabels", "$externalURL", "$value", "$")


class Use(NamedTuple):
    """Something that a template uses, and where."""

    name: str
    offset: int


@dataclass(slots=True)
class Template:
    """What a template uses of an alert."""

    wrong: Wrong | None = None
    labels: list[Use] = field(default_factory=list)
    values: list[Use] = field(default_factory=list)
    """The value, each time; the name is the function that it goes through, or nothing."""
    queries: list[Use] = field(default_factory=list)
    missing: list[Use] = field(default_factory=list)
    """Templates that it calls and does not define; Go notices only when somebody is told."""
    strays: list[Use] = field(default_factory=list)
    """Fields that an alert does not have; Go notices only when somebody is told."""


@lru_cache(maxsize=4096)
def template(text: str, also: tuple[str, ...] = ()) -> Template:
    """Read a template; linear, and any text gives a result.

    Args:
        text: the template.
        also: variables that it is given beside those of Prometheus.

    """
    found = Template()
    if "{{" not in text:
        return found
    try:
        _Reader(text, found, also).read()
    except Broken as broken:
        found.wrong = broken.found
    return found


class _Block(NamedTuple):
    word: str
    offset: int
    variables: int
    """How many there were before it."""


class _Reader:
    def __init__(self, text: str, found: Template, also: tuple[str, ...]) -> None:
        self._text = text
        self._found = found
        self._blocks: list[_Block] = []
        self._variables: list[str] = [*_GIVEN, *also]
        self._elses: set[int] = set()
        self._defined: set[str] = set()
        self._called: list[Use] = []
        self._moved = 0
        """How many open blocks have a dot of their own."""

    def read(self) -> None:
        at = 0
        while (start := self._text.find("{{", at)) >= 0:
            at = self._action(start)
        if self._blocks:
            block = self._blocks[-1]
            wrong = f"{block.word} has no end"
            raise Broken(block.offset, wrong, "close it with {{ end }}")
        self._found.missing += (one for one in self._called if one.name not in self._defined)

    def _action(self, start: int) -> int:
        text = self._text
        inside = start + 2
        if text.startswith("- ", inside) or re.match(r"-\s", text[inside : inside + 2]):
            inside += 2
        if text.startswith("/*", inside):
            end = text.find("*/", inside)
            close = re.compile(r"(?:\s-)?\}\}").match(text, end + 2) if end >= 0 else None
            if close is None:
                raise Broken(start, "a comment is not closed", "close it with */}}")
            return close.end()
        tokens, after = action_tokens(text, start, inside)
        self._statement(tokens, start)
        return after

    def _statement(self, tokens: list[Token], start: int) -> None:
        words = [token for token in tokens if token.kind != "blank"]
        if not words:
            raise Broken(start, "{{ }} holds nothing", "write what is to stand there")
        first = words[0]
        if first.kind != "word" or first.text not in KEYWORDS:
            self._pipeline(tokens, start)
            return
        rest = tokens[tokens.index(first) + 1 :]
        if first.text == "end":
            self._end(first, rest)
        elif first.text == "else":
            self._else(first, rest)
        elif first.text in ("break", "continue"):
            if not any(
                block.word == "range" and depth not in self._elses
                for depth, block in enumerate(self._blocks)
            ):
                raise Broken(first.offset, f"{first.text} stands outside of range", "remove it")
        elif first.text in ("template", "define", "block"):
            named = next((token for token in rest if token.kind != "blank"), None)
            if named is None or named.kind != "string":
                right = f'write {first.text} "name"'
                raise Broken(first.offset, f"{first.text} has no name", right)
            self._calls(first, named)
            self._named(first, rest[rest.index(named) + 1 :])
        else:
            self._opened(first.text, start)
            self._pipeline(rest, first.offset, of=first.text)

    def _calls(self, first: Token, named: Token) -> None:
        name = named.text[1:-1]
        if first.text == "template":
            self._called.append(Use(name, named.offset))
        else:
            self._defined.add(name)

    def _named(self, first: Token, rest: list[Token]) -> None:
        more = any(token.kind != "blank" for token in rest)
        if first.text == "define" and (more or self._blocks):
            right = "it stands outside of if, range and with, and takes a name only"
            raise Broken(first.offset, "define cannot stand like this", right)
        if first.text == "block" and not more:
            raise Broken(first.offset, "block has no value", 'write {{ block "name" . }}')
        if more:
            self._pipeline(rest, first.offset, of=first.text)
        if first.text != "template":
            self._opened(first.text, first.offset)

    def _end(self, first: Token, rest: list[Token]) -> None:
        if any(token.kind != "blank" for token in rest):
            raise Broken(first.offset, "end takes nothing", "write {{ end }}")
        if not self._blocks:
            right = "remove it, or open it with if, range or with"
            raise Broken(first.offset, "end closes nothing", right)
        block = self._blocks.pop()
        self._moved -= block.word != "if"
        self._elses.discard(len(self._blocks))
        del self._variables[block.variables :]

    def _else(self, first: Token, rest: list[Token]) -> None:
        words = [token for token in rest if token.kind != "blank"]
        if not self._blocks or self._blocks[-1].word not in ("if", "range", "with"):
            raise Broken(first.offset, "else stands outside of if, range and with", "remove it")
        depth = len(self._blocks) - 1
        if depth in self._elses:
            raise Broken(first.offset, "a second else follows", "write else if, or remove it")
        if not words:
            self._elses.add(depth)
        elif words[0].text in ("if", "with") and words[0].text == self._blocks[-1].word:
            self._pipeline(rest[rest.index(words[0]) + 1 :], first.offset, of=words[0].text)
        else:
            right = "write {{ else }}, and within it another"
            raise Broken(words[0].offset, f"else {words[0].text} cannot stand here", right)

    def _pipeline(self, tokens: list[Token], start: int, of: str = "") -> None:
        words = [token for token in tokens if token.kind != "blank"]
        if not words:
            raise Broken(start, f"{of} has no condition", f"write {{{{ {of} … }}}}")
        declared, words = self._declared(words, of)
        if not words:
            raise Broken(start, "a value is missing", "write one")
        self._commands(words)
        self._variables += declared

    def _declared(self, words: list[Token], of: str) -> tuple[list[str], list[Token]]:
        if words[0].kind != "variable":
            return [], words
        names = [words[0].text]
        after = 1
        if (
            of == "range"
            and len(words) > 3
            and words[1].text == ","
            and words[2].kind == "variable"
        ):
            names.append(words[2].text)
            after = 3
        if len(words) > after and words[after].text in (":=", "="):
            return names, words[after + 1 :]
        return [], words

    def _commands(self, words: list[Token]) -> None:
        """Check a pipeline: brackets, what stands at the beginning of each command, and names."""
        depth: list[int] = []
        beginning = True
        for index, token in enumerate(words):
            text = token.text
            if text == "(" and token.kind == "sign":
                depth.append(token.offset)
                beginning = True
                continue
            if text == ")" and token.kind == "sign":
                if not depth:
                    raise Broken(
                        token.offset, "a bracket is closed that was not opened", "remove it"
                    )
                if beginning:
                    raise Broken(token.offset, "the bracket holds nothing", "write a value")
                depth.pop()
            elif text == "|" and token.kind == "sign":
                if beginning:
                    right = "write a value before it"
                    raise Broken(token.offset, "| stands between nothing", right)
                if index == len(words) - 1:
                    return  # Go reads it as if it were not there
                following = words[index + 1]
                if (
                    following.kind not in ("word", "field", "variable", "dot")
                    and following.text != "("
                ):
                    right = "a function follows |"
                    raise Broken(following.offset, f"{following.text} is no function", right)
                beginning = True
                continue
            elif token.kind == "sign":
                raise Broken(token.offset, f"{text} cannot stand here", "remove it")
            else:
                self._word(words, index)
            beginning = False
        if depth:
            raise Broken(depth[-1], "a bracket is not closed", "close it with )")

    def _word(self, words: list[Token], index: int) -> None:
        token = words[index]
        if token.kind == "variable":
            self._known(token)
            self._variable(words, index)
        elif token.kind == "word":
            if token.text in ("true", "false", "nil"):
                return
            if token.text not in FUNCTIONS:
                right = suggestion(token.text, FUNCTIONS, else_say="")
                raise Broken(token.offset, f"there is no function {token.text}", right)
            self._function(words, index)
        elif token.kind == "field" and not self._joined(words, index) and self._at_top:
            following = words[index + 1] if self._joined(words, index + 1) else None
            if token.text == ".Labels" and following is not None:
                self._found.labels.append(Use(following.text[1:], token.offset))
            elif token.text == ".Value":
                self._value(words, index)
            elif token.text not in (".Labels", ".ExternalLabels", ".ExternalURL"):
                self._found.strays.append(Use(token.text, token.offset))

    @property
    def _at_top(self) -> bool:
        """Whether the dot is the alert itself."""
        return self._moved == 0

    def _opened(self, word: str, offset: int) -> None:
        self._moved += word != "if"
        self._blocks.append(_Block(word, offset, len(self._variables)))

    def _joined(self, words: list[Token], index: int) -> bool:
        """Say whether a field belongs to the word before it: no blank stands between."""
        if not 0 < index < len(words) or words[index].kind != "field":
            return False
        before = words[index - 1]
        ends = before.offset + len(before.text)
        return before.kind in ("variable", "field", "dot") and ends == words[index].offset

    def _known(self, token: Token) -> None:
        if token.text not in self._variables:
            right = suggestion(token.text, self._variables, else_say="")
            raise Broken(token.offset, f"there is no variable {token.text}", right)

    def _variable(self, words: list[Token], index: int) -> None:
        token = words[index]
        if token.text == "$value":
            self._value(words, index)
        elif token.text in ("$labels", "$"):
            at = index + 1
            if token.text == "$":
                if self._joined(words, at) and words[at].text == ".Value":
                    self._value(words, at)
                if not (self._joined(words, at) and words[at].text == ".Labels"):
                    return
                at += 1
            if self._joined(words, at):
                self._found.labels.append(Use(words[at].text[1:], token.offset))

    def _function(self, words: list[Token], index: int) -> None:
        token = words[index]
        if token.text == "query" and index + 1 < len(words) and words[index + 1].kind == "string":
            string = words[index + 1]
            if string.text[0] == "`" or "\\" not in string.text:
                self._found.queries.append(Use(string.text[1:-1], string.offset + 1))
        if token.text == "index" and index + 2 < len(words):
            of, name = words[index + 1], words[index + 2]
            if of.text == "$labels" and name.kind == "string":
                self._found.labels.append(Use(name.text[1:-1], of.offset))

    def _value(self, words: list[Token], index: int) -> None:
        """Note a use of the value, and the function that it goes through."""
        through = ""
        if index + 2 < len(words) and words[index + 1].text == "|":
            through = words[index + 2].text
        elif index > 0:
            through = words[0].text
        self._found.values.append(Use(through, words[index].offset))
