# SPDX-License-Identifier: Apache-2.0
"""`python -m borderready`."""

from borderready.cli.app import main

main()
