"""Write the demo workbook: ``python -m ppp.data.demo [folder]``."""

import sys
from pathlib import Path

from ppp.data.demo import write

HOME = Path(__file__).resolve().parents[4] / "data" / "demo"

if __name__ == "__main__":
    print(write(Path(sys.argv[1]) if len(sys.argv) > 1 else HOME))
