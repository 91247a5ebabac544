"""Loads users into a fresh Django: `python djangoBack.py DIRECTORY FILE`, and asks Django's own authenticate() for each line of standard input."""
import json
import os
import sys

# Nothing is to appear beside these scripts.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../importers/origins'))
from djangoSettings import begin_project

directory, fixture = sys.argv[1:3]
begin_project(directory, """
PASSWORD_HASHERS = ['django.contrib.auth.hashers.' + name for name in [
    'PBKDF2PasswordHasher', 'PBKDF2SHA1PasswordHasher', 'Argon2PasswordHasher', 'BCryptSHA256PasswordHasher', 'BCryptPasswordHasher']]
""")
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, User
from django.core.management import call_command

call_command('migrate', verbosity=0)
Group.objects.create(name='helpers')
call_command('loaddata', fixture, verbosity=0)

# What Django accepts, by the index of what was asked; and its users as it has them.
asked = json.load(sys.stdin)
accepted = [index for index, (username, password) in enumerate(asked) if authenticate(username=username, password=password) is not None]
fields = ['pk', 'username', 'email', 'first_name', 'last_name', 'is_active', 'is_superuser', 'is_staff']
users = {user.username: [getattr(user, field) for field in fields] + [user.groups.count()] for user in User.objects.all()}
print(json.dumps({'accepted': accepted, 'users': users}))
