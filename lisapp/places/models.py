"""Places (statistical areas), and the bodies that write strategies for them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lisapp.places.enums import LEPKind, PlaceKind, PlaceMembershipKind, Role
from lisapp.places.querysets import LEPQuerySet, PlaceQuerySet


class Place(models.Model):
    """A statistical geography with its ONS code. Boundaries change: a changed area has a new code."""

    code = models.CharField("ONS code", max_length=12, unique=True)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=PlaceKind)
    region = models.CharField(max_length=60, blank=True, help_text="The region where most residents live.")
    longitude = models.FloatField(null=True, blank=True, help_text="Of the centre, in degrees (WGS84).")
    latitude = models.FloatField(null=True, blank=True, help_text="Of the centre, in degrees (WGS84).")
    area_km2 = models.FloatField("area, square kilometres", null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text="Empty while the area stands.")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "code"]
        indexes = [models.Index(fields=["kind", "name"], name="place_kind_name")]
        constraints = [
            models.CheckConstraint(
                name="place_dates_in_order",
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return self.name


class PlaceMembership(models.Model):
    """An area that is part of a larger one, in one vintage of the look-up."""

    parent = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="parts")
    child = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="wholes")
    kind = models.CharField(max_length=10, choices=PlaceMembershipKind, default=PlaceMembershipKind.PRIMARY)
    vintage = models.CharField(max_length=20, help_text="The look-up that says so, such as LAD22.")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["parent", "child"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "child", "vintage"], name="place_membership_once_a_vintage"),
            models.CheckConstraint(name="place_not_part_of_itself", condition=~Q(parent=F("child"))),
        ]

    def __str__(self) -> str:
        return f"{self.child} in {self.parent}"


class PlaceCode(models.Model):
    """A code and name of a place in one vintage of the official list: its present one, a former or an alternative one.

    `boundaries` names the boundaries that figures under this code are on, where they can differ from the present
    ones; blank means the boundaries of the code. No `place` means that no present area stands for this one.
    """

    code = models.CharField(max_length=12, blank=True, help_text="Empty for an alternative spelling of the name.")
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=PlaceKind)
    vintage = models.CharField(max_length=10, help_text="The year of the list that has it, such as 2017.")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.CASCADE, related_name="codes")
    boundaries = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["vintage", "code", "name"]
        constraints = [models.UniqueConstraint(fields=["code", "name", "vintage"], name="place_code_once_a_vintage")]
        indexes = [models.Index(fields=["code"], name="place_code_code")]

    def __str__(self) -> str:
        return f"{self.name}, {self.vintage}"


class LEP(models.Model):
    """The body that owns strategies: a Local Enterprise Partnership, or the authority that took over its role."""

    name = models.CharField(max_length=150, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=LEPKind, default=LEPKind.LEP)
    places = models.ManyToManyField(Place, related_name="leps", help_text="The areas that it covers.")
    is_demonstration = models.BooleanField(default=False, help_text="Holds demonstration content.")

    objects = LEPQuerySet.as_manager()

    class Meta:
        verbose_name = "LEP or successor"
        verbose_name_plural = "LEPs and successors"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in a LEP."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    lep = models.ForeignKey(LEP, on_delete=models.CASCADE, related_name="memberships", verbose_name="LEP")
    role = models.CharField(max_length=10, choices=Role, default=Role.VIEWER)

    class Meta:
        ordering = ["lep", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "lep"], name="membership_once_per_lep")]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.lep}"
