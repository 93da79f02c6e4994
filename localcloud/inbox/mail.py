"""Mail over SMTP: user is the channel, password the key."""

from __future__ import annotations

import asyncio
import email
import email.policy
import hmac
import logging
import warnings
from typing import TYPE_CHECKING

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from localcloud.documents import text, texts
from localcloud.inbox.messages import arrival

if TYPE_CHECKING:
    import socket
    from email.message import EmailMessage

    from aiosmtpd.smtp import Envelope, Session

    from localcloud.documents import Document
    from localcloud.inbox.messages import Arrival, Messages

_LARGEST_MAIL = 10 * 1024 * 1024


class _Server(SMTP):
    """An SMTP server that does not tell what runs it."""

    def __init__(self, messages: Messages, key: str) -> None:
        self._inbox = messages
        self._key = key
        super().__init__(
            self,
            hostname="localcloud",
            ident="localcloud",
            data_size_limit=_LARGEST_MAIL,
            enable_SMTPUTF8=True,
            # The Worker speaks to it over loopback, where there is nobody to hide from.
            auth_require_tls=False,
            auth_required=True,
            authenticator=self._checked,
            loop=asyncio.get_running_loop(),
        )

    def _checked(
        self,
        _server: SMTP,
        _session: Session,
        _envelope: Envelope,
        _mechanism: str,
        sent: LoginPassword,
    ) -> AuthResult:
        right = hmac.compare_digest(sent.password, self._key.encode())
        channel = sent.login.decode("utf-8", "replace")
        # Not handled: the server itself then says that it was wrong.
        return AuthResult(success=right and bool(channel), handled=False, auth_data=channel)

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        content = envelope.content
        if not isinstance(content, bytes):
            return "554 5.6.0 the message is not a message"
        message = email.message_from_bytes(content, policy=email.policy.default)
        headers = {name.lower(): str(value) for name, value in message.items()}
        headers.setdefault("x-belfry-message", headers.get("message-id", ""))
        self._inbox.add(
            arrival(
                headers,
                channel=str(session.auth_data),
                transport="mail",
                payload=_payload(message, envelope.mail_from or "", list(envelope.rcpt_tos)),
            )
        )
        return "250 2.0.0 accepted"


def shipped(script: str, mail: Document) -> Arrival:
    """Return the delivery of a mail that a Worker sent; its channel is the Worker.

    Raises:
        MalformedError: `mail` does not hold `to` as a list, with `raw` or with `from`, `subject`,
            `text` and `html`.

    """
    to = texts(mail, "to")
    raw = text(mail, "raw", "")
    if raw:
        message = email.message_from_string(raw, policy=email.policy.default)
        headers = {name.lower(): str(value) for name, value in message.items()}
        headers.setdefault("x-belfry-message", headers.get("message-id", ""))
        payload = _payload(message, str(mail.get("from") or ""), to)
    else:
        headers = {}
        payload = {"from": str(mail.get("from") or ""), "to": [*to]}
        payload |= {part: str(mail.get(part) or "") for part in ("subject", "text", "html")}
    return arrival(headers, channel=script, transport="mail", payload=payload)


def _payload(message: EmailMessage, sender: str, recipients: list[str]) -> Document:
    def part(kind: str) -> str:
        body = message.get_body(preferencelist=(kind,))
        return "" if body is None else str(body.get_content()).replace("\r\n", "\n")

    return {
        "from": str(message.get("from") or sender),
        "to": [*recipients],
        "subject": str(message.get("subject") or ""),
        "text": part("plain"),
        "html": part("html"),
    }


async def serve_mail(listener: socket.socket, messages: Messages, key: str) -> asyncio.Server:
    """Take mail on a socket that listens; return the server, to be closed."""
    # That a login is asked for without TLS is meant, and said where it is set.
    warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS", UserWarning)
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    return await asyncio.get_running_loop().create_server(
        lambda: _Server(messages, key), sock=listener
    )
