"""The words of the product as frozen data: nothing here does anything, and only the standard library is imported."""
