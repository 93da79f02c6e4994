"""Components over Cloudflare's provider, and the provider itself.

The only folder that may import `pulumi_cloudflare`, which costs a second and a half.
"""
