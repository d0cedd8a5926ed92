"""Why an address is not fetched.  Standard library alone, so that the window knows it at no cost."""

from __future__ import annotations

from index_tools.errors import SceneLensError


class AddressError(SceneLensError):
    """An address that cannot be fetched, or will not be."""


class PrivateAddressError(AddressError):
    """An address in a private network, which is reached only after asking."""

    def __init__(self, host: str, addresses: frozenset[str]) -> None:
        super().__init__(
            f"{host} lies in a private network, which addresses from outside may not reach unasked. "
            "Nothing was fetched. Save the picture and open the file instead."
        )
        self.host = host
        self.addresses = addresses
