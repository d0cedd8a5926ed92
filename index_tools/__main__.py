"""`python -m index_tools`: the same as `scenelens-index`."""

from index_tools.cli import main

if __name__ == "__main__":
    main()
