# SPDX-License-Identifier: Apache-2.0
"""The golden reports: what the program says of the manifests in data/golden under the rule base in data/pack.

After a change that alters reports on purpose, write them anew and review the difference as you would code:

    python tests/golden.py --update

Without `--update` it names the files that differ, and leaves with 1 when there are any.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":  # run as a file: the folder above is not yet where modules are found
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from tests.command import MANIFESTS, PACK, ROOT, run_here
from tests.report.streams import EVERY_MANIFEST, FAILED, check_files, write_run

GOLDEN = ROOT / "tests" / "golden"
LANGUAGES = ("en", "vi", "zh")
_RULES = ("--rules", "../pack")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenRun:
    """A command whose output is kept, run in the folder of the manifests.

    Attributes:
        arguments: The command, without its language and format.
        code: The exit code.
        has_json: Whether it is kept as JSON, too.
    """

    arguments: tuple[str, ...]
    code: int
    has_json: bool = False


def _check(*arguments: str, code: int) -> GoldenRun:
    return GoldenRun(arguments=("check", *arguments, *_RULES), code=code, has_json=True)


RUNS: Mapping[str, GoldenRun] = {
    "ready": _check("ready.yaml", code=0),
    "ready-verbose": _check("ready.yaml", "--verbose", code=0),
    "not-ready": _check("not-ready.yaml", code=1),
    "undecided": _check("undecided.yaml", code=4),
    "undecided-verbose": _check("undecided.yaml", "--verbose", code=4),
    "invalid": _check("invalid.yaml", code=1),
    "two-lots": _check("two-lots.yaml", code=1),
    "long-lines": _check("long-lines.yaml", code=1),
    "scripts": _check("scripts.yaml", code=1),
    "hostile": _check("hostile.yaml", code=1),
    "hostile-verbose": _check("hostile.yaml", "--verbose", code=1),
    "several": _check("ready.yaml", "undecided.yaml", "invalid.yaml", code=1),
    "why-not": GoldenRun(
        arguments=("check", "two-lots.yaml", "hostile.yaml", *_RULES, "--why-not", "vn/lychee-fresh/orchard-code"),
        code=0,
    ),
    "explain-two-wordings": GoldenRun(arguments=("explain", "any/fresh-fruit/pallet-mark", *_RULES), code=0),
    "explain-repealed": GoldenRun(arguments=("explain", "any/any/paper-copy", *_RULES), code=0),
    "rules": GoldenRun(arguments=("rules", "--origin", "VN", "--product", "lychee-fresh", *_RULES), code=0),
    "gaps": GoldenRun(arguments=("gaps", "--origin", "VN", "--product", "lychee-fresh", *_RULES), code=0),
    "coverage": GoldenRun(arguments=("coverage", *_RULES), code=0),
    "coverage-markdown": GoldenRun(arguments=("coverage", "--format", "markdown", *_RULES), code=0),
    "products": GoldenRun(arguments=("products", *_RULES), code=0),
}

# A run over every manifest, and one that failed, in the formats of other tools; the rest in each language.
BATCH = tuple(f"batch.{form}" for form in ("ndjson", "sarif", "junit", "github", "gitlab", "csv"))
BATCH_IN_LANGUAGES = tuple(f"batch-{language}.{form}" for language in LANGUAGES for form in ("markdown", "text"))


def render_runs(names: Iterator[str] | None = None) -> Iterator[tuple[str, str]]:
    """Yield for each golden file its name and what it should hold."""
    with tempfile.TemporaryDirectory() as home:
        for name in names or iter(RUNS):
            for file in files_of(name):
                yield file, render(file, home=Path(home))
    if names is None:
        yield from ((file, render_batch(file)) for file in (*BATCH, *BATCH_IN_LANGUAGES))


def render_batch(file: str) -> str:
    """Return what a golden file of the batch should hold; of the text only the end, as the rest is golden already."""
    name, _, form = file.partition(".")
    language = name.removeprefix("batch").removeprefix("-") or "en"
    results = (*check_files(f"{one}.yaml" for one in EVERY_MANIFEST), FAILED)
    written = write_run(form, results, language=language)
    return written if form != "text" else written.partition(f"{FAILED.file}: ")[2].partition("\n\n")[2]


def files_of(name: str) -> tuple[str, ...]:
    """Return the golden files of a run: its text in each language, and its JSON."""
    texts = tuple(f"{name}.{language}.txt" for language in LANGUAGES)
    return (*texts, f"{name}.json") if RUNS[name].has_json else texts


def render(file: str, *, home: Path) -> str:
    """Return what a golden file should hold."""
    name, _, rest = file.partition(".")
    golden = RUNS[name]
    form = ("--format", "json") if rest == "json" else ("--lang", rest.removesuffix(".txt"))
    ran = run_here(*golden.arguments, *form, home=home, folder=MANIFESTS)
    if (ran.code, ran.err) != (golden.code, ""):
        raise AssertionError(f"{file}: exit code {ran.code} where {golden.code} belongs; {ran.err}")
    return ran.out


def main() -> int:
    """Compare the golden files with what the program says now, or write them anew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--update", action="store_true", help="write the files anew")
    update = parser.parse_args().update
    assert PACK.is_dir()
    wanted = dict(render_runs())
    differing = [file for file, text in wanted.items() if read_golden(file) != text]
    stray = sorted(path for path in GOLDEN.iterdir() if path.name not in wanted)
    for file in differing:
        print(file)
        if update:
            (GOLDEN / file).write_bytes(wanted[file].encode())
    for path in stray:
        print(f"{path.name} (of no run)")
        if update:
            path.unlink()
    return 0 if update or not (differing or stray) else 1


def read_golden(file: str) -> str | None:
    """Return what a golden file holds, None where there is none yet."""
    path = GOLDEN / file
    return path.read_bytes().decode() if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
