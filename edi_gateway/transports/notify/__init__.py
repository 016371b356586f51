"""Ways to reach people and programs with an alert: e-mail, and JSON over HTTP."""
