"""`python -m trialsift`, the same as the command `trialsift`."""

from trialsift.cli import main

if __name__ == "__main__":
    main()
