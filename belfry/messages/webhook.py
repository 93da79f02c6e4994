"""Any HTTP endpoint: the message itself, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.messages.message import headline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.messages.message import Message

VERSION = 1
"""Of the JSON's form; fields may be added to it, and none is taken away or means something else."""


def webhook(message: Message) -> Mapping[str, object]:
    """Give the JSON that is posted."""
    return {
        "version": VERSION,
        "headline": headline(message),
        "kind": message.kind,
        "incident": message.incident,
        "at": message.at,
        "platform": message.platform,
        "environment": message.environment,
        "severity": message.severity,
        "level": message.level,
        "answer": message.answer,
        "service": message.service,
        "set": message.set,
        "rule": message.rule,
        "trouble": message.trouble,
        "summary": message.summary,
        "description": message.description,
        "detail": message.detail,
        "since": message.since,
        "lasted": message.lasted,
        "by": message.by,
        "until": message.until,
        "tookAlong": list(message.took_along),
        "also": list(message.also),
        "unseen": list(message.unseen),
        "firstStep": message.first_step,
        "runbook": message.runbook,
        "dashboard": message.dashboard,
        "silence": message.silence,
        "acknowledge": message.acknowledge,
        "status": message.status,
    }
