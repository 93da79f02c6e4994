"""Pages projects."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from localcloud.cloudflare.envelope import Refusal
from localcloud.cloudflare.kinds.rows import Draft, Field, Form, Identity, Kind, null
from localcloud.documents import Document, inner
from localcloud.moments import now

if TYPE_CHECKING:
    from localcloud.store import Object, Store

_MALFORMED = Refusal(status=400, code=8000000, message="The project is not valid: {reason}")

_ENVIRONMENTS = ("preview", "production")

_NAMED = (
    *("env_vars", "ai_bindings", "analytics_engine_datasets", "browsers", "d1_databases"),
    *("durable_object_namespaces", "hyperdrive_bindings", "kv_namespaces", "mtls_certificates"),
    *("queue_producers", "r2_buckets", "services", "vectorize_bindings"),
)
"""Fields of an environment that hold one thing by each name."""

_ENVIRONMENT = (
    Field(name="fail_open", form=Form.FLAG, default=True),
    Field(name="always_use_latest_compatibility_date", form=Form.FLAG, default=False),
    Field(name="compatibility_date", default=None, pattern=r"\d{4}-\d{2}-\d{2}"),
    Field(name="compatibility_flags", form=Form.TEXTS, default=[]),
    Field(name="build_image_major_version", form=Form.WHOLE, default=3, least=1, most=3),
    Field(name="usage_model", default="standard", values=("standard", "bundled", "unbound")),
    Field(name="env_vars", form=Form.OBJECT),
    *(Field(name=name, form=Form.OBJECT, sparse=True) for name in _NAMED[1:]),
    Field(name="limits", form=Form.OBJECT, sparse=True),
    Field(name="placement", form=Form.OBJECT, sparse=True),
    Field(name="wrangler_config_hash", sparse=True),
)


def _check_configurations(draft: Draft) -> None:
    """Take the day for a compatibility date, unbind what is null, and keep no secret."""
    configurations = inner(draft.body, "deployment_configs")
    for environment in _ENVIRONMENTS:
        configuration = inner(configurations, environment)
        if configuration.get("compatibility_date") is None:
            configuration["compatibility_date"] = now().strftime("%Y-%m-%d")
        for name in _NAMED:
            held = configuration.get(name)
            if not isinstance(held, dict):
                continue
            for key, value in held.items():
                if value is not None and not isinstance(value, dict):
                    where = f"deployment_configs.{environment}.{name}.{key[:100]}"
                    raise _MALFORMED.about(reason=f"{where} must be an object")
            configuration[name] = {
                key: {**value, "value": ""} if value.get("type") == "secret_text" else value
                for key, value in held.items()
                if isinstance(value, dict)
            } or (None if name == "env_vars" else {})


def _made(draft: Draft) -> Document:
    worker = f"pages-worker--{draft.store.next_number('pages')}"
    return {
        "uuid": str(uuid4()),
        "preview_script_name": f"{worker}-preview",
        "production_script_name": f"{worker}-production",
    }


def _tell(_store: Store, project: Object, told: Document) -> Document:
    address = f"{project.name}.pages.dev"
    return {
        **{name: value for name, value in told.items() if name != "uuid"},
        "id": told["uuid"],
        "subdomain": address,
        "domains": [address],
    }


KINDS = (
    Kind(
        name="pages",
        pulumi_type="cloudflare:index/pagesProject:PagesProject",
        paths=("/accounts/{scope}/pages/projects",),
        fields=(
            Field(name="name", required=True),
            Field(name="production_branch", required=True, longest=255),
            Field(
                name="build_config",
                form=Form.OBJECT,
                inner=(
                    Field(name="build_command"),
                    Field(name="destination_dir"),
                    Field(name="root_dir"),
                    Field(name="build_caching", form=Form.FLAG),
                    Field(name="web_analytics_tag"),
                    Field(name="web_analytics_token"),
                ),
            ),
            Field(
                name="source",
                form=Form.OBJECT,
                default=None,
            ),
            Field(
                name="deployment_configs",
                form=Form.OBJECT,
                inner=tuple(
                    Field(name=environment, form=Form.OBJECT, inner=_ENVIRONMENT)
                    for environment in _ENVIRONMENTS
                ),
            ),
        ),
        natural="name",
        identity=Identity.NAME,
        identifier="name",
        added={
            "latest_deployment": None,
            "canonical_deployment": None,
            "framework": "",
            "framework_version": "",
            "uses_functions": None,
        },
        made=_made,
        tell=_tell,
        created="created_on",
        updates=("PATCH",),
        deleted=null,
        check=_check_configurations,
        names=(
            "[a-z0-9]([a-z0-9-]{0,56}[a-z0-9])?",
            Refusal(
                status=400,
                code=8000000,
                message="'{name}' is no name for a project: use a-z, 0-9 and -, at most 58.",
            ),
        ),
        missing=Refusal(
            status=404,
            code=8000007,
            message="Project not found. The specified project name does not match any of your"
            " existing projects.",
        ),
        malformed=_MALFORMED,
        duplicate=Refusal(
            status=409,
            code=8000002,
            message="A project with this name already exists. Choose a different project name.",
        ),
    ),
)
