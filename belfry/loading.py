"""From a path to a platform that makes sense in every environment, or to every mistake it has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from belfry import document
from belfry.catalogue import load_catalogue
from belfry.language.platform import Platform
from belfry.meaning.clear_text import hushed, secrets_in
from belfry.meaning.judgement import mistakes_everywhere
from belfry.overlay import variants
from belfry.problems import Code, Place, Problem, Problems, problem_without_place, suggestion
from belfry.reader import Memory, read
from belfry.sections import DEFAULTS, sections_of
from belfry.shapes import shape_of
from belfry.unite import unite

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.catalogue import Catalogue
    from belfry.language.environments import Environment
    from belfry.overlay import Variants
    from belfry.reading import Reading
    from belfry.tree import Document

_FOLDER = "platforms"
_ENDING = ".yaml"
_OTHER_ENDING = ".yml"


def platforms_in(root: Path) -> tuple[Path, ...]:
    """List the platforms of a checkout, each a file or a folder of platforms/, by name.

    Raises:
        Problems: a file there ends in .yml, so that it would be left out.

    """
    folder = root / _FOLDER
    if not folder.is_dir():
        return ()
    inside = [one for one in folder.iterdir() if _is_visible(one) and one.is_dir()]
    if unread := [one for each in (folder, *sorted(inside)) for one in _unread(each)]:
        raise Problems(unread)
    found = [path for path in folder.iterdir() if _is_platform(path)]
    return tuple(sorted(found, key=lambda path: (path.stem, path.name)))


def find_platform(root: Path, name: str) -> Path:
    """Find the file, or the folder of files, of a platform.

    Args:
        root: the checkout.
        name: the platform's.

    Raises:
        Problems: there is none, or both a file and a folder.

    """
    folder = root / _FOLDER
    if name and Path(name).name == name:
        for path in (folder / f"{name}{_ENDING}", folder / name):
            if _is_platform(path):
                _refuse_two(path)
                return path
    wrong = f"there is no {_FOLDER}/{name}{_ENDING}, nor a folder {_FOLDER}/{name}"
    if (folder / f"{name}.yml").is_file():
        right = f"rename {name}.yml to {name}{_ENDING}"
    else:
        known = [path.stem for path in platforms_in(root)]
        right = suggestion(name, known, else_say="write one, as platforms/example.yaml")
    raise problem_without_place(wrong, right, "platform")


def load_document(path: Path) -> Document:
    """Read a platform's file, or unite those of its folder; as written, nothing is judged.

    Raises:
        Problems: a file cannot be read at all; the mistakes of all files, as far as they were read.

    """
    _refuse_two(path)
    if not path.is_dir():
        return document.load(path)
    files = sorted(one for one in path.glob(f"*{_ENDING}") if _is_visible(one))
    problems = _unread(path)
    if not files and not problems:
        right = "write one, or name a platform file"
        raise _refused(path, f"the folder holds no file that ends in {_ENDING}", right)
    documents: list[Document] = []
    unreadable = bool(problems)
    for file in files:
        try:
            documents.append(document.load(file))
            problems += documents[-1].problems
        except Problems as found:
            unreadable = True
            problems += found.problems
    if unreadable:
        raise Problems(problems)
    return unite(documents, str(path), by_parts=(DEFAULTS,))


def load_platform(
    path: Path, *, environment: str | None = None, catalogue: Catalogue | None = None
) -> Platform:
    """Read a platform and prove that it means something, in every environment.

    Args:
        path: its file or folder; messages call it as it is given here.
        environment: one that must exist in it. What it overrides is in the platform that is given;
            without it, what the file says where nothing is overridden.
        catalogue: the rules that its sets may use; by default those of this release and `own/`.

    Raises:
        Problems: every mistake of form and meaning, in the order of the file.

    """
    loaded = _load(path, catalogue)
    if environment is not None and environment not in loaded.environments:
        raise problem_without_place(
            f"{path} has no environment {environment}",
            suggestion(environment, loaded.environments, else_say=""),
            "environment",
        )
    return loaded.platform_in(environment)


def load_environments(path: Path, *, catalogue: Catalogue | None = None) -> Mapping[str, Platform]:
    """Read a platform as `load_platform` does, as it is in each of its environments, by name.

    Raises:
        Problems: every mistake of form and meaning, in the order of the file.

    """
    loaded = _load(path, catalogue)
    return {name: loaded.platform_in(name) for name in loaded.environments}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    found: Variants
    platforms: Mapping[tuple[str, ...], Platform]
    """By the environments of each variant."""
    environments: Mapping[str, Environment]

    def platform_in(self, environment: str | None) -> Platform:
        chosen = self.platforms[self.found.of(environment).environments]
        return replace(chosen, environments=self.environments)


def _load(path: Path, catalogue: Catalogue | None) -> _Loaded:
    written = load_document(path)
    shape = shape_of(Platform)
    sections = sections_of(shape)
    found = variants(written, sections)
    catalogue = catalogue or load_catalogue()
    problems = [*written.problems, *found.problems]
    memory = Memory()
    judged: list[Reading[Platform]] = []
    platforms: dict[tuple[str, ...], Platform] = {}
    for variant in found.all:
        reading = read(Platform, variant.document, beside=sections.beside, memory=memory)
        platforms[variant.environments] = reading.value
        if variant.environments or len(found.all) == 1:
            judged.append(reading)
        else:
            problems += reading.problems
    problems += mistakes_everywhere(judged, catalogue)
    problems += _named_otherwise(path, judged[0])
    problems = list(hushed(problems, secrets_in(written)))
    if problems:
        raise Problems(problems)
    environments = {
        name: one for platform in platforms.values() for name, one in platform.environments.items()
    }
    return _Loaded(found=found, platforms=platforms, environments=environments)


def _named_otherwise(path: Path, reading: Reading[Platform]) -> Iterator[Problem]:
    """Report a platform of platforms/ that calls itself otherwise than its file, as a copy does."""
    name, where = path.name.removesuffix(_ENDING), ("platform",)
    if path.resolve().parent.name != _FOLDER or reading.is_broken(where):
        return
    if reading.value.platform != name:
        yield Problem(
            place=reading.locate(where),
            path=where,
            wrong=f"{path.name} holds a platform of another name",
            right=f"write platform: {name}, which begins the names of everything provisioned",
        )


def _is_platform(path: Path) -> bool:
    if not _is_visible(path):
        return False
    if path.is_dir():
        return any(map(_is_visible, path.glob(f"*{_ENDING}")))
    return path.suffix == _ENDING and path.is_file()


def _unread(folder: Path) -> list[Problem]:
    """Report the files of a folder whose ending says YAML in another way."""
    return [
        Problem(
            place=Place(str(file), 1, 1),
            path=(),
            wrong=f"{file.name} is not read",
            right=f"rename it to {file.stem}{_ENDING}",
            code=Code.FILE,
        )
        for file in sorted(folder.glob(f"*{_OTHER_ENDING}"))
        if _is_visible(file)
    ]


def _is_visible(path: Path) -> bool:
    return not path.name.startswith(".")


def _refuse_two(path: Path) -> None:
    """Refuse a platform that is both a file and a folder."""
    if not path.name:
        return  # the folder one is in, or the root
    other = path.with_name(f"{path.name}{_ENDING}") if path.is_dir() else path.with_suffix("")
    if other != path and path.exists() and _is_platform(path) and _is_platform(other):
        file, folder = sorted((path, other), key=lambda one: one.is_dir())
        right = "put the file into the folder, or remove one of them"
        raise _refused(file, f"there is a folder {folder} of the same platform", right)


def _refused(path: Path, wrong: str, right: str) -> Problems:
    place = Place(str(path), 1, 1)
    return Problems([Problem(place=place, path=(), wrong=wrong, right=right, code=Code.FILE)])
