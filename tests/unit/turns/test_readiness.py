"""Who opens a page has the provider of its model opened, once, before anything is asked."""

import asyncio

from chat.core.calling import Provider
from chat.core.models import Endpoint
from chat.gateway.call import Gateway
from chat.gateway.deployments import DeploymentResolver
from chat.gateway.pool import ProviderPool
from chat.turns.readiness import Readiness
from tests.unit.turns.workshop import ME, Workshop


async def test_the_provider_of_a_model_that_stands_at_the_box_is_opened_once() -> None:
    shop = Workshop([])
    loop, is_open, opened = asyncio.get_running_loop(), asyncio.Event(), list[str]()

    def opening(endpoint: Endpoint) -> Provider:
        opened.append(endpoint.id)
        loop.call_soon_threadsafe(is_open.set)
        return shop.provider

    gateway = Gateway(DeploymentResolver(shop.catalogues), ProviderPool(opening))
    readiness = Readiness(gateway, shop.catalogues, after_s=0)
    for model in ("none-of-that-name", shop.card.id, shop.card.id):
        readiness.soon(ME, model)
    await is_open.wait()
    await readiness.close()
    assert opened == ["door"]


async def test_nothing_is_opened_once_all_is_closed() -> None:
    shop = Workshop([])
    opened = list[str]()

    def opening(endpoint: Endpoint) -> Provider:
        opened.append(endpoint.id)
        return shop.provider

    gateway = Gateway(DeploymentResolver(shop.catalogues), ProviderPool(opening))
    readiness = Readiness(gateway, shop.catalogues, after_s=0)
    readiness.soon(ME, shop.card.id)
    await readiness.close()
    await asyncio.sleep(0)
    assert opened == []
