# SPDX-License-Identifier: Apache-2.0
"""The same check on many machines: folders of manifests to a folder of findings, shard by shard (docs/scale.md)."""
