"""Provider plugins that stand in for Cloudflare's and Grafana's where those are not to be had.

Tables of HTTP calls and one servicer that walks them; any address that is not loopback is refused.
"""
