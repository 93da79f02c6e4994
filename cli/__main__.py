"""`python -m cli`: what the launcher `belfry` runs."""

import gc

# What is imported stays: looking at it again and again takes a tenth of a short command's time.
gc.set_threshold(100_000, 50, 100)

from cli.main import main  # noqa: E402 -- after the line above, which its imports profit from

if __name__ == "__main__":
    main()
