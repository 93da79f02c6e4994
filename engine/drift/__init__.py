"""Drift: what a service holds, beside what Pulumi has recorded of it.

The comparison is pure (`recorded`, `watched`, `refreshed`); `reading` asks the services, `mending`
lets Pulumi put things right, and `examining` puts it all together.
"""
