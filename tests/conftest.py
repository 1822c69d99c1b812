# SPDX-License-Identifier: Apache-2.0
"""What all tests have in common: the programs that they start heed Ctrl-C."""

from __future__ import annotations

import signal

# A shell has what it runs in the background ignore Ctrl-C, and all that it starts inherits that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
