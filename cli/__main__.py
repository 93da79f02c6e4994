"""`python -m cli`: what the launcher `belfry` runs."""

import atexit
import gc

# What is imported stays: looking at it again and again takes a tenth of a short command's time,
# and to look once more before the process ends another tenth.
gc.set_threshold(100_000, 50, 100)
atexit.register(gc.freeze)

from cli.main import main  # noqa: E402 -- after the line above, which its imports profit from

if __name__ == "__main__":
    main()
