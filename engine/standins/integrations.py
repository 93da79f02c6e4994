"""The kinds of integrations that a contact point can hold, as inputs and as Grafana's settings.

Names, what is secret and what is always sent are those of Grafana's Terraform provider 4.44.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.standins.naming import as_json, as_value, snake

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.documents import Json
    from engine.standins.values import Properties, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """One way to tell people, as a contact point holds it."""

    kind: str
    """Grafana's own name."""
    inputs: tuple[str, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Input → key in Grafana's settings, where it is not just written with underscores."""
    secret: frozenset[str] = frozenset()
    """Inputs that Grafana never tells again."""
    always: Mapping[str, Json] = field(default_factory=dict)
    """Keys that are sent even when the program leaves them out, with their values then."""

    def key(self, name: str) -> str:
        """Where Grafana's settings hold an input."""
        return self.renamed.get(name, snake(name))

    def settings(self, values: Properties) -> dict[str, Json]:
        """The settings that the inputs of one integration make."""
        settings: dict[str, Json] = {}
        more = values.get("settings")
        if isinstance(more, dict):
            settings.update({key: as_json(value) for key, value in more.items()})
        settings.update(self.always)
        for name in self.inputs:
            value = values.get(name)
            if value not in (None, ""):
                settings[self.key(name)] = _SENT.get(name, as_json)(value)
        return settings

    def values(self, settings: Mapping[str, Json], known: Properties) -> Properties:
        """The inputs that settings stand for; secrets are taken from what is known."""
        values: Properties = {}
        for name in self.inputs:
            key = self.key(name)
            if name in self.secret:
                if name in known:
                    values[name] = known[name]
            elif key in settings and (
                name in known or settings[key] not in (None, "", self.always.get(key, ""))
            ):
                values[name] = _READ.get(name, as_value)(settings[key])
        return values


def _addresses(value: Value) -> Json:
    return ";".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _text(value: Value) -> Json:
    return str(value)


def _split(value: Json) -> Value:
    return [part for part in str(value).split(";") if part]


def _number(value: Json) -> Value:
    return int(str(value)) if str(value).lstrip("-").isdecimal() else as_value(value)


def _payload(value: Value) -> Json:
    return {"vars": {}, **_object(value)}


def _payload_read(value: Json) -> Value:
    """Variables only where there are some: none given are sent as an empty object."""
    told = value if isinstance(value, dict) else {}
    return {name: as_value(part) for name, part in told.items() if part != {}}


def _certificates(value: Value) -> Json:
    """A switch that is given as a text is sent as one; what is no switch is left out."""
    sent = {_CERTIFICATES.get(name, name): part for name, part in _object(value).items()}
    if (word := str(sent.pop("insecureSkipVerify", None))) in _TRUE | _FALSE:
        sent["insecureSkipVerify"] = word in _TRUE
    return sent


def _signature(value: Value) -> Json:
    return {"timestampHeader": "", **_object(value)}


def _responders(value: Value) -> Json:
    nobody: dict[str, Json] = {"id": "", "name": "", "username": ""}
    return [{**nobody, **_object(one)} for one in (value if isinstance(value, list) else [])]


def _responders_read(value: Json) -> Value:
    return [
        {name: as_value(part) for name, part in one.items() if part}
        for one in (value if isinstance(value, list) else [])
        if isinstance(one, dict)
    ]


def _object(value: Value) -> dict[str, Json]:
    sent = as_json(value)
    return sent if isinstance(sent, dict) else {}


_CERTIFICATES = {
    "insecure_skip_verify": "insecureSkipVerify",
    "ca_certificate": "caCertificate",
    "client_certificate": "clientCertificate",
    "client_key": "clientKey",
}
_TRUE = frozenset({"1", "t", "T", "true", "True", "TRUE"})
_FALSE = frozenset({"0", "f", "F", "false", "False", "FALSE"})
_NUMBERS_AS_TEXT = ("priority", "okPriority", "retry", "expire")
_SENT = {
    "addresses": _addresses,
    "payload": _payload,
    "tlsConfig": _certificates,
    "hmacConfig": _signature,
    "responders": _responders,
    **dict.fromkeys(_NUMBERS_AS_TEXT, _text),
}
"""Inputs that travel in another form than they are given in."""
_READ = {
    "addresses": _split,
    "payload": _payload_read,
    "responders": _responders_read,
    **dict.fromkeys(_NUMBERS_AS_TEXT, _number),
}


def _kind(
    kind: str,
    inputs: str,
    *,
    sealed: str = "",
    renamed: Mapping[str, str] | None = None,
    always: Mapping[str, Json] | None = None,
) -> Integration:
    return Integration(
        kind=kind,
        inputs=tuple(inputs.split()),
        renamed=renamed or {},
        secret=frozenset(sealed.split()),
        always=always or {},
    )


INTEGRATIONS: Mapping[str, Integration] = {
    "alertmanagers": _kind(
        "prometheus-alertmanager",
        "url basicAuthUser basicAuthPassword",
        sealed="basicAuthPassword",
        renamed={"basicAuthUser": "basicAuthUser", "basicAuthPassword": "basicAuthPassword"},
    ),
    "dingdings": _kind(
        "dingding",
        "url messageType message title",
        sealed="url",
        renamed={"messageType": "msgType"},
    ),
    "discords": _kind(
        "discord",
        "url title message avatarUrl useDiscordUsername",
        sealed="url",
        always={"use_discord_username": False},
    ),
    "emails": _kind(
        "email",
        "addresses singleEmail message subject",
        renamed={"singleEmail": "singleEmail"},
        always={"singleEmail": False},
    ),
    "googlechats": _kind(
        "googlechat",
        "url title message hideOpenButton hideVersionInfo",
        sealed="url",
        always={"hide_open_button": False, "hide_version_info": False},
    ),
    "jiras": _kind(
        "jira",
        "apiUrl user password apiToken project issueType summary description labels priority "
        "resolveTransition reopenTransition reopenDuration wontFixResolution dedupKeyField fields",
        sealed="user password apiToken",
        always={"labels": [], "fields": {}},
    ),
    "kafkas": _kind(
        "kafka",
        "restProxyUrl topic description details username password apiVersion clusterId",
        sealed="restProxyUrl password",
        renamed={
            "restProxyUrl": "kafkaRestProxy",
            "topic": "kafkaTopic",
            "apiVersion": "apiVersion",
            "clusterId": "kafkaClusterId",
        },
        always={"apiVersion": "v2"},
    ),
    "lines": _kind("LINE", "token title description", sealed="token"),
    "oncalls": _kind(
        "oncall",
        "url httpMethod basicAuthUser basicAuthPassword authorizationScheme "
        "authorizationCredentials maxAlerts message title",
        sealed="basicAuthPassword authorizationCredentials",
        renamed={
            "httpMethod": "httpMethod",
            "basicAuthUser": "username",
            "basicAuthPassword": "password",
            "maxAlerts": "maxAlerts",
        },
        always={"maxAlerts": 0},
    ),
    "opsgenies": _kind(
        "opsgenie",
        "url apiKey message description autoClose overridePriority sendTagsAs responders",
        sealed="apiKey",
        renamed={
            "url": "apiUrl",
            "apiKey": "apiKey",
            "autoClose": "autoClose",
            "overridePriority": "overridePriority",
            "sendTagsAs": "sendTagsAs",
        },
        always={"autoClose": False, "overridePriority": False, "responders": []},
    ),
    "pagerduties": _kind(
        "pagerduty",
        "integrationKey severity class component group summary source client clientUrl details url",
        sealed="integrationKey",
        renamed={"integrationKey": "integrationKey"},
        always={"details": {}},
    ),
    "pushovers": _kind(
        "pushover",
        "userKey apiToken priority okPriority retry expire device sound okSound title message "
        "uploadImage",
        sealed="userKey apiToken",
        renamed={
            "userKey": "userKey",
            "apiToken": "apiToken",
            "okPriority": "okPriority",
            "okSound": "okSound",
            "uploadImage": "uploadImage",
        },
        always={
            "priority": "0",
            "okPriority": "0",
            "retry": "0",
            "expire": "0",
            "uploadImage": False,
        },
    ),
    "sensugos": _kind(
        "sensugo",
        "url apiKey entity check namespace handler message",
        sealed="apiKey",
        renamed={"apiKey": "apikey"},
    ),
    "slacks": _kind(
        "slack",
        "endpointUrl url token recipient text title username iconEmoji iconUrl mentionChannel "
        "mentionUsers mentionGroups color",
        sealed="url token",
        renamed={
            name: name
            for name in ("endpointUrl", "mentionChannel", "mentionUsers", "mentionGroups")
        },
    ),
    "sns": _kind(
        "sns",
        "topic authProvider accessKey secretKey assumeRoleArn messageFormat body subject "
        "externalId",
        sealed="accessKey secretKey",
        renamed={
            "authProvider": "authProvider",
            "accessKey": "accessKey",
            "secretKey": "secretKey",
            "assumeRoleArn": "assumeRoleARN",
            "messageFormat": "messageFormat",
            "externalId": "externalId",
        },
        always={"authProvider": "default", "messageFormat": "text"},
    ),
    "teams": _kind(
        "teams",
        "url message title sectionTitle",
        sealed="url",
        renamed={"sectionTitle": "sectiontitle"},
    ),
    "telegrams": _kind(
        "telegram",
        "token chatId message messageThreadId parseMode disableWebPagePreview protectContent "
        "disableNotifications",
        sealed="token",
        renamed={"token": "bottoken", "chatId": "chatid"},
        always={
            "disable_web_page_preview": False,
            "protect_content": False,
            "disable_notifications": False,
        },
    ),
    "threemas": _kind(
        "threema", "gatewayId recipientId apiSecret title description", sealed="apiSecret"
    ),
    "victorops": _kind(
        "victorops",
        "url messageType title description",
        sealed="url",
        renamed={"messageType": "messageType"},
    ),
    "webexes": _kind(
        "webex", "token apiUrl message roomId", sealed="token", renamed={"token": "bot_token"}
    ),
    "webhooks": _kind(
        "webhook",
        "url httpMethod basicAuthUser basicAuthPassword authorizationScheme "
        "authorizationCredentials maxAlerts message title tlsConfig hmacConfig headers payload",
        sealed="basicAuthPassword authorizationCredentials tlsConfig hmacConfig",
        renamed={
            "httpMethod": "httpMethod",
            "basicAuthUser": "username",
            "basicAuthPassword": "password",
            "maxAlerts": "maxAlerts",
            "tlsConfig": "tlsConfig",
            "hmacConfig": "hmacConfig",
        },
        always={"maxAlerts": 0},
    ),
    "wecoms": _kind(
        "wecom",
        "url secret corpId agentId message title msgType toUser",
        sealed="url secret",
        renamed={"msgType": "msgtype", "toUser": "touser"},
    ),
}
"""By the input that lists them, in the order in which they are sent."""
