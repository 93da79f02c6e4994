"""Every component, with arguments made by hand."""

from tests.contract import cloudflare_cases, grafana_cases

CASES = {**cloudflare_cases.CASES, **grafana_cases.CASES}
