"""Who hears of what: a model of the routes of one environment, and what it answers.

The tree is Alertmanager's own kind (a walk from the top, depth first, on from a branch only where
that says so), so that `belfry.alertmanager` and `belfry.grafana` write it down as it is, and
`belfry route` says what they will do. Here lives nothing of how a message looks or is sent.
"""

from belfry.routes.alerts import alert_labels
from belfry.routes.answers import Answer, trace
from belfry.routes.building import routes_of
from belfry.routes.tree import Routes

__all__ = ["Answer", "Routes", "alert_labels", "routes_of", "trace"]
