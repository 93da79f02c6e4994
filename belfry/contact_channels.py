"""How the monitoring Worker reaches people: each contact is a channel or two of its own.

`@first` goes through the server of the platform's first mail channel, `@first/sms` through the
account of its first channel for text messages.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from belfry.language.channels import Email, Sms
from belfry.problems import Code, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from belfry.language.people import Contact
    from belfry.language.platform import Platform


def mail_of(platform: Platform) -> Email | None:
    """Give the mail channel through which people are written to; None: there is none."""
    return next((one for one in platform.channels.values() if isinstance(one, Email)), None)


def sms_of(platform: Platform) -> Sms | None:
    """Give the channel through which people get text messages; None: there is none."""
    return next((one for one in platform.channels.values() if isinstance(one, Sms)), None)


def contact_channels(platform: Platform, name: str, contact: Contact) -> Mapping[str, Email | Sms]:
    """Give the channels that lead to a contact, by name; none: the Worker cannot reach them."""
    found: dict[str, Email | Sms] = {}
    if contact.mail is not None and (mail := mail_of(platform)) is not None:
        found[f"@{name}"] = replace(mail, to=(contact.mail,))
    if contact.phone is not None and (sms := sms_of(platform)) is not None:
        found[f"@{name}/sms"] = replace(sms, to=(contact.phone,))
    return found


def escalated(platform: Platform) -> Iterator[str]:
    """Name everybody to whom severities escalate, and members of groups; some again and again."""
    people = platform.people
    for severity in platform.severities.values():
        for step in severity.escalate:
            for name in step.to:
                yield name
                for group in (people.teams, people.rotations):
                    if name in group:
                        yield from group[name].members


def unreached(platform: Platform, environment: str, contacts: Iterable[str]) -> Iterator[Problem]:
    """Say which of some contacts the Worker cannot tell, though it pages in an environment."""
    for name in contacts:
        if not contact_channels(platform, name, platform.people.contacts[name]):
            yield Problem(
                place=None,
                path=("people", "contacts", name),
                wrong=f"the monitoring Worker, which pages in {environment}, has neither mail nor "
                f"text messages for {name}",
                right="give them mail where there is a channel of kind email, or phone where there "
                "is one of kind sms",
                code=Code.MEANING,
            )
