"""Where messages arrive instead of at Slack, PagerDuty, a webhook or a mailbox.

It receives, keeps and shows; it never sends anything on.
"""
