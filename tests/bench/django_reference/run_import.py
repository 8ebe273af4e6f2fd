"""Runs in the reference's own venv: run_import.py WORKBOOK DATABASE. Prints {"seconds": s}.

The columns and relations of the tracker: a plan, headings as a foreign key, departments as
many-to-many through names; bulk mode as its documentation advises.
"""

import json
import sys
import time
from pathlib import Path

import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["import_export"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[2]}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from django.db import connection, models  # noqa: E402
from import_export import fields, resources, widgets  # noqa: E402
from tablib import Dataset  # noqa: E402


class Department(models.Model):
    name = models.CharField(max_length=200, unique=True)

    class Meta:
        app_label = "import_export"


class Task(models.Model):
    number = models.CharField(max_length=20)
    category = models.CharField(max_length=200)
    item = models.CharField(max_length=200)
    subitem = models.CharField(max_length=200)
    text = models.TextField()
    mode = models.CharField(max_length=50)
    points = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    deadline = models.CharField(max_length=100)
    due_on = models.DateField(null=True)
    departments = models.ManyToManyField(Department)

    class Meta:
        app_label = "import_export"


class TaskResource(resources.ModelResource):
    departments = fields.Field(
        column_name="departments", attribute="departments",
        widget=widgets.ManyToManyWidget(Department, field="name", separator=","),
    )  # fmt: skip

    class Meta:
        model = Task
        import_id_fields = ("number",)
        use_transactions = True
        skip_diff = True
        report_skipped = False


def main() -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Department)
        editor.create_model(Task)
    begun = time.perf_counter()
    data = Dataset().load(Path(sys.argv[1]).read_bytes(), format="xlsx")
    names = {name for row in data["departments"] for name in row.split(",")}
    Department.objects.bulk_create([Department(name=name) for name in names])
    TaskResource().import_data(data, dry_run=False, raise_errors=True)
    took = time.perf_counter() - begun
    assert Task.objects.count() == len(data) and Task.departments.through.objects.count()
    print(json.dumps({"seconds": took}))


main()
