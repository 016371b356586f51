"""A trading partner made up: it buys, acknowledges, pays and has bad habits, and sees of us only what any partner would."""
