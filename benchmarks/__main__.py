"""Run every benchmark: `python -m benchmarks`."""

from benchmarks import reading, text

if __name__ == "__main__":
    reading.main()
    text.main([])
