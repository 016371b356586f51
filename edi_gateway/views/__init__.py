"""What a person can see, read straight from the store: documents, order threads, what is late, held or unanswered. Reads only."""
