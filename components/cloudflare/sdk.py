"""Cloudflare's SDK, of which only what is named is loaded.

`import pulumi_cloudflare` runs all of its 780 modules, which takes longer than everything else that
a program does before its first resource. Each class and function stands in a module of its own,
called as it is, and the types of arguments in `_inputs`: so the package is put in place without
being run, and a name is looked up where it stands.
"""

from __future__ import annotations

import re
import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = "pulumi_cloudflare"
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ENDS = ("Args", "Result", "_output")


class _Package(ModuleType):
    """The package, before anything in it has run."""

    def __getattr__(self, name: str) -> object:
        if not name.startswith("_"):
            for part in _parts(name):
                if find_spec(f"{self.__name__}.{part}") is None:
                    continue
                module = import_module(f"{self.__name__}.{part}")
                if part == name:
                    return module
                if hasattr(module, name):
                    found: object = getattr(module, name)
                    setattr(self, name, found)
                    return found
        raise AttributeError(name)


def load_what_is_named() -> None:
    """Put the package in place, unless somebody has loaded all of it already."""
    if _NAME in sys.modules:
        return
    spec = find_spec(_NAME)
    if spec is None:
        return  # whoever imports it is told
    package = module_from_spec(spec)
    package.__class__ = _Package
    sys.modules[_NAME] = package


def _parts(name: str) -> Iterator[str]:
    """Give the modules in which a name may stand."""
    yield _WORD.sub("_", name).lower()
    for end in _ENDS:
        if name.endswith(end):
            yield _WORD.sub("_", name.removesuffix(end)).lower()
    yield "_inputs"
