"""Addresses of the pages about send tasks."""

from django.urls import path

from sending.send_tasks.views import (
    approval,
    check,
    compose,
    drafts,
    messages,
    reading,
    report,
    retry,
    sending,
    task,
    task_list,
    try_row,
)

app_name = "send_tasks"
urlpatterns = [
    path("send/", compose.compose, name="compose"),
    path("send/sample/<int:pk>.xlsx", compose.sample, name="sample"),
    path("send/drafts/", drafts.drafts, name="drafts"),
    path("send/drafts/<int:pk>/delete/", drafts.draft_delete, name="draft_delete"),
    path("tasks/", task_list.list_, name="list"),
    path("tasks/<int:pk>/", task.detail, name="detail"),
    path("tasks/<int:pk>/check/", check.check, name="check"),
    path("tasks/<int:pk>/problems.csv", check.problems, name="problems"),
    path("tasks/<int:pk>/read-again/", reading.read_again, name="read_again"),
    path("tasks/<int:pk>/approve/", approval.approve, name="approve"),
    path("tasks/<int:pk>/send-back/", approval.send_back, name="send_back"),
    path("tasks/<int:pk>/withdraw/", approval.withdraw, name="withdraw"),
    path("tasks/<int:pk>/send/", sending.send, name="send"),
    path("tasks/<int:pk>/send-first/", sending.send_first, name="send_first"),
    path("tasks/<int:pk>/change-time/", sending.change_time, name="change_time"),
    path("tasks/<int:pk>/send-now/", sending.send_now, name="send_now"),
    path("tasks/<int:pk>/take-back/", sending.take_back, name="take_back"),
    path("tasks/<int:pk>/test/", try_row.try_row, name="try_row"),
    path("tasks/<int:pk>/pause/", task.pause, name="pause"),
    path("tasks/<int:pk>/resume/", task.resume, name="resume"),
    path("tasks/<int:pk>/cancel/", task.cancel, name="cancel"),
    path("tasks/<int:pk>/retry/", retry.retry, name="retry"),
    path("tasks/<int:pk>/report/", report.report, name="report"),
    path("tasks/<int:pk>/report.xlsx", report.report_xlsx, name="report_xlsx"),
    path("tasks/<int:pk>/messages/", messages.messages, name="messages"),
    path("tasks/<int:pk>/messages.csv", messages.export, name="export"),
    path("tasks/<int:pk>/messages.xlsx", messages.export_xlsx, name="export_xlsx"),
    path("tasks/<int:pk>/messages/<int:message_id>/", messages.message, name="message"),
]
