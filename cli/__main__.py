"""`python -m cli`: what the launcher `belfry` runs."""

from cli.main import main

if __name__ == "__main__":
    main()
