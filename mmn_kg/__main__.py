"""Run the command line as ``python -m mmn_kg``."""

from mmn_kg.cli import main

if __name__ == "__main__":
    main()
