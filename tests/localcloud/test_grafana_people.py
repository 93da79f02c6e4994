"""Teams, accounts, permissions, organisations, library panels and annotations over plain HTTP."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from localcloud.orphans import listed
from tests.localcloud.grafana_service import PROVISIONING, Grafana, refused, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from localcloud.documents import Document


@pytest.fixture
def grafana(tmp_path: Path) -> Iterator[Grafana]:
    with served(tmp_path) as client:
        yield client


def folder(grafana: Grafana, uid: str, parent: str = "") -> None:
    body = {"uid": uid, "title": uid, "parentUid": parent}
    assert grafana.post("/api/folders", json=body).status_code == 200


def test_a_token_is_told_once_counts_for_its_role_and_ends_with_its_account(
    grafana: Grafana,
) -> None:
    account = grafana.post("/api/serviceaccounts", json={"name": "bot", "role": "Viewer"}).json()
    path = f"/api/serviceaccounts/{account['id']}"
    key = grafana.post(f"{path}/tokens", json={"name": "tok"}).json()["key"]
    kind = next(kind.kind for kind in listed(grafana.store) if "Token" in kind.pulumi_type)
    assert grafana.store.all(kind)[0].hidden == {"digest": hashlib.sha256(key.encode()).hexdigest()}
    assert key not in grafana.get(f"{path}/tokens").text
    own = {"authorization": f"Bearer {key}"}
    assert grafana.get("/api/folders", headers=own).status_code == 200
    answer = grafana.post("/api/folders", json={"title": "F"}, headers=own)
    assert "permissions" in refused(answer, 403)
    assert grafana.delete(path).status_code == 200
    assert grafana.get("/api/folders", headers=own).status_code == 401
    assert grafana.get(f"{path}/tokens").status_code == 404


def test_names_of_accounts_and_tokens_are_taken_once(grafana: Grafana) -> None:
    first = grafana.post("/api/serviceaccounts", json={"name": "bot"}).json()
    second = grafana.post("/api/serviceaccounts", json={"name": "other"}).json()
    refused(grafana.post("/api/serviceaccounts", json={"name": "bot"}), 400)
    refused(grafana.post("/api/serviceaccounts", json={"name": "x", "role": "King"}), 400)
    made = [f"/api/serviceaccounts/{one['id']}/tokens" for one in (first, second)]
    assert grafana.post(made[0], json={"name": "tok"}).status_code == 200
    refused(grafana.post(made[1], json={"name": "tok"}), 400)
    refused(grafana.post(made[1], json={"name": "t", "secondsToLive": -1}), 400)
    limited = grafana.post(made[1], json={"name": "short", "secondsToLive": 60})
    assert limited.status_code == 200
    told = grafana.get(made[1]).json()[0]
    assert told["expiration"]
    assert not told["hasExpired"]
    assert 0 < told["secondsUntilExpiration"] <= 60


def test_permissions_are_differences_and_folders_below_inherit_them(grafana: Grafana) -> None:
    folder(grafana, "above")
    folder(grafana, "below", "above")
    path = "/api/access-control/folders"
    grafana.post(
        f"{path}/above", json={"permissions": [{"builtInRole": "Editor", "permission": "Edit"}]}
    )
    grafana.post(f"{path}/below/builtInRoles/Viewer", json={"permission": "View"})
    told = grafana.get(f"{path}/below").json()
    assert [(one["builtInRole"], one["isInherited"], one["isManaged"]) for one in told] == [
        ("Viewer", False, True),
        ("Editor", True, True),
    ]
    grafana.post(f"{path}/below", json={"permissions": [{"builtInRole": "Viewer"}]})
    assert [one["isInherited"] for one in grafana.get(f"{path}/below").json()] == [True]
    for entry in (
        {"teamId": 7, "permission": "View"},
        {"userId": 7, "permission": "View"},
        {"builtInRole": "King", "permission": "View"},
        {"builtInRole": "Viewer", "permission": "Look"},
        {"permission": "View"},
    ):
        refused(grafana.post(f"{path}/below", json={"permissions": [entry]}), 400)
    assert grafana.get(f"{path}/nowhere").status_code == 404


def test_ids_of_teams_and_people_are_whole_and_never_cut(grafana: Grafana) -> None:
    folder(grafana, "f")
    path = "/api/access-control/folders/f"
    team = 1_234_567
    body: Document = {"id": team, "uid": "t", "email": "", "members": [], "preferences": {}}
    grafana.store.put("teams", "grafana", str(team), name="large", body=body)
    entry = {"teamId": team, "permission": "View"}
    assert grafana.post(path, json={"permissions": [entry]}).status_code == 200
    assert [one["team"] for one in grafana.get(path).json()] == ["large"]
    assert grafana.post(f"{path}/teams/{team}", json={"permission": "Edit"}).status_code == 200
    unknown = grafana.post(path, json={"permissions": [{**entry, "teamId": 7_654_321}]})
    assert "7654321" in refused(unknown, 400)
    refused(grafana.post(path, json={"permissions": [{**entry, "teamId": 1.5}]}), 400)
    cut = f"{path}/teams/{team:015}9"
    assert "at most" in refused(grafana.post(cut, json={"permission": "View"}), 400)


@pytest.mark.parametrize(
    ("path", "field", "listed", "usual"),
    [
        ("/api/teams/search", "perpage", "teams", 1000),
        ("/api/serviceaccounts/search", "perpage", "serviceAccounts", 1000),
        ("/api/library-elements", "perPage", "elements", 100),
    ],
)
def test_a_page_says_which_it_is_and_how_long(
    grafana: Grafana, path: str, field: str, listed: str, usual: int
) -> None:
    for name in ("a", "b", "c"):
        grafana.post("/api/teams", json={"name": name})
        grafana.post("/api/serviceaccounts", json={"name": name})
        grafana.post("/api/library-elements", json={"name": name, "kind": 1, "model": {}})
    second = grafana.get(path, params={"page": 2, field: 2}).json()
    second = second.get("result", second)
    assert (second["page"], second["perPage"], second["totalCount"]) == (2, 2, 3)
    assert [one["name"] for one in second[listed]] == ["c"]
    first = grafana.get(path).json()
    first = first.get("result", first)
    assert (first["page"], first["perPage"], len(first[listed])) == (1, usual, 3)


def test_a_team_has_members_that_exist_and_may_change_it_or_not(grafana: Grafana) -> None:
    user = grafana.post("/api/admin/users", json={"email": "u@example.org", "password": "word"})
    number = user.json()["id"]
    team = grafana.post("/api/teams", json={"name": "ops"}).json()["teamId"]
    path = f"/api/teams/{team}"
    assert grafana.post(f"{path}/members", json={"userId": number}).status_code == 200
    refused(grafana.post(f"{path}/members", json={"userId": number}), 400)
    refused(grafana.post(f"{path}/members", json={"userId": 99}), 404)
    assert grafana.put(f"{path}/members/{number}", json={"permission": 4}).status_code == 200
    told = grafana.get(f"{path}/members").json()
    assert [(one["email"], one["permission"]) for one in told] == [("u@example.org", 4)]
    assert grafana.get(path).json()["memberCount"] == 1
    assert grafana.delete(f"{path}/members/{number}").status_code == 200
    assert grafana.put(f"{path}/preferences", json={"theme": "dark"}).status_code == 200
    assert grafana.get(f"{path}/preferences").json() == {"theme": "dark"}
    refused(grafana.put(f"{path}/preferences", json={"theme": "neon"}), 400)
    assert refused(grafana.post("/api/teams", json={"name": "ops"}), 409) == "Team name taken"


def test_an_organisation_does_not_see_the_objects_of_another(grafana: Grafana) -> None:
    folder(grafana, "mine")
    second = {"X-Grafana-Org-Id": "2"}
    assert grafana.get("/api/folders/mine", headers=second).status_code == 404
    grafana.post("/api/folders", json={"uid": "mine", "title": "Theirs"}, headers=second)
    assert grafana.get("/api/folders/mine").json()["title"] == "mine"
    assert grafana.get("/api/org", headers=second).json()["id"] == 2
    assert grafana.get("/api/org").json()["name"] == "Main Org."
    assert grafana.get("/api/user").json()["login"] == "admin"
    tree = {"receiver": "grafana-default-email", "group_by": ["a"]}
    grafana.put(f"{PROVISIONING}/policies", json=tree, headers=second)
    assert grafana.get(f"{PROVISIONING}/policies").json()["group_by"] != ["a"]


def test_a_library_panel_is_named_by_its_name_and_stays_while_a_dashboard_shows_it(
    grafana: Grafana,
) -> None:
    body = {"uid": "lib", "name": "Errors", "kind": 1, "model": {"title": "other", "type": "stat"}}
    told = grafana.post("/api/library-elements", json=body).json()["result"]
    assert told["model"] == {"title": "Errors", "type": "stat", "description": ""}
    refused(grafana.post("/api/library-elements", json={**body, "uid": "lib2"}), 400)
    change = {"name": "Errors", "kind": 1, "model": {"type": "graph"}, "version": 1}
    assert grafana.patch("/api/library-elements/lib", json=change).status_code == 200
    refused(grafana.patch("/api/library-elements/lib", json=change), 412)
    panels = [{"title": "x", "libraryPanel": {"uid": "lib", "name": "Errors"}}]
    board = {"uid": "b", "title": "B", "panels": [{"type": "row", "panels": panels}]}
    number = grafana.post("/api/dashboards/db", json={"dashboard": board}).json()["id"]
    connections = grafana.get("/api/library-elements/lib/connections").json()["result"]
    assert [one["connectionId"] for one in connections] == [number]
    refused(grafana.delete("/api/library-elements/lib"), 403)
    grafana.delete("/api/dashboards/uid/b")
    assert grafana.delete("/api/library-elements/lib").status_code == 200
    assert grafana.get("/api/library-elements/lib").status_code == 404


def test_annotations_are_found_by_time_tag_and_dashboard(grafana: Grafana) -> None:
    grafana.post("/api/dashboards/db", json={"dashboard": {"uid": "b", "title": "B"}})
    for at, tags, board in ((1000, ["deploy"], "b"), (5000, ["deploy", "shop"], "")):
        body = {"text": f"at {at}", "time": at, "tags": tags, "dashboardUID": board}
        assert grafana.post("/api/annotations", json=body).status_code == 200

    def found(**query: str) -> list[str]:
        return [one["text"] for one in grafana.get("/api/annotations", params=query).json()]

    assert found() == ["at 1000", "at 5000"]
    assert found(**{"from": "2000"}) == ["at 5000"]
    assert found(to="2000") == ["at 1000"]
    assert found(tags="shop") == ["at 5000"]
    assert found(dashboardUID="b") == ["at 1000"]
    assert found(limit="1") == ["at 1000"]
    assert grafana.get("/api/annotations/1").json()["dashboardUID"] == ""
    backwards = {"text": "t", "time": 9000, "timeEnd": 8000, "tags": []}
    grafana.put("/api/annotations/1", json=backwards)
    told = grafana.get("/api/annotations/1").json()
    assert (told["time"], told["timeEnd"]) == (8000, 9000)
    refused(grafana.post("/api/annotations", json={"text": ""}), 400)


def test_lists_come_in_pages_and_folders_below_their_parent(grafana: Grafana) -> None:
    for uid in ("a", "b", "c"):
        folder(grafana, uid)
    folder(grafana, "inside", "a")

    def uids(path: str) -> list[str]:
        return [one["uid"] for one in grafana.get(path).json()]

    assert uids("/api/folders?limit=2") == ["a", "b"]
    assert uids("/api/folders?limit=2&page=2") == ["c"]
    assert uids("/api/folders?parentUid=a") == ["inside"]
    assert uids("/api/search?folderUIDs=a") == ["inside"]
    assert uids("/api/search?limit=1&page=2") == ["b"]
    assert uids("/api/folders?limit=nonsense") == ["a", "b", "c"]
    refused(grafana.post("/api/folders", json={"title": "t", "uid": "a b"}), 400)
    refused(grafana.post("/api/folders", json={"title": "t", "uid": "x" * 41}), 400)
