"""Business documents in our own words: orders, ship notices, invoices, remittances. Frozen values, one kind a file."""
