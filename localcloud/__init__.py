"""The Cloudflare and Grafana APIs on this machine: objects in SQLite, uploaded Workers in workerd.

Everything here answers a protocol that somebody else defined and knows nothing of Belfry, so it
imports no other package of the project; whatever decides what is provisioned belongs elsewhere.
"""
