"""The site: settings, addresses, the shell every page sits in, home pages, the design page.

It is not for: anything one room could own. Its main nouns: the shell, the menus, the design page.
"""
