"""The settings of the Django projects that tests make: SQLite in the directory, and nothing but accounts."""
import os
import sys

SETTINGS = """
SECRET_KEY = 'of a test'
INSTALLED_APPS = ['django.contrib.contenttypes', 'django.contrib.auth']
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}
DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'
USE_TZ = True
"""


def begin_project(directory, more=''):
    """Writes settings.py into the directory, which becomes the present one, and prepares Django. `more`: further settings."""
    os.makedirs(directory, exist_ok=True)
    os.chdir(directory)
    sys.path.insert(0, directory)
    with open('settings.py', 'w') as file:
        file.write(SETTINGS + more)
    os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'
    import django

    django.setup()
