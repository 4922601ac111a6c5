"""Uploads as evidence: private, stored by content hash, typed by their bytes, never by name.

It is not for: deciding who may see one; each room that keeps a file says so. Its main noun: `StoredFile`.
"""
