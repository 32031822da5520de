"""Calculation without a spreadsheet program: formualizer as engine, dhxl's worksheet functions in it."""

from __future__ import annotations

from dhxl.hosts.headless.engine import Message
from dhxl.hosts.headless.model import Constant, Model
from dhxl.hosts.headless.proof import Proof, Unproven

__all__ = ["Constant", "Message", "Model", "Proof", "Unproven"]
