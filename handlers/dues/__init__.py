"""What falls due: renewals, maturities, repayments, premiums, birthdays. Importing registers the commands."""

from handlers.dues import birthdays, lists, payments, progress

__all__ = ["birthdays", "lists", "payments", "progress"]
