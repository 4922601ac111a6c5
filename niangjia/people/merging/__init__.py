"""Making two files of one person one file: what points at a person, by which rule it goes along, and the plan.

Every pointer is discovered from the models; one without a rule fails the tests and stops a merge.
"""
