"""`python -m engine.standins cloudflare|grafana --cache DIR [ENGINE]`: serve one stand-in.

Pulumi starts a plugin with the engine's address, reads the port from its first line, and ends it.
If Pulumi is killed, the plugin notices and ends itself.
"""

from __future__ import annotations

import argparse
from importlib.metadata import version
from pathlib import Path

from engine.protocol import provider_pb2_grpc
from engine.serving import serve
from engine.standins.guard import Guard
from engine.standins.packages import PACKAGES
from engine.standins.provider import StandIn


def main() -> None:
    """Serve until the engine goes away."""
    parser = argparse.ArgumentParser(prog="python -m engine.standins", description=__doc__)
    parser.add_argument("package", choices=sorted(PACKAGES))
    parser.add_argument("--cache", type=Path, required=True, help="where property tables are kept")
    parser.add_argument("engine", nargs="*", help="what the engine passes")
    options, _ = parser.parse_known_args()
    package = PACKAGES[options.package]
    standin = StandIn(package, version=version(package.distribution), cache=options.cache)
    serve(
        lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(standin, server),
        interceptors=[Guard()],
    )


if __name__ == "__main__":
    main()
