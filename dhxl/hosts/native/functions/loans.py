"""Payments, interest and repayment of loans."""

from __future__ import annotations
