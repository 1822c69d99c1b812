# SPDX-License-Identifier: Apache-2.0
"""Many manifests: which files, in which processes, with what kept from the last run."""
