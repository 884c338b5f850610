"""Addresses of the consultations pages."""

from django.urls import path

from consultations.views import answering, officers, public, responses

app_name = "consultations"
urlpatterns = [
    path("consultations/", public.public_list, name="public_list"),
    path("consultations/receipt/<str:token>/", public.receipt, name="receipt"),
    path("consultations/<slug:slug>/", public.public, name="public"),
    path("consultations/<slug:slug>/draft/", public.draft, name="draft"),
    path("consultations/<slug:slug>/answer/<slug:step>/", answering.answer, name="answer"),
    path("consultations/<slug:slug>/check/", answering.check, name="check"),
    path("consultations/<slug:slug>/save/", answering.save, name="save"),
    path("consultations/<slug:slug>/resume/<str:token>/", answering.resume, name="resume"),
    path("consultations/<slug:slug>/manage/", officers.manage, name="manage"),
    path("consultations/<slug:slug>/manage/details/", officers.edit, name="edit"),
    path("consultations/<slug:slug>/manage/questions/new/", officers.question_new, name="question_new"),
    path("consultations/<slug:slug>/manage/questions/<int:pk>/", officers.question_edit, name="question_edit"),
    path("consultations/<slug:slug>/manage/questions/<int:pk>/move/", officers.question_move, name="question_move"),
    path(
        "consultations/<slug:slug>/manage/questions/<int:pk>/delete/", officers.question_delete, name="question_delete"
    ),
    path("consultations/<slug:slug>/manage/preview/", officers.preview, name="preview"),
    path("consultations/<slug:slug>/manage/draft/", officers.renew_draft, name="renew_draft"),
    path("consultations/<slug:slug>/manage/publish/", officers.publish, name="publish"),
    path("consultations/<slug:slug>/responses/", responses.response_list, name="responses"),
    path("consultations/<slug:slug>/responses.csv", responses.responses_csv, name="responses_csv"),
    path("consultations/<slug:slug>/responses/<str:reference>/", responses.response, name="response"),
    path("strategies/<slug:strategy>/consultations/", officers.consultation_list, name="list"),
    path("strategies/<slug:strategy>/consultations/new/", officers.new, name="new"),
]
