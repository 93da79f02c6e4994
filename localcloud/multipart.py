"""Multipart bodies, byte for byte: names, media types and contents of their parts."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser

from localcloud.documents import MalformedError

if TYPE_CHECKING:
    from starlette.requests import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a multipart body."""

    name: str
    media_type: str | None
    content: bytes


class _Collector:
    """What the parser calls while it reads."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._headers = Message()
        self._field = b""
        self._value = b""
        self._content = bytearray()

    def on_part_begin(self) -> None:
        self._headers = Message()
        self._content = bytearray()

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        self._headers[self._field.decode("latin-1")] = self._value.decode("utf-8", "replace")
        self._field = self._value = b""

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._content += data[start:end]

    def on_part_end(self) -> None:
        name = self._headers.get_param("name", header="content-disposition")
        media_type = self._headers.get("content-type")
        self.parts.append(
            Part(
                name=name if isinstance(name, str) else "",
                media_type=media_type.split(";")[0].strip() if media_type else None,
                content=bytes(self._content),
            )
        )


async def parts_of(request: Request) -> list[Part]:
    """Return the parts of a request's body, in order.

    Raises:
        MalformedError: it is not multipart/form-data, or cut off.

    """
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    boundary = header.get_param("boundary")
    if header.get_content_type() != "multipart/form-data" or not isinstance(boundary, str):
        raise MalformedError("the body must be multipart/form-data with a boundary")
    collector = _Collector()
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": collector.on_part_begin,
                "on_header_field": collector.on_header_field,
                "on_header_value": collector.on_header_value,
                "on_header_end": collector.on_header_end,
                "on_part_data": collector.on_part_data,
                "on_part_end": collector.on_part_end,
            },
        )
        parser.write(await request.body())
        parser.finalize()
    except FormParserError as problem:
        raise MalformedError(f"the multipart body is broken: {problem}") from problem
    return collector.parts
