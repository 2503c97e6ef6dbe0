"""What the words of payment, shipping, places and conditions mean, reduced as headings are, in five languages."""

from __future__ import annotations

from app.domain.capture import Financial
from app.domain.states import Condition, LocationKind
from app.integrations.channels.tabular.headings import plain_heading
from app.integrations.channels.tabular.orders import YES


def _words(*texts: str) -> frozenset[str]:
    return frozenset(plain_heading(text) for text in texts)


GONE = _words(
    "shipped", "fulfilled", "dispatched", "sent", "delivered", "completed", "complete", "closed", "versendet",
    "versandt", "geliefert", "zugestellt", "abgeschlossen", "expédié", "expédiée", "livré", "livrée", "envoyé",
    "terminé", "enviado", "entregado", "completado", "wysłane", "wysłano", "dostarczone", "zrealizowane",
)  # fmt: skip
REFUNDED = _words("refunded", "returned", "erstattet", "remboursé", "remboursée", "reembolsado", "zwrócone", "zwrot")
CANCELLED = _words(
    "cancelled", "canceled", "void", "voided", "storniert", "abgebrochen", "annulé", "annulée", "cancelado", "anulado",
    "anulowane", "anulowano",
)  # fmt: skip
OPEN = _words(
    "", "open", "new", "pending", "unshipped", "unfulfilled", "processing", "in progress", "paid", "confirmed", "ready",
    "ready to ship", "awaiting shipment", "awaiting fulfillment", "to ship", "received", "offen", "neu", "bezahlt",
    "in bearbeitung", "bestätigt", "ouvert", "nouveau", "nouvelle", "payé", "payée", "en cours", "en préparation",
    "à expédier", "confirmée", "abierto", "nuevo", "pagado", "pendiente", "en proceso", "confirmado", "nowe", "otwarte",
    "opłacone", "w realizacji", "do wysyłki", "potwierdzone", "on hold",
)  # fmt: skip
STATES_OF_ORDERS = (GONE | REFUNDED | CANCELLED | OPEN) - {""}
_FINANCIAL = {
    Financial.NOT_REPORTED: _words(""),
    Financial.PAID: _words(
        "paid", "yes", "true", "1", "captured", "complete", "completed", "settled", "bezahlt", "ja", "payé", "payée",
        "oui", "pagado", "sí", "opłacone", "zapłacono", "zapłacone", "tak",
    ),
    Financial.PENDING: _words(
        "pending", "unpaid", "no", "false", "0", "open", "awaiting payment", "due", "offen", "ausstehend", "nein",
        "unbezahlt", "impayé", "en attente", "non", "pendiente", "no pagado", "nieopłacone", "oczekuje", "nie",
    ),
    Financial.AUTHORIZED: _words("authorized", "authorised", "autorisiert", "autorisé", "autorizado", "autoryzowane"),
    Financial.PARTIALLY_PAID: _words("partially paid", "part paid", "teilweise bezahlt", "partiellement payé"),
    Financial.REFUNDED: _words("refunded", "erstattet", "remboursé", "reembolsado", "zwrócone"),
    Financial.PARTIALLY_REFUNDED: _words(
        "partially refunded", "partly refunded", "teilweise erstattet", "partiellement remboursé"
    ),
    Financial.VOIDED: _words("voided", "void", "cancelled", "canceled", "storniert", "annulé", "anulado", "anulowane"),
}  # fmt: skip
_KINDS = {
    LocationKind.SHELF: _words(
        "shelf",
        "bin",
        "pick",
        "picking",
        "pick face",
        "Regal",
        "Fach",
        "Kommissionierung",
        "Kommissionierplatz",
        "Pickplatz",
        "étagère",
        "rayon",
        "prélèvement",
        "estante",
        "estantería",
        "regał",
        "półka",
        "kompletacja",
    ),
    LocationKind.BULK: _words(
        "bulk",
        "reserve",
        "pallet",
        "storage",
        "overstock",
        "Reserve",
        "Palette",
        "Palettenplatz",
        "Nachschub",
        "Lager",
        "réserve",
        "palette",
        "stockage",
        "reserva",
        "palé",
        "almacén",
        "rezerwa",
        "paleta",
        "magazyn",
    ),
    LocationKind.RECEIVING: _words(
        "receiving",
        "goods in",
        "inbound",
        "Wareneingang",
        "réception",
        "recepción",
        "entrada",
        "przyjęcie",
        "przyjęcia",
    ),
    LocationKind.RETURNS: _words("returns", "return", "Retouren", "Retoure", "retours", "devoluciones", "zwroty"),
    LocationKind.QUARANTINE: _words(
        "quarantine",
        "blocked",
        "Quarantäne",
        "Sperrlager",
        "gesperrt",
        "quarantaine",
        "bloqué",
        "cuarentena",
        "bloqueado",
        "kwarantanna",
        "zablokowane",
    ),
    LocationKind.REFURBISH: _words(
        "refurbish",
        "repair",
        "Aufbereitung",
        "Reparatur",
        "remise en état",
        "réparation",
        "reparación",
        "naprawa",
    ),
    LocationKind.TOTE: _words("tote", "box", "Behälter", "Kiste", "bac", "caja", "cubeta", "pojemnik"),
    LocationKind.CAGE: _words("cage", "Rollbehälter", "Gitterbox", "roll", "jaula", "klatka"),
    LocationKind.BENCH: _words("bench", "Packplatz", "Packtisch", "poste d'emballage", "mesa", "stanowisko"),
}
_CONDITIONS = {
    Condition.NEW: _words("new", "good", "a", "neu", "gut", "neuf", "neuve", "nuevo", "nueva", "nowy", "nowe", "nowa"),
    Condition.OPENED: _words("opened", "open", "b", "geöffnet", "ouvert", "abierto", "otwarty", "otwarte"),
    Condition.DAMAGED: _words("damaged", "c", "beschädigt", "endommagé", "abîmé", "dañado", "uszkodzony", "uszkodzone"),
    Condition.BROKEN: _words("broken", "d", "defekt", "kaputt", "cassé", "roto", "zepsuty", "zepsute"),
}
_KIND_BY_WORD = {word: kind.value for kind, words in _KINDS.items() for word in words}
_CONDITION_BY_WORD = {word: condition.value for condition, words in _CONDITIONS.items() for word in words}
_BY_WORD = {word: state for state, words in _FINANCIAL.items() for word in words}


def is_cancelled(text: str) -> bool:
    """Whether a cell of a column `cancelled` says so: a yes, such a word, or the day on which it happened."""
    plain = plain_heading(text)
    return plain in YES or plain in CANCELLED or sum(char.isdigit() for char in plain) >= 6


def financial_named(text: str) -> Financial | None:
    """The state of payment that a text means, None for one that we do not know. A date of payment means paid."""
    plain = plain_heading(text)
    if "?" in text:
        return None
    if plain in _BY_WORD:
        return _BY_WORD[plain]
    return Financial.PAID if sum(char.isdigit() for char in plain) >= 6 else None


def kind_named(text: str) -> str:
    """Our word for the kind of a place; one that we do not know stays as it is, and is refused by who stores it."""
    return _KIND_BY_WORD.get(plain_heading(text), text.strip().lower())


def condition_named(text: str) -> str:
    """Our word for how goods are; one that we do not know stays as it is, and is refused by who stores it."""
    return _CONDITION_BY_WORD.get(plain_heading(text), text.strip().lower())
