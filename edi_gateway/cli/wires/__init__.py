"""Commands about wires, keys and the ERP: what documents come and go by, and what protects them."""
