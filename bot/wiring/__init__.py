"""Who is given what: the parts of one process, each group built by one function from those below it."""
