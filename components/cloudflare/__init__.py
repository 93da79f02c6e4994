"""Components over Cloudflare's provider, and the provider itself.

The only folder that may import `pulumi_cloudflare`, of which it loads what it names (`sdk`).
"""

from components.cloudflare.sdk import load_what_is_named

load_what_is_named()
