"""Watching an assembly's ballot log from outside, as an auditor does (`vote monitor`)."""
