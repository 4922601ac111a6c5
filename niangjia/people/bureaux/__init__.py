"""Asking other bureaus (比对): who may be asked about, the file that goes out, and the answers that come back."""
