"""Office, Settings: the form of the warehouse itself, its name, its time zone and the sender on its parcels."""

from __future__ import annotations

from zoneinfo import available_timezones

from app.domain.words import say
from app.presenters.office_desk import Fields, form
from app.presenters.state.form import Form
from app.services.warehouses import Site

FORM = "site"
_FIELDS = {
    "site_name": "name", "site_zone": "zone", "sender": "company", "street": "address1", "town": "city",
    "site_postcode": "postcode", "site_country": "country",
}  # fmt: skip
_WANTED = ("site_name", "site_zone", "sender", "street", "town", "site_country")


def words(site: Site) -> str:
    """A site in one line."""
    return f"{site.name}, {site.zone}"


def fill(fields: Fields, site: Site) -> None:
    """Begins the form with what is told now."""
    fields.fill(**{name: getattr(site, told) for name, told in _FIELDS.items()})


def told(fields: Fields) -> Site | None:
    """The site as it was typed; None, with what is wrong beside the fields, when it can't be taken."""
    good = fields.wanted(*_WANTED)
    zone, country = fields.get("site_zone"), fields.get("site_country")
    if zone and zone not in available_timezones():
        fields.wrong["site_zone"] = say("office_screen.site.zone_unknown")
        good = False
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        fields.wrong["site_country"] = say("office_screen.site.bad_country")
        good = False
    return Site(**{told: fields.get(name) for name, told in _FIELDS.items()}) if good else None


def site_form(fields: Fields) -> Form:
    """All of it in one form."""
    shown = tuple(fields.field(name) for name in _FIELDS)
    return form(
        FORM, say("office_screen.setting.site"), shown, "office_screen.save",
        detail=say("office_screen.site.detail"), beside=("site_country",),
    )  # fmt: skip
