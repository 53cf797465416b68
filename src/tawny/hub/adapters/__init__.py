"""What the hub calls: ``sql_store`` (people and sessions by SQLAlchemy), ``migrate`` (its schema), ``argon2`` (the
password hash) and ``certificates`` (our local certificate authority).
"""
