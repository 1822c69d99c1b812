# SPDX-License-Identifier: Apache-2.0
"""Where the user's own notices lie, and what of the rule base they may name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from borderready.model import Notice, RuleBase

if TYPE_CHECKING:
    from borderready.read.notice import Known


def notices_path() -> tuple[Path, str]:
    """Return the database of the user's own notices, and how it is named to the user."""
    import platformdirs

    path = Path(platformdirs.user_data_dir("borderready", appauthor=False)) / "notices.sqlite"
    return path, path.as_posix()


def load_own_notices() -> tuple[Notice, ...]:
    """Return the user's own notices; where none was ever recorded, the database is not even asked for."""
    path, shown_as = notices_path()
    if not os.path.exists(path):  # a folder that may not be entered holds nothing of this user's
        return ()
    from borderready.keep.notices import read_own_notices

    return read_own_notices(path, shown_as=shown_as)


def known_names(rule_base: RuleBase) -> Known:
    """Return the gates and goods that a user's notice may name; of gates nothing is known without their table."""
    from borderready.read.notice import Known

    gates = rule_base.tables.get("gates")
    groups = {group for product in rule_base.products.values() for group in product.groups}
    return Known(
        gates=None if gates is None else frozenset(row.cells["gate"] for row in gates.rows),
        goods=frozenset({*rule_base.products, *groups}),
    )


def read_notice_file(path: Path, rule_base: RuleBase) -> tuple[Notice, ...]:
    """Return the notices of a file; raises KeepError with all that is wrong with it."""
    from borderready.read.notice import read_notices

    taken = frozenset(notice.id for notice in rule_base.notices)
    return read_notices(path, known_names(rule_base), shown_as=path.as_posix(), taken=taken)
