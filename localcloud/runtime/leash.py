"""Run a program that dies with whoever started it: `leash.py PROGRAM [ARGUMENT…]`.

A killed parent cannot stop its children, and workerd does not look after its own. On Linux the
kernel is asked to; elsewhere the program runs as it is, and the pipe to its parent has to do.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Become the program."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == 1:
            sys.exit("whoever started this is gone already")
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 (the program is ours to choose)


if __name__ == "__main__":
    main()
