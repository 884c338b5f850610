"""Files as analysts bring them, and a small world that they fit."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

import openpyxl
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from evidence.models import DataRelease, Dataset, Indicator
from evidence.permissions import ANALYSTS
from evidence.services import datasets
from lisapp.places.models import Place, PlaceCode
from tests.factories.evidence import IndicatorFactory, ObservationFactory
from tests.factories.kernel import PlaceFactory, UserFactory

ABOUT = {
    "title": "Employment rate 2025",
    "citation": "Office for National Statistics, Annual Population Survey",
    "url": "https://www.nomisweb.co.uk/",
    "licence": "Open Government Licence v3.0",
    "vintage": "Published May 2026",
}
HEADER = "Area code,Indicator,Year,Value,Lower CI,Upper CI"


@dataclass
class World:
    """An analyst, two LEP areas of 2021 (one was recoded), and a rate with one stored figure."""

    analyst: Any
    coast: Place
    hull: Place
    rate: Indicator


def build() -> World:
    analyst = UserFactory()
    analyst.groups.add(Group.objects.get_or_create(name=ANALYSTS)[0])
    coast = PlaceFactory(code="E37000044", name="Coast to Capital")
    hull = PlaceFactory(code="E37000061", name="Hull and East Yorkshire")
    for code, name, vintage, place in [
        ("E37000004", "Coast to Capital", "2014", coast),
        ("E37000004", "Coast to Capital", "2017", coast),
        ("E37000044", "Coast to Capital", "2021", coast),
        ("E37000061", "Hull and East Yorkshire", "2021", hull),
        ("", "Hull and East Riding", "2021", hull),
        ("E37000018", "Humber", "2017", None),
    ]:
        PlaceCode.objects.create(
            code=code, name=name, vintage=vintage, place=place, kind="lep", boundaries=f"LEP {vintage}"
        )
    rate = IndicatorFactory(code="employment-rate", label="Employment rate", unit="%", lowest=0, highest=100)
    ObservationFactory(
        indicator=rate, place=coast, period="2024", period_order=202412, value=75.0, geography_vintage="LEP 2021"
    )
    DataRelease.objects.create(
        name="Reference data", checksum="a" * 64, reference_name="Reference data", reference_checksum="a" * 64
    )
    return World(analyst, coast, hull, rate)


def csv_file(*lines: str, name: str = "figures.csv", header: str = HEADER) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([header, *lines]).encode())


def workbook(*sheets: list[list[Any]], name: str = "figures.xlsx") -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for at, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet {at}")
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile(name, content.getvalue())


def with_part(file: SimpleUploadedFile, part: str, content: bytes) -> SimpleUploadedFile:
    """The workbook with one more or another part."""
    done = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            if item.filename != part:
                new.writestr(item, old.read(item))
        new.writestr(part, content)
    return SimpleUploadedFile(file.name, done.getvalue())


def uploaded(world: World, file: SimpleUploadedFile, **about: Any) -> Dataset:
    """The file, uploaded and checked."""
    made = datasets.upload_dataset(file=file, by=world.analyst, **{**ABOUT, **about})
    return datasets.check_dataset(dataset=made)


def imported(world: World, file: SimpleUploadedFile, *, reason: str = "", **about: Any) -> Dataset:
    """The file, uploaded, checked and imported."""
    made = datasets.request_import(dataset=uploaded(world, file, **about), by=world.analyst, reason=reason)
    return datasets.run_import(dataset=made)
