"""Password hashing as in production, without its price: Argon2 is slow on purpose."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """The same algorithm with the least time and memory it knows."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
