"""Production. Every secret comes from the environment; a missing one stops the start."""

from .base import *

SECRET_KEY = env("SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise environ.ImproperlyConfigured("SECRET_KEY must be at least 50 characters of random text.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[f"https://{host}" for host in ALLOWED_HOSTS])
DATABASES = {"default": database_from_url(env("DATABASE_URL"))}
CELERY_BROKER_URL = env("CELERY_BROKER_URL")

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^-/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_TLS_PROXY", default=True) else None
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = env.bool("COOKIES_SECURE", default=True)
CSRF_COOKIE_SECURE = env.bool("COOKIES_SECURE", default=True)
SESSION_COOKIE_NAME = "__Host-session" if SESSION_COOKIE_SECURE else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrf" if CSRF_COOKIE_SECURE else "csrftoken"
