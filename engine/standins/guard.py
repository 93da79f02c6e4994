"""What stands before every call to a stand-in: no message may end in a stack trace for the user."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING, Any

import grpc
from typing_extensions import override

from engine.standins.values import TooDeepError

if TYPE_CHECKING:
    from collections.abc import Callable


class Guard(grpc.ServerInterceptor):
    """Turns what is nested too deeply, and what nobody foresaw, into an error of the resource."""

    @override
    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Any],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """The handler of a call, made safe."""
        handler = continuation(handler_call_details)
        if handler is None or handler.unary_unary is None:
            return handler

        def behave(request: object, context: Any) -> object:
            resource = getattr(request, "urn", "") or handler_call_details.method
            try:
                return handler.unary_unary(request, context)
            except TooDeepError as error:
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{resource}: {error}")
            except Exception as error:
                if context.code() is not None:
                    raise  # the call was ended on purpose, and has its message
                traceback.print_exc(file=sys.stderr)
                told = f"{resource}: the stand-in failed: {type(error).__name__}: {error}"
                context.abort(grpc.StatusCode.INTERNAL, told)
            return None

        return grpc.unary_unary_rpc_method_handler(
            behave,
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )
