"""Steps of the schema, one a file."""
