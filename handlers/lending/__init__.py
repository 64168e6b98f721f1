"""Lending: loans from the first word to the repayment plan (`intake`, `loans`, `plans`), debts that are overdue
(`cases`, `contacts`, `watch`), leased assets (`assets`). How a loan or a case goes is a flow of the packs
(`lending/flows.yaml`); here is what its moves do besides, and the words around it."""

from handlers.lending import assets, cases, contacts, intake, loans, plans

__all__ = ["assets", "cases", "contacts", "intake", "loans", "plans"]
