"""The engine: runs stages, retries, watches the clock. What it forgets in a crash, the rows remember."""
