"""Any text and any bytes give findings or none, and never an error."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from belfry.expressions import Expression, SyntaxProblem, parse
from belfry.expressions.regular import wrong
from belfry.lint.go_templates import template
from belfry.lint.linting import lint
from belfry.lint.settings import Settings

CASES = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("cases/*.yaml")]
_PROMQL = (
    "a sum rate by without on ignoring group_left bool offset and or unless ( ) { } [ ] , : = "
    "== != =~ !~ > < + - * / % ^ @ \"x\" 'y' `z` 5m 1h30m 0.5 1e3 0x1F Inf NaN start() up job "
    "le histogram_quantile absent vector topk quantile inf _ . # $ \\ \" ' ` \n é 😀 -1 [5m] "
    '[1h:5m] {a="b"} {a=~"("} (a) topk(1,a) fill'
)
_GO = (
    "{{ }} {{- -}} $labels .Labels.a $value | humanize ( ) end if else range with define "
    'template block "x" ` \' := = , . $x 1 1.5 query printf /* */ break a \\ é 😀'
)
PROMQL = st.lists(st.sampled_from(_PROMQL.split()), max_size=25).map(" ".join)
GO = st.lists(st.sampled_from(_GO.split()), max_size=25).map(" ".join)
LINES = (
    "\n# belfry-lint: off no-team -- x\n",
    "\n# belfry-lint: off-file no-team\n",
    "<<: *a",
    "&a ",
)
REGULAR = st.text(st.sampled_from("ab()[]{}|*+?^$\\.-,0123:?P<>=!QEdpzx"), max_size=20)


@given(st.one_of(st.text(), PROMQL))
def test_any_text_is_an_expression_or_is_told_where_it_is_none(text: str) -> None:
    found = parse(text)
    if isinstance(found, SyntaxProblem):
        assert 0 <= found.offset <= len(text)
        assert found.wrong
    else:
        assert all(0 <= node.start <= node.end <= len(text) for node in found.nodes)
        assert found.nodes[-1] is found.root


@given(PROMQL)
def test_what_is_read_is_read_again_with_brackets_around_it(text: str) -> None:
    found = parse(text)
    if isinstance(found, Expression):
        again = parse(f"(\n{text}\n)")
        assert isinstance(again, Expression)
        assert again.root.type is found.root.type


@given(st.one_of(st.text(), GO))
def test_any_text_is_a_template_or_is_told_where_it_is_none(text: str) -> None:
    found = template(text)
    if found.wrong is not None:
        assert 0 <= found.wrong.offset <= len(text)


@given(REGULAR)
def test_any_text_is_a_regular_expression_or_is_told_where_it_is_none(text: str) -> None:
    found = wrong(text)
    assert found is None or 0 <= found.offset <= len(text)


@given(st.binary(max_size=400))
def test_any_bytes_are_linted(data: bytes) -> None:
    lint(data, "any.yaml", Settings())


@settings(deadline=None)
@given(st.data())
def test_a_damaged_rule_file_is_linted(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(CASES))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 30)))
    put = data.draw(st.one_of(st.text(max_size=8), PROMQL, GO, st.sampled_from(LINES)))
    damaged = text[:start] + put + text[end:]
    lines = damaged.count("\n") + damaged.count("\r") + 1
    for found in lint(damaged.encode("utf-8", "replace"), "any.yaml", Settings()).findings:
        assert found.place is not None
        assert 1 <= found.place.line <= lines + 1
        assert found.wrong


@settings(deadline=None)
@given(st.one_of(PROMQL, st.text()), st.one_of(GO, st.text()))
def test_any_expression_and_template_in_a_rule_are_linted(expression: str, text: str) -> None:
    import json  # noqa: PLC0415 -- JSON is YAML that needs no care

    rule = {"alert": "A", "expr": expression, "annotations": {"summary": text}}
    file = json.dumps({"groups": [{"name": "a", "rules": [rule]}]})
    lint(file.encode(), "any.yaml", Settings(keep=("job",), require=("job",), interval=60))
