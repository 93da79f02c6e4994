"""Who calls Cloudflare's API, what they may do, and how often: tokens, permissions, rates.

What an object is and how a call is answered belongs to the API, not here.
"""
