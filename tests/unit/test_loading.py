"""From a path to a platform: files and folders, and every environment judged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from belfry.document import lines_of
from belfry.loading import (
    find_platform,
    load_document,
    load_environments,
    load_platform,
    platforms_in,
)
from belfry.problems import Problems
from tests.unit.shop import SHOP

if TYPE_CHECKING:
    from pathlib import Path

    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform

STAGING = "  staging: {paging: shadow, domain: s.example, %s}\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "platforms").mkdir()
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def with_staging(overrides: str, text: str = SHOP) -> str:
    return text.replace("severities:\n", STAGING % overrides + "severities:\n")


def load(path: Path, catalogue: Catalogue, environment: str | None = None) -> Platform:
    return load_platform(path, environment=environment, catalogue=catalogue)


def mistakes_of(path: Path, catalogue: Catalogue) -> list[str]:
    with pytest.raises(Problems) as raised:
        load(path, catalogue)
    return [str(one).replace(f"{path}:", "") for one in raised.value.problems]


class TestEnvironments:
    def test_each_gets_what_the_file_says_there(self, tmp_path: Path, catalogue: Catalogue) -> None:
        text = with_staging("checks: {api-health: {every: 5m}}, services: {database: {title: DB}}")
        path = write(tmp_path / "shop.yaml", text)
        staging = load(path, catalogue, "staging")
        assert str(staging.checks["api-health"].every) == "5m"
        assert staging.title_of("database") == "DB"
        for environment in (None, "prod", "local"):
            platform = load(path, catalogue, environment)
            assert str(platform.checks["api-health"].every) == "1m"
            assert platform.title_of("database") == "database"
        assert list(staging.environments) == ["local", "prod", "staging"]

    def test_all_can_be_read_at_once(self, tmp_path: Path, catalogue: Catalogue) -> None:
        path = write(tmp_path / "shop.yaml", with_staging("checks: {api-health: {every: 5m}}"))
        together = load_environments(path, catalogue=catalogue)
        assert set(together) == {"staging", "prod", "local"}
        for environment, platform in together.items():
            assert platform == load(path, catalogue, environment)

    def test_all_are_judged_whichever_is_asked_for(
        self, tmp_path: Path, catalogue: Catalogue
    ) -> None:
        text = with_staging("checks: {api-health: {timeout: 2m}, database-health: {of: nothing}}")
        path = write(tmp_path / "shop.yaml", text)
        assert mistakes_of(path, catalogue) == [
            (
                "5:79  environments.staging.checks.api-health.timeout  an answer may take 2m, but "
                "the check is made every 1m  let the timeout be shorter than the interval"
            ),
            (
                "5:106  environments.staging.checks.database-health.of  there is no service "
                '"nothing"  there are api, database'
            ),
        ]

    def test_a_mistake_that_several_share_is_said_once(
        self, tmp_path: Path, catalogue: Catalogue
    ) -> None:
        text = with_staging("checks: {api-health: {every: 5m}}")
        text = text.replace("needs: [database]", "needs: [databse]")
        text = text.replace("answer: 15m", "answer: 15")
        found = mistakes_of(write(tmp_path / "shop.yaml", text), catalogue)
        assert len(found) == 2

    def test_a_severity_that_tells_nobody_is_judged_where_somebody_must_be_told(
        self, tmp_path: Path, catalogue: Catalogue
    ) -> None:
        text = with_staging("severities: {P0: {channels: []}}, channels: {slack: off}")
        load(write(tmp_path / "shop.yaml", text), catalogue)
        found = mistakes_of(
            write(tmp_path / "shop.yaml", text.replace("shadow", "worker")), catalogue
        )
        assert len(found) == 1
        assert "environments.staging.severities.P0.channels  nobody is told" in found[0]

    def test_a_misspelt_key_may_be_a_section_or_its_own(
        self, tmp_path: Path, catalogue: Catalogue
    ) -> None:
        path = write(tmp_path / "shop.yaml", with_staging("cheks: {api-health: {every: 5m}}"))
        (found,) = mistakes_of(path, catalogue)
        assert found.endswith(
            'environments.staging.cheks  there is no key "cheks"  did you mean checks?'
        )
        path = write(tmp_path / "shop.yaml", with_staging("log-levl: debug"))
        (found,) = mistakes_of(path, catalogue)
        assert found.endswith("did you mean log-level?")

    def test_the_base_must_be_right_in_form_even_if_all_override_it(
        self, tmp_path: Path, catalogue: Catalogue
    ) -> None:
        text = re.sub(r"(?s)environments:\n.*?severities:", "environments:\nseverities:", SHOP)
        text = text.replace("answer: 15m", "answer: soon").replace(
            "severities:",
            "  only: {paging: worker, domain: a.example, severities: {P0: {answer: 20m}}}\n"
            "severities:",
        )
        (found,) = mistakes_of(write(tmp_path / "shop.yaml", text), catalogue)
        assert 'severities.P0.answer  "soon" is not a' in found


class TestDefaults:
    def test_are_told_where_they_are_written(self, tmp_path: Path, catalogue: Catalogue) -> None:
        text = SHOP.replace("http: {path: /health}", "like: usual, http: {path: /health}")
        text += "defaults: {checks: {usual: {every: 5, timout: 3s}}}\n"
        path = write(tmp_path / "shop.yaml", text)
        found = mistakes_of(path, catalogue)
        assert [line.split("  ")[1] for line in found] == [
            "defaults.checks.usual.every",
            "defaults.checks.usual.timout",
        ]

    def test_a_misspelt_like_is_one_mistake(self, tmp_path: Path, catalogue: Catalogue) -> None:
        text = SHOP.replace("{of: api, http: {path: /health}}", "{of: api, lik: usual}")
        text += "defaults: {checks: {usual: {http: {path: /}}}}\n"
        (found,) = mistakes_of(write(tmp_path / "shop.yaml", text), catalogue)
        assert "checks.api-health.lik  there is no key" in found
        assert found.endswith("did you mean like?")

    def test_a_default_that_several_call_otherwise_is_one_mistake(
        self, tmp_path: Path, catalogue: Catalogue
    ) -> None:
        text = SHOP.replace("http: {path: /health", "like: usual, http: {path: /health")
        text += "defaults: {checks: {usaul: {every: 2m}}}\n"
        (found,) = mistakes_of(write(tmp_path / "shop.yaml", text), catalogue)
        assert 'defaults.checks.usaul  nothing is like "usaul", and 2 parts are like' in found

    def test_misspelt_defaults_are_one_mistake(self, tmp_path: Path, catalogue: Catalogue) -> None:
        text = SHOP.replace("{of: api, http: {path: /health}}", "{of: api, like: usual}")
        text += "defualts: {checks: {usual: {http: {path: /}}}}\n"
        (found,) = mistakes_of(write(tmp_path / "shop.yaml", text), catalogue)
        assert found.endswith("did you mean defaults?")


class TestAFolder:
    def test_is_one_platform(self, checkout: Path, catalogue: Catalogue) -> None:
        head, checks = SHOP.split("checks:\n")
        folder = checkout / "platforms" / "shop"
        write(folder / "a.yaml", head)
        write(folder / "b.yaml", f"checks:\n{checks}")
        write(folder / "README.md", "about it")
        path = find_platform(checkout, "shop")
        assert path == folder
        assert set(load(path, catalogue).checks) == {"api-health", "database-health"}

    def test_tells_the_mistakes_of_all_its_files_in_the_order_of_their_names(
        self, checkout: Path, catalogue: Catalogue
    ) -> None:
        head, checks = SHOP.split("checks:\n")
        folder = checkout / "platforms" / "shop"
        write(folder / "b.yaml", head.replace("answer: 15m", "answer: 15"))
        write(folder / "a.yaml", f"checks:\n{checks}".replace("of: api", "of: apis"))
        with pytest.raises(Problems) as raised:
            load(folder, catalogue)
        found = [(one.place.file, one.path) for one in raised.value.problems if one.place]
        assert found == [
            (str(folder / "a.yaml"), ("checks", "api-health", "of")),
            (str(folder / "b.yaml"), ("severities", "P0", "answer")),
        ]

    def test_with_a_file_that_is_not_yaml_is_not_judged_further(
        self, checkout: Path, catalogue: Catalogue
    ) -> None:
        folder = checkout / "platforms" / "shop"
        write(folder / "a.yaml", "platform: [\n")
        write(folder / "b.yaml", "checks: {}\nchecks: {}\n")
        write(folder / "c.yaml", "")
        with pytest.raises(Problems) as raised:
            load(folder, catalogue)
        assert [one.place.line for one in raised.value.problems if one.place] == [1, 2, 1]

    def test_shows_no_secret_of_files_that_are_not_yaml(self, checkout: Path) -> None:
        folder = checkout / "platforms" / "shop"
        token = "ghp_" + "0123456789" * 4
        write(folder / "a.yaml", f"channels: {{mail: {{password: {token} user: x}}}}\n")
        write(folder / "b.yaml", f"title: !{token} x\n# was {token}\n")
        with pytest.raises(Problems) as raised:
            load_document(folder)
        problems = raised.value
        assert [one.place.line for one in problems.problems if one.place] == [1, 1, 2]
        assert token not in problems.render(sources=lines_of)
        assert token not in str(problems.as_json())

    def test_without_files_is_a_mistake(self, checkout: Path) -> None:
        (checkout / "platforms" / "shop").mkdir()
        with pytest.raises(Problems, match=r"holds no file that ends in \.yaml"):
            load_document(checkout / "platforms" / "shop")

    def test_and_a_file_of_one_name_are_a_mistake(self, checkout: Path) -> None:
        file = write(checkout / "platforms" / "shop.yaml", SHOP)
        folder = write(checkout / "platforms" / "shop" / "a.yaml", SHOP).parent
        for read in (
            lambda: find_platform(checkout, "shop"),
            lambda: load_document(file),
            lambda: load_document(folder),
        ):
            with pytest.raises(Problems) as raised:
                read()
            assert str(raised.value).startswith(f"{file}:1:1  there is a folder {folder}")


class TestTheListOfPlatforms:
    def test_holds_files_and_folders_and_nothing_else(self, checkout: Path) -> None:
        platforms = checkout / "platforms"
        write(platforms / "shop.yaml", SHOP)
        write(platforms / "fair" / "a.yaml", SHOP)
        for other in ("platform.schema.json", "README.md", ".hidden.yaml"):
            write(platforms / other, "x")
        (platforms / "empty").mkdir()
        assert [path.name for path in platforms_in(checkout)] == ["fair", "shop.yaml"]
        assert platforms_in(checkout / "nowhere") == ()

    def test_tells_the_nearest_name(self, checkout: Path) -> None:
        write(checkout / "platforms" / "shop.yaml", SHOP)
        with pytest.raises(Problems, match=r"no platforms/shp\.yaml.*did you mean shop\?"):
            find_platform(checkout, "shp")

    def test_tells_of_another_ending(self, checkout: Path) -> None:
        write(checkout / "platforms" / "shop.yml", SHOP)
        with pytest.raises(Problems, match=r"rename shop\.yml to shop\.yaml"):
            find_platform(checkout, "shop")

    def test_refuses_a_file_with_another_ending(self, checkout: Path) -> None:
        platforms = checkout / "platforms"
        write(platforms / "shop.yaml", SHOP)
        corner = write(platforms / "corner.yml", SHOP)
        inner = write(platforms / "fair" / "a.yml", SHOP)
        with pytest.raises(Problems) as raised:
            platforms_in(checkout)
        told = [str(problem) for problem in raised.value.problems]
        assert f"{corner}:1:1  corner.yml is not read  rename it to corner.yaml" in told
        assert f"{inner}:1:1  a.yml is not read  rename it to a.yaml" in told

    def test_refuses_another_ending_beside_files_of_a_folder(self, checkout: Path) -> None:
        folder = checkout / "platforms" / "shop"
        write(folder / "a.yaml", SHOP)
        write(folder / "d.yml", "title: Shop\n")
        with pytest.raises(Problems, match=r"d\.yml is not read  rename it to d\.yaml"):
            load_document(folder)

    @pytest.mark.parametrize("name", ["", "..", "../platforms/shop", "/etc", "a/b"])
    def test_is_of_names_and_not_of_paths(self, checkout: Path, name: str) -> None:
        write(checkout / "platforms" / "shop.yaml", SHOP)
        with pytest.raises(Problems, match="there is no platforms/"):
            find_platform(checkout, name)


class TestKeysOfOverrides:
    def test_one_that_is_misspelt_means_what_the_file_says_already(
        self, tmp_path: Path, catalogue: Catalogue
    ) -> None:
        text = with_staging("checks: {api-health: {evry: 5m}}").replace(
            "{path: /health}", "{path: /health}, every: 60s"
        )
        (told,) = mistakes_of(write(tmp_path / "shop.yaml", text), catalogue)
        assert told.endswith('there is no key "evry"  did you mean every?')


class TestWhatIsLeftOut:
    def test_what_still_refers_to_it_is_told_once_at_the_override(
        self, tmp_path: Path, catalogue: Catalogue
    ) -> None:
        path = write(tmp_path / "shop.yaml", with_staging("services: {database: off}"))
        (told,) = mistakes_of(path, catalogue)
        assert "environments.staging.services.database  staging leaves database out, and" in told
        assert "services.api.needs[0], checks.database-health.of refer to it" in told

    def test_it_may_be_left_out_with_all_that_refers_to_it(
        self, tmp_path: Path, catalogue: Catalogue
    ) -> None:
        changes = (
            "services: {database: off, api: {needs: []}}, checks: {database-health: off}, "
            "rules: {all: {use: [availability, HighResponseTime]}}"
        )
        path = write(tmp_path / "shop.yaml", with_staging(changes))
        assert set(load(path, catalogue, "staging").services) == {"api"}

    def test_a_mistake_of_some_environments_names_them(
        self, tmp_path: Path, catalogue: Catalogue
    ) -> None:
        path = write(tmp_path / "shop.yaml", with_staging("services: {database: {needs: [api]}}"))
        (told,) = mistakes_of(path, catalogue)
        assert "services.api.needs[0]  in staging, services need each other" in told


class TestNamesInDefaults:
    def test_one_that_is_misspelt_once_is_told_there_and_not_where_it_is_defined(
        self, tmp_path: Path, catalogue: Catalogue
    ) -> None:
        text = SHOP.replace("checks:\n", "defaults: {checks: {web: {from: [wset]}}}\nchecks:\n")
        text = text.replace("{of: api,", "{like: web, of: api,")
        text = text.replace("{of: database,", "{like: web, of: database,")
        text += "locations: {west: {region: wnam}}\n"
        (told,) = mistakes_of(write(tmp_path / "shop.yaml", text), catalogue)
        assert told.startswith("12:34  defaults.checks.web.from[0]  there is no location")


class TestNamesThatWereLost:
    @pytest.mark.parametrize(
        ("lost", "told"),
        [
            ("  api-health: {", "write the name of this entry on a line above them"),
            ("routing:\n", "write routing: on a line above them"),
        ],
    )
    def test_what_stood_below_is_told_once(
        self, lost: str, told: str, tmp_path: Path, catalogue: Catalogue
    ) -> None:
        text = SHOP.replace(
            "  api-health: {of: api, http: {path: /health}}\n",
            "  api-health: {of: api, every: 60s, http: {path: /health}}\n",
        ).replace(
            "services:\n", "routing:\n  wait: 30s\n  repeat: 4h\n  limit: 9 per hour\nservices:\n"
        )
        if lost.endswith("{"):
            text = text.replace(
                "  api-health: {of: api, every: 60s, http: {path: /health}}\n"
                "  database-health: {of: database, through: api, http: {path: /health/db}}\n",
                "  of: api\n  every: 60s\n  http: {path: /health}\n",
            )
        else:
            text = text.replace(lost, "")
        (problem,) = mistakes_of(write(tmp_path / "shop.yaml", text), catalogue)
        assert problem.endswith(told)


class TestNames:
    def test_a_copy_must_be_given_a_name_of_its_own(
        self, checkout: Path, catalogue: Catalogue
    ) -> None:
        path = write(checkout / "platforms" / "bakery.yaml", SHOP)
        (told,) = mistakes_of(path, catalogue)
        assert told.startswith("1:11  platform  bakery.yaml holds a platform of another name")
        assert "write platform: bakery" in told

    def test_a_folder_names_its_platform_too(self, checkout: Path, catalogue: Catalogue) -> None:
        path = write(checkout / "platforms" / "shop" / "all.yaml", SHOP)
        assert load(path.parent, catalogue).platform == "shop"

    def test_elsewhere_a_file_may_be_called_anything(
        self, tmp_path: Path, catalogue: Catalogue
    ) -> None:
        assert load(write(tmp_path / "draft.yaml", SHOP), catalogue).platform == "shop"
