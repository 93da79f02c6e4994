"""Make the project's own Python environment, from nothing but Python.

Run by `make` with whatever `python3` there is, so it uses the standard library alone. It makes
`.belfry/venv` with the pinned packages of `requirements/<set>.txt`, checks every hash, compiles
bytecode (the Cloudflare SDK takes six seconds to import without), and puts the `belfry` and
`localcloud` commands into `.belfry/bin`. Nothing happens when all of that stands already.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("BELFRY_HOME", ROOT / ".belfry"))
VENV = HOME / "venv"
SETS = ("run", "dev")
"""Each set holds the one before it."""
OLDEST = (3, 11)
LAUNCHERS = {"belfry": "cli", "localcloud": "localcloud"}
"""Commands in `.belfry/bin`, and the package that each of them runs."""


def main(argv: list[str]) -> int:
    """Make the environment of one set of packages. Exit status 0 done, 1 failed, 2 bad usage."""
    if len(argv) != 1 or argv[0] not in SETS:
        print("usage: bootstrap.py run|dev", file=sys.stderr)
        return 2
    if sys.version_info < OLDEST:
        return _start_again_with_a_newer_python(argv)
    wanted = argv[0]
    started = time.monotonic()
    try:
        if not _stands(wanted):
            print(f"[belfry] making the Python environment in {_shown(VENV)} …", file=sys.stderr)
            _make(wanted)
            _remember_the_time(time.monotonic() - started)
        _write_launchers()
    except subprocess.CalledProcessError as error:
        command = " ".join(map(str, error.cmd))
        print(
            f"[belfry] failed: {command}\n[belfry] run the same again; what is done is kept.",
            file=sys.stderr,
        )
        return 1
    return 0


def _start_again_with_a_newer_python(argv: list[str]) -> int:
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        newer = shutil.which(name)
        if newer and subprocess.run([newer, "-c", ""], check=False).returncode == 0:
            return subprocess.run([newer, __file__, *argv], check=False).returncode
    print(
        f"[belfry] Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is "
        f"{sys.version.split()[0]}. "
        "Install one, or name it: make up PYTHON=/path/to/python3.12",
        file=sys.stderr,
    )
    return 1


def _digest(name: str) -> str:
    text = (ROOT / "requirements" / f"{name}.txt").read_bytes() + sys.version.encode()
    return hashlib.sha256(text).hexdigest()


def _stands(wanted: str) -> bool:
    stamp = VENV / "installed.json"
    if not stamp.is_file():
        return False
    installed = json.loads(stamp.read_text(encoding="utf-8"))
    enough = SETS[SETS.index(wanted) :]
    return installed.get("set") in enough and installed.get("digest") == _digest(installed["set"])


def _make(wanted: str) -> None:
    stamp = VENV / "installed.json"
    stamp.unlink(missing_ok=True)
    python = VENV / "bin" / "python"
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False)
    if made.returncode:
        print(
            "[belfry] this Python cannot make virtual environments. On Debian and Ubuntu: "
            "apt-get install python3-venv",
            file=sys.stderr,
        )
        raise subprocess.CalledProcessError(made.returncode, made.args)
    requirements = ROOT / "requirements"
    installer = ["--require-hashes", "-r", str(requirements / "installer.txt")]
    _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *installer)
    sets = [requirements / f"{wanted}.txt", requirements / "installer.txt"]
    sync = ("sync", "--quiet", "--require-hashes", "--compile-bytecode")
    _run(VENV / "bin" / "uv", "pip", *sync, "--python", python, *sets)
    site = subprocess.check_output(
        [python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"], text=True
    ).strip()
    (Path(site) / "belfry.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    stamp.write_text(json.dumps({"set": wanted, "digest": _digest(wanted)}), encoding="utf-8")


def _write_launchers() -> None:
    for name, module in LAUNCHERS.items():
        launcher = HOME / "bin" / name
        text = f'#!/bin/sh\nexec "{VENV}/bin/python" -m {module} "$@"\n'
        if launcher.is_file() and launcher.read_text(encoding="utf-8") == text:
            continue
        launcher.parent.mkdir(parents=True, exist_ok=True)
        launcher.write_text(text, encoding="utf-8")
        launcher.chmod(0o755)


def _remember_the_time(seconds: float) -> None:
    (HOME / "cache").mkdir(parents=True, exist_ok=True)
    (HOME / "cache" / "bootstrap.json").write_text(
        json.dumps({"seconds": seconds}), encoding="utf-8"
    )


def _run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True)


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
