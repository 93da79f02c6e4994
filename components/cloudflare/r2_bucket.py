"""An R2 bucket: what expires in it, and what is locked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, ResourceOptions

from belfry.arguments.storage import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi import Output

    from belfry.arguments.storage import Expiry, Lock
    from belfry.arguments.storage import R2Bucket as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class R2BucketArgs:
    """What R2Bucket is made of."""

    account_id: str
    bucket: Values


class R2Bucket(ComponentResource):
    """A bucket with its rules.

    The lists of rules are whole: rules by hand go. Deleting them makes no call, so that both are
    always there, empty or not: a rule that is left out is taken away by an update.
    """

    bucket: Output[str]
    """Its name, known once it exists."""

    def __init__(self, name: str, args: R2BucketArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("belfry:cloudflare:R2Bucket", name, None, opts)
        child = ResourceOptions(parent=self)
        values = args.bucket
        bucket = cloudflare.R2Bucket(
            name,
            account_id=args.account_id,
            name=values.name,
            location=values.location,
            storage_class="Standard",
            opts=child,
        )
        cloudflare.R2BucketLifecycle(
            name,
            account_id=args.account_id,
            bucket_name=bucket.name,
            rules=lifecycle_rules(values.expiries),
            opts=child,
        )
        cloudflare.R2BucketLock(
            name,
            account_id=args.account_id,
            bucket_name=bucket.name,
            rules=[_lock(one) for one in values.locks],
            opts=child,
        )
        self.bucket = bucket.name
        self.register_outputs({"bucket": self.bucket})


def lifecycle_rules(expiries: Iterable[Expiry]) -> list[cloudflare.R2BucketLifecycleRuleArgs]:
    """Give a rule an expiry, of whole days, rounded up."""
    return [
        cloudflare.R2BucketLifecycleRuleArgs(
            id=expiry.name,
            enabled=True,
            conditions=cloudflare.R2BucketLifecycleRuleConditionsArgs(prefix=expiry.prefix),
            delete_objects_transition=cloudflare.R2BucketLifecycleRuleDeleteObjectsTransitionArgs(
                condition=cloudflare.R2BucketLifecycleRuleDeleteObjectsTransitionConditionArgs(
                    type="Age", max_age=-(-expiry.age // DAY) * DAY
                )
            ),
        )
        for expiry in expiries
    ]


def _lock(lock: Lock) -> cloudflare.R2BucketLockRuleArgs:
    make = cloudflare.R2BucketLockRuleConditionArgs
    if lock.age is not None:
        condition = make(type="Age", max_age_seconds=lock.age)
    elif lock.until is not None:
        condition = make(type="Date", date=lock.until)
    else:
        condition = make(type="Indefinite")
    return cloudflare.R2BucketLockRuleArgs(
        id=lock.name, enabled=True, prefix=lock.prefix, condition=condition
    )
