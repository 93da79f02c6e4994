"""A provider plugin that does nothing: it takes whatever it is asked for and answers with an id.

`python -m bench.nothing`: what Pulumi, the program and its SDKs cost with any provider at all.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from engine.serving import serve

if TYPE_CHECKING:
    import grpc


class Nothing(provider_pb2_grpc.ResourceProviderServicer):
    """Makes nothing, at once."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def Handshake(  # noqa: N802 -- the names of the protocol, here and below
        self,
        request: provider_pb2.ProviderHandshakeRequest,  # noqa: ARG002
        context: grpc.ServicerContext,  # noqa: ARG002
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Take secrets, so that the engine sends them."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def GetPluginInfo(  # noqa: N802
        self,
        request: empty_pb2.Empty,  # noqa: ARG002
        context: grpc.ServicerContext,  # noqa: ARG002
    ) -> plugin_pb2.PluginInfo:
        """Be of no version in particular."""
        return plugin_pb2.PluginInfo(version="0.0.1")

    def CheckConfig(  # noqa: N802
        self,
        request: provider_pb2.CheckRequest,
        context: grpc.ServicerContext,  # noqa: ARG002
    ) -> provider_pb2.CheckResponse:
        """Find every setting right."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(  # noqa: N802
        self,
        request: provider_pb2.DiffRequest,  # noqa: ARG002
        context: grpc.ServicerContext,  # noqa: ARG002
    ) -> provider_pb2.DiffResponse:
        """Find nothing changed."""
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(  # noqa: N802
        self,
        request: provider_pb2.ConfigureRequest,  # noqa: ARG002
        context: grpc.ServicerContext,  # noqa: ARG002
    ) -> provider_pb2.ConfigureResponse:
        """Connect to nobody."""
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(  # noqa: N802
        self,
        request: provider_pb2.CheckRequest,
        context: grpc.ServicerContext,  # noqa: ARG002
    ) -> provider_pb2.CheckResponse:
        """Find every property right."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(  # noqa: N802
        self,
        request: provider_pb2.DiffRequest,
        context: grpc.ServicerContext,  # noqa: ARG002
    ) -> provider_pb2.DiffResponse:
        """Compare what was wanted with what is."""
        same = request.old_inputs == request.news
        changes = (
            provider_pb2.DiffResponse.DIFF_NONE if same else provider_pb2.DiffResponse.DIFF_SOME
        )
        return provider_pb2.DiffResponse(changes=changes)

    def Create(  # noqa: N802
        self,
        request: provider_pb2.CreateRequest,
        context: grpc.ServicerContext,  # noqa: ARG002
    ) -> provider_pb2.CreateResponse:
        """Answer with an id, also where the SDK calls it otherwise."""
        number = f"{next(self._numbers):032x}"
        response = provider_pb2.CreateResponse(id=number, properties=request.properties)
        for name in ("queueId", "etag", "uid"):
            if name not in response.properties:
                response.properties[name] = number
        return response

    def Delete(  # noqa: N802
        self,
        request: provider_pb2.DeleteRequest,  # noqa: ARG002
        context: grpc.ServicerContext,  # noqa: ARG002
    ) -> empty_pb2.Empty:
        """Delete nothing."""
        return empty_pb2.Empty()

    def Invoke(  # noqa: N802
        self,
        request: provider_pb2.InvokeRequest,  # noqa: ARG002
        context: grpc.ServicerContext,  # noqa: ARG002
    ) -> provider_pb2.InvokeResponse:
        """Look nothing up."""
        return provider_pb2.InvokeResponse()

    def Cancel(  # noqa: N802
        self,
        request: empty_pb2.Empty,  # noqa: ARG002
        context: grpc.ServicerContext,  # noqa: ARG002
    ) -> empty_pb2.Empty:
        """Stop nothing."""
        return empty_pb2.Empty()


if __name__ == "__main__":
    serve(
        lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(Nothing(), server)
    )
