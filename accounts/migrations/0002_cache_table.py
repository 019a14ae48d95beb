"""The table of the shared cache, where throttles count. Named here, whatever the settings say."""

from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):  # noqa: ARG001 -- Django's signature
    call_command(
        "createcachetable", "cache_entry", database=schema_editor.connection.alias, verbosity=0
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunPython(create, migrations.RunPython.noop),
        migrations.RunSQL(migrations.RunSQL.noop, "DROP TABLE cache_entry"),
    ]
