"""The gateway for programs: documents, partners and order threads over HTTP and JSON, one file a noun."""
