"""Calls to this machine, which are plain HTTP."""

from __future__ import annotations

import ssl

NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""To verify with: nobody is trusted. httpx reads the world's certificates if it is not told what to
verify with, for each client anew, and that takes longer than most calls."""
