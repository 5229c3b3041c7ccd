"""Tables, migrations, unit of work and content-addressed snapshots."""
