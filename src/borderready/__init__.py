# SPDX-License-Identifier: Apache-2.0
"""borderready: checks a shipment manifest against what China asks, and proves every line of the answer."""

__version__ = "0.1.0"
