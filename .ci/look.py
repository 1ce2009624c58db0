"""Look at what a run on the demo cohort has left, with the standard library alone."""

import csv
import json
import re
import sys
from pathlib import Path

PUBLISHED = {
    ("summary", "pppasi", "0", "mean"): 13.86,
    ("summary", "pppasi", "0", "sd"): 2.76,
    ("summary", "pppasi", "12", "mean"): 5.56,
    ("summary", "pppasi", "12", "sd"): 1.08,
    ("summary", "age_years", "", "mean"): 36.3,
    ("summary", "age_years", "", "sd"): 10.5,
}
LOADS = re.compile(
    r"""\b(?:src|srcset|poster|data)\s*=\s*["'](?!data:)"""
    r"""|url\((?!["']?(?:data:|\#))|@import|<link[^>]+href=["'](?!data:)"""
)


def pages(folder):
    """Check that every notebook has its page and that no page loads anything."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    wanted = sorted(Path("notebooks").glob("[0-9][0-9]_*.ipynb"))
    for name in [*(book.stem for book in wanted), "index"]:
        file = folder / f"{name}.html"
        html = file.read_text("utf-8") if file.is_file() else ""
        yield f"{name}.html is there", file.is_file()
        found = LOADS.search(re.sub(r"<pre.*?</pre>", "", html, flags=re.DOTALL))
        yield f"{name}.html loads nothing", found is None
        yield f"{name}.html is under 1 MB", len(html.encode()) < 1_000_000
        yield f"{name}.html says that the data are synthetic", "SYNTHETIC DATA" in html
    yield "every notebook is ready", {b["state"] for b in manifest["notebooks"]} == {"ready"}


def numbers(folder):
    """Compare results.csv with the published figures, to the printed digit."""
    with (folder / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["group"] == "all"]
    for (analysis, outcome, week, statistic), wanted in PUBLISHED.items():
        where = {"analysis": analysis, "outcome": outcome, "week": week, "statistic": statistic}
        found = [row for row in rows if where.items() <= row.items()]
        digits = len(str(wanted).split(".")[1])
        same = [round(float(row["estimate"]), digits) == wanted for row in found]
        yield f"{outcome} {statistic} at week {week or '-'} is {wanted}", bool(same) and all(same)


def main(folder):
    """Print each check and return 1 if one failed."""
    checks = [*pages(folder), *numbers(folder)]
    for what, good in checks:
        print(f"  {'ok' if good else 'NO'}  {what}")
    return 0 if all(good for _, good in checks) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
