# SPDX-License-Identifier: Apache-2.0
"""One home for all tests of CI, so that the rule base is compiled once."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def ci_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the cache lies."""
    return tmp_path_factory.mktemp("home")
