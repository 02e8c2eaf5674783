"""The pages that the server writes: board, projector, console, auditor's page."""
