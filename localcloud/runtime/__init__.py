"""Uploaded Workers, really running: workerd under miniflare in a Node process that is watched over.

What runs and how it is bound comes from the store; nothing here answers an API of Cloudflare's.
"""
