#!/usr/bin/env bash
# Pin what pyproject.toml asks for, with hashes: requirements/*.txt. Run after a change of dependencies.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=.belfry/venv/bin/uv
options=(--quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate)
"$uv" pip compile "${options[@]}" --extra local pyproject.toml -o requirements/run.txt "$@"
"$uv" pip compile "${options[@]}" --extra local --extra dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt "$@"
printf 'uv==%s\n' "$("$uv" --version | cut -d' ' -f2)" |
  "$uv" pip compile "${options[@]}" - -o requirements/installer.txt
