"""The `niangjia` command for those who have rules and files and no site."""
