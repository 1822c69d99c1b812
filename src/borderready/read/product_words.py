# SPDX-License-Identifier: Apache-2.0
"""Which products a word of a published list may mean: ids, names in three languages, synonyms, scientific names."""

from __future__ import annotations

from collections.abc import Mapping

from borderready.fold import fold, fold_scientific
from borderready.model import Product

# What a list writes that is about no product in particular.
_ANY = frozenset({"any", "all", "all products", "*", "所有", "全部", "所有产品", "全部产品", "tất cả", "mọi sản phẩm"})


def is_any(cell: str) -> bool:
    """Tell whether a cell says that the code stands for every product."""
    return fold(cell) in _ANY


def find_products(cell: str, products: Mapping[str, Product]) -> tuple[str, ...]:
    """Return the products that a word may mean, sorted: one, several where the word leaves it open, or none.

    A name counts before a scientific name, which fresh and frozen fruit share; a group stands for itself.
    """
    folded = fold(cell)
    if folded in products:
        return (folded,)
    groups = {group for product in products.values() for group in product.groups}
    if folded in groups:
        return (folded,)
    named = [name for name, product in products.items() if folded in _names(product)]
    if named:
        return tuple(sorted(named))
    scientific = fold_scientific(cell)
    return tuple(
        sorted(
            name
            for name, product in products.items()
            if scientific and scientific in map(fold_scientific, product.scientific_names)
        )
    )


def _names(product: Product) -> frozenset[str]:
    return frozenset(map(fold, (product.name.en, product.name.vi, product.name.zh, *product.synonyms)))
