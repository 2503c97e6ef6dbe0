"""The sounds of the station, as the outcomes of services carry them."""

from app.domain.outcomes import Sound

__all__ = ["Sound"]
