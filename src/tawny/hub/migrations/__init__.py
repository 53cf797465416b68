"""The history of the hub's schema (Alembic): ``versions`` holds one step a file, in order."""
