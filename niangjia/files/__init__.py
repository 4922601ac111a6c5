"""Uploads as evidence, and spreadsheets in and out: private, stored by content hash, typed by their bytes.

It is not for: deciding who may see one; each room that keeps a file says so. Its main noun: `StoredFile`.
"""
