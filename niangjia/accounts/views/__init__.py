"""The pages of logging in and out."""
