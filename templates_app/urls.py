"""Addresses under /content/."""

from django.urls import path

from templates_app.views import signatures, text_templates

app_name = "templates_app"
urlpatterns = [
    path("templates/", text_templates.template_list, name="template_list"),
    path("templates/new/", text_templates.template_create, name="template_create"),
    path("templates/preview/", text_templates.template_preview, name="template_preview"),
    path("templates/submit/", text_templates.template_submit, name="template_submit"),
    path("templates/<int:pk>/", text_templates.template_detail, name="template_detail"),
    path("templates/<int:pk>/edit/", text_templates.template_edit, name="template_edit"),
    path(
        "templates/<int:pk>/languages/new/",
        text_templates.template_add_language,
        name="template_add_language",
    ),
    path(
        "templates/versions/<int:pk>/duplicate/",
        text_templates.template_duplicate,
        name="template_duplicate",
    ),
    path("templates/<int:pk>/delete/", text_templates.template_delete, name="template_delete"),
    path(
        "templates/versions/<int:pk>/new/",
        text_templates.template_new_version,
        name="template_new_version",
    ),
    path(
        "templates/versions/<int:pk>/appeal/",
        text_templates.template_appeal,
        name="template_appeal",
    ),
    path(
        "templates/versions/<int:pk>/questions/",
        text_templates.template_questions,
        name="template_questions",
    ),
    path(
        "templates/versions/<int:pk>/withdraw/",
        text_templates.template_withdraw,
        name="template_withdraw",
    ),
    path("signatures/", signatures.signature_list, name="signature_list"),
    path("signatures/new/", signatures.signature_create, name="signature_create"),
    path("signatures/preview/", signatures.signature_preview, name="signature_preview"),
    path("signatures/submit/", signatures.signature_submit, name="signature_submit"),
    path("signatures/<int:pk>/", signatures.signature_detail, name="signature_detail"),
    path("signatures/<int:pk>/edit/", signatures.signature_edit, name="signature_edit"),
    path("signatures/<int:pk>/delete/", signatures.signature_delete, name="signature_delete"),
    path(
        "signatures/versions/<int:pk>/new/",
        signatures.signature_new_version,
        name="signature_new_version",
    ),
    path(
        "signatures/versions/<int:pk>/appeal/", signatures.signature_appeal, name="signature_appeal"
    ),
    path(
        "signatures/versions/<int:pk>/questions/",
        signatures.signature_questions,
        name="signature_questions",
    ),
    path(
        "signatures/versions/<int:pk>/withdraw/",
        signatures.signature_withdraw,
        name="signature_withdraw",
    ),
    path(
        "signatures/versions/<int:pk>/evidence/",
        signatures.signature_evidence,
        name="signature_evidence",
    ),
]
