"""The parts of Cloudflare's v4 API that a monitoring stack needs, with its codes and refusals.

Control plane only: what an uploaded Worker does is the runtime's business.
"""
