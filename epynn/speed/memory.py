"""How is memory that arrays gave back kept for the arrays of the next batch?"""
import numpy as np


def keep_freed_memory() -> None:
    """Have the C library of Linux keep blocks of up to 32 MB that are freed.

    A pass allocates some twenty arrays of a few MB each. The C library returns blocks of that size
    to the system as soon as they are freed, and the system hands them out again page by page,
    filled with zeros, which takes a third of the time of a pass. But it learns: blocks up to the
    size of the largest one freed, and up to 32 MB, it keeps (mallopt(3), M_MMAP_THRESHOLD). So
    free a large one, never touched. Elsewhere this does nothing.
    """
    np.empty(2**25 - 2**13, np.uint8)
