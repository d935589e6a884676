"""Alembic's way in: runs the steps on the connection that `bring_up_to_date` has already put under the write lock."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
