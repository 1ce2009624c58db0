"""Write the demo workbook: ``python data/demo/maker [folder]``, or ``make demo``."""

import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HOME))

from maker import write  # noqa: E402

if __name__ == "__main__":
    print(write(Path(sys.argv[1]) if len(sys.argv) > 1 else HOME))
