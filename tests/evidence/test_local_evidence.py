"""A LEP's own evidence: private until shared, with a file that is what it says it is, and nothing typed is lost."""

from __future__ import annotations

import io
import uuid
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from evidence.domain.uploads import MOST_BYTES, UnfitFile, check_file
from evidence.enums import LOCAL_KINDS
from evidence.models import EvidenceItem
from evidence.permissions import can_view_item
from evidence.selectors.what_works import Finding
from evidence.services.evidence_items import add_item, delete_item
from lisapp.audit.models import LogEntry
from lisapp.errors import NotAllowed
from lisapp.places.enums import Role
from tests.factories.evidence import EvidenceItemFactory
from tests.factories.kernel import LEPFactory, MembershipFactory, UserFactory
from tests.factories.strategies import CitationFactory, StrategyFactory

pytestmark = pytest.mark.django_db

TYPED = {
    "kind": "survey",
    "title": "Survey of employers",
    "finding": "Two in five have a vacancy that is hard to fill.",
    "source_name": "Chamber of Commerce",
    "source_date": "March 2026",
    "pillar": "people",
    "policy_area": "other",
}


def archive(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as content:
        for name in names:
            content.writestr(name, "x")
    return file.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")
GOOD = {
    "note.pdf": b"%PDF-1.7 rest",
    "note.docx": DOCX,
    "table.xlsx": archive("[Content_Types].xml", "xl/workbook.xml"),
    "table.csv": "place,pay\nDurham,£31\n".encode("cp1252"),
    "photo.png": b"\x89PNG\r\n\x1a\n rest",
    "photo.JPG": b"\xff\xd8\xff\xe0 rest",
    "photo.jpeg": b"\xff\xd8\xff\xe1 rest",
    "note.txt": "What was said – in full".encode("utf-16"),
}
BAD = {
    "page.html": b"<script>",
    "macro.docm": DOCX,
    "none": b"x",
    "empty.txt": b"",
    "note.pdf": b"MZ not a PDF",
    "note.docx": archive("[Content_Types].xml", "xl/workbook.xml"),
    "macro.docx": archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "broken.xlsx": b"PK\x03\x04 cut off",
    "photo.png": b"\xff\xd8\xff",
    "photo.jpg": b"GIF89a",
    "table.csv": b"MZ\x00\x01",
    "note.txt": b"%PDF-1.7",
}


class TestFiles:
    @pytest.mark.parametrize("name", GOOD)
    def test_each_kind_that_is_taken_is_recognised_by_its_bytes(self, name):
        content = io.BytesIO(GOOD[name])
        assert check_file(name, len(GOOD[name]), content) == name.rsplit(".", 1)[1].lower()
        assert content.tell() == 0

    @pytest.mark.parametrize("name", BAD)
    def test_a_file_that_is_not_what_it_says_is_refused(self, name):
        with pytest.raises(UnfitFile):
            check_file(name, len(BAD[name]), io.BytesIO(BAD[name]))

    def test_more_than_ten_megabytes_are_refused(self):
        with pytest.raises(UnfitFile, match="10 MB or smaller"):
            check_file("note.pdf", MOST_BYTES + 1, io.BytesIO(b"%PDF-"))


@pytest.fixture
def officer():
    return MembershipFactory(role=Role.OFFICER)


@pytest.fixture
def client(officer, sign_in):
    return sign_in(officer.user)


def send(client, name, args, **changes):
    return client.post(reverse(f"evidence:{name}", args=args), {**TYPED, **changes})


class TestAdding:
    def test_an_officer_adds_a_survey_with_its_file_and_downloads_it(self, client, officer):
        upload = SimpleUploadedFile("Survey 2026.csv", GOOD["table.csv"], "text/html")
        send(client, "local_new", [officer.lep.slug], file=upload)
        item = EvidenceItem.objects.get()
        assert (item.lep, item.is_shared, item.created_by) == (officer.lep, False, officer.user)
        assert "Survey" not in item.file.name
        response = client.get(reverse("evidence:item_file", args=[item.slug]))
        assert b"".join(response.streaming_content) == GOOD["table.csv"]
        assert response["Content-Type"].startswith("text/csv")
        assert response["Content-Disposition"] == 'attachment; filename="Survey 2026.csv"'
        assert response["Cache-Control"] == "private, no-store"
        assert LogEntry.objects.about(item).get().event == "evidence.item.added"

    def test_a_wrong_file_is_explained_beside_it_and_what_was_typed_stays(self, client, officer):
        upload = SimpleUploadedFile("note.pdf", BAD["note.pdf"], "application/pdf")
        response = send(client, "local_new", [officer.lep.slug], file=upload)
        page = response.content.decode()
        assert "name ends in .pdf, but what is in it is something else" in page
        assert TYPED["finding"] in page
        assert not EvidenceItem.objects.exists()

    def test_what_is_missing_is_named(self, client, officer):
        response = send(client, "local_new", [officer.lep.slug], kind="", title="", finding="", source_name="")
        page = response.content.decode()
        for message in ("Select what kind of evidence this is", "Enter title", "Enter an answer to", "Who made it?"):
            assert message in page

    def test_sending_the_form_twice_adds_one(self, client, officer):
        key = uuid.uuid4()
        for _ in range(2):
            send(client, "local_new", [officer.lep.slug], submission_key=key)
        assert EvidenceItem.objects.count() == 1

    def test_a_survey_counts_no_study_and_an_evaluation_of_our_own_one(self, officer):
        survey = add_item(lep=officer.lep, by=officer.user, **TYPED)
        evaluation = add_item(
            lep=officer.lep, by=officer.user, **{**TYPED, "kind": "evaluation", "outcome": "Jobs", "maryland_best": 2}
        )
        assert survey.studies_counted is None
        assert Finding(survey).label == "local evidence"
        assert (evaluation.studies_counted, evaluation.uk_studies) == (1, 1)
        assert "Best Maryland level: 2." in Finding(evaluation).four_facts[1].text

    @pytest.mark.parametrize("kind", ["review", "study"])
    def test_nobody_adds_reference_evidence(self, client, officer, kind):
        assert send(client, "local_new", [officer.lep.slug], kind=kind).status_code == 200
        assert not EvidenceItem.objects.exists()


class TestChanging:
    @pytest.fixture
    def item(self, officer):
        return EvidenceItemFactory(local=True, lep=officer.lep)

    def test_the_form_shows_everything_that_is_stored(self, client, officer):
        item = EvidenceItemFactory(
            local=True,
            lep=officer.lep,
            kind="evaluation",
            effect_direction="harmful",
            intervention_type="tax",
            file_name="report.pdf",
            file="evidence/x.pdf",
        )
        page = client.get(reverse("evidence:local_edit", args=[item.slug])).content.decode()
        assert 'value="evaluation" checked' in page
        for value in ("harmful", "tax", "people"):
            assert f'<option value="{value}" selected' in page
        assert "Current file: report.pdf" in page

    def test_an_edit_is_saved_with_what_was_there_before(self, client, item):
        send(client, "local_edit", [item.slug], version=1, title="Survey of 212 employers")
        item.refresh_from_db()
        assert (item.title, item.version) == ("Survey of 212 employers", 2)
        entry = LogEntry.objects.about(item).get()
        assert entry.data["before"]["title"] == "Survey of employers"

    def test_who_saves_second_sees_what_the_first_saved_and_keeps_what_they_typed(self, client, item):
        send(client, "local_edit", [item.slug], version=1, title="First")
        response = send(client, "local_edit", [item.slug], version=1, title="Second")
        page = response.content.decode()
        assert response.status_code == 409
        assert "saved this while you were editing it" in page
        assert ">First<" in page.replace("\n", "")
        assert 'value="Second"' in page
        assert 'name="version" value="2"' in page
        send(client, "local_edit", [item.slug], version=2, title="Second")
        item.refresh_from_db()
        assert item.title == "Second"

    def test_a_new_file_replaces_the_old_and_it_can_be_removed(self, client, item, django_capture_on_commit_callbacks):
        for version, name in ((1, "one.txt"), (2, "two.txt")):
            with django_capture_on_commit_callbacks(execute=True):
                send(client, "local_edit", [item.slug], version=version, file=SimpleUploadedFile(name, name.encode()))
            before, item = item, EvidenceItem.objects.get()
        assert item.file_name == "two.txt"
        assert not item.file.storage.exists(before.file.name)
        send(client, "local_edit", [item.slug], version=3)
        assert EvidenceItem.objects.get().file_name == "two.txt"
        with django_capture_on_commit_callbacks(execute=True):
            send(client, "local_edit", [item.slug], version=4, remove_file="on")
        assert EvidenceItem.objects.get().file_name == ""
        assert not item.file.storage.exists(item.file.name)

    def test_a_file_that_storage_has_lost_is_explained(self, client, item):
        item.file.save("x.txt", ContentFile(b"x"))
        EvidenceItem.objects.update(file="evidence/2026/01/gone.txt", file_name="gone.txt")
        response = client.get(reverse("evidence:item_file", args=[item.slug]))
        assert response.status_code == 404
        assert "no longer in storage" in response.content.decode()

    def test_it_is_deleted_with_its_file_and_the_log_keeps_what_it_said(
        self, client, item, django_capture_on_commit_callbacks
    ):
        item.file.save("x.txt", ContentFile(b"x"))
        name, storage = item.file.name, item.file.storage
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("evidence:local_delete", args=[item.slug]))
        assert not EvidenceItem.objects.exists()
        assert not storage.exists(name)
        assert LogEntry.objects.get(event="evidence.item.deleted").data["title"] == "Survey of employers"

    def test_what_a_strategy_cites_is_not_deleted_and_the_page_says_why(self, client, item):
        CitationFactory(strategy=StrategyFactory(lep=item.lep), kind="what_works", review=item)
        response = client.post(reverse("evidence:local_delete", args=[item.slug]))
        assert response.status_code == 409
        assert "A strategy cites this evidence" in response.content.decode()
        assert EvidenceItem.objects.filter(pk=item.pk).exists()
        assert not LogEntry.objects.about(item).exists()

    def test_reference_evidence_has_no_page_to_change_it(self, client):
        item = EvidenceItemFactory()
        for name in ("local_edit", "local_delete"):
            assert client.get(reverse(f"evidence:{name}", args=[item.slug])).status_code == 404


