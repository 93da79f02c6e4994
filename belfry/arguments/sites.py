"""Pages that people look at, and how their visits are measured."""

from __future__ import annotations

from dataclasses import dataclass

from belfry.arguments.checked import check_bucket, check_host, check_name, refused


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesProject:
    """A project of Cloudflare Pages that files are uploaded to."""

    name: str
    """Begins its address under pages.dev."""
    branch: str
    """Uploads of this branch are what the public sees."""

    def __post_init__(self) -> None:
        """Refuse a name that Pages does not take.

        Raises:
            Problems: the name, or no branch.

        """
        owner = f"Pages project {self.name}"
        check_bucket(owner, "name", self.name)
        check_name(owner, "branch", self.branch)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAnalyticsSite:
    """Visits of a host, counted by a script: of a zone that Cloudflare serves, or any other."""

    host: str | None = None
    """Any host: the page includes the script by itself."""
    of_zone: bool = False
    """The stack's zone: Cloudflare puts the script into its pages."""
    lite: bool = False
    """Visitors from the European Union are left out."""

    def __post_init__(self) -> None:
        """Refuse a site that is both or neither.

        Raises:
            Problems: a host and the zone are said, or none of both; a host that is none.

        """
        if self.of_zone is (self.host is not None):
            right = "say a host, or the zone"
            raise refused("Web Analytics", "host", "it must be one of host and zone", right)
        if self.host is not None:
            check_host("Web Analytics", "host", self.host)
