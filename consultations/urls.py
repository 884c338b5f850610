"""Addresses of the consultations pages."""

from django.urls import URLPattern

app_name = "consultations"
urlpatterns: list[URLPattern] = []
