"""Addresses under /developers/callbacks/."""

from django.urls import path

from sending.developers.callbacks import views

urlpatterns = [
    path("", views.callbacks, name="callbacks"),
    path("<int:pk>/", views.callback_log, name="callback_log"),
    path("<int:pk>/test/", views.callback_test, name="callback_test"),
    path("<int:pk>/now/", views.callback_now, name="callback_now"),
    path("<int:pk>/again/", views.callbacks_again, name="callbacks_again"),
    path("<int:pk>/again/<int:event_pk>/", views.callback_again, name="callback_again"),
]
