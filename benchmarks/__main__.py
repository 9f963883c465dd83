"""Run every benchmark: `python -m benchmarks`."""

from benchmarks import reading

if __name__ == "__main__":
    reading.main()
