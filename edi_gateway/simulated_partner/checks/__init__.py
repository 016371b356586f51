"""What a buyer holds a supplier's documents against: pure functions from the ledger and a document to complaints."""
