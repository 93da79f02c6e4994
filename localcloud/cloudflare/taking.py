"""What a request becomes: each field checked, with defaults for those that are left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from localcloud.cloudflare.envelope import MALFORMED
from localcloud.cloudflare.kinds.rows import Form, Secrecy
from localcloud.documents import MalformedError, written
from localcloud.moments import parsed

if TYPE_CHECKING:
    from localcloud.cloudflare.envelope import Refusal
    from localcloud.cloudflare.kinds.rows import Field
    from localcloud.documents import Document, Value


def taken(
    fields: tuple[Field, ...], request: Document, refusal: Refusal = MALFORMED, at: str = ""
) -> Document:
    """Return what a request becomes: its fields, with defaults for those it leaves out.

    Args:
        fields: those that the service keeps; others are dropped.
        request: what was sent.
        refusal: raised with a `reason` for the first field that cannot be.
        at: where in the body the fields are, such as `origin.`.

    Raises:
        RefusedError: a required field is missing, or a value is not one of those allowed.

    """
    usual = next((field.default for field in fields if field.name == "type"), None)
    type_ = request.get("type") or usual
    body: Document = {}
    for field in fields:
        stored = field.stored_as or field.name
        if field.only_for and type_ not in field.only_for:
            body[stored] = None
            continue
        value = request.get(field.name)
        if value is None:
            if field.required:
                raise refusal.about(reason=f"{at}{field.name} is required")
            if field.sparse:
                continue
            if field.inner and field.form is Form.OBJECT:
                value = {}
            else:
                body[stored] = field.default
                continue
        try:
            body[stored] = _value(field, value, refusal, at + field.name)
        except MalformedError as problem:
            raise refusal.about(reason=f"{at}{field.name} {problem}") from problem
    return body


def parted(fields: tuple[Field, ...], body: Document, secrecy: Secrecy) -> Document:
    """Return what of a body has a secrecy, as a body of its own."""
    found: Document = {}
    for field in fields:
        name = field.stored_as or field.name
        if name not in body:
            continue
        value = body[name]
        if field.secrecy is not Secrecy.OPEN:
            if field.secrecy is secrecy:
                found[name] = value
        elif field.inner and isinstance(value, dict):
            below = parted(field.inner, value, secrecy)
            if below or secrecy is Secrecy.OPEN:
                found[name] = below
        elif secrecy is Secrecy.OPEN:
            found[name] = value
    return found


def merged(base: Document, change: Document) -> Document:
    """Return a body in which objects are changed field by field, and all else is replaced."""
    whole: Document = {**base}
    for name, value in change.items():
        under = whole.get(name)
        if isinstance(under, dict) and isinstance(value, dict):
            whole[name] = merged(under, value)
        else:
            whole[name] = value
    return whole


def _value(field: Field, value: Value, refusal: Refusal, at: str) -> Value:
    """Return what a field keeps.

    Raises:
        MalformedError: the value cannot be; the text goes on from the field's name.
        RefusedError: something within it cannot be.

    """
    match field.form, value:
        case Form.TEXT, str():
            return _text(field, value)
        case ((Form.WHOLE | Form.DECIMAL), bool()):
            raise MalformedError(f"must be {field.form}")
        case ((Form.WHOLE | Form.DECIMAL), int(number)):
            return _number(field, number)
        case Form.DECIMAL, float(number):
            return _number(field, number)
        case Form.WHOLE, float(number) if number.is_integer():
            return int(_number(field, number))
        case Form.FLAG, bool():
            return value
        case Form.OBJECT, dict():
            return taken(field.inner, value, refusal, f"{at}.") if field.inner else value
        case Form.TEXTS, list():
            _check_length(field, value)
            return [_text(field, item) for item in value]
        case Form.OBJECTS, list():
            _check_length(field, value)
            return [
                _element(field, item, refusal, f"{at}[{place}]") for place, item in enumerate(value)
            ]
        case Form.MOMENT, str():
            return _moment(value)
    raise MalformedError(f"must be {field.form}")


def _element(field: Field, item: Value, refusal: Refusal, at: str) -> Value:
    if not isinstance(item, dict):
        raise MalformedError(f"must be {field.form}")
    return taken(field.inner, item, refusal, f"{at}.") if field.inner else item


def _text(field: Field, value: Value) -> str:
    if not isinstance(value, str):
        raise MalformedError(f"must be {field.form}")
    if field.required and not value:
        raise MalformedError("must not be empty")
    if field.upper:
        value = value.upper()
    if field.values and value not in field.values:
        raise MalformedError(f"must be one of {', '.join(field.values)}, not {value[:100]!r}")
    if field.pattern and not re.fullmatch(field.pattern, value):
        raise MalformedError(f"{value[:100]!r} is not valid")
    if field.form is Form.TEXT and field.longest is not None and len(value) > field.longest:
        raise MalformedError(f"must have at most {field.longest} characters")
    return value


def _number(field: Field, value: float) -> float:
    if field.off and value == 0:
        return value
    if field.least is not None and value < field.least:
        raise MalformedError(f"must be at least {written(field.least)}")
    if field.most is not None and value > field.most:
        raise MalformedError(f"must be at most {written(field.most)}")
    return value


def _check_length(field: Field, value: list[Value]) -> None:
    if field.longest is not None and len(value) > field.longest:
        raise MalformedError(f"must have at most {field.longest} elements")
    if field.required and not value:
        raise MalformedError("must not be empty")


def _moment(value: str) -> str:
    wrong = f"must be a time in ISO 8601 with its zone, not {value[:100]!r}"
    try:
        zone = parsed(value).tzinfo
    except ValueError as problem:
        raise MalformedError(wrong) from problem
    if zone is None:
        raise MalformedError(wrong)
    return value
