# SPDX-License-Identifier: Apache-2.0
"""What is kept of subjects asked before: which rules concern those of a shape, and what these said of such fields."""