class TestWhoSeesIt:
    def test_another_lep_sees_it_once_shared_and_no_longer_when_private_again(self, client, officer, sign_in):
        item = EvidenceItemFactory(local=True, lep=officer.lep)
        address = reverse("evidence:item", args=[item.slug])
        outsider = MembershipFactory().user
        assert sign_in(outsider).get(address).status_code == 404
        sign_in(officer.user).post(reverse("evidence:local_share", args=[item.slug]))
        shown = sign_in(outsider).get(address)
        assert shown.status_code == 200
        assert "What happened to it" not in shown.content.decode()
        edit = reverse("evidence:local_edit", args=[item.slug])
        assert client.get(edit).status_code == 403
        sign_in(officer.user).post(reverse("evidence:local_unshare", args=[item.slug]))
        assert sign_in(outsider).get(address).status_code == 404
        events = LogEntry.objects.about(item).values_list("event", flat=True)
        assert sorted(events) == ["evidence.item.shared", "evidence.item.unshared"]

    def test_the_rows_and_the_rule_agree_for_everybody(self):
        lep = LEPFactory()
        for lep_of_item in (lep, LEPFactory()):
            for shared in (True, False):
                EvidenceItemFactory(local=True, lep=lep_of_item, is_shared=shared)
        EvidenceItemFactory()
        people = [
            MembershipFactory(lep=lep, role=Role.VIEWER).user,
            MembershipFactory(lep=lep, role=Role.LEAD).user,
            MembershipFactory().user,
            UserFactory(reviewer=True),
            UserFactory(administrator=True),
        ]
        for person in people:
            visible = set(EvidenceItem.objects.visible_to(person))
            allowed = {item for item in EvidenceItem.objects.all() if can_view_item(person, item).allowed}
            assert visible == allowed

    def test_the_api_and_the_admin_have_reference_items_only(self, client, sign_in):
        item = EvidenceItemFactory(local=True, is_shared=True)
        EvidenceItemFactory(slug="transport")
        found = client.get("/api/what-works/").json()["results"]
        assert [row["slug"] for row in found] == ["transport"]
        assert client.get(f"/api/what-works/{item.slug}/").status_code == 404
        page = sign_in(UserFactory(administrator=True)).get("/admin/evidence/evidenceitem/")
        assert "Survey of employers" not in page.content.decode()

    def test_the_list_of_a_lep_is_paged_in_a_fixed_number_of_queries(self, client, officer, django_assert_num_queries):
        address = reverse("evidence:local_list", args=[officer.lep.slug])
        EvidenceItemFactory.create_batch(5, local=True, lep=officer.lep)
        client.get(address)
        with django_assert_num_queries(6):  # session, person, LEP, role, number of items, a page of items
            client.get(address)
        EvidenceItemFactory.create_batch(45, local=True, lep=officer.lep)
        with django_assert_num_queries(6):
            assert "page=2" in client.get(address).content.decode()


class TestWhatTheDatabaseRefuses:
    @pytest.mark.parametrize("kind", ["review", "study"])
    def test_reference_evidence_belongs_to_no_lep(self, kind):
        with pytest.raises(IntegrityError), transaction.atomic():
            EvidenceItemFactory(local=True, kind=kind)

    @pytest.mark.parametrize("kind", LOCAL_KINDS)
    def test_local_evidence_belongs_to_one(self, kind):
        with pytest.raises(IntegrityError), transaction.atomic():
            EvidenceItemFactory(kind=kind)

    def test_more_studies_cannot_be_positive_than_looked(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            EvidenceItemFactory(studies_on_outcome=3, studies_positive=4)


def test_a_viewer_cannot_delete_through_the_service():
    member = MembershipFactory(role=Role.VIEWER)
    item = EvidenceItemFactory(local=True, lep=member.lep)
    with pytest.raises(NotAllowed, match="Only people drafting"):
        delete_item(item=item, by=member.user)
