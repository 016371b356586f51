"""The way out: what the ERP tells becomes a document, a set, an interchange, and an answer we wait for."""
