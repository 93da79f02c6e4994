"""The routes as a configuration of Alertmanager, 0.28 or later.

Text with stable bytes; secrets are files that are named and never read. Here lives nothing that
decides who hears of what: `belfry.routes` does, and this writes it down as it is.
"""

from belfry.alertmanager.rendering import SECRETS, render_alertmanager

__all__ = ["SECRETS", "render_alertmanager"]
