"""Where messages arrive instead of at Slack, PagerDuty, a telephone, a webhook or a mailbox.

It receives, keeps and shows; it never sends anything on.
"""
