"""Webhooks out, as Standard Webhooks 1.0 has them: signed, and posted to addresses that were looked at first."""
