"""What a file says in each environment, as trees: what is laid over what, and its places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.document import parse
from belfry.language.platform import Platform
from belfry.merge import fill_in, lay_over
from belfry.overlay import effective, variants
from belfry.problems import Problem, Problems
from belfry.sections import Sections, sections_of
from belfry.shapes import Record, shape_of
from belfry.tree import Document, Table, Text
from belfry.unite import unite
from tests.unit.trees import texts, written

SECTIONS = sections_of(shape_of(Platform))

BASE = """\
environments:
  plain: {paging: worker}
  other: {paging: shadow, domain: x.example}
  staging: %s
checks:
  web: {of: site, every: 60s, http: {path: /, expect: {status: 200}}}
  api: {of: api, http: {path: /health}}
severities:
  P0: {rank: 0, answer: 15m, resolve: 1h, channels: [mail, slack]}
defaults: {%s}
"""


def read(staging: str = "{paging: worker}", defaults: str = "") -> Document:
    return parse((BASE % (staging, defaults)).encode(), "f")


def tree(document: Document) -> dict[str, object]:
    found = texts(document.root)
    assert isinstance(found, dict)
    return found


def part(document: Document, *path: str) -> object:
    found: object = texts(document.root)
    for step in path:
        assert isinstance(found, dict)
        found = found[step]
    return found


def said(document: Document, sections: Sections = SECTIONS) -> list[str]:
    found: tuple[Problem, ...] = variants(document, sections).problems
    return [str(problem).removeprefix("f:") for problem in Problems(found).problems]


def test_the_sections_are_every_key_but_those_of_the_file_itself() -> None:
    assert {"checks", "services", "severities", "monitoring"} <= set(SECTIONS.names)
    assert not {"platform", "title", "team", "environments", "defaults"} & set(SECTIONS.names)
    assert "checks" in SECTIONS.entries
    assert "monitoring" not in SECTIONS.entries
    assert {"paging", "domain"} <= set(SECTIONS.own)
    assert isinstance(SECTIONS.entries["checks"], Record)


class TestAnEnvironment:
    def test_differs_key_by_key_at_any_depth(self) -> None:
        found = effective(
            read("{paging: worker, checks: {web: {every: 5m, http: {expect: {status: 204}}}}}"),
            "staging",
            SECTIONS,
        )
        assert part(found, "checks", "web") == {
            "of": "site",
            "every": "5m",
            "http": {"path": "/", "expect": {"status": "204"}},
        }
        assert part(found, "checks", "api") == {"of": "api", "http": {"path": "/health"}}

    def test_replaces_lists_and_texts_whole(self) -> None:
        found = effective(
            read("{severities: {P0: {channels: [mail], answer: [1h]}}}"), "staging", SECTIONS
        )
        assert part(found, "severities", "P0", "channels") == ["mail"]
        assert part(found, "severities", "P0", "answer") == ["1h"]

    def test_leaves_out_what_is_off(self) -> None:
        found = effective(
            read("{checks: {web: off, api: {http: {path: off}}}}"), "staging", SECTIONS
        )
        assert part(found, "checks") == {"api": {"of": "api", "http": {"path": "off"}}}

    def test_may_leave_out_a_whole_section(self) -> None:
        found = effective(read("{checks: off}"), "staging", SECTIONS)
        assert part(found, "checks") == {}

    def test_may_have_entries_and_sections_of_its_own(self) -> None:
        document = read("{checks: {new: {of: site, http: {path: /}}}, monitoring: {script: x}}")
        found = effective(document, "staging", SECTIONS)
        assert said(document) == []
        assert part(found, "checks", "new") == {"of": "site", "http": {"path": "/"}}
        assert part(found, "monitoring") == {"script": "x"}
        assert "monitoring" not in tree(effective(document, "plain", SECTIONS))

    def test_keeps_only_its_own_keys_and_is_alone_with_those_that_say_the_same(self) -> None:
        found = variants(read("{paging: worker, checks: {web: {every: 5m}}}"), SECTIONS)
        assert [one.environments for one in found.all] == [("plain", "other"), ("staging",)]
        assert part(found.all[0].document, "environments") == {
            "plain": {"paging": "worker"},
            "other": {"paging": "shadow", "domain": "x.example"},
        }
        assert part(found.of("staging").document, "environments") == {
            "staging": {"paging": "worker"}
        }

    def test_shares_the_trees_that_it_does_not_change(self) -> None:
        document = read("{checks: {web: {every: 5m}}}", "checks: {usual: {every: 60s}}")
        base, staging = variants(document, SECTIONS).all
        assert isinstance(base.document.root, Table)
        assert isinstance(staging.document.root, Table)
        for key in ("severities",):
            one, other = base.document.root.get(key), staging.document.root.get(key)
            assert one is other
        checks = [
            entry.value
            for variant in (base, staging)
            if isinstance(variant.document.root, Table)
            and (entry := variant.document.root.get("checks"))
        ]
        assert all(isinstance(table, Table) for table in checks)
        assert len({id(table.get("api")) for table in checks if isinstance(table, Table)}) == 1

    def test_keeps_place_and_path_where_each_part_is_written(self) -> None:
        document = read("{checks: {web: {every: 5m, http: {expect: {body: x}}}, new: {of: a}}}")
        found = effective(document, "staging", SECTIONS)
        over = ("environments", "staging")
        for path in (
            ("checks", "web", "every"),
            ("checks", "web", "http", "expect", "body"),
            ("checks", "new", "of"),
            ("checks", "new", "http"),
        ):
            assert found.written(path) == over + path
            assert found.locate(path).line == 4
        here: list[tuple[str, ...]] = [("checks", "web", "http", "expect", "status")]
        for own in (*here, ("checks", "web")):
            assert found.written(own) == own
            assert found.locate(own).line == 6

    @pytest.mark.parametrize(
        ("staging", "expected"),
        [
            (
                "{checks: {web: {http: x}}}",
                (
                    "4:34  environments.staging.checks.web.http  a text stands here, but a table "
                    "on line 6  write a table with what differs, or off"
                ),
            ),
            (
                "{checks: {web: {every: {a: 1}}}}",
                "4:28  environments.staging.checks.web.every  a table stands here, but a text on",
            ),
            (
                "{checks: {web: {http: }}}",
                "4:28  environments.staging.checks.web.http  nothing stands here, but a table on",
            ),
            (
                "{checks: []}",
                "4:13  environments.staging.checks  a list stands here  write a table",
            ),
            ("{checks: ~}", "4:13  environments.staging.checks  nothing is written here  write a"),
            (
                "{checks: {wbe: {every: 5m}}}",
                (
                    '4:22  environments.staging.checks.wbe  checks has no "wbe", which this would '
                    "change  did you mean web?"
                ),
            ),
            (
                "{checks: {wbe: off}}",
                '4:22  environments.staging.checks.wbe  checks has no "wbe", which this would',
            ),
            (
                "{checks: {zebra: off}}",
                (
                    '4:22  environments.staging.checks.zebra  checks has no "zebra", which this '
                    "would change  there are api, web"
                ),
            ),
        ],
    )
    def test_may_not_say_what_does_not_fit(self, staging: str, expected: str) -> None:
        (found,) = said(read(staging))
        assert found.startswith(expected)

    def test_is_read_as_it_was_meant_when_a_section_or_an_entry_is_misspelt(self) -> None:
        document = read("{chekcs: {web: {every: 5m}}, severities: {p0: {answer: 5m}}}")
        found = effective(document, "staging", SECTIONS)
        assert part(found, "checks", "web", "every") == "5m"
        assert part(found, "severities", "P0", "answer") == "5m"
        assert part(found, "environments", "staging") == {"chekcs": {"web": {"every": "5m"}}}
        assert found.written(("checks", "web", "every")) == (
            "environments",
            "staging",
            "chekcs",
            "web",
            "every",
        )


class TestADefault:
    def test_gives_an_entry_what_it_does_not_say_itself(self) -> None:
        document = read(
            "{checks: {new: {like: usual, of: site, http: {path: /new}}}}",
            "checks: {usual: {every: 5m, http: {path: /, method: HEAD}}}",
        )
        found = effective(document, "staging", SECTIONS)
        assert said(document) == []
        assert part(found, "checks", "new") == {
            "of": "site",
            "http": {"path": "/new", "method": "HEAD"},
            "every": "5m",
        }
        assert "defaults" not in tree(found)
        assert found.written(("checks", "new", "http", "method")) == (
            "defaults",
            "checks",
            "usual",
            "http",
            "method",
        )
        assert found.written(("checks", "new", "http", "path"))[:2] == ("environments", "staging")

    def test_may_be_like_another(self) -> None:
        document = read(
            "{checks: {web: {like: slow}, api: {like: usual}}}",
            "checks: {slow: {like: usual, every: 5m}, usual: {timeout: 9s, every: 60s}}",
        )
        found = effective(document, "staging", SECTIONS)
        assert said(document) == []
        assert part(found, "checks", "api") == {
            "of": "api",
            "http": {"path": "/health"},
            "timeout": "9s",
            "every": "60s",
        }
        assert part(found, "checks", "web", "timeout") == "9s"
        assert part(found, "checks", "web", "every") == "60s"
        assert found.written(("checks", "web", "timeout")) == (
            "defaults",
            "checks",
            "usual",
            "timeout",
        )

    def test_may_differ_in_an_environment(self) -> None:
        document = parse(
            b"environments:\n"
            b"  a: {paging: worker}\n"
            b"  b: {paging: worker, defaults: {checks: {usual: {every: 5m}}}}\n"
            b"defaults: {checks: {usual: {every: 60s}}}\n"
            b"checks: {web: {like: usual, of: x}}\n",
            "f",
        )
        assert said(document) == []
        assert part(effective(document, "a", SECTIONS), "checks", "web", "every") == "60s"
        found = effective(document, "b", SECTIONS)
        assert part(found, "checks", "web", "every") == "5m"
        assert found.written(("checks", "web", "every"))[:3] == ("environments", "b", "defaults")

    def test_can_be_left_out_in_part(self) -> None:
        document = read(
            "{checks: {new: {like: usual, of: site, http: off}}}",
            "checks: {usual: {every: 5m, http: {path: /}}}",
        )
        found = effective(document, "staging", SECTIONS)
        assert part(found, "checks", "new") == {"of": "site", "every": "5m"}

    @pytest.mark.parametrize(
        ("like", "defaults", "expected"),
        [
            ("usaul", "checks: {usual: {every: 1m}}", "there is no default"),
            ("none", "", "there is no default"),
            ("[usual]", "checks: {usual: {every: 1m}}", "a list stands here"),
            ("~", "checks: {usual: {every: 1m}}", "nothing is written here"),
            ("a", "checks: {a: {like: b}, b: {like: a}}", "a circle: a like b like a"),
            ("a", "checks: {a: {like: a}}", "a circle: a like a"),
            ("a", "checks: {a: x}", "a text stands here"),
            ("a", "checks: {a: {every: 1m}, b: {every: 2m}}", "nothing in checks is like this"),
            ("a", "checks: {a: {}}, chekcs: {b: {}}", 'there is no section "chekcs"'),
            ("a", "checks: {a: {}}, monitoring: {a: {}}", "is not a section of named entries"),
            ("a", "checks: {a: {}}, services: []", "a list stands here"),
        ],
    )
    def test_that_does_not_fit_is_one_mistake(
        self, like: str, defaults: str, expected: str
    ) -> None:
        document = read(f"{{checks: {{web: {{like: {like}}}}}}}", defaults)
        found = [line for line in said(document) if "nothing in checks" not in line]
        unused = [line for line in said(document) if line not in found]
        if expected.startswith("nothing in checks"):
            found = unused
        assert len(found) == 1
        assert expected in found[0]

    def test_that_is_used_in_one_environment_only_is_used(self) -> None:
        document = read(
            "{checks: {web: {like: slow}}}", "checks: {slow: {every: 5m}, idle: {every: 9m}}"
        )
        assert said(document) == [
            (
                "10:40  defaults.checks.idle  nothing in checks is like this  "
                "say like: idle where it is meant, or remove it"
            )
        ]

    def test_is_meant_by_a_misspelt_like_too(self) -> None:
        document = read(
            "{checks: {new: {lik: usual, of: x}}}", "checks: {usual: {http: {path: /}}}"
        )
        assert said(document) == []
        found = effective(document, "staging", SECTIONS)
        assert part(found, "checks", "new") == {
            "lik": "usual",
            "of": "x",
            "http": {"path": "/"},
        }


class TestAFolder:
    def test_is_put_together_by_the_names_of_entries(self) -> None:
        files = [
            parse(b"platform: p\nchecks: {a: {of: x}}\ndefaults: {checks: {u: {}}}\n", "a"),
            parse(b"checks: {b: {of: y}}\ndefaults: {checks: {v: {}}, services: {w: {}}}\n", "b"),
        ]
        found = unite(files, "folder", by_parts=("defaults",))
        assert found.problems == ()
        assert texts(found.root) == {
            "platform": "p",
            "checks": {"a": {"of": "x"}, "b": {"of": "y"}},
            "defaults": {"checks": {"u": {}, "v": {}}, "services": {"w": {}}},
        }
        assert found.locate(("checks", "b", "of")).file == "b"

    def test_may_not_say_the_same_twice(self) -> None:
        files = [
            parse(b"platform: p\nchecks: {a: {of: x}}\n", "a"),
            parse(b"platform: p\nchecks: {a: {every: 1m}}\n", "b"),
        ]
        found = unite(files, "folder", by_parts=())
        assert [str(problem) for problem in found.problems] == [
            "b:1:1  platform  platform is written at a:1:1 already  write it in one file",
            "b:2:10  checks.a  checks.a is written at a:2:10 already  write it in one file",
        ]
        assert texts(found.root) == {"platform": "p", "checks": {"a": {"of": "x"}}}

    def test_holds_tables_only(self) -> None:
        files = [parse(b"platform: p\n", "a"), parse(b"[x]\n", "b")]
        found = unite(files, "folder", by_parts=())
        assert [str(problem).split("  ")[:2] for problem in found.problems] == [
            ["b:1:1", "a list stands here"]
        ]


NAMES = st.sampled_from(["a", "b", "c", "d"])
VALUES = st.recursive(
    st.one_of(st.sampled_from(["x", "y", "off"]), st.lists(st.just("z"), max_size=2)),
    lambda inner: st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
TABLES = st.dictionaries(NAMES, VALUES, max_size=4)


def table_of(value: dict[str, object], file: str) -> Table:
    root = parse(written(value).encode(), file).root
    assert isinstance(root, Table)
    return root


def laid(host: Table, *guests: Table) -> Table:
    for guest in guests:
        host = lay_over(host, guest, (), lambda _: None)
    return host


@given(TABLES, TABLES)
def test_to_lay_over_again_changes_nothing_more(
    one: dict[str, object], two: dict[str, object]
) -> None:
    host, guest = table_of(one, "a"), table_of(two, "b")
    once = laid(host, guest)
    if "off" not in str(two):
        assert texts(laid(once, guest)) == texts(once)


@given(TABLES)
def test_what_changes_nothing_is_the_same_tree(one: dict[str, object]) -> None:
    host = table_of(one, "a")
    assert laid(host, Table((), host.place)) is host
    assert fill_in(host, host, (), lambda _: None) is host


SHAPED = st.fixed_dictionaries(
    {},
    optional={
        "a": st.sampled_from(["x", "y"]),
        "b": st.fixed_dictionaries({}, optional={"a": st.just("x"), "c": st.lists(st.just("z"))}),
        "c": st.fixed_dictionaries({}, optional={"b": st.sampled_from(["u", "v"])}),
    },
)


@given(SHAPED, SHAPED, SHAPED)
def test_tables_of_one_kind_may_be_laid_over_in_any_grouping(
    one: dict[str, object], two: dict[str, object], three: dict[str, object]
) -> None:
    a, b, c = table_of(one, "a"), table_of(two, "b"), table_of(three, "c")
    assert texts(laid(laid(a, b), c)) == texts(laid(a, laid(b, c)))


@given(SHAPED, SHAPED)
def test_to_fill_in_is_to_lay_over_the_other_way(
    one: dict[str, object], two: dict[str, object]
) -> None:
    a, b = table_of(one, "a"), table_of(two, "b")
    assert texts(fill_in(a, b, (), lambda _: None)) == texts(laid(b, a))


@given(
    st.dictionaries(st.sampled_from(["checks", "services", "defaults", "paging"]), TABLES), TABLES
)
def test_no_tree_crashes_and_every_problem_has_a_place(
    staging: dict[str, object], defaults: dict[str, object]
) -> None:
    root = {
        "environments": {"staging": staging, "x": "off"},
        "checks": {"a": {"like": "b"}, "c": defaults},
        "defaults": {"checks": defaults, "services": {"a": {"like": "a"}}},
    }
    found = variants(parse(written(root).encode(), "f"), SECTIONS)
    assert all(problem.place and problem.right for problem in found.problems)
    assert all(not isinstance(one.document.root, Text) for one in found.all)
