"""The Cryptographic Message Syntax as AS2 uses it (RFC 5652, 5083, 5084, 3274): signed, enveloped and compressed data.

The mathematics is ``cryptography``'s; here are only the structures around it. Large content is never copied into a tree: it is
handled as pieces, views into what came or what goes.
"""
