"""A Django project with users in each of Django's hashers: `python djangoProject.py DIRECTORY COUNT
WAY...` makes it, with COUNT users for each hasher and way, and prints who they are."""
import itertools
import json
import sys

# Nothing is to appear beside these scripts.
sys.dont_write_bytecode = True
from djangoSettings import begin_project

begin_project(sys.argv[1])
with open('manage.py', 'w') as file:
    file.write("""
import os
import sys
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
""")

from django.contrib.auth import hashers
from django.contrib.auth.models import Group, User
from django.core.management import call_command

call_command('migrate', verbosity=0)

# With the least work that Django's own hashers do, which the hash names.
kinds = {
    'pbkdf2_sha256': hashers.PBKDF2PasswordHasher,
    'pbkdf2_sha1': hashers.PBKDF2SHA1PasswordHasher,
    'argon2': hashers.Argon2PasswordHasher,
    'bcrypt_sha256': hashers.BCryptSHA256PasswordHasher,
    'bcrypt': hashers.BCryptPasswordHasher,
    'sha1': hashers.SHA1PasswordHasher,
    'md5': hashers.MD5PasswordHasher,
    'unsalted_sha1': hashers.UnsaltedSHA1PasswordHasher,
    'unsalted_md5': hashers.UnsaltedMD5PasswordHasher,
}
users = []
for kind, hasher_class in kinds.items():
    hasher = hasher_class()
    hasher.iterations = 1000
    hasher.rounds = 5
    hasher.memory_cost = 1024
    for way, number in itertools.product(sys.argv[3:], range(int(sys.argv[2]))):
        name = f'{kind}.{way}{number or ""}'
        password = f'{kind} für {name[len(kind) + 1:]} 1'
        salt = '' if kind.startswith('unsalted') else hasher.salt()
        user = User.objects.create(username=name, email=f'{name}@example.com', password=hasher.encode(password, salt))
        users.append({'id': str(user.pk), 'username': name, 'kind': kind, 'way': way, 'password': password})

# As Django makes them by itself.
User.objects.create_superuser('chief', 'chief@example.com', 'the password of the chief', first_name='Ada', last_name='Lovelace')
User.objects.create_user('helper', 'helper@example.com', 'the password of helper', is_staff=True)
User.objects.create_user('gone', 'gone@example.com', 'the password of gone', is_active=False)
User.objects.create_user('nobody', '')
helper = User.objects.get(username='helper')
helper.groups.add(Group.objects.create(name='helpers'))
User.objects.create(username='des', password='crypt$$abJnggxhB/yWI')

print(json.dumps(users))
