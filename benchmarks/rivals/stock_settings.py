"""Settings of the stock project: the product's models and databases, Django REST framework as it comes."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.rivals.stock"
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}
