"""What `scenelens-index` starts in the bundle."""

import multiprocessing

from index_tools.cli import main

if __name__ == "__main__":
    # First of all: the processes that index films start this program again.
    multiprocessing.freeze_support()
    main()
