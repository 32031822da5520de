"""Key figures of cold networks: limits and laws."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.core import cold_networks
from dhxl.core.network import linear_heat_density_rating
from dhxl.errors import InputError


@given(density=st.floats(0, 10), loss=st.floats(-1, 1))
def test_a_network_is_rated_by_density_where_it_loses_heat(density: float, loss: float) -> None:
    rating = cold_networks.network_rating(density, loss)
    assert rating == (linear_heat_density_rating(density) if loss >= 0.01 else "cold network")


def test_a_network_without_losses_is_a_cold_one_however_dense() -> None:
    assert cold_networks.network_rating(3.0, 0.0) == "cold network"
    assert cold_networks.network_rating(3.0, math.nextafter(0.01, 0)) == "cold network"
    assert cold_networks.network_rating(3.0, 0.01) == "very good"


def test_cost_per_connection_is_the_investment_over_their_number() -> None:
    assert cold_networks.cost_per_connection(0, 50) == 0
    assert cold_networks.cost_per_connection(1e6, 50) == 20000


def test_a_network_without_connections_has_no_cost_per_connection() -> None:
    with pytest.raises(InputError, match="connections must be > 0, got 0"):
        cold_networks.cost_per_connection(1e6, 0)
