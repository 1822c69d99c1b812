# SPDX-License-Identifier: Apache-2.0
"""`borderready` and `python -m borderready`."""

from __future__ import annotations

import gc
import sys
from typing import NoReturn

INTERRUPTED = 130  # cli/exits.py, which may not have been imported yet


def main() -> NoReturn:
    """Run the command line; an interrupt while the program is still being loaded ends it quietly, too."""
    # The rules live as long as the process, and what is made of a manifest is let go without a collector: looking
    # through all of it again and again would take a tenth of the time.
    gc.set_threshold(200_000, 20, 100)
    try:
        from borderready.cli.app import run

        code = run()
    except KeyboardInterrupt:
        code = INTERRUPTED
    gc.freeze()  # nor is all that is left looked through at the end: a tenth of a short run
    sys.exit(code)


if __name__ == "__main__":
    main()
