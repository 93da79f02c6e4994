"""Parts of a platform that are not provisioned yet, compiled into what their components will take.

One module a subject: the arguments, then what makes them. No part decides anything later: times are
in seconds, shares are ratios, names hold the environment, references are what they refer to.
"""

from belfry.declared.table import declared
from belfry.declared.written import as_json

__all__ = ["as_json", "declared"]
