"""Commands that run the gateway, keep it, and let people and programs in."""
