"""The supplier's ERP as the gateway sees it: what every connector keeps, and an embedded one to trade with at once."""
