"""The language host under the real engine: what a program gets, and how its mistakes are told."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.engine.workbench import Workbench


def test_a_program_gets_its_project_stack_config_and_place(bench: Workbench) -> None:
    bench.program(
        """
        import os, sys
        pulumi.export("told", [pulumi.get_project(), pulumi.get_stack(), pulumi.get_organization()])
        pulumi.export("account", pulumi.Config().require("account"))
        pulumi.export("place", os.getcwd())
        pulumi.export("python", sys.executable)
        """,
        head="import pulumi\n",
    )
    bench.up()
    outputs = bench.stack.outputs()
    assert outputs["told"] == ["belfry", "bench", "organization"]
    assert outputs["account"] == bench.account
    assert outputs["place"] == str(bench.home.root)
    assert outputs["python"] == sys.executable


def test_a_program_knows_whether_it_is_previewed(bench: Workbench) -> None:
    bench.program("print('previewed:', pulumi.runtime.is_dry_run())", head="import pulumi\n")
    bench.preview()
    assert "previewed: True" in bench.output()
    bench.up()
    assert "previewed: False" in bench.output()


def test_what_a_program_prints_reaches_the_engines_output(bench: Workbench) -> None:
    bench.program(
        """
        import sys
        print("said aloud")
        print("complained", file=sys.stderr)
        """,
        head="import pulumi\n",
    )
    bench.up()
    assert "said aloud" in bench.output()
    assert "complained" in bench.output()


def test_modules_beside_the_program_are_found(bench: Workbench) -> None:
    (bench.home.root / "beside.py").write_text("WORD = 'found'\n", encoding="utf-8")
    bench.program("import beside\npulumi.export('word', beside.WORD)", head="import pulumi\n")
    bench.up()
    assert bench.stack.outputs()["word"] == "found"


def test_a_users_mistake_is_told_whole_and_without_a_traceback(bench: Workbench) -> None:
    bench.program(
        "raise pulumi.RunError('platform.yaml:3:5 wrong\\nplatform.yaml:9:1 wrong too')",
        head="import pulumi\n",
    )
    said = bench.failed_up()
    assert "platform.yaml:3:5 wrong" in said
    assert "platform.yaml:9:1 wrong too" in said
    assert "Traceback" not in said
    assert "engine/" not in said


def test_an_unexpected_exception_is_traced_from_the_programs_first_line(bench: Workbench) -> None:
    bench.program("def f():\n    return {}['missing']\nf()", head="import pulumi\n")
    said = bench.failed_up()
    assert "KeyError: 'missing'" in said
    assert "__main__.py" in said
    assert "runpy" not in said
    assert "language_host.py" not in said


def test_a_failing_apply_fails_the_update(bench: Workbench) -> None:
    bench.program(
        """
        def broken(_):
            raise ValueError("inside an apply")
        pulumi.export("never", pulumi.Output.from_input(1).apply(broken))
        """,
        head="import pulumi\n",
    )
    assert "inside an apply" in bench.failed_up()


def test_a_program_that_exits_with_a_status_fails(bench: Workbench) -> None:
    bench.program("import sys\nsys.exit(3)", head="import pulumi\n")
    assert "ended with 3" in bench.failed_up()


def test_plain_pulumi_works_from_a_shell_that_sourced_the_env_file(bench: Workbench) -> None:
    bench.program("pulumi.export('word', 'from a shell')", head="import pulumi\n")
    for command in ("preview", "up --yes --skip-preview", "refresh --yes", "destroy --yes"):
        done = subprocess.run(
            ["/bin/sh", "-c", f". {bench.home.env}; pulumi {command} -s bench --non-interactive"],
            cwd=bench.home.root,
            env={"PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "warning" not in done.stdout + done.stderr


def test_pulumi_about_names_the_interpreter(bench: Workbench) -> None:
    bench.program("", head="import pulumi\n")
    about = bench.stack.run("about", "--json", "--stack", "bench")
    assert "python" in about
    assert bench.stack.run("plugin", "ls", "--json") is not None
