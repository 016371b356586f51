"""Pages for people: server-rendered, thin over views."""
