"""Run every benchmark: `python -m benchmarks`."""

from benchmarks import comparison, coverage, loading, quotes, reading, sources, stance, text, topics

if __name__ == "__main__":
    reading.main()
    loading.main([])
    text.main([])
    quotes.main()
    sources.main()
    stance.main()
    topics.main([])
    coverage.main([])
    comparison.main()
