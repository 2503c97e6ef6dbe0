"""What the words of payment and shipping mean, reduced as headings are, in five languages."""

from __future__ import annotations

from app.domain.capture import Financial
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
_BY_WORD = {word: state for state, words in _FINANCIAL.items() for word in words}


def is_cancelled(text: str) -> bool:
    """Whether a cell of a column `cancelled` says so: a yes, such a word, or the day on which it happened."""
    plain = plain_heading(text)
    return plain in YES or plain in CANCELLED or sum(char.isdigit() for char in plain) >= 6


def financial_named(text: str) -> Financial | None:
    """The state of payment that a text means, None for one that we do not know. A date of payment means paid."""
    plain = plain_heading(text)
    if plain in _BY_WORD:
        return _BY_WORD[plain]
    return Financial.PAID if sum(char.isdigit() for char in plain) >= 6 else None
