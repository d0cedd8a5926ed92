from __future__ import annotations

import pytest

from desktop.lookup.service_errors import RemoteError
from desktop.lookup.services import Services, find_services


def test_the_environment_leads_elsewhere() -> None:
    assert find_services({}) == Services("https://api.trace.moe", "https://graphql.anilist.co")
    given = {
        "SCENELENS_TRACEMOE_URL": " http://127.0.0.1:8410/ ",
        "SCENELENS_ANILIST_URL": "https://mirror.example/graphql",
    }
    assert find_services(given) == Services("http://127.0.0.1:8410", "https://mirror.example/graphql")


@pytest.mark.parametrize(
    "address",
    ["trace.moe", "ftp://x", "http://", "http://[", "http://x:99999", "https://a:b@x", "https://x/?key=1"],
)
def test_what_is_no_address_is_said_and_nothing_sent(address: str) -> None:
    with pytest.raises(RemoteError, match="SCENELENS_TRACEMOE_URL holds no address"):
        find_services({"SCENELENS_TRACEMOE_URL": address})
