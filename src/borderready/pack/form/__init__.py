# SPDX-License-Identifier: Apache-2.0
"""The canonical form of the files of a pack."""
